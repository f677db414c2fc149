// Many photo files at once: each is made small here, sent, and named when it cannot be read.

import { prepared } from "../../../widgets/photo_chooser/files.js";
import { button, freshId, keepKeys, make } from "../../../widgets/js/dom.js";
import { NO_KERNEL, createOutbox } from "../../../widgets/js/outbox.js";
import { everyOne } from "../../../widgets/js/queue.js";

function tick(model, name, words) {
  const id = freshId(name);
  const box = make("input", { type: "checkbox", id });
  const show = () => {
    box.checked = model.get(name);
  };
  box.addEventListener("change", () => {
    model.set(name, box.checked);
    model.save_changes();
  });
  model.on(`change:${name}`, show);
  show();
  const row = make("div", { class: "aml4d-row", style: "flex-wrap: nowrap" }, box, make("label", { for: id, text: words }));
  return { row, close: () => model.off(`change:${name}`, show) };
}

function render({ model, el }) {
  el.classList.add("aml4d");
  const words = make("p", { class: "aml4d-status", role: "status" });
  const say = (sentence, failed = false) => {
    words.textContent = sentence;
    words.classList.toggle("aml4d-error", failed);
  };
  const outbox = createOutbox(model, el, {
    keep: everyOne,
    say: (sentence) => say(sentence, sentence === NO_KERNEL),
  });
  let job = 0;
  const sendAll = async (files) => {
    job += 1;
    const mine = job;
    let number = 0;
    for (const file of files) {
      number += 1;
      if (number > model.get("most")) {
        outbox.send({ kind: "skipped", words: `Only the first ${model.get("most")} files are taken.` });
        break;
      }
      say(`Opening ${file.name}, ${number} of ${files.length} …`);
      try {
        const { blob } = await prepared(file);
        const bytes = await blob.arrayBuffer();
        if (mine !== job) return;
        outbox.send({ kind: "photo", name: file.name }, { buffers: [bytes] });
      } catch (error) {
        if (mine !== job) return;
        outbox.send({ kind: "skipped", words: error.message });
      }
    }
    outbox.send({ kind: "end" }, { done: () => say(model.get("status")) });
  };

  const input = make("input", { class: "aml4d-hidden", type: "file", accept: "image/*", multiple: true, tabindex: "-1" });
  input.setAttribute("aria-label", "Photo files");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) sendAll(files);
  });
  const burst = tick(model, "one_burst", "taken in one go (one burst)");
  const away = tick(model, "elsewhere", "on another table (test only)");
  el.append(button("Add photo files …", () => input.click()), input, burst.row, away.row, words);
  keepKeys(el);
  const show = () => {
    if (!outbox.busy()) say(model.get("status"));
  };
  model.on("change:status", show);
  show();
  return () => {
    job += 1;
    outbox.close();
    burst.close();
    away.close();
    model.off("change:status", show);
  };
}

export default { render };
