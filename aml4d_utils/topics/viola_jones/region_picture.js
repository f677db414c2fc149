// A picture with a rectangle that the pointer and the arrow
// keys move and resize. The rectangle follows at once; the kernel gets its newest place.

import { OKABE_ITO } from "../../widgets/js/colours.js";
import { createOutbox } from "../../widgets/js/outbox.js";
import { STEPS, outlined, renderPicture } from "../../widgets/js/picture.js";

const GRIP = 12;

// Rectangles stand on whole pixels, and their sides are multiples of the cells.
function fitted([row, col, height, width], model) {
  const pattern = model.get("pattern");
  const [down, across] = [pattern.length, pattern[0].length];
  const [most, widest] = [model.get("height"), model.get("width")];
  const sides = (length, cells, limit) => cells * Math.max(1, Math.min(Math.floor(limit / cells), Math.round(length / cells)));
  const [h, w] = [sides(height, down, most), sides(width, across, widest)];
  const inside = (value, size, limit) => Math.max(0, Math.min(limit - size, Math.round(value)));
  return [inside(row, h, most), inside(col, w, widest), h, w];
}

function paintCells(context, model, region, unit) {
  const pattern = model.get("pattern");
  const [row, col, height, width] = region.map((value) => value * unit);
  const [h, w] = [height / pattern.length, width / pattern[0].length];
  pattern.forEach((line, down) => [...line].forEach((sign, across) => {
    const [x, y] = [col + across * w, row + down * h];
    if (sign === " ") return;
    context.fillStyle = sign === "+" ? "rgba(255, 255, 255, 0.62)" : "rgba(0, 0, 0, 0.66)";
    context.fillRect(x, y, w, h);
    context.fillStyle = sign === "+" ? "#000000" : "#ffffff";
    context.font = `700 ${Math.max(13, Math.min(22, h * 0.7))}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (h > 13 && w > 11) context.fillText(sign === "+" ? "+" : "−", x + w / 2, y + h / 2);
  }));
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}

function paintNames(context, names, region, unit, shown) {
  if (!names.length) return;
  const inside = (value, size) => Math.max(13, Math.min(size - 13, value));
  const [row, col, height, width] = region.map((value) => value * unit);
  const places = [[col, row], [col + width, row], [col, row + height], [col + width, row + height]];
  places.forEach((place, index) => {
    const [x, y] = [inside(place[0], shown.width), inside(place[1], shown.height)];
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.fillStyle = "#ffffff";
    context.fill();
    context.strokeStyle = OKABE_ITO[0];
    context.lineWidth = 2;
    context.stroke();
    context.fillStyle = "#000000";
    context.font = "700 14px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(names[index], x, y + 1);
  });
  context.textAlign = "start";
  context.textBaseline = "alphabetic";
}

function paintRegion(canvas, frame, model, region) {
  const shown = frame.getBoundingClientRect();
  if (shown.width === 0) return;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(shown.width * density);
  canvas.height = Math.round(shown.height * density);
  const context = canvas.getContext("2d");
  context.scale(density, density);
  const unit = shown.width / model.get("width");
  paintCells(context, model, region, unit);
  const [row, col, height, width] = region.map((value) => value * unit);
  outlined(context, () => context.strokeRect(col, row, width, height), OKABE_ITO[3]);
  for (const [x, y] of [[col + width, row + height]]) {
    context.fillStyle = "#ffffff";
    context.fillRect(x - 6, y - 6, 12, 12);
    context.strokeStyle = OKABE_ITO[3];
    context.lineWidth = 2;
    context.strokeRect(x - 6, y - 6, 12, 12);
  }
  paintNames(context, model.get("corner_names"), region, unit, shown);
}

// What a press begins: resizing at the lower right corner, moving inside, drawing anew outside.
function grasp([x, y], [row, col, height, width], unit) {
  if (Math.hypot(x - (col + width) * unit, y - (row + height) * unit) <= GRIP) return "resize";
  const inside = x >= col * unit && x < (col + width) * unit && y >= row * unit && y < (row + height) * unit;
  return inside ? "move" : "draw";
}

function listenForRegion(wrap, frame, model, current, change) {
  let held = null;
  const at = (event) => {
    const shown = frame.getBoundingClientRect();
    return [event.clientX - shown.left, event.clientY - shown.top, shown.width / model.get("width")];
  };
  wrap.addEventListener("pointerdown", (event) => {
    wrap.setPointerCapture(event.pointerId);
    const [x, y, unit] = at(event);
    held = { how: grasp([x, y], current(), unit), start: [x, y], region: current() };
  });
  wrap.addEventListener("pointermove", (event) => {
    const [x, y, unit] = at(event);
    if (!held || !event.buttons) {
      const how = grasp([x, y], current(), unit);
      wrap.style.cursor = { resize: "nwse-resize", move: "move", draw: "crosshair" }[how];
      return;
    }
    const [row, col, height, width] = held.region;
    const [dx, dy] = [(x - held.start[0]) / unit, (y - held.start[1]) / unit];
    if (held.how === "move") change([row + dy, col + dx, height, width]);
    else if (held.how === "resize") change([row, col, Math.min(height + dy, model.get("height") - row), Math.min(width + dx, model.get("width") - col)]);
    else {
      const [from, to] = [held.start.map((v) => v / unit), [x / unit, y / unit]];
      const clamp = (value, limit) => Math.max(0, Math.min(limit, value));
      const [left, right] = [from[0], to[0]].sort((a, b) => a - b).map((v) => clamp(v, model.get("width")));
      const [top, bottom] = [from[1], to[1]].sort((a, b) => a - b).map((v) => clamp(v, model.get("height")));
      change([top, left, bottom - top, right - left]);
    }
  });
  const release = () => { held = null; };
  wrap.addEventListener("pointerup", release);
  wrap.addEventListener("pointercancel", release);
  wrap.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const [row, col, height, width] = current();
    const pattern = model.get("pattern");
    if (event.shiftKey) {
      const [taller, wider] = [height + step[0] * pattern.length, width + step[1] * pattern[0].length];
      if (row + taller > model.get("height") || col + wider > model.get("width")) return;
      change([row, col, taller, wider]);
    } else change([row + step[0], col + step[1], height, width]);
  });
}

function renderRegion({ model, el }) {
  const outbox = createOutbox(model, el);
  const cleanups = [renderPicture({ model, el }), outbox.close];
  const wrap = el.querySelector(".aml4d-canvas-wrap");
  const frame = el.querySelector(".aml4d-frame");
  const canvas = document.createElement("canvas");
  canvas.className = "aml4d-overlay";
  wrap.append(canvas);
  wrap.tabIndex = 0;
  wrap.setAttribute("role", "application");
  wrap.setAttribute("aria-roledescription", "picture with a rectangle; arrow keys move it, with Shift they resize it");
  wrap.dataset.lmSuppressShortcuts = "true";
  let region = model.get("region");
  const paint = () => {
    paintRegion(canvas, frame, model, region);
    wrap.dataset.region = region.join(",");
  };
  const change = (wanted) => {
    const next = fitted(wanted, model);
    if (next.every((value, index) => value === region[index])) return;
    region = next;
    paint();
    outbox.send({ kind: "region", region });
  };
  listenForRegion(wrap, frame, model, () => region, change);
  const fromKernel = () => {
    // While the pointer is ahead of the kernel, the page knows better.
    if (!outbox.busy()) region = model.get("region");
    paint();
  };
  for (const name of ["region", "pattern", "corner_names", "revision"]) {
    model.on(`change:${name}`, fromKernel);
    cleanups.push(() => model.off(`change:${name}`, fromKernel));
  }
  const resized = new ResizeObserver(paint);
  resized.observe(frame);
  cleanups.push(() => resized.disconnect());
  paint();
  return () => cleanups.forEach((cleanup) => cleanup());
}

export default { render: renderRegion };
