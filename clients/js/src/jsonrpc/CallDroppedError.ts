import { BrokerError } from "../connections/errors.js";

/** The call was the oldest of too many that waited for their answer (`maxWaitingCalls`), and gave way to a newer one. It may have been carried out. */
export class CallDroppedError extends BrokerError {}
