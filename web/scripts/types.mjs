// Writes src/api/generated.ts from the committed OpenAPI document. Only its shapes: the screens name their paths
// themselves, and the document's operations share names across tags.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../crates/pehra/openapi.json", import.meta.url);
export const TARGET = new URL("../src/api/generated.ts", import.meta.url);
const HEAD = "// Written by `npm run types` from crates/pehra/openapi.json; not by hand.\n\n";

export async function typesOfDocument() {
  const { openapi, info, components } = JSON.parse(readFileSync(DOCUMENT, "utf8"));
  return HEAD + astToString(await openapiTS({ openapi, info, components, paths: {} }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(TARGET, await typesOfDocument());
}
