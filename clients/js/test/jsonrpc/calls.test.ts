import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { BrokerError, CallDroppedError, ClosedError, ConnectionLostError, JsonRpcClient, JsonRpcError, type JsonRpcOptions, TimeoutError } from "broker-client/jsonrpc";
import { WebSocket } from "ws";
import { FakeSockets } from "../kit/FakeSocket.js";
import { ManualClock, turn } from "../kit/ManualClock.js";
import { type Peer, WsServer } from "../kit/WsServer.js";

const clients: JsonRpcClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

async function connect(options: JsonRpcOptions = {}): Promise<{ server: WsServer; peer: Peer; client: JsonRpcClient }> {
  const server = await WsServer.start();
  const client = new JsonRpcClient(server.url, { WebSocket, backoffBaseMs: 1, ...options });
  clients.push(client);
  await client.open();
  return { server, peer: await server.next(), client };
}

/** A client whose sockets and time are the test's. */
async function fake(options: JsonRpcOptions = {}): Promise<{ client: JsonRpcClient; sockets: FakeSockets; clock: ManualClock }> {
  const sockets = new FakeSockets();
  const clock = new ManualClock();
  const client = new JsonRpcClient("ws://broker.test/jsonrpc/s", { WebSocket: sockets.WebSocket, clock, random: () => 0.5, ...options });
  const opening = client.open();
  await turn();
  sockets.last.open();
  await opening;
  return { client, sockets, clock };
}

test("Calls are numbered from 1, and answered in any order", async () => {
  const { peer, client } = await connect();
  const answers = [client.call<string>("first", [1, { a: null }]), client.call<string>("second")];
  assert.deepEqual([await peer.hear(), await peer.hear()], [{ id: 1, method: "first", params: [1, { a: null }] }, { id: 2, method: "second", params: [] }]);
  peer.say({ id: 2, result: "b", error: null }, { id: 1, result: "a", error: null });
  assert.deepEqual(await Promise.all(answers), ["a", "b"]);
});

test("Notification has the id null and no answer", async () => {
  const { peer, client } = await connect();
  client.notify("say", ["hi"]);
  assert.deepEqual(await peer.hear(), { id: null, method: "say", params: ["hi"] });
});

for (const [name, response, result] of [
  ["0", { id: 1, result: 0, error: null }, 0],
  ["false", { id: 1, result: false, error: null }, false],
  ["an empty text", { id: 1, result: "", error: null }, ""],
  ["null", { id: 1, result: null, error: null }, null],
  ["a value without an error member", { id: 1, result: "yo" }, "yo"],
  ["nothing but an error that is null", { id: 1, error: null }, null],
] as const) {
  test(`Response with ${name} is a result`, async () => {
    const { peer, client } = await connect();
    const answer = client.call("q");
    await peer.hear();
    peer.say(response);
    assert.deepEqual(await answer, result);
  });
}

for (const error of ["bad", 0, false, "", { code: 7 }]) {
  test(`Response with the error ${JSON.stringify(error)} is one`, async () => {
    const { peer, client } = await connect();
    const rejected = assert.rejects(client.call("q"), (thrown) => {
      assert.ok(thrown instanceof JsonRpcError);
      assert.deepEqual(thrown.value, error);
      return true;
    });
    await peer.hear();
    peer.say({ id: 1, result: null, error });
    await rejected;
  });
}

test("Ids may be one's own, and do not move the counter", async () => {
  const { peer, client } = await connect();
  const answers = [client.call("q", [], { id: 0 }), client.call("q", [], { id: ["x"] }), client.call("q")];
  await assert.rejects(client.call("q", [], { id: ["x"] }), BrokerError);
  await assert.rejects(client.call("q", [], { id: null }), TypeError);
  assert.deepEqual([(await peer.hear()).id, (await peer.hear()).id, (await peer.hear()).id], [0, ["x"], 1]);
  peer.say({ id: ["x"], result: "own" }, { id: 1, result: "first" }, { id: 0, result: "zero" }, { id: 0, result: "again" }, { id: "none", result: 1 });
  assert.deepEqual(await Promise.all(answers), ["zero", "own", "first"]);
});

test("Calls over the limit make the oldest fail, 32 by default", async () => {
  const { peer, client } = await connect();
  const calls = Array.from({ length: 33 }, (_, index) => client.call<number>("q", [index]));
  await assert.rejects(calls.shift() as Promise<number>, CallDroppedError);
  for (let id = 1; id <= 33; id++) {
    await peer.hear();
    peer.say({ id, result: id });
  }

  assert.deepEqual(await Promise.all(calls), Array.from({ length: 32 }, (_, index) => index + 2));
});

test("Calls that wait fail when the connection is lost, and are not sent again; numbers begin anew", async () => {
  const { server, peer, client } = await connect();
  const rejected = assert.rejects(client.call("q"), (error) => error instanceof ConnectionLostError && error.mayHaveHappened && error.message === "connection closed");
  await peer.hear();
  peer.cut();
  await rejected;
  await assert.rejects(client.call("q"), (error) => error instanceof ConnectionLostError && !error.mayHaveHappened);
  assert.throws(() => client.notify("n"), ConnectionLostError);
  await client.open();
  const again = await server.next();
  void client.call("once more").catch(() => {});
  assert.deepEqual(await again.hear(), { id: 1, method: "once more", params: [] });
});

test("Close fails what waits, at once, and says goodbye", async () => {
  const { peer, client } = await connect();
  const rejected = assert.rejects(client.call("q"), (error) => error instanceof ClosedError && error.isByClient);
  await client.close();
  await rejected;
  assert.equal(await peer.closed, 1000);
  await assert.rejects(client.call("q"), ClosedError);
  await assert.rejects(client.open(), ClosedError);
});

test("Call without an answer fails in time, and leaves nothing", async () => {
  const { client, sockets, clock } = await fake({ callTimeoutMs: 1_000 });
  const rejected = assert.rejects(client.call("q"), TimeoutError);
  await clock.pass(1_000);
  await rejected;
  sockets.last.say({ id: 1, result: "late" });
  assert.equal(clock.timers, 0);
});

test("Close code that says so is the end, another one is come back from", async () => {
  const { client, sockets, clock } = await fake();
  sockets.last.shut(1011);
  await clock.pass(250);
  sockets.last.open();
  assert.ok(client.isOpen);
  sockets.last.shut(1002);
  await assert.rejects(client.open(), (error) => error instanceof ClosedError && error.code === 1002);
  assert.equal(clock.timers, 0);
});

test("Reconnect switched off makes the first loss the end", async () => {
  const { client, sockets, clock } = await fake({ reconnect: false });
  sockets.last.shut(1006);
  await assert.rejects(client.open(), ClosedError);
  assert.equal(clock.timers, 0);
});

test("Options that cannot be are refused by name", () => {
  assert.throws(() => new JsonRpcClient("ws://s", { WebSocket, maxWaitingCalls: 0 }), /maxWaitingCalls is a number from 1 on/);
  assert.throws(() => new JsonRpcClient("ws://s", { WebSocket, callTimeoutMs: -1 }), /callTimeoutMs is a number from 1 on/);
});
