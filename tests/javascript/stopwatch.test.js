// The clock of a mock exam: counts on from what is known, and says little.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createStopwatch, timeLeft, timeNews } from "../../aml4d_utils/widgets/js/stopwatch.js";

test("a stopwatch goes on from the seconds that are known", () => {
  let time = 100;
  const watch = createStopwatch(() => time);
  assert.equal(watch.total(30), 30);
  watch.run(true, 30);
  time = 112;
  assert.equal(watch.total(30), 42);
  watch.run(true, 30);
  assert.equal(watch.total(30), 42, "running already");
  watch.run(false, 42);
  time = 200;
  assert.equal(watch.total(42), 42, "stopped");
  watch.run(true, 42);
  time = 201;
  assert.equal(watch.total(42), 43);
  assert.equal(watch.total(60), 60, "another page has counted further");
});

test("the time left is read as minutes and seconds", () => {
  assert.equal(timeLeft(61), "1:01 left");
  assert.equal(timeLeft(59.2), "1:00 left");
  assert.equal(timeLeft(0.3), "0:01 left");
  assert.equal(timeLeft(0), "0:00 over time");
  assert.equal(timeLeft(-61.5), "1:01 over time");
});

test("only the end of the time is read aloud", () => {
  assert.deepEqual([1000, 301].map(timeNews), ["", ""]);
  assert.match(timeNews(300), /Five minutes/);
  assert.match(timeNews(60), /One minute/);
  assert.match(timeNews(0), /over/);
});
