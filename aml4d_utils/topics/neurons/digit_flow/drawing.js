// Building blocks of the drawing.

import { SIDE, TILE } from "./numbers.js";

const LINES = { light: ["#cb671a", "#2f6fab"], dark: ["#f5a15c", "#74b6ee"] };

/** Colours of lines that push up and down, for light or dark ground, from the colour of the text. */
export function lineColours(ink) {
  const [r, g, b] = (ink.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number); // Before it is on the page: none.
  return LINES[0.3 * r + 0.6 * g + 0.1 * b > 128 ? "dark" : "light"];
}

function rgbOf(hex) {
  return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
}

/** A colour table -> share of the extreme (-1 … 1) -> [r, g, b]. */
export function signedColour(colours) {
  const table = colours.map(rgbOf);
  return (share) => {
    const at = ((Math.max(-1, Math.min(1, share)) + 1) / 2) * (table.length - 1);
    const left = Math.min(Math.floor(at), table.length - 2);
    return table[left].map((from, c) => Math.round(from + (at - left) * (table[left + 1][c] - from)));
  };
}

export function sharpCanvas(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  return context;
}

/** Numbers (784) as squares: colour by sign and size, a minus on what is clearly negative. */
export function paintSigned(canvas, numbers, limit, colourOf, ink, cursor) {
  const context = sharpCanvas(canvas, TILE, TILE);
  const unit = TILE / SIDE;
  numbers.forEach((value, k) => {
    const [row, col] = [Math.floor(k / SIDE), k % SIDE];
    const [r, g, b] = colourOf(limit ? value / limit : 0);
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(col * unit, row * unit, unit + 0.3, unit + 0.3);
  });
  numbers.forEach((value, k) => {
    if (!limit || value > -0.3 * limit) return;
    context.fillStyle = "#ffffff";
    context.fillRect((k % SIDE) * unit + 1.5, Math.floor(k / SIDE) * unit + unit / 2 - 0.6, unit - 3, 1.3);
  });
  outline(context, ink, unit);
  mark(context, cursor, unit);
}

/** The drawing itself, with the same pixel marked. */
export function paintGrey(canvas, pixels, cursor) {
  const context = sharpCanvas(canvas, TILE, TILE);
  const unit = TILE / SIDE;
  pixels.forEach((value, k) => {
    const grey = Math.round(255 * value);
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect((k % SIDE) * unit, Math.floor(k / SIDE) * unit, unit + 0.3, unit + 0.3);
  });
  mark(context, cursor, unit);
}

function mark(context, [row, col], unit) {
  for (const [colour, width] of [["#ffffff", 4], ["#111111", 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(col * unit - 1, row * unit - 1, unit + 2, unit + 2);
  }
}

/** The edge of the drawing, laid over the weights. */
function outline(context, ink, unit) {
  const inside = (row, col) => row >= 0 && row < SIDE && col >= 0 && col < SIDE && ink[row * SIDE + col] > 0.4;
  context.beginPath();
  for (let row = 0; row <= SIDE; row += 1) {
    for (let col = 0; col <= SIDE; col += 1) {
      if (inside(row, col) !== inside(row - 1, col)) {
        context.moveTo(col * unit, row * unit);
        context.lineTo((col + 1) * unit, row * unit);
      }
      if (inside(row, col) !== inside(row, col - 1)) {
        context.moveTo(col * unit, row * unit);
        context.lineTo(col * unit, (row + 1) * unit);
      }
    }
  }
  context.strokeStyle = "#111111";
  context.lineWidth = 1.4;
  context.stroke();
}

export function element(name, className, text = null) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}
