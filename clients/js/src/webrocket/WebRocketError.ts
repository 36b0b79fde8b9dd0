import { BrokerError } from "../connections/errors.js";

/** The server refused: version 1 says for instance `access_denied`, version 2 `ACCESS_DENIED`. */
export class WebRocketError extends BrokerError {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
