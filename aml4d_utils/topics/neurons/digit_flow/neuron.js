// The opened neuron.

import { element, paintGrey, paintSigned, signedColour } from "./drawing.js";
import { neuronName } from "./net.js";
import { PIXELS, SIDE, largest, shown } from "./numbers.js";

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

export function openNeuron(panel, scene, model, selected, state, redraw) {
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
