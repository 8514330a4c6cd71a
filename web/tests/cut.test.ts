import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, bars, clockOf, DEFAULT_CUT, readCut, spanOf } from "../src/features/comms/cut.ts";

test("a cut in the address is read back as it was asked, and nonsense is the default", () => {
  const cut = { from: "05:39", hours: 26, services: ["voice" as const, "data" as const], notice: "feared", terminals: 0 };
  assert.deepEqual(readCut(asked(cut)), cut);
  assert.deepEqual(readCut({ from: "25:00", hours: "-1", services: "post", notice: "perhaps", terminals: "1e9" }), DEFAULT_CUT);
  assert.deepEqual(readCut({}), DEFAULT_CUT);
});
test("minutes are said as hours of the eve, the day and the day after", () => {
  assert.deepEqual([-180, 0, 339, 1740].map(clockOf), ["D−1 21:00", "00:00", "05:39", "D+1 05:00"]);
  assert.deepEqual([45, 720, 12_000].map(spanOf), ["45 s", "12 min", "3 h 20"]);
});
test("shares add up, and an hour without stations draws nothing", () => {
  const hour = { minute: 60, by_rungs: [1, 1, 2, 0], dark: [1, 0, 0], age_p50_s: [0, 0, 0], age_p95_s: [0, 0, 0] };
  assert.deepEqual(bars([hour])[0]?.parts, [0.25, 0.25, 0.5, 0]);
  assert.equal(bars([{ ...hour, by_rungs: [0, 0, 0, 0] }])[0]?.parts.reduce((a, b) => a + b), 0);
});
