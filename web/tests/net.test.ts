import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, batchOf, kept, linesOf, middleMs, netOf, undoable, unsent, type Row } from "../src/features/net/lines.ts";
import type { LineEntered } from "../src/api/types.ts";

const row = (id: number, more: Partial<Row> = {}): Row => ({ id, line: `${id} a7`, at_ms: id, district: "pk/a", sector: 1, rung: "radio", fate: "waiting", told: null, fault: null, typedMs: id * 100, doneMs: 0, ...more });
const told = (kind: string, more: Record<string, unknown> = {}): LineEntered => ({ read: { kind, fault: null } as unknown as LineEntered["read"], entry: null, incident: null, fault: null, ...more });

test("a line that only names a net opens it, with whatever digits", () => {
  const open = { district: "pk/a", sector: 1 };
  const districts = [{ number: 12, area: "pk/b" }];
  assert.deepEqual(netOf(" s04 ", open, districts), { district: "pk/a", sector: 4 });
  assert.deepEqual(netOf("D012 S۰۴", open, districts), { district: "pk/b", sector: 4 });
  for (const line of ["4", "S04 A4", "S04 7", "D013 S04", ""]) assert.equal(netOf(line, open, districts), null, line);
});
test("what is pasted is as many lines as say something", () => {
  assert.deepEqual(linesOf("1 a7\r\n\n  2 a8 \n"), ["1 a7", "2 a8"]);
});
test("lines go in the order in which they were typed, those of one net together", () => {
  const rows = [row(4), row(3, { sector: 2 }), row(2), row(1)];
  assert.deepEqual(batchOf(rows).map((one) => one.id), [1, 2]);
  assert.deepEqual(batchOf([row(2), row(1, { fate: "refused" })]).map((one) => one.id), [2]);
  assert.deepEqual(batchOf([]), []);
});
test("each line gets its own fate, and one typed meanwhile keeps waiting", () => {
  const batch = [row(1), row(2)];
  const fault = { code: "code", text_en: "No code", text_ur: "کوڈ نہیں" };
  const after = answered([row(3), row(2), row(1)], batch, [told("check-in", { entry: "d/0/1" }), told("fault", { fault })], 400);
  assert.deepEqual(after.map((one) => one.fate), ["waiting", "refused", "done"]);
  assert.equal(after[1]?.fault?.code, "code");
  assert.deepEqual(unsent(after).map((one) => one.id), [3, 2]);
  assert.equal(middleMs(after), 300);
  assert.equal(undoable(after, 10_400)?.id, 1);
  assert.equal(undoable(after, 10_401), null, "after ten seconds it stands");
});
test("however many were entered, what waits is never dropped", () => {
  const rows = Array.from({ length: 200 }, (_, at) => row(at + 2, { fate: "done" })).concat(row(1));
  assert.equal(kept(rows).length, 61);
  assert.ok(kept(rows).some((one) => one.id === 1));
});
