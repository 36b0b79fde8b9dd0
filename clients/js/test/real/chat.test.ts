import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { JsonRpcClient, JsonRpcError } from "broker-client/jsonrpc";
import { WebSocket } from "ws";
import { RealNode } from "../kit/RealNode.js";
import { repository } from "../kit/repository.js";

let node: RealNode;
const clients: JsonRpcClient[] = [];

before(async () => {
  node = await RealNode.start({
    Broker__JsonRpc__Services__0__Name: "chat",
    Broker__JsonRpc__Services__0__Assembly: `${repository}/samples/Broker.Samples.JsonRpcChat/bin/Debug/net10.0/Broker.Samples.JsonRpcChat.dll`,
  });
});

after(() => node.end());
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

/** One who chats: what the service tells it, to be waited for. */
class Chatter {
  readonly heard: string[] = [];
  #next: (() => void)[] = [];

  message(user: string, text: string): void {
    this.#hear(`${user}: ${text}`);
  }

  joinpart(): void {
    this.#hear("joinpart");
  }

  /** Until so many lines have come. */
  async has(count: number): Promise<string[]> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => this.#next.push(resolve));
    }

    return this.heard;
  }

  #hear(line: string): void {
    this.heard.push(line);
    this.#next.splice(0).forEach((resolve) => resolve());
  }
}

async function join(): Promise<{ client: JsonRpcClient; chatter: Chatter }> {
  const chatter = new Chatter();
  const client = new JsonRpcClient(`ws://127.0.0.1:${node.port}/jsonrpc/chat`, { WebSocket, methods: chatter });
  clients.push(client);
  await client.open();
  await client.call("clients");
  return { client, chatter };
}

test("Vectors 43 to 46: two in the chat sample name themselves, talk, and leave", async () => {
  const a = await join();
  const b = await join();
  a.client.notify("set_username", ["ann"]);
  assert.deepEqual(await a.chatter.has(1), ["joinpart"]);
  assert.deepEqual(await b.chatter.has(1), ["joinpart"]);
  assert.deepEqual([...await a.client.call<string[]>("clients")].sort(), ["", "ann"]);
  a.client.notify("say", ["hi"]);
  assert.deepEqual(await a.chatter.has(2), ["joinpart", "ann: hi"]);
  assert.deepEqual(await b.chatter.has(2), ["joinpart", "ann: hi"]);
  await a.client.close();
  assert.deepEqual(await b.chatter.has(3), ["joinpart", "ann: hi", "joinpart"]);
});

test("Service refuses as the protocol says", async () => {
  const { client } = await join();
  const refused = (value: string) => (error: unknown) => error instanceof JsonRpcError && error.value === value;
  await assert.rejects(client.call("nope"), refused("unknown method: nope"));
  await assert.rejects(client.call("_onclose"), refused("method names cannot start with _"));
  await assert.rejects(client.call("say", [1, 2, 3]), refused("invalid params"));
  await assert.rejects(client.call("say", ["requested and not notified"]), JsonRpcError);
  assert.deepEqual(await client.call("clients", [], { id: 0 }), [""]);
});
