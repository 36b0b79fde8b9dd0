import type { ConnectionOptions, ConnectionSettings } from "../connections/ConnectionOptions.js";
import { settleConnection, settleNumber } from "../connections/settle.js";
import { randomKey } from "./randomKey.js";

/**
 * A token, or a function that gets one; it is called for each connection, and again some time before the token expires. Null from it means
 * that there is none any more (the user has signed out): the client closes, the subscription ends. What it throws counts as a failed attempt.
 */
export type TokenSource = string | (() => string | null | Promise<string | null>);

/** Who the client is, and its limits. Times are in milliseconds. */
export interface ClientOptions extends ConnectionOptions {
  /** The app that is meant; the broker's `default` when left out. */
  app?: string;

  /** Who the client is, in apps whose users name themselves, such as `demo`. Not beside `token`. */
  user?: string;

  /** Proves who the client is. */
  token?: TokenSource;

  /** Time for a request from the call to the answer, with the time that it waits for a connection. 1 or more. Default 30,000. */
  requestTimeoutMs?: number;

  /** Requests that may wait for an answer, sent or not. 1 or more. Default 10,000. */
  maxPendingCalls?: number;

  /** Bytes of the requests that wait for an answer, sent or not. 1 or more. Default 4 MiB. */
  maxPendingBytes?: number;

  /** The broker closes for a larger message (its `Broker:Limits:FrameBytes`), so none is sent. 1 or more. Default 64 KiB. */
  maxMessageBytes?: number;

  /** Items that wait in an iterator which is read slowly; then they give way to one gap. 1 or more. Default 10,000. */
  maxBufferedItems?: number;

  /** How long before it expires a token is renewed, or in half its time where that is sooner. 0 or more. Default 30,000. */
  renewBeforeMs?: number;

  /** Tokens of a function that may be refused one after the other. 1 or more. Default 5; the broker takes no more than 16 on a connection. */
  tokenAttempts?: number;

  /** After so long without a word the broker is asked whether it is there. 0 for never. Default 30,000. */
  silenceMs?: number;

  /** Time for the answer to that; after it the connection counts as lost. 1 or more. Default 10,000. */
  pingTimeoutMs?: number;

  /** Makes idempotency keys; each is used for one publish, and should not be guessed. Default: 128 random bits. */
  newKey?: () => string;
}

export interface ClientSettings {
  readonly connection: ConnectionSettings;
  readonly app: string | null;
  readonly user: string | null;
  readonly token: TokenSource | null;
  readonly requestTimeoutMs: number;
  readonly maxPendingCalls: number;
  readonly maxPendingBytes: number;
  readonly maxMessageBytes: number;
  readonly maxBufferedItems: number;
  readonly renewBeforeMs: number;
  readonly tokenAttempts: number;
  readonly silenceMs: number;
  readonly pingTimeoutMs: number;
  readonly newKey: () => string;
}

export function settleClient(options: ClientOptions): ClientSettings {
  if (options.user !== undefined && options.token !== undefined) {
    throw new TypeError("`user` beside a `token`, which says who the user is");
  }

  return {
    connection: settleConnection(options),
    app: options.app ?? null,
    user: options.user ?? null,
    token: options.token ?? null,
    requestTimeoutMs: settleNumber(options, "requestTimeoutMs", 30_000, 1),
    maxPendingCalls: settleNumber(options, "maxPendingCalls", 10_000, 1),
    maxPendingBytes: settleNumber(options, "maxPendingBytes", 4 * 1024 * 1024, 1),
    maxMessageBytes: settleNumber(options, "maxMessageBytes", 65_536, 1),
    maxBufferedItems: settleNumber(options, "maxBufferedItems", 10_000, 1),
    renewBeforeMs: settleNumber(options, "renewBeforeMs", 30_000, 0),
    tokenAttempts: settleNumber(options, "tokenAttempts", 5, 1),
    silenceMs: settleNumber(options, "silenceMs", 30_000, 0),
    pingTimeoutMs: settleNumber(options, "pingTimeoutMs", 10_000, 1),
    newKey: options.newKey ?? randomKey,
  };
}
