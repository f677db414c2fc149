// What the model holds, and the order of its rows.

function floats(view) {
  if (!view || !view.byteLength) return new Float32Array(0);
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function bytes(view) {
  if (!view || !view.byteLength) return new Uint8Array(0);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** All that is shown, read from the model once per revision. */
export function readData(model) {
  const examples = model.get("examples");
  return {
    examples,
    groups: model.get("groups"),
    side: model.get("side"),
    columns: examples.length,
    rows: model.get("groups").at(-1).stop,
    cells: floats(model.get("cells")),
    weights: floats(model.get("weights")),
    pictures: bytes(model.get("pictures")),
    ramp: model.get("ramp"),
    history: model.get("history"),
  };
}

/** Column `columns` is the mean. */
export const cellAt = (data, row, column) => data.cells[row * (data.columns + 1) + column];

export function colourOf(data, value, limit) {
  const place = Math.max(-1, Math.min(1, value / (limit || 1)));
  return data.ramp[Math.round(((place + 1) / 2) * (data.ramp.length - 1))];
}

/** Rows by layer, or with the largest change of one column first; ties keep their order. */
export function orderOf(cells, rows, width, column, largest) {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (largest) {
    order.sort((a, b) => Math.abs(cells[b * width + column]) - Math.abs(cells[a * width + column]) || a - b);
  }
  return order;
}
