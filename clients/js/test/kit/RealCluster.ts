import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { build } from "./RealNode.js";
import { repository } from "./repository.js";

/** Nodes, PostgreSQL, RabbitMQ and haproxy as processes of this machine, by `./cluster`. */
export class RealCluster {
  readonly #data = mkdtempSync(`${tmpdir()}/broker-cluster-`);

  static async start(nodes: number): Promise<RealCluster> {
    const cluster = new RealCluster();
    try {
      await cluster.run("up", String(nodes), "--port", "0");
      return cluster;
    } catch (error) {
      await cluster.end();
      throw error;
    }
  }

  /** Where clients connect: haproxy's address for the native dialect. */
  async rpc(): Promise<string> {
    return `${(await this.#status()).loadBalancer.replace(/^http/, "ws").replace(/\/$/, "")}/rpc`;
  }

  /** The nodes that run, and how many clients each has. */
  async nodes(): Promise<{ id: string; sessions: number }[]> {
    const { nodes } = await this.#status();
    return Promise.all(nodes.map(async ({ id, url }) => {
      const health = await fetch(new URL("/health/ready", url));
      return { id, sessions: ((await health.json()) as { sessions: number }).sessions };
    }));
  }

  async run(...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(`${repository}/cluster`, ["--data", this.#data, ...words], {
      env: { ...process.env, BROKER_BUILD: build },
      timeout: 360_000,
    });
    return stdout;
  }

  async end(): Promise<void> {
    await this.run("down");
    rmSync(this.#data, { recursive: true, force: true });
  }

  async #status(): Promise<{ loadBalancer: string; nodes: { id: string; url: string }[] }> {
    return JSON.parse(await this.run("status", "--json"));
  }
}
