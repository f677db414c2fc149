// Long work in a cell: a bar, what is happening, and Stop.

import { createOutbox } from "./js/outbox.js";

function render({ model, el }) {
  const outbox = createOutbox(model, el);
  el.classList.add("aml4d", "aml4d-progressbar");
  const row = document.createElement("div");
  row.className = "aml4d-row";
  const label = document.createElement("strong");
  const bar = document.createElement("div");
  bar.className = "aml4d-bar";
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-valuemin", "0");
  bar.setAttribute("aria-valuemax", "100");
  const fill = document.createElement("div");
  bar.append(fill);
  const stop = document.createElement("button");
  stop.type = "button";
  stop.textContent = "Stop";
  stop.addEventListener("click", () => {
    stop.disabled = true;
    outbox.send({ kind: "stop" });
  });
  const status = document.createElement("span");
  status.className = "aml4d-status";
  status.setAttribute("role", "status");
  row.append(label, bar, stop);
  el.append(row, status);
  const show = () => {
    const percent = Math.round(100 * model.get("fraction"));
    label.textContent = model.get("label");
    bar.setAttribute("aria-label", model.get("label"));
    bar.setAttribute("aria-valuenow", String(percent));
    fill.style.width = `${percent}%`;
    status.textContent = model.get("status");
    stop.hidden = model.get("finished");
    stop.style.display = model.get("finished") ? "none" : "";
  };
  model.on("change", show);
  show();
  return () => {
    outbox.close();
    model.off("change", show);
  };
}

export default { render };
