import type { Login } from "./Login.js";

/** One action, and the reply that means success; null where none comes. */
export interface Action {
  readonly frame: { readonly [action: string]: unknown };
  readonly success: { readonly name: string; readonly value: unknown } | null;
}

/** What the two versions of the protocol say differently. */
export interface WebRocketVersion {
  readonly invalidCredentials: string;

  /** Whether logging out drops the subscriptions. */
  readonly logoutUnsubscribes: boolean;

  /** Throws a TypeError for a login of the other version. */
  login(login: Login): Action;
  subscribe(channel: string): Action;
  unsubscribe(channel: string): Action;
  broadcast(message: { event: string; channel: string; data?: unknown }): Action;
  logout(): Action;
  disconnect(): Action;
}
