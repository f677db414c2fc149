// Building the page: elements with attributes and children, never from text that could be markup.

const SVG = "http://www.w3.org/2000/svg";

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An element; `text` is its words, and an attribute such as `onclick` takes a function. */
export function make(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** `make` in short for one widget: `h("p.note.small")` is a paragraph of its classes note and small. */
export function shortFor(prefix) {
  return (what, attributes = {}, ...children) => {
    const [tag, ...classes] = what.split(".");
    const names = classes.map((name) => `${prefix}-${name}`).join(" ");
    return make(tag, { class: names || null, ...attributes }, ...children);
  };
}

/** An element of a drawing, as `make`. */
export function vector(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

export function button(words, act) {
  return make("button", { type: "button", text: words, onclick: act });
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let identities = 0;

/** A name for `id` that nothing else on the page has, whatever script made it. */
export function freshId(stem) {
  identities += 1;
  return `aml4d-${stem}-${identities}-${Math.random().toString(36).slice(2, 8)}`;
}

/** Keys that a widget uses must not reach the notebook's own shortcuts. */
export function keepKeys(el, let_through = ["Escape"]) {
  el.dataset.lmSuppressShortcuts = "true";
  const listen = (event) => {
    if (!let_through.includes(event.key)) event.stopPropagation();
  };
  el.addEventListener("keydown", listen);
}

/** The bytes of a buffer from Python, without a copy. */
export function bytesOf(view) {
  return view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(0);
}
