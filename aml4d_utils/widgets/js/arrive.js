// A link to a heading of another notebook. JupyterLab opens the notebook, but looks for the heading
// before the notebook is drawn: so look for it once more, until it stands still in view.

const PATIENCE = 30_000;
const STEP = 150;
const STILL = 10;
const BY_HAND = ["wheel", "pointerdown", "keydown", "touchmove"];

function bringIntoView(id, own) {
  const ended = new AbortController();
  const begun = performance.now();
  let still = 0;
  const timer = setInterval(() => {
    if (performance.now() - begun > PATIENCE || still > STILL) return ended.abort();
    const named = [...document.querySelectorAll(`[data-jupyter-id="${CSS.escape(id)}"]`)];
    const heading = named.find((one) => one.offsetParent && !own?.contains(one));
    const room = heading?.closest(".jp-WindowedPanel-outer")?.getBoundingClientRect();
    if (!room) return undefined;
    const below = heading.getBoundingClientRect().top - room.top;
    still = below >= 0 && below < room.height / 2 ? still + 1 : 0;
    if (!still) heading.scrollIntoView({ block: "start" });
    return undefined;
  }, STEP);
  ended.signal.addEventListener("abort", () => clearInterval(timer));
  // Whoever scrolls or types meanwhile is not taken elsewhere.
  for (const kind of BY_HAND) {
    document.addEventListener(kind, () => ended.abort(), { capture: true, signal: ended.signal });
  }
}

/** Let each link inside `.aml4d-review` arrive at its heading; returns how to stop that. */
export function arriveAtHeadings(el) {
  const ended = new AbortController();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".aml4d-review a");
    const id = decodeURIComponent(link?.hash.slice(1) ?? "");
    if (id) bringIntoView(id, el.closest(".jp-NotebookPanel"));
  }, { capture: true, signal: ended.signal });
  return () => ended.abort();
}
