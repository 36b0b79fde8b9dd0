import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ErrorCode } from "broker-client";
import { repository } from "../kit/repository.js";

test("Error codes are those of the broker's page, each one", () => {
  const page = readFileSync(`${repository}/docs/native.md`, "utf8");
  const table = page.slice(page.indexOf("## Errors"), page.indexOf("## Close codes"));
  const codes = [...table.matchAll(/^\| (-\d{5}) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(Object.values(ErrorCode).map(Number).sort(), codes.sort());
});
