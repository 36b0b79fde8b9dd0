import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { repository } from "./repository.js";

/** Where the node was built; what builds it may say so. */
export const build = process.env["BROKER_BUILD"] ?? `${repository}/tests/Broker.Node.Tests/bin/Debug/net10.0`;

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
process.on("SIGTERM", () => process.exit(1));

/** The real node, a process of its own on a free port of loopback. */
export class RealNode {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.port = port;
  }

  /** @param settings By their names in the environment, such as `Broker__Tokens__Leeway`. */
  static async start(settings: Record<string, string> = {}, port = 0): Promise<RealNode> {
    const child = spawn(process.env["DOTNET"] ?? "dotnet", [`${build}/broker.dll`, "--urls", `http://127.0.0.1:${port}`], {
      env: { ...process.env, Broker__Drain__PreDrain: "00:00:00", Broker__Log: "Json", ...settings },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    const said: string[] = [];
    child.stderr.on("data", (data) => said.push(String(data)));
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      const address = /Listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (address !== null) {
        child.stdout.resume();
        return new RealNode(child, Number(address[1]));
      }
    }

    throw new Error(`the node ended without listening: ${said.join("\n")}`);
  }

  get http(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get rpc(): string {
    return `ws://127.0.0.1:${this.port}/rpc`;
  }

  /** Ends the process, and returns once it has ended. */
  async end(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exit = once(this.#process, "exit");
      this.#process.kill(signal);
      await exit;
    }
  }
}
