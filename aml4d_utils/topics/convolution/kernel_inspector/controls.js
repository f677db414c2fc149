// The column of controls.

import { freshId, make, setText } from "../../../widgets/js/dom.js";
import { resized, rotated } from "./arithmetic.js";
import { button, disclosure, h, segmented } from "./page.js";
import { OWN_NAME, commit, commitKernel, undo } from "./settings.js";

const SPEEDS = [
  ["slow", "Slow", "Slow: six values a second"],
  ["steady", "Steady", "Steady: a map in 20 seconds"],
  ["fast", "Fast", "Fast: a map in 5 seconds"],
];

export const TITLE = "Kernel inspector";

/** The button and the line that save a picture stand beside and below Reset. */
export function createControls(model, history, scan, say, [save, said]) {
  const change = (name) => (value) => commit(model, history, { [name]: value });
  const numbered = (label, name, values) => {
    const group = segmented(
      label,
      values.map((value) => [value, String(value)]),
      change(name),
    );
    return { element: group.element, write: () => group.write(model.get(name)) };
  };
  const preset = createPresetChoice(model, history);
  const mode = segmented(
    "Photo in",
    [
      ["grey", "Grey"],
      ["rgb", "Colour"],
    ],
    change("mode"),
  );
  const numbers = [
    numbered("Stride", "stride", [1, 2, 3, 4]),
    numbered("Padding", "padding", [0, 1, 2, 3]),
    numbered("Dilation", "dilation", [1, 2, 3]),
  ];
  const play = button("Scan", scan.toggle);
  play.classList.add("aml4d-ki-primary");
  const kernelTools = createKernelTools(model, history, say);
  const viewTools = createViewTools(model, history, scan);
  const reset = button("Reset", () => {
    commit(model, history, model.get("start"));
    say("");
  });
  const element = h(
    "div.controls",
    {},
    make("h3", { class: "aml4d-title" }, `${TITLE} `, make("span", { class: "aml4d-badge", text: "live" })),
    preset.element,
    mode.element,
    ...numbers.map((number) => number.element),
    play,
    kernelTools.element,
    viewTools.element,
    make("div", { class: "aml4d-row aml4d-ends aml4d-ki-ends" }, reset, save),
    said,
  );
  const update = (scene) => {
    preset.update(scene);
    mode.write(scene.mode);
    numbers.forEach((number) => number.write());
    kernelTools.update(scene);
    viewTools.update(scene);
    setText(play, scan.label());
    play.disabled = !scene.map.fits;
  };
  return { element, update };
}

function createPresetChoice(model, history) {
  const id = freshId("preset");
  const select = h("select.select", {
    id,
    onchange: () => {
      const found = model.get("presets").find((preset) => preset.name === select.value);
      if (found)
        commitKernel(model, history, [found.values, found.values, found.values], { linked: true });
    },
  });
  const finds = h("p.finds");
  const own = h("option", { value: OWN_NAME }, OWN_NAME);
  const presets = model.get("presets");
  select.append(...presets.map(({ name }) => h("option", { value: name }, name)));
  const element = h("div.field-tall", {}, h("label.label", { for: id }, "Kernel"), select, finds);
  const update = ({ name }) => {
    const found = presets.find((preset) => preset.name === name);
    if (found) own.remove();
    else select.append(own);
    select.value = name;
    setText(finds, found ? found.what_it_finds : "Weights of your own. What does it answer to?");
  };
  return { element, update };
}

function createKernelTools(model, history, say) {
  const change = (turn) => () => commitKernel(model, history, model.get("kernel").map(turn));
  const size = segmented(
    "Size",
    [1, 3, 5, 7].map((k) => [k, String(k), `${k} by ${k}`]),
    (k) => change((grid) => resized(grid, k))(),
  );
  const id = freshId("linked");
  const linked = h("input", {
    type: "checkbox",
    id,
    onchange: () => {
      const kernel = model.get("kernel");
      commitKernel(model, history, linked.checked ? [kernel[0], kernel[0], kernel[0]] : kernel, {
        linked: linked.checked,
      });
    },
  });
  const back = button("Undo", () => {
    if (undo(model, history)) say("The last change is taken back.");
  });
  const element = disclosure(
    "Kernel tools",
    size.element,
    h("div.check", {}, linked, h("label", { for: id }, "One kernel for R, G and B")),
    h(
      "div.buttons",
      {},
      button("Turn 90°", change(rotated)),
      button(
        "Clear",
        change((grid) => grid.map((line) => line.map(() => 0))),
      ),
      back,
    ),
  );
  const update = (scene) => {
    size.write(scene.k);
    linked.checked = scene.linked;
    back.disabled = history.length === 0;
  };
  return { element, update };
}

function createViewTools(model, history, scan) {
  const display = segmented(
    "Map in",
    [
      ["signed", "Signed", "Signed colours around zero"],
      ["clipped", "Clipped", "Grey, values below 0 and above 1 cut off"],
    ],
    (value) => commit(model, history, { display: value }),
  );
  const speed = segmented("Speed", SPEEDS, scan.setSpeed);
  const step = button("Next step", scan.step);
  const whole = button("Show whole map", scan.stop);
  const element = disclosure(
    "Map colours and scan",
    display.element,
    speed.element,
    h("div.buttons", {}, step, whole),
  );
  const update = (scene) => {
    display.write(scene.display);
    speed.write(scan.speed());
    step.disabled = !scene.map.fits;
    whole.disabled = scene.scanned < 0;
  };
  return { element, update };
}
