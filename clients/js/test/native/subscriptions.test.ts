import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerError, RpcError, type Subscription, SubscriptionEndedError, type SubscriptionItem } from "broker-client";
import { turn } from "../kit/ManualClock.js";
import { NativePeer } from "../kit/NativePeer.js";
import { text } from "../kit/text.js";

/** Everything that a subscription tells its handlers, a line each. */
function listen(subscription: Subscription): string[] {
  const lines: string[] = [];
  const put = (item: SubscriptionItem): number => lines.push(text(item));
  subscription.on("event", put);
  subscription.on("subscribed", put);
  subscription.on("gap", put);
  subscription.on("joined", put);
  subscription.on("left", put);
  subscription.on("ended", (error) => lines.push(`ended ${error === null ? "" : error.message}`));
  return lines;
}

const at = (offset: number, recovered = false, epoch = "e1"): object => ({ epoch, offset, recovered });

test("Subscription made before the connection begins with it, and keeps its position", async () => {
  const peer = new NativePeer();
  const chat = peer.client.subscribe("chat");
  const lines = listen(chat);
  assert.equal(chat.position, null);
  await peer.connect();
  assert.deepEqual(await peer.answer("subscribe", at(41)), { channel: "chat" });
  await peer.event("chat", 42, { text: "hola!" });
  assert.deepEqual(lines, ["subscribed false @e1/41", 'said {"text":"hola!"} @e1/42']);
  assert.deepEqual(chat.position, { epoch: "e1", offset: 42 });
  assert.ok(chat.isSubscribed);
});

test("Subscribe goes ahead of what is asked after it", async () => {
  const peer = new NativePeer();
  await peer.connect();
  peer.client.subscribe("chat");
  void peer.client.publish("chat", "said", 1).catch(() => {});
  await peer.take("subscribe");
  await peer.take("publish");
});

test("Event right behind the answer is not missed", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const lines = listen(peer.client.subscribe("chat"));
  const { id } = await peer.take("subscribe");
  peer.socket.say({ jsonrpc: "2.0", result: at(1), id });
  peer.socket.say({ jsonrpc: "2.0", method: "event", params: { channel: "chat", event: "said", data: 2, epoch: "e1", offset: 2 } });
  assert.deepEqual(lines, ["subscribed false @e1/1", "said 2 @e1/2"]);
});

test("Recovery gives what was missed, without a gap", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const lines = listen(chat);
  await peer.answer("subscribe", at(1));
  await peer.event("chat", 2);
  await peer.comeBack();
  assert.ok(!chat.isSubscribed);
  assert.deepEqual(await peer.answer("subscribe", at(4, true, "e2")), { channel: "chat", since: { epoch: "e1", offset: 2 } });
  assert.deepEqual(chat.position, { epoch: "e1", offset: 2 }, "what was missed has not come yet");
  await peer.event("chat", 3, 3, "e2");
  await peer.event("chat", 4, 4, "e2");
  assert.deepEqual(lines, ["subscribed false @e1/1", "said 2 @e1/2", "subscribed true @e2/4", "said 3 @e2/3", "said 4 @e2/4"]);
});

test("Recovery with nothing missed takes the new epoch over", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  await peer.answer("subscribe", at(2));
  await peer.comeBack();
  await peer.answer("subscribe", at(2, true, "e2"));
  assert.deepEqual(chat.position, { epoch: "e2", offset: 2 });
});

test("Recovery that the broker cannot give is a gap, told before what comes after", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const lines = listen(peer.client.subscribe("chat"));
  await peer.answer("subscribe", at(1));
  await peer.comeBack();
  await peer.answer("subscribe", at(0, false, "other"));
  await peer.event("chat", 1, "new", "other");
  assert.deepEqual(lines, ["subscribed false @e1/1", "subscribed false @other/0", "gap not-recovered @other/0", 'said "new" @other/1']);
});

test("Connection lost between the events of a recovery goes on where it was", async () => {
  const peer = new NativePeer();
  await peer.connect();
  peer.client.subscribe("chat");
  await peer.answer("subscribe", at(1));
  await peer.comeBack();
  await peer.answer("subscribe", at(4, true));
  await peer.event("chat", 2);
  await peer.comeBack();
  assert.deepEqual((await peer.answer("subscribe", at(4, true))).since, { epoch: "e1", offset: 2 });
});

test("Position that the program kept is where the first subscribe begins, and a gap is told there too", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const lines = listen(peer.client.subscribe("chat", { since: { epoch: "old", offset: 7 } }));
  assert.deepEqual(await peer.answer("subscribe", at(3)), { channel: "chat", since: { epoch: "old", offset: 7 } });
  assert.deepEqual(lines, ["subscribed false @e1/3", "gap not-recovered @e1/3"]);
});

test("Reset is a gap, and what comes after counts from it", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const lines = listen(chat);
  await peer.answer("subscribe", at(1));
  await peer.notify("reset", { channel: "chat", epoch: "e9", offset: 7 });
  await peer.event("chat", 8, "on", "e9");
  assert.deepEqual(lines.slice(1), ["gap reset @e9/7", 'said "on" @e9/8']);
});

test("Offset that does not follow is never passed over in silence", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const lines = listen(peer.client.subscribe("chat"));
  await peer.answer("subscribe", at(1));
  await peer.event("chat", 4);
  await peer.event("chat", 5);
  assert.deepEqual(lines.slice(1), ["gap missed @e1/3", "said 4 @e1/4", "said 5 @e1/5"]);
});

test("Broadcast has no position and leaves the channel's as it is", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const lines = listen(chat);
  await peer.answer("subscribe", at(1));
  await peer.notify("event", { channel: "chat", event: "broadcast", data: "all" });
  assert.deepEqual(lines.slice(1), ['broadcast "all"']);
  assert.deepEqual(chat.position, { epoch: "e1", offset: 1 });
});

test("Members come and go where presence was asked for, on each connection", async () => {
  const peer = new NativePeer({ app: "demo", user: "ann" });
  await peer.connect({ user: "ann" });
  const lines = listen(peer.client.subscribe("room", { presence: { info: { name: "Ann" } } }));
  assert.deepEqual((await peer.answer("subscribe", at(0))).presence, { info: { name: "Ann" } });
  await peer.notify("joined", { channel: "room", user: "bob", info: 1 });
  await peer.notify("left", { channel: "room", user: "bob" });
  assert.deepEqual(lines.slice(1), ["joined bob 1", "left bob"]);
  await peer.comeBack(1006, { user: "ann" });
  assert.deepEqual((await peer.answer("subscribe", at(0, true))).presence, { info: { name: "Ann" } });
});

test("Iterator gives all from the turn in which it was made, and ends with the subscription", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const lines: string[] = [];
  const chat = peer.client.subscribe("chat");
  const reading = (async () => {
    for await (const item of chat) {
      lines.push(text(item));
    }
  })();
  await peer.answer("subscribe", at(0));
  await peer.event("chat", 1);
  await peer.event("chat", 2);
  const unsubscribed = chat.unsubscribe();
  await peer.event("chat", 3);
  assert.deepEqual(await peer.answer("unsubscribe", {}), { channel: "chat" });
  await unsubscribed;
  await reading;
  assert.deepEqual(lines, ["subscribed false @e1/0", "said 1 @e1/1", "said 2 @e1/2"]);
});

test("Iterator that is read too slowly is given a gap", async () => {
  const peer = new NativePeer({ maxBufferedItems: 2 });
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const items = chat[Symbol.asyncIterator]();
  await peer.answer("subscribe", at(0));
  await peer.event("chat", 1);
  await peer.event("chat", 2);
  await peer.event("chat", 3);
  assert.deepEqual([text((await items.next()).value), text((await items.next()).value)], ["gap overflow @e1/2", "said 3 @e1/3"]);
});

test("Iterator that is left misses nobody, and the subscription goes on", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const reading = (async () => {
    for await (const item of chat) {
      return item.type;
    }

    return null;
  })();
  await peer.answer("subscribe", at(0));
  assert.equal(await reading, "subscribed");
  assert.ok(chat.isSubscribed);
});

test("Subscribe twice to one channel is a mistake; after unsubscribe it is none, and what came before the answer is not the new one's", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const first = peer.client.subscribe("chat");
  await peer.answer("subscribe", at(0));
  assert.throws(() => peer.client.subscribe("chat"), BrokerError);
  const left = first.unsubscribe();
  const lines = listen(peer.client.subscribe("chat"));
  await peer.event("chat", 1);
  await peer.answer("unsubscribe", {});
  await left;
  await peer.answer("subscribe", at(1));
  await peer.event("chat", 2);
  assert.deepEqual(lines, ["subscribed false @e1/1", "said 2 @e1/2"]);
});

test("Unsubscribe without a connection sends nothing and does not come back", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  await peer.answer("subscribe", at(0));
  peer.socket.shut(1006);
  await chat.unsubscribe();
  await peer.clock.pass(250);
  await peer.letIn();
  assert.equal(peer.socket.sent.length, 0);
});

test("Subscribe that is refused for now is tried again, for good ends the subscription", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const lines = listen(chat);
  await peer.refuse("subscribe", -32001);
  await peer.clock.pass(250);
  await peer.refuse("subscribe", -32003);
  await assert.rejects(chat.ready, (error) => error instanceof RpcError && error.code === -32003);
  assert.deepEqual(lines, ["ended Refused (-32003)"]);
  assert.deepEqual(peer.told, ["connected s1", "problem -32001"]);
  await assert.rejects(chat[Symbol.asyncIterator]().next(), RpcError);
  peer.client.subscribe("chat");
  await peer.take("subscribe");
});

test("Subscription that the broker ended is thrown to who reads it, and not taken again", async () => {
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const items = chat[Symbol.asyncIterator]();
  await peer.answer("subscribe", at(0));
  await peer.notify("unsubscribed", { channel: "chat", code: 2000, reason: "unsubscribed by the server" });
  await items.next();
  await assert.rejects(items.next(), (error) => error instanceof SubscriptionEndedError && error.code === 2000 && error.channel === "chat");
  assert.ok(chat.isEnded);
  await peer.comeBack();
  assert.equal(peer.socket.sent.length, 0);
});

test("Token of a subscription is renewed before it expires, and when the broker says so", async () => {
  let tokens = 0;
  const peer = new NativePeer();
  await peer.connect();
  peer.client.subscribe("private", { token: () => `token-${++tokens}` });
  assert.equal((await peer.answer("subscribe", { ...at(0), expiresInMs: 100_000 })).token, "token-1");
  await peer.clock.pass(70_000);
  assert.deepEqual(await peer.answer("refresh", { expiresInMs: 100_000 }), { channel: "private", token: "token-2" });
  await peer.notify("expiring", { channel: "private", expiresInMs: 30_000 });
  assert.deepEqual(await peer.answer("refresh", { expiresInMs: 100_000 }), { channel: "private", token: "token-3" });
});

test("Subscription that expired is taken again by a newer token, with what was missed; without one it ends", async () => {
  let tokens = 0;
  const peer = new NativePeer();
  await peer.connect();
  const renewed = listen(peer.client.subscribe("private", { token: () => `token-${++tokens}` }));
  await peer.answer("subscribe", at(5));
  await peer.notify("unsubscribed", { channel: "private", code: 2501, reason: "expired" });
  await peer.clock.pass(250);
  assert.deepEqual(await peer.answer("subscribe", at(6, true)), { channel: "private", since: { epoch: "e1", offset: 5 }, token: "token-2" });
  await peer.event("private", 6);
  assert.deepEqual(renewed.slice(1), ["subscribed true @e1/6", "said 6 @e1/6"]);
  const fixed = listen(peer.client.subscribe("fixed", { token: "token" }));
  await peer.answer("subscribe", at(0));
  await peer.notify("unsubscribed", { channel: "fixed", code: 2501, reason: "expired" });
  assert.match(fixed.at(-1) ?? "", /^ended .*2501/);
});

test("Token function of a subscription that has none any more ends it, one that fails is asked again", async () => {
  const answers: (Error | null)[] = [new Error("no network"), null];
  const peer = new NativePeer();
  await peer.connect();
  const lines = listen(peer.client.subscribe("private", {
    token: () => {
      const answer = answers.shift();
      if (answer instanceof Error) {
        throw answer;
      }

      return null;
    },
  }));
  await turn();
  await peer.clock.pass(250);
  assert.deepEqual(lines, ["ended there is no token any more"]);
  assert.deepEqual(peer.told, ["connected s1", "problem no network"]);
});

test("Handler that throws disturbs nobody else", async () => {
  const uncaught: unknown[] = [];
  const peer = new NativePeer();
  await peer.connect();
  const chat = peer.client.subscribe("chat");
  const off = chat.on("event", () => {
    throw new Error("a fault of the program");
  });
  const lines = listen(chat);
  await peer.answer("subscribe", at(0));
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.once("uncaughtException", (error) => uncaught.push(error));
  await peer.event("chat", 1);
  off();
  await peer.event("chat", 2);
  listeners.forEach((listener) => process.on("uncaughtException", listener));
  assert.deepEqual(lines.slice(1), ["said 1 @e1/1", "said 2 @e1/2"]);
  assert.match(String(uncaught[0]), /a fault of the program/);
});
