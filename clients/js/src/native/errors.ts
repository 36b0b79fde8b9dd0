import { BrokerError } from "../connections/errors.js";

/** The broker refused a request. Go by the code; the rest is for people. */
export class RpcError extends BrokerError {
  /** One of `ErrorCode`, or one that is newer than this client. */
  readonly code: number;

  /** What is wrong this time; null where the broker does not say. */
  readonly detail: string | null;

  constructor(code: number, message: string, detail: string | null) {
    super(detail === null ? `${message} (${code})` : `${message} (${code}): ${detail}`);
    this.code = code;
    this.detail = detail;
  }
}

/** Too much waits for an answer already: `maxPendingCalls` or `maxPendingBytes`. Nothing was sent. */
export class QueueFullError extends BrokerError {}

/** The request is larger than `maxMessageBytes`, for which the broker would close the connection. Nothing was sent. */
export class MessageTooLargeError extends BrokerError {}

/** The broker ended the subscription: 2000 by a backend or an operator, 2501 expired, 2502 not allowed any more. */
export class SubscriptionEndedError extends BrokerError {
  readonly channel: string;
  readonly code: number;
  readonly reason: string;

  constructor(channel: string, code: number, reason: string) {
    super(`the subscription to ${channel} has ended (${code}, ${reason})`);
    this.channel = channel;
    this.code = code;
    this.reason = reason;
  }
}
