// Which bytes of a film are one picture, and which picture follows which.

import assert from "node:assert/strict";
import { test } from "node:test";

import { frameAt, nextOf } from "../../aml4d_utils/widgets/film.js";

test("a picture is its own part of all bytes", () => {
  const bytes = Uint8Array.from({ length: 24 }, (_, at) => at);
  assert.deepEqual([...frameAt(bytes, 0, 4)], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...frameAt(bytes, 3, 4)], [18, 19, 20, 21, 22, 23]);
  assert.equal(frameAt(new Uint8Array(0), 0, 0).length, 0);
});

test("behind the last picture comes the first", () => {
  assert.equal(nextOf(0, 1, 4), 1);
  assert.equal(nextOf(3, 1, 4), 0);
  assert.equal(nextOf(0, -1, 4), 3);
  assert.equal(nextOf(0, 1, 0), 0);
});
