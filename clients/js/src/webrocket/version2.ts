import type { Action, WebRocketVersion } from "./WebRocketVersion.js";

const action = (name: string, value: unknown, success: string, told: unknown): Action => ({ frame: { [name]: value }, success: { name: success, value: told } });

/** The later protocol: `authenticate`, `broadcast`, `{"subscribed":...}`. */
export const version2: WebRocketVersion = {
  invalidCredentials: "INVALID_CREDENTIALS",
  logoutUnsubscribes: true,
  login(login) {
    if (!("user" in login)) {
      throw new TypeError("version 2 logs in by `user` and `secret`");
    }

    return action("authenticate", { user: login.user, secret: login.secret }, "authenticated", login.user);
  },
  subscribe: (channel) => action("subscribe", { channel }, "subscribed", channel),
  unsubscribe: (channel) => action("unsubscribe", { channel }, "unsubscribed", channel),
  broadcast: (message) => action("broadcast", message, "broadcasted", message.channel),
  logout: () => action("logout", true, "loggedOut", true),
  disconnect: () => ({ frame: { disconnect: true }, success: null }),
};
