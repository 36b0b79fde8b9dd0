import type { Action, WebRocketVersion } from "./WebRocketVersion.js";

const action = (name: string, value: unknown): Action => ({ frame: { [name]: value }, success: { name: "ok", value: true } });

/** The released protocol (0.2.0): `auth`, `publish`, `{"ok":true}`. */
export const version1: WebRocketVersion = {
  invalidCredentials: "invalid_credentials",
  logoutUnsubscribes: false,
  login(login) {
    if (!("access" in login)) {
      throw new TypeError("version 1 logs in by `access` and `secret`");
    }

    return action("auth", { access: login.access, secret: login.secret });
  },
  subscribe: (channel) => action("subscribe", { channel }),
  unsubscribe: (channel) => action("unsubscribe", { channel }),
  broadcast: (message) => action("publish", message),
  logout: () => action("logout", true),
  disconnect: () => action("disconnect", true),
};
