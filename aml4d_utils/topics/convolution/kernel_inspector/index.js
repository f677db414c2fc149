// The kernel inspector.

import { debounced } from "../../../widgets/js/debounced.js";
import { make, setText } from "../../../widgets/js/dom.js";
import { clamp, shown } from "../../../widgets/js/numbers.js";
import { saving } from "../../../widgets/js/save.js";
import { signedColour } from "./colours.js";
import { LARGEST_WEIGHT, correlate, parsedWeight, planesOf } from "./arithmetic.js";
import { createCalculation } from "./calculation.js";
import { TITLE, createControls } from "./controls.js";
import { createFigure } from "./figure.js";
import { h } from "./page.js";
import { createScan } from "./scan.js";
import { SETTINGS, commitKernel, createScene, undo, withWeight } from "./settings.js";
import { describe, sizeFormula } from "./words.js";

const CURSOR_MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
  PageUp: [-10, 0],
  PageDown: [10, 0],
};
const ANNOUNCE_AFTER = 600; // ms without change before the sentence is read out
const SAVE_AFTER = 150; // ms before a moved cursor is sent to Python
const WATCHED = [...SETTINGS, "pixels", "size", "cursor", "scanned", "presets"];

function createView(model, el, history) {
  let scene = null;
  let pinned = false;
  let waiting = 0;
  const sceneNow = createScene(model);
  const redraw = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const sync = debounced(() => model.save_changes(), SAVE_AFTER);
  const moveCursor = (cursor) => {
    model.set("cursor", cursor);
    sync.call();
  };
  const message = h("p.message", { role: "status" });
  const say = (text) => setText(message, text);
  const scan = createScan(model, sceneNow, moveCursor, redraw);
  const pointer = createPointer(
    () => scene,
    moveCursor,
    scan,
    () => pinned,
    (value) => {
      pinned = value;
      redraw();
    },
  );
  const edits = {
    accept: (cell, weight) => {
      say("");
      commitKernel(
        model,
        history,
        withWeight(model.get("kernel"), model.get("linked"), cell.channel, cell.i, cell.j, weight),
      );
      cell.weight = weight;
    },
    refuse: (text, cell) =>
      say(
        `${text.trim() ? `“${text.trim().slice(0, 20)}”` : "An empty cell"} is not a number ` +
          `from −${LARGEST_WEIGHT} to ${LARGEST_WEIGHT}, so the weight stays ${shown(cell.weight, Math.max(cell.decimals, 1))}.`,
      ),
  };
  const formula = h("p.formula");
  const figure = createFigure(pointer, formula);
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const stage = h("div.stage", {}, figure.element);
  const { save, said } = saving(() => stage, TITLE, () => sentence.textContent);
  const controls = createControls(model, history, scan, say, [save, said]);
  const calculation = createCalculation(edits);
  const announce = debounced(() => {
    if (scene && !scan.running()) setText(sentence, describe(scene));
  }, ANNOUNCE_AFTER);

  function draw() {
    waiting = 0;
    const next = sceneNow();
    if (!next) return;
    const first = scene === null;
    scene = next;
    figure.update(scene, pinned);
    controls.update(scene);
    calculation.update(scene);
    setText(formula, formulaText(scene));
    root.classList.toggle(
      "aml4d-ki-wide",
      scene.k === 7 || (scene.k === 5 && scene.mode === "rgb"),
    );
    if (first) setText(sentence, describe(scene));
    else announce.call();
  }

  const root = make(
    "div",
    { class: "aml4d-inspector-body aml4d-ki-body" },
    controls.element,
    stage,
    calculation.element,
    make("div", { class: "aml4d-caption" }, sentence, message),
  );
  mount(el, root);
  const stopKeys = handleKeys(el, model, history, say);
  const resized = new ResizeObserver(redraw);
  resized.observe(figure.element);
  for (const name of WATCHED) model.on(`change:${name}`, redraw);
  redraw();
  return () => {
    for (const name of WATCHED) model.off(`change:${name}`, redraw);
    resized.disconnect();
    cancelAnimationFrame(waiting);
    scan.dispose();
    sync.cancel();
    announce.cancel();
    stopKeys();
  };
}

function mount(el, root) {
  el.classList.add("aml4d-inspector", "aml4d-ki");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the widget.
  el.append(root);
}

/** Ctrl+Z takes back; other keys stay inside the widget. */
function handleKeys(el, model, history, say) {
  const listen = (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
    const wanted =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    const typing =
      event.target.dataset.text !== undefined && event.target.value !== event.target.dataset.text;
    if (!wanted || typing) return; // Half-typed text has an undo of its own.
    event.preventDefault();
    say(undo(model, history) ? "The last change is taken back." : "There is nothing to take back.");
  };
  el.addEventListener("keydown", listen);
  return () => el.removeEventListener("keydown", listen);
}

/** Hovering, dragging, pinning and the arrow keys. */
function createPointer(currentScene, moveCursor, scan, isPinned, setPinned) {
  const inside = ([row, column]) => {
    const { rows, columns } = currentScene().map;
    return [clamp(row, 0, rows - 1), clamp(column, 0, columns - 1)];
  };
  const moveTo = (position, forced) => {
    if (scan.running() || (isPinned() && !forced)) return;
    moveCursor(inside(position));
  };
  const moveBy = (event) => {
    if (event.key === "Escape") setPinned(false);
    if (event.key === "Enter") setPinned(!isPinned());
    const move = CURSOR_MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const times = event.shiftKey ? 10 : 1;
    const { cursor } = currentScene();
    moveCursor(inside(cursor.map((at, axis) => (move[axis] ? at + times * move[axis] : at))));
  };
  const togglePin = (event) => {
    if (event.pointerType === "mouse") setPinned(!isPinned());
  };
  return { moveTo, moveBy, togglePin };
}

function formulaText({ size: [height, width], k, geometry }) {
  return `rows ${sizeFormula(height, k, geometry)}\ncolumns ${sizeFormula(width, k, geometry)}`;
}

/** One undo history per widget, shared by all of its views. */
export { planesOf, correlate, signedColour, parsedWeight };
export default () => {
  const history = [];
  return {
    initialize: () => () => {
      history.length = 0;
    },
    render: ({ model, el }) => createView(model, el, history),
  };
};
