// A saved network, two small files: sent as they are, and judged in Python.

import { filePicker } from "../../../widgets/js/file_picker.js";

const MOST_FILES = 2;
const MOST_BYTES = 8e6; // A larger message is cut off on its way.

function refusal(files) {
  if (files.length > MOST_FILES) return `Choose the two files that were saved together, not ${files.length}.`;
  const large = files.find((file) => file.size > MOST_BYTES);
  return large ? `${large.name} is larger than ${MOST_BYTES / 1e6} MB: it is no network of this course.` : "";
}

function render({ model, el }) {
  const sendAll = async (files, replaced) => {
    const refused = refusal(files);
    picker.say(refused, Boolean(refused));
    if (refused) return;
    try {
      const contents = await Promise.all(files.map((file) => file.arrayBuffer()));
      if (replaced()) return;
      files.forEach((file, k) => picker.outbox.send({ kind: "file", name: file.name }, { buffers: [contents[k]] }));
      picker.outbox.send({ kind: "end" });
    } catch (error) {
      if (!replaced()) picker.say(`The browser cannot read it: ${error.message}`, true);
    }
  };
  const picker = filePicker({ model, el }, {
    words: "Load a saved network …", name: "Files of a saved network", accept: ".json,.safetensors", take: sendAll,
  });
  el.append(picker.opener, picker.input, picker.line);
  return picker.close;
}

export default { render };
