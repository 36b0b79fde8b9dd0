import type { Position } from "./Position.js";

/** What a subscription brings, told apart by `type`. */
export type SubscriptionItem<T = unknown> = EventItem<T> | SubscribedItem | GapItem | JoinedItem | LeftItem;

/** An event. Those of a channel come in the order of their offsets, each once, the next one's offset one more; what breaks that is told by a gap before. */
export interface EventItem<T = unknown> {
  readonly type: "event";
  readonly channel: string;
  readonly event: string;
  readonly data: T;

  /** Null for a broadcast to the whole app, which is outside the channel's order and is not recovered. */
  readonly position: Position | null;
}

/** The broker took the subscription: for the first time, or again after the connection was lost. */
export interface SubscribedItem {
  readonly type: "subscribed";
  readonly channel: string;

  /** Where the channel stands. */
  readonly position: Position;

  /** True: all that was missed since the last position follows. False after a loss: a gap follows. */
  readonly recovered: boolean;
}

/** Events are missing, and it cannot be told which: read the state anew from wherever it is kept. */
export interface GapItem {
  readonly type: "gap";
  readonly channel: string;

  /** Events after this position follow. */
  readonly position: Position;

  /**
   * `not-recovered`: the broker no longer has what was missed while the connection was lost. `reset`: the stream broke at the broker.
   * `missed`: an offset was skipped, a fault of the broker's. `overflow`: this iterator was read too slowly, and what waited was thrown away.
   */
  readonly reason: "not-recovered" | "reset" | "missed" | "overflow";
}

/** Another user is present now. Only for subscriptions with `presence`. */
export interface JoinedItem {
  readonly type: "joined";
  readonly channel: string;
  readonly user: string;
  readonly info: unknown;
}

/** A user is present no more. */
export interface LeftItem {
  readonly type: "left";
  readonly channel: string;
  readonly user: string;
}
