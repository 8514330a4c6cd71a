import assert from "node:assert/strict";
import { test } from "node:test";
import { archive, kindsOf, megabytes, wishOf } from "../src/features/packs/pack.ts";

test("a sector is a number of a district alone", () => {
  assert.equal(wishOf("pk/punjab/lahore", "3"), "pk/punjab/lahore/s03");
  assert.equal(wishOf("pk/punjab/lahore", " "), "pk/punjab/lahore");
  assert.equal(wishOf("pk/punjab/lahore", "x"), "pk/punjab/lahore");
  assert.equal(wishOf("pk/punjab", "3"), "pk/punjab");
});
test("reserve orders wait for a plan of reserves", () => {
  const kinds = [{ depth: 3, kinds: ["poster" as const, "reserve" as const] }];
  assert.deepEqual(kindsOf({ kinds, has_reserves: false }, "pk/a/b"), ["poster"]);
  assert.deepEqual(kindsOf({ kinds, has_reserves: true }, "pk/a/b"), ["poster", "reserve"]);
  assert.deepEqual(kindsOf(null, "pk/a/b"), []);
});
test("addresses carry the area whole", () => {
  assert.equal(archive("pk/a/b", "all", "ur"), "/api/packs/archive?area=pk%2Fa%2Fb&part=all&language=ur");
  assert.equal(megabytes(1_540_000), "1.5");
});
