// The calculation of one output pixel.

import { shown } from "../../../widgets/js/numbers.js";
import { setText } from "../../../widgets/js/dom.js";
import { LARGEST_WEIGHT, parsedWeight, stepped, sum } from "./arithmetic.js";
import { CHANNEL_TINTS, css, outputColour, paint, unpaint } from "./colours.js";
import { disclosure, h } from "./page.js";
import { CHANNEL_NAMES } from "./settings.js";
import { counted, flipNote, weightDecimals } from "./words.js";

/** A k×k block of cells with a caption above. */
function cellBlock(caption, k, makeCell, attributes) {
  const cells = [...Array(k * k).keys()].map(makeCell);
  const grid = h("div.cells", attributes, ...cells);
  grid.style.setProperty("--k", k);
  return { cells, grid, element: h("div.block", {}, h("div.block-caption", {}, caption), grid) };
}

function operator(sign) {
  return h("span.operator", { "aria-hidden": "true" }, sign);
}

function createEquation(channel, k, mode, edits) {
  const name = mode === "grey" ? "" : CHANNEL_NAMES[channel];
  const plain = () => h("span.cell");
  const values = cellBlock(name ? `${name} in window` : "Pixels in window", k, plain, {
    role: "img",
  });
  const weights = cellBlock(
    "",
    k,
    (index) => weightInput(channel, index, k, name, edits),
    { role: "group", "aria-label": `Kernel weights ${name}` },
  );
  const products = cellBlock("Products", k, plain, { role: "img" });
  products.sum = products.element.firstChild;
  weights.sum = weights.element.firstChild;
  weights.grid.classList.add("aml4d-ki-kernel");
  const element = h(
    "div.equation",
    {},
    values.element,
    operator("×"),
    weights.element,
    operator("="),
    products.element,
  );
  return { element, values, weights, products };
}

/** One editable weight. The old value stays until a new one is accepted. */
function weightInput(channel, index, k, name, edits) {
  const [i, j] = [Math.floor(index / k), index % k];
  const input = h("input.cell", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    role: "spinbutton",
    "aria-valuemin": -LARGEST_WEIGHT,
    "aria-valuemax": LARGEST_WEIGHT,
    "aria-label": `${name ? `${name} weight` : "Weight"} row ${i + 1} column ${j + 1}`,
  });
  const cell = { input, weight: NaN, decimals: 0, extent: 0, channel, i, j };
  const write = (text) => {
    input.value = text;
    input.dataset.text = text;
  };
  const accept = () => {
    if (input.value === input.dataset.text) return;
    const weight = parsedWeight(input.value);
    if (weight === null) edits.refuse(input.value, cell);
    else edits.accept(cell, weight);
    write(shown(cell.weight, cell.decimals));
  };
  input.addEventListener("focus", () => {
    write(String(Number(cell.weight.toFixed(6))).replace("-", "−"));
    input.select();
  });
  input.addEventListener("blur", () => {
    accept();
    write(shown(cell.weight, cell.decimals));
  });
  input.addEventListener("keydown", (event) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction) {
      event.preventDefault();
      accept();
      edits.accept(cell, stepped(cell.weight, direction * (event.shiftKey ? 0.1 : 0.5)));
    } else if (event.key === "Escape") {
      write(shown(cell.weight, cell.decimals));
    } else if (event.key === "Enter") {
      accept();
    } else {
      return;
    }
    write(String(Number(cell.weight.toFixed(6))).replace("-", "−"));
    input.select();
  });
  cell.update = (weight, decimals, extent) => {
    const changed = weight !== cell.weight;
    if (!changed && decimals === cell.decimals && extent === cell.extent) return;
    Object.assign(cell, { weight, decimals, extent });
    paint(input, outputColour(weight, extent, "signed"));
    input.setAttribute("aria-valuenow", weight);
    const typing = input.getRootNode().activeElement === input;
    if (!typing || changed) write(shown(weight, decimals));
  };
  input.cell = cell;
  return input;
}

export function createCalculation(edits) {
  const place = h("span.place");
  const total = h("output.total");
  const swatch = h("span.swatch");
  const equations = h("div.equations");
  const note = h("p.note");
  const element = h(
    "section.calculation",
    { "aria-label": "Calculation" },
    h("div.calculation-head", {}, place, h("span.sum", {}, swatch, total)),
    equations,
    disclosure("Counted from 0, and not flipped", note),
  );
  let shape = "";
  let rows = [];

  const rebuild = ({ k, mode, planes }) => {
    if (shape === `${k} ${mode}`) return;
    shape = `${k} ${mode}`;
    rows = planes.map((_, channel) => createEquation(channel, k, mode, edits));
    equations.replaceChildren(...rows.map((row) => row.element));
    element.dataset.k = k;
    element.dataset.mode = mode;
  };
  const update = (scene) => {
    rebuild(scene);
    setText(
      place,
      scene.map.fits
        ? `Row ${scene.cursor[0]}, column ${scene.cursor[1]} of the feature map`
        : "The window fits nowhere",
    );
    setText(total, scene.map.fits ? sumText(scene) : "no sum");
    swatch.hidden = !scene.map.fits;
    swatch.style.background = css(outputColour(scene.total, scene.facts.limit, scene.display));
    rows.forEach((row, channel) => updateEquation(row, channel, scene));
    setText(note, flipNote(scene));
  };
  return { element, update };
}

/** The sum spelled out; ≈ where the rounded terms do not add up to the rounded total. */
export function sumText({ sums, total, decimals, mode, k }) {
  const result = shown(total, decimals);
  if (mode === "grey") return `Σ of ${counted(k * k, "product")} = ${result}`;
  const terms = sums.map((value, c) => `${CHANNEL_NAMES[c]} ${shown(value, decimals)}`);
  const round = (value) => Number(value.toFixed(decimals));
  const exact = round(sum(sums.map(round))) === round(total);
  return `Σ = ${terms.join(" + ")} ${exact ? "=" : "≈"} ${result}`;
}

/** The heading of a kernel's weights: how they are changed, and what they add up to. */
export function weightsText(grid, decimals, name = "") {
  const total = sum(grid.flat());
  const how = name ? `${name} kernel` : "Kernel: type, ↑ ↓";
  return `${how}, sum of weights ${shown(total, Number.isInteger(total) ? 0 : decimals)}`;
}

function updateEquation(row, channel, scene) {
  const taps = scene.taps[channel] ?? [];
  const tint = CHANNEL_TINTS[scene.mode][channel];
  const largest = Math.max(...scene.taps.flat().map((tap) => Math.abs(tap.product)), 0);
  const weights = scene.kernels[channel].flat();
  const weightExtent = Math.max(...scene.kernels.flat(2).map(Math.abs));
  const decimals = weightDecimals(scene.kernels);
  weights.forEach((weight, n) => row.weights.cells[n].cell.update(weight, decimals, weightExtent));
  row.values.cells.forEach((cell, n) => writeValue(cell, taps[n], tint));
  row.products.cells.forEach((cell, n) => {
    setText(cell, taps[n] ? shown(taps[n].product, scene.decimals) : "");
    paint(cell, outputColour(taps[n]?.product ?? 0, largest, "signed"));
  });
  const name = scene.mode === "grey" ? "" : CHANNEL_NAMES[channel];
  setText(row.weights.sum, weightsText(scene.kernels[channel], decimals, name));
  setText(
    row.products.sum,
    scene.mode === "rgb" && taps.length
      ? `${CHANNEL_NAMES[channel]} products: ${shown(scene.sums[channel], scene.decimals)}`
      : "Products",
  );
  row.values.grid.setAttribute(
    "aria-label",
    `Pixel values: ${taps.map((tap) => shown(tap.value)).join(", ")}`,
  );
  row.products.grid.setAttribute(
    "aria-label",
    `Products: ${taps.map((tap) => shown(tap.product, scene.decimals)).join(", ")}`,
  );
}

function writeValue(cell, tap, tint) {
  const padded = !tap || !tap.inside;
  cell.classList.toggle("aml4d-ki-padded", padded);
  setText(cell, tap ? shown(tap.value) : "");
  if (padded) unpaint(cell);
  else
    paint(
      cell,
      tint.map((share) => Math.round(255 * share * tap.value)),
    );
}
