export { HttpProblemError } from "./HttpProblemError.js";
export { HttpPublisher, type HttpPublisherOptions } from "./HttpPublisher.js";
export { BrokerError, ConnectionLostError, TimeoutError } from "../connections/errors.js";
