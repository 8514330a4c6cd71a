import assert from "node:assert/strict";
import { test } from "node:test";
import { readPoints } from "../src/api/points.ts";
import { fileOf, pointsOf } from "./make.ts";

const three = pointsOf([
  { lat: 31.5204, lon: 74.3587, district: 2, score: 4166, klass: 1, flags: 5, kind: 2, shortfall: 1 },
  { lat: 24.8607, lon: 67.0011, district: 0, score: 9999, klass: 2, flags: 16, kind: 1, shortfall: 2 },
  { lat: 30.1798, lon: 66.975, district: 1, score: 0, klass: 0 },
]);

test("an odd number of stations is read back column by column in spite of the padding", () => {
  const read = readPoints(fileOf(three));
  assert.equal(read.count, 3);
  assert.deepEqual([...read.score], [4166, 9999, 0]);
  assert.deepEqual([...read.district], [2, 0, 1]);
  assert.deepEqual([...read.klass], [1, 2, 0]);
  assert.deepEqual([...read.flags], [5, 16, 0]);
  assert.deepEqual([...read.kind], [2, 1, 0]);
  assert.deepEqual([...read.shortfall], [1, 2, 0]);
});
test("a place keeps seven decimals", () => {
  const read = readPoints(fileOf(three));
  assert.ok(Math.abs((read.lat[1] ?? 0) - 24.8607) < 1e-9);
  assert.ok(Math.abs((read.lon[2] ?? 0) - 66.975) < 1e-9);
});
test("an empty nation is a file of twenty bytes", () => {
  assert.equal(readPoints(fileOf(pointsOf([]))).count, 0);
});
test("half a file is refused with what is missing", () => {
  assert.throws(() => readPoints(fileOf(three).slice(0, 40)), /3 stations need \d+ bytes, the file has 40/);
});
test("a file of another kind is refused by its first letters", () => {
  const other = fileOf(three);
  new DataView(other).setUint8(0, 81);
  assert.throws(() => readPoints(other), /begins with "QHP1"/);
});
test("less than a header is refused", () => {
  assert.throws(() => readPoints(new ArrayBuffer(7)), /7 bytes are too few/);
});
