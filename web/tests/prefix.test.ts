import assert from "node:assert/strict";
import { test } from "node:test";
import { Prefix } from "../src/ui/prefix.ts";

const at = (timeStamp: number): { timeStamp: number } => ({ timeStamp });

test("the second key counts by when it was pressed, however late the page comes to it", () => {
  const prefix = new Prefix();
  assert.equal(prefix.holds(at(0)), false);
  prefix.press(at(1000));
  assert.equal(prefix.holds(at(1200)), true);
  assert.equal(prefix.holds(at(4900)), true);
  assert.equal(prefix.holds(at(5000)), false, "somebody who looked away begins anew");
});

test("one first key takes one second key", () => {
  const prefix = new Prefix();
  prefix.press(at(1000));
  prefix.end();
  assert.equal(prefix.holds(at(1001)), false);
});
