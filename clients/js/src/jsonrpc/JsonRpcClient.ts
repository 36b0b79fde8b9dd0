import type { ConnectionOptions } from "../connections/ConnectionOptions.js";
import { Events } from "../connections/Events.js";
import { BrokerError, type ClosedError, ConnectionLostError, TimeoutError } from "../connections/errors.js";
import type { Loss } from "../connections/Loss.js";
import { ReconnectingSocket } from "../connections/ReconnectingSocket.js";
import { settleConnection, settleNumber } from "../connections/settle.js";
import { Waiters } from "../connections/Waiters.js";
import { CallDroppedError } from "./CallDroppedError.js";
import { Incoming } from "./Incoming.js";
import type { Json } from "./Json.js";
import { JsonRpcError } from "./JsonRpcError.js";
import { classify } from "./messages.js";

/** Times are in milliseconds. */
export interface JsonRpcOptions extends ConnectionOptions {
  /**
   * What the service may call: the functions of this object and of its classes, but those whose names begin with `_`. What one returns, or
   * its promise gives, is the result; a JsonRpcError that it throws is the error. Parameters come by position, as they are.
   */
  methods?: object;

  /** Calls that may wait for an answer; one more makes the oldest fail. 1 or more. Default 32. */
  maxWaitingCalls?: number;

  /** Time for a call. 1 or more. Default 30,000. */
  callTimeoutMs?: number;
}

export interface CallOptions {
  /** What the answer is known by; any value but null. Default: numbers from 1, on each connection anew. */
  id?: Json;
  timeoutMs?: number;
}

export interface JsonRpcEvents {
  /** Connected, for the first time or again. The service knows nothing of an earlier connection. */
  open: void;

  /** The connection is gone, or an attempt failed; another follows. */
  lost: Loss;

  /** The end. */
  closed: ClosedError;

  /** A text that is no message of JSON-RPC 1.0; it is ignored. */
  invalid: string;

  /** A method threw something that was not meant for the service, which was told `internal error`. */
  problem: Error;
}

interface Waiting {
  resolve(result: any): void;
  reject(error: Error): void;
  cancelTimeout(): void;
}

/** A client of a JSON-RPC 1.0 service (jsonrpcws); both ends may call each other. */
export class JsonRpcClient {
  readonly #clock;
  readonly #maxWaitingCalls: number;
  readonly #callTimeoutMs: number;
  readonly #socket: ReconnectingSocket;
  readonly #incoming: Incoming;
  readonly #events = new Events<JsonRpcEvents>();
  readonly #opening = new Waiters<void>();

  /** By the text of their ids, the oldest first. */
  readonly #waiting = new Map<string, Waiting>();
  #lastId = 0;
  #closed: ClosedError | null = null;

  /** @param url The service's, for instance `ws://localhost:9772/jsonrpc/chat`, or a function that gives it anew for each attempt. */
  constructor(url: string | (() => string), options: JsonRpcOptions = {}) {
    const settings = settleConnection(options);
    this.#clock = settings.clock;
    this.#maxWaitingCalls = settleNumber(options, "maxWaitingCalls", 32, 1);
    this.#callTimeoutMs = settleNumber(options, "callTimeoutMs", 30_000, 1);
    this.#socket = new ReconnectingSocket(url, settings, {
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      lost: (loss) => {
        this.#failAll(new ConnectionLostError("connection closed", true));
        this.#events.tell("lost", loss);
      },
      closed: (error) => this.#ended(error),
    });
    this.#incoming = new Incoming(
      options.methods ?? {},
      (text) => this.#socket.send(text),
      (error) => this.#events.tell("problem", error),
    );
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** The id of the service's request that is being run; null in a notification and between calls. */
  get callId(): Json {
    return this.#incoming.id;
  }

  /** Returns what takes the handler away again. */
  on<Name extends keyof JsonRpcEvents>(name: Name, handler: (value: JsonRpcEvents[Name]) => void): () => void {
    return this.#events.on(name, handler);
  }

  /** Connects, and stays connected until `close()`. Rejects with ClosedError when coming back would not help. */
  open(): Promise<void> {
    if (this.#closed !== null) {
      return Promise.reject(this.#closed);
    }

    if (this.isOpen) {
      return Promise.resolve();
    }

    const opening = this.#opening.wait();
    this.#socket.open();
    return opening;
  }

  /**
   * Calls a method of the service and gives its result. Rejects with JsonRpcError, TimeoutError, CallDroppedError, ClosedError, or
   * ConnectionLostError when there is no connection or it is lost before the answer; calls are never sent again.
   */
  call<T = Json>(method: string, params: readonly unknown[] = [], options: CallOptions = {}): Promise<T> {
    const objection = this.#objection();
    if (objection !== null) {
      return Promise.reject(objection);
    }

    if (options.id === null) {
      return Promise.reject(new TypeError("the id null makes a notification"));
    }

    const id = options.id ?? ++this.#lastId;
    const key = JSON.stringify(id);
    if (this.#waiting.has(key)) {
      return Promise.reject(new BrokerError(`a call with the id ${key} waits for its answer already`));
    }

    const timeoutMs = options.timeoutMs ?? this.#callTimeoutMs;
    const text = JSON.stringify({ id, method, params });
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#clock.after(timeoutMs, () => {
        this.#waiting.delete(key);
        reject(new TimeoutError(method, timeoutMs, true));
      });
      this.#waiting.set(key, { resolve, reject, cancelTimeout });
      if (this.#waiting.size > this.#maxWaitingCalls) {
        this.#dropOldest();
      }

      this.#socket.send(text);
    });
  }

  /** Tells the service something; there is no answer. Throws ConnectionLostError or ClosedError where there is no connection. */
  notify(method: string, params: readonly unknown[] = []): void {
    const objection = this.#objection();
    if (objection !== null) {
      throw objection;
    }

    this.#socket.send(JSON.stringify({ id: null, method, params }));
  }

  /** Closes for good. Calls that wait fail with ClosedError. Done when the connection is closed; nothing of the client's is left then. */
  close(): Promise<void> {
    return this.#socket.close();
  }

  #objection(): Error | null {
    return this.#closed ?? (this.isOpen ? null : new ConnectionLostError("not connected", false));
  }

  #opened(): void {
    this.#lastId = 0;
    this.#socket.settled();
    this.#opening.resolve();
    this.#events.tell("open", undefined);
  }

  #received(text: string): void {
    const message = classify(text);
    switch (message.kind) {
      case "request":
        this.#incoming.take(message);
        break;
      case "notification":
        this.#incoming.take({ id: null, method: message.method, params: message.params });
        break;
      case "response":
        this.#answered(message.id, message.result, message.error);
        break;
      case "invalid":
        this.#events.tell("invalid", text);
        break;
    }
  }

  /** An answer to nothing that waits is ignored. */
  #answered(id: Json, result: Json, error: Json): void {
    const key = JSON.stringify(id);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.cancelTimeout();
    if (error === null) {
      waiting?.resolve(result);
    } else {
      waiting?.reject(new JsonRpcError(error));
    }
  }

  #dropOldest(): void {
    for (const [key, oldest] of this.#waiting) {
      this.#waiting.delete(key);
      oldest.cancelTimeout();
      oldest.reject(new CallDroppedError(`more than ${this.#maxWaitingCalls} calls wait for their answer`));
      return;
    }
  }

  #failAll(error: Error): void {
    this.#incoming.clear();
    for (const waiting of this.#waiting.values()) {
      waiting.cancelTimeout();
      waiting.reject(error);
    }

    this.#waiting.clear();
  }

  #ended(error: ClosedError): void {
    this.#closed = error;
    this.#failAll(error);
    this.#opening.reject(error);
    this.#events.tell("closed", error);
  }
}
