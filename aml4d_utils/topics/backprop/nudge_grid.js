// The nudges table: 13,002 rows scrolled without the kernel, one column per example, their mean.
// Sections: numbers and words, data, order, building the page, the grid, the details, view.

import { fromHex, inkOn } from "../../widgets/js/colours.js";
import { createOutbox } from "../../widgets/js/outbox.js";
import { everyOne } from "../../widgets/js/queue.js";

const ROW = 28; // Height of a row in pixels; the style sheet says the same.
const SPARE = 4; // Rows drawn above and below the visible ones.
const SVG = "http://www.w3.org/2000/svg";

// --- numbers and words ------------------------------------------------------

/** A change in thousandths, with at most three digits and no sign. */
export function magnitude(value) {
  const size = Math.abs(value) * 1000;
  if (size === 0) return "0";
  if (size >= 100) return size.toFixed(0);
  if (size >= 10) return size.toFixed(1);
  if (size >= 0.005) return size.toFixed(2);
  return "<0.01";
}

/** The sign as a symbol, for eyes that do not see the colour. */
export const arrow = (value) => (value > 0 ? "▲" : value < 0 ? "▼" : "");

export const cellText = (value) => (value === 0 ? "0" : `${arrow(value)} ${magnitude(value)}`);

export function spoken(value) {
  if (value === 0) return "no change";
  return `${value > 0 ? "raise" : "lower"}, ${magnitude(value)} thousandths`;
}

const number = (value, digits = 3) =>
  (Number(value.toPrecision(digits)) + 0).toLocaleString("en-GB", { maximumSignificantDigits: digits }).replace("-", "−");

const counted = (value) => value.toLocaleString("en-GB");

/** Which parameter a row is. */
export function placeOf(groups, row) {
  const group = groups.find((g) => row >= g.start && row < g.stop);
  const at = row - group.start;
  return { group, neuron: Math.floor(at / group.inputs), source: at % group.inputs };
}

export function rowName(groups, side, row) {
  const { group, neuron, source } = placeOf(groups, row);
  const target = group.last ? `output ${neuron}` : `hidden ${group.layer + 1}, neuron ${neuron}`;
  if (group.kind === "biases") return `bias of ${target}`;
  const origin =
    group.layer === 0
      ? `pixel (${Math.floor(source / side)}, ${source % side})`
      : `hidden ${group.layer}, neuron ${source}`;
  return `${origin} → ${target}`;
}

/** The same in few letters, for the table: layer · neuron. */
export const shortName = (...place) => rowName(...place).replaceAll(", neuron ", " · ");

// --- data -------------------------------------------------------------------

function floats(view) {
  if (!view || !view.byteLength) return new Float32Array(0);
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function bytes(view) {
  if (!view || !view.byteLength) return new Uint8Array(0);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** All that is shown, read from the model once per revision. */
function readData(model) {
  const examples = model.get("examples");
  return {
    examples,
    groups: model.get("groups"),
    side: model.get("side"),
    columns: examples.length,
    rows: model.get("groups").at(-1).stop,
    cells: floats(model.get("cells")),
    weights: floats(model.get("weights")),
    pictures: bytes(model.get("pictures")),
    ramp: model.get("ramp"),
    history: model.get("history"),
  };
}

/** Column `columns` is the mean. */
const cellAt = (data, row, column) => data.cells[row * (data.columns + 1) + column];

function colourOf(data, value, limit) {
  const place = Math.max(-1, Math.min(1, value / (limit || 1)));
  return data.ramp[Math.round(((place + 1) / 2) * (data.ramp.length - 1))];
}

// --- order ------------------------------------------------------------------

/** Rows by layer, or with the largest change of one column first; ties keep their order. */
export function orderOf(cells, rows, width, column, largest) {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (largest) {
    order.sort((a, b) => Math.abs(cells[b * width + column]) - Math.abs(cells[a * width + column]) || a - b);
  }
  return order;
}

// --- building the page ------------------------------------------------------

function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") element.className = value;
    else if (key === "text") element.textContent = value;
    else if (value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

function vector(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

let unique = 0;

function field(label, control) {
  unique += 1;
  control.id = `aml4d-nt-${unique}`;
  return make("div", { class: "aml4d-nt-field" }, make("label", { for: control.id, text: label }), control);
}

function list(options, value) {
  const select = make("select");
  for (const [key, text] of options) select.add(new Option(text, key));
  select.value = value;
  return select;
}

function build(el, model) {
  el.classList.add("aml4d", "aml4d-nt");
  el.dataset.lmSuppressShortcuts = "true";
  const parts = {};
  parts.count = list(model.get("counts").map((n) => [n, n === 1 ? "1 digit" : `${n} digits`]), model.get("count"));
  parts.start = list(model.get("starts").map((name) => [name, name]), model.get("start"));
  parts.other = make("button", { type: "button", text: "Other digits" });
  parts.sort = list([["layer", "by layer"], ["mean", "largest mean first"], ["column", "largest of one digit first"]], "layer");
  parts.jump = list(model.get("groups").map((g) => [g.start, g.name]), 0);
  parts.reset = make("button", { type: "button", text: "Reset" });
  parts.rate = make("input", { type: "range", min: 0, max: model.get("rates").length - 1, step: 1 });
  parts.rateText = make("output");
  parts.step = make("button", { type: "button", class: "aml4d-primary", text: "Take the step" });
  parts.only = make("button", { type: "button", text: "Follow only this digit" });
  parts.undo = make("button", { type: "button", text: "Undo" });
  parts.trail = make("div", { class: "aml4d-nt-trail", role: "img" });
  parts.where = make("span");
  parts.open = make("button", { type: "button", "aria-expanded": "false", text: "Where is it in the network?" });
  parts.grid = make("div", { class: "aml4d-nt-grid", role: "grid", "aria-label": "Nudges table" });
  parts.head = make("div", { class: "aml4d-nt-row aml4d-nt-head", role: "row", "aria-rowindex": 1 });
  parts.body = make("div", { class: "aml4d-nt-body", role: "rowgroup" });
  parts.grid.append(make("div", { class: "aml4d-nt-headgroup", role: "rowgroup" }, parts.head), parts.body);
  parts.net = vector("svg", { viewBox: "0 0 350 196" });
  parts.map = make("canvas");
  parts.facts = make("div", { class: "aml4d-nt-facts" });
  parts.caption = make("p", { "data-role": "caption", "aria-hidden": "true" });
  parts.spoken = make("p", { class: "aml4d-hidden", "aria-live": "polite" });
  parts.problem = make("p", { class: "aml4d-status aml4d-error", role: "status" });
  parts.netRoom = figure("where the parameter sits", parts.net);
  parts.mapRoom = figure("", parts.map);
  parts.scale = make("div", { class: "aml4d-colourbar", "aria-hidden": "true" });
  parts.mapRoom.append(parts.scale);
  parts.details = make("div", { class: "aml4d-nt-details" }, parts.netRoom, parts.mapRoom, parts.facts);
  const title = make("h3", { class: "aml4d-title", text: "The nudges table " });
  title.append(make("span", { class: "aml4d-badge", text: "live" }));
  el.append(
    make("div", { class: "aml4d-nt-top" }, title, make("p", {
      class: "aml4d-purpose aml4d-nt-purpose",
      text: "A cell says how this digit wants this parameter to change, in thousandths: ▲ up, ▼ down.",
    })),
    make("div", { class: "aml4d-nt-bar" },
      field("Digits", parts.count), parts.other, field("Network", parts.start),
      make("div", { class: "aml4d-nt-find" }, field("Rows", parts.sort), field("Jump to", parts.jump)), parts.reset),
    make("div", { class: "aml4d-nt-bar aml4d-nt-steps" },
      make("div", { class: "aml4d-nt-field aml4d-nt-rate" },
        make("span", { class: "aml4d-control-head" }, make("label", { text: "Learning rate" }), parts.rateText), parts.rate),
      parts.step, parts.only, parts.undo, parts.trail),
    parts.grid,
    make("div", { class: "aml4d-nt-where" }, parts.where, parts.open),
    parts.details,
    make("div", { class: "aml4d-caption" }, parts.caption, parts.spoken, parts.problem),
  );
  unique += 1;
  parts.rate.id = `aml4d-nt-${unique}`;
  el.querySelector(".aml4d-nt-rate label").htmlFor = parts.rate.id;
  return parts;
}

function figure(title, drawing) {
  const room = make("div", { class: "aml4d-nt-figure", role: "img" }, make("div", { class: "aml4d-nt-figure-title", text: title }));
  drawing.setAttribute("aria-hidden", "true");
  room.append(drawing);
  return room;
}

// --- the grid ---------------------------------------------------------------

function headCell(data, index, colindex) {
  const cell = make("div", { class: "aml4d-nt-cell aml4d-nt-digit", role: "columnheader", "aria-colindex": colindex, tabindex: -1 });
  const example = data.examples[index];
  const canvas = make("canvas", { width: data.side, height: data.side, "aria-hidden": "true" });
  paintDigit(canvas, data, index);
  const now = example.cost;
  const cost = make("span", { class: "aml4d-nt-cost" });
  const change = example.before === null || example.before === undefined ? "" : now > example.before ? " ▲" : now < example.before ? " ▼" : "";
  cost.textContent = `${now.toFixed(2)}${change}`;
  const before = example.before === null || example.before === undefined ? "" : `, before the step ${example.before.toFixed(3)}`;
  cell.setAttribute("aria-label", `Digit ${example.label}, cost ${now.toFixed(3)}${before}, read as ${example.guess}`);
  cell.title = `a ${example.label}, read as ${example.guess}, cost ${now.toFixed(3)}${before}`;
  const right = example.guess === example.label;
  cell.append(canvas, make("span", { class: "aml4d-nt-label", text: `${example.label}→${example.guess} ${right ? "✓" : "✗"}` }), cost);
  cell.dataset.column = index;
  return cell;
}

function meanHead(data, colindex) {
  const cell = make("div", { class: "aml4d-nt-cell aml4d-nt-mean", role: "columnheader", "aria-colindex": colindex, tabindex: -1 });
  const cost = data.examples.reduce((sum, example) => sum + example.cost, 0) / data.columns;
  const last = data.history.length > 1 ? data.history.at(-2) : null;
  const change = last === null ? "" : cost > last ? " ▲" : cost < last ? " ▼" : "";
  cell.append(
    make("span", { class: "aml4d-nt-formula", text: "mean" }),
    make("span", { class: "aml4d-nt-formula", text: "= −∇C" }),
    make("span", { class: "aml4d-nt-cost", text: `${cost.toFixed(2)}${change}` }),
  );
  cell.setAttribute("aria-label", `Mean of all digits, minus the gradient; mean cost ${cost.toFixed(3)}`);
  cell.dataset.column = data.columns;
  return cell;
}

function paintDigit(canvas, data, index) {
  const side = data.side;
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let p = 0; p < side * side; p += 1) {
    let ink = 0;
    if (index < data.columns) ink = data.pictures[index * side * side + p];
    else for (let k = 0; k < data.columns; k += 1) ink += data.pictures[k * side * side + p] / data.columns;
    pixels.set([255 - ink, 255 - ink, 255 - ink, 255], 4 * p);
  }
  canvas.width = side;
  canvas.height = side;
  canvas.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
}

/** Draws the visible rows, keeps the active cell and its focus. */
class Grid {
  constructor(parts, moved) {
    this.parts = parts;
    this.moved = moved;
    this.active = { row: 0, column: 0 }; // A parameter's row, and a column; -1 is the row header.
    this.inHead = false;
    this.top = 0; // Where the grid was scrolled to when it was last seen.
    parts.grid.addEventListener("scroll", () => {
      if (parts.grid.clientHeight) this.top = parts.grid.scrollTop;
      this.paint();
    });
    parts.grid.addEventListener("keydown", (event) => this.key(event));
    parts.grid.addEventListener("click", (event) => this.click(event));
  }

  show(data, order) {
    this.data = data;
    this.order = order;
    this.place = new Uint32Array(order.length);
    order.forEach((row, at) => { this.place[row] = at; });
    this.active.column = Math.min(this.active.column, data.columns);
    const { grid, head, body } = this.parts;
    grid.setAttribute("aria-rowcount", order.length + 1);
    grid.setAttribute("aria-colcount", data.columns + 2);
    grid.style.setProperty("--columns", data.columns);
    const focused = grid.contains(document.activeElement);
    const corner = make("div", { class: "aml4d-nt-cell aml4d-nt-name", role: "columnheader", "aria-colindex": 1, tabindex: -1 });
    corner.append(make("span", { class: "aml4d-nt-corner", text: "parameter (layer · neuron)" }), make("span", { class: "aml4d-nt-corner", text: "digit → read as, ✓ rightly" }), make("span", { class: "aml4d-nt-corner", text: "its cost" }));
    corner.dataset.column = -1;
    head.replaceChildren(corner, ...data.examples.map((_, k) => headCell(data, k, k + 2)), meanHead(data, data.columns + 2));
    body.style.height = `${order.length * ROW}px`;
    this.paint(true);
    if (focused) this.focus();
  }

  paint(all = false) {
    const { grid, head, body } = this.parts;
    const room = grid.clientHeight - head.offsetHeight;
    const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - SPARE);
    const last = Math.min(this.order.length, Math.ceil((grid.scrollTop + room) / ROW) + SPARE);
    const kept = new Map();
    const focused = body.contains(document.activeElement);
    if (!all) for (const row of body.children) kept.set(Number(row.dataset.at), row);
    const rows = [];
    for (let at = first; at < last; at += 1) rows.push(kept.get(at) ?? this.row(at));
    if (all || rows.length !== body.childElementCount || rows.some((row, k) => row !== body.children[k])) {
      body.replaceChildren(...rows);
    }
    this.mark();
    if (focused) this.element()?.focus({ preventScroll: true });
    const top = Math.min(this.order.length - 1, Math.floor(grid.scrollTop / ROW));
    this.topRow = this.order[top];
    this.scrolled?.(top, Math.min(this.order.length, Math.floor((grid.scrollTop + room + 1) / ROW)) - 1);
  }

  row(at) {
    const { data } = this;
    const row = this.order[at];
    const { group } = placeOf(data.groups, row);
    const element = make("div", { class: "aml4d-nt-row", role: "row", "aria-rowindex": at + 2 });
    element.style.top = `${at * ROW}px`;
    element.dataset.at = at;
    const name = make("div", { class: "aml4d-nt-cell aml4d-nt-name", role: "rowheader", "aria-colindex": 1, tabindex: -1 },
      make("span", { class: "aml4d-nt-index", text: `Δw${row}` }), make("span", { text: shortName(data.groups, data.side, row) }));
    name.title = rowName(data.groups, data.side, row);
    name.setAttribute("aria-label", `w${row}, ${name.title}`);
    name.dataset.column = -1;
    name.dataset.layer = group.layer;
    element.append(name);
    for (let column = 0; column <= data.columns; column += 1) {
      const value = cellAt(data, row, column);
      const colour = colourOf(data, value, group.limit);
      const cell = make("div", {
        class: "aml4d-nt-cell" + (column === data.columns ? " aml4d-nt-mean" : ""),
        role: "gridcell", "aria-colindex": column + 2, tabindex: -1, "aria-label": spoken(value), text: cellText(value),
      });
      if (value !== 0) {
        cell.style.background = colour;
        cell.style.color = inkOn(fromHex(colour));
      } else cell.classList.add("aml4d-nt-zero");
      cell.dataset.column = column;
      element.append(cell);
    }
    return element;
  }

  element() {
    const row = this.inHead
      ? this.parts.head
      : this.parts.body.querySelector(`[data-at="${this.place[this.active.row]}"]`);
    return row?.querySelector(`[data-column="${this.active.column}"]`) ?? null;
  }

  mark() {
    const { grid, head, body } = this.parts;
    for (const cell of grid.querySelectorAll("[tabindex='0']")) cell.tabIndex = -1;
    for (const row of [head, ...body.children]) {
      const here = !this.inHead && Number(row.dataset.at) === this.place[this.active.row];
      row.classList.toggle("aml4d-nt-active", here);
      for (const cell of row.children) {
        const column = Number(cell.dataset.column) === this.active.column;
        cell.classList.toggle("aml4d-nt-column", column && this.active.column >= 0);
        cell.toggleAttribute("data-active", column && (here || (this.inHead && row === head)));
      }
    }
    const element = this.element();
    if (element) element.tabIndex = 0;
    else head.firstElementChild.tabIndex = 0;
  }

  focus() {
    this.reveal();
    this.element()?.focus({ preventScroll: true });
  }

  /** Scroll so that the active cell is seen; with `middle`, a third of the way down. */
  reveal(middle = false) {
    const { grid, head } = this.parts;
    if (!this.inHead) {
      const top = this.place[this.active.row] * ROW;
      const room = grid.clientHeight - head.offsetHeight;
      if (middle) grid.scrollTop = top - ROW * 4;
      else if (top < grid.scrollTop) grid.scrollTop = top;
      else if (top + ROW > grid.scrollTop + room) grid.scrollTop = top + ROW - room;
    }
    this.paint();
    const cell = this.element();
    if (cell && this.active.column >= 0 && this.active.column < this.data.columns) {
      const left = head.firstElementChild.offsetWidth;
      const right = grid.clientWidth - head.lastElementChild.offsetWidth;
      const start = left + this.active.column * cell.offsetWidth;
      if (start - grid.scrollLeft < left) grid.scrollLeft = start - left;
      else if (start + cell.offsetWidth - grid.scrollLeft > right) grid.scrollLeft = start + cell.offsetWidth - right;
    }
  }

  goTo(at, column) {
    if (at < 0) this.inHead = true;
    else {
      this.inHead = false;
      this.active.row = this.order[Math.min(at, this.order.length - 1)];
    }
    this.active.column = Math.max(-1, Math.min(this.data.columns, column));
    this.focus();
    this.moved();
  }

  key(event) {
    if (event.key === "Enter" && this.inHead) {
      event.preventDefault();
      this.headed(this.active.column);
      return;
    }
    const at = this.inHead ? -1 : this.place[this.active.row];
    const page = Math.max(1, Math.floor((this.parts.grid.clientHeight - this.parts.head.offsetHeight) / ROW) - 1);
    const last = this.order.length - 1;
    const { column } = this.active;
    const whole = event.ctrlKey || event.metaKey;
    const target = {
      ArrowUp: [at - 1, column],
      ArrowDown: [at + 1, column],
      ArrowLeft: [at, column - 1],
      ArrowRight: [at, column + 1],
      PageUp: [Math.max(0, at - page), column],
      PageDown: [at + page, column],
      Home: whole ? [0, -1] : [at, -1],
      End: whole ? [last, this.data.columns] : [at, this.data.columns],
    }[event.key];
    if (!target || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.goTo(Math.max(-1, target[0]), target[1]);
  }

  click(event) {
    const cell = event.target.closest("[data-column]");
    if (!cell) return;
    const row = cell.closest("[role=row]");
    const head = row === this.parts.head;
    this.goTo(head ? -1 : Number(row.dataset.at), Number(cell.dataset.column));
    if (head) this.headed(this.active.column);
  }
}

// --- the details ------------------------------------------------------------

const shownColumn = (data, column) => (column < 0 ? data.columns : column);

const columnName = (data, column) =>
  column === data.columns ? "the mean of all digits" : `this ${data.examples[column].label}`;

function paintMap(parts, data, row, column) {
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

function paintNet(parts, data, row, column) {
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

function facts(data, row, column, rate) {
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

function paintTrail(parts, history) {
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

// --- view -------------------------------------------------------------------

function render({ model, el }) {
  const parts = build(el, model);
  const outbox = createOutbox(model, el, { keep: everyOne });
  let data = readData(model);
  let later = null;
  const rate = () => model.get("rates")[Number(parts.rate.value)];

  const details = () => {
    const { row } = grid.active;
    const column = shownColumn(data, grid.active.column);
    paintNet(parts, data, row, column);
    const map = paintMap(parts, data, row, column);
    parts.facts.replaceChildren(...facts(data, row, column, rate()).map(([term, text]) =>
      make("p", { class: "aml4d-nt-fact" }, make("span", { text: `${term} ` }), make("strong", { text }))));
    const only = column < data.columns;
    parts.only.disabled = !only;
    parts.only.textContent = only ? `Follow only this ${data.examples[column].label}` : "Follow only one digit";
    const value = cellAt(data, row, column);
    const verb = value === 0 ? "wants no change of" : value > 0 ? "wants more of" : "wants less of";
    const size = value === 0 ? "" : `, by ${magnitude(value)} thousandths for each unit of learning rate`;
    const who = column === data.columns ? "The mean of all digits" : `This ${data.examples[column].label}`;
    const text = `${who} ${verb} w${row} (${rowName(data.groups, data.side, row)})${size}. Of ${map.title}, it wants ${counted(map.up)} up and ${counted(map.down)} down. ${model.get("summary")}`;
    parts.caption.textContent = text;
    clearTimeout(later);
    later = setTimeout(() => { parts.spoken.textContent = text; }, 600);
    if (model.get("selected")[0] !== row || model.get("selected")[1] !== grid.active.column) {
      model.set("selected", [row, grid.active.column]);
      model.save_changes();
    }
  };

  const grid = new Grid(parts, details);
  grid.active = { row: model.get("selected")[0], column: model.get("selected")[1] };
  grid.scrolled = (first, last) => {
    const sorted = parts.sort.value !== "layer";
    const { group } = placeOf(data.groups, grid.topRow);
    parts.where.textContent = sorted
      ? `Ranks ${counted(first + 1)} to ${counted(last + 1)} of ${counted(data.rows)}, by the size of the change in ${columnName(data, sortColumn)}`
      : `Rows ${counted(first)} to ${counted(last)} of ${counted(data.rows)} · ${group.name}`;
    if (!sorted) parts.jump.value = group.start;
  };
  let sortColumn = data.columns;

  const arrange = () => {
    if (parts.sort.value === "mean" || sortColumn > data.columns) sortColumn = data.columns;
    const order = orderOf(data.cells, data.rows, data.columns + 1, sortColumn, parts.sort.value !== "layer");
    parts.jump.disabled = parts.sort.value !== "layer";
    grid.show(data, order);
  };
  const sortBy = (column) => {
    sortColumn = column;
    arrange();
    if (parts.sort.value !== "layer") {
      grid.active.row = grid.order[0];
      parts.grid.scrollTop = 0;
      grid.paint();
    } else grid.reveal(true);
    details();
  };
  grid.headed = (column) => {
    if (parts.sort.value !== "column") return;
    sortBy(shownColumn(data, column));
    grid.focus();
  };
  const refresh = () => {
    data = readData(model);
    arrange();
    paintTrail(parts, data.history);
    parts.undo.disabled = data.history.length < 2;
    parts.count.value = model.get("count");
    parts.start.value = model.get("start");
    details();
    el.dataset.revision = model.get("revision");
  };
  const rateText = () => {
    const text = number(rate());
    parts.rateText.textContent = text;
    parts.rate.setAttribute("aria-valuetext", text);
  };
  const open = (opened) => {
    el.classList.toggle("aml4d-nt-opened", opened);
    parts.open.setAttribute("aria-expanded", String(opened));
    parts.open.textContent = opened ? "Hide the network" : "Where is it in the network?";
    parts.details.hidden = !opened;
  };
  const problem = () => { parts.problem.textContent = model.get("problem"); };
  const send = (kind, more = {}) => outbox.send({ kind, ...more });

  parts.count.addEventListener("change", () => send("count", { value: Number(parts.count.value) }));
  parts.start.addEventListener("change", () => send("start", { value: parts.start.value }));
  parts.other.addEventListener("click", () => send("other"));
  parts.reset.addEventListener("click", () => {
    parts.sort.value = "layer";
    parts.rate.value = model.get("rates").indexOf(model.get("first_rate"));
    rateText();
    grid.active = { row: model.get("first_selected")[0], column: model.get("first_selected")[1] };
    grid.inHead = false;
    send("reset");
  });
  parts.step.addEventListener("click", () => send("step", { rate: rate(), column: -1 }));
  parts.only.addEventListener("click", () => send("step", { rate: rate(), column: grid.active.column }));
  parts.undo.addEventListener("click", () => send("undo"));
  parts.open.addEventListener("click", () => {
    open(parts.details.hidden);
    grid.reveal();
  });
  parts.rate.addEventListener("input", () => { rateText(); details(); });
  parts.sort.addEventListener("change", () => {
    grid.inHead = false;
    sortBy(parts.sort.value === "mean" ? data.columns : shownColumn(data, grid.active.column));
  });
  parts.jump.addEventListener("change", () => {
    const at = Number(parts.jump.value);
    grid.inHead = false;
    grid.active.row = at;
    parts.grid.scrollTop = at * ROW;
    grid.paint();
    details();
  });

  model.on("change:revision", refresh);
  model.on("change:problem", problem);
  parts.rate.value = model.get("rates").indexOf(model.get("first_rate"));
  rateText();
  problem();
  open(false);
  refresh();
  requestAnimationFrame(() => {
    if (!el.isConnected) return;
    // Inside another explorer it is that explorer's sentence that says what is shown.
    if (el.closest(".aml4d-stage")) parts.caption.removeAttribute("data-role");
    grid.reveal(true);
  });
  const resized = new ResizeObserver(() => {
    if (!parts.grid.clientHeight) return;
    if (grid.top > 0 && parts.grid.scrollTop === 0) parts.grid.scrollTop = grid.top; // Was hidden.
    grid.paint();
  });
  resized.observe(parts.grid);
  return () => {
    clearTimeout(later);
    outbox.close();
    resized.disconnect();
    model.off("change:revision", refresh);
    model.off("change:problem", problem);
  };
}

export default { render };
