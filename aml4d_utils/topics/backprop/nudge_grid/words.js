// Numbers and names as the table says them.

export const ROW = 28; // Height of a row in pixels; the style sheet says the same.
export const SPARE = 4; // Rows drawn above and below the visible ones.

/** A change in thousandths, with at most three digits and no sign. */
export function magnitude(value) {
  const size = Math.abs(value) * 1000;
  if (size === 0) return "0";
  if (size >= 100) return size.toFixed(0);
  if (size >= 10) return size.toFixed(1);
  if (size >= 0.005) return size.toFixed(2);
  return "<0.01";
}

/** The sign as a symbol, for eyes that do not see the colour. */
export const arrow = (value) => (value > 0 ? "▲" : value < 0 ? "▼" : "");

export const cellText = (value) => (value === 0 ? "0" : `${arrow(value)} ${magnitude(value)}`);

export function spoken(value) {
  if (value === 0) return "no change";
  return `${value > 0 ? "raise" : "lower"}, ${magnitude(value)} thousandths`;
}

export const number = (value, digits = 3) =>
  (Number(value.toPrecision(digits)) + 0).toLocaleString("en-GB", { maximumSignificantDigits: digits }).replace("-", "−");

export const counted = (value) => value.toLocaleString("en-GB");

/** Which parameter a row is. */
export function placeOf(groups, row) {
  const group = groups.find((g) => row >= g.start && row < g.stop);
  const at = row - group.start;
  return { group, neuron: Math.floor(at / group.inputs), source: at % group.inputs };
}

export function rowName(groups, side, row) {
  const { group, neuron, source } = placeOf(groups, row);
  const target = group.last ? `output ${neuron}` : `hidden ${group.layer + 1}, neuron ${neuron}`;
  if (group.kind === "biases") return `bias of ${target}`;
  const origin =
    group.layer === 0
      ? `pixel (${Math.floor(source / side)}, ${source % side})`
      : `hidden ${group.layer}, neuron ${source}`;
  return `${origin} → ${target}`;
}

/** The same in few letters, for the table: layer · neuron. */
export const shortName = (...place) => rowName(...place).replaceAll(", neuron ", " · ");
