// Signed colours and those of the channels.

import { clamp } from "../../../widgets/js/numbers.js";
import { inkOn } from "../../../widgets/js/colours.js";

// Blue - white - orange, equally light at equal distance from zero.
const SIGNED_STOPS = [
  [18, 60, 115],
  [47, 111, 171],
  [127, 175, 214],
  [247, 247, 245],
  [240, 170, 104],
  [203, 103, 26],
  [122, 54, 4],
];
export const CHANNEL_TINTS = {
  grey: [[1, 1, 1]],
  rgb: [
    [1, 0.12, 0.1],
    [0.1, 0.85, 0.2],
    [0.2, 0.4, 1],
  ],
};

/** Colour of a share of the extreme, from -1 (blue) over 0 (white) to 1 (orange). */
export function signedColour(share) {
  const at = ((clamp(share, -1, 1) + 1) / 2) * (SIGNED_STOPS.length - 1);
  const left = Math.min(Math.floor(at), SIGNED_STOPS.length - 2);
  return SIGNED_STOPS[left].map((from, c) =>
    Math.round(from + (at - left) * (SIGNED_STOPS[left + 1][c] - from)),
  );
}

const SIGNED_TABLE = [...Array(513).keys()].map((step) => signedColour(step / 256 - 1));

/** Colour of a value on a scale from -limit to limit, or as clipped grey. */
export function outputColour(value, limit, display) {
  if (display === "clipped") {
    const grey = Math.round(255 * clamp(value, 0, 1));
    return [grey, grey, grey];
  }
  return SIGNED_TABLE[limit ? Math.round(256 * (clamp(value / limit, -1, 1) + 1)) : 256];
}

export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

export function paint(element, colour) {
  const backgroundColor = css(colour);
  if (element.dataset.colour === backgroundColor) return;
  element.dataset.colour = backgroundColor;
  Object.assign(element.style, { backgroundColor, color: inkOn(colour) });
}

export function unpaint(element) {
  delete element.dataset.colour;
  element.removeAttribute("style");
}
