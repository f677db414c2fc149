// The nudges table: 13,002 rows scrolled without the kernel, one column per example, their mean.

import { make } from "../../../widgets/js/dom.js";
import { createOutbox } from "../../../widgets/js/outbox.js";
import { everyOne } from "../../../widgets/js/queue.js";
import { cellAt, orderOf, readData } from "./data.js";
import { columnName, facts, paintMap, paintNet, paintTrail, shownColumn } from "./details.js";
import { Grid } from "./grid.js";
import { build } from "./page.js";
import { ROW, cellText, counted, magnitude, number, placeOf, rowName } from "./words.js";

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

export { rowName, cellText, orderOf };
export default { render };
