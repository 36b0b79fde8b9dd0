import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** A web site with the built client under `/dist`, and an empty page for everything else. */
export class Site {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Site> {
    const server = createServer(async ({ url = "/" }, response) => {
      const path = /^\/dist(\/[\w/]+\.js)$/.exec(url)?.[1];
      if (path === undefined) {
        response.setHeader("Content-Type", "text/html");
        response.end("<!doctype html><title>A page</title>");
      } else {
        response.setHeader("Content-Type", "text/javascript");
        response.end(await readFile(dist + path));
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Site(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async end(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
