import assert from "node:assert/strict";
import { test } from "node:test";
import type { District } from "../src/api/types.ts";
import { brushWindow, filtered, isOpen, maskOf, meanScore, OPEN, sums, type Filter } from "../src/features/risk/filter.ts";
import { pointsOf, stream } from "./make.ts";

const districts = [["pk/punjab/lahore", "pk/punjab"], ["pk/punjab/multan", "pk/punjab"], ["pk/sindh/sukkur", "pk/sindh"]].map(([area, province], index) => ({ index, area, province, name: area, lat_e7: 0, lon_e7: 0, stations: 0, classes: [0, 0, 0], hull: [] }) as unknown as District);
const next = stream(7);
const points = pointsOf(Array.from({ length: 3000 }, () => ({ lat: 30, lon: 70, district: Math.floor(next() * 3), score: Math.floor(next() * 10_001), klass: Math.floor(next() * 3) })));
const count = (mask: Uint8Array | null): number => (mask ? mask.reduce((a, b) => a + b, 0) : points.count);

test("an open filter needs no mask", () => {
  assert.equal(maskOf(points, districts, OPEN), null);
  assert.ok(isOpen(OPEN));
});
test("the provinces together are the nation", () => {
  const of = (province: string): number => count(maskOf(points, districts, { ...OPEN, province }));
  assert.equal(of("pk/punjab") + of("pk/sindh"), points.count);
});
test("the classes together are the nation", () => {
  const of = (klass: Filter["klass"]): number => count(maskOf(points, districts, { ...OPEN, klass }));
  assert.equal(of("normal") + of("sensitive") + of("most"), points.count);
});
test("choosing the same class again lets go of it", () => {
  const once = filtered(OPEN, { act: "class", klass: "most" });
  assert.equal(once.klass, "most");
  assert.equal(filtered(once, { act: "class", klass: "most" }).klass, "");
});
test("another province lets go of the district", () => {
  assert.equal(filtered({ ...OPEN, district: "pk/punjab/lahore" }, { act: "province", province: "pk/sindh" }).district, "");
});
test("a brush drawn backwards is the same brush", () => {
  assert.deepEqual(filtered(OPEN, { act: "score", from: 60, to: 40 }), filtered(OPEN, { act: "score", from: 40, to: 60 }));
});
test("a brush of no width lets go", () => {
  assert.ok(isOpen(filtered(OPEN, { act: "score", from: 40, to: 40 })));
});
test("a score of one hundred is inside a brush that ends at one hundred", () => {
  const one = pointsOf([{ lat: 0, lon: 0, district: 0, score: 10_000, klass: 2 }]);
  assert.equal(maskOf(one, districts, { ...OPEN, scoreFrom: 90 })?.[0], 1);
});
test("the brushed part of a falling list is where the brush says", () => {
  const filter = { ...OPEN, scoreFrom: 30, scoreTo: 60 };
  const { from, upTo } = brushWindow(points, null, filter);
  const falling = Array.from(points.score).sort((a, b) => b - a);
  assert.ok(falling.slice(from, upTo).every((score) => score >= 3000 && score < 6000));
  assert.equal(upTo - from, count(maskOf(points, districts, filter)));
});
test("the bars add up to the stations in view", () => {
  const mask = maskOf(points, districts, { ...OPEN, klass: "sensitive" });
  const seen = sums(points, mask);
  assert.equal(seen.bins.reduce((sum, bins) => sum + bins.reduce((a, b) => a + b, 0), 0), count(mask));
  assert.deepEqual([seen.classes[0], seen.classes[2]], [0, 0]);
});
test("the mean of nothing is nothing", () => {
  assert.equal(meanScore(points, new Uint8Array(points.count)), null);
  assert.ok(Math.abs((meanScore(points, null) ?? 0) - 5000) < 200);
});
