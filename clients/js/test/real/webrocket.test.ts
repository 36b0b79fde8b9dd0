import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { ClosedError, type Login, WebRocketClient, WebRocketError, type WebRocketMessage, type WebRocketOptions } from "broker-client/webrocket";
import { WebSocket } from "ws";
import { CutProxy } from "../kit/CutProxy.js";
import { RealNode } from "../kit/RealNode.js";

const hub = { Path: "/one", Version: "1", Credentials__ReadOnly: "read-secret", Credentials__ReadWrite: "rw-secret" };
const users = [["front", "read-secret", 1], ["back", "rw-secret", 3]] as const;
let node: RealNode;
const clients: WebRocketClient[] = [];

before(async () => {
  const settings: Record<string, string> = { Broker__WebRocket__Hubs__1__Path: "/two", Broker__WebRocket__Hubs__1__Version: "2" };
  for (const [name, value] of Object.entries(hub)) {
    settings[`Broker__WebRocket__Hubs__0__${name}`] = value;
  }

  users.forEach(([name, secret, permission], index) => {
    settings[`Broker__WebRocket__Hubs__1__Users__${index}__Name`] = name;
    settings[`Broker__WebRocket__Hubs__1__Users__${index}__Secret`] = secret;
    settings[`Broker__WebRocket__Hubs__1__Users__${index}__Permission`] = String(permission);
  });
  node = await RealNode.start(settings);
});

after(() => node.end());
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

function make(path: string, options: WebRocketOptions, port = node.port): WebRocketClient {
  const client = new WebRocketClient(`ws://127.0.0.1:${port}${path}`, { WebSocket, backoffBaseMs: 20, backoffLongestMs: 200, spreadMs: 20, ...options });
  clients.push(client);
  return client;
}

/** What a channel brings, to be waited for. */
function inbox(): { handler(message: WebRocketMessage): void; next(): Promise<WebRocketMessage> } {
  const messages: WebRocketMessage[] = [];
  const waiting: ((message: WebRocketMessage) => void)[] = [];
  return {
    handler(message) {
      const waiter = waiting.shift();
      if (waiter === undefined) {
        messages.push(message);
      } else {
        waiter(message);
      }
    },
    next: () => new Promise((resolve) => {
      const message = messages.shift();
      if (message === undefined) {
        waiting.push(resolve);
      } else {
        resolve(message);
      }
    }),
  };
}

for (const [version, path, reader, writer, bad, refused, denied, unknown] of [
  [1, "/one", { access: "read-only", secret: "read-secret" }, { access: "read-write", secret: "rw-secret" }, { access: "read-only", secret: "bad" }, "invalid_credentials", "access_denied", "invalid_channel"],
  [2, "/two", { user: "front", secret: "read-secret" }, { user: "back", secret: "rw-secret" }, { user: "front", secret: "bad" }, "INVALID_CREDENTIALS", "ACCESS_DENIED", "INVALID_CHANNEL"],
] as [1 | 2, string, Login, Login, Login, string, string, string][]) {
  const code = (expected: string) => (error: unknown) => error instanceof WebRocketError && error.code === expected;

  test(`Version ${version}: one says, the other hears, and each may do what it may`, async () => {
    const q = make(path, { version, login: reader });
    const p = make(path, { version });
    await Promise.all([q.open(), p.open()]);
    await assert.rejects(p.broadcast("nope", "e", 1), code(denied));
    await p.authenticate(writer);
    await assert.rejects(p.broadcast("nope", "e", 1), code(unknown));
    const heard = inbox();
    await q.subscribe("hello", heard.handler);
    await p.broadcast("hello", "foo", { a: 1 });
    assert.deepEqual(await heard.next(), { event: "foo", channel: "hello", data: { a: 1 } });
    await p.broadcast("hello", "nothing");
    assert.deepEqual(await heard.next(), { event: "nothing", channel: "hello" });
    await assert.rejects(q.broadcast("hello", "foo", 1), code(denied));
    await q.unsubscribe("hello");
    await p.broadcast("hello", "unheard", 1);
    await q.logout();
    await assert.rejects(q.subscribe("hello", heard.handler), code(denied));
    await assert.rejects(p.authenticate(bad), code(refused));
    await p.disconnect();
    await assert.rejects(p.open(), (error) => error instanceof ClosedError && error.isByClient);
  });

  test(`Version ${version}: connection that is cut is made again, with login and channels`, async () => {
    const proxy = await CutProxy.start(node.port);
    const q = make(path, { version, login: reader }, proxy.port);
    const p = make(path, { version, login: writer });
    await Promise.all([q.open(), p.open()]);
    const heard = inbox();
    await q.subscribe("cut", heard.handler);
    const again = new Promise<boolean>((resolve) => q.on("open", ({ isAgain }) => resolve(isAgain)));
    proxy.cut();
    assert.equal(await again, true);
    await q.unsubscribe("marker");
    await p.broadcast("cut", "e", 1);
    assert.deepEqual(await heard.next(), { event: "e", channel: "cut", data: 1 });
  });

  test(`Version ${version}: wrong secret from the start is the end`, async () => {
    await assert.rejects(make(path, { version, login: bad }).open(), (error) => error instanceof ClosedError && code(refused)(error.cause));
  });
}
