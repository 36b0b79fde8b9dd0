import { systemClock } from "./Clock.js";
import type { ConnectionOptions, ConnectionSettings } from "./ConnectionOptions.js";
import type { WebSocketConstructor } from "./WebSocketLike.js";

/** The number that was given, or the default. Throws a RangeError that names the option where it is no number from `least` on. */
export function settleNumber<Name extends string>(options: { [name in Name]?: number }, name: Name, otherwise: number, least: number): number {
  const value: number = options[name] ?? otherwise;
  if (typeof value !== "number" || !Number.isFinite(value) || value < least) {
    throw new RangeError(`${name} is a number from ${least} on, and not ${String(value)}`);
  }

  return value;
}

export function settleConnection(options: ConnectionOptions): ConnectionSettings {
  return {
    WebSocket: options.WebSocket ?? globalWebSocket(),
    reconnect: options.reconnect ?? true,
    backoffBaseMs: settleNumber(options, "backoffBaseMs", 500, 1),
    backoffLongestMs: settleNumber(options, "backoffLongestMs", 30_000, 1),
    spreadMs: settleNumber(options, "spreadMs", 1_000, 0),
    stableAfterMs: settleNumber(options, "stableAfterMs", 5_000, 0),
    connectTimeoutMs: settleNumber(options, "connectTimeoutMs", 10_000, 1),
    closeTimeoutMs: settleNumber(options, "closeTimeoutMs", 2_000, 0),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function globalWebSocket(): WebSocketConstructor {
  const found = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (found === undefined) {
    throw new TypeError("there is no WebSocket here: give one as the option `WebSocket`, for instance npm's `ws`");
  }

  return found;
}
