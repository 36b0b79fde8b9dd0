import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ClosedError, ErrorCode, RpcError } from "broker-client";
import { CutProxy } from "../kit/CutProxy.js";
import { client, Lines, told } from "../kit/real.js";
import { RealNode } from "../kit/RealNode.js";

let node: RealNode;

before(async () => {
  node = await RealNode.start();
});

after(() => node.end());

test("Two clients talk, see each other and read what was said", async () => {
  const ann = client(node.rpc, { app: "demo", user: "ann" });
  const bob = client(node.rpc, { app: "demo", user: "bob" });
  await Promise.all([ann.connect(), bob.connect()]);
  const room = ann.subscribe("room", { presence: { info: { name: "Ann" } } });
  const heard = new Lines(room);
  await room.ready;
  const other = bob.subscribe("room", { presence: {} });
  await other.ready;
  const published = await bob.publish("room", "said", { text: "hola!" });
  assert.equal(published.receivers, 2);
  await heard.has('said {"text":"hola!"} @1');
  assert.deepEqual((await ann.presence("room")).members.map(({ user }) => user).sort(), ["ann", "bob"]);
  const page = await bob.history<{ text: string }>("room", { limit: 1, direction: "backward" });
  assert.deepEqual(page, { position: published.position, events: [{ event: "said", data: { text: "hola!" }, position: published.position }] });
  await other.unsubscribe();
  await heard.has("left bob");
  await ann.ping();
  await Promise.all([ann.close(), bob.close()]);
  await heard.has("end");
  assert.ok(heard.all.includes("joined bob null"), heard.all.join("; "));
});

test("Refusals are the broker's own", async () => {
  const nobody = client(node.rpc);
  await nobody.connect();
  await assert.rejects(nobody.publish("c".repeat(256), "said", 1), (error) => error instanceof RpcError && error.code === ErrorCode.InvalidChannel);
  await assert.rejects(nobody.subscribe("room", { presence: {} }).ready, (error) => error instanceof RpcError && error.code === ErrorCode.NotIdentified);
  await assert.rejects(client(node.rpc, { app: "nowhere" }).connect(), (error) => error instanceof ClosedError && (error.cause as RpcError).code === ErrorCode.UnknownApp);
});

test("Connection that is cut is recovered from, with all that was missed and nothing twice", async () => {
  const proxy = await CutProxy.start(node.port);
  const reader = client(proxy.rpc);
  const writer = client(node.rpc);
  await Promise.all([reader.connect(), writer.connect()]);
  const heard = new Lines(reader.subscribe("cut"));
  await heard.has("subscribed false @0");
  await writer.publish("cut", "n", 1);
  await heard.has("n 1 @1");
  const lost = told(reader, "lost");
  proxy.down();
  await lost;
  await writer.publish("cut", "n", 2);
  await writer.publish("cut", "n", 3);
  proxy.up();
  await heard.has("n 3 @3");
  assert.deepEqual(heard.all, ["subscribed false @0", "n 1 @1", "subscribed true @3", "n 2 @2", "n 3 @3"]);
});

test("Publishes over a network that is cut again and again each come once, in order", async () => {
  const proxy = await CutProxy.start(node.port);
  const writer = client(proxy.rpc);
  const reader = client(node.rpc);
  await Promise.all([reader.connect(), writer.connect()]);
  const heard = new Lines(reader.subscribe("once"));
  await heard.has("subscribed false @0");
  const published = [];
  for (let n = 1; n <= 200; n++) {
    const publish = writer.publish("once", "n", n);
    published.push(publish);
    if (n % 20 === 0) {
      await Promise.race([publish, new Promise(setImmediate)]);
      proxy.cut();
    }

    if (n % 50 === 0) {
      await publish;
    }
  }

  const offsets = (await Promise.all(published)).map(({ position }) => position.offset);
  assert.deepEqual(offsets, Array.from({ length: 200 }, (_, index) => index + 1));
  await heard.has("n 200 @200");
  assert.equal(heard.all.length, 201);
});

test("User sent away by a backend stays away", async () => {
  const mallory = client(node.rpc, { app: "demo", user: "mallory" });
  await mallory.connect();
  const closed = told(mallory, "closed");
  await fetch(`${node.http}/api/disconnect`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ app: "demo", user: "mallory", code: 3520, reason: "banned" }),
  });
  const error = await closed;
  assert.deepEqual([error.code, error.reason], [3520, "banned"]);
});

test("Program that closes its client ends by itself", async () => {
  const program = `
    import { BrokerClient } from "broker-client";
    import { WebSocket } from "ws";
    import { webcrypto } from "node:crypto";
    globalThis.crypto ??= webcrypto;
    const client = new BrokerClient(process.argv[1], { WebSocket });
    await client.connect();
    await client.subscribe("chat").ready;
    await client.publish("chat", "said", 1);
    await client.close();
    console.log("closed");
  `;
  const folder = fileURLToPath(new URL("../..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program, node.rpc], { cwd: folder, timeout: 30_000 });
  assert.equal(stdout, "closed\n");
});
