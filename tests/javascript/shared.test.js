// What all browser parts share: numbers, colours, one message under way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { OKABE_ITO, contrast, css, fromHex, fromStyle, inkOn, luminance, readable } from "../../aml4d_utils/widgets/js/colours.js";
import { readsTruly } from "../../aml4d_utils/widgets/js/canvas.js";
import { clamp, shown } from "../../aml4d_utils/widgets/js/numbers.js";
import { fileName } from "../../aml4d_utils/widgets/js/save.js";
import { createQueue, everyOne } from "../../aml4d_utils/widgets/js/queue.js";

test("numbers have a true minus sign and no negative zero", () => {
  assert.equal(shown(-1.5), "−1.50");
  assert.equal(shown(-0.001), "0.00");
  assert.equal(shown(2.345, 1), "2.3");
  assert.equal(shown(-0, 0), "0");
});

test("clamp keeps a value between two limits", () => {
  assert.deepEqual([-3, 0.5, 9].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
});

test("contrast is WCAG's: 21 for black on white, 1 for equal colours", () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([9, 99, 199], [9, 99, 199]), 1);
  assert.ok(Math.abs(contrast([140, 140, 140], [255, 255, 255]) - 3.36) < 0.01);
  assert.ok(Math.abs(luminance([255, 0, 0]) - 0.2126) < 1e-12);
});

test("words in a colour can be read on any ground, and a colour that can be read stays", () => {
  const grounds = [[255, 255, 255], [33, 33, 33], [17, 17, 17], [66, 66, 66], [200, 200, 200]];
  for (const ground of grounds) {
    for (const colour of OKABE_ITO.map(fromHex)) {
      const words = readable(colour, ground);
      assert.ok(contrast(words, ground) >= 4.5, `${words} on ${ground}`);
      if (contrast(colour, ground) >= 4.5) assert.deepEqual(words, colour);
    }
  }
  assert.deepEqual(readable([0, 114, 178], [255, 255, 255]), [0, 114, 178]);
  const [red, , blue] = readable([0, 114, 178], [33, 33, 33]);
  assert.ok(blue > red); // It stays blue.
});

test("a browser writes colours in two ways", () => {
  assert.deepEqual(fromStyle("rgb(1, 2, 3)"), [1, 2, 3, 1]);
  assert.deepEqual(fromStyle("rgba(1, 2, 3, 0.5)"), [1, 2, 3, 0.5]);
  assert.deepEqual(fromStyle("color(srgb 1 0 0.2)"), [255, 0, 51, 1]);
  assert.equal(fromStyle("color(srgb 5e-1 0 0 / 0.25)")[0], 127.5);
});

test("ink is the one that is read better, and never below 4.4 to 1", () => {
  assert.equal(inkOn([140, 140, 140]), "#111");
  assert.equal(inkOn(fromHex("#578fc1")), "#111");
  assert.equal(inkOn([0, 60, 120]), "#fff");
  let least = 21;
  for (let red = 0; red < 256; red += 15) {
    for (let green = 0; green < 256; green += 15) {
      for (let blue = 0; blue < 256; blue += 15) {
        const ground = [red, green, blue];
        const ink = inkOn(ground) === "#fff" ? [255, 255, 255] : [17, 17, 17];
        const other = ink[0] === 255 ? [17, 17, 17] : [255, 255, 255];
        assert.ok(contrast(ink, ground) >= contrast(other, ground));
        least = Math.min(least, contrast(ink, ground));
      }
    }
  }
  assert.ok(least > 4.3, String(least));
});

test("colours go to and fro", () => {
  assert.deepEqual(fromHex("#0a64ff"), [10, 100, 255]);
  assert.equal(css([1, 2, 3]), "rgb(1 2 3)");
});

test("one message is under way, the newest waits", () => {
  const sent = [];
  const queue = createQueue((message) => sent.push(message));
  for (const message of ["a", "b", "c"]) queue.send(message);
  assert.deepEqual(sent, ["a"]);
  assert.deepEqual(queue.waiting(), ["c"]);
  assert.equal(queue.answered(), "a");
  assert.deepEqual(sent, ["a", "c"]);
  assert.ok(queue.busy());
  assert.equal(queue.answered(), "c");
  assert.ok(!queue.busy());
  queue.send("d");
  assert.deepEqual(sent, ["a", "c", "d"]);
});

test("presses of a button are all sent, in their order", () => {
  const sent = [];
  const queue = createQueue((message) => sent.push(message), { keep: everyOne });
  for (const message of ["a", "b", "c"]) queue.send(message);
  while (queue.busy()) queue.answered();
  assert.deepEqual(sent, ["a", "b", "c"]);
});

test("what waits can be merged, and be forgotten", () => {
  const sent = [];
  const queue = createQueue((message) => sent.push(message), { keep: ([waits = 0], next) => [waits + next] });
  for (const message of [1, 2, 3]) queue.send(message);
  assert.deepEqual(queue.waiting(), [5]);
  queue.forget();
  assert.equal(queue.answered(), null);
  assert.deepEqual([sent, queue.busy()], [[1], false]);
});

test("a pause passes between two messages", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 1000;
  context.mock.method(performance, "now", () => now);
  const sent = [];
  const queue = createQueue((message) => sent.push(message), { pause: 33 });
  queue.send("a");
  now += 10;
  queue.answered();
  queue.send("b");
  assert.deepEqual(sent, ["a"]);
  now += 23;
  context.mock.timers.tick(23);
  assert.deepEqual(sent, ["a", "b"]);
});

function canvasThatGives(change) {
  const pixels = new Uint8ClampedArray(8 * 8 * 4);
  const fillRect = (left, top, width, height) => {
    const colour = context.fillStyle.match(/\d+/g).map(Number);
    for (let y = top; y < top + height; y += 1) {
      for (let x = left; x < left + width; x += 1) pixels.set([...colour, 255], 4 * (8 * y + x));
    }
  };
  const context = { fillRect, getImageData: () => ({ data: pixels.map(change) }) };
  return { getContext: () => context };
}

test("a canvas that gives noise is told from one that gives what was drawn", () => {
  assert.ok(readsTruly(canvasThatGives((value) => value)));
  assert.ok(readsTruly(canvasThatGives((value, at) => value + (at % 3) - 1)));
  assert.ok(!readsTruly(canvasThatGives((_, at) => (97 * at) % 256)));
  assert.ok(!readsTruly(canvasThatGives(() => 255)));
});

test("a picture's file is named after its title", () => {
  assert.equal(fileName("What does HOG remember?"), "what-does-hog-remember.png");
  assert.equal(fileName("  Über 3 × 3  "), "über-3-3.png");
  assert.equal(fileName("…"), "picture.png");
});
