import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf, day, moment, plain } from "../src/ui/format.ts";

test("a date keeps its order in a line of Urdu, and goes into the record without drawing marks", () => {
  const at = Date.UTC(2024, 1, 8, 3, 0);
  assert.match(moment(at), /^\p{Bidi_Control}8 Feb, 08:00\p{Bidi_Control}$/u);
  assert.equal(plain(`plan of ${moment(at)}`), "plan of 8 Feb, 08:00");
  assert.equal(plain(day(at)), "8 Feb 2024");
  assert.equal(moment(null), "–");
});
test("an age never lies in the future", () => {
  assert.deepEqual(ageOf(5_000, 1_000), { count: 0, unit: "second" });
  assert.deepEqual(ageOf(0, 7_200_000), { count: 2, unit: "hour" });
});
