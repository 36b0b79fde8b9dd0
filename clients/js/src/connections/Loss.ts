/** A connection that is gone, or an attempt that failed. */
export interface Loss {
  /** The WebSocket's close code; 1006 where there was none. */
  readonly code: number;
  readonly reason: string;

  /** Milliseconds until the next attempt. */
  readonly retryInMs: number;

  /** What failed, where it was not the connection itself. */
  readonly error: Error | null;
}
