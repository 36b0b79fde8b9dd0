import type { Clock } from "../connections/Clock.js";
import { TimeoutError } from "../connections/errors.js";
import type { Action } from "./WebRocketVersion.js";
import { WebRocketError } from "./WebRocketError.js";

interface Pending {
  readonly action: Action;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimeout: () => void;
}

/** The actions that wait for their reply. There are no ids: replies come in the order of the actions. */
export class Replies {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #outOfStep: (error: Error) => void;
  #pending: Pending[] = [];

  /** @param outOfStep What comes next can be told from nothing any more: a reply did not come, or is none of the action's. */
  constructor(clock: Clock, timeoutMs: number, outOfStep: (error: Error) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#outOfStep = outOfStep;
  }

  get count(): number {
    return this.#pending.length;
  }

  /** `resolve` and `reject` are called as the reply is read, ahead of whatever comes behind it. */
  expect(action: Action, resolve: () => void, reject: (error: Error) => void): void {
    const name = Object.keys(action.frame)[0] ?? "";
    const cancelTimeout = this.#clock.after(this.#timeoutMs, () => {
      const error = new TimeoutError(name, this.#timeoutMs, true);
      reject(error);
      this.#outOfStep(error);
    });
    this.#pending.push({ action, resolve, reject, cancelTimeout });
  }

  take(reply: { [name: string]: unknown }): void {
    const pending = this.#pending.shift();
    if (pending === undefined) {
      this.#outOfStep(new Error(`a reply to nothing: ${JSON.stringify(reply)}`));
      return;
    }

    pending.cancelTimeout();
    const { success } = pending.action;
    if (typeof reply["err"] === "string") {
      pending.reject(new WebRocketError(reply["err"]));
    } else if (success !== null && reply[success.name] === success.value) {
      pending.resolve();
    } else {
      const error = new Error(`no reply to ${JSON.stringify(Object.keys(pending.action.frame))}: ${JSON.stringify(reply)}`);
      pending.reject(error);
      this.#outOfStep(error);
    }
  }

  failAll(error: Error): void {
    for (const pending of this.#pending.splice(0)) {
      pending.cancelTimeout();
      pending.reject(error);
    }
  }
}
