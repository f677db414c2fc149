// Where a value of a picture stands in its vector, and back.

export const placeOf = (row, col, channel, width, channels) => (row * width + col) * channels + channel;

export function pixelAt(place, width, channels) {
  const pixel = Math.floor(place / channels);
  return { row: Math.floor(pixel / width), col: pixel % width, channel: place % channels, pixel };
}

/** The numbers of one of the pictures in `bytes`, as a scene that the rest reads. */
export function sceneOf(bytes, sizes, which, colour, greyWeights) {
  let start = 0;
  for (let k = 0; k < which; k += 1) start += 3 * sizes[k][0] * sizes[k][1];
  const [height, width] = sizes[which];
  const channels = colour ? 3 : 1;
  const numbers = new Uint8Array(height * width * channels);
  for (let p = 0; p < height * width; p += 1) {
    const rgb = [0, 1, 2].map((c) => bytes[start + 3 * p + c]);
    if (colour) numbers.set(rgb, 3 * p);
    else numbers[p] = Math.round(rgb.reduce((sum, v, c) => sum + v * greyWeights[c], 0));
  }
  return { height, width, channels, numbers };
}

/** Colour of one pixel as [r, g, b]. */
export function pixelColour({ numbers, channels }, pixel) {
  const at = pixel * channels;
  return channels === 3 ? [numbers[at], numbers[at + 1], numbers[at + 2]] : Array(3).fill(numbers[at]);
}

/** Colour of one number: grey, or as much red, green or blue as it says. */
export function numberColour({ numbers, channels }, place) {
  const value = numbers[place];
  if (channels === 1) return [value, value, value];
  const rgb = [0, 0, 0];
  rgb[place % 3] = value;
  return rgb;
}

export const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
