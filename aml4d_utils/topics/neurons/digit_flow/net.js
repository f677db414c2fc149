// The network.

import { element, lineColours, sharpCanvas } from "./drawing.js";
import { HEIGHT, IMAGE, PIXELS, SIDE, WIDTH, largest, shown } from "./numbers.js";

/** Places of all neurons: a column for each layer, evenly spread. */
export function placesOf(sizes) {
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

export function paintEdges(canvas, scene, places, lines, selected, ink) {
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

export function neuronName(scene, layer, neuron) {
  return layer === scene.layers ? `Output for ${neuron}` : `Hidden layer ${layer}, neuron ${neuron}`;
}

export function buildNet(scene, places, choose) {
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

export function paintInput(canvas, pixels) {
  const rgba = new Uint8ClampedArray(4 * PIXELS);
  pixels.forEach((value, k) => rgba.set([255 * value, 255 * value, 255 * value, 255], 4 * k));
  canvas.getContext("2d").putImageData(new ImageData(rgba, SIDE, SIDE), 0, 0);
}

export function writeNeurons(scene, parts, selected) {
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
