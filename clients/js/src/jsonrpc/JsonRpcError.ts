import { BrokerError } from "../connections/errors.js";
import type { Json } from "./Json.js";

/** The other side refused a call; or, thrown by a method of this side, what the other side is refused with. JSON-RPC 1.0 has no codes: an error is any value but null. */
export class JsonRpcError extends BrokerError {
  readonly value: Json;

  constructor(value: Json) {
    super(typeof value === "string" ? value : JSON.stringify(value));
    this.value = value;
  }
}
