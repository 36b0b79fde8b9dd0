import type { SubscriptionItem } from "broker-client";

/** An item on one line. */
export function text(item: SubscriptionItem): string {
  switch (item.type) {
    case "event":
      return `${item.event} ${JSON.stringify(item.data)}${item.position === null ? "" : ` @${item.position.epoch}/${item.position.offset}`}`;
    case "subscribed":
      return `subscribed ${item.recovered} @${item.position.epoch}/${item.position.offset}`;
    case "gap":
      return `gap ${item.reason} @${item.position.epoch}/${item.position.offset}`;
    case "joined":
      return `joined ${item.user} ${JSON.stringify(item.info)}`;
    case "left":
      return `left ${item.user}`;
  }
}
