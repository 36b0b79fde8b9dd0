import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ClosedError, ConnectionLostError, type Login, TimeoutError, WebRocketClient, WebRocketError, type WebRocketMessage, type WebRocketOptions } from "broker-client/webrocket";
import { WebSocket } from "ws";
import { FakeSockets } from "../kit/FakeSocket.js";
import { ManualClock, turn } from "../kit/ManualClock.js";
import { type Peer, WsServer } from "../kit/WsServer.js";

const clients: WebRocketClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

async function connect(options: WebRocketOptions = {}): Promise<{ server: WsServer; peer: Peer; client: WebRocketClient }> {
  const server = await WsServer.start();
  const client = new WebRocketClient(server.url, { WebSocket, backoffBaseMs: 1, ...options });
  clients.push(client);
  await client.open();
  return { server, peer: await server.next(), client };
}

/** Hears one action, and replies. */
async function reply(peer: Peer, ...frames: object[]): Promise<any> {
  const action = await peer.hear();
  peer.say(...frames);
  return action;
}

test("Version 1: every action is sent as the protocol says, and succeeds by ok", async () => {
  const { peer, client } = await connect({ version: 1 });
  const sent: unknown[] = [];
  for (const act of [
    () => client.authenticate({ access: "read-write", secret: "s" }),
    () => client.subscribe("hello", () => {}),
    () => client.broadcast("hello", "foo", { a: 1 }),
    () => client.broadcast("hello", "foo"),
    () => client.unsubscribe("hello"),
    () => client.logout(),
  ]) {
    const done = act();
    sent.push(await reply(peer, { ok: true }));
    await done;
  }

  assert.deepEqual(sent, [
    { auth: { access: "read-write", secret: "s" } },
    { subscribe: { channel: "hello" } },
    { publish: { event: "foo", channel: "hello", data: { a: 1 } } },
    { publish: { event: "foo", channel: "hello" } },
    { unsubscribe: { channel: "hello" } },
    { logout: true },
  ]);
});

test("Version 2: every action is sent as the protocol says, and succeeds by its own reply", async () => {
  const { peer, client } = await connect();
  const sent: unknown[] = [];
  for (const [act, success] of [
    [() => client.authenticate({ user: "back", secret: "s" }), { authenticated: "back" }],
    [() => client.subscribe("hello", () => {}), { subscribed: "hello" }],
    [() => client.broadcast("hello", "foo", "bar"), { broadcasted: "hello" }],
    [() => client.unsubscribe("hello"), { unsubscribed: "hello" }],
    [() => client.logout(), { loggedOut: true }],
  ] as const) {
    const done = act();
    sent.push(await reply(peer, success));
    await done;
  }

  assert.deepEqual(sent, [
    { authenticate: { user: "back", secret: "s" } },
    { subscribe: { channel: "hello" } },
    { broadcast: { event: "foo", channel: "hello", data: "bar" } },
    { unsubscribe: { channel: "hello" } },
    { logout: true },
  ]);
});

for (const [version, code] of [[1, "access_denied"], [2, "ACCESS_DENIED"]] as const) {
  test(`Version ${version}: refusal is an error with its code, and the next reply is the next action's`, async () => {
    const { peer, client } = await connect({ version });
    const heard: WebRocketMessage[] = [];
    const refused = assert.rejects(client.subscribe("hello", (message) => heard.push(message)), (error) => error instanceof WebRocketError && error.code === code);
    const done = client.unsubscribe("other");
    await reply(peer, { err: code });
    await reply(peer, { event: "e", channel: "hello" }, version === 1 ? { ok: true } : { unsubscribed: "other" });
    await refused;
    await done;
    assert.deepEqual(heard, []);
  });
}

test("Messages come between the replies, and are told from them whatever senders add", async () => {
  const { peer, client } = await connect({ version: 1 });
  const heard: WebRocketMessage[] = [];
  const subscribed = client.subscribe("hello", (message) => heard.push(message));
  const published = client.broadcast("hello", "mine", 1);
  const messages = [
    { event: "early", channel: "hello", data: 0 },
    { event: "e", channel: "hello", ok: true },
    { event: "e", channel: "hello", err: "no error" },
    { event: { a: 1 }, channel: "hello", x: 9 },
    { event: "mine", channel: "hello", data: 1 },
  ];
  await peer.hear();
  await peer.hear();
  peer.say(messages[0], { ok: true }, ...messages.slice(1), { event: "e", channel: "elsewhere" }, { ok: true });
  await subscribed;
  await published;
  assert.deepEqual(heard, messages);
});

test("Message of a channel that was left is nobody's", async () => {
  const { peer, client } = await connect();
  const heard: WebRocketMessage[] = [];
  const subscribed = client.subscribe("hello", (message) => heard.push(message));
  await reply(peer, { subscribed: "hello" });
  await subscribed;
  const left = client.unsubscribe("hello");
  await reply(peer, { event: 1, channel: "hello" }, { unsubscribed: "hello" }, { event: 2, channel: "hello" });
  await left;
  assert.deepEqual(heard.map(({ event }) => event), [1]);
});

test("Login is sent on every connection, channels are subscribed to again, and that something may be missed is told", async () => {
  const { server, peer, client } = await (async () => {
    const server = await WsServer.start();
    const client = new WebRocketClient(server.url, { WebSocket, backoffBaseMs: 1, login: { user: "front", secret: "s" } });
    clients.push(client);
    const opening = client.open();
    const peer = await server.next();
    assert.deepEqual(await reply(peer, { authenticated: "front" }), { authenticate: { user: "front", secret: "s" } });
    await opening;
    return { server, peer, client };
  })();
  const opened: boolean[] = [];
  client.on("open", ({ isAgain }) => opened.push(isAgain));
  const heard: unknown[] = [];
  for (const channel of ["a", "b"]) {
    const subscribed = client.subscribe(channel, ({ event }) => heard.push(event));
    await reply(peer, { subscribed: channel });
    await subscribed;
  }

  const lost = assert.rejects(client.broadcast("a", "e"), (error) => error instanceof ConnectionLostError && error.mayHaveHappened);
  await peer.hear();
  const problem = new Promise<Error>((resolve) => client.on("problem", resolve));
  peer.cut();
  await lost;
  const again = await server.next();
  await reply(again, { authenticated: "front" });
  assert.deepEqual(await reply(again, { subscribed: "a" }), { subscribe: { channel: "a" } });
  assert.deepEqual(await reply(again, { err: "ACCESS_DENIED" }), { subscribe: { channel: "b" } });
  assert.equal((await problem as WebRocketError).code, "ACCESS_DENIED");
  const done = client.broadcast("a", "e");
  await reply(again, { event: "on a", channel: "a" }, { event: "on b", channel: "b" }, { broadcasted: "a" });
  await done;
  assert.deepEqual(heard, ["on a"]);
  assert.deepEqual(opened, [true]);
});

test("Login that is refused is the end", async () => {
  const server = await WsServer.start();
  const client = new WebRocketClient(server.url, { WebSocket, version: 1, login: { access: "read-only", secret: "bad" } });
  const opening = assert.rejects(client.open(), (error) => error instanceof ClosedError && error.cause instanceof WebRocketError && error.cause.code === "invalid_credentials");
  await reply(await server.next(), { err: "invalid_credentials" });
  await opening;
});

for (const [version, good, bad, code, ok] of [
  [1, { access: "read-write", secret: "s" }, { access: "read-write", secret: "bad" }, "invalid_credentials", { ok: true }],
  [2, { user: "back", secret: "s" }, { user: "back", secret: "bad" }, "INVALID_CREDENTIALS", { authenticated: "back" }],
] as [1 | 2, Login, Login, string, object][]) {
  test(`Version ${version}: wrong secret later on forgets the login, since the server does`, async () => {
    const { server, peer, client } = await connect({ version });
    const done = client.authenticate(good);
    await reply(peer, ok);
    await done;
    const refused = assert.rejects(client.authenticate(bad), WebRocketError);
    await reply(peer, { err: code });
    await refused;
    peer.cut();
    const opened = new Promise((resolve) => client.on("open", resolve));
    const again = await server.next();
    await opened;
    void client.unsubscribe("marker").catch(() => {});
    assert.deepEqual(await again.hear(), { unsubscribe: { channel: "marker" } });
  });
}

for (const [version, channels] of [[1, ["hello"]], [2, []]] as const) {
  test(`Version ${version}: logout ${version === 1 ? "keeps" : "drops"} the subscriptions, as the server does`, async () => {
    const { peer, client } = await connect({ version });
    const heard: string[] = [];
    const subscribed = client.subscribe("hello", ({ channel }) => heard.push(channel));
    await reply(peer, version === 1 ? { ok: true } : { subscribed: "hello" });
    await subscribed;
    const done = client.logout();
    await reply(peer, version === 1 ? { ok: true } : { loggedOut: true }, { event: "e", channel: "hello" });
    await done;
    const marker = client.unsubscribe("x");
    await reply(peer, version === 1 ? { ok: true } : { unsubscribed: "x" });
    await marker;
    assert.deepEqual(heard, channels);
  });
}

test("Disconnect is said, and closes for good: after ok in version 1, without a word in version 2", async () => {
  const one = await connect({ version: 1 });
  const first = one.client.disconnect();
  assert.deepEqual(await reply(one.peer, { ok: true }), { disconnect: true });
  one.peer.close(1000);
  await first;
  await assert.rejects(one.client.open(), (error) => error instanceof ClosedError && error.isByClient);
  const two = await connect({ version: 2 });
  const second = two.client.disconnect();
  assert.deepEqual(await two.peer.hear(), { disconnect: true });
  await second;
  await assert.rejects(two.client.open(), ClosedError);
});

test("Reply that is none of the action's, or no frame at all, makes the client come back", async () => {
  for (const text of ['{"subscribed":"other"}', '{"ok":true}', "{bad", "[]", "null"]) {
    const { server, peer, client } = await connect();
    const failed = assert.rejects(client.subscribe("hello", () => {}));
    await peer.hear();
    peer.sayText(text);
    await failed;
    await server.next();
  }
});

/** A client whose sockets and time are the test's. */
async function fake(options: WebRocketOptions = {}): Promise<{ client: WebRocketClient; sockets: FakeSockets; clock: ManualClock }> {
  const sockets = new FakeSockets();
  const clock = new ManualClock();
  const client = new WebRocketClient("ws://broker.test/hub", { WebSocket: sockets.WebSocket, clock, random: () => 0.5, ...options });
  const opening = client.open();
  await turn();
  sockets.last.open();
  await opening;
  return { client, sockets, clock };
}

test("Reply that does not come makes the client come back, since what comes next could be any action's", async () => {
  const { client, sockets, clock } = await fake({ replyTimeoutMs: 1_000 });
  const timedOut = assert.rejects(client.unsubscribe("a"), TimeoutError);
  await clock.pass(500);
  const lost = assert.rejects(client.unsubscribe("b"), ConnectionLostError);
  await clock.pass(500);
  await Promise.all([timedOut, lost]);
  assert.ok(sockets.last.isTerminated);
  await assert.rejects(client.unsubscribe("c"), (error) => error instanceof ConnectionLostError && !error.mayHaveHappened);
});

test("Actions that wait are bounded, and close leaves nothing", async () => {
  const { client, sockets, clock } = await fake({ maxPendingActions: 1 });
  const rejected = assert.rejects(client.unsubscribe("a"), ClosedError);
  await assert.rejects(client.unsubscribe("b"), /1 actions wait/);
  const closed = client.close();
  await rejected;
  sockets.last.shut(1000);
  await closed;
  assert.equal(clock.timers, 0);
});

test("Logins of the other version, and options that cannot be, are mistakes of the program", async () => {
  await assert.rejects((await fake()).client.authenticate({ access: "read-only", secret: "s" }), TypeError);
  assert.throws(() => new WebRocketClient("ws://hub", { WebSocket, version: 1, login: { user: "u", secret: "s" } }), /version 1 logs in by `access`/);
  assert.throws(() => new WebRocketClient("ws://hub", { WebSocket, login: { access: "read-only", secret: "s" } }), /version 2 logs in by `user`/);
  assert.throws(() => new WebRocketClient("ws://hub", { WebSocket, replyTimeoutMs: 0 }), /replyTimeoutMs is a number from 1 on/);
  assert.throws(() => new WebRocketClient("ws://hub", { WebSocket, maxPendingActions: 0 }), /maxPendingActions is a number from 1 on/);
});
