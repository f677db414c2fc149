// The photo and its HOG.

import { clamp } from "../../../widgets/js/numbers.js";
import { h, prepared } from "./page.js";

const LEVELS = 12;
export const ORANGE = "#E69F00";
const BLUE = "#0072B2";
export const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const TALLEST = 340;

/** Strokes along the edges of every cell, the brighter, the more votes. */
export function paintStrokes(context, cells, white, unit) {
  const { columns, bins, votes } = cells;
  const reach = unit * 0.48;
  const ends = [...Array(bins).keys()].map((k) => {
    const angle = ((k + 0.5) * Math.PI) / bins;
    return [-Math.sin(angle) * reach, Math.cos(angle) * reach];
  });
  const paths = [...Array(LEVELS + 1)].map(() => new Path2D());
  for (let at = 0; at < votes.length; at += 1) {
    const level = Math.round(LEVELS * Math.min(1, votes[at] / white));
    if (level === 0) continue;
    const cell = Math.floor(at / bins);
    const x = ((cell % columns) + 0.5) * unit;
    const y = (Math.floor(cell / columns) + 0.5) * unit;
    const [dx, dy] = ends[at % bins];
    paths[level].moveTo(x - dx, y - dy);
    paths[level].lineTo(x + dx, y + dy);
  }
  context.lineWidth = clamp(unit * 0.16, 0.9, 3.4);
  context.lineCap = "round";
  paths.forEach((path, level) => {
    const grey = Math.round((255 * level) / LEVELS);
    context.strokeStyle = `rgb(${grey} ${grey} ${grey})`;
    context.stroke(path);
  });
}

/** A frame around a rectangle: a coloured line with a pale one on either side. */
export function outline(context, x, y, width, height, colour, thick = 2.5) {
  context.lineWidth = thick + 2;
  context.strokeStyle = "#fff";
  context.strokeRect(x, y, width, height);
  context.lineWidth = thick;
  context.strokeStyle = colour;
  context.strokeRect(x, y, width, height);
}

/** The same, just outside the rectangle, so that small cells stay visible. */
function frame(context, x, y, width, height, colour, thick) {
  const away = thick / 2 + 0.5;
  outline(context, x - away, y - away, width + 2 * away, height + 2 * away, colour, thick);
}

export function createPicture(title, pointer, paint) {
  const canvas = h("canvas.canvas", {});
  const over = h("canvas.over", { "aria-hidden": "true" });
  const wrap = h(
    "div.picture-wrap",
    {
      tabindex: "0",
      role: "application",
      "aria-roledescription": "picture with a movable cell",
      onkeydown: pointer.key,
      onpointerdown: (event) => pointer.press(event, wrap),
      onpointermove: (event) => pointer.move(event, wrap),
    },
    canvas,
    over,
  );
  const heading = h("figcaption.heading", {}, title);
  const element = h("figure.picture", {}, heading, wrap);
  let painted = null;
  const update = (scene, words) => {
    const [height, width] = scene.size;
    const room = Math.max(120, element.clientWidth || 320);
    const scale = Math.min(room / width, TALLEST / height);
    const shown = [Math.max(1, width * scale), Math.max(1, height * scale)];
    const key = [scene.key, ...shown, window.devicePixelRatio].join();
    if (key !== painted) {
      painted = key;
      paint(prepared(canvas, ...shown), scene, scale, shown);
    }
    const context = prepared(over, ...shown);
    if (scene.fits) {
      const unit = scene.cell * scale;
      const [row, column] = scene.cursor;
      const [top, left] = scene.corner;
      context.setLineDash([5, 4]);
      const side = scene.block * unit;
      if (scene.block > 1) frame(context, left * unit, top * unit, side, side, BLUE, 1.5);
      context.setLineDash([]);
      frame(context, column * unit, row * unit, unit, unit, ORANGE, 2);
    }
    wrap.setAttribute("aria-label", `${heading.textContent}. ${words}`);
  };
  return { element, update, heading };
}
