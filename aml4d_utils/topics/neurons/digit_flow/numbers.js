// Weights, products and what is said about them.

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const WIDTH = 640; // what the places below are measured in
export const HEIGHT = 322;
export const TILE = 136;
export const IMAGE = { left: 4, top: 76, size: 172 };

/** Bytes from Python -> numbers. */
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** Where the weights and biases of each layer begin in the vector of all parameters. */
export function offsets(sizes) {
  let start = 0;
  return sizes.slice(1).map((neurons, k) => {
    const weights = start;
    const biases = weights + neurons * sizes[k];
    start = biases + neurons;
    return { weights, biases };
  });
}

/** A list cut into pieces of the given lengths. */
export function pieces(list, lengths) {
  let start = 0;
  return lengths.map((length) => list.subarray(start, (start += length)));
}

export function shown(value, decimals = 2, plus = true) {
  const text = value.toFixed(decimals);
  const zero = Number(text) === 0;
  const sign = plus && !zero && value > 0 ? "+" : "";
  return sign + (zero ? text.replace("-", "") : text).replace("-", "−");
}

/** The positions of the `count` largest magnitudes, weakest of them first. */
export function strongest(values, count) {
  return [...values.keys()]
    .filter((k) => values[k] !== 0)
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]))
    .slice(0, count)
    .reverse();
}

export const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** What the page knows: weights once, activations and sums with each drawing. */
export function sceneOf(model) {
  const sizes = model.get("sizes");
  const parameters = floats(model.get("parameters"));
  const starts = offsets(sizes);
  const scene = { sizes, layers: sizes.length - 1 };
  scene.row = (layer, neuron) => {
    const inputs = sizes[layer - 1];
    const from = starts[layer - 1].weights + neuron * inputs;
    return parameters.subarray(from, from + inputs);
  };
  scene.bias = (layer, neuron) => parameters[starts[layer - 1].biases + neuron];
  scene.products = (layer, neuron) => scene.row(layer, neuron).map((w, k) => w * scene.values[layer - 1][k]);
  scene.take = () => {
    scene.values = pieces(floats(model.get("values")), sizes);
    scene.sums = pieces(floats(model.get("sums")), sizes.slice(1));
    scene.ready = scene.values[0].length === PIXELS && scene.sums.at(-1).length === sizes.at(-1);
  };
  scene.take();
  return scene;
}
