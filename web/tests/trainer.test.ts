// What a lesson does with time, acts and hands before the node judges it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WHOM_KEYS, WORD_MS, DEED_KEYS, csv, dueMs, goesOn, raised, said, withAct } from "../src/features/trainer/lesson.ts";

const TEXT = "Control from D012 S03 07. A7, the station is open. Over.";

test("a message is said word by word, and at the harder levels it is gone soon after", () => {
  const words = TEXT.split(" ").length;
  assert.deepEqual(said(TEXT, 0, 1), { words: "Control", gone: false, endMs: words * WORD_MS });
  assert.equal(said(TEXT, words * WORD_MS, 1).words, TEXT);
  assert.deepEqual([1, 2, 3].map((level) => said(TEXT, words * WORD_MS + 3000, level).gone), [false, false, true]);
  assert.deepEqual([1, 2, 3].map((level) => said(TEXT, words * WORD_MS + 6000, level).gone), [false, true, true]);
});

test("only the hardest net goes on alone, and words come to a desk the sooner the harder", () => {
  assert.deepEqual([1, 2, 3].map((level) => goesOn(60_000, 5000, level)), [false, false, true]);
  assert.equal(goesOn(19_000, 5000, 3), false);
  const due = [1, 2, 3].map((level) => dueMs(1000, level));
  assert.ok(due[0]! > due[1]! && due[1]! > due[2]! && due[2]! > 1000, String(due));
});

test("what is done twice counts as it was done first", () => {
  const first = withAct([], { deed: "give", whom: "police", after_ms: 900 });
  assert.deepEqual(withAct(first, { deed: "give", whom: "police", after_ms: 4000 }), first);
  assert.equal(withAct(first, { deed: "give", whom: "qrf", after_ms: 4000 }).length, 2);
  for (const key of [...Object.keys(DEED_KEYS), "z", "g"]) assert.ok(!WHOM_KEYS.includes(key), `${key} has one meaning`);
  assert.equal(new Set(WHOM_KEYS).size, WHOM_KEYS.length);
});

test("hands go neither below none nor beyond a hall", () => {
  assert.deepEqual(raised([], 1, 1, 4), [0, 1, 0, 0]);
  assert.deepEqual(raised([0, 1, 0, 0], 1, -3, 4), [0, 0, 0, 0]);
  assert.deepEqual(raised([999], 0, 1, 3), [999, 0, 0]);
});

test("a sheet's cell is no formula and keeps its commas", () => {
  assert.equal(csv([["a", 1, null], ["=1+1", 'say "again", over', -2]]), 'a,1,\r\n\'=1+1,"say ""again"", over",\'-2\r\n');
});
