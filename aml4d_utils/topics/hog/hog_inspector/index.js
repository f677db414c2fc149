// The HOG inspector. Python measures the gradients; everything after them is counted here, so that
// hovering never waits.

import { debounced } from "../../../widgets/js/debounced.js";
import { make, setText } from "../../../widgets/js/dom.js";
import { clamp } from "../../../widgets/js/numbers.js";
import { saving } from "../../../widgets/js/save.js";
import { blockAt, cellHistograms, evenedCells, normalised, polar } from "./arithmetic.js";
import { createBlock } from "./block.js";
import { createCell } from "./cell.js";
import { TITLE, createControls } from "./controls.js";
import { h, step } from "./page.js";
import { MOVES, createPicture, paintStrokes } from "./pictures.js";
import { createScene } from "./scene.js";
import { createVotes } from "./votes.js";
import { describe, formula, grouped, numbersIn } from "./words.js";

const ANNOUNCE_AFTER = 600; // ms without change before the sentence is read out
const SAVE_AFTER = 120; // ms before a moved cursor is sent to Python
const WATCHED = ["revision", "cell", "bins", "block", "norm", "drawn", "light", "cursor"];

function createPointer(current, moveCursor, isHeld, hold) {
  const cellUnder = (event, wrap) => {
    const scene = current();
    const { left, top, width, height } = wrap.getBoundingClientRect();
    const y = ((event.clientY - top) / height) * scene.size[0];
    const x = ((event.clientX - left) / width) * scene.size[1];
    return [Math.floor(y / scene.cell), Math.floor(x / scene.cell)];
  };
  return {
    move: (event, wrap) => {
      if (event.buttons || (event.pointerType === "mouse" && !isHeld())) moveCursor(cellUnder(event, wrap));
    },
    press: (event, wrap) => {
      if (event.pointerType === "mouse") hold(!isHeld());
      moveCursor(cellUnder(event, wrap));
    },
    key: (event) => {
      if (event.key === "Escape") hold(false);
      if (event.key === "Enter") hold(!isHeld());
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      hold(true); // Else the resting mouse would take the cell back.
      const far = event.shiftKey ? 5 : 1;
      moveCursor(current().cursor.map((at, axis) => at + far * move[axis]));
    },
  };
}

function render({ model, el }) {
  const sceneNow = createScene(model);
  let scene = sceneNow();
  let held = false;
  let chosen = null;
  let waiting = 0;
  const redraw = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const sync = debounced(() => model.save_changes(), SAVE_AFTER);
  const moveCursor = (cursor) => {
    if (!scene.fits) return;
    const limits = [scene.cells.rows, scene.cells.columns];
    model.set("cursor", cursor.map((at, axis) => clamp(at, 0, limits[axis] - 1)));
    chosen = null;
    sync.call();
  };
  const commit = (changes) => {
    if (changes.cell && scene.fits && changes.cell !== scene.cell) {
      // The cell under the same place of the photo stays chosen.
      model.set("cursor", scene.cursor.map((at) => Math.floor(((at + 0.5) * scene.cell) / changes.cell)));
    }
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
  const hold = (value) => {
    held = value;
    redraw();
  };
  const choose = (bin) => {
    if (bin === chosen) return;
    chosen = bin;
    redraw();
  };
  const pointer = createPointer(() => scene, moveCursor, () => held, hold);
  const photo = createPicture("Photo", pointer, (context, now, scale, [width, height]) => {
    context.imageSmoothingEnabled = scale < 1.5;
    context.drawImage(now.photo, 0, 0, width, height);
  });
  const strokes = createPicture("HOG", pointer, (context, now, scale, [width, height]) => {
    context.fillStyle = "#0b0b0b";
    context.fillRect(0, 0, width, height);
    if (!now.fits) return;
    const even = now.drawn === "normalised";
    paintStrokes(context, even ? now.even : now.cells, (even ? now.evenWhite : now.white) || 1, now.cell * scale);
  });
  const sentence = h("p.sentence");
  const steps = h("div.steps");
  const stage = h("div.stage", {}, h("div.pictures", {}, photo.element, strokes.element), steps);
  const { save, said } = saving(() => stage, TITLE, () => sentence.textContent);
  const controls = createControls(model, commit, [save, said]);
  const cell = createCell();
  const votes = createVotes(choose);
  const block = createBlock();
  const sums = h("div.sums");
  steps.append(cell.element, votes.element);
  const spoken = make("p", { class: "aml4d-hidden", "aria-live": "polite" });
  const hint = h("p.hint");
  const announce = debounced(() => setText(spoken, sentence.textContent), ANNOUNCE_AFTER);

  function draw() {
    waiting = 0;
    scene = sceneNow();
    const words = describe(scene);
    const bin = scene.fits ? clamp(chosen ?? scene.top, 0, scene.bins - 1) : 0;
    photo.update(scene, words);
    const drawn = scene.drawn === "normalised" ? "HOG, normalised" : "HOG";
    setText(strokes.heading, `${drawn}: ${grouped(numbersIn(scene))} numbers`);
    strokes.update(scene, words);
    controls.update();
    cell.update(scene, bin);
    votes.update(scene, bin);
    block.update(scene);
    writeSums(sums, scene);
    setText(sentence, words);
    setText(hint, held ? "This cell is held: click again, or press Enter, to let go." : "");
    root.dataset.held = String(held);
    root.classList.toggle("aml4d-hi-misfit", !scene.fits);
    announce.call();
  }

  const root = make(
    "div",
    { class: "aml4d-inspector-body aml4d-hi-body" },
    controls.element,
    stage,
    h("div.below", {}, block.element, step(4, "All blocks in one row: the descriptor", sums)),
    make("div", { class: "aml4d-caption" }, sentence, hint, spoken),
  );
  el.classList.add("aml4d-inspector", "aml4d-hog");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the widget.
  el.append(root);
  const keep = (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
  };
  el.addEventListener("keydown", keep);
  const resized = new ResizeObserver(redraw);
  resized.observe(root);
  for (const name of WATCHED) model.on(`change:${name}`, redraw);
  draw();
  return () => {
    for (const name of WATCHED) model.off(`change:${name}`, redraw);
    el.removeEventListener("keydown", keep);
    resized.disconnect();
    cancelAnimationFrame(waiting);
    sync.cancel();
    announce.cancel();
  };
}

function writeSums(list, scene) {
  const rows = scene.fits ? formula(scene) : [];
  const text = rows.flat().join("|");
  if (list.dataset.text === text) return;
  list.dataset.text = text;
  list.replaceChildren(...rows.flatMap(([name, words]) => [h("span.soft", {}, name), h("span", {}, words)]));
}

export { polar, cellHistograms, normalised, blockAt, evenedCells };
export default { render };
