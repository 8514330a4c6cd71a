import assert from "node:assert/strict";
import { test } from "node:test";
import type { AreaView, Counts, IncidentView } from "../src/api/types.ts";
import { inTurn, sums } from "../src/features/day/wall.ts";

const counts = (late: number, dark: number): Counts => ({ stages: [[10, 0, 0, late, 0, 0, 0], [0, 0, 0, 0, 0, 0, dark], [0, 0, 0, 0, 0, 0, 0]], trouble: 0, opened: 3, closed: 0, disputed: 0 });
const area = (index: number, late: number, dark: number): AreaView => ({ index, counts: counts(late, dark), alarms: [], heard_ms: null });
const incident = (of: string, phase: string): IncidentView => ({ area: of, phase, merged_into: null }) as unknown as IncidentView;
const AREAS = ["pk/a", "pk/b", "pk/c", "pk/d"];

test("a wall says every station once", () => {
  const told = sums(counts(2, 5));
  assert.equal(told.slice(0, 4).reduce((sum, part) => sum + part.n, 0), 17);
  assert.deepEqual(told.map((part) => part.n), [10, 2, 0, 5, 3, 0]);
});
test("districts take turns, the worst first, and none in which all is well", () => {
  const areas = [area(0, 0, 0), area(1, 1, 2), area(2, 0, 7), area(3, 0, 0)];
  const turns = inTurn(areas, [incident("pk/d", "reported"), incident("pk/b", "closed")], (index) => AREAS[index] ?? "");
  assert.deepEqual(turns.map((turn) => [turn.area, turn.incidents]), [["pk/d", 1], ["pk/c", 0], ["pk/b", 0]]);
  assert.deepEqual(turns[2]?.parts.map((part) => [part.word, part.n]), [["ladder.late", 1], ["ladder.dark", 2]]);
  assert.deepEqual(inTurn(areas, [], () => ""), [], "a district without a name is not shown as another");
});
