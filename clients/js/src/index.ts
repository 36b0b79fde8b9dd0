export * from "./http/index.js";
export * from "./jsonrpc/index.js";
export * from "./native/index.js";
export * from "./webrocket/index.js";
