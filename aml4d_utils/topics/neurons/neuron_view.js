// One neuron with parts to drag. Python computes products, sum and output; the page draws them and
// moves at once what is dragged.

import { inkOn } from "../../widgets/js/colours.js";
import { createOutbox } from "../../widgets/js/outbox.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 640;
const HEIGHT = 360;
const INPUT_X = 84;
const ROWS = [68, 180, 292];
const SUM = { x: 356, y: 180 };
const BIAS = { x: 356, y: 300 };
const CURVE = { left: 424, right: 548, top: 122, bottom: 238 };
const OUT = { x: 604, y: 180 };
const PER_UNIT = { input: 110, weight: 34, bias: 26 }; // screen pixels a unit of the value takes
const MOST_UNDO = 100;
const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";

export function shown(value, decimals = 2, plus = true) {
  const text = value.toFixed(decimals);
  const zero = Number(text) === 0;
  return (plus && !zero && value > 0 ? "+" : "") + (zero ? text.replace("-", "") : text).replace("-", "−");
}

function node(name, attributes = {}, text = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

const along = (row, share) => ({
  x: INPUT_X + share * (SUM.x - INPUT_X),
  y: ROWS[row] + share * (SUM.y - ROWS[row]),
});

function edge(row, weight, input, most) {
  const from = along(row, 0);
  const width = 1 + (7 * Math.abs(weight)) / most;
  return node("line", {
    x1: from.x, y1: from.y, x2: SUM.x, y2: SUM.y, "stroke-width": width,
    "stroke-dasharray": weight < 0 ? `${width + 3} ${width + 2}` : "none",
    class: `aml4d-neuron-edge ${weight < 0 ? "aml4d-neuron-minus" : "aml4d-neuron-plus"}`,
    opacity: weight === 0 ? 0.25 : 0.35 + 0.65 * input,
  });
}

function drawCurve(svg, model) {
  const curve = model.get("curve");
  if (!curve.length) return;
  const [low, high] = model.get("span");
  const [first, last] = [curve[0][0], curve.at(-1)[0]];
  const x = (value) => CURVE.left + ((Math.max(first, Math.min(last, value)) - first) / (last - first)) * (CURVE.right - CURVE.left);
  const y = (value) => CURVE.bottom - ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * (CURVE.bottom - CURVE.top);
  const [total, output] = [model.get("total"), model.get("output")];
  svg.append(node("line", { x1: CURVE.left, x2: CURVE.right, y1: y(0), y2: y(0), class: "aml4d-neuron-axis" }));
  svg.append(node("line", { x1: x(0), x2: x(0), y1: CURVE.top, y2: CURVE.bottom, class: "aml4d-neuron-axis" }));
  svg.append(node("polyline", { points: curve.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" "), class: "aml4d-neuron-curve" }));
  svg.append(node("line", { x1: x(total), x2: x(total), y1: y(0), y2: y(output), class: "aml4d-neuron-guide" }));
  svg.append(node("circle", { cx: x(total), cy: y(output), r: 6, class: "aml4d-neuron-point" }));
  const label = (value, dx, dy, anchor) => svg.append(node("text", { x: dx, y: dy, "text-anchor": anchor, class: "aml4d-neuron-soft" }, value));
  label(model.get("name"), (CURVE.left + CURVE.right) / 2, CURVE.top - 14, "middle");
  label(shown(high, 0, false), x(0) - 5, CURVE.top + 5, "end");
  label(shown(first, 0), CURVE.left, CURVE.bottom + 20, "start");
  label("z", x(0), CURVE.bottom + 20, "middle");
  label(shown(last, 0), CURVE.right, CURVE.bottom + 20, "end");
}

function drawFixed(model, values) {
  const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  const most = model.get("limits").weight[1];
  values.weights.forEach((weight, k) => svg.append(edge(k, weight, values.inputs[k], most)));
  svg.append(node("line", { x1: BIAS.x, y1: BIAS.y, x2: SUM.x, y2: SUM.y, class: "aml4d-neuron-wire" }));
  svg.append(node("line", { x1: SUM.x, y1: SUM.y, x2: CURVE.left - 6, y2: SUM.y, class: "aml4d-neuron-wire" }));
  svg.append(node("line", { x1: CURVE.right + 6, y1: SUM.y, x2: OUT.x, y2: OUT.y, class: "aml4d-neuron-wire" }));
  model.get("products").forEach((product, k) => {
    const at = along(k, 0.72);
    svg.append(node("text", { x: at.x, y: at.y + [-9, -9, 20][k], "text-anchor": "middle", class: "aml4d-neuron-product" }, shown(product)));
  });
  svg.append(node("circle", { cx: SUM.x, cy: SUM.y, r: 34, class: "aml4d-neuron-sum" }));
  svg.append(node("text", { x: SUM.x, y: SUM.y - 5, "text-anchor": "middle", class: "aml4d-neuron-soft" }, "sum z"));
  svg.append(node("text", { x: SUM.x, y: SUM.y + 15, "text-anchor": "middle", class: "aml4d-neuron-strong" }, shown(model.get("total"))));
  drawCurve(svg, model);
  const grey = Math.round(255 * model.get("bright"));
  svg.append(node("circle", { cx: OUT.x, cy: OUT.y, r: 31, fill: `rgb(${grey} ${grey} ${grey})`, class: "aml4d-neuron-out" }));
  svg.append(node("text", { x: OUT.x, y: OUT.y + 6, "text-anchor": "middle", class: "aml4d-neuron-strong", style: `fill:${inkOn([grey, grey, grey])}` }, shown(model.get("output"), 2, false)));
  svg.append(node("text", { x: OUT.x, y: OUT.y - 44, "text-anchor": "middle", class: "aml4d-neuron-soft" }, "output"));
  svg.append(node("text", { x: INPUT_X, y: 24, "text-anchor": "middle", class: "aml4d-neuron-soft" }, "inputs"));
  svg.append(node("text", { x: along(0, 0.4).x, y: 24, "text-anchor": "middle", class: "aml4d-neuron-soft" }, "weights"));
  svg.append(node("text", { x: along(0, 0.72).x + 14, y: 24, "text-anchor": "middle", class: "aml4d-neuron-soft" }, "products"));
  return svg;
}

function render({ model, el }) {
  const cleanups = [];
  el.classList.add("aml4d", "aml4d-neuron");
  el.dataset.lmSuppressShortcuts = "true";
  const ground = document.createElement("div");
  ground.className = "aml4d-neuron-ground";
  ground.setAttribute("role", "group");
  const fixed = document.createElement("div");
  fixed.setAttribute("role", "img");
  ground.append(fixed);
  const row = document.createElement("div");
  row.className = "aml4d-row";
  el.append(ground, row);
  const outbox = createOutbox(model, el);
  cleanups.push(outbox.close);
  const history = [];
  let values = null;

  const read = () => ({
    inputs: [...model.get("inputs")], weights: [...model.get("weights")], bias: model.get("bias"),
  });
  const undo = document.createElement("button");
  undo.type = "button";
  undo.textContent = "Undo";
  undo.addEventListener("click", () => {
    const before = history.pop();
    if (!before) return;
    values = before;
    publish();
  });
  const hint = document.createElement("span");
  hint.className = "aml4d-purpose";
  hint.textContent = "Drag what has a frame up or down, or use the arrow keys.";
  row.append(undo, hint);

  const parts = [
    ...ROWS.map((y, k) => ({ kind: "input", k, x: INPUT_X, y, label: `Input a${SUBSCRIPT[k]}` })),
    ...ROWS.map((_, k) => ({ kind: "weight", k, ...along(k, 0.4), label: `Weight w${SUBSCRIPT[k]}` })),
    { kind: "bias", k: 0, x: BIAS.x, y: BIAS.y, label: "Bias b" },
  ];
  const valueOf = ({ kind, k }) => (kind === "bias" ? values.bias : values[`${kind}s`][k]);
  const put = ({ kind, k }, value) => {
    const [low, high] = model.get("limits")[kind];
    const within = Number(Math.max(low, Math.min(high, value)).toFixed(2));
    if (kind === "bias") values.bias = within;
    else values[`${kind}s`][k] = within;
  };
  const remember = () => {
    history.push(structuredClone(values));
    if (history.length > MOST_UNDO) history.shift();
  };
  const publish = () => {
    paint();
    outbox.send({ kind: "set", ...structuredClone(values) });
  };

  for (const part of parts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `aml4d-neuron-part aml4d-neuron-${part.kind}`;
    button.dataset.part = `${part.kind}${part.k}`;
    button.setAttribute("role", "slider");
    button.setAttribute("aria-label", part.label);
    button.setAttribute("aria-orientation", "vertical");
    Object.assign(button.style, { left: `${(100 * part.x) / WIDTH}%`, top: `${(100 * part.y) / HEIGHT}%` });
    let grip = null;
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      grip = { y: event.clientY, value: valueOf(part), moved: false };
    });
    button.addEventListener("pointermove", (event) => {
      if (grip === null) return;
      if (!grip.moved) remember();
      grip.moved = true;
      put(part, grip.value + (grip.y - event.clientY) / PER_UNIT[part.kind]);
      publish();
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, () => { grip = null; });
    button.addEventListener("keydown", (event) => {
      const [low, high, step] = model.get("limits")[part.kind];
      const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
      if (event.key === "z" && (event.ctrlKey || event.metaKey)) { undo.click(); event.preventDefault(); return; }
      if (by === undefined && event.key !== "Home" && event.key !== "End") return;
      event.preventDefault();
      remember();
      if (by !== undefined) put(part, valueOf(part) + by * step * (event.shiftKey ? 10 : 1));
      else put(part, event.key === "Home" ? low : high);
      publish();
    });
    part.button = button;
    ground.append(button);
  }
  // Keys that the picture uses must not reach the notebook's own shortcuts.
  el.addEventListener("keydown", (event) => { if (event.key !== "Escape") event.stopPropagation(); });

  const paint = () => {
    fixed.replaceChildren(drawFixed(model, values));
    for (const part of parts) {
      const value = valueOf(part);
      const [low, high] = model.get("limits")[part.kind];
      const name = part.kind === "input" ? "" : part.kind === "weight" ? `w${SUBSCRIPT[part.k]} ` : "b ";
      part.button.textContent = name + shown(value, 2, part.kind !== "input");
      for (const [attribute, number] of [["valuenow", value], ["valuemin", low], ["valuemax", high]]) {
        part.button.setAttribute(`aria-${attribute}`, String(number));
      }
      part.button.setAttribute("aria-valuetext", shown(value, 2, false));
      if (part.kind === "input") {
        const grey = Math.round(255 * value);
        Object.assign(part.button.style, { background: `rgb(${grey} ${grey} ${grey})`, color: inkOn([grey, grey, grey]) });
      }
    }
    undo.disabled = history.length === 0;
  };
  const arrived = () => {
    if (values === null || !outbox.waiting().length) values = read();
    paint();
    el.dataset.revision = model.get("revision");
  };
  const words = () => fixed.setAttribute("aria-label", model.get("alt"));
  ground.setAttribute("aria-label", "A neuron with movable inputs, weights and bias");
  const bound = { "change:revision": arrived, "change:alt": words };
  for (const [name, action] of Object.entries(bound)) {
    model.on(name, action);
    cleanups.push(() => model.off(name, action));
  }
  words();
  arrived();
  return () => cleanups.forEach((cleanup) => cleanup());
}

export default { render };
