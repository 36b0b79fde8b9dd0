import { webcrypto } from "node:crypto";
import { afterEach } from "node:test";
import { BrokerClient, type ClientOptions, type Subscription } from "broker-client";
import { WebSocket } from "ws";
import { text } from "./text.js";

// Node.js 18 has it, but not among its globals.
Object.defineProperty(globalThis, "crypto", { value: globalThis.crypto ?? webcrypto, configurable: true });

const clients: BrokerClient[] = [];

// What a test that failed left open would keep the process.
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** A client over npm's `ws`, with short delays. Closed with the test. */
export function client(url: string, options: ClientOptions = {}): BrokerClient {
  const client = new BrokerClient(url, { WebSocket, backoffBaseMs: 20, backoffLongestMs: 200, spreadMs: 20, ...options });
  clients.push(client);
  return client;
}

/** What a subscription brings, a line each without the epoch, and waiting for a line. */
export class Lines {
  readonly all: string[] = [];
  #waiting: { line: string; resolve(): void }[] = [];

  constructor(subscription: Subscription) {
    void (async () => {
      try {
        for await (const item of subscription) {
          this.#put(text(item).replace(/@.*\//, "@"));
        }

        this.#put("end");
      } catch (error) {
        this.#put(`error ${String(error)}`);
      }
    })();
  }

  /** Until this line has come. */
  has(line: string): Promise<void> {
    return this.all.includes(line) ? Promise.resolve() : new Promise((resolve) => this.#waiting.push({ line, resolve }));
  }

  #put(line: string): void {
    this.all.push(line);
    this.#waiting = this.#waiting.filter((waiting) => {
      if (waiting.line === line) {
        waiting.resolve();
      }

      return waiting.line !== line;
    });
  }
}

/** The next time that something is told. */
export function told(client: BrokerClient, name: "connected" | "lost" | "closed"): Promise<any> {
  return new Promise((resolve) => {
    const off = client.on(name, (value) => {
      off();
      resolve(value);
    });
  });
}
