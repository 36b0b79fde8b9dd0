import { Backoff } from "../connections/Backoff.js";
import type { ClientSettings } from "./ClientOptions.js";

/** Renews a token some time before it expires, and tries again while that fails. */
export class Renewal {
  readonly #settings: ClientSettings;
  readonly #renew: () => Promise<number | null>;
  readonly #failed: (error: unknown) => boolean;
  #failures = 0;
  #round = 0;
  #isRenewing = false;
  #cancel = () => {};

  /**
   * @param renew Does it once; says in how many milliseconds the new token expires, or null for never.
   * @param failed Whether to try again.
   */
  constructor(settings: ClientSettings, renew: () => Promise<number | null>, failed: (error: unknown) => boolean) {
    this.#settings = settings;
    this.#renew = renew;
    this.#failed = failed;
  }

  /** What there is now expires in so many milliseconds; null for never. */
  schedule(expiresInMs: number | null): void {
    this.stop();
    if (expiresInMs !== null) {
      this.#wait(Math.max(expiresInMs - this.#settings.renewBeforeMs, expiresInMs / 2));
    }
  }

  /** The broker says that it is time. */
  now(): void {
    if (!this.#isRenewing && this.#failures === 0) {
      this.#cancel();
      void this.#try();
    }
  }

  stop(): void {
    this.#round++;
    this.#isRenewing = false;
    this.#failures = 0;
    this.#cancel();
  }

  #wait(milliseconds: number): void {
    this.#cancel = this.#settings.connection.clock.after(milliseconds, () => void this.#try());
  }

  async #try(): Promise<void> {
    const round = this.#round;
    this.#isRenewing = true;
    try {
      const expiresInMs = await this.#renew();
      if (round === this.#round) {
        this.schedule(expiresInMs);
      }
    } catch (error) {
      if (round !== this.#round) {
        return;
      }

      this.#isRenewing = false;
      if (this.#failed(error)) {
        const { backoffBaseMs, backoffLongestMs, random } = this.#settings.connection;
        this.#wait(Backoff.delay(this.#failures++, backoffBaseMs, backoffLongestMs, random));
      }
    }
  }
}
