import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { comeBackAfter } from "../../dist/connections/comeBack.js";
import { repository } from "../kit/repository.js";

test("Close codes of the broker's page are obeyed, each one", () => {
  const page = readFileSync(`${repository}/docs/native.md`, "utf8");
  const table = page.slice(page.indexOf("## Close codes"), page.indexOf("## Limits"));
  const rows = [...table.matchAll(/^\| (\d{4}) \|[^|]*\| (yes|no)/gm)];
  assert.ok(rows.length >= 15, `${rows.length} rows`);
  for (const [row, code, answer] of rows) {
    assert.equal(comeBackAfter(Number(code)) === "never" ? "no" : "yes", answer, row);
  }
});

test("Planned closes are come back from at once, spread a little", () => {
  assert.deepEqual([1001, 1012, 3005, 3020].map(comeBackAfter), ["soon", "soon", "soon", "soon"]);
});

test("Closes that nobody explained are failures, and come back from after a back-off", () => {
  assert.deepEqual([1000, 1005, 1006, 1011, 1013, 1014, 1015, 3008, 3012, 3021, 3499, 4000].map(comeBackAfter), Array(12).fill("later"));
});

test("Whole range from 3500 to 3999 is never come back from", () => {
  assert.deepEqual([3500, 3510, 3520, 3999, 1002, 1003, 1007, 1008, 1009, 1010].map(comeBackAfter), Array(10).fill("never"));
});
