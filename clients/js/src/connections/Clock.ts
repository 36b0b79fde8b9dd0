/** What time it is, and what is to be done later. Tests bring one of their own and so need not wait. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number;

  /** Does something once, after so many milliseconds, unless the function that comes back is called before. */
  after(milliseconds: number, run: () => void): () => void;
}

/** More would count as no time at all for the timers of browsers and of Node.js. */
const LongestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, LongestTimer));
    return () => clearTimeout(timer);
  },
};
