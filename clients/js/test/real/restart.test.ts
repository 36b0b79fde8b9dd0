import assert from "node:assert/strict";
import { test } from "node:test";
import { client, Lines, told } from "../kit/real.js";
import { RealNode } from "../kit/RealNode.js";

test("Node that is killed and started anew: what was lost is told, and what waits is published", async () => {
  const first = await RealNode.start();
  const reader = client(first.rpc);
  const writer = client(first.rpc);
  await Promise.all([reader.connect(), writer.connect()]);
  const heard = new Lines(reader.subscribe("chat"));
  await heard.has("subscribed false @0");
  await writer.publish("chat", "n", 1);
  await heard.has("n 1 @1");

  const lost = Promise.all([told(reader, "lost"), told(writer, "lost")]);
  await first.end("SIGKILL");
  assert.deepEqual((await lost).map(({ code }) => code), [1006, 1006]);
  const queued = [2, 3].map((n) => writer.publish("chat", "n", n));
  const isBack = told(reader, "connected");
  const second = await RealNode.start({}, first.port);
  await isBack;
  await Promise.all(queued);
  await writer.publish("chat", "n", 4);
  await heard.has(`n 4 @${(await writer.history("chat", { limit: 0 })).position.offset}`);

  // The writer may be back before the reader: then what it published first is in the gap, and the position says so.
  const [before, rest] = [heard.all.slice(0, 2), heard.all.slice(2)];
  assert.deepEqual(before, ["subscribed false @0", "n 1 @1"]);
  const place = /^subscribed false @(\d+)$/.exec(rest[0] ?? "");
  assert.ok(place !== null, rest.join("; "));
  const from = Number(place[1]);
  assert.equal(rest[1], `gap not-recovered @${from}`);
  assert.deepEqual(rest.slice(2), [2, 3, 4].slice(from).map((n) => `n ${n} @${n - 1}`));
  await Promise.all([reader.close(), writer.close()]);
  await second.end();
});

test("Node that goes down in good order: clients come back to the next one", async () => {
  const first = await RealNode.start();
  const reader = client(first.rpc);
  await reader.connect();
  const heard = new Lines(reader.subscribe("chat"));
  await heard.has("subscribed false @0");
  const lost = told(reader, "lost");
  await first.end("SIGTERM");
  const { code, reason } = await lost;
  assert.deepEqual([code, reason], [1001, "shutdown"]);
  const second = await RealNode.start({}, first.port);
  await heard.has("gap not-recovered @0");
  await reader.publish("chat", "n", 1);
  await heard.has("n 1 @1");
  await reader.close();
  await second.end("SIGTERM");
});
