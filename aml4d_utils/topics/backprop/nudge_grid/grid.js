// The grid: only the rows that are seen are drawn.

import { fromHex, inkOn } from "../../../widgets/js/colours.js";
import { make } from "../../../widgets/js/dom.js";
import { cellAt, colourOf } from "./data.js";
import { ROW, SPARE, cellText, placeOf, rowName, shortName, spoken } from "./words.js";

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

export function paintDigit(canvas, data, index) {
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
export class Grid {
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
