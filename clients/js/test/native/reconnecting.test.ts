import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerClient, ClosedError, NoTokenError, RpcError } from "broker-client";
import { FakeSockets } from "../kit/FakeSocket.js";
import { turn } from "../kit/ManualClock.js";
import { NativePeer } from "../kit/NativePeer.js";

test("Client that is let in resolves connect and says as whom", async () => {
  const peer = new NativePeer({ app: "demo", user: "ann" });
  const connected = peer.client.connect();
  await turn();
  peer.socket.open();
  const params = await peer.answer("connect", { session: "abc", app: "demo", user: "ann" });
  assert.deepEqual(params, { app: "demo", user: "ann" });
  assert.deepEqual(await connected, { session: "abc", app: "demo", user: "ann" });
  assert.deepEqual(await peer.client.connect(), peer.client.session, "once connected, it is at once");
  assert.equal(peer.sockets.all.length, 1);
});

test("Attempts that fail come after delays that grow, until one succeeds", async () => {
  const peer = new NativePeer();
  const connected = peer.client.connect();
  for (const delay of [250, 500, 1_000]) {
    await turn();
    const attempts = peer.sockets.all.length;
    peer.socket.shut(1006);
    await peer.clock.pass(delay - 1);
    assert.equal(peer.sockets.all.length, attempts);
    await peer.clock.pass(1);
    assert.equal(peer.sockets.all.length, attempts + 1);
  }

  await peer.letIn();
  await connected;
  assert.deepEqual(peer.told, ["lost 1006, back in 250", "lost 1006, back in 500", "lost 1006, back in 1000", "connected s4"]);
});

test("Delays go on growing when connections do not live, and begin anew after one that did", async () => {
  const peer = new NativePeer({ stableAfterMs: 5_000 });
  await peer.connect();
  for (let round = 0; round < 3; round++) {
    await peer.clock.pass(4_999);
    await peer.comeBack(1011);
  }

  await peer.clock.pass(5_000);
  peer.socket.shut(1011);
  assert.deepEqual(peer.told.filter((line) => line.startsWith("lost")), [250, 500, 1_000, 250].map((delay) => `lost 1011, back in ${delay}`));
});

test("Planned close is spread over its own time, and backed off from when the next follows at once", async () => {
  const peer = new NativePeer({ spreadMs: 4_000 });
  await peer.connect();
  await peer.clock.pass(10_000);
  await peer.comeBack(1001);
  await peer.comeBack(1001);
  assert.deepEqual(peer.told.filter((line) => line.startsWith("lost")), ["lost 1001, back in 2000", "lost 1001, back in 500"]);
});

for (const code of [1002, 1009, 3500, 3510, 3520]) {
  test(`Close with ${code} is the end`, async () => {
    const peer = new NativePeer();
    await peer.connect();
    const chat = peer.client.subscribe("chat");
    const published = peer.client.publish("chat", "said", 1);
    peer.socket.shut(code, "because");
    await assert.rejects(published, (error) => error instanceof ClosedError && error.code === code && error.reason === "because" && !error.isByClient);
    await assert.rejects(chat.ready, ClosedError);
    await assert.rejects(peer.client.connect(), ClosedError);
    assert.throws(() => peer.client.subscribe("other"), ClosedError);
    await peer.clock.pass(120_000);
    assert.equal(peer.sockets.all.length, 1);
    assert.equal(peer.clock.timers, 0);
    assert.equal(peer.told.at(-1), `closed ${code}`);
  });
}

test("Attempt that is not let in within its time counts as failed", async () => {
  const peer = new NativePeer({ connectTimeoutMs: 1_000 });
  void peer.client.connect();
  await turn();
  await peer.clock.pass(1_000);
  assert.ok(peer.socket.isTerminated);
  await peer.clock.pass(250);
  peer.socket.open();
  await peer.take("connect");
  await peer.clock.pass(1_000);
  assert.deepEqual(peer.told, ["lost 1006, back in 250", "lost 1006, back in 500"]);
});

test("Connect that is refused for now is tried again, for good is the end", async () => {
  const peer = new NativePeer({ app: "shop" });
  const rejected = assert.rejects(peer.client.connect(), (error) => error instanceof ClosedError && error.cause instanceof RpcError && error.cause.code === -32004);
  await turn();
  peer.socket.open();
  await peer.refuse("connect", -32033);
  await peer.clock.pass(250);
  peer.socket.open();
  await peer.refuse("connect", -32004);
  await rejected;
  assert.equal(peer.clock.timers, 0);
});

test("Silence makes the client ask, and no answer to that makes it come back", async () => {
  const peer = new NativePeer({ silenceMs: 30_000, pingTimeoutMs: 5_000 });
  await peer.connect();
  await peer.clock.pass(20_000);
  await peer.notify("something new", {});
  await peer.clock.pass(29_999);
  assert.equal(peer.socket.sent.length, 0);
  await peer.clock.pass(1);
  await peer.answer("ping", {});
  await peer.clock.pass(30_000);
  await peer.take("ping");
  await peer.clock.pass(5_000);
  assert.ok(peer.socket.isTerminated);
  assert.equal(peer.told.at(-1), "lost 1006, back in 250");
});

test("Close ends everything at once and leaves nothing running", async () => {
  const peer = new NativePeer({ silenceMs: 1_000 });
  await peer.connect({ expiresInMs: 60_000 });
  const chat = peer.client.subscribe("chat");
  await peer.answer("subscribe", { epoch: "e1", offset: 0, recovered: false });
  const items = chat[Symbol.asyncIterator]();
  const published = peer.client.publish("chat", "said", 1);
  const closed = peer.client.close();
  await assert.rejects(published, (error) => error instanceof ClosedError && error.isByClient);
  assert.equal((await items.next()).done, true);
  assert.equal(peer.socket.closedBy, 1000);
  assert.equal(peer.clock.timers, 1, "it waits for the other side's farewell");
  peer.socket.shut(1000);
  await closed;
  assert.equal(peer.clock.timers, 0);
  assert.equal(peer.told.at(-1), "closed 1000");
  await peer.client.close();
});

test("Close without a farewell from the other side is done in time", async () => {
  const peer = new NativePeer({ closeTimeoutMs: 2_000 });
  await peer.connect();
  const closed = peer.client.close();
  await peer.clock.pass(2_000);
  await closed;
  assert.ok(peer.socket.isTerminated);
  assert.equal(peer.clock.timers, 0);
});

test("Close between two attempts, and before the first, makes no further one", async () => {
  const peer = new NativePeer();
  const connected = peer.client.connect();
  await turn();
  peer.socket.shut(1006);
  await peer.client.close();
  await assert.rejects(connected, ClosedError);
  await peer.clock.pass(60_000);
  assert.equal(peer.sockets.all.length, 1);
  const never = new NativePeer();
  await never.client.close();
  await assert.rejects(never.client.connect(), ClosedError);
  assert.equal(never.sockets.all.length, 0);
});

test("Reconnect switched off makes the first loss the end", async () => {
  const peer = new NativePeer({ reconnect: false });
  await peer.connect();
  peer.socket.shut(1001, "shutdown");
  assert.equal(peer.told.at(-1), "closed 1001");
  assert.equal(peer.clock.timers, 0);
});

test("URL as a function is asked for each attempt", async () => {
  const sockets = new FakeSockets();
  const urls = ["ws://one.test/rpc", "ws://two.test/rpc"];
  const peer = new NativePeer();
  const client = new BrokerClient(() => urls.shift() ?? "", { WebSocket: sockets.WebSocket, clock: peer.clock, random: () => 0.5 });
  void client.connect();
  await turn();
  sockets.last.shut(1006);
  await peer.clock.pass(250);
  assert.deepEqual(sockets.all.map(({ url }) => url), ["ws://one.test/rpc", "ws://two.test/rpc"]);
});

test("URL that is none is the end at once", async () => {
  const client = new BrokerClient("nonsense", { WebSocket: class { constructor() { throw new SyntaxError("no URL"); } } as never });
  await assert.rejects(client.connect(), (error) => error instanceof ClosedError && error.cause instanceof SyntaxError);
});

for (const name of ["backoffBaseMs", "connectTimeoutMs", "requestTimeoutMs", "maxPendingCalls", "maxPendingBytes", "maxMessageBytes", "maxBufferedItems", "tokenAttempts", "pingTimeoutMs"]) {
  test(`Option ${name} that cannot be is refused by name`, () => {
    assert.throws(() => new NativePeer({ [name]: 0 }), new RegExp(`RangeError: ${name} is a number from 1 on`));
    assert.throws(() => new NativePeer({ [name]: Number.NaN }), RangeError);
  });
}

test("User beside a token, and no WebSocket at all, are refused", () => {
  assert.throws(() => new NativePeer({ user: "ann", token: "t" }), TypeError);
  const found = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  Object.defineProperty(globalThis, "WebSocket", { value: undefined, configurable: true, writable: true });
  try {
    assert.throws(() => new BrokerClient("ws://broker.test/rpc"), /no WebSocket here/);
  } finally {
    if (found !== undefined) {
      Object.defineProperty(globalThis, "WebSocket", found);
    } else {
      delete (globalThis as { WebSocket?: unknown }).WebSocket;
    }
  }
});

test("Token function is asked for each connection", async () => {
  let tokens = 0;
  const peer = new NativePeer({ app: "shop", token: async () => `token-${++tokens}` });
  const connected = peer.client.connect();
  await turn();
  peer.socket.open();
  assert.deepEqual(await peer.answer("connect", { session: "s1", app: "shop", user: "ann", expiresInMs: 600_000 }), { app: "shop", token: "token-1" });
  await connected;
  peer.socket.shut(1006);
  await peer.clock.pass(250);
  peer.socket.open();
  assert.deepEqual(await peer.answer("connect", { session: "s2", app: "shop", user: "ann", expiresInMs: 600_000 }), { app: "shop", token: "token-2" });
});

test("Token is renewed over the open connection before it expires", async () => {
  let tokens = 0;
  const peer = new NativePeer({ token: () => `token-${++tokens}` });
  await peer.connect({ user: "ann", expiresInMs: 100_000 });
  await peer.clock.pass(69_999);
  assert.equal(peer.socket.sent.length, 0);
  await peer.clock.pass(1);
  assert.deepEqual(await peer.answer("connect", { session: "s1", app: "default", user: "ann", expiresInMs: 20_000 }), { token: "token-2" });
  await peer.clock.pass(10_000);
  assert.deepEqual(await peer.answer("connect", { session: "s1", app: "default", user: "ann", expiresInMs: 20_000 }), { token: "token-3" });
  assert.equal(peer.sockets.all.length, 1);
});

test("Token is renewed when the broker says that it expires, once", async () => {
  let tokens = 0;
  const peer = new NativePeer({ token: () => `token-${++tokens}` });
  await peer.connect({ user: "ann", expiresInMs: 100_000 });
  await peer.notify("expiring", { expiresInMs: 30_000 });
  await peer.notify("expiring", { expiresInMs: 29_000 });
  assert.deepEqual(await peer.answer("connect", { session: "s1", app: "default", user: "ann", expiresInMs: 100_000 }), { token: "token-2" });
  assert.equal(peer.socket.sent.length, 0);
});

test("Renewal that fails is tried again while the connection lives", async () => {
  let tokens = 0;
  const peer = new NativePeer({
    token: () => {
      if (++tokens === 2) {
        throw new Error("no network");
      }

      return `token-${tokens}`;
    },
  });
  await peer.connect({ user: "ann", expiresInMs: 100_000 });
  await peer.clock.pass(70_000);
  await peer.clock.pass(250);
  await peer.refuse("connect", -32007);
  await peer.clock.pass(500);
  assert.deepEqual(await peer.answer("connect", { session: "s1", app: "default", user: "ann", expiresInMs: 100_000 }), { token: "token-4" });
  assert.deepEqual(peer.told, ["connected s1", "problem no network", "problem -32007"]);
});

test("Token of another user ends the client, whether it comes by renewal or on a new connection", async () => {
  const renewed = new NativePeer({ token: () => "token" });
  await renewed.connect({ user: "ann", expiresInMs: 100_000 });
  await renewed.clock.pass(70_000);
  await renewed.refuse("connect", -32003);
  assert.equal(renewed.told.at(-1), "closed 1006");
  const anew = new NativePeer({ token: () => "token" });
  await anew.connect({ user: "ann" });
  const rejected = assert.rejects(anew.client.publish("chat", "said", "in Ann's name"), ClosedError);
  await anew.take("publish");
  await anew.comeBack(1006, { user: "bob" });
  await rejected;
  assert.equal(anew.socket.sent.length, 0);
});

test("Token function that fails makes attempts fail, and one that has none any more ends the client", async () => {
  const answers = [new Error("no network"), null];
  const peer = new NativePeer({
    token: () => {
      const answer = answers.shift();
      if (answer instanceof Error) {
        throw answer;
      }

      return answer ?? null;
    },
  });
  const connected = peer.client.connect();
  const rejected = assert.rejects(connected, (error) => error instanceof ClosedError && error.cause instanceof NoTokenError);
  await peer.clock.pass(250);
  await rejected;
  assert.deepEqual(peer.told, ["lost 1006, back in 250", "closed 1006"]);
  assert.equal(peer.sockets.all.length, 0);
});

test("Tokens that are refused are asked for anew so many times and no more; a fixed one is not sent again", async () => {
  let tokens = 0;
  const peer = new NativePeer({ token: () => `token-${++tokens}`, tokenAttempts: 3 });
  const connected = peer.client.connect();
  const rejected = assert.rejects(connected, (error) => error instanceof ClosedError && error.cause instanceof RpcError && error.cause.code === -32007);
  for (let attempt = 0; attempt < 3; attempt++) {
    await turn();
    peer.socket.open();
    await peer.refuse("connect", -32007);
    await peer.clock.pass(2_000);
  }

  await rejected;
  assert.equal(tokens, 3);
  const fixed = new NativePeer({ token: "token" });
  const first = assert.rejects(fixed.client.connect(), ClosedError);
  await turn();
  fixed.socket.open();
  await fixed.refuse("connect", -32007);
  await first;
});

test("Token function that hangs does not hang the client", async () => {
  const peer = new NativePeer({ token: () => new Promise(() => {}), connectTimeoutMs: 1_000 });
  void peer.client.connect().catch(() => {});
  await peer.clock.pass(1_000);
  assert.deepEqual(peer.told, ["lost 1006, back in 250"]);
  await peer.client.close();
  assert.equal(peer.clock.timers, 0);
});

test("Subscribe without an answer makes the client come back and subscribe again", async () => {
  const peer = new NativePeer({ requestTimeoutMs: 1_000 });
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  await peer.take("subscribe");
  await peer.clock.pass(1_000);
  assert.ok(peer.socket.isTerminated);
  await peer.clock.pass(250);
  await peer.letIn();
  await peer.answer("subscribe", { epoch: "e1", offset: 3, recovered: false });
  assert.equal((await chat.ready).position.offset, 3);
});
