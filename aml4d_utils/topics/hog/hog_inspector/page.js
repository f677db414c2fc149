// Building blocks of the page.

import { shortFor, vector } from "../../../widgets/js/dom.js";

export const h = shortFor("aml4d-hi");

/** A canvas as large as its place on the page, sharp on dense screens. */
export function prepared(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  const [w, hgt] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== w || canvas.height !== hgt) [canvas.width, canvas.height] = [w, hgt];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export function photoCanvas(bytes, [height, width]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    rgba[to] = bytes[from];
    rgba[to + 1] = bytes[from + 1];
    rgba[to + 2] = bytes[from + 2];
  }
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

export function step(number, title, ...children) {
  return h(
    "section.step",
    {},
    h("h4.step-title", {}, h("span.number", { "aria-hidden": "true" }, String(number)), ` ${title}`),
    ...children,
  );
}

export function s(name, attributes, text) {
  return vector(name, { ...attributes, text });
}
