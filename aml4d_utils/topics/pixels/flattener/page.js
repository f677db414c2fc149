// Building the page.

import { saving } from "../../../widgets/js/save.js";

const TITLE = "One picture, one row of numbers";

export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

let ids = 0;

function labelled(text, input, output = null) {
  const box = element("div", "aml4d-control");
  const head = element("div", "aml4d-control-head");
  const label = element("label", "", text);
  ids += 1;
  input.id = `aml4d-flat-${ids}`;
  label.htmlFor = input.id;
  head.append(label);
  if (output) head.append(output);
  box.append(head, input);
  return box;
}

function canvasPart(heading, name, keys) {
  const part = element("div", "aml4d-flat-part");
  const hold = element("div", "aml4d-flat-hold");
  hold.tabIndex = 0;
  hold.setAttribute("role", "application");
  hold.setAttribute("aria-roledescription", keys);
  hold.dataset.lmSuppressShortcuts = "true";
  hold.dataset.part = name;
  const canvas = element("canvas");
  const head = element("div", "aml4d-picture-head", heading);
  hold.append(canvas);
  part.append(head, hold);
  return { part, head, hold, canvas };
}

export function buildPage(el, longest) {
  el.classList.add("aml4d", "aml4d-flat");
  el.dataset.lmSuppressShortcuts = "true";
  // Keys that a control uses must not reach the notebook's own shortcuts.
  el.addEventListener("keydown", (event) => { if (event.key !== "Escape") event.stopPropagation(); });
  const root = element("div", "jupyter-widgets aml4d-explorer");
  const body = element("div", "jupyter-widgets aml4d-explorer-body");
  const controls = element("div", "aml4d-controls");
  const title = element("h3", "aml4d-title", TITLE);
  title.append(" ", element("span", "aml4d-badge", "live"));
  const length = element("input");
  length.type = "range";
  length.min = "1";
  length.dataset.field = "row_length";
  const lengthOut = element("output");
  const size = element("select");
  size.dataset.field = "longest";
  for (const side of longest) size.append(new Option(`up to ${side} pixels`, String(side)));
  const colour = element("input");
  colour.type = "checkbox";
  colour.dataset.field = "colour";
  ids += 1;
  colour.id = `aml4d-flat-${ids}`;
  const toggle = element("div", "aml4d-toggle");
  const colourLabel = element("label", "", "In colour: three numbers a pixel");
  colourLabel.htmlFor = colour.id;
  toggle.append(colour, colourLabel);
  const reset = element("button", "aml4d-reset", "Reset");
  reset.type = "button";
  const stage = element("div", "jupyter-widgets aml4d-stage");
  const words = element("div");
  const { save, said } = saving(() => stage, TITLE, () => words.textContent);
  const ends = element("div", "aml4d-row aml4d-ends");
  ends.append(reset, save);
  controls.append(
    title,
    element("p", "aml4d-purpose", "Drag over the picture or along the row. The arrow keys move on."),
    labelled("Cut the row every", length, lengthOut),
    labelled("Size of the picture", size),
    toggle,
    ends,
    said,
  );
  const pictures = element("div", "aml4d-flat-pictures");
  const picture = canvasPart("the picture", "picture", "picture with a movable mark");
  const cut = canvasPart("the row, cut again", "cut", "picture with a movable mark");
  pictures.append(picture.part, cut.part);
  const strip = canvasPart("the row: all numbers, end to end", "strip", "row with a movable mark");
  const lens = canvasPart("a piece of it, enlarged", "lens", "row with a movable mark");
  for (const { part } of [strip, lens]) part.classList.add("aml4d-flat-wide");
  const sum = element("div", "aml4d-flat-formula aml4d-flat-wide");
  stage.append(pictures, sum, strip.part, lens.part);
  body.append(controls, stage);
  const caption = element("div", "aml4d-caption");
  words.dataset.role = "caption";
  words.setAttribute("aria-live", "polite");
  caption.append(words);
  root.append(body, caption);
  el.append(root);
  return { root, length, lengthOut, size, colour, reset, picture, cut, strip, lens, sum, words };
}
