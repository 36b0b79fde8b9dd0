import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { JsonRpcClient, JsonRpcError } from "broker-client/jsonrpc";
import { WebSocket } from "ws";
import { type Peer, WsServer } from "../kit/WsServer.js";

/** The service of the protocol's vectors, on the client's side: both ends are peers. */
class Methods {
  ran: string[] = [];
  client: JsonRpcClient | null = null;

  hello(name: string): string[] {
    this.ran.push(`hello ${name} ${JSON.stringify(this.client?.callId)}`);
    return [`hi, ${name}`];
  }

  fail(): never {
    throw new JsonRpcError("boom");
  }

  noret(): void {}

  boom(): never {
    throw new Error("a secret of the program's");
  }

  opt(a: number, b = 2): number[] {
    return [a, b];
  }

  later(value: unknown): Promise<unknown> {
    return new Promise((resolve) => setImmediate(resolve, value));
  }

  falsy(which: number): unknown {
    return [0, false, "", null, []][which];
  }

  big(): bigint {
    return 1n;
  }

  _secret(): void {
    this.ran.push("secret");
  }
}

const clients: JsonRpcClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

async function connect(): Promise<{ peer: Peer; methods: Methods; client: JsonRpcClient; problems: string[]; invalid: string[] }> {
  const server = await WsServer.start();
  const methods = new Methods();
  const client = new JsonRpcClient(server.url, { WebSocket, methods });
  clients.push(client);
  methods.client = client;
  const problems: string[] = [];
  const invalid: string[] = [];
  client.on("problem", ({ message }) => problems.push(message));
  client.on("invalid", (text) => invalid.push(text));
  await client.open();
  return { peer: await server.next(), methods, client, problems, invalid };
}

/** By the numbers of the protocol's vectors: what is sent, and what is answered; null for silence. */
const vectors: [number, string, object | null][] = [
  [1, '{"id":1,"method":"hello","params":["a"]}', { id: 1, result: ["hi, a"], error: null }],
  [2, '{"id":null,"method":"hello","params":["a"]}', null],
  [3, '{"method":"hello","params":["a"]}', null],
  [4, '{"id":0,"method":"hello","params":["a"]}', { id: 0, result: ["hi, a"], error: null }],
  [5, '{"id":"","method":"hello","params":["a"]}', { id: "", result: ["hi, a"], error: null }],
  [6, '{"id":"x","method":"hello","params":["a"]}', { id: "x", result: ["hi, a"], error: null }],
  [7, '{"id":[1],"method":"hello","params":["a"]}', { id: [1], result: ["hi, a"], error: null }],
  [8, '{"id":2,"method":"fail","params":[]}', { id: 2, result: null, error: "boom" }],
  [9, '{"id":null,"method":"fail","params":[]}', null],
  [10, '{"id":3,"method":"opt","params":[1]}', { id: 3, result: [1, 2], error: null }],
  [11, '{"id":4,"method":"fail"}', { id: 4, result: null, error: "boom" }],
  [13, '{"method":"noret","params":[]}', null],
  [14, '{"id":6,"method":"nope","params":[]}', { id: 6, result: null, error: "unknown method: nope" }],
  [15, '{"method":"nope","params":[]}', null],
  [16, '{"id":7,"method":"_secret","params":[]}', { id: 7, result: null, error: "method names cannot start with _" }],
  [17, '{"id":8,"method":"_onclose","params":[]}', { id: 8, result: null, error: "method names cannot start with _" }],
  [18, '{"id":9,"method":"_close","params":[]}', { id: 9, result: null, error: "method names cannot start with _" }],
  [20, '{"id":11,"method":"hello","params":{"name":"bob"}}', { id: 11, result: null, error: "invalid params" }],
  [21, '{"id":12,"method":"boom","params":[]}', { id: 12, result: null, error: "internal error" }],
  [22, "{bad", null],
  [23, '[{"id":1,"method":"hello","params":["a"]}]', null],
  [24, "5", null],
  [25, "{}", null],
  [26, '{"id":1,"method":""}', null],
  [27, '{"id":1,"method":5}', null],
  [28, '{"id":99,"result":"x","error":null}', null],
  [29, '{"result":"x"}', null],
  [30, '{"id":13,"method":"hello","params":["a"],"extra":1}', { id: 13, result: ["hi, a"], error: null }],
];

for (const [number, text, answer] of vectors) {
  test(`Vector ${number}: ${text}`, async () => {
    const { peer, methods, invalid } = await connect();
    peer.sayText(text);
    peer.say({ id: "then", method: "opt", params: [7] });
    if (answer !== null) {
      assert.deepEqual(await peer.hear(), answer);
    }

    assert.deepEqual(await peer.hear(), { id: "then", result: [7, 2], error: null }, "nothing else was said, and the connection is open");
    assert.deepEqual(methods.ran, text.includes('"hello"') && ![20, 23].includes(number) ? [`hello a ${JSON.stringify((JSON.parse(text).id ?? null))}`] : []);
    assert.deepEqual(invalid, [22, 23, 24, 25, 26, 27, 29].includes(number) ? [text] : []);
  });
}

test("Vector 31: two requests at once are answered in order, also when the first takes its time", async () => {
  const { peer } = await connect();
  peer.say({ id: 1, method: "later", params: ["a"] }, { id: 2, method: "opt", params: [1] });
  assert.deepEqual([(await peer.hear()).id, (await peer.hear()).id], [1, 2]);
});

test("Falsy results, nothing, and ids of every kind are answered with all members", async () => {
  const { peer } = await connect();
  for (const [which, result] of [0, false, "", null, []].entries()) {
    peer.say({ id: false, method: "falsy", params: [which] });
    assert.deepEqual(await peer.hear(), { id: false, result, error: null });
  }

  peer.say({ id: { a: 1 }, method: "noret" });
  assert.deepEqual(await peer.hear(), { id: { a: 1 }, result: null, error: null });
});

test("What every object has cannot be called, nor what is no function", async () => {
  const { peer } = await connect();
  for (const method of ["constructor", "toString", "hasOwnProperty", "valueOf", "ran"]) {
    peer.say({ id: 1, method, params: [] });
    assert.deepEqual(await peer.hear(), { id: 1, result: null, error: `unknown method: ${method}` });
  }
});

test("What a method throws is the program's to know, and not the service's", async () => {
  const { peer, problems } = await connect();
  peer.say({ id: 1, method: "boom" }, { id: 2, method: "big" });
  assert.deepEqual([(await peer.hear()).error, (await peer.hear()).error], ["internal error", "internal error"]);
  assert.equal(problems[0], "a secret of the program's");
  assert.match(problems[1] ?? "", /BigInt/);
});

test("Call that runs when the connection is lost is not answered on the next", async () => {
  const server = await WsServer.start();
  let finish = (_: string): void => {};
  const client = new JsonRpcClient(server.url, { WebSocket, backoffBaseMs: 1, methods: { slow: () => new Promise((resolve) => (finish = resolve)), quick: () => 1 } });
  clients.push(client);
  await client.open();
  const first = await server.next();
  const isLost = new Promise((resolve) => client.on("lost", resolve));
  first.say({ id: 1, method: "slow" }, { id: 2, method: "quick" }, { id: 3, result: 0 });
  await new Promise((resolve) => client.on("invalid", resolve) && first.sayText("marker"));
  first.cut();
  await isLost;
  const second = await server.next();
  finish("late");
  second.say({ id: 5, method: "quick" });
  assert.deepEqual(await second.hear(), { id: 5, result: 1, error: null });
});
