import { RpcError } from "./errors.js";
import type { Position } from "./Position.js";

/** An answer, or a notification; what else the broker might send one day is neither, and is not for this client. */
export type Frame =
  | { kind: "answer"; id: number; result: Record<string, unknown> }
  | { kind: "refusal"; id: number | null; error: RpcError }
  | { kind: "notification"; method: string; params: Record<string, unknown> }
  | { kind: "unknown" };

export function encode(id: number, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

export function decode(text: string): Frame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: "unknown" };
  }

  if (!isRecord(frame)) {
    return { kind: "unknown" };
  }

  const { id, method, params, result, error } = frame;
  if (typeof method === "string") {
    return { kind: "notification", method, params: isRecord(params) ? params : {} };
  }

  if (isRecord(error)) {
    return { kind: "refusal", id: typeof id === "number" ? id : null, error: readError(error) };
  }

  return typeof id === "number" && isRecord(result) ? { kind: "answer", id, result } : { kind: "unknown" };
}

export function readPosition({ epoch, offset }: Record<string, unknown>): Position {
  return { epoch: String(epoch), offset: Number(offset) };
}

/** In how many milliseconds a token expires; null for never. */
export function readExpiry({ expiresInMs }: Record<string, unknown>): number | null {
  return typeof expiresInMs === "number" ? expiresInMs : null;
}

function readError({ code, message, data }: Record<string, unknown>): RpcError {
  const detail = isRecord(data) && typeof data["message"] === "string" ? data["message"] : null;
  return new RpcError(Number(code), String(message), detail);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
