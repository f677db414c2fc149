// The block.

import { setText } from "../../../widgets/js/dom.js";
import { clamp } from "../../../widgets/js/numbers.js";
import { CLIP } from "./arithmetic.js";
import { h, prepared, s, step } from "./page.js";
import { ORANGE, outline } from "./pictures.js";

export function createBlock() {
  const canvas = h("canvas.canvas", { role: "img" });
  const before = h("div.chart", { role: "img" });
  const after = h("div.chart", { role: "img" });
  const beforeNote = h("p.note");
  const afterNote = h("p.note");
  const element = step(
    3,
    "Its block is evened out",
    h(
      "div.block-row",
      {},
      canvas,
      h("div.strip", {}, beforeNote, before),
      h("div.arrow", { "aria-hidden": "true" }, "→"),
      h("div.strip", {}, afterNote, after),
    ),
  );
  const update = (scene) => {
    const side = 112;
    const context = prepared(canvas, side, side);
    if (!scene.fits) {
      for (const part of [before, after]) part.replaceChildren();
      for (const part of [beforeNote, afterNote]) setText(part, "");
      return;
    }
    paintBlock(context, scene, side);
    const count = scene.before.length;
    const largest = Math.max(...scene.after.values);
    setText(beforeNote, beforeWords(scene));
    setText(afterNote, afterWords(scene, largest));
    canvas.setAttribute(
      "aria-label",
      `The block: ${scene.block} by ${scene.block} cells, the chosen one outlined.`,
    );
    drawStrip(before, scene, scene.before, Math.max(scene.white, ...scene.before));
    drawStrip(after, scene, scene.after.values, Math.max(0.4, largest));
    before.setAttribute("aria-label", `${count} numbers before. ${beforeWords(scene)}`);
    after.setAttribute("aria-label", `${count} numbers after. ${afterWords(scene, largest)}`);
  };
  return { element, update };
}

function beforeWords({ before, after, norm }) {
  const what = norm.startsWith("L1") ? "their sum" : "their length";
  return `Before: ${before.length} votes, ${what} is ${after.size.toFixed(3)}`;
}

function afterWords({ after, norm }, largest) {
  const cut = norm === "L2-Hys" ? `, ${after.cut} cut at ${CLIP}` : "";
  return `After ${norm}: the largest is ${largest.toFixed(2)}${cut}`;
}

function paintBlock(context, { photo, block, cell, corner, cursor }, side) {
  const [top, left] = corner;
  const unit = side / block;
  context.imageSmoothingEnabled = false;
  const wide = block * cell;
  context.drawImage(photo, left * cell, top * cell, wide, wide, 0, 0, side, side);
  context.lineWidth = 1;
  context.strokeStyle = "#fff9";
  for (let k = 1; k < block; k += 1) {
    context.strokeRect(k * unit, -2, side, side + 4);
    context.strokeRect(-2, k * unit, side + 4, side);
  }
  const [row, column] = [cursor[0] - top, cursor[1] - left];
  outline(context, column * unit + 2, row * unit + 2, unit - 4, unit - 4, ORANGE, 2.5);
}

/** All numbers of a block side by side, the chosen cell's in orange and marked below. */
function drawStrip(holder, scene, values, high) {
  const width = Math.max(140, holder.clientWidth || 320);
  const height = 96;
  const bottom = height - 16;
  const wide = width / values.length;
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  values.forEach((value, n) => {
    const mine = Math.floor(n / scene.bins) === scene.place;
    const edge = wide > 5 ? " aml4d-hi-edged" : "";
    const tall = Math.min(1, value / (high || 1)) * (bottom - 4);
    svg.append(
      s("rect", {
        x: n * wide + wide * 0.08,
        y: bottom - tall,
        width: wide * 0.84,
        height: Math.max(tall, 0.5),
        class: mine ? `aml4d-hi-bar aml4d-hi-chosen${edge}` : "aml4d-hi-bar",
      }),
    );
  });
  svg.append(s("line", { x1: 0, x2: width, y1: bottom, y2: bottom, class: "aml4d-hi-axis" }));
  const cellWide = wide * scene.bins;
  for (let n = 1; n < scene.block ** 2; n += 1) {
    const x = n * cellWide;
    svg.append(s("line", { x1: x, x2: x, y1: 4, y2: bottom + 8, class: "aml4d-hi-axis" }));
  }
  const middle = (scene.place + 0.5) * cellWide;
  const mark = cellWide > 62 ? "this cell" : "▲";
  svg.append(
    s(
      "text",
      {
        x: clamp(middle, 28, width - 28),
        y: height - 2,
        "text-anchor": "middle",
        class: "aml4d-hi-strong",
      },
      mark,
    ),
  );
  holder.replaceChildren(svg);
}
