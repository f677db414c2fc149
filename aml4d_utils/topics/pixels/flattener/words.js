// What is said about it.

import { pixelAt } from "./arithmetic.js";

const CHANNELS = ["red", "green", "blue"];
export const grouped = (count) => count.toLocaleString("en-GB");

export function formula({ width, channels }, place) {
  const { row, col, channel } = pixelAt(place, width, channels);
  const pixel = `${row} × ${width} + ${col}`;
  return channels === 1 ? `${pixel} = ` : `(${pixel}) × 3 + ${channel} = `;
}

export function describe(scene, place, rowLength) {
  const { width, height, channels, numbers } = scene;
  const { row, col, channel, pixel } = pixelAt(place, width, channels);
  const what = channels === 3 ? `the ${CHANNELS[channel]} of row ${row}, column ${col}` : `row ${row}, column ${col}`;
  const size = `${height} × ${width}${channels === 3 ? " × 3" : ""} = ${grouped(numbers.length)}`;
  const there = { row: Math.floor(pixel / rowLength), col: pixel % rowLength };
  const cut =
    rowLength === width
      ? "Cut at the picture's own width, the row gives the picture back."
      : `Cut every ${rowLength} pixels instead of ${width}, it lands in row ${there.row}, column ${there.col}.`;
  return `Number ${grouped(place)} of the ${size} numbers is ${what}; its value is ${numbers[place]} of 255. ${cut}`;
}
