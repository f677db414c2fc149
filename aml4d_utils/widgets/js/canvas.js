// Some browsers answer with noise when a page reads a canvas, so that it cannot recognise people.

const SIDE = 8;
const NEAR = 8; // A few browsers change a bit or two, which no lesson would notice.

/** Two colours side by side, and what comes back when they are read. */
export function readsTruly(canvas = document.createElement("canvas")) {
  Object.assign(canvas, { width: SIDE, height: SIDE });
  const context = canvas.getContext("2d");
  const colours = [[18, 171, 86], [230, 60, 140]];
  colours.forEach(([red, green, blue], half) => {
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect((half * SIDE) / 2, 0, SIDE / 2, SIDE);
  });
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return data.every((value, at) => {
    const pixel = Math.floor(at / 4);
    const wanted = [...colours[pixel % SIDE < SIDE / 2 ? 0 : 1], 255][at % 4];
    return Math.abs(value - wanted) <= NEAR;
  });
}

export const NOISE =
  "This browser gives pages noise in place of their pictures (a setting against fingerprinting)";
