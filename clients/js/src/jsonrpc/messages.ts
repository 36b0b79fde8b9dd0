import type { Json } from "./Json.js";

/** What the other side sent, by the rules of JSON-RPC 1.0: what has a `method` is a request, or without an id a notification; else what has a result or an error is a response. */
export type Message =
  | { kind: "request"; id: Json; method: string; params: unknown }
  | { kind: "notification"; method: string; params: unknown }
  | { kind: "response"; id: Json; result: Json; error: Json }
  | { kind: "invalid" };

const Invalid: Message = { kind: "invalid" };

export function classify(text: string): Message {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return Invalid;
  }

  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    return Invalid;
  }

  const { id = null, method, params = [], result = null, error = null } = message as { [name: string]: Json };
  if ("method" in message) {
    if (typeof method !== "string" || method === "") {
      return Invalid;
    }

    return id === null ? { kind: "notification", method, params } : { kind: "request", id, method, params };
  }

  return ("result" in message || "error" in message) && id !== null ? { kind: "response", id, result, error } : Invalid;
}
