import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, free, minutesOf, shortOf, twiceAtOnce, unvetted, type Shift } from "../src/features/community/rota.ts";
import { numbersOf } from "../src/ui/numbers.ts";

const shift = (from: number, until: number, numbers: string): Shift => ({ from, until, place: "gate", numbers });
const passed = new Map([["v-1", "queue"], ["v-2", "queue"], ["v-3", "women"]]);

test("a minute is written as a clock shows it and read back; what is no time is none", () => {
  for (const minute of [0, 1, 59, 60, 719, 1020, 1439, 1440]) assert.equal(minutesOf(clock(minute)), minute);
  for (const wrong of ["", "7", "25:00", "24:01", "12:60", "noon", "-1:00"]) assert.equal(minutesOf(wrong), -1, wrong);
});
test("numbers are read as people paste them, each once", () => {
  assert.deepEqual(numbersOf(" v-1, v-2\nv-1؛v-3،v-4 "), ["v-1", "v-2", "v-3", "v-4"]);
  assert.deepEqual(numbersOf(" \n"), []);
});
test("nobody stands in two places at once, and shifts that touch do not overlap", () => {
  assert.deepEqual(twiceAtOnce([shift(480, 600, "v-1 v-2"), shift(600, 720, "v-1")]), []);
  assert.deepEqual(twiceAtOnce([shift(480, 600, "v-1 v-2"), shift(599, 720, "v-1"), shift(500, 510, "v-2")]), ["v-1", "v-2"]);
});
test("whoever did not pass is named, and whoever is free is offered", () => {
  const shifts = [shift(480, 600, "v-1 x"), shift(540, 720, "v-2"), shift(720, 800, "")];
  assert.deepEqual(unvetted(shifts, passed), ["x"]);
  assert.deepEqual(free(shifts, 0, passed), ["v-3"]);
  assert.deepEqual(free(shifts, 2, passed), ["v-1", "v-2", "v-3"]);
});
test("seats that nobody fills are found to the minute, at their own duty alone", () => {
  const seats = [{ duty: "queue", seats: 2 }, { duty: "women", seats: 1 }];
  const found = shortOf([shift(420, 600, "v-1"), shift(540, 720, "v-2"), shift(480, 1020, "v-3 x")], seats, passed, [480, 1020]);
  assert.deepEqual(found, [
    { duty: "queue", seats: 2, from: 480, until: 540, standing: 1 },
    { duty: "queue", seats: 2, from: 600, until: 720, standing: 1 },
    { duty: "queue", seats: 2, from: 720, until: 1020, standing: 0 },
  ]);
  assert.deepEqual(shortOf([], [{ duty: "care", seats: 3 }], passed, [480, 1020]), [{ duty: "care", seats: 3, from: 480, until: 1020, standing: 0 }]);
});
