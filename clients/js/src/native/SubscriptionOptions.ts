import type { TokenSource } from "./ClientOptions.js";
import type { Position } from "./Position.js";

export interface SubscriptionOptions {
  /** Where to go on, as kept from an earlier subscription: what was missed since comes, or a gap. */
  since?: Position;

  /** Makes the client's user present in the channel, with something that the others see. */
  presence?: { info?: unknown };

  /** Proves that the client may: a token for this channel. */
  token?: TokenSource;
}
