// Pictures one after another: play, pause, step, or drag to any of them. Nothing moves by itself.

import { bytesOf, button, freshId, keepKeys, make, setText } from "./js/dom.js";
import { renderPicture } from "./js/picture.js";

/** The bytes of picture number `at` among all. */
export function frameAt(bytes, at, count) {
  const length = count ? bytes.byteLength / count : 0;
  return bytes.subarray(at * length, (at + 1) * length);
}

/** The number of the picture after or before another one; behind the last comes the first. */
export function nextOf(at, step, count) {
  return count ? (at + step + count) % count : 0;
}

/** A picture's model that shows one frame of the film. */
function oneFrame(model, at) {
  const repaint = [];
  return {
    get: (name) => (name === "frame" ? frameAt(bytesOf(model.get("frames")), at(), model.get("count")) : model.get(name)),
    on: (name, action) => {
      if (name === "change:revision") repaint.push(action);
      model.on(name, action);
    },
    off: (name, action) => model.off(name, action),
    repaint: () => repaint.forEach((action) => action()),
  };
}

function render({ model, el }) {
  let at = 0;
  let timer = null;
  const shown = oneFrame(model, () => at);
  const ground = make("div");
  const close = renderPicture({ model: shown, el: ground });
  const identity = freshId("film");
  const slide = make("input", { type: "range", min: 0, step: 1, id: identity, oninput: () => { pause(); go(Number(slide.value)); } });
  const words = make("span", { class: "aml4d-film-count" });
  const play = button("Play", () => (timer ? pause() : start()));
  const back = make("button", { type: "button", text: "‹", "aria-label": "One picture back", onclick: () => step(-1) });
  const forth = make("button", { type: "button", text: "›", "aria-label": "One picture on", onclick: () => step(1) });
  const label = make("label", { for: identity, class: "aml4d-film-label", text: "Picture" });
  el.classList.add("aml4d", "aml4d-film");
  const row = make("div", { class: "aml4d-row" }, play, back, forth, words, label, slide);
  el.append(ground, row);
  keepKeys(el);

  function go(where) {
    at = where;
    slide.value = at;
    const count = model.get("count");
    setText(words, `${count ? at + 1 : 0} of ${count}`);
    slide.setAttribute("aria-valuetext", words.textContent);
    shown.repaint();
  }
  function pause() {
    clearInterval(timer);
    timer = null;
    setText(play, "Play");
  }
  function start() {
    timer = setInterval(() => go(nextOf(at, 1, model.get("count"))), 1000 / model.get("rate"));
    setText(play, "Pause");
  }
  function step(by) {
    pause();
    go(nextOf(at, by, model.get("count")));
  }
  function renew() {
    slide.max = Math.max(0, model.get("count") - 1);
    row.style.width = `${model.get("display_width")}px`;
    go(Math.min(at, Math.max(0, model.get("count") - 1)));
  }
  model.on("change:revision", renew);
  renew();
  return () => {
    pause();
    model.off("change:revision", renew);
    close();
  };
}

export default { render };
