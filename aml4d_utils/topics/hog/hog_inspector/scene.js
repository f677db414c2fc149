// Everything that is shown, recomputed where the model changed.

import { clamp } from "../../../widgets/js/numbers.js";
import { NEVER, blockAt, cellHistograms, evenedCells, normalised, polar, strongest, whiteLevel } from "./arithmetic.js";
import { photoCanvas } from "./page.js";

function bytesOf(model, name) {
  const view = model.get(name);
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** Remembers the last answer for as long as its key stays the same. */
function remembered(compute) {
  let last = null;
  let answer = null;
  return (key, ...given) => {
    if (key !== last) [last, answer] = [key, compute(...given)];
    return answer;
  };
}

export function createScene(model) {
  const measured = remembered((size) => {
    const down = new Float32Array(bytesOf(model, "gradient_rows"));
    const right = new Float32Array(bytesOf(model, "gradient_cols"));
    const photo = photoCanvas(new Uint8Array(bytesOf(model, "pixels")), size);
    return { down, right, photo, polarised: polar(down, right) };
  });
  const counted = remembered((polarised, size, cell, bins) => {
    const cells = cellHistograms(polarised, size, cell, bins);
    return { cells, white: whiteLevel(cells.votes) };
  });
  const evened = remembered((cells, block, norm) => {
    const even = evenedCells(cells, block, norm);
    return { even, evenWhite: whiteLevel(even.votes) };
  });
  return () => {
    const [size, cell, bins, block] = ["size", "cell", "bins", "block"].map((n) => model.get(n));
    const [norm, drawn, revision] = ["norm", "drawn", "revision"].map((n) => model.get(n));
    const base = { size, cell, bins, block, norm, drawn, ...measured(revision, size) };
    const key = [revision, cell, bins].join();
    const { cells, white } = counted(key, base.polarised, size, cell, bins);
    const full = [key, block, norm, drawn].join();
    if (cells.rows < block || cells.columns < block) {
      const least = cell * block;
      const problem =
        `One block needs ${least} × ${least} pixels, but the photo has ${size[0]} × ${size[1]}. ` +
        "Take smaller cells or blocks.";
      return { ...base, cells, fits: false, problem, key: full };
    }
    const cursor = model.get("cursor").map((at, axis) => clamp(at, 0, [cells.rows, cells.columns][axis] - 1));
    const corner = [
      Math.min(cursor[0], cells.rows - block),
      Math.min(cursor[1], cells.columns - block),
    ];
    const from = (cursor[0] * cells.columns + cursor[1]) * bins;
    const histogram = Array.from(cells.votes.slice(from, from + bins));
    const before = blockAt(cells, ...corner, block);
    return {
      ...base,
      ...(drawn === "normalised" ? evened([key, block, norm].join(), cells, block, norm) : {}),
      cells,
      white,
      cursor,
      corner,
      histogram,
      before,
      after: normalised(before, norm),
      place: (cursor[0] - corner[0]) * block + cursor[1] - corner[1],
      total: histogram.reduce((sum, value) => sum + value, 0),
      top: strongest(histogram),
      empty: white <= NEVER,
      fits: true,
      key: full,
    };
  };
}
