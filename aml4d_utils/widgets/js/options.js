// What a question shows: its options, and a picture that it is about.

import { make } from "./dom.js";

/** A radio button with its words; give all options of a question the same `group`. */
export function optionRow(text, index, group) {
  const input = make("input", { type: "radio", name: group, value: String(index) });
  return { label: make("label", {}, input, make("span", { text })), input };
}

/** The picture of a question in a list, or an empty list where it has none. */
export function illustration(address, words) {
  return address ? [make("img", { class: "aml4d-question-picture", src: address, alt: words })] : [];
}
