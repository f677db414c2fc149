// The way to Python. Where nobody answers, the page says so.

import { freshId, make } from "./dom.js";
import { createQueue } from "./queue.js";

const PATIENCE = 8000;
// ipywidgets marks a widget so when the kernel behind it is gone.
const GONE = "jupyter-widgets-disconnected";

export const NO_KERNEL =
  "No Python is behind this any more, so nothing here can answer: the kernel was restarted or stopped. " +
  "Run this cell again. If that cell misses a name, use Run, then Run All Above Selected Cell first.";
export const NO_ANSWER =
  "Python has not answered yet. It may still be working, or a cell may be running: then wait. " +
  "If nothing is running, run this cell again.";

/** Explains a silence in one line of the widget, or of the explorer that it stands in. */
function explain(el, words) {
  const home = el.closest(".aml4d-explorer")?.querySelector(".aml4d-controls") ?? el;
  const found = home.querySelector(":scope > .aml4d-silence");
  if (!words) found?.remove();
  else if (!found) home.append(make("p", { class: "aml4d-silence", role: "alert", text: words }));
  else if (found.textContent !== words) found.textContent = words;
}

/**
 * Sends messages of one view to Python, one at a time, and explains a silence.
 *
 * `keep` and `pause` as for `createQueue`; `say(words)` shows the explanation, by default in a
 * line of its own; empty words take it away.
 */
export function createOutbox(model, el, { keep, pause, say = (words) => explain(el, words) } = {}) {
  const view = freshId("view");
  let sent = 0;
  let slow = null;
  const isGone = () => el.classList.contains(GONE);
  const giveUp = () => {
    clearTimeout(slow);
    queue.forget();
    say(NO_KERNEL);
  };
  const queue = createQueue((message) => {
    sent += 1;
    message.sequence = `${view}-${sent}`;
    clearTimeout(slow);
    slow = setTimeout(() => say(NO_ANSWER), PATIENCE);
    try {
      model.send({ ...message.content, sequence: message.sequence }, undefined, message.buffers);
    } catch (error) {
      // A connection that was closed cannot send: whatever it says, the kernel is gone.
      console.warn(error);
      giveUp();
    }
  }, { keep, pause });

  const answered = (answer) => {
    if (answer.kind !== "done" || answer.sequence !== queue.underWay()?.sequence) return;
    clearTimeout(slow);
    say("");
    const { done } = queue.answered();
    if (!queue.busy()) done?.();
    el.dataset.answered = String(Number(el.dataset.answered ?? 0) + 1);
  };
  model.on("msg:custom", answered);
  const watch = new MutationObserver(() => {
    if (isGone()) giveUp();
  });
  watch.observe(el, { attributes: true, attributeFilter: ["class"] });

  return {
    /** Send `content`, perhaps with buffers; `done` is called once nothing is under way any more. */
    send(content, { buffers = [], done } = {}) {
      if (isGone()) giveUp();
      else queue.send({ content, buffers, done });
    },
    busy: queue.busy,
    waiting: () => queue.waiting().map((message) => message.content),
    close() {
      clearTimeout(slow);
      queue.forget();
      watch.disconnect();
      model.off("msg:custom", answered);
    },
  };
}
