import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReserveRow } from "../src/api/types.ts";
import { actsOf, ESTIMATED, gapOf, inAll, maskOf, minutes, readCover, readLine, withLost, writeLine } from "../src/features/reserves/basing.ts";
import { waitStep } from "../src/map/look.ts";

const row = (more: Partial<ReserveRow>): ReserveRow => ({ id: "R-1", label: "", status: "draft", made_ms: 1, by: "a", teams: 2, bases: 2, objective: 98, bound: 100, gap: 2, stopped: false, by_road: 0, estimated: 6, in_force: false, here: true, ...more });
const all = (): boolean => true;

test("whoever proposed a basing does not answer it, and a right that is missing offers nothing", () => {
  const proposed = row({ status: "proposed", proposed_by: "a" });
  assert.deepEqual(actsOf(proposed, "a", all), ["withdraw"]);
  assert.deepEqual(actsOf(proposed, "b", all), ["approve", "reject", "withdraw"]);
  assert.deepEqual(actsOf(proposed, "b", (permission) => permission === "plan.approve"), ["approve", "reject"]);
  assert.deepEqual(actsOf(row({ status: "approved", proposed_by: "a" }), "a", all), ["adopt", "withdraw"]);
  assert.deepEqual(actsOf(row({ status: "withdrawn" }), "b", all), []);
});
test("a basing that is not here any more is not proposed", () => {
  assert.deepEqual(actsOf(row({}), "a", all), ["propose"]);
  assert.deepEqual(actsOf(row({ here: false }), "a", all), []);
});
test("a line is read as it was written, and nonsense is none", () => {
  assert.deepEqual(readLine(writeLine([30.2, 67, -1.5, 67.12345])), [30.2, 67, -1.5, 67.1235]);
  for (const wrong of ["", "1,2,3", "1,2,3,4,5", "1,2,,4", "a,b,c,d", "91,0,0,0", "0,181,0,0", "1,2,3,Infinity"]) assert.equal(readLine(wrong), null, wrong);
});
test("bytes are read as columns, and what is lost is marked without losing that it is estimated", () => {
  const { cover, minutes: wait } = readCover(Uint8Array.from([1, 9, 2 + ESTIMATED, 14, 0, 0, 5, 255]));
  assert.deepEqual([...cover], [1, 10, 0, 5]);
  assert.deepEqual([...wait], [9, 14, 0, 255]);
  assert.deepEqual([...withLost(cover, [1, 99])], [1, 6 + ESTIMATED, 0, 5]);
  assert.deepEqual([...cover], [1, 10, 0, 5], "the basing itself stays as it is");
  assert.deepEqual([...maskOf(cover, Uint8Array.from([0, 2, 2, 2]), 2)], [0, 1, 0, 1]);
  assert.deepEqual([...maskOf(cover, Uint8Array.from([0, 2, 2, 2]), null)], [1, 1, 0, 1]);
});
test("begun minutes count, and times have their steps", () => {
  assert.deepEqual([0, 1, 60, 61].map(minutes), [0, 1, 1, 2]);
  assert.deepEqual([10, 11, 30, 31, 60, 61, 255].map(waitStep), [0, 1, 2, 3, 3, 4, 4]);
  assert.equal(gapOf({ gap: 2, bound: 100 }), 0.02);
  const classes = [{ class: "normal" as const, stations: 4, reached: 3, twice: 1, guaranteed: 4, worst_s: 1, estimated: 4 }, { class: "most" as const, stations: 2, reached: 2, twice: 2, guaranteed: 2, worst_s: null, estimated: 0 }];
  assert.deepEqual([inAll(classes, "stations"), inAll(classes, "estimated")], [6, 4]);
});
