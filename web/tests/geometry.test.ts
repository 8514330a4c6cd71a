import assert from "node:assert/strict";
import { test } from "node:test";
import { binHexes, graticule, groupByTile, hexCell, mercatorX, mercatorY, nearest } from "../src/map/geometry.ts";
import { moved, hexShare, pointSize } from "../src/map/points-layer.ts";
import { stream } from "./make.ts";

const next = stream(8022024);
const COUNT = 5000;
const x = Float64Array.from({ length: COUNT }, () => mercatorX(61 + next() * 16));
const y = Float64Array.from({ length: COUNT }, () => mercatorY(24 + next() * 13));
const rank = Uint8Array.from({ length: COUNT }, () => Math.floor(next() * 3));

test("the equator at Greenwich is the middle of the square, and north is up", () => {
  assert.equal(mercatorX(0), 0.5);
  assert.ok(Math.abs(mercatorY(0) - 0.5) < 1e-12);
  assert.ok(mercatorY(36) < mercatorY(24));
});
test("every point is in exactly one tile", () => {
  const tiles = groupByTile(x, y, rank, 8);
  assert.equal(tiles.tiles.reduce((sum, tile) => sum + tile.to - tile.from, 0), COUNT);
  assert.equal(new Set(tiles.order).size, COUNT);
  let end = 0;
  for (const tile of tiles.tiles) {
    assert.equal(tile.from, end);
    end = tile.to;
  }
});
test("a place relative to its tile is kept to less than ten centimetres in float32", () => {
  const tiles = groupByTile(x, y, rank, 8);
  const side = 2 ** 8;
  for (const tile of tiles.tiles) {
    for (let at = tile.from; at < tile.to; at += 1) {
      const i = tiles.order[at] ?? 0;
      const back = (tile.x + (tiles.local[at * 2] ?? 0)) / side;
      assert.ok(Math.abs(back - (x[i] ?? 0)) * 40_075_017 < 0.1);
    }
  }
});
test("within a tile the graver stations are drawn after the others", () => {
  const tiles = groupByTile(x, y, rank, 6);
  for (const tile of tiles.tiles) {
    for (let at = tile.from + 1; at < tile.to; at += 1) assert.ok((rank[tiles.order[at] ?? 0] ?? 0) >= (rank[tiles.order[at - 1] ?? 0] ?? 0));
  }
});
test("the tile's matrix and the world's matrix place a point alike", () => {
  const matrix = Float64Array.from([900, 0, 0, 0, 0, -900, 0, 0, 0, 0, 1, 0, -600, 500, 0, 1]);
  const own = moved(matrix, 0.6, 0.4, 1 / 256);
  const px = 900 * (0.6 + 0.25 / 256) - 600;
  assert.ok(Math.abs((own[0] ?? 0) * 0.25 + (own[12] ?? 0) - px) < 1e-4);
});
test("hexagons hold every station once, and their sums are the sums of their stations", () => {
  const score = Uint16Array.from({ length: COUNT }, () => Math.floor(next() * 10_000));
  const exception = Uint8Array.from(rank, (value) => (value === 2 ? 1 : 0));
  const hexes = binHexes(x, y, score, exception, null, 0.0004);
  const total = (of: ArrayLike<number>): number => Array.from(of).reduce((sum, value) => sum + value, 0);
  assert.equal(total(hexes.stations), COUNT);
  assert.equal(total(hexes.exceptions), total(exception));
  assert.equal(total(hexes.scoreSum), total(score));
});
test("no station is further from the centre of its hexagon than the radius", () => {
  const radius = 0.0004;
  const hexes = binHexes(x, y, new Uint16Array(COUNT), new Uint8Array(COUNT), null, radius);
  for (let i = 0; i < COUNT; i += 1) {
    const [q, r] = hexCell(x[i] ?? 0, y[i] ?? 0, radius);
    const cx = radius * Math.sqrt(3) * (q + r / 2);
    const cy = radius * 1.5 * r;
    assert.ok(Math.hypot((x[i] ?? 0) - cx, (y[i] ?? 0) - cy) <= radius * 1.000_001);
  }
  assert.ok(hexes.count > 100);
});
test("hidden stations are in no hexagon", () => {
  const visible = Uint8Array.from(rank, (value) => (value === 0 ? 1 : 0));
  const hexes = binHexes(x, y, new Uint16Array(COUNT), new Uint8Array(COUNT), visible, 0.001);
  assert.equal(Array.from(hexes.stations).reduce((a, b) => a + b, 0), Array.from(visible).reduce((a, b) => a + b, 0));
});
test("the nearest station is found within reach and not beyond", () => {
  const i = 1234;
  assert.equal(nearest(x, y, null, (x[i] ?? 0) + 1e-9, y[i] ?? 0, 1e-6), i);
  assert.equal(nearest(x, y, null, 0.1, 0.1, 1e-6), -1);
});
test("a hidden station cannot be picked", () => {
  assert.notEqual(nearest(x, y, Uint8Array.from({ length: COUNT }, (_, k) => (k === 7 ? 0 : 1)), x[7] ?? 0, y[7] ?? 0, 1e-9), 7);
});
test("the graticule has a line for each step on both axes", () => {
  assert.equal(graticule(20, 60, 26, 64, 2).length, 3 + 4);
});
test("hexagons give way to points at zoom eight", () => {
  assert.equal(hexShare(6), 1);
  assert.equal(hexShare(8), 0);
  assert.ok(pointSize(14) > pointSize(8));
});
