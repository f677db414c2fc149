// What a kernel computes: sums, sizes, places, changes of the weights.

import { clamp } from "../../../widgets/js/numbers.js";

export const NEGLIGIBLE = 1e-9; // Sums of decimal fractions miss zero by about 1e-16.
export const LARGEST_WEIGHT = 99;
export const LARGEST_PADDING = 3;

/** Pixels from the first to the last kernel cell, both counted. */
export function windowSpan(k, dilation) {
  return dilation * (k - 1) + 1;
}

/** Output pixels along one side; 0 when the window does not fit. */
export function outputLength(length, k, { stride, padding, dilation }) {
  const room = length + 2 * padding - windowSpan(k, dilation);
  return Math.max(0, Math.floor(room / stride) + 1);
}

/** RGB bytes -> one plane of brightness or three planes of colour, values in [0, 1]. */
export function planesOf(bytes, mode, greyWeights) {
  const count = bytes.length / 3;
  const planes =
    mode === "grey" ? [new Float64Array(count)] : [0, 1, 2].map(() => new Float64Array(count));
  for (let p = 0; p < count; p += 1) {
    for (let c = 0; c < 3; c += 1) {
      const value = bytes[3 * p + c] / 255;
      if (mode === "grey") planes[0][p] += greyWeights[c] * value;
      else planes[c][p] = value;
    }
  }
  return planes;
}

/** Sum of products at every window position; the kernel is not flipped. */
export function correlate(planes, [height, width], kernels, geometry) {
  const { stride, padding, dilation } = geometry;
  const k = kernels[0].length;
  const rows = outputLength(height, k, geometry);
  const columns = outputLength(width, k, geometry);
  const fits = rows > 0 && columns > 0;
  const values = new Float64Array(fits ? rows * columns : 0);
  const within = (shift, length, count) => [
    // Output rows or columns whose tap lies on the photo.
    Math.max(0, Math.ceil(-shift / stride)),
    Math.min(count - 1, Math.floor((length - 1 - shift) / stride)),
  ];
  const addTap = (plane, weight, down, right) => {
    const [top, bottom] = within(down, height, rows);
    const [left, last] = within(right, width, columns);
    for (let r = top; r <= bottom; r += 1) {
      const from = (r * stride + down) * width + right;
      const to = r * columns;
      for (let c = left; c <= last; c += 1) values[to + c] += weight * plane[from + c * stride];
    }
  };
  planes.forEach((plane, channel) =>
    kernels[channel].forEach((line, i) =>
      line.forEach((weight, j) => {
        if (fits && weight !== 0)
          addTap(plane, weight, i * dilation - padding, j * dilation - padding);
      }),
    ),
  );
  return { rows, columns, values, fits };
}

/** Every product behind one output pixel, a list per channel in reading order. */
export function tapsAt(
  planes,
  [height, width],
  kernels,
  { stride, padding, dilation },
  [row, column],
) {
  return planes.map((plane, channel) =>
    kernels[channel].flatMap((line, i) =>
      line.map((weight, j) => {
        const y = row * stride + i * dilation - padding;
        const x = column * stride + j * dilation - padding;
        const inside = y >= 0 && y < height && x >= 0 && x < width;
        const value = inside ? plane[y * width + x] : 0;
        return { y, x, inside, value, weight, product: value * weight };
      }),
    ),
  );
}

/** The output position whose window is centred nearest to an input pixel. */
export function positionOver([y, x], k, { stride, padding, dilation }, { rows, columns }) {
  const half = (windowSpan(k, dilation) - 1) / 2;
  const nearest = (at, length) => clamp(Math.round((at + padding - half) / stride), 0, length - 1);
  return [nearest(y, rows), nearest(x, columns)];
}

/** Extremes and counts of a feature map. */
export function summarise(values) {
  const facts = { count: values.length, low: 0, high: 0, negative: 0, above: 0 };
  if (values.length) facts.low = facts.high = values[0];
  for (const value of values) {
    facts.low = Math.min(facts.low, value);
    facts.high = Math.max(facts.high, value);
    if (value < -NEGLIGIBLE) facts.negative += 1;
    if (value > 1 + NEGLIGIBLE) facts.above += 1;
  }
  facts.extent = Math.max(Math.abs(facts.low), Math.abs(facts.high));
  if (facts.extent < NEGLIGIBLE) facts.extent = 0;
  return facts;
}

/** Where the colour scale ends: 99 % of the values without padding under their window lie within. */
export function colourLimit(map, size, k, { stride, padding, dilation }, extent) {
  const span = windowSpan(k, dilation);
  const clear = (at, length) => at * stride >= padding && at * stride - padding + span <= length;
  const magnitudes = map.values
    .filter(
      (_, p) => clear(Math.floor(p / map.columns), size[0]) && clear(p % map.columns, size[1]),
    )
    .map(Math.abs)
    .sort();
  const limit = magnitudes[Math.ceil(0.99 * magnitudes.length) - 1] ?? 0;
  return limit < NEGLIGIBLE ? extent : limit;
}

export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A quarter turn clockwise. */
export function rotated(grid) {
  return grid[0].map((_, j) => grid.map((line) => line[j]).reverse());
}

/** Half a turn: what a mathematician's convolution does to the kernel first. */
export function flipped(grid) {
  return rotated(rotated(grid));
}

/** The same weights around the same centre in a k×k grid, zeros outside. */
export function resized(grid, k) {
  const shift = (grid.length - k) / 2;
  const line = [...Array(k).keys()];
  return line.map((i) => line.map((j) => grid[i + shift]?.[j + shift] ?? 0));
}

/** What a student typed -> a weight, or null when it is none. */
export function parsedWeight(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return null;
  const weight = Number(plain);
  return Math.abs(weight) <= LARGEST_WEIGHT ? weight + 0 : null;
}

/** A weight moved by `amount`, without the dust of decimal fractions. */
export function stepped(weight, amount) {
  return Number(clamp(weight + amount, -LARGEST_WEIGHT, LARGEST_WEIGHT).toFixed(6)) + 0;
}
