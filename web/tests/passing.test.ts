import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConvoyPassing, NearConvoy } from "../src/api/types.ts";
import { byNeed } from "../src/features/day/passing.ts";

const convoy = (id: string, distance_m: number): NearConvoy => ({ id, vehicle: id, area: "pk/sindh/karachi", items: 1, stations: [], points: [], distance_m, from_ms: 0, due_ms: null });
const passing = (convoy: string, meets_it: boolean): ConvoyPassing => ({ convoy, passes_m: meets_it ? 0 : 3000, drive_s: 60, meets_it, round: null });

test("what drives into an incident stands before what is merely near it", () => {
  const convoys = [convoy("near", 100), convoy("late", 400), convoy("unknown", 300), convoy("soon", 4000)];
  const passings = [passing("near", false), passing("late", true), passing("soon", true)];
  assert.deepEqual(byNeed({ convoys, passings }).map((one) => one.convoy.id), ["late", "soon", "near", "unknown"]);
});

test("without a road map the nearest is the first", () => {
  const found = byNeed({ convoys: [convoy("b", 20), convoy("a", 20), convoy("c", 10)], passings: [] });
  assert.deepEqual(found.map((one) => [one.convoy.id, one.passing]), [["c", null], ["a", null], ["b", null]]);
});
