import { Backoff } from "../connections/Backoff.js";
import { type Clock, systemClock } from "../connections/Clock.js";
import { ConnectionLostError, TimeoutError } from "../connections/errors.js";
import { settleNumber } from "../connections/settle.js";
import type { Published } from "../native/results.js";
import { randomKey } from "../native/randomKey.js";
import { HttpProblemError } from "./HttpProblemError.js";

/** Times are in milliseconds. */
export interface HttpPublisherOptions {
  /** The app that is meant; the broker's `default` when left out. */
  app?: string;

  /** One of the app's API keys. For backends: it does not belong into a page. Not beside `token`. */
  apiKey?: string;

  /** A user's token. */
  token?: string;

  /** Time for a publish from the call to the answer, with all attempts. 1 or more. Default 30,000. */
  timeoutMs?: number;

  /** As for connections. Defaults 500 and 30,000. */
  backoffBaseMs?: number;
  backoffLongestMs?: number;

  /** Makes idempotency keys. Default: 128 random bits. */
  newKey?: () => string;

  /** For tests. Defaults: the system's. */
  fetch?: typeof fetch;
  clock?: Clock;
  random?: () => number;
}

/** Publishes over the broker's HTTP API (docs/http-api.md), for whoever has no need of a connection. */
export class HttpPublisher {
  readonly #url: string;
  readonly #options: HttpPublisherOptions;
  readonly #timeoutMs: number;
  readonly #backoffBaseMs: number;
  readonly #backoffLongestMs: number;

  /** @param url The broker's, without a path: `https://broker.example.com`. */
  constructor(url: string, options: HttpPublisherOptions = {}) {
    if (options.apiKey !== undefined && options.token !== undefined) {
      throw new TypeError("`apiKey` beside a `token`: the broker takes one of them");
    }

    this.#url = new URL("/api/publish", url).href;
    this.#options = options;
    this.#timeoutMs = settleNumber(options, "timeoutMs", 30_000, 1);
    this.#backoffBaseMs = settleNumber(options, "backoffBaseMs", 500, 1);
    this.#backoffLongestMs = settleNumber(options, "backoffLongestMs", 30_000, 1);
  }

  /**
   * Publishes an event; done when it is as safe as its channel promises. Sent again with the same key after 429, 503, 504 and a connection that was
   * lost, until the time is over. Rejects with HttpProblemError or TimeoutError.
   */
  async publish(channel: string, event: string, data: unknown, options: { idempotencyKey?: string } = {}): Promise<Published> {
    if (data === undefined || typeof data === "function" || typeof data === "symbol") {
      throw new TypeError("the data is no JSON value");
    }

    const { app, clock = systemClock, random = Math.random, newKey = randomKey } = this.#options;
    const body = JSON.stringify({ app, channel, event, data, idempotencyKey: options.idempotencyKey ?? newKey() });
    const end = new AbortController();
    const cancelEnd = clock.after(this.#timeoutMs, () => end.abort());
    let mayHaveHappened = false;
    let failure: Error | undefined;
    try {
      for (let attempts = 0; ; attempts++) {
        const outcome = await this.#try(body, end.signal);
        if (!(outcome instanceof Error)) {
          return outcome;
        }

        if (end.signal.aborted) {
          throw new TimeoutError("publish", this.#timeoutMs, true, failure);
        }

        if (outcome instanceof HttpProblemError && ![429, 503, 504].includes(outcome.status)) {
          throw outcome;
        }

        failure = outcome;
        mayHaveHappened ||= outcome instanceof ConnectionLostError || (outcome as HttpProblemError).status === 504;
        const delay = Backoff.delay(attempts, this.#backoffBaseMs, this.#backoffLongestMs, random);
        const least = outcome instanceof HttpProblemError ? outcome.retryAfterMs : 0;
        await pause(clock, least + delay, end.signal);
        if (end.signal.aborted) {
          throw new TimeoutError("publish", this.#timeoutMs, mayHaveHappened, failure);
        }
      }
    } finally {
      cancelEnd();
    }
  }

  async #try(body: string, signal: AbortSignal): Promise<Published | Error> {
    const { apiKey, token } = this.#options;
    const credential = apiKey ?? token;
    try {
      const answer = await (this.#options.fetch ?? fetch)(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(credential === undefined ? {} : { Authorization: `Bearer ${credential}` }) },
        body,
        signal,
      });
      const text = await answer.text();
      if (!answer.ok) {
        return HttpProblemError.of(answer.status, text, answer.headers.get("Retry-After"));
      }

      const { epoch, offset, receivers } = JSON.parse(text);
      return { position: { epoch, offset }, receivers };
    } catch (error) {
      return new ConnectionLostError(`no answer: ${error instanceof Error ? error.message : String(error)}`, true);
    }
  }
}

/** Waits, or is woken by the signal. */
function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener("abort", done);
  });
}
