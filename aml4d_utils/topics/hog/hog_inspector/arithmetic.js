// What HOG counts; equals `aml4d_utils.topics.hog.descriptor`.

const EPS = 1e-5;
export const CLIP = 0.2;
export const NEVER = 1e-9; // Sums below this are no votes.

/** Orientation of a gradient in degrees, 0 up to 180; 0 is a change along a row of pixels. */
export function orientationOf(down, right) {
  let angle = Math.atan2(down, right) * (180 / Math.PI);
  if (angle < 0) angle += 180;
  return angle >= 180 ? angle - 180 : angle;
}

export function binOf(orientation, bins) {
  return Math.min(Math.floor((orientation * bins) / 180), bins - 1);
}

/** Length and orientation of the gradient at every pixel. */
export function polar(down, right) {
  const magnitude = new Float64Array(down.length);
  const orientation = new Float64Array(down.length);
  for (let p = 0; p < down.length; p += 1) {
    magnitude[p] = Math.sqrt(down[p] * down[p] + right[p] * right[p]);
    orientation[p] = orientationOf(down[p], right[p]);
  }
  return { magnitude, orientation };
}

/** Every pixel votes in its cell for its orientation, with its magnitude. */
export function cellHistograms({ magnitude, orientation }, [height, width], cell, bins) {
  const rows = Math.floor(height / cell);
  const columns = Math.floor(width / cell);
  const votes = new Float64Array(rows * columns * bins);
  for (let y = 0; y < rows * cell; y += 1) {
    const line = Math.floor(y / cell) * columns;
    for (let x = 0; x < columns * cell; x += 1) {
      const p = y * width + x;
      const at = (line + Math.floor(x / cell)) * bins + binOf(orientation[p], bins);
      votes[at] += magnitude[p];
    }
  }
  for (let k = 0; k < votes.length; k += 1) votes[k] /= cell * cell;
  return { rows, columns, bins, votes };
}

function sumOf(values) {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k];
  return sum;
}

function lengthOf(values) {
  let sum = EPS * EPS;
  for (let k = 0; k < values.length; k += 1) sum += values[k] * values[k];
  return Math.sqrt(sum);
}

/** Evens a block out in place; returns its size before, and how many numbers were cut off. */
function evenOut(values, norm) {
  if (norm === "L1" || norm === "L1-sqrt") {
    const total = sumOf(values);
    for (let k = 0; k < values.length; k += 1) {
      const share = values[k] / (total + EPS);
      values[k] = norm === "L1" ? share : Math.sqrt(share);
    }
    return { size: total, cut: 0 };
  }
  const size = lengthOf(values);
  const most = norm === "L2-Hys" ? CLIP : Infinity;
  let cut = 0;
  for (let k = 0; k < values.length; k += 1) {
    values[k] /= size;
    if (values[k] > most) {
      values[k] = most;
      cut += 1;
    }
  }
  if (norm === "L2-Hys") {
    const again = lengthOf(values);
    for (let k = 0; k < values.length; k += 1) values[k] /= again;
  }
  return { size, cut };
}

/** One block evened out, and what happened on the way. */
export function normalised(block, norm) {
  const values = Float64Array.from(block);
  const { size, cut } = evenOut(values, norm);
  return { values: [...values], size, cut };
}

/** Copies the numbers of one block, cell after cell. */
function copyBlock({ columns, bins, votes }, row, column, side, into) {
  for (let n = 0; n < side * side; n += 1) {
    const from = ((row + Math.floor(n / side)) * columns + column + (n % side)) * bins;
    for (let k = 0; k < bins; k += 1) into[n * bins + k] = votes[from + k];
  }
  return into;
}

export function blockAt(cells, row, column, side) {
  return copyBlock(cells, row, column, side, Array.from({ length: side * side * cells.bins }));
}

/** Every cell after normalisation: the mean over all blocks that it lies in. */
export function evenedCells(cells, side, norm) {
  const { rows, columns, bins } = cells;
  const votes = new Float64Array(cells.votes.length);
  const times = new Float64Array(rows * columns);
  const block = new Float64Array(side * side * bins);
  for (let row = 0; row + side <= rows; row += 1) {
    for (let column = 0; column + side <= columns; column += 1) {
      evenOut(copyBlock(cells, row, column, side, block), norm);
      for (let n = 0; n < side * side; n += 1) {
        const cell = (row + Math.floor(n / side)) * columns + column + (n % side);
        times[cell] += 1;
        for (let k = 0; k < bins; k += 1) votes[cell * bins + k] += block[n * bins + k];
      }
    }
  }
  for (let at = 0; at < votes.length; at += 1) votes[at] /= times[Math.floor(at / bins)];
  return { rows, columns, bins, votes };
}

/** What 99 % of the numbers stay below: drawn white. */
export function whiteLevel(votes) {
  const sorted = Float64Array.from(votes).sort();
  const level = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  return level > NEVER ? level : (sorted[sorted.length - 1] ?? 0);
}

export function strongest(values) {
  let best = 0;
  values.forEach((value, k) => {
    if (value > values[best]) best = k;
  });
  return best;
}
