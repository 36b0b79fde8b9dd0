export type { Clock } from "./Clock.js";
export type { ConnectionOptions } from "./ConnectionOptions.js";
export { BrokerError, ClosedError, ConnectionLostError, TimeoutError } from "./errors.js";
export type { Loss } from "./Loss.js";
export type { WebSocketConstructor, WebSocketLike } from "./WebSocketLike.js";
