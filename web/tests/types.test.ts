// The screens are written against the document that the program answers by.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TARGET, typesOfDocument } from "../scripts/types.mjs";

test("the generated types are those of the committed document", async () => {
  assert.ok(readFileSync(TARGET, "utf8") === (await typesOfDocument()), "run `npm run types`");
});
