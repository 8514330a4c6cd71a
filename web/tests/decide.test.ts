import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pair, RoleGrant } from "../src/api/types.ts";
import { decided, joined, key, taken, undecided, type Verdicts } from "../src/features/imports/pairs.ts";
import { over, waits } from "../src/features/persons/grant.ts";

const side = (id: string): Pair["national"] => ({ id, name: id, lat_e7: 0, lon_e7: 0, men: 1, women: 1, source_row: 2 });
const pair = (national: string, provincial: string): Pair => ({ national: side(national), provincial: side(provincial), distance_m: 5, reason: "several-fit", reason_en: "", reason_ur: "" });
const [one, rival, other] = [pair("NA-1-1", "PK-1-1"), pair("NA-1-1", "PK-1-2"), pair("NA-2-1", "PK-2-1")];

test("a row joins one other row at most", () => {
  let verdicts: Verdicts = decided({}, one, "join");
  assert.ok(taken(verdicts, rival) && !taken(verdicts, one) && !taken(verdicts, other));
  verdicts = decided(verdicts, rival, "join");
  assert.deepEqual(joined(verdicts), [["NA-1-1", "PK-1-2"]]);
});
test("keeping a neighbour apart leaves a join as it is, and a verdict can be taken back", () => {
  let verdicts: Verdicts = decided(decided({}, one, "join"), rival, "keep");
  assert.deepEqual(joined(verdicts), [["NA-1-1", "PK-1-1"]]);
  verdicts = decided(verdicts, one, "");
  assert.deepEqual(verdicts, { [key(rival)]: "keep" });
});
test("what is decided, or impossible after a decision, is not asked again", () => {
  const all = [one, rival, other];
  assert.equal(undecided({}, all).length, 3);
  assert.deepEqual(undecided(decided({}, one, "join"), all), [other]);
  assert.deepEqual(undecided(decided({}, one, "keep"), all), [rival, other]);
});
test("a grant waits until it is answered and is over once it is refused or taken away", () => {
  const grant = (state: string): RoleGrant => ({ grant: "x", role: "DRO", area: "pk", expires_ms: 1, state, granted_by: "first" });
  assert.ok(waits(grant("granted")) && !waits(grant("approved")));
  assert.ok(over(grant("refused")) && over(grant("revoked")) && !over(grant("first")) && !over(grant("disputed")));
});
