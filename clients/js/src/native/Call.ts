/** A request that is not answered yet. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly text: string;
  readonly bytes: number;

  /**
   * `waiting` for a connection; `sent`; `resting` after a refusal that may pass.
   */
  state: "waiting" | "sent" | "resting";

  /** Sent before, and nobody knows what became of it. */
  isUncertain: boolean;
  refusals: number;
  lastError: Error | null;
  cancelRest: () => void;
  readonly cancelTimeout: () => void;
  readonly resolve: (result: Record<string, unknown>) => void;
  readonly reject: (error: Error) => void;
}
