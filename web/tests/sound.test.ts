import assert from "node:assert/strict";
import { test } from "node:test";
import type { QueueItem } from "../src/features/day/queue.ts";
import { callsOf, notesOf, type Heard } from "../src/features/day/sound.ts";

const item = (key: string, severity: number, more: Record<string, unknown> = {}, targetMs: number | null = 10_000): QueueItem =>
  ({ key, kind: "incident", severity, most: false, atMs: 0, targetMs, count: 1, incident: { phase: "reported", asked: "sector", passed: 0, ...more }, alarm: null, unit: null, silences: [] }) as unknown as QueueItem;
const why = (before: ReadonlyMap<string, Heard> | null, queue: QueueItem[], dayMs = 0, nowMs = 0): string[] => callsOf(before, queue, dayMs, nowMs).calls.map((call) => `${call.item.key} ${call.why}`);
const known = (queue: QueueItem[]): Map<string, Heard> => callsOf(null, queue, 0, 0).heard;

test("what stands in the first picture makes no sound, and small things never do", () => {
  assert.deepEqual(why(null, [item("a", 5)]), []);
  assert.deepEqual(why(new Map(), [item("a", 2), item("b", 1)]), []);
});
test("what is new calls, the gravest first", () => {
  assert.deepEqual(why(new Map(), [item("a", 3), item("b", 5)]), ["b new", "a new"]);
});
test("a grave one calls again every half minute while nobody answers, and is still once somebody has", () => {
  const before = known([item("a", 4)]);
  assert.deepEqual(why(before, [item("a", 4)], 0, 29_000), []);
  assert.deepEqual(why(before, [item("a", 4)], 0, 30_000), ["a again"]);
  assert.deepEqual(why(before, [item("a", 4, { phase: "acknowledged" })], 0, 30_000), []);
  assert.deepEqual(why(known([item("a", 3)]), [item("a", 3)], 0, 60_000), [], "a lesser one calls once");
});
test("a level that did not answer is heard as it goes up, and a missed target once", () => {
  const before = known([item("a", 3)]);
  assert.deepEqual(why(before, [item("a", 3, { asked: "district", passed: 1 })]), ["a up"]);
  assert.deepEqual(why(before, [item("a", 3)], 10_001), ["a late"]);
  const late = callsOf(before, [item("a", 3)], 10_001, 0).heard;
  assert.deepEqual(why(late, [item("a", 3)], 20_000), []);
});
test("the graver, the more notes, and no two alike", () => {
  assert.ok(notesOf(5, "new").length > notesOf(4, "new").length && notesOf(4, "new").length > notesOf(3, "new").length);
  assert.notDeepEqual(notesOf(5, "again"), notesOf(4, "again"));
});
