// The flattener.

import { onTheme } from "../../../widgets/js/colours.js";
import { clamp, pixelAt, placeOf, sceneOf } from "./arithmetic.js";
import { LENS, drawGrid, drawLens, drawStrip, lensStart } from "./drawing.js";
import { buildPage, element } from "./page.js";
import { describe, formula, grouped } from "./words.js";

/** Calls `pick(x, y)` for the pointer, in CSS pixels of the canvas, and `step` for keys. */
function listen({ hold, canvas }, pick, step, drags = true) {
  const from = (event) => {
    const shown = canvas.getBoundingClientRect();
    pick(event.clientX - shown.left, event.clientY - shown.top, shown.width);
  };
  hold.addEventListener("pointerdown", (event) => {
    hold.setPointerCapture(event.pointerId);
    from(event);
  });
  hold.addEventListener("pointermove", (event) => { if (drags && event.buttons) from(event); });
  hold.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !step(event.key, event.shiftKey ? 10 : 1)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function render({ model, el }) {
  const names = [8, 16, 24, 32];
  const page = buildPage(el, names);
  const first = Object.fromEntries(["longest", "colour"].map((name) => [name, model.get(name)]));
  const start = { row_length: model.get("row_length"), place: model.get("place"), ...first };

  const scene = () => {
    const view = model.get("pixels");
    const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
    const which = names.indexOf(model.get("longest"));
    return sceneOf(bytes, model.get("sizes"), which, model.get("colour"), model.get("grey_weights"));
  };
  const change = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const marked = (now) => clamp(model.get("place"), 0, now.numbers.length - 1);
  const moveTo = (place) => change({ place: clamp(Math.round(place), 0, scene().numbers.length - 1) });
  const moveToPixel = (pixel) => {
    const now = scene();
    const last = now.height * now.width - 1;
    moveTo(clamp(pixel, 0, last) * now.channels + (marked(now) % now.channels));
  };

  let waiting = 0;
  const draw = () => {
    waiting = 0;
    const now = scene();
    const place = marked(now);
    const { row, pixel } = pixelAt(place, now.width, now.channels);
    const width = clamp(model.get("row_length"), 1, 2 * now.width);
    const ink = getComputedStyle(page.root).color;
    drawGrid(page.picture.canvas, now, now.width, pixel, row, () => 330);
    drawGrid(page.cut.canvas, now, width, pixel, null, () => 330);
    drawStrip(page.strip.canvas, now, place);
    drawLens(page.lens.canvas, now, place, ink);
    const words = describe(now, place, width);
    page.sum.textContent = `place = row × width + column: ${formula(now, place)}`;
    if (now.channels === 3) page.sum.textContent = `place = (row × width + column) × 3 + channel: ${formula(now, place)}`;
    page.sum.append(element("b", "", grouped(place)));
    page.words.textContent = words;
    page.cut.head.textContent = `the row, cut every ${width} pixels`;
    page.length.max = String(2 * now.width);
    page.length.value = String(width);
    page.lengthOut.textContent = `${width} px`;
    page.size.value = String(model.get("longest"));
    page.colour.checked = model.get("colour");
    page.picture.hold.setAttribute("aria-label", `The picture, ${now.height} by ${now.width} pixels. ${words}`);
    page.cut.hold.setAttribute("aria-label", `The same numbers in rows of ${width}. ${words}`);
    page.strip.hold.setAttribute("aria-label", `All ${grouped(now.numbers.length)} numbers in one row. ${words}`);
    page.lens.hold.setAttribute("aria-label", `The numbers around place ${place}. ${words}`);
    page.root.dataset.place = place;
  };
  const soon = () => { if (!waiting) waiting = requestAnimationFrame(draw); };

  const onGrid = (width) => (x, y) => {
    const now = scene();
    const unit = Number(page[width === null ? "picture" : "cut"].canvas.dataset.unit);
    const across = width === null ? now.width : model.get("row_length");
    const rows = Math.ceil((now.height * now.width) / across);
    const col = clamp(Math.floor(x / unit), 0, across - 1);
    moveToPixel(clamp(Math.floor(y / unit), 0, rows - 1) * across + col);
  };
  const gridKeys = (across) => (key, size) => {
    const now = scene();
    const { row, col, pixel } = pixelAt(marked(now), now.width, now.channels);
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    if (!step) return false;
    if (across === null) {
      const to = [clamp(row + step[0] * size, 0, now.height - 1), clamp(col + step[1] * size, 0, now.width - 1)];
      moveToPixel(to[0] * now.width + to[1]);
    } else moveToPixel(pixel + size * (step[0] * model.get("row_length") + step[1]));
    return true;
  };
  const rowKeys = (key, size) => {
    const now = scene();
    const perRow = now.width * now.channels;
    const steps = { ArrowLeft: -size, ArrowRight: size, ArrowUp: -perRow, ArrowDown: perRow, PageUp: -perRow, PageDown: perRow };
    if (key === "Home") moveTo(0);
    else if (key === "End") moveTo(now.numbers.length - 1);
    else if (key in steps) moveTo(marked(now) + steps[key]);
    else return false;
    return true;
  };
  listen(page.picture, onGrid(null), gridKeys(null));
  listen(page.cut, onGrid("cut"), gridKeys("cut"));
  listen(page.strip, (x, _, width) => moveTo(Math.floor((x / width) * scene().numbers.length)), rowKeys);
  listen(page.lens, (x, _, width) => {
    const count = scene().numbers.length;
    const shown = Math.min(LENS, count);
    moveTo(lensStart(marked(scene()), count, shown) + Math.floor((x / width) * shown));
  }, rowKeys, false);
  page.length.addEventListener("input", () => change({ row_length: Number(page.length.value) }));
  page.size.addEventListener("change", () => {
    // The mark stays on the same spot of the photo, and the cut stays as far off the width.
    const before = scene();
    const { row, col } = pixelAt(marked(before), before.width, before.channels);
    model.set("longest", Number(page.size.value));
    const now = scene();
    const to = [Math.floor(((row + 0.5) / before.height) * now.height), Math.floor(((col + 0.5) / before.width) * now.width)];
    const length = clamp(now.width + model.get("row_length") - before.width, 1, 2 * now.width);
    change({ row_length: length, place: placeOf(to[0], to[1], 0, now.width, now.channels) });
  });
  page.colour.addEventListener("change", () => {
    const before = scene();
    const { pixel } = pixelAt(marked(before), before.width, before.channels);
    change({ colour: page.colour.checked, place: pixel * (page.colour.checked ? 3 : 1) });
  });
  page.reset.addEventListener("click", () => change(start));

  const traits = ["pixels", "sizes", "longest", "colour", "row_length", "place"];
  for (const name of traits) model.on(`change:${name}`, soon);
  const resized = new ResizeObserver(soon);
  resized.observe(page.root);
  const stay = onTheme(soon);
  draw();
  return () => {
    for (const name of traits) model.off(`change:${name}`, soon);
    resized.disconnect();
    stay();
    if (waiting) cancelAnimationFrame(waiting);
  };
}

export default { render };
