import type { TokenSource } from "./ClientOptions.js";
import { isTokenFault } from "./ErrorCode.js";
import { RpcError } from "./errors.js";
import { NoTokenError } from "./NoTokenError.js";

/** Where tokens come from, and how often they may be refused. */
export class Tokens {
  readonly #source: TokenSource | null;
  readonly #attempts: number;
  #refused = 0;

  constructor(source: TokenSource | null, attempts: number) {
    this.#source = source;
    this.#attempts = attempts;
  }

  /** A newer one can be had. */
  get canRenew(): boolean {
    return typeof this.#source === "function";
  }

  /** The one that there always is, or null for none; undefined where one must be got. */
  get fixed(): string | null | undefined {
    return typeof this.#source === "function" ? undefined : this.#source;
  }

  /** Null where there are no tokens at all. Throws NoTokenError, and what the program's function throws. */
  async get(): Promise<string | null> {
    if (typeof this.#source !== "function") {
      return this.#source;
    }

    const token = await this.#source();
    if (token === null) {
      throw new NoTokenError();
    }

    return token;
  }

  taken(): void {
    this.#refused = 0;
  }

  /** Whether another token may do better than the one that was refused so. */
  mayTryAgainAfter(error: unknown): boolean {
    return error instanceof RpcError && isTokenFault(error.code) && this.canRenew && ++this.#refused < this.#attempts;
  }
}
