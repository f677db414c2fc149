// What is said about it.

import { shown } from "../../../widgets/js/numbers.js";
import { NEGLIGIBLE, flipped, outputLength, sum, tapsAt, windowSpan } from "./arithmetic.js";

/** Decimals that show every weight of the kernels without waste. */
export function weightDecimals(kernels) {
  const weights = kernels.flat(2);
  const most = kernels[0].length === 7 || weights.some((weight) => Math.abs(weight) >= 10) ? 2 : 3;
  let decimals = 0;
  const exact = (weight) => Math.abs(weight - Number(weight.toFixed(decimals))) < NEGLIGIBLE;
  while (decimals < most && !weights.every(exact)) decimals += 1;
  return decimals === 3 && weights.every((weight) => Math.abs(weight) >= 0.095 || weight === 0)
    ? 2
    : decimals;
}

/** Decimals for products: more when all weights are small. */
export function productDecimals(kernels) {
  const largest = Math.max(...kernels.flat(2).map(Math.abs));
  if (largest >= 10) return 1;
  return largest > 0 && largest < 0.25 ? 3 : 2;
}

export function percent(part, whole) {
  if (!whole || !part) return "0 %";
  const share = (100 * part) / whole;
  return share < 1 ? "under 1 %" : `${Math.round(share)} %`;
}

export function sizeFormula(length, k, { stride, padding, dilation }) {
  const result = outputLength(length, k, { stride, padding, dilation });
  const text = `⌊(${length} + 2·${padding} − ${dilation}·(${k}−1) − 1) / ${stride}⌋ + 1`;
  return result > 0 ? `${text} = ${result}` : `${text} → 0`;
}

export function grouped(count) {
  return count.toLocaleString("en");
}

export function counted(count, noun) {
  const words = { 1: "one", 3: "three", 9: "nine" };
  return `${words[count] ?? count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The sentence below the figure: what is shown now. */
export function describe(scene) {
  const { stride, padding, dilation } = scene.geometry;
  const head = `${scene.name}, stride ${stride}, padding ${padding}, dilation ${dilation}`;
  if (!scene.map.fits) return `${head}: ${misfit(scene)}`;
  const [row, column] = scene.cursor;
  const products = counted(scene.k ** 2 * scene.planes.length, "product");
  const add = scene.k === 1 && scene.planes.length === 1 ? "is" : "add up to";
  const here = `at row ${row}, column ${column} the ${products} ${add} ${shown(scene.total, scene.decimals)}`;
  return `${head}: ${here}; ${extraText(scene)}.`;
}

function extraText({ scanned, facts, display }) {
  if (scanned >= 0) return `${grouped(scanned)} of ${grouped(facts.count)} values are filled in`;
  if (!facts.negative) return "no value of the feature map is negative";
  const share = `${percent(facts.negative, facts.count)} of the feature map is negative`;
  return display === "signed" ? share : `clipped grey hides that ${share}`;
}

export function misfit(scene) {
  const span = windowSpan(scene.k, scene.geometry.dilation);
  const [height, width] = scene.size.map((length) => length + 2 * scene.geometry.padding);
  return (
    `the window spans ${span} × ${span} pixels but the padded photo only ${height} × ${width}, ` +
    "so it fits nowhere and the feature map is empty. Add padding, or take a smaller kernel or dilation."
  );
}

/** What flipping the kernel would change, for the note below the calculation. */
export function flipNote(scene) {
  const start =
    "Rows and columns count from 0. The kernel is laid on the photo as written, not flipped: " +
    "deep-learning libraries call this convolution, mathematicians cross-correlation.";
  const turned = scene.kernels.map(flipped);
  if (JSON.stringify(turned) === JSON.stringify(scene.kernels)) {
    return `${start} This kernel looks the same after half a turn, so flipping would change nothing.`;
  }
  if (!scene.map.fits) return start;
  const there = tapsAt(scene.planes, scene.size, turned, scene.geometry, scene.cursor).flat();
  const total = shown(sum(there.map((tap) => tap.product)), scene.decimals);
  return (
    `${start} Flipped by half a turn, this kernel would give ${total} here instead of ` +
    `${shown(scene.total, scene.decimals)}.`
  );
}
