// A network that reads a digit. Sections: numbers, drawing, the net, the opened neuron, view.
// Python computes sums and activations; the page holds the weights, so looking inside is instant.

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const WIDTH = 640; // what the places below are measured in
const HEIGHT = 322;
const TILE = 136;
const IMAGE = { left: 4, top: 76, size: 172 };

// --- numbers ----------------------------------------------------------------

/** Bytes from Python -> numbers. */
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Where the weights and biases of each layer begin in the vector of all parameters. */
export function offsets(sizes) {
  let start = 0;
  return sizes.slice(1).map((neurons, k) => {
    const weights = start;
    const biases = weights + neurons * sizes[k];
    start = biases + neurons;
    return { weights, biases };
  });
}

/** A list cut into pieces of the given lengths. */
export function pieces(list, lengths) {
  let start = 0;
  return lengths.map((length) => list.subarray(start, (start += length)));
}

export function shown(value, decimals = 2, plus = true) {
  const text = value.toFixed(decimals);
  const zero = Number(text) === 0;
  const sign = plus && !zero && value > 0 ? "+" : "";
  return sign + (zero ? text.replace("-", "") : text).replace("-", "−");
}

/** The positions of the `count` largest magnitudes, weakest of them first. */
export function strongest(values, count) {
  return [...values.keys()]
    .filter((k) => values[k] !== 0)
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]))
    .slice(0, count)
    .reverse();
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** What the page knows: weights once, activations and sums with each drawing. */
function sceneOf(model) {
  const sizes = model.get("sizes");
  const parameters = floats(model.get("parameters"));
  const starts = offsets(sizes);
  const scene = { sizes, layers: sizes.length - 1 };
  scene.row = (layer, neuron) => {
    const inputs = sizes[layer - 1];
    const from = starts[layer - 1].weights + neuron * inputs;
    return parameters.subarray(from, from + inputs);
  };
  scene.bias = (layer, neuron) => parameters[starts[layer - 1].biases + neuron];
  scene.products = (layer, neuron) => scene.row(layer, neuron).map((w, k) => w * scene.values[layer - 1][k]);
  scene.take = () => {
    scene.values = pieces(floats(model.get("values")), sizes);
    scene.sums = pieces(floats(model.get("sums")), sizes.slice(1));
    scene.ready = scene.values[0].length === PIXELS && scene.sums.at(-1).length === sizes.at(-1);
  };
  scene.take();
  return scene;
}

// --- drawing ----------------------------------------------------------------

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

function sharpCanvas(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  return context;
}

/** Numbers (784) as squares: colour by sign and size, a minus on what is clearly negative. */
function paintSigned(canvas, numbers, limit, colourOf, ink, cursor) {
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
function paintGrey(canvas, pixels, cursor) {
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

function element(name, className, text = null) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}

// --- the net ----------------------------------------------------------------

/** Places of all neurons: a column for each layer, evenly spread. */
function placesOf(sizes) {
  const layers = sizes.length - 1;
  return sizes.slice(1).map((count, k) => {
    const x = 276 + (k * 236) / Math.max(1, layers - 1);
    const gap = Math.min(29, 294 / count);
    const top = 26 + (294 - gap * count) / 2 + gap / 2;
    return [...Array(count).keys()].map((n) => ({ x, y: top + n * gap }));
  });
}

function pixelPlace(k) {
  const unit = IMAGE.size / SIDE;
  return { x: IMAGE.left + ((k % SIDE) + 0.5) * unit, y: IMAGE.top + (Math.floor(k / SIDE) + 0.5) * unit };
}

function strokeLine(context, from, to, product, most) {
  const share = most ? Math.abs(product) / most : 0;
  context.strokeStyle = context.lineColours[product > 0 ? 0 : 1];
  context.globalAlpha = 0.12 + 0.8 * share;
  context.lineWidth = 0.6 + 2.6 * share;
  context.setLineDash(product > 0 ? [] : [5, 4]);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

/** All connections between two layers of neurons, hardly visible. */
function paintAll(context, before, after, colour) {
  context.strokeStyle = colour;
  context.globalAlpha = 0.13;
  context.lineWidth = 0.6;
  context.setLineDash([]);
  context.beginPath();
  for (const from of before) {
    for (const to of after) {
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
  }
  context.stroke();
}

function paintStrong(context, scene, places, layer, count, only) {
  const from = layer === 1 ? pixelPlace : (k) => places[layer - 2][k];
  const found = [];
  places[layer - 1].forEach((to, neuron) => {
    if (only !== null && only !== neuron) return;
    scene.products(layer, neuron).forEach((product, k) => {
      if (product !== 0) found.push({ product, k, to });
    });
  });
  found.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const kept = found.slice(0, count).reverse();
  const most = kept.length ? Math.abs(kept.at(-1).product) : 0;
  for (const { product, k, to } of kept) strokeLine(context, from(k), to, product, most);
}

/** What a chosen neuron sends on. */
function paintOutgoing(context, scene, places, [layer, neuron]) {
  if (layer >= scene.layers) return;
  const products = places[layer].map((_, k) => scene.row(layer + 1, k)[neuron] * scene.values[layer][neuron]);
  const most = largest(products);
  products.forEach((product, k) => {
    if (product !== 0) strokeLine(context, places[layer - 1][neuron], places[layer][k], 0.55 * product, most);
  });
}

function paintEdges(canvas, scene, places, lines, selected, ink) {
  const context = sharpCanvas(canvas, WIDTH, HEIGHT);
  context.lineColours = lineColours(ink);
  for (let layer = 2; layer <= scene.layers; layer += 1) paintAll(context, places[layer - 2], places[layer - 1], ink);
  if (selected.length) {
    paintStrong(context, scene, places, selected[0], selected[0] === 1 ? Math.max(lines, 60) : 16, selected[1]);
    paintOutgoing(context, scene, places, selected);
    return;
  }
  for (let layer = 1; layer <= scene.layers; layer += 1) paintStrong(context, scene, places, layer, lines, null);
}

const layerName = (scene, layer) => (layer === scene.layers ? "Output" : `Hidden layer ${layer}`);

function neuronName(scene, layer, neuron) {
  return layer === scene.layers ? `Output for ${neuron}` : `Hidden layer ${layer}, neuron ${neuron}`;
}

function buildNet(scene, places, choose) {
  const net = element("div", "aml4d-flow-net");
  net.setAttribute("role", "group");
  const edges = element("canvas", "aml4d-flow-edges");
  const input = element("canvas", "aml4d-flow-input");
  Object.assign(input, { width: SIDE, height: SIDE });
  const percent = (value, whole) => `${(100 * value) / whole}%`;
  Object.assign(input.style, {
    left: percent(IMAGE.left, WIDTH), top: percent(IMAGE.top, HEIGHT), width: percent(IMAGE.size, WIDTH),
  });
  net.append(edges, input);
  const head = (x, words) => {
    const label = element("span", "aml4d-flow-head", words);
    label.style.left = percent(x, WIDTH);
    net.append(label);
  };
  head(IMAGE.left + IMAGE.size / 2, `${scene.sizes[0]} inputs`);
  places.forEach((column, k) => head(column[0].x, `${column.length} ${k + 1 === scene.layers ? "outputs" : "hidden"}`));
  const neurons = places.map((column, k) =>
    column.map((place, n) => {
      const button = element("button", "aml4d-flow-neuron");
      button.type = "button";
      button.dataset.neuron = `${k + 1},${n}`;
      button.tabIndex = -1;
      button.style.left = percent(place.x, WIDTH);
      button.style.top = percent(place.y, HEIGHT);
      button.addEventListener("click", () => choose([k + 1, n]));
      net.append(button);
      return button;
    }),
  );
  const answers = places.at(-1).map((place, n) => {
    const row = element("div", "aml4d-flow-answer");
    row.setAttribute("aria-hidden", "true");
    row.style.left = percent(place.x + 20, WIDTH);
    row.style.top = percent(place.y, HEIGHT);
    const digit = element("b", "", String(n));
    const bar = element("span", "aml4d-flow-bar");
    const fill = element("span");
    bar.append(fill);
    const value = element("span", "aml4d-flow-value");
    row.append(digit, bar, value);
    net.append(row);
    return { row, fill, value };
  });
  return { net, edges, input, neurons, answers };
}

function paintInput(canvas, pixels) {
  const rgba = new Uint8ClampedArray(4 * PIXELS);
  pixels.forEach((value, k) => rgba.set([255 * value, 255 * value, 255 * value, 255], 4 * k));
  canvas.getContext("2d").putImageData(new ImageData(rgba, SIDE, SIDE), 0, 0);
}

function writeNeurons(scene, parts, selected) {
  parts.neurons.forEach((column, k) =>
    column.forEach((button, n) => {
      const value = scene.values[k + 1][n];
      const grey = Math.round(255 * Math.max(0, Math.min(1, value)));
      const chosen = selected[0] === k + 1 && selected[1] === n;
      button.style.background = `rgb(${grey} ${grey} ${grey})`;
      button.classList.toggle("aml4d-chosen", chosen);
      button.setAttribute("aria-pressed", String(chosen));
      button.setAttribute("aria-label", `${neuronName(scene, k + 1, n)}: activation ${shown(value, 2, false)}`);
      button.title = button.getAttribute("aria-label");
    }),
  );
  const outputs = scene.values.at(-1);
  const best = outputs.indexOf(Math.max(...outputs));
  parts.answers.forEach(({ row, fill, value }, n) => {
    row.classList.toggle("aml4d-best", n === best);
    fill.style.width = `${100 * Math.max(0, Math.min(1, outputs[n]))}%`;
    value.textContent = shown(outputs[n], 2, false);
  });
}

// --- the opened neuron ------------------------------------------------------

function scaleBar([low, high], colours) {
  const bar = element("div", "aml4d-flow-scale");
  const ramp = element("span");
  ramp.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
  bar.append(element("span", "", low), ramp, element("span", "", high));
  bar.setAttribute("aria-hidden", "true");
  return bar;
}

/** The 784 weights of a first-layer neuron and their products, with a pixel to point at. */
function openPixels(scene, layer, neuron, colours, state, redraw) {
  const [weights, products] = [scene.row(layer, neuron), scene.products(layer, neuron)];
  const ink = scene.values[0];
  const colourOf = signedColour(colours);
  const box = element("div", "aml4d-flow-tiles");
  const say = element("p", "aml4d-flow-pixel");
  const tileOf = (name, below) => {
    const holder = element("figure");
    const canvas = element("canvas", "aml4d-flow-tile");
    holder.append(element("figcaption", "", name), canvas, below);
    if (box.childElementCount) box.append(element("span", "aml4d-flow-sign", box.childElementCount === 1 ? "×" : "="));
    box.append(holder);
    return canvas;
  };
  const drawing = tileOf("784 inputs", scaleBar(["0", "1"], ["#000000", "#ffffff"]));
  const tiles = [["784 weights", weights], ["784 products", products]].map(([name, numbers]) => {
    const limit = largest(numbers);
    return { canvas: tileOf(name, scaleBar([shown(-limit), shown(limit)], colours)), numbers, limit };
  });
  const pad = tiles[0].canvas;
  pad.tabIndex = 0;
  pad.setAttribute("role", "application");
  pad.setAttribute("aria-roledescription", "picture with a movable point");
  const paint = () => {
    paintGrey(drawing, ink, state.pixel);
    for (const { canvas, numbers, limit } of tiles) paintSigned(canvas, numbers, limit, colourOf, ink, state.pixel);
    const [row, col] = state.pixel;
    const k = row * SIDE + col;
    const words = `Row ${row}, column ${col}: pixel ${shown(ink[k], 2, false)} × weight ${shown(weights[k])} = ${shown(products[k])}`;
    say.textContent = words;
    pad.setAttribute("aria-label", `784 weights from ${shown(-tiles[0].limit)} to ${shown(tiles[0].limit)}. ${words}`);
    drawing.setAttribute("aria-label", `The drawing, 784 pixels, mean ${shown(ink.reduce((a, b) => a + b, 0) / PIXELS, 2, false)}.`);
    tiles[1].canvas.setAttribute("aria-label", `784 products from ${shown(Math.min(...products))} to ${shown(Math.max(...products))}.`);
  };
  const move = (row, col) => {
    const limit = (value) => Math.max(0, Math.min(SIDE - 1, value));
    state.pixel = [limit(row), limit(col)];
    paint();
  };
  for (const canvas of [drawing, ...tiles.map((tile) => tile.canvas)]) {
    canvas.addEventListener("pointermove", (event) => {
      const shownBox = canvas.getBoundingClientRect();
      move(
        Math.floor(((event.clientY - shownBox.top) / shownBox.height) * SIDE),
        Math.floor(((event.clientX - shownBox.left) / shownBox.width) * SIDE),
      );
    });
  }
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  pad.addEventListener("keydown", (event) => {
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 5 : 1;
    move(state.pixel[0] + size * arrow[0], state.pixel[1] + size * arrow[1]);
  });
  paint();
  redraw.push(paint);
  return [box, say];
}

/** The inputs of a later neuron: activation × weight = product, one line each. */
function openList(scene, layer, neuron) {
  const [weights, products] = [scene.row(layer, neuron), scene.products(layer, neuron)];
  const most = largest(products) || 1;
  const list = element("ul", "aml4d-flow-list");
  products.forEach((product, k) => {
    const item = element("li");
    const words = `${shown(scene.values[layer - 1][k], 2, false)} × ${shown(weights[k])} = ${shown(product)}`;
    const bar = element("span", "aml4d-flow-product");
    bar.setAttribute("aria-hidden", "true");
    const fill = element("span", product < 0 ? "aml4d-negative" : "aml4d-positive");
    fill.style.width = `${(50 * Math.abs(product)) / most}%`;
    bar.append(fill);
    item.append(element("span", "aml4d-flow-index", `a${String(k).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d])}`), element("span", "aml4d-flow-words", words), bar);
    list.append(item);
  });
  return [list];
}

const SVG = "http://www.w3.org/2000/svg";

function svgNode(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The activation function with the neuron's place on it. */
function miniCurve(curve, total, output) {
  const [low, high] = [curve[0][0], curve.at(-1)[0]];
  const x = (value) => 4 + (112 * (Math.max(low, Math.min(high, value)) - low)) / (high - low);
  const y = (value) => 48 - 42 * value;
  const svg = svgNode("svg", { viewBox: "0 0 120 54", width: 120, height: 54, "aria-hidden": "true" });
  svg.append(svgNode("line", { x1: 4, x2: 116, y1: 48, y2: 48, class: "aml4d-flow-axis" }));
  svg.append(svgNode("line", { x1: x(0), x2: x(0), y1: 4, y2: 50, class: "aml4d-flow-axis" }));
  svg.append(svgNode("polyline", { points: curve.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" "), class: "aml4d-flow-curve" }));
  svg.append(svgNode("circle", { cx: x(total), cy: y(output), r: 5, class: "aml4d-flow-point" }));
  return svg;
}

function openNeuron(panel, scene, model, selected, state, redraw) {
  panel.replaceChildren();
  redraw.length = 0;
  if (!selected.length) {
    panel.append(element("p", "aml4d-flow-hint", "Choose a neuron to open it: click one, or use the arrow keys."));
    return;
  }
  const [layer, neuron] = selected;
  const total = scene.sums[layer - 1][neuron];
  const bias = scene.bias(layer, neuron);
  const output = scene.values[layer][neuron];
  const sum = element("div", "aml4d-flow-sum");
  const term = (label, value) => {
    const box = element("span", "aml4d-flow-term");
    box.append(element("span", "", label), element("b", "", value));
    return box;
  };
  sum.append(
    element("h4", "", neuronName(scene, layer, neuron)),
    term(`${scene.sizes[layer - 1]} products`, shown(total - bias)), element("span", "", "+"),
    term("bias b", shown(bias)), element("span", "", "="),
    term("sum z", shown(total)), element("span", "", "→"),
    miniCurve(model.get("curve"), total, output), element("span", "", "→"),
    term("σ(z)", shown(output, 2, false)),
  );
  panel.append(sum);
  panel.append(...(layer === 1
    ? openPixels(scene, layer, neuron, model.get("colours"), state, redraw)
    : openList(scene, layer, neuron)));
}

// --- view ---------------------------------------------------------------------

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-flow");
  el.dataset.lmSuppressShortcuts = "true";
  const scene = sceneOf(model);
  const places = placesOf(scene.sizes);
  const state = { pixel: [13, 13] };
  const redraw = [];
  const choose = (selected) => {
    model.set("selected", selected);
    model.save_changes();
  };
  const parts = buildNet(scene, places, choose);
  const panel = element("div", "aml4d-flow-panel");
  const legend = element("p", "aml4d-flow-legend");
  legend.setAttribute("aria-hidden", "true");
  for (const [kind, words] of [["up", "pushes up"], ["down", "pushes down"], ["on", "active"], ["off", "silent"]]) {
    const item = element("span");
    item.append(element("i", `aml4d-flow-${kind}`), words);
    legend.append(item);
  }
  parts.net.append(legend);
  el.append(parts.net, panel);

  const selection = () => {
    const chosen = model.get("selected");
    return chosen.length === 2 && parts.neurons[chosen[0] - 1]?.[chosen[1]] ? chosen : [];
  };
  const focusable = () => {
    const [layer, neuron] = selection().length ? selection() : [1, 0];
    for (const button of parts.neurons.flat()) button.tabIndex = -1;
    parts.neurons[layer - 1][neuron].tabIndex = 0;
  };
  const edges = () => paintEdges(parts.edges, scene, places, model.get("lines"), selection(), getComputedStyle(el).color);
  const draw = () => {
    scene.take();
    if (!scene.ready) return;
    paintInput(parts.input, scene.values[0]);
    writeNeurons(scene, parts, selection());
    edges();
    const inPanel = panel.contains(document.activeElement) ? document.activeElement.className : null;
    openNeuron(panel, scene, model, selection(), state, redraw);
    if (inPanel) panel.querySelector(".aml4d-flow-tile[tabindex]")?.focus();
    focusable();
    el.dataset.revision = model.get("revision");
  };
  const words = () => {
    parts.net.setAttribute("aria-label", model.get("alt"));
  };

  parts.net.addEventListener("keydown", (event) => {
    const button = event.target.closest("[data-neuron]");
    if (!button) return;
    let [layer, neuron] = button.dataset.neuron.split(",").map(Number);
    const count = (k) => parts.neurons[k - 1].length;
    if (event.key === "Escape") choose([]);
    else if (event.key === "ArrowUp") neuron = Math.max(0, neuron - 1);
    else if (event.key === "ArrowDown") neuron = Math.min(count(layer) - 1, neuron + 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const to = Math.max(1, Math.min(scene.layers, layer + (event.key === "ArrowLeft" ? -1 : 1)));
      neuron = Math.round((neuron / (count(layer) - 1)) * (count(to) - 1));
      layer = to;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return;
    choose([layer, neuron]);
    parts.neurons[layer - 1][neuron].focus();
  });
  // Keys that the picture uses must not reach the notebook's own shortcuts.
  el.addEventListener("keydown", (event) => { if (event.key !== "Escape") event.stopPropagation(); });

  const bound = { "change:revision": draw, "change:selected": draw, "change:alt": words };
  for (const [name, action] of Object.entries(bound)) model.on(name, action);
  words();
  draw();
  const resized = new ResizeObserver(() => { if (scene.ready) edges(); });
  resized.observe(parts.net);
  return () => {
    resized.disconnect();
    for (const [name, action] of Object.entries(bound)) model.off(name, action);
  };
}

export default { render };
