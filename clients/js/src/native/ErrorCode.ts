/** The native dialect's error codes (docs/native.md, Errors), with what to do about each. */
export const ErrorCode = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,

  /** Nothing was done: try again later. The client does so by itself. */
  Unavailable: -32001,

  /** It may or may not have been done. The client repeats a publish by itself, with the same key. */
  OutcomeUnknown: -32002,
  Forbidden: -32003,
  UnknownApp: -32004,
  NotIdentified: -32005,
  InvalidToken: -32006,
  TokenExpired: -32007,
  TokenNotYetValid: -32008,
  TokenForSomethingElse: -32009,
  NotSubscribed: -32010,
  AlreadySubscribed: -32011,
  InvalidChannel: -32020,
  EventNameTooLong: -32021,
  InvalidIdempotencyKey: -32022,
  InfoTooLarge: -32023,
  UnknownChannel: -32024,
  TooManySubscriptions: -32030,
  TooManyMembers: -32031,

  /** Nothing was done: try again after a second. The client does so by itself. */
  TooManyPublishes: -32032,

  /** Try again later. The client does so by itself. */
  AppFull: -32033,
} as const;

/** Whether a newer token may be taken where this one was not. */
export function isTokenFault(code: number): boolean {
  return code <= ErrorCode.InvalidToken && code >= ErrorCode.TokenForSomethingElse;
}

/** Whether the same may succeed later. */
export function isPassing(code: number): boolean {
  return code === ErrorCode.Unavailable || code === ErrorCode.OutcomeUnknown || code === ErrorCode.TooManyPublishes || code === ErrorCode.AppFull;
}
