// Numbers as a student reads them, and the little arithmetic that every widget needs.

export function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

/** A number with a fixed number of decimals, a true minus sign and no negative zero. */
export function shown(value, decimals = 2) {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}
