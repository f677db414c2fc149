// The photos that can be picked, and the one that the lessons use now.

import { button, make } from "../js/dom.js";

export function photoGrid(model, pick) {
  const grid = make("div", { class: "aml4d-photo-grid" });
  grid.setAttribute("role", "listbox");
  grid.setAttribute("aria-label", "Photos of the course");
  const addresses = [];
  const options = model.get("photos").map(({ name, words, picture }) => {
    const option = make("div", { class: "aml4d-photo-option" });
    option.setAttribute("role", "option");
    option.dataset.name = name;
    option.title = words;
    const image = make("img");
    addresses.push(URL.createObjectURL(new Blob([picture], { type: "image/jpeg" })));
    Object.assign(image, { src: addresses.at(-1), alt: words, draggable: false });
    option.append(image);
    option.addEventListener("click", () => pick(name));
    grid.append(option);
    return option;
  });
  const reach = (option) => {
    for (const other of options) other.tabIndex = other === option ? 0 : -1;
  };
  grid.addEventListener("focusin", (event) => {
    if (options.includes(event.target)) reach(event.target);
  });
  grid.addEventListener("keydown", (event) => {
    const at = options.indexOf(event.target);
    if (at < 0) return;
    const columns = options.filter((option) => option.offsetTop === options[0].offsetTop).length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const ends = { Home: 0, End: options.length - 1 };
    const to = event.key in ends ? ends[event.key] : at + (steps[event.key] ?? 0);
    if (event.key === "Enter" || event.key === " ") pick(options[at].dataset.name);
    else if (to === at && !(event.key in ends)) return;
    else options[to]?.focus();
    event.preventDefault();
  });
  const mark = (chosen) => {
    const found = options.find((option) => option.dataset.name === chosen);
    for (const option of options) option.setAttribute("aria-selected", String(option === found));
    reach(found ?? options[0]);
  };
  return { element: grid, mark, close: () => addresses.forEach((address) => URL.revokeObjectURL(address)) };
}

export function shownPhoto(model, forget, describe) {
  const column = make("div", { class: "aml4d-photo-now" });
  const image = make("img");
  const sentence = make("p");
  sentence.dataset.role = "sentence";
  sentence.setAttribute("aria-live", "polite");
  const form = make("form");
  const field = make("div", { class: "aml4d-control" });
  const label = make("label", { text: "What does it show? For people who cannot see it (optional)" });
  const input = make("input");
  Object.assign(input, { type: "text", maxLength: model.get("longest_description"), autocomplete: "off" });
  input.id = label.htmlFor = `aml4d-${Math.random().toString(36).slice(2)}`;
  const row = make("div", { class: "aml4d-row" });
  const keep = make("button", { text: "Keep words" });
  keep.type = "submit";
  const back = button("Back to the cat", forget);
  field.append(label, input);
  row.append(keep, back);
  form.append(field, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    describe(input.value);
  });
  column.append(image, sentence, form);
  // Enlarged pixels stay squares.
  image.addEventListener("load", () => {
    image.style.imageRendering = image.clientWidth > 1.5 * image.naturalWidth ? "pixelated" : "auto";
  });
  let address = "";
  const show = () => {
    URL.revokeObjectURL(address);
    address = model.get("shown").byteLength ? URL.createObjectURL(new Blob([model.get("shown")])) : "";
    image.hidden = !address;
    if (address) image.src = address;
    image.alt = model.get("alt");
    sentence.textContent = model.get("sentence").replaceAll(" × ", "\u00a0×\u00a0");
    for (const part of [field, keep]) part.style.display = model.get("own") ? "" : "none";
    input.value = model.get("description");
    // A button that is disabled while it has the focus would lose it.
    back.setAttribute("aria-disabled", String(model.get("chosen") === model.get("fallback")));
  };
  return { element: column, show, close: () => URL.revokeObjectURL(address) };
}
