export { CallDroppedError } from "./CallDroppedError.js";
export type { Json } from "./Json.js";
export { type CallOptions, JsonRpcClient, type JsonRpcEvents, type JsonRpcOptions } from "./JsonRpcClient.js";
export { JsonRpcError } from "./JsonRpcError.js";
export * from "../connections/index.js";
