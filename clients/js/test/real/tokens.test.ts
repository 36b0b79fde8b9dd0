import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { ClosedError, ErrorCode, type RpcError } from "broker-client";
import { ManualClock } from "../kit/ManualClock.js";
import { client, Lines } from "../kit/real.js";
import { RealNode } from "../kit/RealNode.js";

const Secret = "a secret of the app's, 32 bytes or more";
let node: RealNode;

before(async () => {
  node = await RealNode.start({
    Broker__Apps__0__Id: "shop",
    Broker__Apps__0__Tokens__0__Key: Secret,
    Broker__Namespaces__0__App: "shop",
    Broker__Namespaces__0__Pattern: "private-*",
    Broker__Namespaces__0__Subscribe: "Proof",
    Broker__Tokens__Leeway: "00:00:00",
  });
});

after(() => node.end());

function token(claims: object, livesMs: number): string {
  const encode = (value: string): string => Buffer.from(value).toString("base64url");
  const exp = Math.ceil((Date.now() + livesMs) / 1_000);
  const signed = `${encode('{"alg":"HS256"}')}.${encode(JSON.stringify({ ...claims, exp }))}`;
  return `${signed}.${createHmac("sha256", Secret).update(signed).digest("base64url")}`;
}

const Hour = 3_600_000;

test("Token is renewed over the open connection, by a client whose clock says so", async () => {
  let tokens = 0;
  const clock = new ManualClock();
  const problems: Error[] = [];
  const ann = client(node.rpc, { app: "shop", token: () => token({ sub: "ann" }, ++tokens * Hour), clock, silenceMs: 0 });
  ann.on("problem", (problem) => problems.push(problem));
  const connected = await ann.connect();
  assert.equal(connected.user, "ann");
  await clock.pass(Hour - 29_000);
  await ann.ping();
  assert.equal(tokens, 2);
  await clock.pass(2 * Hour - 29_000);
  await ann.ping();
  assert.equal(tokens, 3, "the second was taken, and counts from its own time");
  assert.deepEqual(problems, []);
  assert.equal(ann.session, connected, "it is still the first connection");
});

test("Token of a subscription is renewed too", async () => {
  let tokens = 0;
  const clock = new ManualClock();
  const problems: Error[] = [];
  const ann = client(node.rpc, { clock, silenceMs: 0, app: "shop", token: token({ sub: "ann" }, 9 * Hour) });
  ann.on("problem", (problem) => problems.push(problem));
  await ann.connect();
  const heard = new Lines(ann.subscribe("private-1", { token: () => token({ channel: "private-1" }, ++tokens * Hour) }));
  await heard.has("subscribed false @0");
  await clock.pass(Hour - 29_000);
  await ann.ping();
  await clock.pass(2 * Hour - 29_000);
  await ann.ping();
  assert.equal(tokens, 3);
  assert.deepEqual(problems, []);
  assert.deepEqual(heard.all, ["subscribed false @0"]);
});

test("Token that has expired closes the connection, and the client comes back by a newer one with nothing lost", async () => {
  // Longer with each that was too short to connect by.
  let life = 1_000;
  const clock = new ManualClock();
  const ann = client(node.rpc, { app: "shop", token: () => token({ sub: "ann" }, life *= 2), clock, silenceMs: 0, tokenAttempts: 10 });
  ann.on("connected", () => (life = Hour));
  const codes: number[] = [];
  const expired = new Promise<void>((resolve) => ann.on("lost", ({ code, retryInMs }) => {
    codes.push(code);
    if (code === 3005) {
      resolve();
    } else {
      void clock.pass(retryInMs);
    }
  }));
  const heard = new Lines(ann.subscribe("news"));
  await ann.connect();
  await heard.has("subscribed false @0");
  await expired;
  await clock.pass(20);
  await heard.has("subscribed true @0");
  assert.equal(codes.filter((code) => code === 3005).length, 1);
});

test("Fixed token that has expired is the end", async () => {
  const bob = client(node.rpc, { app: "shop", token: token({ sub: "bob" }, -1_000) });
  await assert.rejects(bob.connect(), (error) => error instanceof ClosedError && (error.cause as RpcError).code === ErrorCode.TokenExpired);
});
