export * from "./http/index.js";
export * from "./native/index.js";
