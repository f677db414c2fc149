// What waits until a hand rests.

/** Runs `action` once, `delay` ms after the last call. */
export function debounced(action, delay) {
  let timer = 0;
  const call = () => {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  };
  return { call, cancel: () => clearTimeout(timer) };
}
