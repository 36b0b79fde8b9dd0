import { Backoff } from "../connections/Backoff.js";
import { ConnectionLostError, TimeoutError } from "../connections/errors.js";
import type { Call } from "./Call.js";
import type { ClientSettings } from "./ClientOptions.js";
import { ErrorCode, isPassing } from "./ErrorCode.js";
import { MessageTooLargeError, QueueFullError, type RpcError } from "./errors.js";
import { encode } from "./frames.js";

/** After -32032 the broker wants a second. */
const RateRestMs = 1_000;

/**
 * The requests that are not answered yet. Those of the program outlive a connection: they wait for one, and are sent again on the next in the order
 * in which they were made. Those of the client itself are about one connection and fail with it.
 */
export class Calls {
  readonly #settings: ClientSettings;
  readonly #send: (text: string) => void;
  readonly #pending = new Map<number, Call>();
  readonly #control = new Map<number, Call>();
  #bytes = 0;
  #lastId = 0;
  #isReady = false;

  constructor(settings: ClientSettings, send: (text: string) => void) {
    this.#settings = settings;
    this.#send = send;
  }

  /**
   * A request of the program's, which may be sent more than once. Rejects with RpcError, TimeoutError, QueueFullError,
   * MessageTooLargeError or ClosedError.
   */
  ask(method: string, params: object, timeoutMs: number): Promise<Record<string, unknown>> {
    const { maxMessageBytes, maxPendingCalls, maxPendingBytes } = this.#settings;
    const id = ++this.#lastId;
    const text = encode(id, method, params);
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > maxMessageBytes) {
      return Promise.reject(new MessageTooLargeError(`${method} of ${bytes} bytes, of ${maxMessageBytes} at most`));
    }

    if (this.#pending.size >= maxPendingCalls) {
      return Promise.reject(new QueueFullError(`${this.#pending.size} requests wait for an answer, as many as may`));
    }

    if (this.#bytes + bytes > maxPendingBytes) {
      return Promise.reject(new QueueFullError(`requests of ${this.#bytes} bytes wait for an answer, of ${maxPendingBytes} at most: no room for ${bytes}`));
    }

    return new Promise((resolve, reject) => {
      const call = this.#make({ id, method, text, bytes, resolve, reject }, timeoutMs, () => {
        this.#forget(call);
        reject(new TimeoutError(method, timeoutMs, call.isUncertain || call.state === "sent", call.lastError ?? undefined));
      });
      this.#pending.set(id, call);
      this.#bytes += bytes;
      if (this.#isReady) {
        this.#transmit(call);
      }
    });
  }

  /**
   * A request of the client's own, on this connection alone. Not by a promise: what comes behind the answer may be read before a promise
   * has told of it.
   */
  control(method: string, params: object, timeoutMs: number, resolve: Call["resolve"], reject: Call["reject"]): void {
    const id = ++this.#lastId;
    const text = encode(id, method, params);
    const call = this.#make({ id, method, text, bytes: 0, resolve, reject }, timeoutMs, () => {
      this.#control.delete(id);
      reject(new TimeoutError(method, timeoutMs, true));
    });
    this.#control.set(id, call);
    this.#transmit(call);
  }

  /** The client is let in: what waits is sent. */
  ready(): void {
    this.#isReady = true;
    for (const call of this.#pending.values()) {
      this.#transmit(call);
    }
  }

  /** The connection is gone: what was sent on it waits for the next. */
  lost(): void {
    this.#isReady = false;
    for (const call of this.#pending.values()) {
      call.isUncertain ||= call.state === "sent";
      call.cancelRest();
      call.state = "waiting";
    }

    for (const call of [...this.#control.values()]) {
      this.#control.delete(call.id);
      call.cancelTimeout();
      call.reject(new ConnectionLostError(`the connection was lost before the answer to ${call.method}`, true));
    }
  }

  /** The end of the client. */
  closed(error: Error): void {
    this.lost();
    for (const call of [...this.#pending.values()]) {
      this.#forget(call);
      call.reject(error);
    }
  }

  answered(id: number, result: Record<string, unknown>): void {
    this.#settle(id)?.resolve(result);
  }

  refused(id: number, error: RpcError): void {
    const call = this.#pending.get(id);
    if (call === undefined || !isPassing(error.code)) {
      this.#settle(id)?.reject(error);
      return;
    }

    call.isUncertain ||= error.code === ErrorCode.OutcomeUnknown;
    call.lastError = error;
    call.state = "resting";
    call.cancelRest = this.#settings.connection.clock.after(this.#restOf(call, error), () => {
      call.state = "waiting";
      if (this.#isReady) {
        this.#transmit(call);
      }
    });
  }

  #restOf(call: Call, error: RpcError): number {
    const { backoffBaseMs, backoffLongestMs, random } = this.#settings.connection;
    return Backoff.delay(call.refusals++, backoffBaseMs, backoffLongestMs, random) + (error.code === ErrorCode.TooManyPublishes ? RateRestMs : 0);
  }

  #make(call: Pick<Call, "id" | "method" | "text" | "bytes" | "resolve" | "reject">, timeoutMs: number, timedOut: () => void): Call {
    const cancelTimeout = this.#settings.connection.clock.after(timeoutMs, timedOut);
    return { ...call, state: "waiting", isUncertain: false, refusals: 0, lastError: null, cancelRest: () => {}, cancelTimeout };
  }

  #transmit(call: Call): void {
    call.state = "sent";
    this.#send(call.text);
  }

  #settle(id: number): Call | undefined {
    const call = this.#pending.get(id);
    if (call !== undefined) {
      this.#forget(call);
      return call;
    }

    const control = this.#control.get(id);
    this.#control.delete(id);
    control?.cancelTimeout();
    return control;
  }

  #forget(call: Call): void {
    this.#pending.delete(call.id);
    this.#bytes -= call.bytes;
    call.cancelTimeout();
    call.cancelRest();
  }
}
