// The photo of all lessons: pick a bundled one, open a file, or take one with the camera.
// What is chosen is made small here, so that a large photo fits through the connection, and
// checked again in Python.

import { keepKeys, make } from "../js/dom.js";
import { NO_KERNEL, createOutbox } from "../js/outbox.js";
import { Refused, prepared } from "./files.js";
import { photoGrid, shownPhoto } from "./shown.js";
import { acceptDrops, cameraPanel, dropZone } from "./ways.js";

function statusLine() {
  const row = make("div", { class: "aml4d-photo-status" });
  const bar = make("div", { class: "aml4d-bar aml4d-endless" });
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", "Opening the photo");
  bar.append(make("div"));
  const words = make("p", { class: "aml4d-status" });
  words.setAttribute("role", "status");
  row.append(bar, words);
  const say = (sentence, failed = false, working = false) => {
    words.textContent = sentence;
    words.classList.toggle("aml4d-error", failed);
    bar.style.display = working ? "" : "none";
    row.classList.toggle("aml4d-empty", !sentence);
  };
  say("");
  return { element: row, say };
}

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-photos");
  const { element: status, say } = statusLine();
  const outbox = createOutbox(model, el, {
    say: (words) => {
      if (words) say(words, words === NO_KERNEL, words !== NO_KERNEL);
      if (words === NO_KERNEL) el.removeAttribute("aria-busy");
    },
  });
  let job = 0;

  const finished = (note) => {
    el.removeAttribute("aria-busy");
    const refused = model.get("status");
    say(refused || note, Boolean(refused));
  };
  const ask = (content, note = "", buffers = []) => {
    job += 1;
    outbox.send(content, { buffers, done: () => finished(note) });
  };
  const openPhoto = async (file, words = "") => {
    const { name } = file;
    job += 1;
    const mine = job;
    el.setAttribute("aria-busy", "true");
    say(`Opening ${name} …`, false, true);
    try {
      const { blob, note } = await prepared(file);
      const bytes = await blob.arrayBuffer();
      // Something else was chosen while this one was being opened.
      if (mine !== job) return;
      say(`Sending ${name} …`, false, true);
      ask({ kind: "photo" }, [note, words].filter(Boolean).join(" "), [bytes]);
    } catch (error) {
      if (mine !== job) return;
      el.removeAttribute("aria-busy");
      say(error instanceof Refused ? error.message : `${name} cannot be opened: ${error.message}`, true);
    }
  };

  const camera = cameraPanel(
    (file) => openPhoto(file), say,
    () => {
      zone.element.style.display = "";
      zone.camera.focus();
      say("");
    },
  );
  const zone = dropZone(
    (file, words) => {
      putCameraAway();
      openPhoto(file, words);
    },
    () => {
      zone.element.style.display = "none";
      camera.open();
    },
    say,
  );
  const putCameraAway = () => {
    if (!camera.isOpen()) return;
    camera.stop();
    zone.element.style.display = "";
  };
  const choose = (content) => {
    putCameraAway();
    ask(content);
  };
  const grid = photoGrid(model, (name) => choose({ kind: "pick", name }));
  const now = shownPhoto(
    model, () => choose({ kind: "forget" }), (words) => ask({ kind: "describe", words }, "Your words are kept."),
  );
  acceptDrops(el, zone);

  const head = make("div", { class: "aml4d-photo-head" });
  head.append(make("h3", { class: "aml4d-title", text: "Your photo" }));
  head.append(make("p", { class: "aml4d-purpose", text: "Every lesson works on the photo that you choose here." }));
  const left = make("div", { class: "aml4d-photo-left" });
  left.append(head, now.element);
  const right = make("div", { class: "aml4d-photo-right" });
  right.append(
    make("h4", { text: "Use one of your own" }), zone.element, camera.element, status,
    make("h4", { text: "Or one that comes with the course" }), grid.element,
  );
  const privacy = make("p", { class: "aml4d-privacy", text: model.get("privacy") });
  const body = make("div", { class: "aml4d-photo-body" });
  body.append(left, right);
  el.append(body, privacy);
  keepKeys(el);

  const show = () => {
    now.show();
    grid.mark(model.get("chosen"));
  };
  model.on("change", show);
  show();
  if (model.get("status")) say(model.get("status"), true);
  return () => {
    job += 1;
    camera.stop();
    outbox.close();
    grid.close();
    now.close();
    model.off("change", show);
  };
}

export default { render };
