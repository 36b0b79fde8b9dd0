import { Events } from "../connections/Events.js";
import { BrokerError, ClosedError, TimeoutError } from "../connections/errors.js";
import type { Loss } from "../connections/Loss.js";
import { ReconnectingSocket } from "../connections/ReconnectingSocket.js";
import { Waiters } from "../connections/Waiters.js";
import { Calls } from "./Calls.js";
import type { ClientEvents } from "./ClientEvents.js";
import { type ClientOptions, type ClientSettings, settleClient } from "./ClientOptions.js";
import { ErrorCode, isPassing } from "./ErrorCode.js";
import { RpcError } from "./errors.js";
import { decode, readExpiry, readPosition } from "./frames.js";
import { NoTokenError } from "./NoTokenError.js";
import type { Position } from "./Position.js";
import { Renewal } from "./Renewal.js";
import type { Connected, HistoryPage, Member, PresencePage, Published } from "./results.js";
import { Silence } from "./Silence.js";
import { Subscription } from "./Subscription.js";
import type { SubscriptionHost } from "./SubscriptionHost.js";
import type { SubscriptionOptions } from "./SubscriptionOptions.js";
import { Tokens } from "./Tokens.js";

export interface RequestOptions {
  /** Milliseconds from the call to the answer. Default: the client's `requestTimeoutMs`. */
  timeoutMs?: number;

  /** Proves that the client may: a token for the channel. */
  token?: string;
}

export interface PublishOptions extends RequestOptions {
  /**
   * Of all publishes to a channel with one key the first counts, for two minutes. 1 to 128 bytes. Default: a random one, by which the client
   * itself repeats the publish after a lost connection.
   */
  idempotencyKey?: string;
}

export interface HistoryOptions extends RequestOptions {
  /** Where to start, without the event of that position. Default: the end that the direction starts from. */
  since?: Position;

  /** Events at most; 0 asks for the position alone. The broker's default is 100, its most 1,000. */
  limit?: number;

  /** Oldest first or newest first. Default `forward`. */
  direction?: "forward" | "backward";
}

/**
 * A client of the native dialect (docs/native.md) that comes back by itself. Requests may be made at any time: while there is no connection
 * they wait, up to a limit, and each has a time limit.
 */
export class BrokerClient {
  readonly #settings: ClientSettings;
  readonly #socket: ReconnectingSocket;
  readonly #calls: Calls;
  readonly #tokens: Tokens;
  readonly #renewal: Renewal;
  readonly #silence: Silence;
  readonly #events = new Events<ClientEvents>();
  readonly #waiting = new Waiters<Connected>();
  readonly #subscriptions = new Map<string, Subscription<any>>();
  readonly #host: SubscriptionHost;
  #token: string | null = null;
  #isReady = false;
  #session: Connected | null = null;
  #closed: ClosedError | null = null;

  /**
   * @param url The broker's `/rpc`, for instance `wss://broker.example.com/rpc`, or a function that gives it anew for each attempt. Throws
   * a RangeError or TypeError for options that cannot be.
   */
  constructor(url: string | (() => string), options: ClientOptions = {}) {
    const settings = settleClient(options);
    this.#settings = settings;
    this.#tokens = new Tokens(settings.token, settings.tokenAttempts);
    this.#socket = new ReconnectingSocket(url, settings.connection, {
      prepare: () => this.#prepare(),
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      lost: (loss) => this.#lost(loss),
      closed: (error) => this.#ended(error),
    });
    this.#calls = new Calls(settings, (text) => this.#socket.send(text));
    this.#renewal = new Renewal(settings, () => this.#renew(), (error) => this.#renewalFailed(error));
    this.#silence = new Silence(settings, () => this.#control("ping", {}, settings.pingTimeoutMs, () => {}, () => {}));
    const client = this;
    this.#host = {
      settings,
      get isReady() {
        return client.#isReady;
      },
      control: (method, params, resolve, reject) => this.#control(method, params, settings.requestTimeoutMs, resolve, reject),
      problem: (error) => this.#events.tell("problem", error),
      ended: (subscription) => {
        if (this.#subscriptions.get(subscription.channel) === subscription) {
          this.#subscriptions.delete(subscription.channel);
        }
      },
    };
  }

  get isConnected(): boolean {
    return this.#isReady;
  }

  /** What the last connection was let in as; null before the first. */
  get session(): Connected | null {
    return this.#session;
  }

  /** Returns what takes the handler away again. */
  on<Name extends keyof ClientEvents>(name: Name, handler: (value: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, handler);
  }

  /**
   * Connects, and stays connected until `close()`. Resolves when the client is let in, however many attempts that takes; rejects with
   * ClosedError when coming back would not help.
   */
  connect(): Promise<Connected> {
    if (this.#closed !== null) {
      return Promise.reject(this.#closed);
    }

    if (this.#isReady && this.#session !== null) {
      return Promise.resolve(this.#session);
    }

    const connected = this.#waiting.wait();
    this.#socket.open();
    return connected;
  }

  /**
   * Listens to a channel, from the next connection on where there is none. Handlers that are set, and iterators that are made, in the same
   * turn miss nothing. Throws a BrokerError when the client listens to the channel already, and ClosedError.
   */
  subscribe<T = unknown>(channel: string, options: SubscriptionOptions = {}): Subscription<T> {
    if (this.#closed !== null) {
      throw this.#closed;
    }

    if (this.#subscriptions.has(channel)) {
      throw new BrokerError(`subscribed to ${channel} already`);
    }

    const subscription = new Subscription<T>(this.#host, channel, options);
    this.#subscriptions.set(channel, subscription);
    if (this.#isReady) {
      subscription.join();
    }

    return subscription;
  }

  /**
   * Publishes an event; done when it is as safe as its channel promises. Sent again, by its key, when the connection is lost before the
   * answer or the broker says that it may succeed later; an event that had to be sent again after a refusal may come behind later ones.
   * Rejects with RpcError, TimeoutError (which says whether it may have happened), QueueFullError, MessageTooLargeError or ClosedError.
   *
   * @param data Any JSON value; null is a value, undefined is none.
   */
  async publish(channel: string, event: string, data: unknown, options: PublishOptions = {}): Promise<Published> {
    if (data === undefined || typeof data === "function" || typeof data === "symbol") {
      throw new TypeError("the data is no JSON value");
    }

    const idempotencyKey = options.idempotencyKey ?? this.#settings.newKey();
    const result = await this.#ask("publish", { channel, event, data, idempotencyKey }, options);
    return { position: readPosition(result), receivers: Number(result["receivers"]) };
  }

  /** What was published to a channel. Rejects as `publish` does. */
  async history<T = unknown>(channel: string, options: HistoryOptions = {}): Promise<HistoryPage<T>> {
    const { since, limit, direction } = options;
    const result = await this.#ask("history", { channel, since, limit, direction }, options);
    const events = result["events"] as { event: string; data: T; epoch: string; offset: number }[];
    return {
      position: readPosition(result),
      events: events.map(({ event, data, epoch, offset }) => ({ event, data, position: { epoch, offset } })),
    };
  }

  /** Who is present in a channel. Rejects as `publish` does. */
  async presence(channel: string, options: RequestOptions = {}): Promise<PresencePage> {
    const { members, users, connections, subscribers } = await this.#ask("presence", { channel }, options);
    return { members: members as Member[], users: Number(users), connections: Number(connections), subscribers: Number(subscribers) };
  }

  /** Whether the broker answers. Rejects as `publish` does. */
  async ping(options: Pick<RequestOptions, "timeoutMs"> = {}): Promise<void> {
    await this.#ask("ping", {}, options);
  }

  /**
   * Closes for good. What waits for an answer rejects with ClosedError, subscriptions end. Done when the connection is closed; no timer,
   * socket or handler of the client's is left then.
   */
  close(): Promise<void> {
    return this.#socket.close();
  }

  #ask(method: string, params: object, { timeoutMs, token }: RequestOptions): Promise<Record<string, unknown>> {
    if (this.#closed !== null) {
      return Promise.reject(this.#closed);
    }

    return this.#calls.ask(method, { ...params, token }, timeoutMs ?? this.#settings.requestTimeoutMs);
  }

  /** A request on this connection alone. Where no answer comes the connection is given up: what the broker did is not known. */
  #control(method: string, params: object, timeoutMs: number, resolve: (result: Record<string, unknown>) => void, reject: (error: Error) => void): void {
    this.#calls.control(method, params, timeoutMs, resolve, (error) => {
      reject(error);
      if (error instanceof TimeoutError) {
        this.#socket.drop(`no answer to ${method}`, error);
      }
    });
  }

  async #prepare(): Promise<void> {
    try {
      this.#token = await this.#tokens.get();
    } catch (error) {
      if (error instanceof NoTokenError) {
        this.#socket.fail(error);
      }

      throw error;
    }
  }

  #opened(): void {
    this.#silence.start();
    this.#control(
      "connect",
      { app: this.#settings.app ?? undefined, user: this.#settings.user ?? undefined, token: this.#token ?? undefined },
      this.#settings.connection.connectTimeoutMs,
      (result) => this.#letIn(result),
      (error) => this.#turnedAway(error),
    );
  }

  #letIn(result: Record<string, unknown>): void {
    const { session, app, user } = result;
    const connected = { session: String(session), app: String(app), user: typeof user === "string" ? user : null };
    if (this.#session !== null && this.#session.user !== connected.user) {
      // What waits was asked in the other user's name.
      this.#socket.fail(new BrokerError("the token is another user's: a client is of one user"));
      return;
    }

    this.#tokens.taken();
    this.#session = connected;
    this.#isReady = true;
    this.#socket.settled();
    if (this.#tokens.canRenew) {
      this.#renewal.schedule(readExpiry(result));
    }

    for (const subscription of [...this.#subscriptions.values()]) {
      subscription.join();
    }

    this.#calls.ready();
    this.#waiting.resolve(connected);
    this.#events.tell("connected", connected);
  }

  #turnedAway(error: Error): void {
    if (!(error instanceof RpcError)) {
      return;   // the connection is gone, or about to be given up
    }

    if (isPassing(error.code) || error.code === ErrorCode.InternalError || this.#tokens.mayTryAgainAfter(error)) {
      this.#socket.drop("not let in", error);
    } else {
      this.#socket.fail(error);
    }
  }

  #received(text: string): void {
    this.#silence.heard();
    const frame = decode(text);
    switch (frame.kind) {
      case "answer":
        this.#calls.answered(frame.id, frame.result);
        break;
      case "refusal":
        if (frame.id === null) {
          this.#events.tell("problem", frame.error);
        } else {
          this.#calls.refused(frame.id, frame.error);
        }

        break;
      case "notification":
        this.#notified(frame.method, frame.params);
        break;
    }
  }

  #notified(method: string, params: Record<string, unknown>): void {
    const channel = params["channel"];
    if (typeof channel === "string") {
      this.#subscriptions.get(channel)?.notified(method, params);
    } else if (method === "expiring" && this.#tokens.canRenew) {
      this.#renewal.now();
    }
  }

  /** The connection by a newer token. */
  async #renew(): Promise<number | null> {
    const token = await this.#tokens.get();
    const result = await new Promise<Record<string, unknown>>((resolve, reject) =>
      this.#host.control("connect", { app: this.#settings.app ?? undefined, token }, resolve, reject));
    this.#tokens.taken();
    return readExpiry(result);
  }

  /** Whether to try again. Without a newer token the connection is closed when it expires, and what then follows says how it goes on. */
  #renewalFailed(error: unknown): boolean {
    if (error instanceof NoTokenError) {
      return false;
    }

    const problem = error instanceof Error ? error : new Error(String(error));
    this.#events.tell("problem", problem);
    if (error instanceof RpcError && error.code === ErrorCode.Forbidden) {
      // Another user's, or for another app.
      this.#socket.fail(error);
      return false;
    }

    return !(error instanceof RpcError) || isPassing(error.code) || this.#tokens.mayTryAgainAfter(error);
  }

  #lost(loss: Loss): void {
    this.#disconnected();
    this.#calls.lost();
    this.#events.tell("lost", loss);
  }

  #ended(error: ClosedError): void {
    this.#closed = error;
    this.#disconnected();
    this.#calls.closed(error);
    for (const subscription of [...this.#subscriptions.values()]) {
      subscription.end(error.isByClient ? null : error);
    }

    this.#waiting.reject(error);
    this.#events.tell("closed", error);
  }

  #disconnected(): void {
    this.#isReady = false;
    this.#renewal.stop();
    this.#silence.stop();
    for (const subscription of this.#subscriptions.values()) {
      subscription.lost();
    }
  }
}
