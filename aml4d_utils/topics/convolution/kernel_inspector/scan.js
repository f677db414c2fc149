// The scan: the map filled value by value.

import { clamp } from "../../../widgets/js/numbers.js";


/** Fills the feature map value by value, in animation frames, so that nothing blocks. */
export function createScan(model, currentScene, moveCursor, onstate) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;
  let speed = "steady";
  let since = 0;
  let owed = 0;

  const rate = (count) =>
    ({ slow: 6, steady: Math.max(12, count / 20), fast: Math.max(24, count / 5) })[speed];
  const advance = (count) => {
    const { map } = currentScene();
    const done = Math.min(Math.max(model.get("scanned"), 0) + count, map.values.length);
    moveCursor([Math.floor((done - 1) / map.columns), (done - 1) % map.columns]);
    model.set("scanned", done === map.values.length ? -1 : done);
    return done < map.values.length;
  };
  const pause = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    model.save_changes();
    onstate();
  };
  const tick = (now) => {
    if (model.get("scanned") < 0) return pause(); // A setting changed meanwhile.
    // A frame may carry a time from before the click, and a hidden page a very late one.
    owed += (clamp(now - since, 0, 250) / 1000) * rate(currentScene().map.values.length);
    since = now;
    const whole = Math.floor(owed);
    owed -= whole;
    if (whole && !advance(whole)) return pause();
    frame = requestAnimationFrame(tick);
    return undefined;
  };
  const play = () => {
    if (!currentScene()?.map.fits) return;
    [since, owed] = [performance.now(), 0];
    if (model.get("scanned") < 0) model.set("scanned", 0);
    if (advance(1)) frame = requestAnimationFrame(tick);
    onstate();
  };
  const step = () => {
    if (!currentScene()?.map.fits) return;
    if (frame) pause();
    advance(1);
    model.save_changes();
  };
  const toggle = () => {
    if (calm.matches) step();
    else if (frame) pause();
    else play();
  };
  const stop = () => {
    model.set("scanned", -1);
    pause();
  };
  const label = () => {
    if (calm.matches) return "Scan: next step";
    if (frame) return "Pause";
    return model.get("scanned") < 0 ? "Scan" : "Continue";
  };
  const setSpeed = (value) => {
    speed = value;
    onstate();
  };
  return {
    toggle,
    step,
    stop,
    label,
    setSpeed,
    speed: () => speed,
    running: () => frame !== 0,
    dispose: () => cancelAnimationFrame(frame),
  };
}
