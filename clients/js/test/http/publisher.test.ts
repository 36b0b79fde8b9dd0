import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionLostError, HttpProblemError, HttpPublisher, type HttpPublisherOptions, TimeoutError } from "broker-client";
import { ManualClock } from "../kit/ManualClock.js";

/** A publisher whose requests are answered as the test says, one after the other; a hanging one for nothing more. */
function make(answers: (Response | Error)[], options: HttpPublisherOptions = {}): { publisher: HttpPublisher; clock: ManualClock; requests: { url: string; init: any; body: any }[] } {
  const clock = new ManualClock();
  const requests: { url: string; init: any; body: any }[] = [];
  const fetch = async (url: unknown, init: any): Promise<Response> => {
    requests.push({ url: String(url), init, body: JSON.parse(init.body) });
    const answer = answers.shift() ?? (await new Promise<Error>((resolve) => init.signal.addEventListener("abort", () => resolve(new Error("aborted")))));
    if (answer instanceof Error) {
      throw answer;
    }

    return answer;
  };
  const publisher = new HttpPublisher("http://broker.test", { fetch: fetch as typeof globalThis.fetch, clock, random: () => 0.5, newKey: () => "key", ...options });
  return { publisher, clock, requests };
}

const done = (): Response => new Response('{"epoch":"e1","offset":7,"receivers":2}');
const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ status, code, detail: "so it is" }), { status, headers });

test("Publish is one request with a key, and gives the event's place", async () => {
  const { publisher, clock, requests } = make([done()], { app: "shop", apiKey: "0123456789abcdef" });
  assert.deepEqual(await publisher.publish("chat", "said", { text: "hola!" }), { position: { epoch: "e1", offset: 7 }, receivers: 2 });
  assert.deepEqual(requests.map(({ url, body }) => [url, body]), [["http://broker.test/api/publish", { app: "shop", channel: "chat", event: "said", data: { text: "hola!" }, idempotencyKey: "key" }]]);
  assert.equal(requests[0]?.init.headers.Authorization, "Bearer 0123456789abcdef");
  assert.equal(clock.timers, 0);
});

test("Publish is repeated with its key after what may pass, and no sooner than it was asked to", async () => {
  const { publisher, clock, requests } = make([problem(503, "unavailable", { "Retry-After": "2" }), problem(504, "outcome_unknown"), new TypeError("fetch failed"), done()]);
  const promise = publisher.publish("chat", "said", 1);
  await clock.pass(2_249);
  assert.equal(requests.length, 1);
  await clock.pass(1);
  assert.equal(requests.length, 2);
  await clock.pass(500);
  await clock.pass(1_000);
  assert.equal((await promise).receivers, 2);
  assert.deepEqual(requests.map(({ body }) => body.idempotencyKey), Array(4).fill("key"));
});

test("Refusal for good is an error with its code", async () => {
  const { publisher, requests } = make([problem(403, "forbidden")]);
  await assert.rejects(publisher.publish("chat", "said", 1), (error) => error instanceof HttpProblemError && error.status === 403 && error.code === "forbidden" && /so it is/.test(error.message));
  assert.equal(requests.length, 1);
});

test("Answer of something between is an error too", async () => {
  const { publisher } = make([new Response("<html>", { status: 418 })]);
  await assert.rejects(publisher.publish("chat", "said", 1), (error) => error instanceof HttpProblemError && error.code === "unknown");
});

test("Time that is over says whether it may have happened", async () => {
  const outcome = (mayHaveHappened: boolean) => (error: unknown) => error instanceof TimeoutError && error.mayHaveHappened === mayHaveHappened;
  const hanging = make([], { timeoutMs: 1_000 });
  const first = assert.rejects(hanging.publisher.publish("chat", "said", 1), outcome(true));
  await hanging.clock.pass(1_000);
  await first;
  const refused = make([problem(503, "unavailable", { "Retry-After": "5" })], { timeoutMs: 1_000 });
  const second = assert.rejects(refused.publisher.publish("chat", "said", 1), outcome(false));
  await refused.clock.pass(1_000);
  await second;
  const lost = make([new TypeError("fetch failed")], { timeoutMs: 100 });
  const third = assert.rejects(lost.publisher.publish("chat", "said", 1), (error) => outcome(true)(error) && (error as TimeoutError).cause instanceof ConnectionLostError);
  await lost.clock.pass(100);
  await third;
  assert.equal(hanging.clock.timers + refused.clock.timers + lost.clock.timers, 0);
});

test("Options and data that cannot be are mistakes of the program", async () => {
  assert.throws(() => make([], { apiKey: "k", token: "t" }), TypeError);
  assert.throws(() => make([], { timeoutMs: 0 }), /timeoutMs is a number from 1 on/);
  assert.throws(() => new HttpPublisher("nonsense"), TypeError);
  await assert.rejects(make([]).publisher.publish("chat", "said", undefined), TypeError);
});
