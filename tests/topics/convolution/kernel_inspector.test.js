// The kernel inspector's arithmetic, against sums that are written out and against an obvious loop.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  LARGEST_WEIGHT, colourLimit, correlate, flipped, outputLength, parsedWeight, planesOf, positionOver, resized,
  rotated, stepped, summarise, tapsAt, windowSpan,
} from "../../../aml4d_utils/topics/convolution/kernel_inspector/arithmetic.js";

const PLAIN = { stride: 1, padding: 0, dilation: 1 };
// A photo of 4 × 5 pixels and a kernel that is unlike itself under every turn and mirror.
const SIZE = [4, 5];
const PLANE = Float64Array.from({ length: 20 }, (_, p) => ((7 * p) % 11) / 10 - 0.3);
const KERNEL = [[0.3, -1, 2.5], [0, 0.75, -0.2], [1, 0, -3]];
const GEOMETRIES = [1, 2, 3].flatMap((stride) => [0, 1, 2].flatMap((padding) =>
  [1, 2].map((dilation) => ({ stride, padding, dilation }))));

function close(found, expected, what) {
  assert.ok(Math.abs(found - expected) < 1e-12, `${what ?? ""} ${found} is not ${expected}`);
}

/** The sum of products at one place, written out. */
function slow(plane, kernel, { stride, padding, dilation }, row, column) {
  let total = 0;
  kernel.forEach((line, i) => line.forEach((weight, j) => {
    const y = row * stride + i * dilation - padding;
    const x = column * stride + j * dilation - padding;
    if (y >= 0 && y < SIZE[0] && x >= 0 && x < SIZE[1]) total += weight * plane[y * SIZE[1] + x];
  }));
  return total;
}

test("a window spans its gaps, and only whole windows count", () => {
  assert.equal(windowSpan(3, 1), 3);
  assert.equal(windowSpan(3, 2), 5);
  assert.equal(outputLength(5, 3, PLAIN), 3);
  assert.equal(outputLength(96, 3, { stride: 3, padding: 2, dilation: 2 }), 32);
  assert.equal(outputLength(5, 3, { ...PLAIN, stride: 2 }), 2);
  assert.equal(outputLength(2, 3, PLAIN), 0);
});

test("grey is weighed, colour is three planes, both from 0 to 1", () => {
  const bytes = [255, 0, 51, 0, 255, 102];
  const [grey] = planesOf(bytes, "grey", [0.5, 0.25, 0.25]);
  close(grey[0], 0.55);
  close(grey[1], 0.35);
  const planes = planesOf(bytes, "rgb", []).map((plane) => [...plane]);
  assert.deepEqual(planes, [[1, 0], [0, 1], [0.2, 0.4]]);
});

test("every place is the sum of its products, for every stride, padding and dilation", () => {
  for (const geometry of GEOMETRIES) {
    const map = correlate([PLANE], SIZE, [KERNEL], geometry);
    assert.equal(map.rows, outputLength(4, 3, geometry));
    assert.equal(map.columns, outputLength(5, 3, geometry));
    assert.equal(map.fits, map.values.length > 0);
    map.values.forEach((value, p) => {
      const place = [Math.floor(p / map.columns), p % map.columns];
      close(value, slow(PLANE, KERNEL, geometry, ...place), JSON.stringify([geometry, place]));
    });
  }
});

test("colours add up, each with its own kernel", () => {
  const planes = [PLANE, PLANE.map((v) => 1 - v), PLANE.map((v) => 2 * v)];
  const kernels = [KERNEL, rotated(KERNEL), flipped(KERNEL)];
  const map = correlate(planes, SIZE, kernels, PLAIN);
  const expected = planes.map((plane, c) => slow(plane, kernels[c], PLAIN, 1, 2));
  close(map.values[1 * map.columns + 2], expected[0] + expected[1] + expected[2]);
});

test("the taps are what the sum is made of, zero beyond the photo", () => {
  const geometry = { stride: 2, padding: 1, dilation: 1 };
  const [taps] = tapsAt([PLANE], SIZE, [KERNEL], geometry, [0, 0]);
  assert.equal(taps.length, 9);
  assert.deepEqual([taps[0].y, taps[0].x, taps[0].inside, taps[0].value], [-1, -1, false, 0]);
  assert.deepEqual([taps[4].y, taps[4].x, taps[4].inside, taps[4].weight], [0, 0, true, 0.75]);
  close(taps.reduce((total, tap) => total + tap.product, 0), correlate([PLANE], SIZE, [KERNEL], geometry).values[0]);
});

test("the place over a pixel is the one whose window is centred nearest", () => {
  const map = { rows: 3, columns: 3 };
  assert.deepEqual(positionOver([1, 1], 3, PLAIN, map), [0, 0]);
  assert.deepEqual(positionOver([2, 3], 3, PLAIN, map), [1, 2]);
  assert.deepEqual(positionOver([0, 9], 3, PLAIN, map), [0, 2]);
  assert.deepEqual(positionOver([4, 4], 3, { ...PLAIN, stride: 2, padding: 1 }, map), [2, 2]);
});

test("extremes and counts of a map; dust counts as zero", () => {
  assert.deepEqual(summarise([-0.5, 0, 1.5, 1, -1e-12]), {
    count: 5, low: -0.5, high: 1.5, negative: 1, above: 1, extent: 1.5,
  });
  assert.deepEqual(summarise([]), { count: 0, low: 0, high: 0, negative: 0, above: 0, extent: 0 });
  assert.equal(summarise([1e-12, -1e-12]).extent, 0);
});

test("the colours end where 99 % of the values without padding lie", () => {
  const values = Float64Array.from({ length: 100 }, (_, p) => (p === 55 ? 9 : p / 100));
  const map = { rows: 10, columns: 10, values };
  assert.equal(colourLimit(map, [12, 12], 3, PLAIN, 9), 0.99);
  // With padding the outermost places do not count, and so not their 50.
  const edged = values.map((value, p) => (p < 10 ? 50 : value));
  assert.ok(colourLimit({ ...map, values: edged }, [10, 10], 3, { ...PLAIN, padding: 1 }, 50) < 10);
  assert.equal(colourLimit({ ...map, values: new Float64Array(100) }, [12, 12], 3, PLAIN, 0.7), 0.7);
});

test("kernels turn clockwise, and half a turn is a flip", () => {
  assert.deepEqual(rotated([[1, 2], [3, 4]]), [[3, 1], [4, 2]]);
  assert.deepEqual(flipped(KERNEL), [[-3, 0, 1], [-0.2, 0.75, 0], [2.5, -1, 0.3]]);
});

test("a kernel keeps its centre when its size changes", () => {
  assert.deepEqual(resized(KERNEL, 1), [[0.75]]);
  const large = resized(KERNEL, 5);
  assert.deepEqual(large[0], [0, 0, 0, 0, 0]);
  assert.deepEqual(large[1], [0, 0.3, -1, 2.5, 0]);
  assert.deepEqual(resized(large, 3), KERNEL);
});

test("what a student types is a weight or nothing", () => {
  const typed = { " 0.5 ": 0.5, "−1": -1, "-1,5": -1.5, ".25": 0.25, "3.": 3, "1e-2": 0.01, 99: 99, "-0": 0 };
  for (const [text, weight] of Object.entries(typed)) assert.equal(parsedWeight(text), weight, text);
  for (const text of ["", "one", "99.1", "1 2", "--1", "1e9", "Infinity", "0x10"]) {
    assert.equal(parsedWeight(text), null, text);
  }
});

test("a weight steps without dust and no further than it may", () => {
  assert.equal(stepped(0.1, 0.2), 0.3);
  assert.equal(stepped(LARGEST_WEIGHT, 1), LARGEST_WEIGHT);
  assert.equal(stepped(-LARGEST_WEIGHT, -1), -LARGEST_WEIGHT);
  assert.ok(Object.is(stepped(0.1, -0.1), 0));
});
