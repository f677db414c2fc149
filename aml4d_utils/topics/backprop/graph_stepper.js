// A graph of values, walked forward and backward one move at a time.
// Sections: numbers, building the page, drawing the graph, playing, view.

import { fromHex, inkOn } from "../../widgets/js/colours.js";
import { make, vector } from "../../widgets/js/dom.js";
import { createOutbox } from "../../widgets/js/outbox.js";
import { everyOne } from "../../widgets/js/queue.js";
import { saving } from "../../widgets/js/save.js";

const BOX = { width: 84, height: 66, gap: 52, down: 80, top: 12 };
const TITLE = "The chain rule, edge by edge";
const PACE = 1100; // Milliseconds from one move to the next while playing.

// --- numbers ----------------------------------------------------------------

export function short(value) {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  if (size === 0) return "0";
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

/** The state after `position` moves: which values are computed, which gradients are known. */
export function stateAt(graph, position) {
  const known = graph.boxes.map((box) => box.operation === "");
  graph.moves.slice(0, position + 1).forEach((move) => {
    if (move.kind === "forward") known[move.value] = true;
  });
  const move = graph.moves[position];
  return { known, grads: move.grads, move, walked: move.edge };
}

// --- building the page --------------------------------------------------------

let unique = 0;
function labelled(text, control) {
  unique += 1;
  control.id = `aml4d-gs-${unique}`;
  return make("div", { class: "aml4d-gs-field" }, make("label", { for: control.id, text }), control);
}

const button = (text, more = {}) => make("button", { type: "button", text, ...more });

function build(el, model) {
  el.classList.add("aml4d", "aml4d-gs");
  el.dataset.lmSuppressShortcuts = "true";
  const parts = {
    preset: make("select"),
    text: make("input", { type: "text", spellcheck: "false", autocomplete: "off", autocapitalize: "off" }),
    build: button("Build"),
    reset: button("Reset"),
    stage: make("div", { class: "aml4d-gs-stage", tabindex: 0, role: "group", "aria-label": "Graph. Right and left arrow: next and back. Space: play or pause." }),
    room: make("div", { class: "aml4d-gs-room" }),
    back: button("◀ Back"),
    next: button("Next ▶", { class: "aml4d-primary" }),
    play: button("Play"),
    forward: button("All forward"),
    all: button("All the way"),
    slide: make("input", { type: "range", min: 0, step: 1, "aria-label": "Move" }),
    count: make("span", { class: "aml4d-gs-count" }),
    rate: make("input", { type: "range", min: 0.1, max: 5, step: 0.1 }),
    rateText: make("output"),
    step: button("Take a step"),
    trail: make("span", { class: "aml4d-gs-trail" }),
    caption: make("p", { "data-role": "caption", "aria-hidden": "true" }),
    spoken: make("p", { class: "aml4d-hidden", "aria-live": "polite" }),
    problem: make("p", { class: "aml4d-status aml4d-error", role: "alert" }),
  };
  for (const name of [...model.get("presets"), "my own"]) parts.preset.add(new Option(name, name));
  parts.stage.append(parts.room);
  const title = make("h3", { class: "aml4d-title", text: `${TITLE} ` });
  title.append(make("span", { class: "aml4d-badge", text: "live" }));
  const rate = labelled("Learning rate", parts.rate);
  rate.firstChild.append(" ", parts.rateText);
  const { save, said } = saving(() => parts.room, TITLE, () => parts.caption.textContent);
  const words = labelled("Expression", parts.text);
  words.classList.add("aml4d-gs-wide");
  el.append(
    make("div", { class: "aml4d-gs-top" }, title,
      make("p", { class: "aml4d-purpose", text: "Each box is a number. Forward fills in values, backward fills in gradients. You can change the inputs." })),
    make("div", { class: "aml4d-gs-bar" }, labelled("Example", parts.preset), words, parts.build, parts.reset, save),
    said,
    parts.problem,
    parts.stage,
    make("div", { class: "aml4d-gs-bar aml4d-gs-walk" }, parts.back, parts.next, parts.play, parts.forward, parts.all, parts.slide, parts.count),
    make("div", { class: "aml4d-gs-bar aml4d-gs-step" }, rate, parts.step, parts.trail),
    make("div", { class: "aml4d-caption" }, parts.caption, parts.spoken),
  );
  return parts;
}

// --- drawing the graph ----------------------------------------------------------

const left = (box) => 10 + box.column * (BOX.width + BOX.gap);
const top = (box) => BOX.top + box.row * BOX.down;

function colour(ramp, value, limit) {
  const place = Math.max(-1, Math.min(1, value / (limit || 1)));
  return ramp[Math.round(((place + 1) / 2) * (ramp.length - 1))];
}

function drawGraph(parts, graph, change) {
  const columns = Math.max(...graph.boxes.map((box) => box.column)) + 1;
  const rows = Math.max(...graph.boxes.map((box) => box.row)) + 1;
  const width = 20 + columns * BOX.width + (columns - 1) * BOX.gap;
  const height = BOX.top * 2 + (rows - 1) * BOX.down + BOX.height;
  parts.room.style.width = `${width}px`;
  parts.room.style.minHeight = `${height}px`;
  const svg = vector("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  const twins = new Map();
  parts.lines = graph.edges.map((edge) => {
    const key = `${edge.parent}-${edge.child}`;
    const nth = twins.get(key) ?? 0;
    twins.set(key, nth + 1);
    const all = graph.edges.filter((other) => `${other.parent}-${other.child}` === key).length;
    const shift = (nth - (all - 1) / 2) * 30;
    const from = graph.boxes[edge.parent];
    const to = graph.boxes[edge.child];
    const [x1, y1] = [left(from) + BOX.width, top(from) + BOX.height / 2 + shift / 2];
    const [x2, y2] = [left(to), top(to) + BOX.height / 2 + shift / 2];
    const middle = (x2 - x1) * 0.5;
    const group = vector("g", { class: "aml4d-gs-edge" });
    group.append(vector("path", { d: `M${x1},${y1} C${x1 + middle},${y1 + shift} ${x2 - middle},${y2 + shift} ${x2},${y2}` }));
    const text = vector("text", { x: (x1 + x2) / 2, y: (y1 + y2) / 2 + shift * 0.75 - 5, "text-anchor": "middle" });
    group.append(text);
    svg.append(group);
    return { group, text };
  });
  parts.room.replaceChildren(svg);
  parts.boxes = graph.boxes.map((box) => {
    const element = make("div", { class: "aml4d-gs-box" + (box.input ? " aml4d-gs-input" : "") + (box.parameter ? " aml4d-gs-parameter" : "") });
    element.style.left = `${left(box)}px`;
    element.style.top = `${top(box)}px`;
    const sign = box.operation ? (box.label ? `${box.label} · ${box.operation}` : box.operation) : box.input ? box.label : "constant";
    const name = make("div", { class: "aml4d-gs-name", text: sign });
    let value;
    if (box.input) {
      value = make("input", { type: "number", step: 0.1, class: "aml4d-gs-value", "aria-label": `Value of ${box.input}` });
      value.value = Number(box.value.toPrecision(4));
      value.addEventListener("change", () => change(box.input, value));
      value.addEventListener("keydown", (event) => event.stopPropagation());
    } else value = make("div", { class: "aml4d-gs-value" });
    const grad = make("div", { class: "aml4d-gs-grad" });
    element.append(name, value, grad);
    parts.room.append(element);
    return { element, value, grad };
  });
}

function drawState(parts, graph, position, ramp) {
  const { known, grads, move } = stateAt(graph, position);
  const limit = Math.max(...grads.map((g) => Math.abs(g ?? 0)), 1e-12);
  graph.boxes.forEach((box, index) => {
    const { element, value, grad } = parts.boxes[index];
    if (!box.input) value.textContent = known[index] ? short(box.value) : "?";
    const arrived = grads[index] !== null;
    grad.textContent = arrived ? `grad ${short(grads[index])}` : "grad ?";
    const shade = arrived ? colour(ramp, grads[index], limit) : "";
    grad.style.background = shade;
    grad.style.color = shade ? inkOn(fromHex(shade)) : "";
    const edge = graph.edges[move.edge];
    const here = move.edge >= 0 ? edge.parent === index : move.value === index;
    element.classList.toggle("aml4d-gs-now", here);
    element.classList.toggle("aml4d-gs-unknown", !known[index]);
    const kind = box.operation ? `made by ${box.operation}` : box.input ? "input" : "constant";
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", `${box.name}, ${kind}: value ${known[index] ? short(box.value) : "not yet known"}, gradient ${arrived ? short(grads[index]) : "not yet known"}`);
  });
  graph.edges.forEach((edge, index) => {
    const { group, text } = parts.lines[index];
    const walked = move.edge >= 0 && index <= move.edge;
    group.classList.toggle("aml4d-gs-walked", walked);
    group.classList.toggle("aml4d-gs-now", index === move.edge || (move.kind === "forward" && edge.child === move.value));
    text.textContent = known[edge.child] ? `×${short(edge.slope)}` : "";
  });
}

// --- view -----------------------------------------------------------------------

function render({ model, el }) {
  const parts = build(el, model);
  const outbox = createOutbox(model, el, { keep: everyOne });
  let timer = null;
  let later = null;
  let drawn = null;
  const graph = () => model.get("graph");
  const last = () => graph().moves.length - 1;
  const position = () => Math.min(model.get("position"), last());

  const change = (name, control) => {
    const value = Number(control.value);
    if (control.value.trim() === "" || !Number.isFinite(value)) {
      parts.problem.textContent = `${name} must be a number.`;
      return;
    }
    outbox.send({ kind: "input", name, value });
  };
  const state = () => {
    const at = position();
    drawState(parts, graph(), at, model.get("ramp"));
    parts.slide.max = last();
    parts.slide.value = at;
    parts.slide.setAttribute("aria-valuetext", graph().moves[at].words);
    parts.count.textContent = `${at} of ${last()}`;
    parts.back.disabled = at === 0;
    parts.next.disabled = at === last();
    const done = at === last();
    parts.step.disabled = !graph().boxes.some((box) => box.parameter);
    const words = graph().moves[at].words + (done ? ` All gradients are known. ${model.get("summary")}` : "");
    parts.caption.textContent = words;
    clearTimeout(later);
    later = setTimeout(() => { parts.spoken.textContent = words; }, 300);
    el.dataset.position = at;
  };
  const go = (to) => {
    model.set("position", Math.max(0, Math.min(last(), to)));
    model.save_changes();
    state();
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    parts.play.textContent = "Play";
  };
  const play = () => {
    if (timer) { stop(); return; }
    if (position() === last()) go(0);
    parts.play.textContent = "Pause";
    timer = setInterval(() => {
      go(position() + 1);
      if (position() === last()) stop();
    }, PACE);
  };
  const trail = () => {
    const costs = model.get("costs");
    const end = graph().boxes.at(-1).label || "the result";
    parts.trail.textContent = costs.length > 1
      ? `${end}: ${costs.slice(-5).map(short).join(" → ")} after ${costs.length - 1} ${costs.length === 2 ? "step" : "steps"}`
      : "A step moves every w and b against its gradient.";
  };
  const refresh = () => {
    const fresh = graph();
    const focused = document.activeElement?.getAttribute?.("aria-label");
    if (fresh !== drawn) {
      drawGraph(parts, fresh, change);
      drawn = fresh;
      if (focused?.startsWith("Value of ")) parts.room.querySelector(`[aria-label="${CSS.escape(focused).replace(/\\ /g, " ")}"]`)?.focus();
    }
    if (document.activeElement !== parts.text || !model.get("problem")) parts.text.value = model.get("problem") && parts.text.value ? parts.text.value : model.get("expression");
    parts.preset.value = model.get("preset");
    parts.problem.textContent = model.get("problem");
    trail();
    state();
    el.dataset.revision = model.get("revision");
  };

  parts.next.addEventListener("click", () => { stop(); go(position() + 1); });
  parts.back.addEventListener("click", () => { stop(); go(position() - 1); });
  parts.play.addEventListener("click", play);
  parts.all.addEventListener("click", () => { stop(); go(last()); });
  parts.forward.addEventListener("click", () => { stop(); go(graph().moves.findIndex((move) => move.kind === "turn") - 1); });
  parts.slide.addEventListener("input", () => { stop(); go(Number(parts.slide.value)); });
  parts.preset.addEventListener("change", () => {
    stop();
    if (parts.preset.value === "my own") { parts.text.focus(); parts.text.select(); } else outbox.send({ kind: "preset", value: parts.preset.value });
  });
  const own = () => { stop(); outbox.send({ kind: "expression", value: parts.text.value }); };
  parts.build.addEventListener("click", own);
  parts.text.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") own();
  });
  parts.reset.addEventListener("click", () => {
    stop();
    parts.text.value = "";
    parts.rate.value = 0.5;
    rate();
    outbox.send({ kind: "reset" });
  });
  parts.stage.addEventListener("keydown", (event) => {
    const to = { ArrowRight: position() + 1, ArrowLeft: position() - 1, Home: 0, End: last() }[event.key];
    if (event.key === " ") play();
    else if (to === undefined) return;
    else { stop(); go(to); }
    event.preventDefault();
    event.stopPropagation();
  });
  const rate = () => {
    const value = Number(parts.rate.value);
    parts.rateText.textContent = value.toFixed(1);
    model.set("rate", value);
    model.save_changes();
  };
  parts.rate.value = model.get("rate");
  parts.rateText.textContent = model.get("rate").toFixed(1);
  parts.rate.addEventListener("input", rate);
  parts.step.addEventListener("click", () => { stop(); outbox.send({ kind: "step" }); });

  // Where graph and position change together, the position is told first: refresh draws both.
  const moved = () => { if (graph() === drawn) state(); };

  model.on("change:revision", refresh);
  model.on("change:position", moved);
  refresh();
  return () => {
    stop();
    clearTimeout(later);
    outbox.close();
    model.off("change:revision", refresh);
    model.off("change:position", moved);
  };
}

export default { render };
