// Building the page.

import { make, vector } from "../../../widgets/js/dom.js";
import { saving } from "../../../widgets/js/save.js";

const TITLE = "The nudges table";

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

export function build(el, model) {
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
  const title = make("h3", { class: "aml4d-title", text: `${TITLE} ` });
  title.append(make("span", { class: "aml4d-badge", text: "live" }));
  const { save, said } = saving(() => el.querySelector(".aml4d-nt-stage"), TITLE, () => parts.caption.textContent);
  el.append(
    make("div", { class: "aml4d-nt-top" }, title,
      make("div", { class: "aml4d-row aml4d-ends" }, parts.reset, save),
      make("p", {
        class: "aml4d-purpose aml4d-nt-purpose",
        text: "A cell says how this digit wants this parameter to change, in thousandths: ▲ up, ▼ down.",
      })),
    make("div", { class: "aml4d-nt-bar" },
      field("Digits", parts.count), parts.other, field("Network", parts.start),
      make("div", { class: "aml4d-nt-find" }, field("Rows", parts.sort), field("Jump to", parts.jump))),
    said,
    make("div", { class: "aml4d-nt-bar aml4d-nt-steps" },
      make("div", { class: "aml4d-nt-field aml4d-nt-rate" },
        make("span", { class: "aml4d-control-head" }, make("label", { text: "Learning rate" }), parts.rateText), parts.rate),
      parts.step, parts.only, parts.undo, parts.trail),
    make("div", { class: "aml4d-nt-stage" },
      parts.grid,
      make("div", { class: "aml4d-nt-where" }, parts.where, parts.open),
      parts.details),
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
