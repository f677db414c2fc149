// The left column of an explorer: title, purpose, native inputs, Reset.
// While Python works, only the newest value of each control waits.

import { keepKeys, make } from "./js/dom.js";
import { shown } from "./js/numbers.js";
import { createOutbox } from "./js/outbox.js";
import { saving } from "./js/save.js";

/** Changes that wait leave together; Reset makes those before it pointless. */
function together(waiting, message) {
  const last = waiting.at(-1);
  if (message.content.kind === "reset") return [message];
  if (last?.content.kind !== "set") return [...waiting, message];
  const values = { ...last.content.values, ...message.content.values };
  return [...waiting.slice(0, -1), { ...message, content: { kind: "set", values } }];
}

function valueText(field, value) {
  const text = shown(Number(value), field.decimals);
  return field.unit ? `${text} ${field.unit}` : text;
}

function sliderControl(field, id, change) {
  const wrap = document.createElement("div");
  wrap.className = "aml4d-control";
  const head = document.createElement("div");
  head.className = "aml4d-control-head";
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = field.label;
  const output = document.createElement("output");
  output.htmlFor = id;
  const input = document.createElement("input");
  Object.assign(input, { type: "range", id, min: field.low, max: field.high, step: field.step });
  input.addEventListener("input", () => {
    write(Number(input.value));
    change(Number(input.value));
  });
  const write = (value) => {
    input.value = value;
    output.textContent = valueText(field, value);
    input.setAttribute("aria-valuetext", valueText(field, value));
  };
  head.append(label, output);
  wrap.append(head, input);
  return { element: wrap, input, write };
}

function choiceControl(field, id, change) {
  const wrap = document.createElement("div");
  wrap.className = "aml4d-control";
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = field.label;
  const input = document.createElement("select");
  input.id = id;
  for (const option of field.options) input.add(new Option(option, option));
  input.addEventListener("change", () => change(input.value));
  wrap.append(label, input);
  const name = (words) => {
    for (const option of input.options) option.textContent = words[option.value] ?? option.value;
  };
  return { element: wrap, input, write: (value) => { input.value = value; }, name };
}

function toggleControl(field, id, change) {
  const wrap = document.createElement("div");
  wrap.className = "aml4d-toggle";
  const input = document.createElement("input");
  Object.assign(input, { type: "checkbox", id });
  input.addEventListener("change", () => change(input.checked));
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = field.label;
  wrap.append(input, label);
  return { element: wrap, input, write: (value) => { input.checked = value; } };
}

// A line that grows over two rows. Enter sends it, so does leaving it.
function typedControl(field, id, change) {
  const input = make("textarea", { id, rows: 2, maxlength: field.longest, spellcheck: "false" });
  let sent = "";
  const send = () => {
    const line = input.value.replace(/\s+/g, " ");
    if (line === sent) return;
    sent = line;
    change(line);
  };
  input.addEventListener("change", send);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const label = make("label", { for: id, text: field.label });
  const write = (value) => {
    sent = value;
    if (document.activeElement !== input) input.value = value; // Somebody may be typing on.
  };
  return { element: make("div", { class: "aml4d-control" }, label, input), input, write };
}

const GAP = 8;

function scrolling(element) {
  let box = element.parentElement;
  while (box && !["auto", "scroll"].includes(getComputedStyle(box).overflowY)) box = box.parentElement;
  return box ?? document.documentElement;
}

// The column stays in view while a tall stage scrolls. One that is taller than the page stays with
// its end, so that all of it can be reached.
function stayInView(el) {
  const watch = new ResizeObserver(() => {
    const column = el.closest(".aml4d-explorer-body > *");
    if (!column) return;
    const page = scrolling(column);
    watch.observe(column);
    watch.observe(page);
    column.style.top = `${Math.min(GAP, page.clientHeight - column.offsetHeight - GAP)}px`;
  });
  watch.observe(el);
  return () => watch.disconnect();
}

/** Tell Python once that the explorer is in view: until then its background work waits. */
function tellWhenSeen(model, el) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    el.dataset.seen = "";
    try {
      model.send({ kind: "seen" }); // not by the outbox: nobody waits for an answer
    } catch (error) {
      console.warn(error); // The connection to a kernel that has gone refuses to send.
    }
  });
  if (model.get("unseen")) watch.observe(el);
  return () => watch.disconnect();
}

const MAKERS = { slider: sliderControl, choice: choiceControl, toggle: toggleControl, typed: typedControl };

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-controls");
  const title = document.createElement("h3");
  title.className = "aml4d-title";
  title.textContent = model.get("title");
  const badge = document.createElement("span");
  badge.className = "aml4d-badge";
  badge.textContent = model.get("origin");
  title.append(" ", badge);
  const purpose = document.createElement("p");
  purpose.className = "aml4d-purpose";
  purpose.textContent = model.get("purpose");
  el.append(title, purpose);

  const outbox = createOutbox(model, el, { keep: together });

  const controls = {};
  const more = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "More controls";
  const inside = document.createElement("div");
  more.append(summary, inside);
  for (const field of model.get("fields")) {
    const id = `aml4d-${model.get("key")}-${field.name}-${Math.random().toString(36).slice(2, 8)}`;
    const control = MAKERS[field.kind](field, id, (value) => {
      outbox.send({ kind: "set", values: { [field.name]: value } });
    });
    control.input.dataset.field = field.name;
    if (field.later) control.input.dataset.later = "";
    controls[field.name] = control;
    (field.advanced ? inside : el).append(control.element);
  }
  if (inside.childElementCount) el.append(more);

  const reset = document.createElement("button");
  reset.type = "button";
  reset.className = "aml4d-reset";
  reset.textContent = "Reset";
  reset.addEventListener("click", () => outbox.send({ kind: "reset" }));
  const explorer = () => el.closest(".aml4d-explorer");
  const { save, said } = saving(
    () => explorer().querySelector(".aml4d-stage"),
    model.get("title"),
    () => explorer().querySelector("[data-role=caption]").textContent,
  );
  el.append(make("div", { class: "aml4d-row aml4d-ends" }, reset, save), said);
  keepKeys(el);

  const write = () => {
    const values = model.get("values");
    const ahead = Object.assign({}, ...outbox.waiting().map((content) => content.values));
    for (const [name, control] of Object.entries(controls)) {
      if (!(name in ahead)) control.write(values[name]);
    }
  };
  const name = () => {
    for (const [field, words] of Object.entries(model.get("words"))) controls[field].name(words);
  };
  model.on("change:values", write);
  model.on("change:words", name);
  name();
  write();
  const letGo = [stayInView(el), tellWhenSeen(model, el)];
  return () => {
    letGo.forEach((end) => end());
    model.off("change:values", write);
    model.off("change:words", name);
    outbox.close();
  };
}

export default { render };
