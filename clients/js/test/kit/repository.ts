import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The working tree that the tests are of. */
export const repository = find(dirname(fileURLToPath(import.meta.url)));

function find(folder: string): string {
  if (existsSync(`${folder}/Broker.sln`)) {
    return folder;
  }

  const parent = dirname(folder);
  if (parent === folder) {
    throw new Error("the tests run outside of the repository");
  }

  return find(parent);
}
