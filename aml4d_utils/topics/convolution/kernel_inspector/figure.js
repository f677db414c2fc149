// The photo and the feature map on their canvases.

import { freshId, make, setText } from "../../../widgets/js/dom.js";
import { clamp, shown } from "../../../widgets/js/numbers.js";
import { LARGEST_PADDING, NEGLIGIBLE, positionOver, windowSpan } from "./arithmetic.js";
import { css, outputColour, signedColour } from "./colours.js";
import { h } from "./page.js";
import { grouped, misfit, percent } from "./words.js";

/** CSS pixels for one cell: whole device pixels where that costs little room. */
export function cellSize(room, cells, ratio) {
  const exact = (room * ratio) / cells;
  const whole = Math.floor(exact);
  return (whole >= 0.85 * exact ? whole : exact) / ratio;
}

function rasterOf(columns, rows, colourOf) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const frame = context.createImageData(columns, rows);
  for (let p = 0; p < columns * rows; p += 1) {
    const colour = colourOf(p);
    if (colour) frame.data.set([...colour, 255], 4 * p);
  }
  context.putImageData(frame, 0, 0);
  return canvas;
}

function photoRaster({ planes, size: [height, width] }) {
  return rasterOf(width, height, (p) => [0, 1, 2].map((c) => 255 * (planes[c] ?? planes[0])[p]));
}

function mapRaster({ map, facts, display, scanned }) {
  const visible = scanned < 0 ? map.values.length : scanned;
  return rasterOf(map.columns, map.rows, (p) =>
    p < visible ? outputColour(map.values[p], facts.limit, display) : null,
  );
}

/** A canvas in a labelled frame that reports where it is pointed at and which keys move it. */
function picture(title, hint, events) {
  const hintId = freshId("hint");
  const canvas = h("canvas.canvas", { role: "img", tabindex: "0", "aria-describedby": hintId });
  const caption = h("div.picture-caption");
  const element = h(
    "figure.picture",
    {},
    h("figcaption.picture-title", {}, title),
    h("div.canvas-room", {}, canvas),
    make("span", { class: "aml4d-hidden", id: hintId }, hint),
    caption,
  );
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointermove", (event) => events.point(at(event), event));
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    events.press(at(event), event);
  });
  canvas.addEventListener("keydown", events.key);
  return { element, canvas, caption };
}

function sizeCanvas(canvas, width, height, ratio) {
  const [w, hgt] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== hgt) Object.assign(canvas, { width: w, height: hgt });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  return context;
}

/** Where the cells of photo and map lie on their canvases, in CSS pixels. */
function layoutOf(scene, room, tallest, ratio) {
  const [height, width] = scene.size;
  const border = LARGEST_PADDING;
  const cell = Math.min(
    cellSize(room, width + 2 * border, ratio),
    cellSize(tallest, height + 2 * border, ratio),
  );
  const box = { width: cell * (width + 2 * border), height: cell * (height + 2 * border) };
  const { rows, columns, fits } = scene.map;
  const mapCell = fits
    ? Math.min(cell * scene.geometry.stride, box.width / columns, box.height / rows)
    : cell;
  return {
    ...box,
    ratio,
    photo: { cell, left: border * cell, top: border * cell },
    map: {
      cell: mapCell,
      left: Math.round((ratio * (box.width - mapCell * columns)) / 2) / ratio,
      top: Math.round((ratio * (box.height - mapCell * rows)) / 2) / ratio,
    },
  };
}

function outline(context, x, y, width, height, dashes = []) {
  context.setLineDash(dashes);
  for (const [colour, thickness] of [
    ["#fff", 4],
    ["#c2185b", 2],
  ]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: thickness });
    context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  }
}

/** The frame of zeros around the photo: hatched, with a thin edge. */
function drawPadding(context, { cell, left, top }, [height, width], padding) {
  if (!padding) return;
  const edge = padding * cell;
  const outer = [left - edge, top - edge, width * cell + 2 * edge, height * cell + 2 * edge];
  context.save();
  context.beginPath();
  context.rect(...outer);
  context.rect(left, top, width * cell, height * cell);
  context.clip("evenodd");
  Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
  context.beginPath();
  for (let x = outer[0] - outer[3]; x < outer[0] + outer[2]; x += 5) {
    context.moveTo(x, outer[1] + outer[3]);
    context.lineTo(x + outer[3], outer[1]);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = "#8a8f98";
  context.strokeRect(...outer.map((value, i) => value + (i < 2 ? 0.5 : -1)));
}

function drawPhoto(canvas, scene, layout, raster) {
  const context = sizeCanvas(canvas, layout.width, layout.height, layout.ratio);
  const { cell, left, top } = layout.photo;
  const [height, width] = scene.size;
  drawPadding(context, layout.photo, scene.size, scene.geometry.padding);
  context.drawImage(raster, left, top, width * cell, height * cell);
  if (!scene.map.fits) return;
  const place = ({ x, y }) => [left + x * cell, top + y * cell];
  if (scene.geometry.dilation > 1 && scene.k > 1) drawTaps(context, scene.taps[0].map(place), cell);
  const span = windowSpan(scene.k, scene.geometry.dilation) * cell;
  outline(
    context,
    ...place(scene.taps[0][0]),
    span,
    span,
    scene.geometry.dilation > 1 ? [4, 3] : [],
  );
}

function drawTaps(context, places, cell) {
  Object.assign(context, { fillStyle: "#c2185b" });
  context.setLineDash([]);
  for (const [x, y] of places) {
    if (cell < 8) context.fillRect(x, y, Math.max(cell, 2), Math.max(cell, 2));
    else outline(context, x + 2, y + 2, cell - 4, cell - 4);
  }
}

function drawMap(canvas, scene, layout, raster) {
  const context = sizeCanvas(canvas, layout.width, layout.height, layout.ratio);
  const { cell, left, top } = layout.map;
  const { rows, columns, fits } = scene.map;
  if (!fits) return;
  Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
  context.strokeRect(left - 0.5, top - 0.5, columns * cell + 1, rows * cell + 1);
  context.drawImage(raster, left, top, columns * cell, rows * cell);
  const [row, column] = scene.cursor;
  outline(context, left + column * cell, top + row * cell, cell, cell);
}

/** The kernels as small coloured squares, for the sign between photo and map. */
function drawStamp(canvas, kernels, ratio) {
  const side = 40;
  const context = sizeCanvas(canvas, side, side * kernels.length + 6 * (kernels.length - 1), ratio);
  const extent = Math.max(...kernels.flat(2).map(Math.abs));
  kernels.forEach((grid, c) => {
    const raster = rasterOf(grid.length, grid.length, (p) =>
      outputColour(grid.flat()[p], extent, "signed"),
    );
    context.drawImage(raster, 0, c * (side + 6), side, side);
    Object.assign(context, { strokeStyle: "#8a8f98", lineWidth: 1 });
    context.strokeRect(0.5, c * (side + 6) + 0.5, side - 1, side - 1);
  });
}

function sameGrids(grids) {
  return grids.every((grid) => JSON.stringify(grid) === JSON.stringify(grids[0]));
}

/** Photo ✶ kernel = feature map, and the formula of its size in the room below the photo. */
export function createFigure({ moveTo, moveBy, togglePin }, formula) {
  let layout = null;
  let scene = null;
  const cellAt = ([x, y], { cell, left, top }) => [
    Math.floor((y - top) / cell),
    Math.floor((x - left) / cell),
  ];
  const overPhoto = (at) =>
    positionOver(cellAt(at, layout.photo), scene.k, scene.geometry, scene.map);
  const overMap = (at) => cellAt(at, layout.map);
  const ready = () => layout && scene?.map.fits;
  const eventsFor = (positionAt) => ({
    point: (at, event) => {
      if (ready()) moveTo(positionAt(at), event.buttons > 0);
    },
    press: (at, event) => {
      if (ready()) {
        moveTo(positionAt(at), true);
        togglePin(event);
      }
    },
    key: (event) => {
      if (ready()) moveBy(event);
    },
  });
  const hint =
    "Arrow keys move the window by one output pixel, with Shift by ten. " +
    "Home and End go to the ends of the row. A click or Enter pins the window, Escape frees it.";
  const photo = picture("Photo", hint, eventsFor(overPhoto));
  const map = picture("Feature map", hint, eventsFor(overMap));
  const stamp = h("canvas.stamp", { role: "img" });
  const sign = h(
    "div.sign",
    {},
    h("span.glyph", { "aria-hidden": "true" }, "✶"),
    stamp,
    h("span.glyph", { "aria-hidden": "true" }, "="),
  );
  const empty = h("p.empty");
  map.element.querySelector(".aml4d-ki-canvas-room").append(empty);
  const bar = createColourBar();
  map.element.append(bar.element);
  const element = h("div.figure", {}, photo.element, sign, map.element, formula);
  const rasters = createRasters();

  const update = (next, pinned) => {
    scene = next;
    const ratio = window.devicePixelRatio || 1;
    const room = photo.element.querySelector(".aml4d-ki-canvas-room").clientWidth;
    if (!room) return;
    layout = layoutOf(scene, room, Math.max(room, 240), ratio);
    drawPhoto(photo.canvas, scene, layout, rasters.photo(scene));
    drawMap(map.canvas, scene, layout, rasters.map(scene));
    drawStamp(stamp, sameGrids(scene.kernels) ? scene.kernels.slice(0, 1) : scene.kernels, ratio);
    setText(empty, scene.map.fits ? "" : `Nothing to show: ${misfit(scene)}`);
    map.canvas.hidden = !scene.map.fits;
    label(photo, map, stamp, scene, pinned);
    bar.update(scene);
  };
  return { element, update, photo, map };
}

function createRasters() {
  const cached = (draw, keysOf) => {
    let keys = [];
    let raster = null;
    return (scene) => {
      const now = keysOf(scene);
      if (!raster || now.some((key, i) => key !== keys[i]))
        [keys, raster] = [now, scene.map.fits || draw === photoRaster ? draw(scene) : null];
      return raster;
    };
  };
  return {
    photo: cached(photoRaster, (scene) => [scene.planes]),
    map: cached(mapRaster, (scene) => [scene.map, scene.display, scene.scanned]),
  };
}

function label(photo, map, stamp, scene, pinned) {
  const [height, width] = scene.size;
  const { rows, columns, fits } = scene.map;
  const colour = scene.mode === "grey" ? "grey" : "colour";
  setText(
    photo.caption,
    `${height} × ${width} pixels · ${pinned ? "pinned, click to free" : "click to pin the window"}`,
  );
  setText(map.caption, fits ? captionText(scene) : "0 values");
  stamp.setAttribute("aria-label", `Kernel ${scene.name}, ${scene.k} by ${scene.k}`);
  const size = `${height} rows by ${width} columns, ${colour}, ${scene.geometry.padding} rows of zeros around it`;
  if (!fits) {
    photo.canvas.setAttribute("aria-label", `Photo, ${size}. The window does not fit.`);
    return;
  }
  const [first, last] = [scene.taps[0][0], scene.taps[0][scene.taps[0].length - 1]];
  photo.canvas.setAttribute(
    "aria-label",
    `Photo, ${size}. The window reaches from row ${first.y}, ` +
      `column ${first.x} to row ${last.y}, column ${last.x}.`,
  );
  const { low, high } = scene.facts;
  map.canvas.setAttribute(
    "aria-label",
    `Feature map of ${scene.name}, ${rows} rows by ${columns} columns, ` +
      `values from ${shown(low, scene.decimals)} to ${shown(high, scene.decimals)}, ${countText(scene)}. At row ` +
      `${scene.cursor[0]}, column ${scene.cursor[1]} the value is ${shown(scene.total, scene.decimals)}.`,
  );
}

function captionText(scene) {
  const { map, scanned, facts } = scene;
  const size = `${map.rows} × ${map.columns} value${facts.count === 1 ? "" : "s"}`;
  return scanned < 0 ? `${size}, ${countText(scene)}` : `${size}, ${grouped(scanned)} filled in`;
}

function countText({ facts, display }) {
  const share = `${grouped(facts.negative)} (${percent(facts.negative, facts.count)}) negative`;
  return display === "signed" ? share : `${share}: lost`;
}

/** -m, 0, +m; with a sign where values beyond share the last colour. */
function limitTexts({ low, high, limit }, decimals) {
  if (!limit) return ["", "0", ""];
  const beyond = NEGLIGIBLE + limit;
  return [
    `${low < -beyond ? "≤ " : ""}${shown(-limit, decimals)}`,
    "0",
    `${high > beyond ? "≥ " : ""}+${shown(limit, decimals)}`,
  ];
}

/** Colours with their numbers, and a mark at the value under the cursor. */
function createColourBar() {
  const marker = h("span.bar-marker");
  const ramp = h("div.bar-ramp", {}, marker);
  const labels = [h("span"), h("span"), h("span")];
  const element = h("div.bar", {}, ramp, h("div.bar-labels", {}, ...labels));
  const stops = [...Array(25).keys()].map((i) => css(signedColour(i / 12 - 1))).join(",");
  const update = ({ facts, display, total, map, decimals }) => {
    const signed = display === "signed";
    const texts = signed ? limitTexts(facts, decimals) : ["0 and below", "", "1 and above"];
    texts.forEach((text, i) => setText(labels[i], text));
    ramp.style.background = `linear-gradient(90deg, ${signed ? stops : "#000, #fff"})`;
    const share = signed ? (total / (facts.limit || 1) + 1) / 2 : total;
    marker.style.left = `${100 * clamp(share, 0, 1)}%`;
    element.hidden = !map.fits;
  };
  return { element, update };
}
