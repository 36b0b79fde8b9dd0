import { once } from "node:events";
import { afterEach } from "node:test";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

const proxies: CutProxy[] = [];
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.end()));
});

/** A network between clients and a node that a test can cut. Ends with the test. */
export class CutProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isDown = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    server.on("connection", (client) => {
      if (this.#isDown) {
        client.destroy();
        return;
      }

      const node = connect(target, "127.0.0.1");
      for (const [one, other] of [[client, node], [node, client]] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => {});
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async start(target: number): Promise<CutProxy> {
    const proxy = new CutProxy(createServer(), target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    proxies.push(proxy);
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get rpc(): string {
    return `ws://127.0.0.1:${this.port}/rpc`;
  }

  /** Every connection is gone, without a farewell. */
  cut(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  /** Cuts, and lets nobody through until `up()`. */
  down(): void {
    this.#isDown = true;
    this.cut();
  }

  up(): void {
    this.#isDown = false;
  }

  async end(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
