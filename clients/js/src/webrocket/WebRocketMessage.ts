/** What somebody published or broadcast to a channel, as it was sent. */
export interface WebRocketMessage {
  readonly channel: string;

  /** A text; version 1 lets any value through. */
  readonly event: unknown;

  /** Undefined where the sender gave none. */
  readonly data?: unknown;

  /** Further members, which servers pass on. */
  readonly [name: string]: unknown;
}
