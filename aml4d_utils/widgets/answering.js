// One question with radio buttons or a number: used for predictions and for quiz questions.

import { createOutbox } from "./js/outbox.js";
import { illustration, optionRow } from "./js/options.js";

function numberRow(unit, question) {
  const row = document.createElement("div");
  row.className = "aml4d-row";
  const input = document.createElement("input");
  Object.assign(input, { type: "number", step: "any" });
  input.style.width = "11em";
  input.setAttribute("aria-label", question);
  const words = document.createElement("span");
  words.textContent = unit;
  row.append(input, words);
  return { row, input };
}

function render({ model, el }) {
  el.classList.add("aml4d");
  el.dataset.lmSuppressShortcuts = "true";
  const card = document.createElement("div");
  card.className = "aml4d-card";
  const form = document.createElement("fieldset");
  form.className = "aml4d-options";
  const legend = document.createElement("legend");
  legend.textContent = model.get("question");
  form.append(legend, ...illustration(model.get("picture"), model.get("picture_words")));
  const group = `aml4d-${Math.random().toString(36).slice(2)}`;
  const options = model.get("options").map((text, index) => optionRow(text, index, group));
  for (const option of options) form.append(option.label);
  const number = options.length ? null : numberRow(model.get("unit"), model.get("question"));
  if (number) form.append(number.row);
  const row = document.createElement("div");
  row.className = "aml4d-row";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "aml4d-primary";
  button.textContent = model.get("action");
  row.append(button);
  const feedback = document.createElement("div");
  feedback.className = "aml4d-feedback";
  feedback.setAttribute("role", "status");
  card.append(form, row, feedback);
  el.append(card);
  card.addEventListener("keydown", (event) => event.stopPropagation());

  const outbox = createOutbox(model, el);
  const chosen = () => {
    if (!number) return options.findIndex((option) => option.input.checked);
    return number.input.value.trim() === "" ? null : Number(number.input.value);
  };
  const submit = () => {
    const answer = chosen();
    if (answer === -1 || answer === null || Number.isNaN(answer)) {
      feedback.textContent = number ? "Type a number first." : "Choose an answer first.";
      return;
    }
    outbox.send({ kind: "answer", answer });
  };
  button.addEventListener("click", submit);
  if (number) number.input.addEventListener("keydown", (event) => { if (event.key === "Enter") submit(); });

  const show = () => {
    const answer = model.get("answer");
    if (answer !== null && answer !== undefined) {
      if (number) number.input.value = answer;
      else if (options[answer]) options[answer].input.checked = true;
    }
    feedback.textContent = model.get("feedback");
    card.classList.toggle("aml4d-right", model.get("verdict") === "right");
    card.classList.toggle("aml4d-wrong", model.get("verdict") === "wrong");
  };
  model.on("change", show);
  show();
  return () => {
    outbox.close();
    model.off("change", show);
  };
}

export default { render };
