// A canvas that shows raw uint8 frames from Python, with overlays, a colour bar,
// and a cursor that follows the pointer or the arrow keys.

import { OKABE_ITO } from "./colours.js";
import { clamp } from "./numbers.js";
import { createOutbox } from "./outbox.js";

function paintFrame(canvas, model) {
  const bytes = model.get("frame");
  const height = model.get("height");
  const width = model.get("width");
  if (!bytes || bytes.byteLength !== height * width * 3 || height * width === 0) return;
  const rgb = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rgba = new Uint8ClampedArray(height * width * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
    rgba[to + 3] = 255;
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
}

// Everything on a photo gets a white edge, so that it shows on dark and on light ground.
export function outlined(context, draw, colour, width = 2) {
  context.strokeStyle = "#ffffff";
  context.lineWidth = width + 2;
  draw();
  context.strokeStyle = colour;
  context.lineWidth = width;
  draw();
}

function linePath(context, [x0, y0], [x1, y1], arrow) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!arrow || length < 1) return;
  const size = Math.min(7, 0.45 * length) / length;
  const [along, aside] = [[(x1 - x0) * size, (y1 - y0) * size], [-(y1 - y0) * size, (x1 - x0) * size]];
  for (const side of [-0.6, 0.6]) {
    context.moveTo(x1 - along[0] + side * aside[0], y1 - along[1] + side * aside[1]);
    context.lineTo(x1, y1);
  }
}

function drawOverlay(context, item, unit) {
  const colour = OKABE_ITO[(item.colour ?? 3) % OKABE_ITO.length];
  if (item.kind === "box") {
    const [x0, y0, x1, y1] = item.box.map((value) => value * unit);
    outlined(context, () => context.strokeRect(x0, y0, x1 - x0, y1 - y0), colour);
  } else if (item.kind === "point") {
    const [row, col] = item.at;
    outlined(context, () => {
      context.beginPath();
      context.arc((col + 0.5) * unit, (row + 0.5) * unit, item.radius ?? 6, 0, 2 * Math.PI);
      context.stroke();
    }, colour);
  } else if (item.kind === "line") {
    const [from, to] = [item.start, item.end].map(([row, col]) => [(col + 0.5) * unit, (row + 0.5) * unit]);
    context.lineCap = "round";
    context.setLineDash(item.dashed ? [5, 5] : []);
    outlined(context, () => { linePath(context, from, to, item.arrow); context.stroke(); }, colour, item.width);
    context.setLineDash([]);
  } else if (item.kind === "circle") {
    const [x, y] = [(item.at[1] + 0.5) * unit, (item.at[0] + 0.5) * unit];
    const radius = item.radius * unit;
    context.setLineDash(item.dashed ? [4, 4] : []);
    outlined(context, () => {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      if (item.angle !== null) {
        const turn = (item.angle * Math.PI) / 180;
        context.moveTo(x, y);
        context.lineTo(x + radius * Math.cos(turn), y + radius * Math.sin(turn));
      }
      context.stroke();
    }, colour, item.width);
    context.setLineDash([]);
  } else if (item.kind === "text") {
    const [row, col] = item.at;
    context.font = "600 15px system-ui, sans-serif";
    context.lineWidth = 4;
    context.strokeStyle = "#ffffff";
    context.strokeText(item.text, col * unit, row * unit);
    context.fillStyle = colour;
    context.fillText(item.text, col * unit, row * unit);
  }
}

function paintOverlay(canvas, frame, model) {
  const shown = frame.getBoundingClientRect();
  if (shown.width === 0) return;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(shown.width * density);
  canvas.height = Math.round(shown.height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  const unit = shown.width / model.get("width");
  for (const item of model.get("overlays")) drawOverlay(context, item, unit);
}

function paintColourBar(element, bar) {
  element.replaceChildren();
  element.hidden = !bar.colours;
  if (!bar.colours) return;
  element.classList.toggle("aml4d-has-zero", Boolean(bar.signed));
  const low = document.createElement("span");
  low.textContent = bar.low;
  const ramp = document.createElement("span");
  ramp.className = "aml4d-colourbar-ramp" + (bar.signed ? " aml4d-signed" : "");
  ramp.style.background = `linear-gradient(to right, ${bar.colours.join(", ")})`;
  const high = document.createElement("span");
  high.textContent = bar.high;
  element.append(low, ramp, high);
}

/** Rows and columns that an arrow key moves by. */
export const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The newest position waits, but a press that still waits stays a press when the pointer moves on. */
function keepPress([waits], message) {
  const pressed = waits?.content.action === "press" && message.content.action === "drag";
  return [pressed ? { ...message, content: { ...message.content, action: "press" } } : message];
}

function listenForCursor(wrap, frame, model, outbox) {
  const moveTo = (row, col, action) => {
    const cursor = [clamp(row, 0, model.get("height") - 1), clamp(col, 0, model.get("width") - 1)];
    wrap.dataset.cursor = cursor.join(",");
    outbox.send({ kind: "cursor", row: cursor[0], col: cursor[1], action });
  };
  const current = () => (wrap.dataset.cursor ?? model.get("cursor").join(",")).split(",").map(Number);
  const fromPointer = (event) => {
    const shown = frame.getBoundingClientRect();
    return [
      Math.floor(((event.clientY - shown.top) / shown.height) * model.get("height")),
      Math.floor(((event.clientX - shown.left) / shown.width) * model.get("width")),
    ];
  };
  wrap.addEventListener("pointerdown", (event) => {
    wrap.setPointerCapture(event.pointerId);
    moveTo(...fromPointer(event), "press");
  });
  wrap.addEventListener("pointermove", (event) => {
    if (event.buttons) moveTo(...fromPointer(event), "drag");
    else if (model.get("hover")) moveTo(...fromPointer(event), "point");
  });
  wrap.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const size = model.get("step") * (event.shiftKey ? 10 : 1);
    const [row, col] = current();
    moveTo(row + step[0] * size, col + step[1] * size, "key");
  });
}

export function renderPicture({ model, el }) {
  const cleanups = [];
  el.classList.add("aml4d", "aml4d-picture");
  const head = document.createElement("div");
  head.className = "aml4d-picture-head";
  const wrap = document.createElement("div");
  wrap.className = "aml4d-canvas-wrap";
  wrap.setAttribute("role", "img");
  const frame = document.createElement("canvas");
  frame.className = "aml4d-frame";
  const overlay = document.createElement("canvas");
  overlay.className = "aml4d-overlay";
  wrap.append(frame, overlay);
  const bar = document.createElement("div");
  bar.className = "aml4d-colourbar";
  bar.setAttribute("aria-hidden", "true");
  el.append(head, wrap, bar);

  if (model.get("interactive")) {
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "application");
    wrap.setAttribute("aria-roledescription", "picture with a movable point");
    wrap.dataset.lmSuppressShortcuts = "true";
    const outbox = createOutbox(model, el, { keep: keepPress });
    cleanups.push(outbox.close);
    listenForCursor(wrap, frame, model, outbox);
  }

  const words = () => {
    wrap.setAttribute("aria-label", model.get("alt"));
    head.textContent = model.get("heading");
  };
  const size = () => {
    for (const part of [wrap, bar]) part.style.width = `${model.get("display_width")}px`;
    frame.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
    frame.style.imageRendering = model.get("display_width") > 1.5 * model.get("width") ? "pixelated" : "auto";
  };
  const over = () => paintOverlay(overlay, frame, model);
  const paint = () => {
    size();
    paintFrame(frame, model);
    over();
    wrap.dataset.revision = model.get("revision");
  };
  const cursor = () => { wrap.dataset.cursor = model.get("cursor").join(","); };
  const colourBar = () => paintColourBar(bar, model.get("colour_bar"));
  const bind = (names, action) => {
    for (const name of names) {
      model.on(`change:${name}`, action);
      cleanups.push(() => model.off(`change:${name}`, action));
    }
    action();
  };
  bind(["alt", "heading"], words);
  bind(["revision", "display_width"], paint);
  bind(["overlays"], over);
  bind(["cursor"], cursor);
  bind(["colour_bar"], colourBar);
  const resized = new ResizeObserver(over);
  resized.observe(frame);
  cleanups.push(() => resized.disconnect());
  return () => cleanups.forEach((cleanup) => cleanup());
}
