// Building blocks of the page.

import { freshId, shortFor } from "../../../widgets/js/dom.js";

export const h = shortFor("aml4d-ki");

export function button(label, onclick) {
  return h("button.button", { type: "button", onclick }, label);
}

/** A labelled row of radio buttons that looks like one segmented switch. */
export function segmented(label, options, onchange) {
  const id = freshId("group");
  const inputs = new Map();
  const cells = options.map(([value, text, full]) => {
    const input = h("input", {
      type: "radio",
      name: id,
      value,
      "aria-label": full ?? null,
      onchange: () => onchange(value),
    });
    inputs.set(value, input);
    return h("label.segment", {}, input, h("span", {}, text));
  });
  const element = h(
    "div.field",
    { role: "radiogroup", "aria-labelledby": id },
    h("span.label", { id }, label),
    h("span.segments", {}, ...cells),
  );
  const write = (value) => {
    for (const [own, input] of inputs) input.checked = own === value;
  };
  return { element, write };
}

export function disclosure(label, ...children) {
  return h("details.more", {}, h("summary", {}, label), h("div.more-body", {}, ...children));
}
