// A folder that somebody saved: those of its files that are known are sent, and judged in Python.

import { filePicker } from "../../../widgets/js/file_picker.js";

const MOST_BYTES = 8e6; // A larger message is cut off on its way.

function render({ model, el }) {
  const send = async (files, replaced) => {
    const inside = (file) => file.webkitRelativePath.split("/").length <= 2; // Not in a folder below.
    const wanted = files.filter((file) => model.get("names").includes(file.name) && inside(file));
    const large = wanted.find((file) => file.size > MOST_BYTES);
    picker.say(large ? `${large.name} is larger than ${MOST_BYTES / 1e6} MB: it is none of this course.` : "", Boolean(large));
    if (large) return;
    try {
      const contents = await Promise.all(wanted.map((file) => file.arrayBuffer()));
      if (replaced()) return;
      wanted.forEach((file, k) => picker.outbox.send({ kind: "file", name: file.name }, { buffers: [contents[k]] }));
      picker.outbox.send({ kind: "end" });
    } catch (error) {
      if (!replaced()) picker.say(`The browser cannot read it: ${error.message}`, true);
    }
  };
  const picker = filePicker({ model, el }, {
    words: model.get("words"), name: model.get("label"), accept: "", take: send,
  });
  picker.input.webkitdirectory = true;
  el.append(picker.opener, picker.input, picker.line);
  return picker.close;
}

export default { render };
