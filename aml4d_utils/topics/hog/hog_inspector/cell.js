// The cell, enlarged.

import { setText } from "../../../widgets/js/dom.js";
import { clamp } from "../../../widgets/js/numbers.js";
import { NEVER, binOf } from "./arithmetic.js";
import { h, prepared, step } from "./page.js";
import { ORANGE, outline } from "./pictures.js";
import { binWords } from "./words.js";

function arrow(context, x, y, dx, dy, colour, unit) {
  const length = Math.hypot(dx, dy);
  if (length < 1.2) return;
  const head = Math.min(length * 0.5, unit * 0.32);
  const [ux, uy] = [dx / length, dy / length];
  const path = new Path2D();
  path.moveTo(x - dx / 2, y - dy / 2);
  path.lineTo(x + dx / 2, y + dy / 2);
  if (unit > 8) {
    for (const turn of [0.5, -0.5]) {
      const [cos, sin] = [Math.cos(Math.PI - turn), Math.sin(Math.PI - turn)];
      path.moveTo(x + dx / 2, y + dy / 2);
      path.lineTo(x + dx / 2 + head * (ux * cos - uy * sin), y + dy / 2 + head * (ux * sin + uy * cos));
    }
  }
  context.lineCap = "round";
  context.lineWidth = clamp(unit * 0.2, 2.4, 4.6);
  context.strokeStyle = "#000a";
  context.stroke(path);
  context.lineWidth = clamp(unit * 0.09, 1.1, 2.2);
  context.strokeStyle = colour;
  context.stroke(path);
}

export function createCell() {
  const canvas = h("canvas.canvas", { role: "img" });
  const note = h("p.note");
  const element = step(1, "Gradients of its pixels", canvas, note);
  const update = (scene, bin) => {
    const side = clamp(element.clientWidth - 4, 120, 232);
    const context = prepared(canvas, side, side);
    if (!scene.fits) {
      setText(note, "");
      canvas.setAttribute("aria-label", scene.problem);
      return;
    }
    const { cell, size, polarised, down, right } = scene;
    const [row, column] = scene.cursor;
    const unit = side / (cell + 2); // One pixel more on each side: gradients look at neighbours.
    const [top, left] = [row * cell - 1, column * cell - 1];
    context.imageSmoothingEnabled = false;
    context.drawImage(scene.photo, left, top, cell + 2, cell + 2, 0, 0, side, side);
    context.fillStyle = "#8888";
    const whole = new Path2D();
    whole.rect(0, 0, side, side);
    whole.rect(unit, unit, cell * unit, cell * unit);
    context.fill(whole, "evenodd");
    let longest = 0;
    const each = (action) => {
      for (let y = row * cell; y < (row + 1) * cell; y += 1) {
        for (let x = column * cell; x < (column + 1) * cell; x += 1) action(y, x, y * size[1] + x);
      }
    };
    each((y, x, p) => {
      longest = Math.max(longest, polarised.magnitude[p]);
    });
    let voters = 0;
    each((y, x, p) => {
      if (polarised.magnitude[p] <= NEVER) return;
      const chosen = binOf(polarised.orientation[p], scene.bins) === bin;
      voters += chosen ? 1 : 0;
      const scale = (unit * 0.94) / longest;
      const [px, py] = [(x - left + 0.5) * unit, (y - top + 0.5) * unit];
      arrow(context, px, py, right[p] * scale, down[p] * scale, chosen ? ORANGE : "#fff", unit);
    });
    outline(context, unit, unit, cell * unit, cell * unit, ORANGE, 2);
    const words =
      longest <= NEVER
        ? "Flat: no pixel differs from its neighbours."
        : `Arrows point towards the light; the longest change is ${longest.toFixed(2)}. ` +
          `${voters} of ${cell * cell} pixels vote for ${binWords(bin, scene.bins)} (orange).`;
    setText(note, words);
    canvas.setAttribute("aria-label", `The cell's ${cell} by ${cell} pixels, enlarged. ${words}`);
  };
  return { element, update };
}
