// The votes of a cell.

import { setText } from "../../../widgets/js/dom.js";
import { clamp } from "../../../widgets/js/numbers.js";
import { NEVER } from "./arithmetic.js";
import { h, s, step } from "./page.js";
import { binWords, edgeWords, percent } from "./words.js";

/** A short stroke as an edge of this bin looks. */
function edgeIcon(x, y, k, bins, length, chosen) {
  const angle = ((k + 0.5) * Math.PI) / bins;
  const [dx, dy] = [(-Math.sin(angle) * length) / 2, (Math.cos(angle) * length) / 2];
  const attributes = { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy };
  return s("line", {
    ...attributes,
    class: chosen ? "aml4d-hi-icon aml4d-hi-chosen" : "aml4d-hi-icon",
  });
}

export function createVotes(choose) {
  const holder = h("div.chart", {
    tabindex: "0",
    role: "slider",
    "aria-label": "Bin of the histogram",
    "aria-valuemin": "0",
  });
  const note = h("p.note");
  const element = step(2, "Their votes", holder, note);
  let scene = null;
  let shown = 0;
  holder.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape") choose(null);
    if (!by || !scene?.fits) return;
    event.preventDefault();
    choose((shown + by + scene.bins) % scene.bins);
  });
  holder.addEventListener("pointermove", (event) => {
    if (!scene?.fits) return;
    const { left, width } = holder.getBoundingClientRect();
    choose(clamp(Math.floor(((event.clientX - left) / width) * scene.bins), 0, scene.bins - 1));
  });
  holder.addEventListener("pointerleave", () => choose(null));
  holder.addEventListener("blur", () => choose(null));
  const update = (next, bin) => {
    scene = next;
    shown = bin;
    const width = Math.max(200, holder.clientWidth || 400);
    const height = 232;
    const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    if (scene.fits) drawVotes(svg, scene, bin, width, height);
    holder.replaceChildren(svg);
    const share = scene.fits && scene.total > NEVER ? scene.histogram[bin] / scene.total : 0;
    const words = scene.fits
      ? `${binWords(bin, scene.bins)}: ${percent(share)} of the votes, an edge that runs ` +
        `${edgeWords(((bin + 0.5) * 180) / scene.bins)}.`
      : "No votes.";
    setText(note, words);
    holder.setAttribute("aria-valuemax", String(scene.bins - 1));
    holder.setAttribute("aria-valuenow", String(bin));
    holder.setAttribute("aria-valuetext", words);
  };
  return { element, update };
}

function drawVotes(svg, { histogram, bins, total }, bin, width, height) {
  const [top, bottom] = [22, height - 46];
  const wide = width / bins;
  const high = Math.max(...histogram, NEVER);
  const every = Math.ceil(34 / wide);
  svg.append(s("line", { x1: 0, x2: width, y1: bottom, y2: bottom, class: "aml4d-hi-axis" }));
  histogram.forEach((value, k) => {
    const tall = (value / high) * (bottom - top);
    const chosen = k === bin;
    svg.append(
      s("rect", {
        x: k * wide + wide * 0.09,
        y: bottom - tall,
        width: wide * 0.82,
        height: Math.max(tall, 0.5),
        class: chosen ? "aml4d-hi-bar aml4d-hi-chosen aml4d-hi-edged" : "aml4d-hi-bar",
      }),
      edgeIcon((k + 0.5) * wide, bottom + 15, k, bins, Math.min(18, wide * 0.8), chosen),
    );
    if (k % every === 0) {
      const label = `${Math.round((k * 180) / bins)}°`;
      svg.append(s("text", { x: (k + 0.5) * wide, y: height - 6, "text-anchor": "middle" }, label));
    }
    if (chosen && total > NEVER) {
      svg.append(
        s(
          "text",
          {
            x: clamp((k + 0.5) * wide, 20, width - 20),
            y: bottom - tall - 6,
            "text-anchor": "middle",
            class: "aml4d-hi-strong",
          },
          value.toFixed(3),
        ),
      );
    }
  });
}
