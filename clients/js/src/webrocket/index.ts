export type { Login } from "./Login.js";
export { WebRocketClient, type WebRocketEvents, type WebRocketOptions } from "./WebRocketClient.js";
export { WebRocketError } from "./WebRocketError.js";
export type { WebRocketMessage } from "./WebRocketMessage.js";
export * from "../connections/index.js";
