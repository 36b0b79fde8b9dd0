import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../dist/connections/Backoff.js";

test("Delay grows from nothing to twice as much each time, and no further than the longest", () => {
  const highest = new Backoff(500, 3_000, () => 0.999999);
  const lowest = new Backoff(500, 3_000, () => 0);
  assert.deepEqual([1, 2, 3, 4, 5].map(() => Math.round(highest.next())), [500, 1_000, 2_000, 3_000, 3_000]);
  assert.deepEqual([1, 2, 3].map(() => lowest.next()), [0, 0, 0]);
});

test("Delay after a reset is the first again", () => {
  const backoff = new Backoff(500, 30_000, () => 0.5);
  backoff.next();
  backoff.next();
  backoff.reset();
  assert.equal(backoff.attempts, 0);
  assert.equal(backoff.next(), 250);
});

test("Delay after thousands of attempts is a number", () => {
  const backoff = new Backoff(500, 30_000, () => 0.5);
  for (let attempt = 0; attempt < 5_000; attempt++) {
    assert.ok(backoff.next() <= 15_000);
  }

  assert.equal(backoff.next(), 15_000);
});
