import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { client, Lines } from "../kit/real.js";
import { RealCluster } from "../kit/RealCluster.js";

let cluster: RealCluster | undefined;

before(async () => {
  cluster = await RealCluster.start(3);
});

after(() => cluster?.end());

test("Node of three that is killed: its clients come back to the others, and nobody loses an event or sees one twice", async () => {
  assert.ok(cluster !== undefined);
  const url = await cluster.rpc();
  const readers = Array.from({ length: 6 }, () => client(url));
  const writer = client(url, { requestTimeoutMs: 120_000 });
  await Promise.all([...readers, writer].map((each) => each.connect()));
  const heard = readers.map((reader) => new Lines(reader.subscribe("everywhere")));
  await Promise.all(heard.map((lines) => lines.has("subscribed false @0")));
  for (let n = 1; n <= 20; n++) {
    await writer.publish("everywhere", "n", n);
  }

  const nodes = await cluster.nodes();
  assert.equal(nodes.length, 3);
  assert.ok(nodes.every(({ sessions }) => sessions > 0), JSON.stringify(nodes));
  let lost = 0;
  readers.forEach((reader) => reader.on("lost", ({ code }) => (lost += code === 1006 ? 1 : 0)));
  const killed = cluster.run("kill", "n2");
  for (let n = 21; n <= 60; n++) {
    await writer.publish("everywhere", "n", n);
  }

  await killed;
  for (let n = 61; n <= 70; n++) {
    await writer.publish("everywhere", "n", n);
  }

  await Promise.all(heard.map((lines) => lines.has("n 70 @70")));
  assert.ok(lost > 0, "some were on the node that was killed");
  for (const { all } of heard) {
    assert.deepEqual(all.filter((line) => line.startsWith("n ")), Array.from({ length: 70 }, (_, index) => `n ${index + 1} @${index + 1}`));
    assert.deepEqual(all.filter((line) => line.startsWith("gap") || line.startsWith("error")), []);
  }
});
