import type { ClientSettings } from "./ClientOptions.js";
import type { Subscription } from "./Subscription.js";

/** What a subscription needs of its client. */
export interface SubscriptionHost {
  readonly settings: ClientSettings;

  /** The client is connected and let in. */
  readonly isReady: boolean;

  /** A request on this connection alone. */
  control(method: string, params: object, resolve: (result: Record<string, unknown>) => void, reject: (error: Error) => void): void;

  /** Something failed in the background, and is tried again. */
  problem(error: Error): void;
  ended(subscription: Subscription<any>): void;
}
