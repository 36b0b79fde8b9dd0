import { Backoff } from "../connections/Backoff.js";
import { Events } from "../connections/Events.js";
import { BrokerError, ConnectionLostError, TimeoutError } from "../connections/errors.js";
import { Mailbox } from "../connections/Mailbox.js";
import { ErrorCode, isPassing } from "./ErrorCode.js";
import { RpcError, SubscriptionEndedError } from "./errors.js";
import { readExpiry, readPosition } from "./frames.js";
import type { GapItem, SubscribedItem, SubscriptionItem } from "./items.js";
import { NoTokenError } from "./NoTokenError.js";
import type { Position } from "./Position.js";
import { Renewal } from "./Renewal.js";
import type { SubscriptionEvents } from "./SubscriptionEvents.js";
import type { SubscriptionHost } from "./SubscriptionHost.js";
import type { SubscriptionOptions } from "./SubscriptionOptions.js";
import { Tokens } from "./Tokens.js";

/** The broker's code for a subscription whose token has expired. */
const Expired = 2501;

/**
 * One channel that the client listens to, over as many connections as it takes. It keeps its position and recovers by it; where that does
 * not succeed a gap is told, before anything that comes after it.
 */
export class Subscription<T = unknown> implements AsyncIterable<SubscriptionItem<T>> {
  readonly channel: string;

  /** The first time that the broker took it; rejects when it never will. */
  readonly ready: Promise<SubscribedItem>;

  readonly #host: SubscriptionHost;
  readonly #options: SubscriptionOptions;
  readonly #tokens: Tokens;
  readonly #renewal: Renewal;
  readonly #events = new Events<SubscriptionEvents<T>>();
  readonly #mailboxes = new Set<Mailbox<SubscriptionItem<T>>>();
  #settleReady!: { resolve(item: SubscribedItem): void; reject(error: Error): void };
  #state: "waiting" | "joining" | "subscribed" | "ended" = "waiting";
  #position: Position | null;
  #round = 0;
  #failures = 0;
  #cancelRetry = () => {};
  #error: Error | null = null;

  /** @internal Made by `client.subscribe`. */
  constructor(host: SubscriptionHost, channel: string, options: SubscriptionOptions) {
    this.channel = channel;
    this.#host = host;
    this.#options = options;
    this.#position = options.since ?? null;
    this.#tokens = new Tokens(options.token ?? null, host.settings.tokenAttempts);
    this.#renewal = new Renewal(host.settings, () => this.#renew(), (error) => this.#failed(error));
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.ready.catch(() => {});   // `ended` tells it too
  }

  /** The last event that came, or where the subscription began; null before it did. */
  get position(): Position | null {
    return this.#position;
  }

  /** The broker has taken it, on the connection that there is now. */
  get isSubscribed(): boolean {
    return this.#state === "subscribed";
  }

  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** Returns what takes the handler away again. */
  on<Name extends keyof SubscriptionEvents<T>>(name: Name, handler: (value: SubscriptionEvents<T>[Name]) => void): () => void {
    return this.#events.on(name, handler);
  }

  /**
   * All that comes from now on. Ends with `unsubscribe()` and `close()`, throws when the broker or a mistake ended the subscription. Leaving
   * the loop does not unsubscribe.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<SubscriptionItem<T>> {
    const mailbox: Mailbox<SubscriptionItem<T>> = new Mailbox(
      this.#host.settings.maxBufferedItems,
      () => this.#gap("overflow"),
      () => this.#mailboxes.delete(mailbox),
    );
    if (this.isEnded) {
      mailbox.end(this.#error);
    } else {
      this.#mailboxes.add(mailbox);
    }

    return mailbox;
  }

  /** Nothing comes any more from the moment of the call. Done when the broker knows, or the connection is gone, which is as good. */
  unsubscribe(): Promise<void> {
    const isKnown = this.#host.isReady && (this.#state === "joining" || this.#state === "subscribed");
    this.end(null);
    if (!isKnown) {
      return Promise.resolve();
    }

    return new Promise((resolve, reject) => {
      this.#host.control("unsubscribe", { channel: this.channel }, () => resolve(), (error) => {
        const isGone = error instanceof ConnectionLostError || (error instanceof RpcError && error.code === ErrorCode.NotSubscribed);
        return isGone ? resolve() : reject(error);
      });
    });
  }

  /** @internal The client is let in. */
  join(): void {
    if (this.#state === "waiting") {
      this.#cancelRetry();
      void this.#join();
    }
  }

  /** @internal The connection is gone. */
  lost(): void {
    this.#round++;
    this.#renewal.stop();
    this.#cancelRetry();
    if (this.#state !== "ended") {
      this.#state = "waiting";
    }
  }

  /** @internal Nothing comes any more. */
  end(error: Error | null): void {
    if (this.#state === "ended") {
      return;
    }

    this.lost();
    this.#state = "ended";
    this.#error = error;
    this.#host.ended(this);
    this.#settleReady.reject(error ?? new BrokerError(`unsubscribed from ${this.channel} before the broker took it`));
    for (const mailbox of this.#mailboxes) {
      mailbox.end(error);
    }

    this.#mailboxes.clear();
    this.#events.tell("ended", error);
  }

  /** @internal A notification about the channel. */
  notified(method: string, params: Record<string, unknown>): void {
    // What comes before the broker's answer is of an earlier subscription to the channel.
    if (this.#state !== "subscribed") {
      return;
    }

    switch (method) {
      case "event":
        this.#happened(params);
        break;
      case "joined":
        this.#put({ type: "joined", channel: this.channel, user: String(params["user"]), info: params["info"] ?? null });
        break;
      case "left":
        this.#put({ type: "left", channel: this.channel, user: String(params["user"]) });
        break;
      case "reset":
        this.#position = readPosition(params);
        this.#put(this.#gap("reset"));
        break;
      case "expiring":
        if (this.#tokens.canRenew) {
          this.#renewal.now();
        }

        break;
      case "unsubscribed":
        this.#unsubscribed(Number(params["code"]), String(params["reason"]));
        break;
    }
  }

  async #join(): Promise<void> {
    const round = ++this.#round;
    this.#state = "joining";
    let token = this.#tokens.fixed;
    if (token === undefined) {
      // Only then: what the program asks for next is to come behind.
      try {
        token = await this.#tokens.get();
      } catch (error) {
        if (round === this.#round) {
          this.#refused(error);
        }

        return;
      }
    }

    if (round === this.#round) {
      const params = { channel: this.channel, since: this.#position ?? undefined, presence: this.#options.presence, token: token ?? undefined };
      const isOf = (): boolean => round === this.#round;
      this.#host.control("subscribe", params, (result) => isOf() && this.#subscribed(result), (error) => isOf() && this.#refused(error));
    }
  }

  #subscribed(result: Record<string, unknown>): void {
    const since = this.#position;
    const head = readPosition(result);
    const recovered = result["recovered"] === true;
    this.#state = "subscribed";
    this.#failures = 0;
    this.#tokens.taken();
    // What was missed brings the position forward.
    if (!recovered || since === null || head.offset <= since.offset) {
      this.#position = head;
    }

    if (this.#tokens.canRenew) {
      this.#renewal.schedule(readExpiry(result));
    }

    const item: SubscribedItem = { type: "subscribed", channel: this.channel, position: head, recovered };
    this.#settleReady.resolve(item);
    this.#put(item);
    if (since !== null && (!recovered || head.offset < since.offset)) {
      this.#put(this.#gap("not-recovered"));
    }
  }

  #happened(params: Record<string, unknown>): void {
    const event = String(params["event"]);
    const data = params["data"] as T;
    if (params["offset"] === undefined) {
      this.#put({ type: "event", channel: this.channel, event, data, position: null });
      return;
    }

    const position = readPosition(params);
    if (this.#position !== null && position.offset !== this.#position.offset + 1) {
      this.#position = { epoch: position.epoch, offset: position.offset - 1 };
      this.#put(this.#gap("missed"));
    }

    this.#position = position;
    this.#put({ type: "event", channel: this.channel, event, data, position });
  }

  #unsubscribed(code: number, reason: string): void {
    if (code === Expired && this.#tokens.canRenew) {
      this.lost();
      this.#retry();
    } else {
      this.end(new SubscriptionEndedError(this.channel, code, reason));
    }
  }

  #refused(error: unknown): void {
    if (error instanceof TimeoutError) {
      return;   // the client gives the connection up, and joins by the next
    }

    if (this.#failed(error)) {
      this.#state = "waiting";
      this.#retry();
    } else {
      this.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Whether trying again may help. */
  #failed(error: unknown): boolean {
    if (error instanceof NoTokenError) {
      return false;
    }

    if (error instanceof RpcError && !isPassing(error.code) && error.code !== ErrorCode.InternalError && !this.#tokens.mayTryAgainAfter(error)) {
      return false;
    }

    this.#host.problem(error instanceof Error ? error : new Error(String(error)));
    return true;
  }

  #retry(): void {
    const { clock, backoffBaseMs, backoffLongestMs, random } = this.#host.settings.connection;
    this.#cancelRetry = clock.after(Backoff.delay(this.#failures++, backoffBaseMs, backoffLongestMs, random), () => {
      if (this.#host.isReady) {
        this.join();
      }
    });
  }

  async #renew(): Promise<number | null> {
    const token = await this.#tokens.get();
    const result = await new Promise<Record<string, unknown>>((resolve, reject) =>
      this.#host.control("refresh", { channel: this.channel, token }, resolve, reject));
    this.#tokens.taken();
    return readExpiry(result);
  }

  #gap(reason: GapItem["reason"]): GapItem {
    return { type: "gap", channel: this.channel, position: this.#position ?? { epoch: "", offset: 0 }, reason };
  }

  #put(item: SubscriptionItem<T>): void {
    for (const mailbox of this.#mailboxes) {
      mailbox.put(item);
    }

    this.#events.tell(item.type, item as never);
  }
}
