import assert from "node:assert/strict";
import { test } from "node:test";
import type { AreaView, IncidentView, SilenceView, UnitLate } from "../src/api/types.ts";
import { queueOf } from "../src/features/day/queue.ts";

const silence = (area: string, station: string, more: Partial<SilenceView> = {}): SilenceView =>
  ({ id: `A8@${station}`, area, code: "A8", stage: "red", due_ms: 1_000, count: 1, of: 300, most: 0, named: [station], severity: 2, ...more });
const district = (alarms: SilenceView[]): AreaView => ({ alarms, index: 0 }) as unknown as AreaView;
const incident = (id: string, more: Partial<IncidentView> = {}): IncidentView =>
  ({ id, area: "pk/sindh/sukkur", complaint: false, severity: 2, at_ms: 2_000, class: 0, target: null, phase: "reported", merged_into: null, source: "desk", ...more }) as IncidentView;
const keys = (...given: Parameters<typeof queueOf>): string[] => queueOf(...given).map((item) => item.key);

const sukkur = district([silence("pk/sindh/sukkur", "s1"), silence("pk/sindh/sukkur", "s2", { most: 1, severity: 3 }), silence("pk/sindh/sukkur", "s3")]);
const quetta = district([silence("pk/balochistan/quetta", "q1"), silence("pk/balochistan/quetta", "A8@all", { id: "A8@quetta", count: 200, most: 9, severity: 3 })]);

test("whoever reads one district sees each silence for itself", () => {
  assert.deepEqual(keys([], [sukkur]), ["a A8@s2", "a A8@s1", "a A8@s3"]);
});
test("whoever reads several sees one row a district, and a loss at large and a lone silence as they are", () => {
  assert.deepEqual(keys([], [sukkur, quetta]), ["a A8@quetta", "d pk/sindh/sukkur", "a A8@q1"]);
  const row = queueOf([], [sukkur, quetta]).find((item) => item.kind === "silences");
  assert.deepEqual([row?.severity, row?.silences.length], [3, 3], "the gravest of them, and all of them");
});
test("a row unfolds in its own place", () => {
  assert.deepEqual(keys([], [sukkur, quetta], "d pk/sindh/sukkur"), ["a A8@quetta", "d pk/sindh/sukkur", "a A8@s2", "a A8@s1", "a A8@s3", "a A8@q1"]);
});
test("of one severity a report stands before single silences, and a silence that somebody took is its incident", () => {
  const taken = incident("A8@s1", { source: "derived" });
  assert.deepEqual(keys([incident("I-1"), taken], [sukkur]), ["a A8@s2", "i pk/sindh/sukkur A8@s1", "i pk/sindh/sukkur I-1", "a A8@s3"]);
  assert.deepEqual(keys([incident("I-2", { phase: "closed" }), incident("I-3", { merged_into: "I-1" })], []), [], "what is closed or merged does not wait");
});
test("a unit that is late waits in the queue by its incident's severity, until somebody takes it", () => {
  const late = { id: "arrival@QRF-1@08-0642", what: "arrival", area: "pk/sindh/sukkur", unit: "QRF-1", due_ms: 3_000, incident: "I-1", severity: 4 } as UnitLate;
  assert.deepEqual(queueOf([incident("I-1", { severity: 3 })], [sukkur], "", [late]).map((item) => item.key).slice(0, 2), ["u arrival@QRF-1@08-0642", "i pk/sindh/sukkur I-1"]);
  const taken = incident("arrival@QRF-1@08-0642", { source: "derived", phase: "closed" });
  assert.deepEqual(queueOf([taken], [], "", [late]), [], "taken once, it does not come back under the same name");
});
