// Many photo files at once: each is made small here, sent, and named when it cannot be read.

import { prepared } from "../../../widgets/photo_chooser/files.js";
import { freshId, make } from "../../../widgets/js/dom.js";
import { filePicker } from "../../../widgets/js/file_picker.js";

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
  const sendAll = async (files, replaced) => {
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
        if (replaced()) return;
        outbox.send({ kind: "photo", name: file.name }, { buffers: [bytes] });
      } catch (error) {
        if (replaced()) return;
        outbox.send({ kind: "skipped", words: error.message });
      }
    }
    outbox.send({ kind: "end" }, { done: () => say(model.get("status")) });
  };
  const picker = filePicker({ model, el }, {
    words: "Add photo files …", name: "Photo files", accept: "image/*", take: sendAll,
  });
  const { outbox, say } = picker;
  const burst = tick(model, "one_burst", "taken in one go (one burst)");
  const away = tick(model, "elsewhere", "on another table (test only)");
  el.append(picker.opener, picker.input, burst.row, away.row, picker.line);
  const show = () => {
    if (!outbox.busy()) say(model.get("status"));
  };
  model.on("change:status", show);
  show();
  return () => {
    picker.close();
    burst.close();
    away.close();
    model.off("change:status", show);
  };
}

export default { render };
