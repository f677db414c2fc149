// One message under way at a time. Knows neither the page nor the kernel.

/** What waits is replaced: only the newest place of a pointer counts. */
export const newest = (waiting, message) => [message];

/** Nothing is left out: each press of a button counts. */
export const everyOne = (waiting, message) => [...waiting, message];

/**
 * Messages that leave one after the other: the next one when the last is answered.
 *
 * `post(message)` sends one; `keep(waiting, message)` says what waits after another message came;
 * at least `pause` milliseconds pass between two.
 */
export function createQueue(post, { keep = newest, pause = 0 } = {}) {
  let underWay = null;
  let waiting = [];
  let last = -Infinity;
  let timer = null;
  const flush = () => {
    if (underWay || timer !== null || waiting.length === 0) return;
    const early = last + pause - performance.now();
    if (early > 0) {
      timer = setTimeout(() => {
        timer = null;
        flush();
      }, early);
      return;
    }
    [underWay, ...waiting] = waiting;
    last = performance.now();
    post(underWay);
  };
  const forget = () => {
    clearTimeout(timer);
    [underWay, waiting, timer] = [null, [], null];
  };
  return {
    send(message) {
      waiting = keep(waiting, message);
      flush();
    },
    /** The message under way was answered; the next one leaves. Gives the answered one. */
    answered() {
      const message = underWay;
      underWay = null;
      flush();
      return message;
    },
    forget,
    underWay: () => underWay,
    waiting: () => waiting,
    busy: () => underWay !== null || waiting.length > 0,
  };
}
