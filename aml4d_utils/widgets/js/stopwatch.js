// A stopwatch that goes on from what is known to be used, and how it speaks of the time left.

/** Counts the seconds since it began to run; `now` gives the time in seconds. */
export function createStopwatch(now) {
  let since = null;
  let from = 0;
  return {
    /** Run or stop; `used` seconds are known to have passed. */
    run(on, used) {
      if (on && since === null) [since, from] = [now(), used];
      if (!on) since = null;
    },
    /** The seconds used by now: those that are known, or more. */
    total: (used) => (since === null ? used : Math.max(used, from + now() - since)),
  };
}

/** The time left as minutes and seconds, or how long it has been over. */
export function timeLeft(seconds) {
  const whole = Math.ceil(Math.abs(seconds) - (seconds < 0 ? 1 : 0));
  const clock = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds > 0 ? `${clock} left` : `${clock} over time`;
}

/** What is read aloud: only when little time is left, or none. */
export function timeNews(seconds) {
  if (seconds <= 0) return "The time is over. You may go on; later answers are counted apart.";
  if (seconds <= 60) return "One minute is left.";
  if (seconds <= 300) return "Five minutes are left.";
  return "";
}
