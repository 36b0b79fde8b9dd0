import { BrokerError } from "../connections/errors.js";

/** The function that gets tokens said that there is none any more. */
export class NoTokenError extends BrokerError {
  constructor() {
    super("there is no token any more");
  }
}
