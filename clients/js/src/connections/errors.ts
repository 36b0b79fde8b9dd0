/** Everything that the clients themselves throw or reject with, but for mistakes of the program, which are TypeErrors and RangeErrors. */
export class BrokerError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}

/** The client is closed and does not come back: by `close()`, by a close code that says so, or by what is the `cause`. */
export class ClosedError extends BrokerError {
  /** The WebSocket's close code; 1006 where there was none. */
  readonly code: number;
  readonly reason: string;

  /** By `close()`. */
  readonly isByClient: boolean;

  constructor(code: number, reason: string, isByClient = false, cause?: unknown) {
    super(`the client is closed (${code}${reason === "" ? "" : `, ${reason}`})`, cause);
    this.code = code;
    this.reason = reason;
    this.isByClient = isByClient;
  }
}

/** There is no connection now, or it was lost before the answer: whether the other side did what was asked is not known then. */
export class ConnectionLostError extends BrokerError {
  /** False: it was never sent. */
  readonly mayHaveHappened: boolean;

  constructor(message: string, mayHaveHappened: boolean) {
    super(message);
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** No answer in time. */
export class TimeoutError extends BrokerError {
  /** False: it was never sent, or refused each time. */
  readonly mayHaveHappened: boolean;

  constructor(what: string, milliseconds: number, mayHaveHappened: boolean, cause?: unknown) {
    super(`no answer to ${what} within ${milliseconds} ms`, cause);
    this.mayHaveHappened = mayHaveHappened;
  }
}
