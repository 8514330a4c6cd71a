// The promise of a sealed schedule, read by a program that shares no line with the one that made it: from the golden vector
// and docs/formats/patrol.md alone, with the hash of Node. What the format says is what is done here.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Way { team: string; stops: string[] }
interface Vector {
  /** The version of the engine, from the second format on. */
  engine?: number;
  area: string; day: string; teams: number; takes_permille: number; percent: number[]; tours: [number, number] | null;
  bases: { unit: string; point: [number, number] }[];
  places: { building: string; uncovered: string; covered: string; point: [number, number] }[];
  plans: { share: string; tours: number[][] }[][] | null;
  input: string; seed: string; ways: Way[]; parts: string[]; whole: string; promise: string;
}
const read = (version: string): Record<"posts" | "tours", Vector> =>
  JSON.parse(readFileSync(new URL(`../../fixtures/patrols/${version}/promise.json`, import.meta.url), "utf8")) as Record<"posts" | "tours", Vector>;

const sha256 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const double = (bits: string): number => bytes(bits).readDoubleBE();

/** CBOR with the shortest heads: whole numbers, bytes, texts, lists, nothing. */
type Value = bigint | number | string | Buffer | null | Value[];
function cbor(value: Value): Buffer {
  const head = (major: number, n: bigint): Buffer => {
    const width = n < 24n ? 0 : n < 0x100n ? 1 : n < 0x10000n ? 2 : n < 0x100000000n ? 4 : 8;
    const out = Buffer.alloc(1 + width);
    out[0] = (major << 5) | (width === 0 ? Number(n) : { 1: 24, 2: 25, 4: 26, 8: 27 }[width] ?? 0);
    for (let at = width, rest = n; at > 0; at -= 1, rest >>= 8n) out[at] = Number(rest & 0xffn);
    return out;
  };
  if (value === null) return Buffer.of(0xf6);
  if (Array.isArray(value)) return Buffer.concat([head(4, BigInt(value.length)), ...value.map(cbor)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, BigInt(value.length)), value]);
  if (typeof value === "string") return Buffer.concat([head(3, BigInt(Buffer.byteLength(value))), Buffer.from(value)]);
  return head(0, BigInt(value));
}
const point = ([lat, lon]: [number, number]): Buffer => {
  const out = Buffer.alloc(8);
  out.writeInt32BE(lat);
  out.writeInt32BE(lon, 4);
  return out;
};

/** Words of 32 bits that a seed and a name stand for. */
function words(label: string, seed: Buffer, name: string): () => number {
  const key = sha256(label, Buffer.of(0), seed, name);
  let [block, left] = [0n, [] as number[]];
  return () => {
    if (left.length === 0) {
      const number = Buffer.alloc(8);
      number.writeBigUInt64BE(block);
      block += 1n;
      const hash = sha256(key, number);
      left = Array.from({ length: 8 }, (_, at) => hash.readUInt32BE(at * 4));
    }
    return left.shift() ?? 0;
  };
}
function below(word: () => number, bound: number): number {
  const [whole, limit] = [2n ** 32n, BigInt(bound)];
  for (;;) {
    const wide = BigInt(word()) * limit;
    if (wide % whole >= whole % limit) return Number(wide / whole);
  }
}
const parts = (share: number): number => Math.floor(Math.min(1, Math.max(0, share)) * 2 ** 32 + 0.5);

/** Shares of days by going down from the dearest place, one place after another; another way than the program's. */
function shares(vector: Vector): number[] {
  const stakes = vector.places.map((place) => ({ bare: double(place.uncovered), held: double(place.covered) }));
  const floor = Math.max(...stakes.map((stake) => stake.held));
  const need = (level: number): number => stakes.reduce((sum, stake) => sum + Math.max(0, stake.bare - level) / (stake.bare - stake.held), 0);
  const falling = [...new Set(stakes.map((stake) => stake.bare))].sort((a, b) => b - a);
  // The level lies between two stakes, where what it asks for is a straight line.
  let level = floor;
  const under = falling.findIndex((bare) => need(bare) > vector.teams);
  const above = stakes.filter((stake) => stake.bare >= (falling[(under < 0 ? falling.length : under) - 1] ?? Infinity));
  if (need(floor) > vector.teams) {
    const each = above.map((stake) => 1 / (stake.bare - stake.held));
    level = (above.reduce((sum, stake, at) => sum + stake.bare * (each[at] ?? 0), 0) - vector.teams) / each.reduce((sum, one) => sum + one, 0);
  }
  return stakes.map((stake) => Math.min(1, Math.max(0, (stake.bare - level) / (stake.bare - stake.held))));
}

function postsOf(vector: Vector, name: string): Way[] {
  const seed = bytes(vector.seed);
  const word = words("pehra patrol 1", seed, name);
  const order = shares(vector).map((share, at) => ({ at, part: parts(share) })).filter((one) => one.part > 0);
  for (let left = order.length - 1; left > 0; left -= 1) {
    const other = below(word, left + 1);
    [order[left], order[other]] = [order[other] as (typeof order)[0], order[left] as (typeof order)[0]];
  }
  let [tooth, end] = [word(), 0];
  const drawn: number[] = [];
  for (const { at, part } of order) {
    end += part;
    if (tooth < end) {
      drawn.push(at);
      tooth += 2 ** 32;
    }
  }
  const place = (at: number): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(at);
    return sha256("pehra/patord/1", Buffer.of(0), seed, name, number);
  };
  drawn.sort((a, b) => Buffer.compare(place(a), place(b)));
  return Array.from({ length: Math.max(drawn.length, vector.teams) }, (_, at) => ({ team: `team-${at + 1}`, stops: at in drawn ? [vector.places[drawn[at] as number]?.building ?? ""] : [] }));
}

function toursOf(vector: Vector, name: string): Way[] {
  return (vector.plans ?? []).flatMap((plans, base) => {
    const [tooth, most] = [words("pehra patrol tours 1", bytes(vector.seed), `${name} ${base}`)(), Math.max(0, ...plans.map((plan) => plan.tours.length))];
    let end = 0;
    const day = plans.find((plan) => tooth < (end += parts(double(plan.share))));
    return Array.from({ length: most }, (_, at) => ({ team: `${vector.bases[base]?.unit}/${at + 1}`, stops: (day?.tours[at] ?? []).map((stop) => vector.places[stop]?.building ?? "") }));
  });
}

const waysBytes = (ways: Way[]): Buffer => cbor(ways.map((way) => [way.team, way.stops]));
function inputOf(vector: Vector): string {
  const value: Value[] = [
    vector.area, vector.teams, vector.takes_permille, vector.percent, vector.tours,
    vector.bases.map((base) => [base.unit, point(base.point)]),
    vector.places.map((place) => [place.building, bytes(place.uncovered).readBigUInt64BE(), bytes(place.covered).readBigUInt64BE(), point(place.point)]),
  ];
  if (vector.engine === undefined) return sha256("pehra/patinp/1", Buffer.of(0), cbor(value)).toString("hex");
  return sha256("pehra/patinp/2", Buffer.of(0), cbor([...value, vector.engine])).toString("hex");
}
const promiseOf = (vector: Vector, ways: Way[]): string =>
  sha256("pehra/patpro/1", Buffer.of(0), cbor([vector.area, vector.day, bytes(vector.input), bytes(vector.seed), waysBytes(ways)])).toString("hex");

const both = [["v1", "posts", postsOf], ["v1", "tours", toursOf], ["v2", "posts", postsOf], ["v2", "tours", toursOf]] as const;
for (const [version, kind, draw] of both) {
  const vector = read(version)[kind];
  test(`a stranger draws the ${kind} of the golden vector ${version} again and finds its promise`, () => {
    const ways = draw(vector, `${vector.area} ${vector.day}`);
    assert.deepEqual(ways, vector.ways);
    assert.equal(inputOf(vector), vector.input);
    assert.equal(promiseOf(vector, ways), vector.promise);
    assert.deepEqual(ways.map((way) => cbor([way.team, way.stops]).toString("hex")), vector.parts);
    assert.equal(cbor([bytes(vector.seed), waysBytes(ways)]).toString("hex"), vector.whole);
  });
  test(`nothing of the ${kind} of ${version} can be another and keep the promise`, () => {
    const [first, ...rest] = vector.ways;
    assert.ok(first);
    const bent: Vector[] = [
      { ...vector, area: "pk/sindh" }, { ...vector, day: "2024-02-09" }, { ...vector, input: vector.promise }, { ...vector, seed: vector.promise },
      { ...vector, ways: [...rest, first] }, { ...vector, ways: [{ ...first, stops: [...first.stops].reverse().concat("B-0") }, ...rest] }, { ...vector, ways: rest },
    ];
    for (const one of bent) assert.notEqual(promiseOf(one, one.ways), vector.promise);
    const moved = structuredClone(vector);
    (moved.places[0] as Vector["places"][0]).point[0] += 1;
    for (const one of [moved, { ...vector, teams: vector.teams + 1 }, { ...vector, percent: [90, 100, 131] }, { ...vector, engine: 2 }]) assert.notEqual(inputOf(one), vector.input);
  });
}
