// Colours that differ for colour-blind eyes, and ink that can be read on any ground.

/** Okabe and Ito's eight colours, which colour-blind eyes tell apart. */
export const OKABE_ITO = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000"];

const DARK = [17, 17, 17];
const LIGHT = [255, 255, 255];

/** `[r, g, b]`, 0 to 255 -> the text that a style sheet understands. */
export function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

/** `#rrggbb` -> `[r, g, b]`. */
export function fromHex(text) {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

/** Relative luminance of `[r, g, b]`, from 0 (black) to 1 (white), after WCAG 2.2. */
export function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, from 1 to 21, after WCAG 2.2. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Dark or light ink, whichever is read better on a ground `[r, g, b]`. */
export function inkOn(ground) {
  return contrast(DARK, ground) >= contrast(LIGHT, ground) ? "#111" : "#fff";
}
