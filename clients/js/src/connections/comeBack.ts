/**
 * What the code of a close asks for: `soon`, a planned move (come back at once, spread a little); `later`, a failure (come back after a
 * back-off); `never` (coming back would not help).
 */
export type ComeBack = "soon" | "later" | "never";

/** Going away, restarting, expired, disconnected by an operator: the broker is well, and many are sent away together. */
const Planned: ReadonlySet<number> = new Set([1001, 1012, 3005, 3020]);

/** What the client sent is wrong, and would be wrong again. */
const Faults: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010]);

/** Reads RFC 6455's codes and the broker's own (docs/native.md, Close codes); one that is not known is a failure like any other. */
export function comeBackAfter(code: number): ComeBack {
  if (Faults.has(code) || (code >= 3500 && code < 4000)) {
    return "never";
  }

  return Planned.has(code) ? "soon" : "later";
}
