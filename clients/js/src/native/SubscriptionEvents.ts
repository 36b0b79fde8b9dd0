import type { EventItem, GapItem, JoinedItem, LeftItem, SubscribedItem } from "./items.js";

/** What handlers of a subscription can wait for. */
export interface SubscriptionEvents<T> {
  event: EventItem<T>;
  subscribed: SubscribedItem;
  gap: GapItem;
  joined: JoinedItem;
  left: LeftItem;

  /** Nothing comes any more. Null: by `unsubscribe()` or `close()`. */
  ended: Error | null;
}
