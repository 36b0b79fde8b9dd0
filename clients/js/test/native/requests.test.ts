import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorCode, MessageTooLargeError, QueueFullError, RpcError, TimeoutError } from "broker-client";
import { turn } from "../kit/ManualClock.js";
import { NativePeer } from "../kit/NativePeer.js";

const published = (offset: number): object => ({ epoch: "e1", offset, receivers: 2 });

test("Publish sends channel, event, data and a key, and gives the event's place", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const promise = peer.client.publish("chat", "said", null);
  assert.deepEqual(await peer.answer("publish", published(7)), { channel: "chat", event: "said", data: null, idempotencyKey: "key-1" });
  assert.deepEqual(await promise, { position: { epoch: "e1", offset: 7 }, receivers: 2 });
});

test("Publish of what is no JSON value is a mistake of the program", async () => {
  const peer = new NativePeer();
  await assert.rejects(peer.client.publish("chat", "said", undefined), TypeError);
  await assert.rejects(peer.client.publish("chat", "said", () => {}), TypeError);
});

test("Publish under way when the connection is lost is sent again with its key, in the old order", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const promises = ["a", "b"].map((data) => peer.client.publish("chat", "said", data));
  assert.equal((await peer.take("publish")).params.data, "a");
  assert.equal((await peer.take("publish")).params.data, "b");
  peer.socket.shut(1006);
  promises.push(peer.client.publish("chat", "said", "c"));
  await peer.clock.pass(250);
  await peer.letIn();
  const keys = [];
  for (const offset of [1, 2, 3]) {
    const { data, idempotencyKey } = await peer.answer("publish", published(offset));
    keys.push(`${data} ${idempotencyKey}`);
  }

  assert.deepEqual(keys, ["a key-1", "b key-2", "c key-3"]);
  assert.deepEqual((await Promise.all(promises)).map(({ position }) => position.offset), [1, 2, 3]);
});

test("Answer that comes on a later connection counts once", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const promise = peer.client.publish("chat", "said", 1, { idempotencyKey: "mine" });
  const lost = peer.socket;
  const { id } = await peer.take("publish");
  await peer.comeBack();
  lost.say({ jsonrpc: "2.0", id, result: published(99) });
  assert.equal((await peer.answer("publish", published(1))).idempotencyKey, "mine");
  assert.equal((await promise).position.offset, 1);
});

for (const code of [ErrorCode.Unavailable, ErrorCode.OutcomeUnknown]) {
  test(`Publish refused with ${code} is sent again, later each time, with the same key`, async () => {
    const peer = new NativePeer();
    await peer.connect();
    const promise = peer.client.publish("chat", "said", 1);
    const keys = [];
    for (const rest of [250, 500, 1_000]) {
      keys.push((await peer.refuse("publish", code)).idempotencyKey);
      await peer.clock.pass(rest - 1);
      assert.equal(peer.socket.sent.length, 0);
      await peer.clock.pass(1);
    }

    keys.push((await peer.answer("publish", published(1))).idempotencyKey);
    assert.deepEqual(keys, Array(4).fill("key-1"));
    assert.equal((await promise).receivers, 2);
  });
}

test("Publish over the rate rests a second at least", async () => {
  const peer = new NativePeer();
  await peer.connect();
  void peer.client.publish("chat", "said", 1).catch(() => {});
  await peer.refuse("publish", ErrorCode.TooManyPublishes);
  await peer.clock.pass(1_249);
  assert.equal(peer.socket.sent.length, 0);
  await peer.clock.pass(1);
  await peer.answer("publish", published(1));
});

test("Publish that rests when the connection is lost goes by the next at once", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const promise = peer.client.publish("chat", "said", 1);
  await peer.refuse("publish", ErrorCode.OutcomeUnknown);
  await peer.comeBack();
  await peer.answer("publish", published(1));
  await promise;
  assert.equal(peer.clock.timers, 0);
});

test("Refusal for good is an error with its code and what the broker says", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const rejected = assert.rejects(
    peer.client.history("chat"),
    (error) => error instanceof RpcError && error.code === ErrorCode.InvalidParams && error.detail === "no `limit`" && error.name === "RpcError" && error.message === "Invalid params (-32602): no `limit`",
  );
  const { id } = await peer.take("history");
  peer.socket.say({ jsonrpc: "2.0", error: { code: -32602, message: "Invalid params", data: { message: "no `limit`" } }, id });
  await rejected;
});

test("Requests without a connection wait for one, and each no longer than its time", async () => {
  const peer = new NativePeer({ requestTimeoutMs: 5_000 });
  const late = peer.client.history("chat", { timeoutMs: 60_000, limit: 1, direction: "backward", since: { epoch: "e1", offset: 4 } });
  const rejected = assert.rejects(peer.client.publish("chat", "said", 1), (error) => error instanceof TimeoutError && !error.mayHaveHappened);
  await peer.clock.pass(5_000);
  await rejected;
  await peer.connect();
  const params = await peer.answer("history", { epoch: "e1", offset: 9, events: [{ event: "said", data: { a: 1 }, epoch: "e1", offset: 5 }] });
  assert.deepEqual(params, { channel: "chat", since: { epoch: "e1", offset: 4 }, limit: 1, direction: "backward" });
  assert.deepEqual(await late, { position: { epoch: "e1", offset: 9 }, events: [{ event: "said", data: { a: 1 }, position: { epoch: "e1", offset: 5 } }] });
});

test("Time that is over says whether it may have happened", async () => {
  const peer = new NativePeer({ requestTimeoutMs: 5_000 });
  await peer.connect();
  const outcome = (mayHaveHappened: boolean) => (error: unknown) => error instanceof TimeoutError && error.mayHaveHappened === mayHaveHappened;
  const sent = assert.rejects(peer.client.publish("chat", "said", "unanswered"), outcome(true));
  const refused = assert.rejects(peer.client.publish("chat", "said", "never taken", { timeoutMs: 100 }), outcome(false));
  const lost = assert.rejects(peer.client.publish("chat", "said", "lost"), outcome(true));
  await peer.take("publish");
  await peer.refuse("publish", ErrorCode.Unavailable);
  await peer.clock.pass(100);
  await refused;
  peer.socket.shut(1006);
  await peer.clock.pass(5_000);
  await Promise.all([sent, lost]);
});

test("Answer after the time is over is nobody's", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const rejected = assert.rejects(peer.client.ping({ timeoutMs: 10 }), TimeoutError);
  const { id } = await peer.take("ping");
  await peer.clock.pass(10);
  await rejected;
  peer.socket.say({ jsonrpc: "2.0", result: {}, id });
  await turn();
  assert.ok(peer.client.isConnected);
});

test("Queue that is full in messages refuses, and takes again once there is room", async () => {
  const peer = new NativePeer({ maxPendingCalls: 2 });
  const waiting = [peer.client.publish("chat", "said", 1), peer.client.publish("chat", "said", 2)];
  await assert.rejects(peer.client.publish("chat", "said", 3), (error) => error instanceof QueueFullError && /2 requests/.test(error.message));
  await peer.connect();
  await peer.answer("publish", published(1));
  await waiting[0];
  waiting.push(peer.client.publish("chat", "said", 4));
  await peer.answer("publish", published(2));
  assert.equal((await peer.answer("publish", published(3))).data, 4);
  await Promise.all(waiting);
});

test("Queue that is full in bytes refuses, counted in UTF-8", async () => {
  const peer = new NativePeer({ maxPendingBytes: 400 });
  const first = peer.client.publish("chat", "said", "€".repeat(60));
  await assert.rejects(peer.client.publish("chat", "said", "€".repeat(60)), (error) => error instanceof QueueFullError && /of 400 at most/.test(error.message));
  await peer.connect();
  await peer.answer("publish", published(1));
  await first;
  const again = peer.client.publish("chat", "said", "€".repeat(60));
  await peer.answer("publish", published(2));
  await again;
});

test("Message over the broker's limit is refused here, since the broker would close for it", async () => {
  const peer = new NativePeer();
  await peer.connect();
  await assert.rejects(peer.client.publish("chat", "said", "x".repeat(65_536)), MessageTooLargeError);
  assert.equal(peer.socket.sent.length, 0);
});

test("Presence gives members and numbers", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const promise = peer.client.presence("room", { token: "t" });
  const page = { members: [{ user: "ann", info: null, connections: 2 }], users: 1, connections: 2, subscribers: 3 };
  assert.deepEqual(await peer.answer("presence", page), { channel: "room", token: "t" });
  assert.deepEqual(await promise, page);
});

test("Frames that are none of this dialect are ignored", async () => {
  const peer = new NativePeer();
  await peer.connect();
  for (const text of ["{bad", "[]", "1", "null", "{}", '{"id":"x","result":{}}', '{"id":1,"result":5}', '{"jsonrpc":"2.0","method":"event"}', '{"jsonrpc":"2.0","method":"event","params":{"channel":"other","offset":1}}']) {
    peer.socket.sayText(text);
  }

  peer.socket.sayText(new ArrayBuffer(3));
  peer.socket.say({ jsonrpc: "2.0", error: { code: -32700, message: "Parse error" }, id: null });
  assert.ok(peer.client.isConnected);
  assert.deepEqual(peer.told, ["connected s1", "problem -32700"]);
});
