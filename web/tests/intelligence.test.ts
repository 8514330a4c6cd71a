// What waits for whoever looks at the intelligence desk, and how a sum is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Desk, Matter, Near, Tip, Warnings } from "../src/api/types.ts";
import { localOf, logOdds, milli, msOf, partsOf, percentOf, readPoints, sketchesOf, waitsOf, writePoints } from "../src/features/intelligence/desk.ts";
import { circle, extent, sketchFeatures } from "../src/map/sketch-layer.ts";

const HOUR = 3_600_000;
const tip = (id: string, more: Partial<Tip> = {}): Tip => ({ id, area: "pk/sindh/thatta", threat: "explosive", from_ms: 10 * HOUR, roots: ["P-7"], may: [], waits: null, sanitised: null, ...more }) as Tip;
const reason = (report: string, root: number, part: string, weight_milli: number): Matter["reasons"][number] => ({ report, root, part, weight_milli, grade: "B2" });
const matter = (more: Partial<Matter> = {}): Matter => ({
  reports: ["a", "b", "c"], area: "pk/sindh/thatta", threat: "explosive", prior_e4: 200, posterior_e4: 583, level: 1, roots: 1, contradicted: false, english: "", urdu: "", may_sign: true, signed: null,
  reasons: [reason("a", 0, "supports", 1109), reason("b", 0, "echo", 1000), reason("c", 0, "echo", 1109)], ...more,
}) as Matter;
const desk = (more: Partial<Desk>): Desk => ({ reports: [], matters: [], watches: [], hands: [], tasks: [], admissions: [], writes: [], watches_in: [], asks: [], admits: [], warned: [], hands_up: 0, now_ms: 0, ...more }) as Desk;
const warned = (standing: string, own: boolean): Warnings => ({ hands: 0, now_ms: 0, warnings: [{ id: "w", area: "pk", threat: "arson", text: "Search", from_ms: 6 * HOUR, standing, may_order: true, measures: standing === "ordered" ? [{ order: "o", own, text: "Do", confirm_by_ms: 5 * HOUR }] : [] }] }) as unknown as Warnings;

test("whose time runs out first stands first, and what is only to be seen stands last", () => {
  const all = waitsOf(desk({
    reports: [tip("late", { waits: "grade", from_ms: 20 * HOUR }), tip("soon", { waits: "release", from_ms: 2 * HOUR }), tip("done")],
    matters: [matter({ reports: ["late"] })],
    hands: [{ area: "pk", watch: "north", what: "I-1", kind: "incident", threat: null, since_ms: 0, up: true }, { area: "pk", watch: "north", what: "I-2", kind: "incident", threat: null, since_ms: 0, up: false }] as Desk["hands"],
    tasks: [{ id: "t", may_answer: true, answers: 0, answer_by_ms: 3 * HOUR, area: "pk", question: "?" }, { id: "u", may_answer: true, answers: 1, answer_by_ms: HOUR, area: "pk", question: "?" }] as Desk["tasks"],
  }), warned("unanswered", false));
  assert.deepEqual(all.map((one) => one.kind), ["release", "answer", "order", "grade", "sign", "notice"]);
});
test("only the owner is asked to confirm, and an order that was given is not asked for again", () => {
  assert.deepEqual(waitsOf(null, warned("ordered", true)).map((one) => one.kind), ["confirm"]);
  assert.deepEqual(waitsOf(null, warned("ordered", false)), []);
});
test("a sum that nothing makes likelier, or that stands signed, asks for nobody", () => {
  const signed = { outdated: false } as Matter["signed"];
  assert.deepEqual(waitsOf(desk({ matters: [matter({ level: 0 }), matter({ signed }), matter({ may_sign: false })] }), null), []);
  const old = waitsOf(desk({ matters: [matter({ signed: { outdated: true } as Matter["signed"] })] }), null);
  assert.deepEqual(old.map((one) => one.kind), ["sign"]);
});
test("of one root one report counts and its echoes add nothing; the lines add up to the sum", () => {
  const parts = partsOf(matter(), [tip("a"), tip("b", { roots: ["P-7"] }), tip("c", { roots: ["C-3"] })]);
  assert.equal(parts.length, 1);
  assert.deepEqual([parts[0]?.names, parts[0]?.counts?.report, parts[0]?.echoes.map((one) => one.report), parts[0]?.milli], [["P-7", "C-3"], "a", ["b", "c"], 1109]);
  const sum = logOdds(200) + parts.reduce((total, part) => total + part.milli, 0);
  assert.ok(Math.abs(sum - logOdds(583)) <= 2, `${sum} against ${logOdds(583)}`);
});
test("what carries no weight is counted as nothing, and what denies counts against", () => {
  const parts = partsOf(matter({ reasons: [reason("a", 0, "no-weight", 0), reason("b", 1, "contradicts", -120)] }), []);
  assert.deepEqual(parts.map((part) => [part.root, part.milli]), [[1, -120], [0, 0]]);
});
test("figures are written with their sign, and small shares with two digits", () => {
  assert.deepEqual([milli(1109), milli(-3892), milli(0)], ["+1.11", "−3.89", "+0.00"]);
  assert.deepEqual([percentOf(583), percentOf(1579)], ["5.83 %", "15.8 %"]);
});
test("points are read as they are typed, in either comma, and what is no place is refused", () => {
  assert.deepEqual(readPoints("30.2, 67.0; 30.21 67.02"), [[302_000_000, 670_000_000], [302_100_000, 670_200_000]]);
  assert.deepEqual(readPoints("30.2، 67.0؛ 30.21، 67.02"), [[302_000_000, 670_000_000], [302_100_000, 670_200_000]]);
  assert.deepEqual(readPoints(" "), []);
  for (const text of ["north of the bridge", "91, 67", "30.2", "30.2, 181", "30.2, 67, 5"]) assert.equal(readPoints(text), null, text);
  assert.equal(writePoints([[302_000_000, 670_000_000]]), "30.2000, 67.0000");
});
test("a moment is typed in Pakistan's time, wherever the browser stands", () => {
  assert.equal(localOf(Date.parse("2024-02-07T19:30:00Z")), "2024-02-08T00:30");
  assert.equal(msOf("2024-02-08T00:30"), Date.parse("2024-02-07T19:30:00Z"));
});
test("a report is drawn last, over its neighbours, and only the watched areas that hold it", () => {
  const near = { points: [[251_000_000, 681_000_000]], radius_m: 500, stations: [{ station: "S", point: [251_100_000, 681_000_000] }], places: [], convoys: [{ vehicle: "V", points: [[251_000_000, 681_000_000], [252_000_000, 681_000_000]] }], incidents: [], reports: [], watches: ["north"] } as unknown as Near;
  const watch = (name: string): Desk["watches"][number] => ({ name, points: [[251_000_000, 681_000_000]], radius_m: 3000, shape: "circle" }) as Desk["watches"][number];
  const drawn = sketchesOf(near, [watch("north"), watch("south")], "this");
  assert.deepEqual(drawn.map((one) => [one.tone, one.label]), [["watch", "north"], ["convoy", "V"], ["station", "S"], ["report", "this"]]);
  const shapes = sketchFeatures(drawn).features.map((one) => one.geometry.type);
  assert.deepEqual(shapes, ["Point", "Polygon", "LineString", "Point", "Point", "Polygon"]);
  const box = extent(drawn);
  assert.ok(box && box[0][0] < 68.1 && box[1][1] >= 25.2, JSON.stringify(box));
});
test("a circle is as far around as it says, in every direction", () => {
  for (const [lon, lat] of circle(25, 68, 1000)) {
    const metres = Math.hypot((lat - 25) * 111_320, (lon - 68) * 111_320 * Math.cos((25 * Math.PI) / 180));
    assert.ok(Math.abs(metres - 1000) < 1, `${metres}`);
  }
});
