import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Chromium } from "../kit/Chromium.js";
import { CutProxy } from "../kit/CutProxy.js";
import { client } from "../kit/real.js";
import { RealNode } from "../kit/RealNode.js";
import { Site } from "../kit/Site.js";

let node: RealNode;
let site: Site;
let chromium: Chromium;

before(async () => {
  [node, site] = await Promise.all([RealNode.start(), Site.start()]);
  chromium = await Chromium.start(site.url);
});

after(() => Promise.all([chromium.end(), node.end(), site.end()]));

test("Page with nothing but the built files subscribes, publishes and reads", async () => {
  const said = await chromium.run(`
    const { BrokerClient } = await import("/dist/index.js");
    const client = new BrokerClient("${node.rpc}", { app: "demo", user: "page" });
    await client.connect();
    const lines = [];
    const reading = (async () => {
      for await (const item of client.subscribe("chat", { presence: {} })) {
        lines.push(item.type);
        if (item.type === "event") return item.data;
      }
    })();
    const { receivers } = await client.publish("chat", "said", { text: "hola!" });
    const data = await reading;
    const { users } = await client.presence("chat");
    await client.close();
    return { data, receivers, users, first: lines[0] };
  `);
  assert.deepEqual(said, { data: { text: "hola!" }, receivers: 1, users: 1, first: "subscribed" });
});

test("Page whose connection is cut recovers what it missed", async () => {
  const proxy = await CutProxy.start(node.port);
  const writer = client(node.rpc);
  await writer.connect();
  await chromium.run(`
    const { BrokerClient } = await import("/dist/native/index.js");
    globalThis.lines = [];
    globalThis.client = new BrokerClient("${proxy.rpc}", { backoffBaseMs: 20, backoffLongestMs: 200 });
    const told = (line) => { lines.push(line); dispatchEvent(new Event(line)); };
    globalThis.until = (line) => lines.includes(line) ? null : new Promise((resolve) => addEventListener(line, resolve, { once: true }));
    client.on("lost", ({ code }) => lines.includes("lost") || told("lost"));
    const cut = client.subscribe("cut");
    cut.on("subscribed", ({ recovered }) => told("recovered " + recovered));
    cut.on("gap", () => told("gap"));
    cut.on("event", ({ data }) => told("n " + data));
    await client.connect();
    await cut.ready;
  `);
  await writer.publish("cut", "n", 1);
  await chromium.run("await until('n 1');");
  proxy.down();
  await chromium.run("await until('lost');");
  await writer.publish("cut", "n", 2);
  proxy.up();
  const lines = await chromium.run("await until('n 2'); await client.close(); return lines;");
  assert.deepEqual(lines, ["recovered false", "n 1", "lost", "recovered true", "n 2"]);
});
