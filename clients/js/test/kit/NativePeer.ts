import assert from "node:assert/strict";
import { BrokerClient, type ClientOptions, RpcError } from "broker-client";
import { type FakeSocket, FakeSockets } from "./FakeSocket.js";
import { ManualClock, turn } from "./ManualClock.js";

/** A client of the native dialect, with the broker's side in the hands of a test. Its random is always a half. */
export class NativePeer {
  readonly clock = new ManualClock();
  readonly sockets = new FakeSockets();
  readonly client: BrokerClient;
  readonly told: string[] = [];
  #keys = 0;

  constructor(options: ClientOptions = {}) {
    this.client = new BrokerClient("ws://broker.test/rpc", {
      WebSocket: this.sockets.WebSocket,
      clock: this.clock,
      random: () => 0.5,
      newKey: () => `key-${++this.#keys}`,
      silenceMs: 0,
      ...options,
    });
    this.client.on("connected", ({ session }) => this.told.push(`connected ${session}`));
    this.client.on("lost", ({ code, retryInMs }) => this.told.push(`lost ${code}, back in ${retryInMs}`));
    this.client.on("problem", (error) => this.told.push(`problem ${error instanceof RpcError ? error.code : error.message}`));
    this.client.on("closed", ({ code }) => this.told.push(`closed ${code}`));
  }

  get socket(): FakeSocket {
    return this.sockets.last;
  }

  /** Lets the client in on the socket that it has just made. */
  async letIn(result: object = {}): Promise<void> {
    await turn();
    this.socket.open();
    await this.answer("connect", { session: `s${this.sockets.all.length}`, app: "default", user: null, ...result });
  }

  async connect(result: object = {}): Promise<void> {
    const connected = this.client.connect();
    await this.letIn(result);
    await connected;
  }

  /** The request that the client sent next. */
  async take(method: string): Promise<{ id: number; params: any }> {
    await turn();
    const request = this.socket.sent.shift();
    assert.equal(request?.method, method);
    assert.equal(request.jsonrpc, "2.0");
    return request;
  }

  /** Answers the request that the client sent next, and returns what it asked with. */
  async answer(method: string, result: object): Promise<any> {
    const { id, params } = await this.take(method);
    this.socket.say({ jsonrpc: "2.0", result, id });
    await turn();
    return params;
  }

  async refuse(method: string, code: number): Promise<any> {
    const { id, params } = await this.take(method);
    this.socket.say({ jsonrpc: "2.0", error: { code, message: "Refused" }, id });
    await turn();
    return params;
  }

  async notify(method: string, params: object): Promise<void> {
    this.socket.say({ jsonrpc: "2.0", method, params });
    await turn();
  }

  event(channel: string, offset: number, data: unknown = offset, epoch = "e1"): Promise<void> {
    return this.notify("event", { channel, event: "said", data, epoch, offset });
  }

  /** The connection ends, and the client is back on a new socket. */
  async comeBack(code = 1006, result: object = {}): Promise<void> {
    const sockets = this.sockets.all.length;
    this.socket.shut(code);
    for (let waited = 0; waited <= 60_000 && this.sockets.all.length === sockets; waited += 10) {
      await this.clock.pass(10);
    }

    assert.equal(this.sockets.all.length, sockets + 1, "the client came back");
    await this.letIn(result);
  }
}
