// A network that reads a digit. Python computes sums and activations; the page holds the weights,
// so looking inside is instant.

import { element } from "./drawing.js";
import { buildNet, paintEdges, paintInput, placesOf, writeNeurons } from "./net.js";
import { openNeuron } from "./neuron.js";
import { sceneOf } from "./numbers.js";

function render({ model, el }) {
  el.classList.add("aml4d", "aml4d-flow");
  el.dataset.lmSuppressShortcuts = "true";
  const scene = sceneOf(model);
  const places = placesOf(scene.sizes);
  const state = { pixel: [13, 13] };
  const redraw = [];
  const choose = (selected) => {
    model.set("selected", selected);
    model.save_changes();
  };
  const parts = buildNet(scene, places, choose);
  const panel = element("div", "aml4d-flow-panel");
  const legend = element("p", "aml4d-flow-legend");
  legend.setAttribute("aria-hidden", "true");
  for (const [kind, words] of [["up", "pushes up"], ["down", "pushes down"], ["on", "active"], ["off", "silent"]]) {
    const item = element("span");
    item.append(element("i", `aml4d-flow-${kind}`), words);
    legend.append(item);
  }
  parts.net.append(legend);
  el.append(parts.net, panel);

  const selection = () => {
    const chosen = model.get("selected");
    return chosen.length === 2 && parts.neurons[chosen[0] - 1]?.[chosen[1]] ? chosen : [];
  };
  const focusable = () => {
    const [layer, neuron] = selection().length ? selection() : [1, 0];
    for (const button of parts.neurons.flat()) button.tabIndex = -1;
    parts.neurons[layer - 1][neuron].tabIndex = 0;
  };
  const edges = () => paintEdges(parts.edges, scene, places, model.get("lines"), selection(), getComputedStyle(el).color);
  const draw = () => {
    scene.take();
    if (!scene.ready) return;
    paintInput(parts.input, scene.values[0]);
    writeNeurons(scene, parts, selection());
    edges();
    const inPanel = panel.contains(document.activeElement) ? document.activeElement.className : null;
    openNeuron(panel, scene, model, selection(), state, redraw);
    if (inPanel) panel.querySelector(".aml4d-flow-tile[tabindex]")?.focus();
    focusable();
    el.dataset.revision = model.get("revision");
  };
  const words = () => {
    parts.net.setAttribute("aria-label", model.get("alt"));
  };

  parts.net.addEventListener("keydown", (event) => {
    const button = event.target.closest("[data-neuron]");
    if (!button) return;
    let [layer, neuron] = button.dataset.neuron.split(",").map(Number);
    const count = (k) => parts.neurons[k - 1].length;
    if (event.key === "Escape") choose([]);
    else if (event.key === "ArrowUp") neuron = Math.max(0, neuron - 1);
    else if (event.key === "ArrowDown") neuron = Math.min(count(layer) - 1, neuron + 1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const to = Math.max(1, Math.min(scene.layers, layer + (event.key === "ArrowLeft" ? -1 : 1)));
      neuron = Math.round((neuron / (count(layer) - 1)) * (count(to) - 1));
      layer = to;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return;
    choose([layer, neuron]);
    parts.neurons[layer - 1][neuron].focus();
  });
  // Keys that the picture uses must not reach the notebook's own shortcuts.
  el.addEventListener("keydown", (event) => { if (event.key !== "Escape") event.stopPropagation(); });

  const bound = { "change:revision": draw, "change:selected": draw, "change:alt": words };
  for (const [name, action] of Object.entries(bound)) model.on(name, action);
  words();
  draw();
  const resized = new ResizeObserver(() => { if (scene.ready) edges(); });
  resized.observe(parts.net);
  return () => {
    resized.disconnect();
    for (const [name, action] of Object.entries(bound)) model.off(name, action);
  };
}

export default { render };
