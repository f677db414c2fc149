// The way to Python. Where nobody answers, the page says so.

import { freshId, make } from "./dom.js";
import { createQueue } from "./queue.js";

const PATIENCE = 8000;
export const NO_KERNEL =
  "No Python is behind this any more, so nothing here can answer: the kernel was restarted or stopped. " +
  "Run this cell again. If that cell misses a name, use Run, then Run All Above Selected Cell first.";
export const NO_ANSWER =
  "Python has not answered yet. It may still be working, or a cell may be running: then wait. " +
  "If nothing is running, run this cell again.";

/** Explains a silence in one line of the widget, or of the explorer that it stands in. */
function explain(el, words, touched) {
  const home = el.closest(".aml4d-explorer")?.querySelector(".aml4d-controls") ?? el;
  home.querySelector(":scope > .aml4d-silence")?.remove();
  // Read aloud when something was tried, not for each widget of the page when the kernel stops.
  const role = touched ? "alert" : null;
  if (words) home.append(make("p", { class: "aml4d-silence", role, text: words }));
}

/**
 * Sends messages of one view to Python, one at a time, and explains a silence.
 *
 * `keep` and `pause` as for `createQueue`; `say(words, touched)` shows the explanation, by default
 * in a line of its own; empty words take it away.
 */
export function createOutbox(model, el, { keep, pause, say = explain.bind(null, el) } = {}) {
  const view = freshId("view");
  let sent = 0;
  let slow = null;
  let silent = false;
  const explainNow = (words, touched) => {
    silent = Boolean(words);
    say(words, touched);
  };
  // Whoever looks at the page can tell whether Python still owes it an answer.
  const tell = () => el.toggleAttribute("data-busy", queue.busy());
  const giveUp = (touched) => {
    clearTimeout(slow);
    queue.forget();
    tell();
    explainNow(NO_KERNEL, touched);
  };
  const queue = createQueue((message) => {
    sent += 1;
    message.sequence = `${view}-${sent}`;
    clearTimeout(slow);
    slow = setTimeout(() => explainNow(NO_ANSWER, true), PATIENCE);
    try {
      model.send({ ...message.content, sequence: message.sequence }, undefined, message.buffers);
    } catch (error) {
      // The connection to a kernel that has gone refuses to send.
      console.warn(error);
      giveUp(true);
    }
  }, { keep, pause });

  const answered = (answer) => {
    if (answer.kind !== "done" || answer.sequence !== queue.underWay()?.sequence) return;
    clearTimeout(slow);
    if (silent) explainNow("", false);
    const { done } = queue.answered();
    if (!queue.busy()) done?.();
    tell();
    el.dataset.answered = String(Number(el.dataset.answered ?? 0) + 1);
  };
  // JupyterLab tells its widgets when their kernel restarts.
  const disconnected = () => giveUp(false);
  model.on("msg:custom", answered);
  model.on("comm_live_update", disconnected);

  return {
    /** Send `content`, perhaps with buffers; `done` is called once nothing is under way any more. */
    send(content, { buffers = [], done } = {}) {
      queue.send({ content, buffers, done });
      tell();
    },
    busy: queue.busy,
    waiting: () => queue.waiting().map((message) => message.content),
    close() {
      clearTimeout(slow);
      queue.forget();
      model.off("msg:custom", answered);
      model.off("comm_live_update", disconnected);
    },
  };
}
