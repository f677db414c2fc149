// The network, the map and the facts below the grid.

import { make, vector } from "../../../widgets/js/dom.js";
import { cellAt, colourOf } from "./data.js";
import { paintDigit } from "./grid.js";
import { cellText, magnitude, number, placeOf, rowName } from "./words.js";

export const shownColumn = (data, column) => (column < 0 ? data.columns : column);

export const columnName = (data, column) =>
  column === data.columns ? "the mean of all digits" : `this ${data.examples[column].label}`;

export function paintMap(parts, data, row, column) {
  const { group, neuron, source } = placeOf(data.groups, row);
  const weights = data.groups.find((g) => g.layer === group.layer && g.kind === "weights");
  const pixels = group.layer === 0;
  const height = pixels ? data.side : weights.neurons;
  const width = pixels ? data.side : weights.inputs;
  const base = pixels ? weights.start + neuron * weights.inputs : weights.start;
  const values = Array.from({ length: height * width }, (_, k) => cellAt(data, base + k, column));
  const limit = Math.max(...values.map(Math.abs)) || 1;
  const scale = Math.floor(168 / Math.max(height, width));
  parts.map.width = width * scale;
  parts.map.height = height * scale;
  const context = parts.map.getContext("2d");
  values.forEach((value, k) => {
    context.fillStyle = colourOf(data, value, limit);
    context.fillRect((k % width) * scale, Math.floor(k / width) * scale, scale, scale);
  });
  const at = group.kind === "biases" ? null : pixels ? [Math.floor(source / data.side), source % data.side] : [neuron, source];
  const marks = at ? [[at[1] * scale, at[0] * scale, scale, scale]] : pixels ? [] : [[0, neuron * scale, width * scale, scale]];
  for (const [x, y, w, h] of marks) {
    context.lineWidth = 3;
    context.strokeStyle = "#fff";
    context.strokeRect(x - 1, y - 1, w + 2, h + 2);
    context.lineWidth = 1.5;
    context.strokeStyle = "#000";
    context.strokeRect(x - 1, y - 1, w + 2, h + 2);
  }
  const target = group.last ? `output ${neuron}` : `neuron ${neuron}`;
  const title = pixels ? `all 784 weights into ${target}` : `all ${weights.neurons} × ${weights.inputs} weights of this layer`;
  const up = values.filter((v) => v > 0).length;
  const down = values.filter((v) => v < 0).length;
  parts.mapRoom.firstChild.textContent = title;
  const ramp = make("span", { class: "aml4d-colourbar-ramp aml4d-signed" });
  ramp.style.background = `linear-gradient(to right, ${data.ramp.join(", ")})`;
  parts.scale.replaceChildren(make("span", { text: `▼ ${magnitude(limit)}` }), ramp, make("span", { text: `▲ ${magnitude(limit)}` }));
  parts.mapRoom.setAttribute("aria-label", `Map of the changes that ${columnName(data, column)} wants for ${title}: ${up} up, ${down} down, ${values.length - up - down} not at all; largest ${magnitude(limit)} thousandths.`);
  return { up, down, title };
}

const NET = { xs: [60, 176, 250, 324], top: 14, height: 168, box: { x: 2, y: 40, size: 116 } };

function neuronY(index, count) {
  return NET.top + (NET.height * (index + 0.5)) / count;
}

export function paintNet(parts, data, row, column) {
  const { group, neuron, source } = placeOf(data.groups, row);
  const svg = parts.net;
  svg.replaceChildren();
  const layers = data.groups.filter((g) => g.kind === "weights");
  const line = (x1, y1, x2, y2, kind) => svg.append(vector("line", { x1, y1, x2, y2, class: `aml4d-nt-line aml4d-nt-${kind}` }));
  const { box } = NET;
  const pixel = (p) => [box.x + ((p % data.side) + 0.5) * (box.size / data.side), box.y + (Math.floor(p / data.side) + 0.5) * (box.size / data.side)];
  const yTo = neuronY(neuron, group.neurons);
  const xTo = NET.xs[group.layer + 1];
  const from = (k) => (group.layer === 0 ? pixel(k) : [NET.xs[group.layer], neuronY(k, layers[group.layer].inputs)]);
  if (group.layer > 0) for (let k = 0; k < layers[group.layer].inputs; k += 1) line(...from(k), xTo, yTo, "faint");
  svg.append(vector("rect", { x: box.x, y: box.y, width: box.size, height: box.size, class: "aml4d-nt-box" }));
  const drawing = document.createElement("canvas");
  paintDigit(drawing, data, column);
  const image = vector("image", { href: drawing.toDataURL(), x: box.x + 1, y: box.y + 1, width: box.size - 2, height: box.size - 2, class: "aml4d-nt-pixels" });
  svg.append(image);
  const caption = vector("text", { x: box.x + box.size / 2, y: box.y + box.size + 17, class: "aml4d-nt-nettext" });
  caption.textContent = "784 pixels";
  svg.append(caption);
  if (group.kind === "weights") line(...from(source), xTo, yTo, "strong");
  layers.forEach((layer) => {
    for (let k = 0; k < layer.neurons; k += 1) {
      const here = layer.layer === group.layer && k === neuron;
      svg.append(vector("circle", { cx: NET.xs[layer.layer + 1], cy: neuronY(k, layer.neurons), r: here ? 6 : 4, class: `aml4d-nt-neuron${here ? " aml4d-nt-here" : ""}` }));
      if (layer.last) {
        const text = vector("text", { x: NET.xs[3] + 13, y: neuronY(k, layer.neurons) + 5, class: "aml4d-nt-nettext" });
        text.textContent = k;
        svg.append(text);
      }
    }
  });
  if (group.kind === "weights" && group.layer === 0) {
    const [x, y] = pixel(source);
    svg.append(vector("circle", { cx: x, cy: y, r: 4, class: "aml4d-nt-neuron aml4d-nt-here" }));
  }
  const seen = column === data.columns ? "the mean of all pictures" : `a ${data.examples[column].label}, read as ${data.examples[column].guess}`;
  parts.netRoom.firstChild.textContent = seen;
  parts.netRoom.setAttribute("aria-label", `Sketch of the network, from the pixels of ${seen}, through 16 and 16 neurons to 10 outputs; marked is ${rowName(data.groups, data.side, row)}.`);
}

export function facts(data, row, column, rate) {
  const value = cellAt(data, row, column);
  const mean = cellAt(data, row, data.columns);
  const weight = data.weights[row];
  const lines = [
    ["parameter", `w${row}: ${rowName(data.groups, data.side, row)}`],
    ["its value now", number(weight, 4)],
  ];
  if (column < data.columns) lines.push([`this ${data.examples[column].label} wants`, `${cellText(value)} thousandths`]);
  let up = 0;
  let down = 0;
  for (let k = 0; k < data.columns; k += 1) {
    up += cellAt(data, row, k) > 0;
    down += cellAt(data, row, k) < 0;
  }
  lines.push(["votes", `${up} up, ${down} down, ${data.columns - up - down} not at all`]);
  lines.push(["mean of all", `${cellText(mean)} thousandths`]);
  lines.push(["after the step", `${number(weight, 4)} ${mean < 0 ? "−" : "+"} ${number(rate)} × ${number(Math.abs(mean))} = ${number(weight + rate * mean, 4)}`]);
  return lines;
}

export function paintTrail(parts, history) {
  const width = 120;
  const height = 46;
  const svg = vector("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const high = Math.max(...history, 1e-9);
  const x = (k) => 6 + (k / Math.max(1, history.length - 1)) * (width - 12);
  const y = (c) => height - 6 - (c / high) * (height - 14);
  svg.append(vector("line", { x1: 2, x2: width - 2, y1: height - 5, y2: height - 5, class: "aml4d-nt-line aml4d-nt-faint" }));
  svg.append(vector("polyline", { points: history.map((c, k) => `${x(k)},${y(c)}`).join(" "), class: "aml4d-nt-curve" }));
  history.forEach((c, k) => svg.append(vector("circle", { cx: x(k), cy: y(c), r: k === history.length - 1 ? 4.5 : 2.5, class: "aml4d-nt-dot" })));
  const steps = history.length - 1;
  const words = steps
    ? `Mean cost ${history[0].toFixed(3)} → ${history.at(-1).toFixed(3)} after ${steps} ${steps === 1 ? "step" : "steps"}`
    : `Mean cost ${history[0].toFixed(3)}, no step taken yet`;
  parts.trail.replaceChildren(svg, make("span", { text: words }));
  parts.trail.setAttribute("aria-label", `${words}.`);
}
