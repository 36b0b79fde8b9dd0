import { BrokerError } from "../connections/errors.js";

/** The broker refused a request over HTTP, as RFC 9457 says it. Go by the code; the rest is for people. */
export class HttpProblemError extends BrokerError {
  readonly status: number;

  /** One of docs/http-api.md, such as `forbidden`; `unknown` where something between answered. */
  readonly code: string;

  /** How long the broker wants to be left alone, at least. */
  readonly retryAfterMs: number;

  constructor(status: number, code: string, detail: string, retryAfterMs: number) {
    super(`${code} (${status})${detail === "" ? "" : `: ${detail}`}`);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** @param retryAfter The header: seconds. */
  static of(status: number, text: string, retryAfter: string | null): HttpProblemError {
    const retryAfterMs = /^\d{1,6}$/.test(retryAfter ?? "") ? Number(retryAfter) * 1_000 : 0;
    try {
      const { code = "unknown", detail = "" } = JSON.parse(text);
      return new HttpProblemError(status, String(code), String(detail), retryAfterMs);
    } catch {
      return new HttpProblemError(status, "unknown", "", retryAfterMs);
    }
  }
}
