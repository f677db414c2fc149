// A map of the cost over two weights, with three descents played on it.
// Sections: places, building the page, painting, view.

import { make, vector } from "../../widgets/js/dom.js";
import { clamp } from "../../widgets/js/numbers.js";
import { createOutbox } from "../../widgets/js/outbox.js";

const SIZE = 430;
const PACE = 33; // Milliseconds from one update to the next: 30 updates a second.
const COLOURS = ["#D55E00", "#56B4E9", "#111111"];
const CASINGS = ["#ffffff", "#111111", "#ffffff"];
const DASHES = ["", "7 4", "2 4"];
const BANDS = 18;

// --- places -------------------------------------------------------------------

/** From weights to pixels and back; the second weight grows upwards. */
export function scale([left, right, bottom, top], size) {
  return {
    x: (value) => ((value - left) / (right - left)) * size,
    y: (value) => size - ((value - bottom) / (top - bottom)) * size,
    back: (px, py) => [left + (px / size) * (right - left), bottom + ((size - py) / size) * (top - bottom)],
  };
}


/** The costs in equal steps, as colours: the borders between steps are contour lines. */
export function banded(costs, ramp) {
  let low = Infinity;
  let high = -Infinity;
  for (const cost of costs) { low = Math.min(low, cost); high = Math.max(high, cost); }
  const span = high - low || 1;
  const place = (cost) => Math.sqrt((cost - low) / span); // Finer steps near the bottom.
  return { low, high, band: (cost) => Math.min(BANDS - 1, Math.floor(place(cost) * BANDS)), colour: (band) => ramp[Math.round((band / (BANDS - 1)) * (ramp.length - 1))] };
}

// --- building the page ----------------------------------------------------------

function build(el, model) {
  el.classList.add("aml4d", "aml4d-dm");
  el.dataset.lmSuppressShortcuts = "true";
  const parts = {
    map: make("canvas"),
    over: make("canvas", { class: "aml4d-dm-over" }),
    play: make("button", { type: "button", class: "aml4d-primary", text: "Play" }),
    one: make("button", { type: "button", text: "One update" }),
    begin: make("button", { type: "button", text: "To the start" }),
    slide: make("input", { type: "range", min: 0, step: 1, "aria-label": "Update" }),
    count: make("span", { class: "aml4d-dm-count" }),
    list: make("ul", { class: "aml4d-dm-list" }),
    low: make("span"),
    high: make("span"),
  };
  parts.wrap = make("div", { class: "aml4d-dm-wrap", tabindex: 0, role: "application", "aria-roledescription": "map with a movable start" }, parts.map, parts.over);
  parts.ramp = make("span", { class: "aml4d-dm-ramp" });
  parts.ramp.style.background = `linear-gradient(to right, ${model.get("ramp").join(", ")})`;
  parts.curves = make("div", { class: "aml4d-dm-curves", role: "img" });
  parts.across = make("div", { class: "aml4d-dm-axis" });
  parts.up = make("div", { class: "aml4d-dm-axis aml4d-dm-up" });
  el.append(
    make("div", { class: "aml4d-dm-figure" }, parts.up, parts.wrap, parts.across),
    make("div", { class: "aml4d-dm-side" },
      make("div", { class: "aml4d-dm-bar", "aria-hidden": "true" }, make("span", { text: "cost" }), parts.low, parts.ramp, parts.high),
      parts.list,
      make("div", { class: "aml4d-row" }, parts.play, parts.one, parts.begin),
      make("div", { class: "aml4d-row" }, parts.slide, parts.count),
      make("p", { class: "aml4d-dm-hint", text: "Click the map, or use the arrow keys on it, to choose another start. ✕ marks the lowest cost." }),
    ),
    make("div", { class: "aml4d-dm-lower" }, make("div", { class: "aml4d-picture-head", text: "cost of all digits" }), parts.curves),
  );
  return parts;
}

// --- painting -------------------------------------------------------------------

function paintMap(canvas, model, tones) {
  const [rows, columns] = model.get("shape");
  const view = model.get("surface");
  const costs = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  const bands = banded(costs, model.get("ramp"));
  Object.assign(tones, bands);
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      const colour = bands.colour(bands.band(costs[(rows - 1 - r) * columns + c]));
      image.data.set([1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)).concat(255), 4 * (r * columns + c));
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function mark(context, kind, x, y, colour, casing, size = 7) {
  context.beginPath();
  if (kind === 0) context.arc(x, y, size, 0, 2 * Math.PI);
  else if (kind === 1) context.rect(x - size, y - size, 2 * size, 2 * size);
  else {
    context.moveTo(x, y - size * 1.3);
    context.lineTo(x + size * 1.2, y + size);
    context.lineTo(x - size * 1.2, y + size);
    context.closePath();
  }
  context.fillStyle = colour;
  context.strokeStyle = casing;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

function paintPaths(canvas, model, tick) {
  const density = window.devicePixelRatio || 1;
  const size = canvas.getBoundingClientRect().width || SIZE;
  canvas.width = canvas.height = Math.round(size * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  context.lineJoin = "round";
  const at = scale(model.get("limits"), size);
  const [bx, by] = model.get("best");
  context.strokeStyle = "#fff";
  context.lineWidth = 3;
  for (const turn of [1, -1]) {
    context.beginPath();
    context.moveTo(at.x(bx) - 6, at.y(by) - 6 * turn);
    context.lineTo(at.x(bx) + 6, at.y(by) + 6 * turn);
    context.stroke();
  }
  const paths = model.get("paths");
  paths.forEach((path, k) => {
    for (const [colour, width] of [[CASINGS[k], 4.5], [COLOURS[k], 2.2]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.globalAlpha = k === 0 && width > 4 ? 0.6 : 1;
      context.beginPath();
      for (let t = 0; t <= Math.min(tick, path.x.length - 1); t += 1) {
        if (t) context.lineTo(at.x(path.x[t]), at.y(path.y[t]));
        else context.moveTo(at.x(path.x[t]), at.y(path.y[t]));
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  });
  paths.forEach((path, k) => {
    const t = Math.min(tick, path.x.length - 1);
    mark(context, k, clamp(at.x(path.x[t]), 8, size - 8), clamp(at.y(path.y[t]), 8, size - 8), COLOURS[k], CASINGS[k]);
  });
  if (paths.length) {
    context.beginPath();
    context.arc(at.x(paths[0].x[0]), at.y(paths[0].y[0]), 11, 0, 2 * Math.PI);
    context.strokeStyle = "#fff";
    context.lineWidth = 3;
    context.stroke();
  }
}

function paintAxes(parts, model) {
  const [left, right, bottom, top] = model.get("limits");
  const names = model.get("names");
  const text = (value) => String(value).replace("-", "−");
  parts.across.replaceChildren(make("span", { text: text(left) }), make("span", { text: names[0] }), make("span", { text: text(right) }));
  parts.up.replaceChildren(make("span", { text: text(top) }), make("span", { text: names[1] }), make("span", { text: text(bottom) }));
}

function paintList(parts, model, tick) {
  parts.list.replaceChildren(...model.get("paths").map((path, k) => {
    const t = Math.min(tick, path.x.length - 1);
    const icon = make("canvas", { width: 44, height: 44, "aria-hidden": "true" });
    const context = icon.getContext("2d");
    context.scale(2, 2);
    context.fillStyle = "#7a7f87";
    context.fillRect(0, 0, 22, 22);
    mark(context, k, 11, 11, COLOURS[k], CASINGS[k], 6);
    const [left, right, bottom, top] = model.get("limits");
    const away = path.x[t] < left || path.x[t] > right || path.y[t] < bottom || path.y[t] > top;
    const looked = path.seen[t].toLocaleString("en-GB");
    return make("li", {}, icon, make("span", {}, make("strong", { text: path.name }), make("br"),
      `cost ${path.cost[t].toFixed(3)} · looked at ${looked} digits${away ? " · off the map" : ""}`));
  }));
}

// The costs along the three ways: faint as far as they were computed, strong as far as they were played.
function paintCurves(parts, model, tick) {
  const paths = model.get("paths");
  if (!paths.length) return;
  const looked = model.get("against") !== "updates";
  const width = Math.max(300, Math.min(640, parts.curves.clientWidth || 640));
  const box = { left: 44, right: width - 14, top: 8, bottom: 128 };
  const high = Math.max(0.6, ...paths.map((path) => Math.max(...path.cost)));
  const end = looked ? Math.log10(Math.max(...paths.map((path) => path.seen.at(-1)))) : paths[0].x.length - 1;
  const along = (path, t) => (looked ? Math.log10(Math.max(1, path.seen[t])) : t);
  const x = (value) => box.left + (value / end) * (box.right - box.left);
  const y = (cost) => box.bottom - (cost / high) * (box.bottom - box.top);
  const svg = vector("svg", { viewBox: `0 0 ${width} 174`, "aria-hidden": "true" });
  for (const cost of [0, 0.2, 0.4, 0.6].filter((value) => value <= high)) {
    svg.append(vector("line", { x1: box.left, x2: box.right, y1: y(cost), y2: y(cost), class: "aml4d-dm-grid" }));
    svg.append(vector("text", { x: box.left - 8, y: y(cost) + 5, "text-anchor": "end" }, cost));
  }
  const ticks = looked ? [0, 1, 2, 3, 4, 5].filter((power) => power <= end) : [0, 100, 200, 300].filter((t) => t <= end);
  for (const value of ticks) {
    svg.append(vector("text", { x: x(value), y: box.bottom + 21, "text-anchor": "middle" }, looked ? (10 ** value).toLocaleString("en-GB") : value));
  }
  svg.append(vector("text", { x: (box.left + box.right) / 2, y: box.bottom + 42, "text-anchor": "middle" }, model.get("against")));
  const line = (path, k, last, strong) => {
    const points = path.cost.slice(0, last + 1).map((cost, t) => `${x(along(path, t)).toFixed(1)},${y(cost).toFixed(1)}`);
    svg.append(vector("polyline", { points: points.join(" "), class: `aml4d-dm-line aml4d-dm-way${k}${strong ? "" : " aml4d-dm-faint"}`, "stroke-dasharray": DASHES[k] }));
  };
  paths.forEach((path, k) => line(path, k, path.cost.length - 1, false));
  paths.forEach((path, k) => line(path, k, Math.min(tick, path.cost.length - 1), true));
  paths.forEach((path, k) => {
    const t = Math.min(tick, path.cost.length - 1);
    const [px, py] = [x(along(path, t)), y(path.cost[t])];
    const shape = [
      vector("circle", { cx: px, cy: py, r: 6 }),
      vector("rect", { x: px - 5.5, y: py - 5.5, width: 11, height: 11 }),
      vector("path", { d: `M${px},${py - 8} L${px + 7},${py + 5} L${px - 7},${py + 5} Z` }),
    ][k];
    shape.setAttribute("class", `aml4d-dm-mark aml4d-dm-way${k}`);
    svg.append(shape);
  });
  parts.curves.replaceChildren(svg);
  parts.curves.setAttribute("aria-label", `Cost against ${model.get("against")}, at update ${tick}: ${paths.map((path) => `${path.name} ${path.cost[Math.min(tick, path.cost.length - 1)].toFixed(3)}`).join(", ")}.`);
}

// --- view -----------------------------------------------------------------------

const ARROWS = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, 0.5], ArrowDown: [0, -0.5] };

function render({ model, el }) {
  const parts = build(el, model);
  const tones = {};
  let timer = null;
  const outbox = createOutbox(model, el);
  const last = () => Math.max(0, (model.get("paths")[0]?.x.length ?? 1) - 1);
  const draw = () => {
    const tick = Math.min(model.get("tick"), last());
    paintPaths(parts.over, model, tick);
    paintList(parts, model, tick);
    paintCurves(parts, model, tick);
    parts.slide.max = last();
    parts.slide.value = tick;
    parts.slide.setAttribute("aria-valuetext", `update ${tick} of ${last()}`);
    parts.count.textContent = `update ${tick} of ${last()}`;
    parts.one.disabled = tick >= last();
    el.dataset.tick = tick;
  };
  const go = (tick) => {
    model.set("tick", clamp(tick, 0, last()));
    draw();
  };
  const stop = () => {
    clearInterval(timer);
    if (timer) model.save_changes();
    timer = null;
    parts.play.textContent = "Play";
  };
  const settle = (tick) => { stop(); go(tick); model.save_changes(); };
  parts.play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (model.get("tick") >= last()) go(0); // From the end, begin again.
    parts.play.textContent = "Pause";
    timer = setInterval(() => {
      go(model.get("tick") + 1);
      if (model.get("tick") >= last()) stop();
    }, PACE);
  });
  parts.one.addEventListener("click", () => settle(model.get("tick") + 1));
  parts.begin.addEventListener("click", () => settle(0));
  parts.slide.addEventListener("input", () => settle(Number(parts.slide.value)));

  const start = (x, y) => {
    const [left, right, bottom, top] = model.get("limits");
    outbox.send({ kind: "start", x: clamp(x, left, right), y: clamp(y, bottom, top) });
  };
  const point = (event) => {
    const box = parts.over.getBoundingClientRect();
    start(...scale(model.get("limits"), box.width).back(event.clientX - box.left, event.clientY - box.top));
  };
  parts.wrap.addEventListener("pointerdown", (event) => { parts.wrap.setPointerCapture(event.pointerId); point(event); });
  parts.wrap.addEventListener("pointermove", (event) => { if (event.buttons) point(event); });
  parts.wrap.addEventListener("keydown", (event) => {
    if (event.key === " ") { parts.play.click(); event.preventDefault(); event.stopPropagation(); return; }
    const step = ARROWS[event.key];
    const path = model.get("paths")[0];
    if (!step || !path) return;
    event.preventDefault();
    event.stopPropagation();
    const { x, y } = outbox.waiting()[0] ?? { x: path.x[0], y: path.y[0] };
    start(x + step[0], y + step[1]);
  });

  const words = () => parts.wrap.setAttribute("aria-label", model.get("alt"));
  paintMap(parts.map, model, tones);
  paintAxes(parts, model);
  parts.low.textContent = tones.low.toFixed(2);
  parts.high.textContent = tones.high.toFixed(2);
  words();
  draw();
  model.on("change:revision", draw);
  model.on("change:alt", words);
  const resized = new ResizeObserver(draw);
  resized.observe(parts.wrap);
  return () => {
    stop();
    resized.disconnect();
    outbox.close();
    model.off("change:revision", draw);
    model.off("change:alt", words);
  };
}

export default { render };
