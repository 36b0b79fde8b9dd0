import type { Json } from "./Json.js";
import { findMethod } from "./findMethod.js";
import { JsonRpcError } from "./JsonRpcError.js";

/** A call by the other side; a notification has no id. */
export interface IncomingCall {
  readonly id: Json;
  readonly method: string;
  readonly params: unknown;
}

/** Runs what the other side calls, one at a time and in order. */
export class Incoming {
  readonly #methods: object;
  readonly #respond: (text: string) => void;
  readonly #failed: (error: Error) => void;
  #waiting: IncomingCall[] = [];
  #current: IncomingCall | null = null;
  #round = 0;

  /**
   * @param methods Whose functions may be called.
   * @param respond Sends an answer.
   * @param failed Told what a method threw that was not meant for the other side.
   */
  constructor(methods: object, respond: (text: string) => void, failed: (error: Error) => void) {
    this.#methods = methods;
    this.#respond = respond;
    this.#failed = failed;
  }

  /** Of the request being run; null in a notification and between calls. */
  get id(): Json {
    return this.#current?.id ?? null;
  }

  take(call: IncomingCall): void {
    this.#waiting.push(call);
    this.#run();
  }

  /** The connection is gone: what waits is not run, and what runs is not answered. */
  clear(): void {
    this.#round++;
    this.#waiting = [];
    this.#current = null;
  }

  #run(): void {
    while (this.#current === null) {
      const call = this.#waiting.shift();
      if (call === undefined) {
        return;
      }

      this.#current = call;
      const result = this.#invoke(call);
      if (result instanceof Promise) {
        const round = this.#round;
        const onlyOf = <T>(then: (call: IncomingCall, value: T) => void) => (value: T): void => {
          if (round === this.#round) {
            then(call, value);
            this.#run();
          }
        };
        result.then(onlyOf(this.#done.bind(this)), onlyOf(this.#threw.bind(this)));
      }
    }
  }

  /** A promise is waited for; anything else has been answered. */
  #invoke(call: IncomingCall): unknown {
    const refusal = this.#refusalOf(call);
    if (refusal !== null) {
      this.#answer(call, null, refusal);
      return null;
    }

    try {
      const result = findMethod(this.#methods, call.method)?.apply(this.#methods, call.params as unknown[]);
      if (result instanceof Promise) {
        return result;
      }

      this.#done(call, result);
    } catch (error) {
      this.#threw(call, error);
    }

    return null;
  }

  #refusalOf({ method, params }: IncomingCall): string | null {
    if (method.startsWith("_")) {
      return "method names cannot start with _";
    }

    if (findMethod(this.#methods, method) === null) {
      return `unknown method: ${method}`;
    }

    return Array.isArray(params) ? null : "invalid params";
  }

  #done(call: IncomingCall, result: unknown): void {
    this.#answer(call, result ?? null, null);
  }

  #threw(call: IncomingCall, error: unknown): void {
    if (error instanceof JsonRpcError) {
      this.#answer(call, null, error.value);
      return;
    }

    this.#answer(call, null, "internal error");
    this.#failed(error instanceof Error ? error : new Error(String(error)));
  }

  #answer(call: IncomingCall, result: unknown, error: Json): void {
    this.#current = null;
    if (call.id === null) {
      return;
    }

    let text: string;
    try {
      text = JSON.stringify({ id: call.id, result, error });
    } catch (fault) {
      text = JSON.stringify({ id: call.id, result: null, error: "internal error" });
      this.#failed(fault instanceof Error ? fault : new Error(String(fault)));
    }

    this.#respond(text);
  }
}
