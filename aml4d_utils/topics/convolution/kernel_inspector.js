// The kernel inspector. Sections: arithmetic, words, colours, settings and undo, page building,
// canvases, calculation, controls, scan, view. Only the last three know the anywidget model.

import { inkOn } from "../../widgets/js/colours.js";

// --- arithmetic -----------------------------------------------------------

const NEGLIGIBLE = 1e-9; // Sums of decimal fractions miss zero by about 1e-16.
const LARGEST_WEIGHT = 99;
const LARGEST_PADDING = 3;

/** Pixels from the first to the last kernel cell, both counted. */
export function windowSpan(k, dilation) {
  return dilation * (k - 1) + 1;
}

/** Output pixels along one side; 0 when the window does not fit. */
export function outputLength(length, k, { stride, padding, dilation }) {
  const room = length + 2 * padding - windowSpan(k, dilation);
  return Math.max(0, Math.floor(room / stride) + 1);
}

/** RGB bytes -> one plane of brightness or three planes of colour, values in [0, 1]. */
export function planesOf(bytes, mode, greyWeights) {
  const count = bytes.length / 3;
  const planes =
    mode === "grey" ? [new Float64Array(count)] : [0, 1, 2].map(() => new Float64Array(count));
  for (let p = 0; p < count; p += 1) {
    for (let c = 0; c < 3; c += 1) {
      const value = bytes[3 * p + c] / 255;
      if (mode === "grey") planes[0][p] += greyWeights[c] * value;
      else planes[c][p] = value;
    }
  }
  return planes;
}

/** Sum of products at every window position; the kernel is not flipped. */
export function correlate(planes, [height, width], kernels, geometry) {
  const { stride, padding, dilation } = geometry;
  const k = kernels[0].length;
  const rows = outputLength(height, k, geometry);
  const columns = outputLength(width, k, geometry);
  const fits = rows > 0 && columns > 0;
  const values = new Float64Array(fits ? rows * columns : 0);
  const within = (shift, length, count) => [
    // Output rows or columns whose tap lies on the photo.
    Math.max(0, Math.ceil(-shift / stride)),
    Math.min(count - 1, Math.floor((length - 1 - shift) / stride)),
  ];
  const addTap = (plane, weight, down, right) => {
    const [top, bottom] = within(down, height, rows);
    const [left, last] = within(right, width, columns);
    for (let r = top; r <= bottom; r += 1) {
      const from = (r * stride + down) * width + right;
      const to = r * columns;
      for (let c = left; c <= last; c += 1) values[to + c] += weight * plane[from + c * stride];
    }
  };
  planes.forEach((plane, channel) =>
    kernels[channel].forEach((line, i) =>
      line.forEach((weight, j) => {
        if (fits && weight !== 0)
          addTap(plane, weight, i * dilation - padding, j * dilation - padding);
      }),
    ),
  );
  return { rows, columns, values, fits };
}

/** Every product behind one output pixel, a list per channel in reading order. */
export function tapsAt(
  planes,
  [height, width],
  kernels,
  { stride, padding, dilation },
  [row, column],
) {
  return planes.map((plane, channel) =>
    kernels[channel].flatMap((line, i) =>
      line.map((weight, j) => {
        const y = row * stride + i * dilation - padding;
        const x = column * stride + j * dilation - padding;
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        const value = inside ? plane[y * width + x] : 0;
        return { y, x, inside, value, weight, product: value * weight };
      }),
    ),
  );
}

/** The output position whose window is centred nearest to an input pixel. */
export function positionOver([y, x], k, { stride, padding, dilation }, { rows, columns }) {
  const half = (windowSpan(k, dilation) - 1) / 2;
  const nearest = (at, length) => clamp(Math.round((at + padding - half) / stride), 0, length - 1);
  return [nearest(y, rows), nearest(x, columns)];
}

/** Extremes and counts of a feature map. */
export function summarise(values) {
  const facts = { count: values.length, low: 0, high: 0, negative: 0, above: 0 };
  if (values.length) facts.low = facts.high = values[0];
  for (const value of values) {
    facts.low = Math.min(facts.low, value);
    facts.high = Math.max(facts.high, value);
    if (value < -NEGLIGIBLE) facts.negative += 1;
    if (value > 1 + NEGLIGIBLE) facts.above += 1;
  }
  facts.extent = Math.max(Math.abs(facts.low), Math.abs(facts.high));
  if (facts.extent < NEGLIGIBLE) facts.extent = 0;
  return facts;
}

/** Where the colour scale ends: 99 % of the values without padding under their window lie within. */
export function colourLimit(map, size, k, { stride, padding, dilation }, extent) {
  const span = windowSpan(k, dilation);
  const clear = (at, length) => at * stride >= padding && at * stride - padding + span <= length;
  const magnitudes = map.values
    .filter(
      (_, p) => clear(Math.floor(p / map.columns), size[0]) && clear(p % map.columns, size[1]),
    )
    .map(Math.abs)
    .sort();
  const limit = magnitudes[Math.ceil(0.99 * magnitudes.length) - 1] ?? 0;
  return limit < NEGLIGIBLE ? extent : limit;
}

export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/** A quarter turn clockwise. */
export function rotated(grid) {
  return grid[0].map((_, j) => grid.map((line) => line[j]).reverse());
}

/** Half a turn: what a mathematician's convolution does to the kernel first. */
export function flipped(grid) {
  return rotated(rotated(grid));
}

/** The same weights around the same centre in a k×k grid, zeros outside. */
export function resized(grid, k) {
  const shift = (grid.length - k) / 2;
  const line = [...Array(k).keys()];
  return line.map((i) => line.map((j) => grid[i + shift]?.[j + shift] ?? 0));
}

/** What a student typed -> a weight, or null when it is none. */
export function parsedWeight(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null;
  const weight = Number(plain);
  return Math.abs(weight) <= LARGEST_WEIGHT ? weight + 0 : null;
}

/** A weight moved by `amount`, without the dust of decimal fractions. */
export function stepped(weight, amount) {
  return Number(clamp(weight + amount, -LARGEST_WEIGHT, LARGEST_WEIGHT).toFixed(6)) + 0;
}

// --- words ------------------------------------------------------------------

/** A number with a fixed number of decimals, a true minus sign and no negative zero. */
export function shown(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

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

function percent(part, whole) {
  if (!whole || !part) return "0 %";
  const share = (100 * part) / whole;
  return share < 1 ? "under 1 %" : `${Math.round(share)} %`;
}

export function sizeFormula(length, k, { stride, padding, dilation }) {
  const result = outputLength(length, k, { stride, padding, dilation });
  const text = `⌊(${length} + 2·${padding} − ${dilation}·(${k}−1) − 1) / ${stride}⌋ + 1`;
  return result > 0 ? `${text} = ${result}` : `${text} → 0`;
}

function grouped(count) {
  return count.toLocaleString("en");
}

function counted(count, noun) {
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

function misfit(scene) {
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

// --- colours ----------------------------------------------------------------

// Blue - white - orange, equally light at equal distance from zero.
const SIGNED_STOPS = [
  [18, 60, 115],
  [47, 111, 171],
  [127, 175, 214],
  [247, 247, 245],
  [240, 170, 104],
  [203, 103, 26],
  [122, 54, 4],
];
const CHANNEL_TINTS = {
  grey: [[1, 1, 1]],
  rgb: [
    [1, 0.12, 0.1],
    [0.1, 0.85, 0.2],
    [0.2, 0.4, 1],
  ],
};

/** Colour of a share of the extreme, from -1 (blue) over 0 (white) to 1 (orange). */
export function signedColour(share) {
  const at = ((clamp(share, -1, 1) + 1) / 2) * (SIGNED_STOPS.length - 1);
  const left = Math.min(Math.floor(at), SIGNED_STOPS.length - 2);
  return SIGNED_STOPS[left].map((from, c) =>
    Math.round(from + (at - left) * (SIGNED_STOPS[left + 1][c] - from)),
  );
}

const SIGNED_TABLE = [...Array(513).keys()].map((step) => signedColour(step / 256 - 1));

/** Colour of a value on a scale from -limit to limit, or as clipped grey. */
export function outputColour(value, limit, display) {
  if (display === "clipped") {
    const grey = Math.round(255 * clamp(value, 0, 1));
    return [grey, grey, grey];
  }
  return SIGNED_TABLE[limit ? Math.round(256 * (clamp(value / limit, -1, 1) + 1)) : 256];
}

function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

function paint(element, colour) {
  const backgroundColor = css(colour);
  if (element.dataset.colour === backgroundColor) return;
  element.dataset.colour = backgroundColor;
  Object.assign(element.style, { backgroundColor, color: inkOn(colour) });
}

function unpaint(element) {
  delete element.dataset.colour;
  element.removeAttribute("style");
}

// --- settings and undo --------------------------------------------------------

const SETTINGS = [
  "kernel",
  "kernel_name",
  "mode",
  "linked",
  "stride",
  "padding",
  "dilation",
  "display",
];
const OWN_NAME = "My own kernel";
const CHANNEL_NAMES = ["R", "G", "B"];

function snapshot(model) {
  return Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
}

function apply(model, settings) {
  for (const [name, value] of Object.entries(settings)) model.set(name, value);
  model.set("scanned", -1);
  model.save_changes();
}

/** Change settings, remembering the ones before. */
function commit(model, history, changes) {
  const before = snapshot(model);
  const after = { ...before, ...changes };
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  history.push(before);
  apply(model, after);
}

function undo(model, history) {
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

function commitKernel(model, history, kernel, more = {}) {
  commit(model, history, { kernel, kernel_name: nameOf(kernel, model.get("presets")), ...more });
}

function withWeight(kernel, linked, channel, i, j, weight) {
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
function createScene(model) {
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

// --- page building --------------------------------------------------------------

let serial = 0;

function freshId(stem) {
  serial += 1;
  return `aml4d-ki-${stem}-${serial}`;
}

/** h("div.some-class", {attribute: value, onclick: f}, children...) */
function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.map((name) => `aml4d-ki-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function button(label, onclick) {
  return h("button.button", { type: "button", onclick }, label);
}

/** A labelled row of radio buttons that looks like one segmented switch. */
function segmented(label, options, onchange) {
  const id = freshId("group");
  const inputs = new Map();
  const cells = options.map(([value, text, full]) => {
    const input = h("input", {
      type: "radio",
      name: id,
      value,
      "aria-label": full ?? null,
      onchange: () => onchange(value),
    });
    inputs.set(value, input);
    return h("label.segment", {}, input, h("span", {}, text));
  });
  const element = h(
    "div.field",
    { role: "radiogroup", "aria-labelledby": id },
    h("span.label", { id }, label),
    h("span.segments", {}, ...cells),
  );
  const write = (value) => {
    for (const [own, input] of inputs) input.checked = own === value;
  };
  return { element, write };
}

function disclosure(label, ...children) {
  return h("details.more", {}, h("summary", {}, label), h("div.more-body", {}, ...children));
}

// --- canvases -------------------------------------------------------------------

/** CSS pixels for one cell: whole device pixels where that costs little room. */
export function cellSize(room, cells, ratio) {
  const exact = (room * ratio) / cells;
  const whole = Math.floor(exact);
  return (whole >= 0.85 * exact ? whole : exact) / ratio;
}

function rasterOf(columns, rows, colourOf) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const frame = context.createImageData(columns, rows);
  for (let p = 0; p < columns * rows; p += 1) {
    const colour = colourOf(p);
    if (colour) frame.data.set([...colour, 255], 4 * p);
  }
  context.putImageData(frame, 0, 0);
  return canvas;
}

function photoRaster({ planes, size: [height, width] }) {
  return rasterOf(width, height, (p) => [0, 1, 2].map((c) => 255 * (planes[c] ?? planes[0])[p]));
}

function mapRaster({ map, facts, display, scanned }) {
  const visible = scanned < 0 ? map.values.length : scanned;
  return rasterOf(map.columns, map.rows, (p) =>
    p < visible ? outputColour(map.values[p], facts.limit, display) : null,
  );
}

/** A canvas in a labelled frame that reports where it is pointed at and which keys move it. */
function picture(title, hint, events) {
  const hintId = freshId("hint");
  const canvas = h("canvas.canvas", { role: "img", tabindex: "0", "aria-describedby": hintId });
  const caption = h("div.picture-caption");
  const element = h(
    "figure.picture",
    {},
    h("figcaption.picture-title", {}, title),
    h("div.canvas-room", {}, canvas),
    h("span.hidden", { id: hintId }, hint),
    caption,
  );
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointermove", (event) => events.point(at(event), event));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    events.press(at(event), event);
  });
  canvas.addEventListener("keydown", events.key);
  return { element, canvas, caption };
}

function sizeCanvas(canvas, width, height, ratio) {
  const [w, hgt] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== hgt) Object.assign(canvas, { width: w, height: hgt });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}

/** Where the cells of photo and map lie on their canvases, in CSS pixels. */
function layoutOf(scene, room, tallest, ratio) {
  const [height, width] = scene.size;
  const border = LARGEST_PADDING;
  const cell = Math.min(
    cellSize(room, width + 2 * border, ratio),
    cellSize(tallest, height + 2 * border, ratio),
  );
  const box = { width: cell * (width + 2 * border), height: cell * (height + 2 * border) };
  const { rows, columns, fits } = scene.map;
  const mapCell = fits
    ? Math.min(cell * scene.geometry.stride, box.width / columns, box.height / rows)
    : cell;
  return {
    ...box,
    ratio,
    photo: { cell, left: border * cell, top: border * cell },
    map: {
      cell: mapCell,
      left: Math.round((ratio * (box.width - mapCell * columns)) / 2) / ratio,
      top: Math.round((ratio * (box.height - mapCell * rows)) / 2) / ratio,
    },
  };
}

function outline(context, x, y, width, height, dashes = []) {
  context.setLineDash(dashes);
  for (const [colour, thickness] of [
    ["#fff", 4],
    ["#c2185b", 2],
  ]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: thickness });
    context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  }
}

/** The frame of zeros around the photo: hatched, with a thin edge. */
function drawPadding(context, { cell, left, top }, [height, width], padding) {
  if (!padding) return;
  const edge = padding * cell;
  const outer = [left - edge, top - edge, width * cell + 2 * edge, height * cell + 2 * edge];
  context.save();
  context.beginPath();
  context.rect(...outer);
  context.rect(left, top, width * cell, height * cell);
  context.clip("evenodd");
  Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
  context.beginPath();
  for (let x = outer[0] - outer[3]; x < outer[0] + outer[2]; x += 5) {
    context.moveTo(x, outer[1] + outer[3]);
    context.lineTo(x + outer[3], outer[1]);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = "#8a8f98";
  context.strokeRect(...outer.map((value, i) => value + (i < 2 ? 0.5 : -1)));
}

function drawPhoto(canvas, scene, layout, raster) {
  const context = sizeCanvas(canvas, layout.width, layout.height, layout.ratio);
  const { cell, left, top } = layout.photo;
  const [height, width] = scene.size;
  drawPadding(context, layout.photo, scene.size, scene.geometry.padding);
  context.drawImage(raster, left, top, width * cell, height * cell);
  if (!scene.map.fits) return;
  const place = ({ x, y }) => [left + x * cell, top + y * cell];
  if (scene.geometry.dilation > 1 && scene.k > 1) drawTaps(context, scene.taps[0].map(place), cell);
  const span = windowSpan(scene.k, scene.geometry.dilation) * cell;
  outline(
    context,
    ...place(scene.taps[0][0]),
    span,
    span,
    scene.geometry.dilation > 1 ? [4, 3] : [],
  );
}

function drawTaps(context, places, cell) {
  Object.assign(context, { fillStyle: "#c2185b" });
  context.setLineDash([]);
  for (const [x, y] of places) {
    if (cell < 8) context.fillRect(x, y, Math.max(cell, 2), Math.max(cell, 2));
    else outline(context, x + 2, y + 2, cell - 4, cell - 4);
  }
}

function drawMap(canvas, scene, layout, raster) {
  const context = sizeCanvas(canvas, layout.width, layout.height, layout.ratio);
  const { cell, left, top } = layout.map;
  const { rows, columns, fits } = scene.map;
  if (!fits) return;
  Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
  context.strokeRect(left - 0.5, top - 0.5, columns * cell + 1, rows * cell + 1);
  context.drawImage(raster, left, top, columns * cell, rows * cell);
  const [row, column] = scene.cursor;
  outline(context, left + column * cell, top + row * cell, cell, cell);
}

/** The kernels as small coloured squares, for the sign between photo and map. */
function drawStamp(canvas, kernels, ratio) {
  const side = 40;
  const context = sizeCanvas(canvas, side, side * kernels.length + 6 * (kernels.length - 1), ratio);
  const extent = Math.max(...kernels.flat(2).map(Math.abs));
  kernels.forEach((grid, c) => {
    const raster = rasterOf(grid.length, grid.length, (p) =>
      outputColour(grid.flat()[p], extent, "signed"),
    );
    context.drawImage(raster, 0, c * (side + 6), side, side);
    Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
    context.strokeRect(0.5, c * (side + 6) + 0.5, side - 1, side - 1);
  });
}

function sameGrids(grids) {
  return grids.every((grid) => JSON.stringify(grid) === JSON.stringify(grids[0]));
}

/** Photo ✶ kernel = feature map. */
function createFigure({ moveTo, moveBy, togglePin }) {
  let layout = null;
  let scene = null;
  const cellAt = ([x, y], { cell, left, top }) => [
    Math.floor((y - top) / cell),
    Math.floor((x - left) / cell),
  ];
  const overPhoto = (at) =>
    positionOver(cellAt(at, layout.photo), scene.k, scene.geometry, scene.map);
  const overMap = (at) => cellAt(at, layout.map);
  const ready = () => layout && scene?.map.fits;
  const eventsFor = (positionAt) => ({
    point: (at, event) => {
      if (ready()) moveTo(positionAt(at), event.buttons > 0);
    },
    press: (at, event) => {
      if (ready()) {
        moveTo(positionAt(at), true);
        togglePin(event);
      }
    },
    key: (event) => {
      if (ready()) moveBy(event);
    },
  });
  const hint =
    "Arrow keys move the window by one output pixel, with Shift by ten. " +
    "Home and End go to the ends of the row. A click or Enter pins the window, Escape frees it.";
  const photo = picture("Photo", hint, eventsFor(overPhoto));
  const map = picture("Feature map", hint, eventsFor(overMap));
  const stamp = h("canvas.stamp", { role: "img" });
  const sign = h(
    "div.sign",
    {},
    h("span.glyph", { "aria-hidden": "true" }, "✶"),
    stamp,
    h("span.glyph", { "aria-hidden": "true" }, "="),
  );
  const empty = h("p.empty");
  map.element.querySelector(".aml4d-ki-canvas-room").append(empty);
  const bar = createColourBar();
  map.element.append(bar.element);
  const element = h("div.figure", {}, photo.element, sign, map.element);
  const rasters = createRasters();

  const update = (next, pinned) => {
    scene = next;
    const ratio = window.devicePixelRatio || 1;
    const room = photo.element.querySelector(".aml4d-ki-canvas-room").clientWidth;
    if (!room) return;
    layout = layoutOf(scene, room, Math.max(room, 240), ratio);
    drawPhoto(photo.canvas, scene, layout, rasters.photo(scene));
    drawMap(map.canvas, scene, layout, rasters.map(scene));
    drawStamp(stamp, sameGrids(scene.kernels) ? scene.kernels.slice(0, 1) : scene.kernels, ratio);
    setText(empty, scene.map.fits ? "" : `Nothing to show: ${misfit(scene)}`);
    map.canvas.hidden = !scene.map.fits;
    label(photo, map, stamp, scene, pinned);
    bar.update(scene);
  };
  return { element, update, photo, map };
}

function createRasters() {
  const cached = (draw, keysOf) => {
    let keys = [];
    let raster = null;
    return (scene) => {
      const now = keysOf(scene);
      if (!raster || now.some((key, i) => key !== keys[i]))
        [keys, raster] = [now, scene.map.fits || draw === photoRaster ? draw(scene) : null];
      return raster;
    };
  };
  return {
    photo: cached(photoRaster, (scene) => [scene.planes]),
    map: cached(mapRaster, (scene) => [scene.map, scene.display, scene.scanned]),
  };
}

function label(photo, map, stamp, scene, pinned) {
  const [height, width] = scene.size;
  const { rows, columns, fits } = scene.map;
  const colour = scene.mode === "grey" ? "grey" : "colour";
  setText(
    photo.caption,
    `${height} × ${width} pixels · ${pinned ? "pinned, click to free" : "click to pin the window"}`,
  );
  setText(map.caption, fits ? captionText(scene) : "0 values");
  stamp.setAttribute("aria-label", `Kernel ${scene.name}, ${scene.k} by ${scene.k}`);
  const size = `${height} rows by ${width} columns, ${colour}, ${scene.geometry.padding} rows of zeros around it`;
  if (!fits) {
    photo.canvas.setAttribute("aria-label", `Photo, ${size}. The window does not fit.`);
    return;
  }
  const [first, last] = [scene.taps[0][0], scene.taps[0][scene.taps[0].length - 1]];
  photo.canvas.setAttribute(
    "aria-label",
    `Photo, ${size}. The window reaches from row ${first.y}, ` +
      `column ${first.x} to row ${last.y}, column ${last.x}.`,
  );
  const { low, high } = scene.facts;
  map.canvas.setAttribute(
    "aria-label",
    `Feature map of ${scene.name}, ${rows} rows by ${columns} columns, ` +
      `values from ${shown(low, scene.decimals)} to ${shown(high, scene.decimals)}, ${countText(scene)}. At row ` +
      `${scene.cursor[0]}, column ${scene.cursor[1]} the value is ${shown(scene.total, scene.decimals)}.`,
  );
}

function captionText(scene) {
  const { map, scanned, facts } = scene;
  const size = `${map.rows} × ${map.columns} value${facts.count === 1 ? "" : "s"}`;
  return scanned < 0 ? `${size}, ${countText(scene)}` : `${size}, ${grouped(scanned)} filled in`;
}

function countText({ facts, display }) {
  const share = `${grouped(facts.negative)} (${percent(facts.negative, facts.count)}) negative`;
  return display === "signed" ? share : `${share}: lost`;
}

/** -m, 0, +m; with a sign where values beyond share the last colour. */
function limitTexts({ low, high, limit }, decimals) {
  if (!limit) return ["", "0", ""];
  const beyond = NEGLIGIBLE + limit;
  return [
    `${low < -beyond ? "≤ " : ""}${shown(-limit, decimals)}`,
    "0",
    `${high > beyond ? "≥ " : ""}+${shown(limit, decimals)}`,
  ];
}

/** Colours with their numbers, and a mark at the value under the cursor. */
function createColourBar() {
  const marker = h("span.bar-marker");
  const ramp = h("div.bar-ramp", {}, marker);
  const labels = [h("span"), h("span"), h("span")];
  const element = h("div.bar", {}, ramp, h("div.bar-labels", {}, ...labels));
  const stops = [...Array(25).keys()].map((i) => css(signedColour(i / 12 - 1))).join(",");
  const update = ({ facts, display, total, map, decimals }) => {
    const signed = display === "signed";
    const texts = signed ? limitTexts(facts, decimals) : ["0 and below", "", "1 and above"];
    texts.forEach((text, i) => setText(labels[i], text));
    ramp.style.background = `linear-gradient(90deg, ${signed ? stops : "#000, #fff"})`;
    const share = signed ? (total / (facts.limit || 1) + 1) / 2 : total;
    marker.style.left = `${100 * clamp(share, 0, 1)}%`;
    element.hidden = !map.fits;
  };
  return { element, update };
}

// --- calculation ------------------------------------------------------------------

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

function createCalculation(edits) {
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
    note,
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

// --- controls -----------------------------------------------------------------------

const SPEEDS = [
  ["slow", "Slow", "Slow: six values a second"],
  ["steady", "Steady", "Steady: a map in 20 seconds"],
  ["fast", "Fast", "Fast: a map in 5 seconds"],
];

function createControls(model, history, scan, say) {
  const change = (name) => (value) => commit(model, history, { [name]: value });
  const numbered = (label, name, values) => {
    const group = segmented(
      label,
      values.map((value) => [value, String(value)]),
      change(name),
    );
    return { element: group.element, write: () => group.write(model.get(name)) };
  };
  const preset = createPresetChoice(model, history);
  const mode = segmented(
    "Photo in",
    [
      ["grey", "Grey"],
      ["rgb", "Colour"],
    ],
    change("mode"),
  );
  const numbers = [
    numbered("Stride", "stride", [1, 2, 3, 4]),
    numbered("Padding", "padding", [0, 1, 2, 3]),
    numbered("Dilation", "dilation", [1, 2, 3]),
  ];
  const play = button("Scan", scan.toggle);
  play.classList.add("aml4d-ki-primary");
  const kernelTools = createKernelTools(model, history, say);
  const viewTools = createViewTools(model, history, scan);
  const reset = button("Reset", () => {
    commit(model, history, model.get("start"));
    say("");
  });
  reset.classList.add("aml4d-ki-reset");
  const element = h(
    "div.controls",
    {},
    h("h3.title", {}, "Kernel inspector ", h("span.badge", {}, "live")),
    preset.element,
    mode.element,
    ...numbers.map((number) => number.element),
    play,
    kernelTools.element,
    viewTools.element,
    reset,
  );
  const update = (scene) => {
    preset.update(scene);
    mode.write(scene.mode);
    numbers.forEach((number) => number.write());
    kernelTools.update(scene);
    viewTools.update(scene);
    setText(play, scan.label());
    play.disabled = !scene.map.fits;
  };
  return { element, update };
}

function createPresetChoice(model, history) {
  const id = freshId("preset");
  const select = h("select.select", {
    id,
    onchange: () => {
      const found = model.get("presets").find((preset) => preset.name === select.value);
      if (found)
        commitKernel(model, history, [found.values, found.values, found.values], { linked: true });
    },
  });
  const finds = h("p.finds");
  const own = h("option", { value: OWN_NAME }, OWN_NAME);
  const presets = model.get("presets");
  select.append(...presets.map(({ name }) => h("option", { value: name }, name)));
  const element = h("div.field-tall", {}, h("label.label", { for: id }, "Kernel"), select, finds);
  const update = ({ name }) => {
    const found = presets.find((preset) => preset.name === name);
    if (found) own.remove();
    else select.append(own);
    select.value = name;
    setText(finds, found ? found.what_it_finds : "Weights of your own. What does it answer to?");
  };
  return { element, update };
}

function createKernelTools(model, history, say) {
  const change = (turn) => () => commitKernel(model, history, model.get("kernel").map(turn));
  const size = segmented(
    "Size",
    [1, 3, 5, 7].map((k) => [k, String(k), `${k} by ${k}`]),
    (k) => change((grid) => resized(grid, k))(),
  );
  const id = freshId("linked");
  const linked = h("input", {
    type: "checkbox",
    id,
    onchange: () => {
      const kernel = model.get("kernel");
      commitKernel(model, history, linked.checked ? [kernel[0], kernel[0], kernel[0]] : kernel, {
        linked: linked.checked,
      });
    },
  });
  const back = button("Undo", () => {
    if (undo(model, history)) say("The last change is taken back.");
  });
  const element = disclosure(
    "Kernel tools",
    size.element,
    h("div.check", {}, linked, h("label", { for: id }, "One kernel for R, G and B")),
    h(
      "div.buttons",
      {},
      button("Turn 90°", change(rotated)),
      button(
        "Clear",
        change((grid) => grid.map((line) => line.map(() => 0))),
      ),
      back,
    ),
  );
  const update = (scene) => {
    size.write(scene.k);
    linked.checked = scene.linked;
    back.disabled = history.length === 0;
  };
  return { element, update };
}

function createViewTools(model, history, scan) {
  const display = segmented(
    "Map in",
    [
      ["signed", "Signed", "Signed colours around zero"],
      ["clipped", "Clipped", "Grey, values below 0 and above 1 cut off"],
    ],
    (value) => commit(model, history, { display: value }),
  );
  const speed = segmented("Speed", SPEEDS, scan.setSpeed);
  const step = button("Next step", scan.step);
  const whole = button("Show whole map", scan.stop);
  const element = disclosure(
    "Map colours and scan",
    display.element,
    speed.element,
    h("div.buttons", {}, step, whole),
  );
  const update = (scene) => {
    display.write(scene.display);
    speed.write(scan.speed());
    step.disabled = !scene.map.fits;
    whole.disabled = scene.scanned < 0;
  };
  return { element, update };
}

// --- scan -----------------------------------------------------------------------------

/** Fills the feature map value by value, in animation frames, so that nothing blocks. */
function createScan(model, currentScene, moveCursor, onstate) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;
  let speed = "steady";
  let since = 0;
  let owed = 0;

  const rate = (count) =>
    ({ slow: 6, steady: Math.max(12, count / 20), fast: Math.max(24, count / 5) })[speed];
  const advance = (count) => {
    const { map } = currentScene();
    const done = Math.min(Math.max(model.get("scanned"), 0) + count, map.values.length);
    moveCursor([Math.floor((done - 1) / map.columns), (done - 1) % map.columns]);
    model.set("scanned", done === map.values.length ? -1 : done);
    return done < map.values.length;
  };
  const pause = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    model.save_changes();
    onstate();
  };
  const tick = (now) => {
    if (model.get("scanned") < 0) return pause(); // A setting changed meanwhile.
    // A frame may carry a time from before the click, and a hidden page a very late one.
    owed += (clamp(now - since, 0, 250) / 1000) * rate(currentScene().map.values.length);
    since = now;
    const whole = Math.floor(owed);
    owed -= whole;
    if (whole && !advance(whole)) return pause();
    frame = requestAnimationFrame(tick);
    return undefined;
  };
  const play = () => {
    if (!currentScene()?.map.fits) return;
    [since, owed] = [performance.now(), 0];
    if (model.get("scanned") < 0) model.set("scanned", 0);
    if (advance(1)) frame = requestAnimationFrame(tick);
    onstate();
  };
  const step = () => {
    if (!currentScene()?.map.fits) return;
    if (frame) pause();
    advance(1);
    model.save_changes();
  };
  const toggle = () => {
    if (calm.matches) step();
    else if (frame) pause();
    else play();
  };
  const stop = () => {
    model.set("scanned", -1);
    pause();
  };
  const label = () => {
    if (calm.matches) return "Scan: next step";
    if (frame) return "Pause";
    return model.get("scanned") < 0 ? "Scan" : "Continue";
  };
  const setSpeed = (value) => {
    speed = value;
    onstate();
  };
  return {
    toggle,
    step,
    stop,
    label,
    setSpeed,
    speed: () => speed,
    running: () => frame !== 0,
    dispose: () => cancelAnimationFrame(frame),
  };
}

// --- view -----------------------------------------------------------------------------

const CURSOR_MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};
const ANNOUNCE_AFTER = 600; // ms without change before the sentence is read out
const SAVE_AFTER = 150; // ms before a moved cursor is sent to Python
const WATCHED = [...SETTINGS, "pixels", "size", "cursor", "scanned", "presets"];

/** Runs `action` once, `delay` ms after the last call. */
function debounced(action, delay) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  return { call, cancel: () => clearTimeout(timer) };
}

function createView(model, el, history) {
  let scene = null;
  let pinned = false;
  let waiting = 0;
  const sceneNow = createScene(model);
  const redraw = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const save = debounced(() => model.save_changes(), SAVE_AFTER);
  const moveCursor = (cursor) => {
    model.set("cursor", cursor);
    save.call();
  };
  const message = h("p.message", { role: "status" });
  const say = (text) => setText(message, text);
  const scan = createScan(model, sceneNow, moveCursor, redraw);
  const pointer = createPointer(
    () => scene,
    moveCursor,
    scan,
    () => pinned,
    (value) => {
      pinned = value;
      redraw();
    },
  );
  const edits = {
    accept: (cell, weight) => {
      say("");
      commitKernel(
        model,
        history,
        withWeight(model.get("kernel"), model.get("linked"), cell.channel, cell.i, cell.j, weight),
      );
      cell.weight = weight;
    },
    refuse: (text, cell) =>
      say(
        `${text.trim() ? `“${text.trim().slice(0, 20)}”` : "An empty cell"} is not a number ` +
          `from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT}, so the weight stays ${shown(cell.weight, Math.max(cell.decimals, 1))}.`,
      ),
  };
  const figure = createFigure(pointer);
  const controls = createControls(model, history, scan, say);
  const calculation = createCalculation(edits);
  const formula = h("p.formula");
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const announce = debounced(() => {
    if (scene && !scan.running()) setText(sentence, describe(scene));
  }, ANNOUNCE_AFTER);

  function draw() {
    waiting = 0;
    const next = sceneNow();
    if (!next) return;
    const first = scene === null;
    scene = next;
    figure.update(scene, pinned);
    controls.update(scene);
    calculation.update(scene);
    setText(formula, formulaText(scene));
    root.classList.toggle(
      "aml4d-ki-wide",
      scene.k === 7 || (scene.k === 5 && scene.mode === "rgb"),
    );
    if (first) setText(sentence, describe(scene));
    else announce.call();
  }

  const root = h(
    "div.body",
    {},
    controls.element,
    h("div.stage", {}, figure.element, formula),
    calculation.element,
    h("div.caption", {}, sentence, message),
  );
  mount(el, root);
  const stopKeys = handleKeys(el, model, history, say);
  const resized = new ResizeObserver(redraw);
  resized.observe(figure.element);
  for (const name of WATCHED) model.on(`change:${name}`, redraw);
  redraw();
  return () => {
    for (const name of WATCHED) model.off(`change:${name}`, redraw);
    resized.disconnect();
    cancelAnimationFrame(waiting);
    scan.dispose();
    save.cancel();
    announce.cancel();
    stopKeys();
  };
}

function mount(el, root) {
  el.classList.add("aml4d-inspector");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the widget.
  el.append(root);
}

/** Ctrl+Z takes back; other keys stay inside the widget. */
function handleKeys(el, model, history, say) {
  const listen = (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
    const wanted =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    const typing =
      event.target.dataset.text !== undefined && event.target.value !== event.target.dataset.text;
    if (!wanted || typing) return; // Half-typed text has an undo of its own.
    event.preventDefault();
    say(undo(model, history) ? "The last change is taken back." : "There is nothing to take back.");
  };
  el.addEventListener("keydown", listen);
  return () => el.removeEventListener("keydown", listen);
}

/** Hovering, dragging, pinning and the arrow keys. */
function createPointer(currentScene, moveCursor, scan, isPinned, setPinned) {
  const inside = ([row, column]) => {
    const { rows, columns } = currentScene().map;
    return [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  };
  const moveTo = (position, forced) => {
    if (scan.running() || (isPinned() && !forced)) return;
    moveCursor(inside(position));
  };
  const moveBy = (event) => {
    if (event.key === "Escape") setPinned(false);
    if (event.key === "Enter") setPinned(!isPinned());
    const move = CURSOR_MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    const { cursor } = currentScene();
    moveCursor(inside(cursor.map((at, axis) => (move[axis] ? at + times * move[axis] : at))));
  };
  const togglePin = (event) => {
    if (event.pointerType === "mouse") setPinned(!isPinned());
  };
  return { moveTo, moveBy, togglePin };
}

function formulaText({ size: [height, width], k, geometry }) {
  return `rows ${sizeFormula(height, k, geometry)}\ncolumns ${sizeFormula(width, k, geometry)}`;
}

/** One undo history per widget, shared by all of its views. */
export default () => {
  const history = [];
  return {
    initialize: () => () => {
      history.length = 0;
    },
    render: ({ model, el }) => createView(model, el, history),
  };
};
