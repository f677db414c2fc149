// A button that opens files, the line that says what became of them, and their way to Python.

import { button, keepKeys, make } from "./dom.js";
import { NO_KERNEL, createOutbox } from "./outbox.js";
import { everyOne } from "./queue.js";

/**
 * The parts of a widget `el` that takes files; whoever calls puts them in their places.
 *
 * `words` stand on the button, `name` is what a screen reader calls the choice, `accept` is as for
 * an input. `take(files, replaced)` gets what was chosen; `replaced()` tells whether other files
 * were chosen meanwhile, or the widget is gone.
 */
export function filePicker({ model, el }, { words, name, accept, take }) {
  el.classList.add("aml4d");
  const line = make("p", { class: "aml4d-status", role: "status" });
  const say = (sentence, failed = false) => {
    line.textContent = sentence;
    line.classList.toggle("aml4d-error", failed);
  };
  const outbox = createOutbox(model, el, {
    keep: everyOne,
    say: (sentence) => say(sentence, sentence === NO_KERNEL),
  });
  let job = 0;
  const input = make("input", {
    class: "aml4d-hidden", type: "file", accept, multiple: true, tabindex: "-1", "aria-label": name,
  });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (!files.length) return;
    job += 1;
    const mine = job;
    take(files, () => mine !== job);
  });
  keepKeys(el);
  return {
    opener: button(words, () => input.click()),
    input,
    line,
    say,
    outbox,
    close() {
      job += 1;
      outbox.close();
    },
  };
}
