import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { en, ur } from "../e2e/texts.ts";

const source = join(import.meta.dirname, "../src");
const files = (readdirSync(source, { recursive: true }) as string[]).filter((name) => /\.(svelte|ts)$/.test(name) && !name.includes("i18n"));
const code = files.map((name) => readFileSync(join(source, name), "utf8")).join("\n");
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

test("both languages have the same keys", () => {
  assert.deepEqual(Object.keys(ur).sort(), Object.keys(en).sort());
});
test("no key stands in two files, where one text would silently hide the other", () => {
  const folder = join(source, "i18n");
  for (const language of ["en", "ur"]) {
    const themes = readdirSync(join(folder, language)).map((name) => join(folder, language, name));
    const texts = [join(folder, `${language}.ts`), ...themes].map((name) => readFileSync(name, "utf8")).join("\n");
    const keys = [...texts.matchAll(/^ {2}"([\w.-]+)":/gm)].map((match) => match[1] ?? "");
    assert.ok(keys.length > 700, `${keys.length} keys`);
    assert.deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
  }
});
test("no text is empty in either language", () => {
  for (const [key, text] of [...Object.entries(en), ...Object.entries(ur)]) assert.notEqual(text.trim(), "", key);
});
test("both languages fill the same holes", () => {
  for (const [key, text] of Object.entries(en)) assert.deepEqual(holes(ur[key as keyof typeof ur]), holes(text), key);
});
test("Urdu is written in Urdu", () => {
  const figuresOnly = new Set(["scorebar.line"]);
  for (const [key, text] of Object.entries(ur)) if (!figuresOnly.has(key)) assert.match(text, /[\u0600-\u06ff]/, key);
});
test("Urdu uses its own letters for kaf, ye and he", () => {
  for (const [key, text] of Object.entries(ur)) assert.doesNotMatch(text, /[\u0643\u064a\u0647]/, key);
});
test("every text that the screens ask for by name exists", () => {
  const asked = new Set([...code.matchAll(/\bt\("([\w.]+)"/g)].map((match) => match[1] ?? ""));
  assert.ok(asked.size > 200, `${asked.size} texts asked for`);
  for (const key of asked) assert.ok(key in en, key);
});
test("every address in the screens' code is the node's own", () => {
  assert.doesNotMatch(code.replaceAll("http://www.w3.org/2000/svg", ""), /https?:\/\//);
});
test("every kind of act has its words, and no other number has any", () => {
  const read = (path: string): string => readFileSync(join(import.meta.dirname, "../..", path), "utf8");
  const numbers = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  const events = numbers(read("crates/ops/src/event.rs"), /^ {4}\((\d+), "[a-z_.]+"\),$/gm);
  const own = ["crates/ledger/src/statement.rs", "crates/seal/src/lib.rs", "crates/link/src/receipt.rs"].flatMap((path) => numbers(read(path), /pub const \w+: u32 = (\d+);/g));
  assert.ok(events.length > 60, `${events.length} kinds`);
  const said = Object.keys(en).filter((key) => /^kindof\.\d+$/.test(key)).map((key) => key.slice(7));
  for (const kind of said) assert.ok(events.includes(kind) || own.includes(kind), kind);
  assert.deepEqual(events.filter((kind) => !said.includes(kind)), [], "without words");
});
