/**
 * Delays between attempts: exponential, with full jitter. The n-th is a random time from nothing to `baseMs * 2^n`, and never more than
 * `longestMs`; clients that were lost together so do not come back together.
 */
export class Backoff {
  readonly #baseMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #attempts = 0;

  /** @param random From 0 inclusive to 1 exclusive. */
  constructor(baseMs: number, longestMs: number, random: () => number) {
    this.#baseMs = baseMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** The delay after so many failed attempts, for who counts them itself. */
  static delay(attempts: number, baseMs: number, longestMs: number, random: () => number): number {
    // 2^1023 is the largest power that is a number.
    return random() * Math.min(longestMs, baseMs * 2 ** Math.min(attempts, 1023));
  }

  /** Attempts since the last success. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    return Backoff.delay(this.#attempts++, this.#baseMs, this.#longestMs, this.#random);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
