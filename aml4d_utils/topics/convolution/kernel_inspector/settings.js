// Settings, undo, and everything that is shown, recomputed where the model changed.

import { clamp } from "../../../widgets/js/numbers.js";
import { colourLimit, correlate, planesOf, sum, summarise, tapsAt } from "./arithmetic.js";
import { productDecimals } from "./words.js";

export const SETTINGS = [
  "kernel",
  "kernel_name",
  "mode",
  "linked",
  "stride",
  "padding",
  "dilation",
  "display",
];
export const OWN_NAME = "My own kernel";
export const CHANNEL_NAMES = ["R", "G", "B"];

function snapshot(model) {
  return Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
}

function apply(model, settings) {
  for (const [name, value] of Object.entries(settings)) model.set(name, value);
  model.set("scanned", -1);
  model.save_changes();
}

/** Change settings, remembering the ones before. */
export function commit(model, history, changes) {
  const before = snapshot(model);
  const after = { ...before, ...changes };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  history.push(before);
  apply(model, after);
}

export function undo(model, history) {
  const before = history.pop();
  if (before) apply(model, before);
  return Boolean(before);
}

function nameOf(kernel, presets) {
  const texts = kernel.map((grid) => JSON.stringify(grid));
  const found = presets.find((preset) =>
    texts.every((text) => text === JSON.stringify(preset.values)),
  );
  return found ? found.name : OWN_NAME;
}

export function commitKernel(model, history, kernel, more = {}) {
  commit(model, history, { kernel, kernel_name: nameOf(kernel, model.get("presets")), ...more });
}

export function withWeight(kernel, linked, channel, i, j, weight) {
  return kernel.map((grid, c) =>
    linked || c === channel
      ? grid.map((line, y) => line.map((old, x) => (y === i && x === j ? weight : old)))
      : grid,
  );
}

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Everything that the page shows, recomputed only where the model changed. */
export function createScene(model) {
  const memory = {};
  const remembered = (name, inputs, compute) => {
    const old = memory[name];
    if (!old || old.inputs.some((input, i) => input !== inputs[i]))
      memory[name] = { inputs, value: compute() };
    return memory[name].value;
  };
  return () => {
    const [pixels, size, mode, kernel] = ["pixels", "size", "mode", "kernel"].map((name) =>
      model.get(name),
    );
    const [stride, padding, dilation] = ["stride", "padding", "dilation"].map((name) =>
      model.get(name),
    );
    const geometry = { stride, padding, dilation };
    if (pixels.byteLength !== 3 * size[0] * size[1]) return null; // The other half is on its way.
    const planes = remembered("planes", [pixels, mode], () =>
      planesOf(bytesOf(pixels), mode, model.get("grey_weights")),
    );
    const kernels = remembered("kernels", [kernel, mode], () => kernel.slice(0, planes.length));
    const map = remembered("map", [planes, kernels, stride, padding, dilation, size.join()], () =>
      correlate(planes, size, kernels, geometry),
    );
    const facts = remembered("facts", [map], () => {
      const found = summarise(map.values);
      return { ...found, limit: colourLimit(map, size, kernels[0].length, geometry, found.extent) };
    });
    const cursor = model
      .get("cursor")
      .map((at, axis) => clamp(at, 0, Math.max(0, (axis ? map.columns : map.rows) - 1)));
    const taps = map.fits ? tapsAt(planes, size, kernels, geometry, cursor) : [];
    const sums = taps.map((channel) => sum(channel.map((tap) => tap.product)));
    return {
      pixels,
      size,
      mode,
      planes,
      kernels,
      geometry,
      map,
      facts,
      cursor,
      taps,
      sums,
      k: kernels[0].length,
      total: sum(sums),
      name: nameOfScene(model, kernels),
      decimals: productDecimals(kernels),
      display: model.get("display"),
      linked: model.get("linked"),
      scanned: map.fits ? model.get("scanned") : -1,
    };
  };
}

function nameOfScene(model, kernels) {
  return kernels.length === 1 ? nameOf(kernels, model.get("presets")) : model.get("kernel_name");
}
