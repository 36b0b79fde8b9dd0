import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";

const servers: WsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end()));
});

/** A WebSocket server whose words a test has in hand. Ends with the test. */
export class WsServer {
  readonly #server: WebSocketServer;
  readonly #waiting: ((peer: Peer) => void)[] = [];
  readonly #peers: Peer[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => {
      const peer = new Peer(socket);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) {
        this.#peers.push(peer);
      } else {
        waiting(peer);
      }
    });
  }

  static async start(): Promise<WsServer> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const started = new WsServer(server);
    servers.push(started);
    return started;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next client that connects. */
  next(): Promise<Peer> {
    const peer = this.#peers.shift();
    return peer !== undefined ? Promise.resolve(peer) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  async end(): Promise<void> {
    this.#server.clients.forEach((socket) => socket.terminate());
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** One client's connection, seen from the server. */
export class Peer {
  readonly #socket: WebSocket;
  readonly #frames: unknown[] = [];
  readonly #waiting: ((frame: any) => void)[] = [];
  readonly closed: Promise<number>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      const waiting = this.#waiting.shift();
      if (waiting === undefined) {
        this.#frames.push(frame);
      } else {
        waiting(frame);
      }
    });
  }

  /** What the client says next. */
  hear(): Promise<any> {
    const frame = this.#frames.shift();
    return frame !== undefined ? Promise.resolve(frame) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  say(...frames: unknown[]): void {
    frames.forEach((frame) => this.sayText(JSON.stringify(frame)));
  }

  sayText(text: string): void {
    this.#socket.send(text);
  }

  close(code: number, reason = ""): void {
    this.#socket.close(code, reason);
  }

  cut(): void {
    this.#socket.terminate();
  }
}
