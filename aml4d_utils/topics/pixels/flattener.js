// The flattener. Sections: arithmetic, words, page, drawing, input, view. Only the view knows the
// anywidget model.

// --- arithmetic -----------------------------------------------------------

export const placeOf = (row, col, channel, width, channels) => (row * width + col) * channels + channel;

export function pixelAt(place, width, channels) {
  const pixel = Math.floor(place / channels);
  return { row: Math.floor(pixel / width), col: pixel % width, channel: place % channels, pixel };
}

/** The numbers of one of the pictures in `bytes`, as a scene that the rest reads. */
export function sceneOf(bytes, sizes, which, colour, greyWeights) {
  let start = 0;
  for (let k = 0; k < which; k += 1) start += 3 * sizes[k][0] * sizes[k][1];
  const [height, width] = sizes[which];
  const channels = colour ? 3 : 1;
  const numbers = new Uint8Array(height * width * channels);
  for (let p = 0; p < height * width; p += 1) {
    const rgb = [0, 1, 2].map((c) => bytes[start + 3 * p + c]);
    if (colour) numbers.set(rgb, 3 * p);
    else numbers[p] = Math.round(rgb.reduce((sum, v, c) => sum + v * greyWeights[c], 0));
  }
  return { height, width, channels, numbers };
}

/** Colour of one pixel as [r, g, b]. */
function pixelColour({ numbers, channels }, pixel) {
  const at = pixel * channels;
  return channels === 3 ? [numbers[at], numbers[at + 1], numbers[at + 2]] : Array(3).fill(numbers[at]);
}

/** Colour of one number: grey, or as much red, green or blue as it says. */
export function numberColour({ numbers, channels }, place) {
  const value = numbers[place];
  if (channels === 1) return [value, value, value];
  const rgb = [0, 0, 0];
  rgb[place % 3] = value;
  return rgb;
}

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

// --- words ------------------------------------------------------------------

const CHANNELS = ["red", "green", "blue"];
const grouped = (count) => count.toLocaleString("en-GB");

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

// --- page -------------------------------------------------------------------

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

let ids = 0;

function labelled(text, input, output = null) {
  const box = element("div", "aml4d-control");
  const head = element("div", "aml4d-control-head");
  const label = element("label", "", text);
  ids += 1;
  input.id = `aml4d-flat-${ids}`;
  label.htmlFor = input.id;
  head.append(label);
  if (output) head.append(output);
  box.append(head, input);
  return box;
}

function canvasPart(heading, name, keys) {
  const part = element("div", "aml4d-flat-part");
  const hold = element("div", "aml4d-flat-hold");
  hold.tabIndex = 0;
  hold.setAttribute("role", "application");
  hold.setAttribute("aria-roledescription", keys);
  hold.dataset.lmSuppressShortcuts = "true";
  hold.dataset.part = name;
  const canvas = element("canvas");
  const head = element("div", "aml4d-picture-head", heading);
  hold.append(canvas);
  part.append(head, hold);
  return { part, head, hold, canvas };
}

function buildPage(el, longest) {
  el.classList.add("aml4d", "aml4d-flat");
  el.dataset.lmSuppressShortcuts = "true";
  // Keys that a control uses must not reach the notebook's own shortcuts.
  el.addEventListener("keydown", (event) => { if (event.key !== "Escape") event.stopPropagation(); });
  const root = element("div", "jupyter-widgets aml4d-explorer");
  const body = element("div", "jupyter-widgets aml4d-explorer-body");
  const controls = element("div", "aml4d-controls");
  const title = element("h3", "aml4d-title", "One picture, one row of numbers");
  title.append(" ", element("span", "aml4d-badge", "live"));
  const length = element("input");
  length.type = "range";
  length.min = "1";
  length.dataset.field = "row_length";
  const lengthOut = element("output");
  const size = element("select");
  size.dataset.field = "longest";
  for (const side of longest) size.append(new Option(`up to ${side} pixels`, String(side)));
  const colour = element("input");
  colour.type = "checkbox";
  colour.dataset.field = "colour";
  ids += 1;
  colour.id = `aml4d-flat-${ids}`;
  const toggle = element("div", "aml4d-toggle");
  const colourLabel = element("label", "", "In colour: three numbers a pixel");
  colourLabel.htmlFor = colour.id;
  toggle.append(colour, colourLabel);
  const reset = element("button", "aml4d-reset", "Reset");
  reset.type = "button";
  controls.append(
    title,
    element("p", "aml4d-purpose", "Drag over the picture or along the row. The arrow keys move on."),
    labelled("Cut the row every", length, lengthOut),
    labelled("Size of the picture", size),
    toggle,
    reset,
  );
  const stage = element("div", "jupyter-widgets aml4d-stage");
  const pictures = element("div", "aml4d-flat-pictures");
  const picture = canvasPart("the picture", "picture", "picture with a movable mark");
  const cut = canvasPart("the row, cut again", "cut", "picture with a movable mark");
  pictures.append(picture.part, cut.part);
  const strip = canvasPart("the row: all numbers, end to end", "strip", "row with a movable mark");
  const lens = canvasPart("a piece of it, enlarged", "lens", "row with a movable mark");
  for (const { part } of [strip, lens]) part.classList.add("aml4d-flat-wide");
  const sum = element("div", "aml4d-flat-formula aml4d-flat-wide");
  stage.append(pictures, sum, strip.part, lens.part);
  body.append(controls, stage);
  const caption = element("div", "aml4d-caption");
  const words = element("div");
  words.dataset.role = "caption";
  words.setAttribute("aria-live", "polite");
  caption.append(words);
  root.append(body, caption);
  el.append(root);
  return { root, length, lengthOut, size, colour, reset, picture, cut, strip, lens, sum, words };
}

// --- drawing ----------------------------------------------------------------

const MARK = "#D55E00";
const ROW = "#0072B2";
const LENS = 11;

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
function drawGrid(canvas, scene, width, pixel, row, tallest) {
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

function drawStrip(canvas, scene, place) {
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

function drawLens(canvas, scene, place, ink) {
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

// --- input ------------------------------------------------------------------

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

// --- view -------------------------------------------------------------------

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
  const theme = new MutationObserver(soon);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  draw();
  return () => {
    for (const name of traits) model.off(`change:${name}`, soon);
    resized.disconnect();
    theme.disconnect();
    if (waiting) cancelAnimationFrame(waiting);
  };
}

export default { render };
