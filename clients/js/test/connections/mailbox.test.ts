import assert from "node:assert/strict";
import { test } from "node:test";
import { Mailbox } from "../../dist/connections/Mailbox.js";

const make = (limit = 3): Mailbox<string> => new Mailbox(limit, () => "gap", () => {});

test("Items are read in order, before or after they are asked for", async () => {
  const mailbox = make();
  mailbox.put("a");
  mailbox.put("b");
  assert.deepEqual([(await mailbox.next()).value, (await mailbox.next()).value], ["a", "b"]);
  const asked = [mailbox.next(), mailbox.next()];
  mailbox.put("c");
  mailbox.put("d");
  assert.deepEqual((await Promise.all(asked)).map(({ value }) => value), ["c", "d"]);
});

test("Items over the limit give way to one that says so, and what comes after it is kept", async () => {
  const mailbox = make(2);
  for (const item of ["a", "b", "c", "d"]) {
    mailbox.put(item);
  }

  mailbox.end(null);
  const read = [];
  for await (const item of mailbox) {
    read.push(item);
  }

  assert.deepEqual(read, ["gap", "d"]);
});

test("End with an error is thrown once, behind what came before", async () => {
  const mailbox = make();
  mailbox.put("a");
  mailbox.end(new Error("over"));
  assert.equal((await mailbox.next()).value, "a");
  await assert.rejects(mailbox.next(), /over/);
  assert.equal((await mailbox.next()).done, true);
});

test("End with an error reaches one who waits", async () => {
  const mailbox = make();
  const [first, second] = [mailbox.next(), mailbox.next()];
  mailbox.end(new Error("over"));
  await assert.rejects(first, /over/);
  assert.equal((await second).done, true);
});

test("Reader who leaves is known", async () => {
  let hasLeft = false;
  const mailbox = new Mailbox(3, () => "gap", () => (hasLeft = true));
  mailbox.put("a");
  for await (const item of mailbox) {
    assert.equal(item, "a");
    break;
  }

  assert.ok(hasLeft);
});
