import type { ClosedError } from "../connections/errors.js";
import type { Loss } from "../connections/Loss.js";
import type { Connected } from "./results.js";

/** What handlers of a client can wait for. */
export interface ClientEvents {
  /** Connected and let in, for the first time or again. */
  connected: Connected;

  /** The connection is gone, or an attempt failed; another follows. */
  lost: Loss;

  /** The end: nothing follows. */
  closed: ClosedError;

  /** Something failed in the background and is tried again: a token that could not be got or was refused, a subscribe that was refused for now. */
  problem: Error;
}
