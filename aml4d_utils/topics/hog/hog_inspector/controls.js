// The column of controls.

import { button, freshId, make, setText } from "../../../widgets/js/dom.js";
import { h } from "./page.js";

function slider(model, name, label, low, high, by, words, commit) {
  const id = freshId(name);
  const output = h("output", { for: id });
  const input = h("input", { type: "range", id, min: low, max: high, step: by });
  input.dataset.field = name;
  input.addEventListener("input", () => commit({ [name]: Number(input.value) }));
  const head = h("div.head", {}, h("label", { for: id }, label), output);
  const update = () => {
    const value = model.get(name);
    if (Number(input.value) !== value) input.value = value;
    setText(output, words(value));
    input.setAttribute("aria-valuetext", words(value));
  };
  return { element: h("div.field", {}, head, input), update };
}

function select(model, name, label, options, commit) {
  const id = freshId(name);
  const input = h("select", { id });
  input.dataset.field = name;
  for (const [value, words] of options) input.add(new Option(words, value));
  input.addEventListener("change", () => commit({ [name]: input.value }));
  const update = () => {
    input.value = model.get(name);
  };
  return { element: h("div.field", {}, h("label", { for: id }, label), input), update };
}

export const TITLE = "HOG inspector";

/** The button and the line that save a picture stand beside and below Reset. */
export function createControls(model, commit, [save, said]) {
  const parts = [
    slider(model, "cell", "Cell size", 4, 32, 2, (value) => `${value} px`, commit),
    slider(model, "bins", "Bins", 2, 18, 1, (value) => `${value} of ${Math.round(1800 / value) / 10}°`, commit),
    slider(model, "block", "Block", 1, 4, 1, (value) => `${value} × ${value} cells`, commit),
    select(model, "norm", "Normalisation", model.get("norms").map((name) => [name, name]), commit),
    select(
      model,
      "drawn",
      "Strokes show",
      [
        ["votes", "the votes of each cell"],
        ["normalised", "normalised votes"],
      ],
      commit,
    ),
    slider(model, "light", "Light on the left half", 10, 100, 5, (value) => `${value} %`, commit),
  ];
  const reset = button("Reset", () => commit(model.get("start")));
  const element = h(
    "div.controls",
    {},
    make("h3", { class: "aml4d-title" }, `${TITLE} `, make("span", { class: "aml4d-badge", text: "live" })),
    make("p", { class: "aml4d-purpose" }, "Hover the photo to choose a cell. Click to hold it, or use the arrow keys."),
    ...parts.map((part) => part.element),
    make("div", { class: "aml4d-row aml4d-ends" }, reset, save),
    said,
  );
  return { element, update: () => parts.forEach((part) => part.update()) };
}
