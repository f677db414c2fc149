// A light SVG plot fed with numbers from Python: curves, points and bars that follow a slider.

import { css, fromHex, groundOf, onTheme, readable } from "./js/colours.js";
import { vector } from "./js/dom.js";
import { createOutbox } from "./js/outbox.js";

const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
const DASHES = ["", "7 4", "2 4", "9 3 2 3", "4 2", "1 3"];

function node(tag, attributes = {}, text = undefined) {
  return vector(tag, { ...attributes, text });
}

function niceTicks(low, high, wanted = 4) {
  const span = high - low || 1;
  const rough = span / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-6; k += 1) ticks.push(k * step);
  return ticks;
}

function decades(low, high) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first) / 5));
  const ticks = [];
  for (let power = first; power <= last; power += step) ticks.push(10 ** power);
  return ticks;
}

// The value of an axis at 0 … 1: the way back from place().
function valueAt(axis, share) {
  const within = Math.min(1, Math.max(0, share));
  if (axis.log) return axis.low * (axis.high / axis.low) ** within;
  return axis.low + within * (axis.high - axis.low);
}

const ticksOf = (axis, wanted) => (axis.ticks.length ? axis.ticks : axis.log ? decades(axis.low, axis.high) : niceTicks(axis.low, axis.high, wanted));

// Maps a value of an axis to 0 … 1.
function place(axis) {
  const scale = axis.log ? Math.log10 : (value) => value;
  const low = scale(axis.low);
  const span = scale(axis.high) - low || 1;
  return (value) => (scale(value) - low) / span;
}

const WORDS = [[1e15, "quadrillion"], [1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];

const RAISED = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

// A power of ten below a hundredth, such as 10⁻⁴: all zeros would say nothing.
function smallText(value) {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const front = Number((value / 10 ** power).toPrecision(2));
  const raised = String(-power).split("").map((digit) => RAISED[digit]).join("");
  return `${front === 1 ? "" : `${front} × `}10⁻${raised}`;
}

function largeText(value) {
  if (value > 0 && value < 0.01) return smallText(value);
  const word = WORDS.find(([size]) => value >= size);
  return word ? `${Number((value / word[0]).toPrecision(3))} ${word[1]}` : value.toLocaleString("en-GB");
}

function tickText(value, spec) {
  if (spec.log) return largeText(value);
  if (spec.percent) return `${Math.round(value * 100)} %`;
  if (Math.abs(value) >= 10000) return value.toLocaleString("en-GB", { maximumFractionDigits: 0 });
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

function valueText(value, spec) {
  return spec.percent ? `${(value * 100).toFixed(value < 0.0995 ? 1 : 0)} %` : value.toLocaleString("en-GB", { maximumSignificantDigits: 5 });
}

function axes(svg, spec, box, x, y) {
  const group = node("g", { class: "aml4d-axis" });
  for (const tick of ticksOf(spec.y, 4)) {
    group.append(node("line", { x1: box.left, x2: box.right, y1: y(tick), y2: y(tick) }));
    group.append(node("text", { x: box.left - 8, y: y(tick) + 5, "text-anchor": "end" }, tickText(tick, spec.y)));
  }
  for (const tick of ticksOf(spec.x, 5)) {
    group.append(node("text", { x: x(tick), y: box.bottom + 21, "text-anchor": "middle" }, tickText(tick, spec.x)));
  }
  group.append(node("line", { x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom }));
  group.append(node("text", { x: (box.left + box.right) / 2, y: box.bottom + 43, "text-anchor": "middle" }, spec.x.label));
  group.append(node("text", { x: 4, y: 15 }, spec.y.label));
  svg.append(group);
}

function spread(labels, top, bottom) {
  labels.sort((a, b) => a.y - b.y);
  for (let k = 1; k < labels.length; k += 1) labels[k].y = Math.max(labels[k].y, labels[k - 1].y + 18);
  const over = labels.length ? labels[labels.length - 1].y - bottom : 0;
  if (over > 0) for (const label of labels) label.y = Math.max(top, label.y - over);
}

function drawXY(svg, spec, width, height, ground) {
  const named = spec.series.filter((s) => s.label);
  const room = named.length ? Math.min(190, 16 + 9.2 * Math.max(...named.map((s) => s.label.length))) : 36;
  const box = { left: spec.y.log ? 104 : 62, right: width - room, top: 30, bottom: height - 52 };
  const [across, up] = [place(spec.x), place(spec.y)];
  const x = (v) => box.left + across(v) * (box.right - box.left);
  const y = (v) => box.bottom - up(v) * (box.bottom - box.top);
  axes(svg, spec, box, x, y);
  for (const series of spec.series.filter((each) => each.kind === "faint")) {
    svg.append(node("polyline", {
      points: series.x.map((value, k) => `${x(value).toFixed(1)},${y(series.y[k]).toFixed(1)}`).join(" "),
      fill: "none", stroke: "currentColor", "stroke-width": 1.2, opacity: 0.4, "stroke-linejoin": "round",
    }));
  }
  const labels = [];
  spec.series.filter((each) => each.kind !== "faint").forEach((series, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const points = series.x.map((value, k) => [x(value), y(series.y[k])]);
    if (series.kind === "line" && points.length) {
      svg.append(node("polyline", {
        points: points.map((p) => p.map((v) => v.toFixed(1)).join(",")).join(" "), fill: "none", stroke: colour,
        "stroke-width": 2.5, "stroke-dasharray": DASHES[index % DASHES.length], "stroke-linejoin": "round",
      }));
    }
    if (series.kind === "points") {
      for (const [px, py] of points) svg.append(node("circle", { cx: px, cy: py, r: 5, fill: colour }));
    }
    if (series.kind === "bars") {
      const gap = points.length > 1 ? (points[1][0] - points[0][0]) * 0.82 : 20;
      for (const [px, py] of points) {
        svg.append(node("rect", { x: px - gap / 2, y: Math.min(py, y(0)), width: gap, height: Math.abs(y(0) - py), fill: colour }));
      }
    }
    if (series.label && points.length) {
      labels.push({ x: points[points.length - 1][0] + 8, y: points[points.length - 1][1] + 5, text: series.label, colour });
    }
  });
  if (spec.marker) {
    const px = x(spec.marker.x);
    svg.append(node("line", { x1: px, x2: px, y1: box.top, y2: box.bottom, stroke: "currentColor", "stroke-width": 1.5, "stroke-dasharray": "3 3" }));
    if (spec.marker.y !== null) svg.append(node("circle", { cx: px, cy: y(spec.marker.y), r: 6, fill: "none", stroke: "currentColor", "stroke-width": 2.5 }));
  }
  spread(labels, box.top, box.bottom);
  for (const label of labels) {
    const text = node("text", { x: label.x, y: label.y, "font-weight": 600 }, label.text);
    text.style.fill = css(readable(fromHex(label.colour), ground));
    svg.append(text);
  }
  return box;
}

const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

// Buttons over the plot that are dragged.
function handleLayer(model, holder, outbox) {
  const layer = document.createElement("div");
  layer.className = "aml4d-handles";
  const buttons = new Map();
  let frame = null; // where the axes stand, in shares of the plot

  const known = (name) => model.get("spec").handles?.find((handle) => handle.name === name);
  const put = (button, x, y) => {
    const spec = model.get("spec");
    const across = frame.left + place(spec.x)(x) * (frame.right - frame.left);
    const up = frame.bottom - place(spec.y)(y) * (frame.bottom - frame.top);
    button.style.left = `${100 * across}%`;
    button.style.top = `${100 * up}%`;
    button.dataset.at = `${x},${y}`;
  };
  const move = (button, name, x, y) => {
    const { moves } = known(name);
    const [oldX, oldY] = button.dataset.at.split(",").map(Number);
    const to = [moves.includes("x") ? x : oldX, moves.includes("y") ? y : oldY];
    put(button, ...to);
    outbox.send({ kind: "drag", name, x: to[0], y: to[1] });
  };
  const newButton = (name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "aml4d-handle";
    button.dataset.handle = name;
    button.setAttribute("role", "slider");
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      button.dataset.dragged = "";
    });
    button.addEventListener("pointermove", (event) => {
      if (button.dataset.dragged === undefined || !known(name)) return;
      const shown = holder.getBoundingClientRect();
      const across = (event.clientX - shown.left) / shown.width;
      const up = (event.clientY - shown.top) / shown.height;
      const spec = model.get("spec");
      move(button, name,
        valueAt(spec.x, (across - frame.left) / (frame.right - frame.left)),
        valueAt(spec.y, (frame.bottom - up) / (frame.bottom - frame.top)));
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      button.addEventListener(end, () => { delete button.dataset.dragged; });
    }
    button.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (event.key !== "Escape") event.stopPropagation();
      if (!arrow || !known(name)) return;
      event.preventDefault();
      const spec = model.get("spec");
      const size = known(name).step * (event.shiftKey ? 10 : 1);
      const [x, y] = button.dataset.at.split(",").map(Number);
      const clamp = (value, axis) => Math.min(axis.high, Math.max(axis.low, value));
      // A handle of one direction answers to all four arrows.
      const { moves } = known(name);
      const step = arrow[0] + arrow[1];
      const by = { x: [step, 0], y: [0, step], xy: arrow }[moves];
      move(button, name, clamp(x + size * by[0], spec.x), clamp(y + size * by[1], spec.y));
    });
    layer.append(button);
    buttons.set(name, button);
    return button;
  };
  const show = (box, width, height) => {
    const handles = model.get("spec").handles ?? [];
    if (box) frame = { left: box.left / width, right: box.right / width, top: box.top / height, bottom: box.bottom / height };
    for (const [name, button] of buttons) {
      if (handles.some((handle) => handle.name === name)) continue;
      button.remove();
      buttons.delete(name);
    }
    for (const handle of handles) {
      const button = buttons.get(handle.name) ?? newButton(handle.name);
      const number = handle.moves === "y" ? handle.y : handle.x;
      const text = (value) => String(Number(value.toFixed(2))).replace("-", "−");
      button.setAttribute("aria-label", handle.label);
      button.setAttribute("aria-valuenow", String(number));
      button.setAttribute("aria-valuetext", handle.moves === "xy" ? `${text(handle.x)}, ${text(handle.y)}` : text(number));
      button.title = handle.label;
      button.textContent = handle.mark ?? "";
      // What is dragged right now stays under the pointer until Python has seen the newest place.
      if (!outbox.waiting().length) put(button, handle.x, handle.y);
    }
  };
  return { layer, show };
}

// Where labels would leave too little room for the bars, each stands above its bar.
const stacked = (spec, width) => spec.kind === "bars" && spec.label_room + 64 > 0.6 * width;
const STACKED_ROW = 1.6;

function drawBars(svg, spec, width, height) {
  const row = height / Math.max(1, spec.bars.length);
  const above = stacked(spec, width);
  const left = above ? 64 : spec.label_room + 64;
  const right = width - 4;
  const scale = (value) => Math.max(0, (value / (spec.high || 1)) * (right - left));
  spec.bars.forEach((bar, index) => {
    const top = index * row;
    const middle = top + row * (above ? 0.68 : 0.5);
    const thick = Math.min(22, row * (above ? 0.4 : 0.62));
    const weight = bar.strong ? 700 : 400;
    const start = above ? { x: 2, y: top + row * 0.3 } : { x: left - 74, y: middle + 5, "text-anchor": "end" };
    svg.append(node("text", { ...start, "font-weight": weight }, bar.label));
    svg.append(node("text", { x: left - 10, y: middle + 5, "text-anchor": "end", "font-weight": weight }, valueText(bar.value, spec)));
    svg.append(node("rect", {
      x: left, y: middle - thick / 2, width: Math.max(1, scale(bar.value)), height: thick, rx: 2,
      fill: bar.strong ? COLOURS[1] : COLOURS[0],
    }));
    if (bar.interval) {
      const [from, to] = bar.interval.map((value) => left + scale(value));
      const whisker = `M${from} ${middle - 5}v10M${from} ${middle}H${to}M${to} ${middle - 5}v10`;
      // A pale line below keeps it visible on the bar and beside it.
      for (const [stroke, size] of [["#ffffff", 4.5], ["#222222", 1.8]]) {
        svg.append(node("path", { d: whisker, fill: "none", stroke, "stroke-width": size }));
      }
    }
    if (bar.before !== null && bar.before !== undefined) {
      const at = left + scale(bar.before);
      svg.append(node("line", { x1: at, x2: at, y1: middle - thick / 2 - 4, y2: middle + thick / 2 + 4, stroke: "currentColor", "stroke-width": 2.5 }));
    }
  });
}

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-plot");
  const heading = document.createElement("div");
  heading.className = "aml4d-picture-head";
  const outbox = createOutbox(model, el);
  const holder = document.createElement("div");
  holder.setAttribute("role", "img");
  const { layer, show } = handleLayer(model, holder, outbox);
  const ground = document.createElement("div");
  ground.className = "aml4d-plot-ground";
  ground.append(holder, layer);
  el.append(heading, ground);
  const draw = () => {
    const spec = model.get("spec");
    const wanted = model.get("display_width");
    const width = Math.max(Math.min(280, wanted), Math.min(wanted, Math.floor(el.getBoundingClientRect().width) || wanted));
    const height = spec.height * (stacked(spec, width) ? STACKED_ROW : 1);
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    svg.style.maxWidth = `${width}px`;
    const box = spec.kind === "xy" ? drawXY(svg, spec, width, height, groundOf(el)) : null;
    if (spec.kind === "bars") drawBars(svg, spec, width, height);
    holder.replaceChildren(svg);
    ground.style.maxWidth = `${width}px`;
    show(box, width, height);
    holder.dataset.revision = model.get("revision");
  };
  const words = () => {
    holder.setAttribute("aria-label", model.get("alt"));
    heading.textContent = model.get("heading");
  };
  model.on("change:revision", draw);
  model.on("change:alt", words);
  model.on("change:heading", words);
  words();
  draw();
  let seen = el.getBoundingClientRect().width;
  const resized = new ResizeObserver(() => {
    const now = el.getBoundingClientRect().width;
    if (Math.abs(now - seen) > 4) { seen = now; draw(); }
  });
  resized.observe(el);
  const stay = onTheme(draw);
  return () => {
    stay();
    resized.disconnect();
    outbox.close();
    model.off("change:revision", draw);
    model.off("change:alt", words);
    model.off("change:heading", words);
  };
}

export default { render };
