// A saved network, two small files: sent as they are, and judged in Python.

import { button, keepKeys, make } from "../../../widgets/js/dom.js";
import { NO_KERNEL, createOutbox } from "../../../widgets/js/outbox.js";
import { everyOne } from "../../../widgets/js/queue.js";

const MOST_FILES = 2;
const MOST_BYTES = 8e6; // A larger message is cut off on its way.

function refusal(files) {
  if (files.length > MOST_FILES) return `Choose the two files that were saved together, not ${files.length}.`;
  const large = files.find((file) => file.size > MOST_BYTES);
  return large ? `${large.name} is larger than ${MOST_BYTES / 1e6} MB: it is no network of this course.` : "";
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
    const refused = refusal(files);
    say(refused, Boolean(refused));
    if (refused) return;
    try {
      const contents = await Promise.all(files.map((file) => file.arrayBuffer()));
      if (mine !== job) return;
      files.forEach((file, k) => outbox.send({ kind: "file", name: file.name }, { buffers: [contents[k]] }));
      outbox.send({ kind: "end" });
    } catch (error) {
      if (mine === job) say(`The browser cannot read it: ${error.message}`, true);
    }
  };
  const input = make("input", {
    class: "aml4d-hidden", type: "file", accept: ".json,.safetensors", multiple: true, tabindex: "-1",
  });
  input.setAttribute("aria-label", "Files of a saved network");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) sendAll(files);
  });
  el.append(button("Load a saved network …", () => input.click()), input, words);
  keepKeys(el);
  return () => {
    job += 1;
    outbox.close();
  };
}

export default { render };
