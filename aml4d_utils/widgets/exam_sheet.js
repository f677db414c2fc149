// The sheet of a mock exam: one question at a time, a clock that may be switched off, hand in.

import { arriveAtHeadings } from "./js/arrive.js";
import { button, freshId, keepKeys, make, setText } from "./js/dom.js";
import { illustration, optionRow } from "./js/options.js";
import { createOutbox } from "./js/outbox.js";
import { everyOne } from "./js/queue.js";
import { createStopwatch, timeLeft, timeNews } from "./js/stopwatch.js";

const SAVED_EVERY = 10;

function render({ model, el }) {
  el.classList.add("aml4d");
  keepKeys(el);
  const card = make("section", { class: "aml4d-card aml4d-exam", "aria-label": "Mock exam" });
  el.append(card);
  const outbox = createOutbox(model, el, { keep: everyOne });
  const watch = createStopwatch(() => performance.now() / 1000);
  const group = freshId("exam");
  let parts = null;
  let saved = 0;
  let focusNext = false;

  const used = () => watch.total(model.get("used"));
  const send = (kind, content = {}) => {
    saved = used();
    outbox.send({ kind, used: saved, ...content });
  };
  const count = () => model.get("answered").length;
  const open = () => model.get("answered").filter((one) => !one).length;

  // --- begin, and the end -----------------------------------------------------------------------

  const drawStart = () => {
    const clock = make("input", { type: "checkbox", checked: true });
    const words = make("p", { text: model.get("words"), role: "status" });
    const again = model.get("stage") === "over" ? "Begin another exam" : "Begin the exam";
    const begin = button(again, () => {
      focusNext = true;
      outbox.send({ kind: "begin", clock: clock.checked });
    });
    begin.className = "aml4d-primary";
    const label = make("label", { class: "aml4d-toggle" }, clock, make("span", { text: "With a clock" }));
    card.replaceChildren(words, label, make("div", { class: "aml4d-row" }, begin));
  };

  // --- under way ----------------------------------------------------------------------------------

  /** Ask before handing in what is not complete, or stop asking. */
  const ask = (asking, focus) => {
    parts.asking = asking;
    show();
    focus.focus();
  };

  const go = (place) => {
    focusNext = true;
    send("go", { place });
  };

  const drawSheet = () => {
    const head = make("h4", { tabindex: "-1" });
    const time = make("span", { class: "aml4d-exam-time", role: "timer" });
    const news = make("p", { class: "aml4d-hidden", role: "status" });
    const clock = button("", () => send("clock", { clock: !model.get("clock") }));
    const form = make("fieldset", { class: "aml4d-options" });
    const back = button("Back", () => go(model.get("place") - 1));
    const next = button("Next", () => go(model.get("place") + 1));
    const sure = button("Hand in all the same", () => send("hand_in"));
    const goOn = button("Go on", () => ask(false, head));
    const done = button("Hand in", () => { if (open()) ask(true, sure); else send("hand_in"); });
    const warning = make("span", { role: "status" });
    const asking = make("div", { class: "aml4d-row" }, warning, sure, goOn);
    const jumps = make("div", { class: "aml4d-exam-jumps" });
    const places = make("nav", { "aria-label": "Questions of this exam" }, jumps);
    for (let place = 0; place < count(); place += 1) jumps.append(button(String(place + 1), () => go(place)));
    card.replaceChildren(
      make("div", { class: "aml4d-row aml4d-exam-head" }, head, time, clock), news, form,
      make("div", { class: "aml4d-row" }, back, next, done), asking, places,
    );
    parts = { head, time, news, clock, form, back, next, warning, asking: false, row: asking, jumps, asked: null };
  };

  const drawQuestion = () => {
    const options = model.get("options").map((text, index) => optionRow(text, index, group));
    for (const { input } of options) {
      input.addEventListener("change", () => {
        parts.wanted = Number(input.value);
        send("choose", { place: model.get("place"), option: parts.wanted });
      });
    }
    parts.form.replaceChildren(
      make("legend", { text: model.get("question") }),
      ...illustration(model.get("picture"), model.get("picture_words")),
      ...options.map((option) => option.label),
    );
    parts.inputs = options.map((option) => option.input);
    parts.wanted = null;
  };

  const showTime = () => {
    if (!parts) return;
    const seconds = model.get("seconds");
    setText(parts.time, model.get("clock") ? timeLeft(seconds - used()) : "No clock");
    if (model.get("clock")) setText(parts.news, timeNews(seconds - used()));
  };

  const showSheet = () => {
    const place = model.get("place");
    const key = JSON.stringify([place, model.get("question"), model.get("options")]);
    if (!parts) drawSheet();
    if (parts.asked !== key) {
      parts.asked = key;
      drawQuestion();
    }
    setText(parts.head, `Question ${place + 1} of ${count()}`);
    setText(parts.clock, model.get("clock") ? "Stop the clock" : "Start the clock");
    if (!outbox.busy()) parts.wanted = null; // Python has heard it
    const chosen = parts.wanted ?? model.get("chosen");
    parts.inputs.forEach((input, index) => { input.checked = index === chosen; });
    parts.back.disabled = place === 0;
    parts.next.disabled = place === count() - 1;
    parts.row.hidden = !parts.asking;
    setText(parts.warning, parts.asking ? `${open()} of ${count()} questions are still open.` : "");
    [...parts.jumps.children].forEach((jump, index) => {
      const answered = Boolean(model.get("answered")[index]);
      jump.classList.toggle("aml4d-exam-answered", answered);
      jump.setAttribute("aria-label", `Question ${index + 1}, ${answered ? "answered" : "open"}`);
      if (index === place) jump.setAttribute("aria-current", "true");
      else jump.removeAttribute("aria-current");
    });
    showTime();
    if (focusNext && !outbox.busy()) {
      focusNext = false;
      parts.head.focus();
    }
  };

  const show = () => {
    const running = model.get("stage") === "running";
    watch.run(running && model.get("clock"), model.get("used"));
    if (running) {
      showSheet();
      return;
    }
    parts = null;
    drawStart();
  };

  const beat = setInterval(() => {
    if (model.get("stage") !== "running" || !model.get("clock")) return;
    showTime();
    if (used() - saved >= SAVED_EVERY && !outbox.busy()) send("time");
  }, 500);
  const answered = (message) => { if (message.kind === "done") queueMicrotask(show); };
  model.on("msg:custom", answered);
  model.on("change", show);
  show();
  const stay = arriveAtHeadings(el);
  return () => {
    stay();
    clearInterval(beat);
    outbox.close();
    model.off("msg:custom", answered);
    model.off("change", show);
  };
}

export default { render };
