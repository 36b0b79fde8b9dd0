import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";

/** Debian's Chromium without a window, spoken to by its own DevTools protocol. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #data: string;
  readonly #socket: WebSocket;
  readonly #calls = new Map<number, (answer: any) => void>();
  #session: string | undefined;
  #lastId = 0;

  private constructor(child: ChildProcess, data: string, socket: WebSocket) {
    this.#process = child;
    this.#data = data;
    this.#socket = socket;
    socket.on("message", (text) => {
      const message = JSON.parse(String(text));
      this.#calls.get(message.id)?.(message);
      this.#calls.delete(message.id);
    });
  }

  /** Starts it with one page. */
  static async start(page: string): Promise<Chromium> {
    const data = mkdtempSync(`${tmpdir()}/broker-chromium-`);
    const child = spawn("/usr/bin/chromium", [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run",
      "--remote-debugging-port=0", `--user-data-dir=${data}`, "about:blank",
    ], { stdio: ["ignore", "ignore", "pipe"] });
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    let address: string | undefined;
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) {
        break;
      }
    }

    if (address === undefined) {
      throw new Error(`Chromium ended: ${said.join("\n")}`);
    }

    child.stderr.resume();
    const socket = new WebSocket(address);
    await once(socket, "open");
    const chromium = new Chromium(child, data, socket);
    await chromium.#open(page);
    return chromium;
  }

  /** Runs the body of an async function in the page; what it returns is JSON. */
  async run(body: string): Promise<any> {
    const { result, exceptionDetails } = await this.#call("Runtime.evaluate", {
      expression: `(async () => {${body}})()`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }

    return result.value;
  }

  async end(): Promise<void> {
    this.#socket.terminate();
    if (this.#process.exitCode === null) {
      const exit = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await exit;
    }

    rmSync(this.#data, { recursive: true, force: true, maxRetries: 10 });
  }

  async #open(page: string): Promise<void> {
    const { targetInfos } = await this.#call("Target.getTargets", {});
    const target = targetInfos.find(({ type }: { type: string }) => type === "page");
    const { sessionId } = await this.#call("Target.attachToTarget", { targetId: target.targetId, flatten: true });
    this.#session = sessionId;
    await this.#call("Page.enable", {});
    const loaded = new Promise<void>((resolve) => this.#socket.on("message", (text) => {
      if (JSON.parse(String(text)).method === "Page.loadEventFired") {
        resolve();
      }
    }));
    await this.#call("Page.navigate", { url: page });
    await loaded;
  }

  async #call(method: string, params: object): Promise<any> {
    const id = ++this.#lastId;
    const answer = new Promise<any>((resolve) => this.#calls.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }));
    const { result, error } = await answer;
    if (error !== undefined) {
      throw new Error(`${method}: ${error.message}`);
    }

    return result;
  }
}
