// Colours that differ for colour-blind eyes, and ink that can be read on any ground.

/** Okabe and Ito's eight colours, which colour-blind eyes tell apart. */
export const OKABE_ITO = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000"];

const DARK = [17, 17, 17];
const LIGHT = [255, 255, 255];
const READABLE = 4.5; // WCAG 2.2, 1.4.3: the least contrast of words with their ground.

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

function mixed(one, other, share) {
  return one.map((value, k) => Math.round(value + share * (other[k] - value)));
}

/** A colour `[r, g, b]`, moved towards dark or light no further than words in it can be read. */
export function readable(colour, ground) {
  const goal = inkOn(ground) === "#fff" ? LIGHT : DARK;
  const shares = Array.from({ length: 21 }, (_, k) => k / 20);
  const share = shares.find((each) => contrast(mixed(colour, goal, each), ground) >= READABLE);
  return mixed(colour, goal, share ?? 1);
}

/** `rgb(…)`, or `color(srgb …)` of a mixture, as a browser writes it -> `[r, g, b, opacity]`. */
export function fromStyle(text) {
  const [red, green, blue, opacity = 1] = (text.match(/[\d.]+(?:e-?\d+)?/g) ?? [0, 0, 0, 0]).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  return [scale * red, scale * green, scale * blue, opacity];
}

/** The colour `[r, g, b]` of the page behind an element. */
export function groundOf(element) {
  for (let at = element; at; at = at.parentElement) {
    const [red, green, blue, opacity] = fromStyle(getComputedStyle(at).backgroundColor);
    if (opacity === 1) return [red, green, blue];
  }
  return LIGHT;
}

/** Calls `action` when the page becomes light or dark; returns what ends that. */
export function onTheme(action) {
  const watch = new MutationObserver(action);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => watch.disconnect();
}

/** Dark or light ink, whichever is read better on a ground `[r, g, b]`. */
export function inkOn(ground) {
  return contrast(DARK, ground) >= contrast(LIGHT, ground) ? "#111" : "#fff";
}
