// Drawing the picture and the vector.

import { clamp, numberColour, pixelColour } from "./arithmetic.js";

const MARK = "#D55E00";
const ROW = "#0072B2";
export const LENS = 11;

function sized(canvas, height) {
  const width = canvas.parentElement.clientWidth;
  if (!width) return null;
  const density = window.devicePixelRatio || 1;
  canvas.style.height = `${height(width)}px`;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height(width) * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  context.imageSmoothingEnabled = false;
  return { context, width, height: height(width) };
}

function outline(context, x, y, w, h, colour) {
  context.strokeStyle = "#ffffff";
  context.lineWidth = 5;
  context.strokeRect(x, y, w, h);
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.strokeRect(x, y, w, h);
}

function raster(width, height, colourAt, count) {
  const small = document.createElement("canvas");
  small.width = width;
  small.height = height;
  const data = new ImageData(width, height);
  for (let k = 0; k < count; k += 1) data.data.set([...colourAt(k), 255], 4 * k);
  small.getContext("2d").putImageData(data, 0, 0);
  return small;
}

/** Draws the pixels with `width` in a row; marks one, and its whole row when `row` is given. */
export function drawGrid(canvas, scene, width, pixel, row, tallest) {
  const pixels = scene.height * scene.width;
  const rows = Math.ceil(pixels / width);
  // A cut with very short rows would be very tall: it is drawn narrower, its pixels stay squares.
  const unitFor = (room) => Math.min(room / width, tallest(room) / rows);
  const view = sized(canvas, (room) => Math.max(40, Math.round(unitFor(room) * rows)));
  if (!view) return;
  const unit = unitFor(view.width);
  const { context } = view;
  context.drawImage(raster(width, rows, (k) => pixelColour(scene, k), pixels), 0, 0, unit * width, unit * rows);
  if (row !== null) outline(context, 1.5, row * unit, Math.max(2, unit * width - 3), unit, ROW);
  outline(context, (pixel % width) * unit, Math.floor(pixel / width) * unit, unit, unit, MARK);
  canvas.dataset.unit = unit;
}

export function drawStrip(canvas, scene, place) {
  const view = sized(canvas, () => 58);
  if (!view) return;
  const { context, width } = view;
  const count = scene.numbers.length;
  const line = raster(count, 1, (k) => numberColour(scene, k), count);
  context.imageSmoothingEnabled = count > width;
  context.drawImage(line, 0, 12, width, 34);
  const unit = width / count;
  const perRow = scene.width * scene.channels;
  const start = Math.floor(place / perRow) * perRow * unit;
  outline(context, start, 12, perRow * unit, 34, ROW);
  const x = (place + 0.5) * unit;
  context.fillStyle = MARK;
  for (const [tip, base] of [[12, 1], [46, 57]]) {
    context.beginPath();
    context.moveTo(x, tip);
    context.lineTo(x - 7, base);
    context.lineTo(x + 7, base);
    context.fill();
  }
  context.fillRect(x - 1.25, 12, 2.5, 34);
}

export function lensStart(place, count, shown = LENS) {
  return clamp(place - (shown - 1) / 2, 0, Math.max(0, count - shown));
}

export function drawLens(canvas, scene, place, ink) {
  const view = sized(canvas, () => 84);
  if (!view) return;
  const { context, width } = view;
  const count = scene.numbers.length;
  const shown = Math.min(LENS, count);
  const first = lensStart(place, count, shown);
  const unit = width / shown;
  const perRow = scene.width * scene.channels;
  context.textAlign = "center";
  for (let k = 0; k < shown; k += 1) {
    const at = first + k;
    const colour = numberColour(scene, at);
    context.fillStyle = `rgb(${colour.join(",")})`;
    context.fillRect(k * unit, 3, unit + 0.5, 50);
    const light = 0.2125 * colour[0] + 0.7154 * colour[1] + 0.0721 * colour[2] > 140;
    context.fillStyle = light ? "#1f2328" : "#ffffff";
    context.font = "600 15px system-ui, sans-serif";
    context.fillText(String(scene.numbers[at]), (k + 0.5) * unit, 33);
    context.fillStyle = ink;
    context.font = `${at === place ? 700 : 400} 14px system-ui, sans-serif`;
    context.fillText(String(at), (k + 0.5) * unit, 74);
    if (at % perRow === 0 && at > 0) {
      context.fillStyle = ROW;
      context.fillRect(k * unit - 2, 0, 4, 60);
    }
  }
  outline(context, (place - first) * unit + 1.5, 3, unit - 3, 50, MARK);
}
