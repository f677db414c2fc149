// Building blocks of the page.

let serial = 0;

export function freshId(stem) {
  serial += 1;
  return `aml4d-ki-${stem}-${serial}`;
}

/** h("div.some-class", {attribute: value, onclick: f}, children...) */
export function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.map((name) => `aml4d-ki-${name}`).join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

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
