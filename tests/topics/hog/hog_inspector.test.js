// The HOG inspector's arithmetic, against votes that are counted by hand.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  CLIP, binOf, blockAt, cellHistograms, evenedCells, normalised, orientationOf, polar, strongest, whiteLevel,
} from "../../../aml4d_utils/topics/hog/hog_inspector/arithmetic.js";

const close = (found, expected, by = 1e-9) => assert.ok(Math.abs(found - expected) < by, `${found} is not ${expected}`);

test("an orientation goes from 0 up to 180, whatever the sign of the change", () => {
  assert.equal(orientationOf(0, 1), 0);
  assert.equal(orientationOf(0, -1), 0);
  assert.equal(orientationOf(-0, -1), 0);
  assert.equal(orientationOf(1, 0), 90);
  assert.equal(orientationOf(-1, 0), 90);
  close(orientationOf(1, 1), 45);
  close(orientationOf(1, -1), 135);
  close(orientationOf(-1, 1), 135);
});

test("a bin begins where it says, and the last one keeps what rounding gives away", () => {
  assert.equal(binOf(0, 9), 0);
  assert.equal(binOf(19.999, 9), 0);
  assert.equal(binOf(20, 9), 1);
  assert.equal(binOf(179.999, 9), 8);
  assert.equal(binOf(180, 9), 8);
});

test("a gradient has a length and an orientation", () => {
  const { magnitude, orientation } = polar([3, 0], [4, -2]);
  assert.deepEqual([...magnitude], [5, 2]);
  close(orientation[0], (Math.atan2(3, 4) * 180) / Math.PI);
  assert.equal(orientation[1], 0);
});

test("pixels vote with their length in their own cell; what is left over at the edge does not", () => {
  // 2 × 5 pixels in cells of 2: two cells, and a column without one.
  const magnitude = [1, 2, 3, 4, 50, 5, 6, 7, 8, 50];
  const orientation = [0, 100, 0, 100, 0, 0, 100, 100, 100, 0];
  const cells = cellHistograms({ magnitude, orientation }, [2, 5], 2, 2);
  assert.deepEqual([cells.rows, cells.columns, cells.bins], [1, 2, 2]);
  assert.deepEqual([...cells.votes], [6 / 4, 8 / 4, 3 / 4, 19 / 4]);
});

test("a block is its cells one after the other, row by row", () => {
  const cells = { rows: 2, columns: 3, bins: 2, votes: Float64Array.from({ length: 12 }, (_, k) => k) };
  assert.deepEqual(blockAt(cells, 0, 1, 2), [2, 3, 4, 5, 8, 9, 10, 11]);
  assert.deepEqual(blockAt(cells, 1, 2, 1), [10, 11]);
});

test("each norm evens a block out in its own way", () => {
  const block = [3, 4, 0, 0];
  const expected = { L1: [3 / 7, 4 / 7, 0, 0], "L1-sqrt": [Math.sqrt(3 / 7), Math.sqrt(4 / 7), 0, 0], L2: [0.6, 0.8, 0, 0] };
  for (const [norm, values] of Object.entries(expected)) {
    normalised(block, norm).values.forEach((value, k) => close(value, values[k], 1e-5));
  }
  assert.equal(normalised(block, "L1").size, 7);
  close(normalised(block, "L2").size, 5);
  assert.deepEqual(block, [3, 4, 0, 0]);
});

test("L2-Hys cuts at 0.2 and stretches again", () => {
  const { values, cut } = normalised([3, 4, 0, 0], "L2-Hys");
  assert.equal(cut, 2);
  close(values[0], Math.SQRT1_2, 1e-4);
  close(values[1], Math.SQRT1_2, 1e-4);
  const rest = 0.1 / Math.hypot(1, 0.1);
  close(normalised([1, 0.1], "L2-Hys").values[0], 0.2 / Math.hypot(0.2, rest), 1e-4);
  const even = normalised(Array(36).fill(2), "L2-Hys");
  assert.equal(even.cut, 0);
  even.values.forEach((value) => close(value, 1 / 6, 1e-5));
  assert.ok(even.values.every((value) => value < CLIP));
});

test("nothing stays nothing", () => {
  for (const norm of ["L1", "L1-sqrt", "L2", "L2-Hys"]) {
    assert.deepEqual(normalised([0, 0, 0], norm).values, [0, 0, 0]);
  }
});

test("an evened cell is the mean over all blocks that it lies in", () => {
  const votes = Float64Array.from([1, 2, 3, 1, 5, 2, 4, 4, 1, 6, 2, 2]);
  const cells = { rows: 2, columns: 3, bins: 2, votes };
  const [left, right] = [0, 1].map((column) => normalised(blockAt(cells, 0, column, 2), "L1").values);
  const even = evenedCells(cells, 2, "L1");
  close(even.votes[0], left[0]);
  close(even.votes[2], (left[2] + right[0]) / 2);
  close(even.votes[11], right[7]);
  assert.deepEqual([...cells.votes], [...votes]);
});

test("white is what 99 % of the numbers stay below, else the largest of them", () => {
  assert.equal(whiteLevel(Float64Array.from({ length: 101 }, (_, k) => k)), 99);
  assert.equal(whiteLevel(Float64Array.from({ length: 200 }, (_, k) => (k === 7 ? 3 : 0))), 3);
  assert.equal(whiteLevel(new Float64Array(0)), 0);
});

test("of equal votes the first is the strongest", () => {
  assert.equal(strongest([1, 4, 4, 2]), 1);
  assert.equal(strongest([0, 0]), 0);
});
