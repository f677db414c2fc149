// The HOG inspector. Sections: arithmetic, words, building, pictures, the cell, votes, block,
// controls, view. Python measures the gradients; everything after them is counted here, so that
// hovering never waits, and equals `aml4d_utils.topics.hog.descriptor`.

// --- arithmetic -------------------------------------------------------------------------

const EPS = 1e-5;
const CLIP = 0.2;
const NEVER = 1e-9; // Sums below this are no votes.

const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

/** Orientation of a gradient in degrees, 0 up to 180; 0 is a change along a row of pixels. */
export function orientationOf(down, right) {
  let angle = Math.atan2(down, right) * (180 / Math.PI);
  if (angle < 0) angle += 180;
  return angle >= 180 ? angle - 180 : angle;
}

export function binOf(orientation, bins) {
  return Math.min(Math.floor((orientation * bins) / 180), bins - 1);
}

/** Length and orientation of the gradient at every pixel. */
export function polar(down, right) {
  const magnitude = new Float64Array(down.length);
  const orientation = new Float64Array(down.length);
  for (let p = 0; p < down.length; p += 1) {
    magnitude[p] = Math.sqrt(down[p] * down[p] + right[p] * right[p]);
    orientation[p] = orientationOf(down[p], right[p]);
  }
  return { magnitude, orientation };
}

/** Every pixel votes in its cell for its orientation, with its magnitude. */
export function cellHistograms({ magnitude, orientation }, [height, width], cell, bins) {
  const rows = Math.floor(height / cell);
  const columns = Math.floor(width / cell);
  const votes = new Float64Array(rows * columns * bins);
  for (let y = 0; y < rows * cell; y += 1) {
    const line = Math.floor(y / cell) * columns;
    for (let x = 0; x < columns * cell; x += 1) {
      const p = y * width + x;
      const at = (line + Math.floor(x / cell)) * bins + binOf(orientation[p], bins);
      votes[at] += magnitude[p];
    }
  }
  for (let k = 0; k < votes.length; k += 1) votes[k] /= cell * cell;
  return { rows, columns, bins, votes };
}

function sumOf(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k];
  return sum;
}

function lengthOf(values) {
  let sum = EPS * EPS;
  for (let k = 0; k < values.length; k += 1) sum += values[k] * values[k];
  return Math.sqrt(sum);
}

/** Evens a block out in place; returns its size before, and how many numbers were cut off. */
function evenOut(values, norm) {
  if (norm === "L1" || norm === "L1-sqrt") {
    const total = sumOf(values);
    for (let k = 0; k < values.length; k += 1) {
      const share = values[k] / (total + EPS);
      values[k] = norm === "L1" ? share : Math.sqrt(share);
    }
    return { size: total, cut: 0 };
  }
  const size = lengthOf(values);
  const most = norm === "L2-Hys" ? CLIP : Infinity;
  let cut = 0;
  for (let k = 0; k < values.length; k += 1) {
    values[k] /= size;
    if (values[k] > most) {
      values[k] = most;
      cut += 1;
    }
  }
  if (norm === "L2-Hys") {
    const again = lengthOf(values);
    for (let k = 0; k < values.length; k += 1) values[k] /= again;
  }
  return { size, cut };
}

/** One block evened out, and what happened on the way. */
export function normalised(block, norm) {
  const values = Float64Array.from(block);
  const { size, cut } = evenOut(values, norm);
  return { values: [...values], size, cut };
}

/** Copies the numbers of one block, cell after cell. */
function copyBlock({ columns, bins, votes }, row, column, side, into) {
  for (let n = 0; n < side * side; n += 1) {
    const from = ((row + Math.floor(n / side)) * columns + column + (n % side)) * bins;
    for (let k = 0; k < bins; k += 1) into[n * bins + k] = votes[from + k];
  }
  return into;
}

export function blockAt(cells, row, column, side) {
  return copyBlock(cells, row, column, side, new Array(side * side * cells.bins));
}

/** Every cell after normalisation: the mean over all blocks that it lies in. */
export function evenedCells(cells, side, norm) {
  const { rows, columns, bins } = cells;
  const votes = new Float64Array(cells.votes.length);
  const times = new Float64Array(rows * columns);
  const block = new Float64Array(side * side * bins);
  for (let row = 0; row + side <= rows; row += 1) {
    for (let column = 0; column + side <= columns; column += 1) {
      evenOut(copyBlock(cells, row, column, side, block), norm);
      for (let n = 0; n < side * side; n += 1) {
        const cell = (row + Math.floor(n / side)) * columns + column + (n % side);
        times[cell] += 1;
        for (let k = 0; k < bins; k += 1) votes[cell * bins + k] += block[n * bins + k];
      }
    }
  }
  for (let at = 0; at < votes.length; at += 1) votes[at] /= times[Math.floor(at / bins)];
  return { rows, columns, bins, votes };
}

/** What 99 % of the numbers stay below: drawn white. */
export function whiteLevel(votes) {
  const sorted = Float64Array.from(votes).sort();
  const level = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  return level > NEVER ? level : (sorted[sorted.length - 1] ?? 0);
}

function strongest(values) {
  let best = 0;
  values.forEach((value, k) => {
    if (value > values[best]) best = k;
  });
  return best;
}

// --- words --------------------------------------------------------------------------------

const grouped = (number) => number.toLocaleString("en-GB");

function percent(share) {
  return `${Math.round(100 * share)} %`;
}

export function binWords(k, bins) {
  return `${Math.round((k * 180) / bins)}–${Math.round(((k + 1) * 180) / bins)}°`;
}

export function edgeWords(orientation) {
  const names = ["upright", "rising to the right", "level", "falling to the right"];
  return names[Math.floor(((orientation + 22.5) % 180) / 45)];
}

export function edgeKind(share, bins) {
  if (share >= 0.5) return "one clear edge";
  return share * bins >= 2 ? "mostly one edge" : "texture or a corner, hardly an edge";
}

/** The sentence below: what is shown now. */
export function describe(scene) {
  if (!scene.fits) return scene.problem;
  const [row, column] = scene.cursor;
  const start = `Cell in row ${row}, column ${column}`;
  if (scene.empty) {
    return `${start}: no pixel of the whole photo differs from its neighbours, so there are 0 votes anywhere.`;
  }
  if (scene.total <= NEVER) {
    return `${start}: no pixel differs from its neighbours, so every bin has 0 votes.`;
  }
  const top = scene.top;
  const middle = ((top + 0.5) * 180) / scene.bins;
  const share = scene.histogram[top] / scene.total;
  return (
    `${start}: the strongest bin is ${binWords(top, scene.bins)} with ${percent(share)} of the votes ` +
    `(${scene.histogram[top].toFixed(3)}): ${edgeKind(share, scene.bins)}, ${edgeWords(middle)}. ` +
    `${scene.norm} over its block turns this ${scene.histogram[top].toFixed(3)} into ` +
    `${scene.after.values[scene.place * scene.bins + top].toFixed(2)}.`
  );
}

/** How many numbers the descriptor has. */
export const numbersIn = ({ block, bins, cells }) =>
  Math.max(0, cells.rows - block + 1) * Math.max(0, cells.columns - block + 1) * block * block * bins;

/** The length of the descriptor as a calculation. */
export function formula({ size: [height, width], cell, block, bins, cells }) {
  const [down, across] = [cells.rows - block + 1, cells.columns - block + 1];
  const numbers = numbersIn({ block, bins, cells });
  return [
    ["Cells", `${height} / ${cell} × ${width} / ${cell}, rounded down: ${cells.rows} × ${cells.columns}`],
    ["Blocks", `(${cells.rows} − ${block} + 1) × (${cells.columns} − ${block} + 1) = ${down} × ${across}`],
    [
      "Numbers",
      `${down} × ${across} blocks × ${block}² cells × ${bins} bins = ${grouped(numbers)}`,
    ],
    ["For comparison", `the photo itself: ${height} × ${width} × 3 = ${grouped(height * width * 3)} numbers`],
  ];
}

// --- building --------------------------------------------------------------------------------

let ids = 0;
const freshId = (name) => `aml4d-hi-${name}-${(ids += 1)}`;

/** An element: "p.note", attributes (on… are listeners), children. */
function h(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  for (const name of classes) element.classList.add(`aml4d-hi-${name}`);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A canvas as large as its place on the page, sharp on dense screens. */
function prepared(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  const [w, hgt] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== w || canvas.height !== hgt) [canvas.width, canvas.height] = [w, hgt];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function photoCanvas(bytes, [height, width]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    rgba[to] = bytes[from];
    rgba[to + 1] = bytes[from + 1];
    rgba[to + 2] = bytes[from + 2];
  }
  canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas;
}

// --- the two pictures -----------------------------------------------------------------------

const LEVELS = 12;
const ORANGE = "#E69F00";
const BLUE = "#0072B2";
const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const TALLEST = 340;

/** Strokes along the edges of every cell, the brighter, the more votes. */
function paintStrokes(context, cells, white, unit) {
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
function outline(context, x, y, width, height, colour, thick = 2.5) {
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

function createPicture(title, pointer, paint) {
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

// --- the cell, enlarged ----------------------------------------------------------------------

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
      const [c, s] = [Math.cos(Math.PI - turn), Math.sin(Math.PI - turn)];
      path.moveTo(x + dx / 2, y + dy / 2);
      path.lineTo(x + dx / 2 + head * (ux * c - uy * s), y + dy / 2 + head * (ux * s + uy * c));
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

function createCell() {
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

function step(number, title, ...children) {
  return h(
    "section.step",
    {},
    h("h4.step-title", {}, h("span.number", { "aria-hidden": "true" }, String(number)), ` ${title}`),
    ...children,
  );
}

// --- votes -----------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";

function s(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

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

function createVotes(choose) {
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

// --- the block -------------------------------------------------------------------------------

function createBlock() {
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

// --- controls --------------------------------------------------------------------------------

function slider(model, name, label, low, high, by, words, commit) {
  const id = freshId(name);
  const output = h("output", { for: id });
  const input = h("input", { type: "range", id, min: low, max: high, step: by });
  input.dataset.field = name;
  input.addEventListener("input", () => commit({ [name]: Number(input.value) }));
  const head = h("div.head", {}, h("label", { for: id }, label), output);
  const update = () => {
    const value = model.get(name);
    if (Number(input.value) !== value) input.value = value;
    setText(output, words(value));
    input.setAttribute("aria-valuetext", words(value));
  };
  return { element: h("div.field", {}, head, input), update };
}

function select(model, name, label, options, commit) {
  const id = freshId(name);
  const input = h("select", { id });
  input.dataset.field = name;
  for (const [value, words] of options) input.add(new Option(words, value));
  input.addEventListener("change", () => commit({ [name]: input.value }));
  const update = () => {
    input.value = model.get(name);
  };
  return { element: h("div.field", {}, h("label", { for: id }, label), input), update };
}

function createControls(model, commit) {
  const parts = [
    slider(model, "cell", "Cell size", 4, 32, 2, (value) => `${value} px`, commit),
    slider(model, "bins", "Bins", 2, 18, 1, (value) => `${value} of ${Math.round(1800 / value) / 10}°`, commit),
    slider(model, "block", "Block", 1, 4, 1, (value) => `${value} × ${value} cells`, commit),
    select(model, "norm", "Normalisation", model.get("norms").map((name) => [name, name]), commit),
    select(
      model,
      "drawn",
      "Strokes show",
      [
        ["votes", "the votes of each cell"],
        ["normalised", "normalised votes"],
      ],
      commit,
    ),
    slider(model, "light", "Light on the left half", 10, 100, 5, (value) => `${value} %`, commit),
  ];
  const reset = h("button.reset", { type: "button" }, "Reset");
  reset.addEventListener("click", () => commit(model.get("start")));
  const element = h(
    "div.controls",
    {},
    h("h3.title", {}, "HOG inspector ", h("span.badge", {}, "live")),
    h("p.purpose", {}, "Hover the photo to choose a cell. Click to hold it, or use the arrow keys."),
    ...parts.map((part) => part.element),
    reset,
  );
  return { element, update: () => parts.forEach((part) => part.update()) };
}

// --- scene -----------------------------------------------------------------------------------

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

function createScene(model) {
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

// --- view ------------------------------------------------------------------------------------

const ANNOUNCE_AFTER = 600; // ms without change before the sentence is read out
const SAVE_AFTER = 120; // ms before a moved cursor is sent to Python
const WATCHED = ["revision", "cell", "bins", "block", "norm", "drawn", "light", "cursor"];

/** Runs `action` once, `delay` ms after the last call. */
function debounced(action, delay) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  return { call, cancel: () => clearTimeout(timer) };
}

function createPointer(current, moveCursor, isHeld, hold) {
  const cellUnder = (event, wrap) => {
    const scene = current();
    const { left, top, width, height } = wrap.getBoundingClientRect();
    const y = ((event.clientY - top) / height) * scene.size[0];
    const x = ((event.clientX - left) / width) * scene.size[1];
    return [Math.floor(y / scene.cell), Math.floor(x / scene.cell)];
  };
  return {
    move: (event, wrap) => {
      if (event.buttons || (event.pointerType === "mouse" && !isHeld())) moveCursor(cellUnder(event, wrap));
    },
    press: (event, wrap) => {
      if (event.pointerType === "mouse") hold(!isHeld());
      moveCursor(cellUnder(event, wrap));
    },
    key: (event) => {
      if (event.key === "Escape") hold(false);
      if (event.key === "Enter") hold(!isHeld());
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      hold(true); // Else the resting mouse would take the cell back.
      const far = event.shiftKey ? 5 : 1;
      moveCursor(current().cursor.map((at, axis) => at + far * move[axis]));
    },
  };
}

function render({ model, el }) {
  const sceneNow = createScene(model);
  let scene = sceneNow();
  let held = false;
  let chosen = null;
  let waiting = 0;
  const redraw = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const save = debounced(() => model.save_changes(), SAVE_AFTER);
  const moveCursor = (cursor) => {
    if (!scene.fits) return;
    const limits = [scene.cells.rows, scene.cells.columns];
    model.set("cursor", cursor.map((at, axis) => clamp(at, 0, limits[axis] - 1)));
    chosen = null;
    save.call();
  };
  const commit = (changes) => {
    if (changes.cell && scene.fits && changes.cell !== scene.cell) {
      // The cell under the same place of the photo stays chosen.
      model.set("cursor", scene.cursor.map((at) => Math.floor(((at + 0.5) * scene.cell) / changes.cell)));
    }
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
  const hold = (value) => {
    held = value;
    redraw();
  };
  const choose = (bin) => {
    if (bin === chosen) return;
    chosen = bin;
    redraw();
  };
  const pointer = createPointer(() => scene, moveCursor, () => held, hold);
  const photo = createPicture("Photo", pointer, (context, now, scale, [width, height]) => {
    context.imageSmoothingEnabled = scale < 1.5;
    context.drawImage(now.photo, 0, 0, width, height);
  });
  const strokes = createPicture("HOG", pointer, (context, now, scale, [width, height]) => {
    context.fillStyle = "#0b0b0b";
    context.fillRect(0, 0, width, height);
    if (!now.fits) return;
    const even = now.drawn === "normalised";
    paintStrokes(context, even ? now.even : now.cells, (even ? now.evenWhite : now.white) || 1, now.cell * scale);
  });
  const controls = createControls(model, commit);
  const cell = createCell();
  const votes = createVotes(choose);
  const block = createBlock();
  const sums = h("div.sums");
  const sentence = h("p.sentence");
  const spoken = h("p.hidden", { "aria-live": "polite" });
  const hint = h("p.hint");
  const announce = debounced(() => setText(spoken, sentence.textContent), ANNOUNCE_AFTER);

  function draw() {
    waiting = 0;
    scene = sceneNow();
    const words = describe(scene);
    const bin = scene.fits ? clamp(chosen ?? scene.top, 0, scene.bins - 1) : 0;
    photo.update(scene, words);
    const drawn = scene.drawn === "normalised" ? "HOG, normalised" : "HOG";
    setText(strokes.heading, `${drawn}: ${grouped(numbersIn(scene))} numbers`);
    strokes.update(scene, words);
    controls.update();
    cell.update(scene, bin);
    votes.update(scene, bin);
    block.update(scene);
    writeSums(sums, scene);
    setText(sentence, words);
    setText(hint, held ? "This cell is held: click again, or press Enter, to let go." : "");
    root.dataset.held = String(held);
    root.classList.toggle("aml4d-hi-misfit", !scene.fits);
    announce.call();
  }

  const root = h(
    "div.body",
    {},
    controls.element,
    h(
      "div.stage",
      {},
      h("div.pictures", {}, photo.element, strokes.element),
      h("div.steps", {}, cell.element, votes.element),
    ),
    h("div.below", {}, block.element, step(4, "All blocks in one row: the descriptor", sums)),
    h("div.caption", {}, sentence, hint, spoken),
  );
  el.classList.add("aml4d-hog");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab leaves the keys to the widget.
  el.append(root);
  const keep = (event) => {
    if (event.key !== "Escape" && event.key !== "Tab") event.stopPropagation();
  };
  el.addEventListener("keydown", keep);
  const resized = new ResizeObserver(redraw);
  resized.observe(root);
  for (const name of WATCHED) model.on(`change:${name}`, redraw);
  draw();
  return () => {
    for (const name of WATCHED) model.off(`change:${name}`, redraw);
    el.removeEventListener("keydown", keep);
    resized.disconnect();
    cancelAnimationFrame(waiting);
    save.cancel();
    announce.cancel();
  };
}

function writeSums(list, scene) {
  const rows = scene.fits ? formula(scene) : [];
  const text = rows.flat().join("|");
  if (list.dataset.text === text) return;
  list.dataset.text = text;
  list.replaceChildren(...rows.flatMap(([name, words]) => [h("span.soft", {}, name), h("span", {}, words)]));
}

export default { render };
