import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConvoyRow, ConvoyView } from "../src/api/types.ts";
import { at, frame, hourMarks, kilometres, path, readNarrows, sums, track, withRows, writeNarrows } from "../src/features/convoys/convoy.ts";

const plain = (text: string): string => text.replace(/\p{Bidi_Control}/gu, "");
const office = { lat: 24.8, lon: 67.9 };
const call = (arrive: number, leave: number, lat: number | null): ConvoyView["calls"][number] => ({
  building: "B", name: "", class: "normal", lat, lon: lat === null ? null : 67.9, stations: [], arrive_s: arrive, overdue_s: arrive, leave_s: leave, bags: 1, people: 2, bag_from: 1, bag_until: 1, registered: [],
});
const convoy = { depart_s: 100, home_s: 900, calls: [call(200, 300, 24.9), call(400, 500, null)] } as unknown as ConvoyView;

test("times run on past midnight and say so", () => {
  assert.deepEqual([at(0), at(86_399), at(86_400), at(97_200)].map(plain), ["00:00", "23:59", "00:00 +1", "03:00 +1"]);
});
test("a convoy stands level and comes home; what lies nowhere is left out", () => {
  const fixes = track(convoy, office);
  assert.deepEqual(fixes.map(([s]) => s), [100, 200, 300, 900]);
  assert.equal(fixes[1]?.[1], fixes[2]?.[1]);
  assert.ok(Math.abs((fixes[1]?.[1] ?? 0) - 11.12) < 0.01);
  assert.deepEqual(path(convoy, office), [office, { lat: 24.9, lon: 67.9 }, office]);
  assert.equal(kilometres(office, office), 0);
});
test("a map keeps its shape, its north above, and everything inside", () => {
  const fit = frame([{ lat: 24, lon: 67 }, { lat: 25, lon: 68 }], 600, 400, 20);
  assert.ok(fit.y(25) < fit.y(24) && fit.x(68) > fit.x(67));
  assert.ok(fit.y(25) >= 19.9 && fit.y(24) <= 380.1);
  const degree = [fit.x(68) - fit.x(67), fit.y(24) - fit.y(25)] as const;
  assert.ok(Math.abs(degree[0] / degree[1] - Math.cos((24.5 * Math.PI) / 180)) < 1e-9);
  const alone = frame([office], 600, 400, 20);
  assert.deepEqual([alone.x(67.9), alone.y(24.8)], [300, 200]);
});
test("hours are marked, never too many of them", () => {
  assert.deepEqual(hourMarks(9 * 3600, 12 * 3600).map((s) => s / 3600), [9, 10, 11, 12]);
  assert.ok(hourMarks(0, 72 * 3600).length <= 10);
});
test("what is planned anew takes the place of what was, and plans without a bound are counted", () => {
  const row = (seat: string, eve: number | null, night: number | null): ConvoyRow => ({ seat, eve: { gap_permille: eve }, night: { gap_permille: night } }) as unknown as ConvoyRow;
  const rows = withRows([row("a", 1, 1), row("b", 5, null)], [row("a", 9, 7)]);
  assert.deepEqual(rows.map((one) => one.seat).sort(), ["a", "b"]);
  assert.deepEqual(sums(rows), { plans: 4, unbound: 1, medianPermille: 7 });
  assert.deepEqual(sums([]), { plans: 0, unbound: 0, medianPermille: null });
});
test("narrow places are read back as they are written, and the line that is none is named", () => {
  const text = "Indus bridge, old, 25.44, 68.32, 300\n\nGate, 30, 67, 50";
  const read = readNarrows(text);
  assert.ok(typeof read !== "number" && read.length === 2 && read[0]?.name === "Indus bridge, old");
  assert.deepEqual(readNarrows(writeNarrows(read)), read);
  for (const [bad, line] of [["x", 1], ["Gate, 30, 67, 50\nGate, 91, 67, 50", 2], ["Gate, 30, 67, 0", 1], [", 30, 67, 5", 1], ["Gate, 30, 67, 1.5", 1], ["Gate, 30, , 5", 1]] as const) assert.equal(readNarrows(bad), line, bad);
});
