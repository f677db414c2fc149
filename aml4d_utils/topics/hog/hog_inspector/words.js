// What is said about it.

import { NEVER } from "./arithmetic.js";

export const grouped = (number) => number.toLocaleString("en-GB");

export function percent(share) {
  return `${Math.round(100 * share)} %`;
}

export function binWords(k, bins) {
  return `${Math.round((k * 180) / bins)}–${Math.round(((k + 1) * 180) / bins)}°`;
}

export function edgeWords(orientation) {
  const names = ["upright", "rising to the right", "level", "falling to the right"];
  return names[Math.floor(((orientation + 22.5) % 180) / 45)];
}

export function edgeKind(share, bins) {
  if (share >= 0.5) return "one clear edge";
  return share * bins >= 2 ? "mostly one edge" : "texture or a corner, hardly an edge";
}

/** The sentence below: what is shown now. */
export function describe(scene) {
  if (!scene.fits) return scene.problem;
  const [row, column] = scene.cursor;
  const start = `Cell in row ${row}, column ${column}`;
  if (scene.empty) {
    return `${start}: no pixel of the whole photo differs from its neighbours, so there are 0 votes anywhere.`;
  }
  if (scene.total <= NEVER) {
    return `${start}: no pixel differs from its neighbours, so every bin has 0 votes.`;
  }
  const top = scene.top;
  const middle = ((top + 0.5) * 180) / scene.bins;
  const share = scene.histogram[top] / scene.total;
  return (
    `${start}: the strongest bin is ${binWords(top, scene.bins)} with ${percent(share)} of the votes ` +
    `(${scene.histogram[top].toFixed(3)}): ${edgeKind(share, scene.bins)}, ${edgeWords(middle)}. ` +
    `${scene.norm} over its block turns this ${scene.histogram[top].toFixed(3)} into ` +
    `${scene.after.values[scene.place * scene.bins + top].toFixed(2)}.`
  );
}

/** How many numbers the descriptor has. */
export const numbersIn = ({ block, bins, cells }) =>
  Math.max(0, cells.rows - block + 1) * Math.max(0, cells.columns - block + 1) * block * block * bins;

/** The length of the descriptor as a calculation. */
export function formula({ size: [height, width], cell, block, bins, cells }) {
  const [down, across] = [cells.rows - block + 1, cells.columns - block + 1];
  const numbers = numbersIn({ block, bins, cells });
  return [
    ["Cells", `${height} / ${cell} × ${width} / ${cell}, rounded down: ${cells.rows} × ${cells.columns}`],
    ["Blocks", `(${cells.rows} − ${block} + 1) × (${cells.columns} − ${block} + 1) = ${down} × ${across}`],
    [
      "Numbers",
      `${down} × ${across} blocks × ${block}² cells × ${bins} bins = ${grouped(numbers)}`,
    ],
    ["For comparison", `the photo itself: ${height} × ${width} × 3 = ${grouped(height * width * 3)} numbers`],
  ];
}
