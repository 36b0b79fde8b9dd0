import type { Position } from "./Position.js";

/** What `connect` was answered. */
export interface Connected {
  /** Names the connection, for logs and questions to operators. */
  readonly session: string;
  readonly app: string;

  /** Null for nobody in particular. */
  readonly user: string | null;
}

/** The event has its place in the channel's stream. */
export interface Published {
  readonly position: Position;

  /** Subscriptions that it goes to, in all dialects. */
  readonly receivers: number;
}

export interface HistoryPage<T = unknown> {
  /** Where the channel stands. */
  readonly position: Position;
  readonly events: readonly { readonly event: string; readonly data: T; readonly position: Position }[];
}

export interface PresencePage {
  readonly members: readonly Member[];
  readonly users: number;

  /** Those of all members. */
  readonly connections: number;

  /** All subscriptions, also of clients that are not present. */
  readonly subscribers: number;
}

export interface Member {
  readonly user: string;
  readonly info: unknown;
  readonly connections: number;
}
