import assert from "node:assert/strict";
import { test } from "node:test";
import type { FigureGroup, ImportView, Job, Parameter } from "../src/api/types.ts";
import { actsOf, gapOf, shortShare } from "../src/features/deploy/board.ts";
import { spreadOf } from "../src/features/figures/spread.ts";
import { guessed, mapped, mappingBody, missing, stepOf } from "../src/features/imports/wizard.ts";
import { readValue, weightSums } from "../src/features/parameters/parameter.ts";
import { gapShare, running, share, withJob } from "../src/state/jobs.ts";
import { readRoute, writeRoute } from "../src/state/route.ts";
import { withGap, type GapPoint } from "../src/ui/course.ts";
import { ageOf, score, signed } from "../src/ui/format.ts";
import { sorted, turnSort } from "../src/ui/sort.ts";

const job = (id: string, more: Partial<Job> = {}): Job => ({ id, kind: "assess", label: "", by: "", state: "running", stage: "", done: 0, total: 0, started_ms: 1, ...more });

test("a job that is told again replaces itself", () => {
  const jobs = [job("A"), job("A", { done: 5, total: 10 }), job("B", { started_ms: 2 })].reduce<Job[]>(withJob, []);
  assert.deepEqual(jobs.map((one) => one.id), ["B", "A"]);
  assert.equal(share(jobs[1] as Job), 0.5);
  assert.equal(running([job("A", { state: "done" }), job("B")]).length, 1);
});
test("work whose end is not known has no share", () => {
  assert.equal(share(job("A")), null);
  assert.equal(share(job("A", { state: "done" })), 1);
});
test("the gap is a share of the objective, from above or from below, and never below zero", () => {
  assert.equal(gapShare(job("A")), null);
  assert.equal(gapShare(job("A", { bound: { objective: 200, dual_bound: 150, gap: 50 } })), 0.25);
  assert.equal(gapShare(job("A", { bound: { objective: 200, dual_bound: 210, gap: 10 } })), 0.05);
  assert.equal(gapOf({ objective: 10, dual_bound: 12 }), 0);
});
test("an address is read back as it was written", () => {
  const route = { screen: "deploy" as const, with: { plan: "P 1/2", district: "pk/sindh/sukkur" } };
  assert.deepEqual(readRoute(writeRoute(route)), route);
  assert.equal(readRoute("#/nowhere").screen, "risk");
  assert.equal(writeRoute({ screen: "risk", with: { station: "" } }), "#/risk");
});
test("whoever proposed a plan is not offered to approve it", () => {
  assert.ok(!actsOf("proposed", true).includes("approve"));
  assert.ok(actsOf("proposed", false).includes("approve") && actsOf("proposed", false).includes("reject"));
  assert.ok(!actsOf("proposed", true).includes("reject"));
  assert.deepEqual(actsOf("withdrawn", false), []);
});
test("the course of a solve keeps changes only, and not more than it can draw", () => {
  let course: GapPoint[] = [];
  for (let i = 0; i < 1000; i += 1) course = withGap(course, { ms: i, objective: 1000 - Math.floor(i / 2), bound: 0 });
  assert.equal(course.length, 240);
  assert.equal(course[239]?.objective, 501);
});
test("a district without need is not short", () => {
  assert.equal(shortShare([]), 0);
});

const column = (index: number, guess: string | null) => ({ index, header: `h${index}`, guess, meaning: null, sample: [] });
test("a meaning belongs to one column", () => {
  const first = guessed([column(0, "name"), column(1, null)]);
  const next = mapped(first, 1, "name");
  assert.deepEqual(next, { 0: "", 1: "name" });
  assert.deepEqual(mappingBody(next).columns, [{ index: 0, meaning: null }, { index: 1, meaning: "name" }]);
});
test("several columns may be left out", () => {
  assert.deepEqual(mapped(mapped({ 0: "a", 1: "b" }, 0, ""), 1, ""), { 0: "", 1: "" });
});
test("what is required and not mapped is missing", () => {
  const meanings = [{ key: "name", en: "", ur: "", required: true }, { key: "men", en: "", ur: "", required: false }];
  assert.deepEqual(missing({ 0: "men" }, meanings).map((one) => one.key), ["name"]);
});
test("the wizard's step follows the node's state", () => {
  const at = (state: ImportView["state"]) => stepOf({ state } as ImportView);
  assert.deepEqual([stepOf(null), at("columns"), at("checking"), at("checked"), at("signed")], ["file", "columns", "check", "sign", "sign"]);
});

test("figures that agree have no spread, figures that differ do", () => {
  const group = (...numbers: number[]): FigureGroup => ({ area: "", measure: "", disputed: false, values: numbers.map((number) => ({ value: String(number), number, source: "", note: "" })) });
  assert.equal(spreadOf(group(5, 5)), null);
  assert.equal(spreadOf(group(5)), null);
  assert.deepEqual(spreadOf(group(130_882, 137_000)), { min: 130_882, max: 137_000, percent: "4.5" });
});
test("a number that is typed with a comma stays a number, and nonsense is left for the node to refuse", () => {
  assert.equal(readValue("0,22", 0.2), 0.22);
  assert.equal(readValue("many", 3), "many");
  assert.equal(readValue("", 3), "");
});
test("weights are summed by their part", () => {
  const row = (key: string, value: number): Parameter => ({ key, group: "weights", value }) as Parameter;
  assert.deepEqual(weightSums([row("weight.T1", 0.4), row("weight.T2", 0.6), row("weight.V1", 1)]), [["T", 1], ["V", 1]]);
});

test("age is told in the largest whole unit, and the future has none", () => {
  assert.deepEqual(ageOf(0, 59_999), { count: 59, unit: "second" });
  assert.deepEqual(ageOf(0, 3_600_000), { count: 1, unit: "hour" });
  assert.deepEqual(ageOf(1000, 0), { count: 0, unit: "second" });
});
test("hundredths are printed as points and a loss with a true minus", () => {
  assert.equal(score(4166), "41.7");
  assert.equal(score(null), "–");
  assert.equal(signed(-3.14), "−3.1");
});
test("equal rows keep their order, and the same head turns the sort", () => {
  const rows = [{ n: 1, k: "a" }, { n: 2, k: "b" }, { n: 1, k: "c" }];
  assert.deepEqual(sorted(rows, { key: "n", down: false }, (row) => row.n).map((row) => row.k), ["a", "c", "b"]);
  assert.deepEqual(turnSort({ key: "n", down: true }, "n", true), { key: "n", down: false });
});
