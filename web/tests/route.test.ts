import assert from "node:assert/strict";
import { test } from "node:test";
import { SCREENS, STAGES, readRoute, stageOf, writeRoute } from "../src/state/route.ts";

test("every screen belongs to one stage", () => {
  assert.deepEqual(Object.values(STAGES).flat().sort(), [...SCREENS].sort());
  assert.equal(stageOf("custody"), "run");
});

test("an address says the same read and written again", () => {
  const route = { screen: "risk" as const, with: { station: "SYN-000012" } };
  assert.deepEqual(readRoute(writeRoute(route)), route);
  assert.equal(writeRoute({ screen: "alerts", with: { area: "" } }), "#/alerts", "what is empty is not written");
  assert.equal(readRoute("#/nowhere").screen, "risk");
});
