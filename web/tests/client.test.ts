// Answers that overtake each other, against a node that answers when it is told to.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ApiFault, get } from "../src/api/client.ts";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});
/** Each question waits until it is answered by its number, from 0. */
function slowNode(): ((at: number, body: unknown, status?: number) => void) {
  const asked: ((response: Response) => void)[] = [];
  globalThis.fetch = () => new Promise((settle) => asked.push(settle));
  return (at, body, status = 200) => asked[at]?.(new Response(JSON.stringify(body), { status }));
}

test("an answer that a newer one has overtaken gives way to it", async () => {
  const answer = slowNode();
  const [old, young] = [get("/api/alerts"), get("/api/alerts")];
  answer(1, "young");
  assert.equal(await young, "young");
  answer(0, "old");
  assert.equal(await old, "young");
});
test("answers in their order are each what was answered", async () => {
  const answer = slowNode();
  const [old, young] = [get("/api/alerts"), get("/api/alerts")];
  answer(0, "old");
  assert.equal(await old, "old");
  answer(1, "young");
  assert.equal(await young, "young");
});
test("a newer question that failed takes nothing from the one before, nor another path's answer", async () => {
  const answer = slowNode();
  const [old, other, young] = [get("/api/alerts"), get("/api/orders"), get("/api/alerts")];
  answer(2, { code: "busy", text_en: "Try again." }, 503);
  await assert.rejects(young, ApiFault);
  answer(1, "other");
  assert.equal(await other, "other");
  answer(0, "old");
  assert.equal(await old, "old");
});
test("what was answered is not kept for those who ask later", async () => {
  const answer = slowNode();
  const first = get("/api/alerts");
  answer(0, "first");
  assert.equal(await first, "first");
  const second = get("/api/alerts");
  answer(1, "second");
  assert.equal(await second, "second");
});
