import { Backoff } from "./Backoff.js";
import type { ConnectionSettings } from "./ConnectionOptions.js";
import { comeBackAfter } from "./comeBack.js";
import { ClosedError } from "./errors.js";
import type { Loss } from "./Loss.js";
import type { WebSocketLike } from "./WebSocketLike.js";

/** What a dialect does with a connection. */
export interface SocketSink {
  /** Before each attempt, for instance to get a token; what it throws makes the attempt fail. */
  prepare?(): Promise<void>;

  /** A socket is open. The dialect calls `settled()` once it is let in. */
  opened(): void;
  received(text: string): void;

  /** The socket is gone, and another attempt will be made. */
  lost(loss: Loss): void;

  /** The end: told once, after `close()` or when coming back would not help. */
  closed(error: ClosedError): void;
}

type State = "idle" | "preparing" | "connecting" | "open" | "waiting" | "closed";

/** One WebSocket after the other to the same place, until it is closed or a close code says that coming back would not help. */
export class ReconnectingSocket {
  readonly #url: string | (() => string);
  readonly #settings: ConnectionSettings;
  readonly #sink: SocketSink;
  readonly #backoff: Backoff;
  #state: State = "idle";
  #socket: WebSocketLike | null = null;
  #settledAt: number | null = null;
  #cancelTimer = () => {};
  #attempt = 0;
  #end: Promise<void> | null = null;

  /** @param url Where to, or a function that says so anew for each attempt. */
  constructor(url: string | (() => string), settings: ConnectionSettings, sink: SocketSink) {
    this.#url = url;
    this.#settings = settings;
    this.#sink = sink;
    this.#backoff = new Backoff(settings.backoffBaseMs, settings.backoffLongestMs, settings.random);
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /** Connects, unless it does so already. */
  open(): void {
    if (this.#state === "idle") {
      void this.#connect();
    }
  }

  /** False: there is no open socket, and nothing was sent. */
  send(text: string): boolean {
    if (this.#state !== "open") {
      return false;
    }

    this.#socket?.send(text);
    return true;
  }

  /** The other side let the client in. */
  settled(): void {
    this.#settledAt = this.#settings.clock.now();
    this.#cancelTimer();
  }

  /** Gives this socket up, as if the connection had been lost, and comes back. */
  drop(reason: string, error: Error | null = null): void {
    this.#discard();
    this.#lost(1006, reason, error);
  }

  /** Gives up for good. */
  fail(cause: Error): void {
    if (this.isClosed) {
      return;
    }

    this.#discard();
    this.#finish(new ClosedError(1006, cause.message, false, cause));
  }

  /** Closes for good, at once as far as the dialect sees. Done when the socket is closed, `closeTimeoutMs` later at most. */
  close(): Promise<void> {
    this.#end ??= this.#state === "closed" ? Promise.resolve() : this.#close();
    return this.#end;
  }

  #close(): Promise<void> {
    this.#finish(new ClosedError(1000, "closed by the client", true));
    const socket = this.#socket;
    if (socket === null) {
      return Promise.resolve();
    }

    return new Promise((resolve) => {
      const cancelTimer = this.#settings.clock.after(this.#settings.closeTimeoutMs, () => {
        this.#discard();
        resolve();
      });
      socket.onopen = socket.onmessage = null;
      socket.onclose = () => {
        cancelTimer();
        this.#forget(socket);
        resolve();
      };
      socket.close(1000);
    });
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#state = "preparing";
    this.#settledAt = null;
    this.#cancelTimer = this.#settings.clock.after(this.#settings.connectTimeoutMs, () => this.drop("not connected in time"));
    if (this.#sink.prepare !== undefined) {
      try {
        await this.#sink.prepare();
      } catch (error) {
        if (attempt === this.#attempt && this.#state === "preparing") {
          this.#lost(1006, "not ready to connect", error instanceof Error ? error : new Error(String(error)));
        }

        return;
      }

      if (attempt !== this.#attempt || this.#state !== "preparing") {
        return;
      }
    }

    this.#state = "connecting";
    try {
      this.#listen(new this.#settings.WebSocket(typeof this.#url === "string" ? this.#url : this.#url()));
    } catch (error) {
      // Not a URL, or one that a page may not connect to: the next attempt would be no better.
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #listen(socket: WebSocketLike): void {
    this.#socket = socket;
    socket.onopen = () => {
      this.#state = "open";
      this.#sink.opened();
    };
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === "string") {
        this.#sink.received(data);
      }
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => {
      this.#forget(socket);
      this.#lost(code, reason, null);
    };
    // The close that follows says all that there is to say.
    socket.onerror = () => {};
  }

  #lost(code: number, reason: string, error: Error | null): void {
    if (this.isClosed || this.#state === "waiting" || this.#state === "idle") {
      return;
    }

    const comeBack = comeBackAfter(code);
    if (comeBack === "never" || !this.#settings.reconnect) {
      this.#finish(new ClosedError(code, reason, false, error ?? undefined));
      return;
    }

    const { clock, random, stableAfterMs, spreadMs } = this.#settings;
    const isStable = this.#settledAt !== null && clock.now() - this.#settledAt >= stableAfterMs;
    if (isStable) {
      this.#backoff.reset();
    }

    this.#cancelTimer();
    this.#state = "waiting";
    // A planned close spares the back-off once. It counts all the same: a server that plans one after the other is a failing one.
    const isSpared = comeBack === "soon" && this.#settledAt !== null && this.#backoff.attempts === 0;
    const delay = this.#backoff.next();
    const retryInMs = isSpared ? random() * spreadMs : delay;
    this.#cancelTimer = clock.after(retryInMs, () => void this.#connect());
    this.#sink.lost({ code, reason, retryInMs, error });
  }

  #finish(error: ClosedError): void {
    this.#cancelTimer();
    this.#state = "closed";
    this.#sink.closed(error);
  }

  #discard(): void {
    const socket = this.#socket;
    if (socket === null) {
      return;
    }

    this.#forget(socket);
    try {
      if (socket.terminate !== undefined) {
        socket.terminate();
      } else {
        socket.close();
      }
    } catch {
      // It is closed already.
    }
  }

  #forget(socket: WebSocketLike): void {
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
  }
}
