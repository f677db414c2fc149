// The sentence below an explorer: what is shown now, progress, errors, Cancel.

import { createOutbox } from "./js/outbox.js";

function render({ model, el }) {
  const outbox = createOutbox(model, el);
  el.classList.add("aml4d", "aml4d-caption");
  const visible = document.createElement("p");
  visible.setAttribute("aria-hidden", "true");
  visible.dataset.role = "caption";
  const spoken = document.createElement("p");
  spoken.className = "aml4d-hidden";
  spoken.setAttribute("aria-live", "polite");
  const work = document.createElement("div");
  work.className = "aml4d-row";
  const bar = document.createElement("div");
  bar.className = "aml4d-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const fill = document.createElement("div");
  bar.append(fill);
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.textContent = "Cancel";
  cancel.addEventListener("click", () => outbox.send({ kind: "cancel" }));
  work.append(bar, cancel);
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  el.append(visible, spoken, work, status);

  let later = null;
  const speak = () => { spoken.textContent = model.get("text"); };
  const words = () => {
    visible.textContent = model.get("text");
    clearTimeout(later);
    later = setTimeout(speak, 500);
  };
  const state = () => {
    status.textContent = model.get("status");
    status.className = "aml4d-status" + (model.get("failed") ? " aml4d-error" : "");
    const fraction = model.get("fraction");
    work.hidden = fraction < 0;
    work.style.display = fraction < 0 ? "none" : "";
    fill.style.width = `${Math.round(100 * Math.max(0, fraction))}%`;
    bar.setAttribute("aria-valuenow", String(Math.round(100 * Math.max(0, fraction))));
    bar.setAttribute("aria-label", "Progress");
  };
  model.on("change:text", words);
  for (const name of ["status", "failed", "fraction"]) model.on(`change:${name}`, state);
  visible.textContent = model.get("text");
  speak();
  state();
  return () => {
    clearTimeout(later);
    outbox.close();
    model.off("change:text", words);
    for (const name of ["status", "failed", "fraction"]) model.off(`change:${name}`, state);
  };
}

export default { render };
