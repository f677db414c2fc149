// A pad of 28 × 28 pixels. The drawing lives in the browser and reacts at once; Python gets the
// newest one when it has answered for the one before, at most 30 times a second.

import { bytesOf, button, keepKeys } from "./js/dom.js";
import { createOutbox } from "./js/outbox.js";

const SIDE = 28;
const RADIUS = 1.75; // of the brush in pixels, where its soft edge ends
const EDGE = 1.1; // width of the soft edge
const PAUSE = 33; // milliseconds between two messages
const SPEAK_AFTER = 700;
const MOST_UNDO = 100;
const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  Home: [-1, -1], PageUp: [-1, 1], End: [1, -1], PageDown: [1, 1],
};

/** Lay the brush down at a place (row, column); ink only ever grows. */
export function stamp(pixels, row, col) {
  const wide = pixels.length / SIDE;
  for (let r = Math.max(0, Math.floor(row - 2)); r <= Math.min(SIDE - 1, Math.ceil(row + 2)); r += 1) {
    for (let c = Math.max(0, Math.floor(col - 2)); c <= Math.min(wide - 1, Math.ceil(col + 2)); c += 1) {
      const ink = Math.min(1, Math.max(0, (RADIUS - Math.hypot(r - row, c - col)) / EDGE));
      pixels[r * wide + c] = Math.max(pixels[r * wide + c], Math.round(255 * ink));
    }
  }
}

/** Draw a straight stroke from one place to another. */
export function stroke(pixels, [row0, col0], [row1, col1]) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(row1 - row0, col1 - col0)));
  for (let k = 0; k <= steps; k += 1) {
    stamp(pixels, row0 + ((row1 - row0) * k) / steps, col0 + ((col1 - col0) * k) / steps);
  }
}

function paint(canvas, pixels) {
  const wide = pixels.length / SIDE;
  if (canvas.width !== wide) canvas.width = wide;
  const rgba = new Uint8ClampedArray(pixels.length * 4);
  pixels.forEach((value, k) => rgba.set([value, value, value, 255], 4 * k));
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(new ImageData(rgba, wide, SIDE), 0, 0);
}

function newCanvas(className) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: SIDE, height: SIDE, className });
  return canvas;
}

function parts(model, el) {
  el.classList.add("aml4d", "aml4d-pad");
  const head = document.createElement("div");
  head.className = "aml4d-picture-head";
  const pad = document.createElement("div");
  pad.className = "aml4d-pad-ground";
  pad.tabIndex = 0;
  pad.setAttribute("role", "application");
  pad.setAttribute("aria-roledescription", "drawing pad");
  const frame = newCanvas("aml4d-pad-frame");
  const pen = document.createElement("div");
  pen.className = "aml4d-pad-pen";
  pen.hidden = true;
  pad.append(frame, pen);
  const row = document.createElement("div");
  row.className = "aml4d-row aml4d-pad-buttons";
  const below = document.createElement("div");
  below.className = "aml4d-pad-below";
  const prepared = newCanvas("aml4d-pad-prepared");
  prepared.setAttribute("role", "img");
  const note = document.createElement("p");
  note.className = "aml4d-pad-note";
  note.textContent = "What the network gets.";
  below.append(prepared, note);
  const keys = document.createElement("p");
  keys.className = "aml4d-pad-keys";
  keys.id = `aml4d-pad-${Math.random().toString(36).slice(2, 8)}`;
  keys.textContent = "Keys: arrows move the pen, Space lowers and lifts it. Home, End, Page Up and Page Down move it diagonally.";
  pad.setAttribute("aria-describedby", keys.id);
  const spoken = document.createElement("p");
  spoken.className = "aml4d-hidden";
  spoken.setAttribute("aria-live", "polite");
  const status = document.createElement("p");
  status.className = "aml4d-status aml4d-error";
  status.setAttribute("role", "status");
  el.append(head, pad, row, below, keys, spoken, status);
  keepKeys(el);
  return { head, pad, frame, pen, row, prepared, note, spoken, status };
}

function render({ model, el }) {
  const cleanups = [];
  const { head, pad, frame, pen, row, prepared, note, spoken, status } = parts(model, el);
  const outbox = createOutbox(model, el, { pause: PAUSE });
  cleanups.push(outbox.close);
  const cells = model.get("cells");
  const wide = SIDE * cells;
  pad.style.setProperty("--cells", cells);
  prepared.style.width = `${84 * cells}px`;
  prepared.parentElement.classList.toggle("aml4d-pad-wide", cells > 1);
  let pixels = bytesOf(model.get("frame")).slice();
  let asIs = model.get("as_is");
  let sample = model.get("sample"); // a picture that the first stroke takes away
  let place = [8, 13];
  let down = false; // the pen of the keyboard
  let pointer = null; // where the pointer was, while it draws
  let speaking = null;
  let revision = model.get("revision");
  const history = [];

  const say = (words) => {
    clearTimeout(speaking);
    spoken.textContent = words;
  };
  const redraw = () => {
    paint(frame, pixels);
    pen.style.left = `${((place[1] + 0.5) / wide) * 100}%`;
    pen.style.top = `${((place[0] + 0.5) / SIDE) * 100}%`;
    pen.classList.toggle("aml4d-down", down);
    pad.dataset.pen = `${place.join(",")},${down ? "down" : "up"}`;
    undo.disabled = history.length === 0;
    clear.disabled = !pixels.some((value) => value > 0);
  };
  const publish = () => {
    redraw();
    outbox.send({ kind: "drawing", as_is: asIs }, { buffers: [pixels.slice().buffer] });
    clearTimeout(speaking);
    speaking = setTimeout(() => { spoken.textContent = model.get("alt"); }, SPEAK_AFTER);
  };
  const remember = () => {
    history.push({ pixels: pixels.slice(), asIs });
    if (history.length > MOST_UNDO) history.shift();
  };
  const begin = () => { // a stroke
    remember();
    if (sample) pixels = new Uint8Array(SIDE * wide);
    if (sample) asIs = false;
    sample = false;
  };
  const undo = button("Undo", () => {
    const before = history.pop();
    if (!before) return;
    sample = false;
    ({ pixels, asIs } = before);
    down = false;
    publish();
  });
  const clear = button("Clear", () => {
    remember();
    pixels = new Uint8Array(SIDE * wide);
    asIs = false;
    sample = false;
    down = false;
    publish();
  });
  row.append(undo, clear);
  for (const name of model.get("sources")) row.append(button(name, () => outbox.send({ kind: "source", name })));

  const under = (event) => {
    const box = frame.getBoundingClientRect();
    return [
      ((event.clientY - box.top) / box.height) * SIDE - 0.5,
      ((event.clientX - box.left) / box.width) * wide - 0.5,
    ];
  };
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pad.setPointerCapture(event.pointerId);
    begin();
    down = false;
    pen.hidden = true;
    pointer = under(event);
    stamp(pixels, ...pointer);
    publish();
  });
  pad.addEventListener("pointermove", (event) => {
    if (pointer === null) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) {
      const to = under(one);
      stroke(pixels, pointer, to);
      pointer = to;
    }
    publish();
  });
  const lift = () => { pointer = null; };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) pad.addEventListener(name, lift);

  const limit = (value, size) => Math.min(size - 1, Math.max(0, value));
  pad.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (event.key === " ") {
      down = !down;
      if (down) {
        begin();
        stamp(pixels, ...place);
        publish();
      }
      say(`Pen ${down ? "down" : "up"} at row ${place[0]}, column ${place[1]}.`);
    } else if (move) {
      const size = event.shiftKey ? 4 : 1;
      const to = [limit(place[0] + size * move[0], SIDE), limit(place[1] + size * move[1], wide)];
      if (down) stroke(pixels, place, to);
      place = to;
      if (down) publish();
      else say(`Row ${place[0]}, column ${place[1]}.`);
    } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      undo.click();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      if (!clear.disabled) clear.click();
    } else return;
    event.preventDefault();
    pen.hidden = false;
    redraw();
  });
  pad.addEventListener("focus", () => { pen.hidden = !pad.matches(":focus-visible"); });
  pad.addEventListener("blur", () => { pen.hidden = true; });

  const fromPython = () => {
    remember();
    revision = model.get("revision");
    pixels = bytesOf(model.get("frame")).slice();
    asIs = model.get("as_is");
    sample = model.get("sample");
    down = false;
    redraw();
  };
  const elsewhere = () => { // drawn in another view of the same pad
    if (outbox.busy() || pointer !== null || revision !== model.get("revision")) return;
    pixels = bytesOf(model.get("frame")).slice();
    asIs = model.get("as_is");
    redraw();
  };
  const arrived = () => {
    paint(prepared, bytesOf(model.get("prepared_frame")));
    note.textContent = model.get("as_is")
      ? "What the network gets: the picture as it is."
      : `What the network gets: ${cells > 1 ? "each cell " : ""}scaled to 20 pixels and centred.`;
    prepared.setAttribute("aria-label", `What the network gets. ${model.get("alt")}`);
    pad.setAttribute("aria-label", model.get("alt"));
    el.dataset.arrived = String(Number(el.dataset.arrived ?? 0) + 1);
  };
  const words = () => {
    head.textContent = model.get("heading");
    status.textContent = model.get("status");
    pad.style.width = `${model.get("display_width")}px`;
  };
  const bind = (names, action) => {
    for (const name of names) {
      model.on(`change:${name}`, action);
      cleanups.push(() => model.off(`change:${name}`, action));
    }
  };
  bind(["revision"], fromPython);
  bind(["frame"], elsewhere);
  bind(["prepared_frame", "alt", "as_is"], arrived);
  bind(["heading", "status", "display_width"], words);
  words();
  arrived();
  redraw();
  cleanups.push(() => clearTimeout(speaking));
  return () => cleanups.forEach((cleanup) => cleanup());
}

export default { render };
