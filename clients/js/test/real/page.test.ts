import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RealNode } from "../kit/RealNode.js";
import { repository } from "../kit/repository.js";

const folder = fileURLToPath(new URL("../..", import.meta.url));

/** What Node.js 18 and 20 lack. */
const prelude = `
  import { webcrypto } from "node:crypto";
  import { WebSocket } from "ws";
  globalThis.crypto ??= webcrypto;
  globalThis.WebSocket ??= WebSocket;
`;

/** What each program of the page prints, in the page's order. */
const expected = [
  /^said \{ text: 'hola!' \}\nthe event 1 of the channel, for 1\n$/,
  /^the client is closed \(1006, there is no token any more\)\n$/,
  /^from 0 recovered: false\nsaid hola!\n$/,
  /^1 headline It works\n0 0\n$/,
  /^1\n$/,
  /^\[ 'ann' \]\nann: hola!\n$/,
  /^said \{ text: 'hola!' \}\n$/,
];

const programs = [...readFileSync(`${repository}/docs/clients-js.md`, "utf8").matchAll(/```js\n([\s\S]*?)```/g)].map(([, program]) => program ?? "");
let node: RealNode;

before(async () => {
  node = await RealNode.start({
    Broker__JsonRpc__Services__0__Name: "chat",
    Broker__JsonRpc__Services__0__Assembly: `${repository}/samples/Broker.Samples.JsonRpcChat/bin/Debug/net10.0/Broker.Samples.JsonRpcChat.dll`,
  });
});

after(() => node.end());

test("Page has as many programs as are tried", () => assert.equal(programs.length, expected.length));

for (const [index, said] of expected.entries()) {
  test(`Program ${index + 1} of the page does what the page says`, async () => {
    const program = (programs[index] ?? "").replaceAll("localhost:9772", `127.0.0.1:${node.port}`).replace(/await fetch\(.*\)/, "{ status: 401 }");
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", prelude + program], { cwd: folder, timeout: 60_000 });
    assert.match(stdout, said);
  });
}
