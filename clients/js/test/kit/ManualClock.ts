import type { Clock } from "broker-client";

/** Stands still until it is moved on. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  /** What is to be done yet: nothing, once a client is closed. */
  get timers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves on, and does what is due on the way in order, with what follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await turn();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) {
        break;
      }

      this.#now = next.at;
      this.#timers = this.#timers.filter((other) => other !== next);
      next.run();
      await turn();
    }

    this.#now = until;
  }
}

/** Lets everything happen that promises have ready. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
