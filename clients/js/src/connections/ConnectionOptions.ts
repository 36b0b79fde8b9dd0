import type { Clock } from "./Clock.js";
import type { WebSocketConstructor } from "./WebSocketLike.js";

/** How a connection is made, kept and made again. Times are in milliseconds. */
export interface ConnectionOptions {
  /** The WebSocket to use. Default: the global one, which Node.js has from 22 on; before, give it npm's `ws`. */
  WebSocket?: WebSocketConstructor;

  /** Whether to come back when the connection is lost. Default true. */
  reconnect?: boolean;

  /** The first delay is random, up to this; each further one up to twice as much. 1 or more. Default 500. */
  backoffBaseMs?: number;

  /** No delay is longer. 1 or more. Default 30,000. */
  backoffLongestMs?: number;

  /** After a planned close (shutdown, restart) the delay is random, up to this. 0 or more. Default 1,000. */
  spreadMs?: number;

  /** A connection that lived this long counts as a success: after it delays begin from the first. 0 or more. Default 5,000. */
  stableAfterMs?: number;

  /** Time to connect and be let in; after it the attempt counts as failed. 1 or more. Default 10,000. */
  connectTimeoutMs?: number;

  /** Time that `close()` waits for the other side's farewell. 0 or more. Default 2,000. */
  closeTimeoutMs?: number;

  /** For tests. Default: the system's. */
  clock?: Clock;

  /** For tests: from 0 inclusive to 1 exclusive. Default: Math.random. */
  random?: () => number;
}

export type ConnectionSettings = Required<ConnectionOptions>;
