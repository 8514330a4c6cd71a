// Laws of the front end that a program can check.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const source = resolve(import.meta.dirname, "../src");
const files = (readdirSync(source, { recursive: true }) as string[]).filter((name) => /\.(svelte|ts|css)$/.test(name));
const read = (name: string): string => readFileSync(join(source, name), "utf8");
const imports = (name: string): string[] => [...read(name).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");

test("features never import each other", () => {
  const features = files.filter((name) => name.startsWith("features/"));
  assert.ok(features.length > 20);
  for (const name of features) {
    const own = name.split("/")[1];
    for (const path of imports(name).filter((one) => one.startsWith("."))) {
      const target = relative(source, resolve(dirname(join(source, name)), path)).split("/");
      if (target[0] === "features") assert.equal(target[1], own, `${name} imports ${path}`);
      assert.notEqual(target[0], "app", `${name} imports ${path}`);
    }
  }
});
test("MapLibre is known to web/src/map alone", () => {
  for (const name of files) if (!name.startsWith("map/")) assert.ok(!imports(name).some((path) => path.startsWith("maplibre")), name);
});
test("the map's engine is fetched only when a map opens", () => {
  for (const name of files) if (name !== "map/engine.ts") assert.doesNotMatch(read(name), /^import (?!type).*(maplibre-gl|\.\/engine)"/m, name);
});
test("styles name no left or right, so that Urdu needs no second sheet", () => {
  // MapLibre names the corners of its own controls by their sides; this sheet sets them right for Urdu.
  const ruler = new Set(["map/controls.css"]);
  for (const name of files) {
    if (ruler.has(name)) continue;
    const style = name.endsWith(".css") ? read(name) : (/<style>([\s\S]*)<\/style>/.exec(read(name))?.[1] ?? "");
    assert.doesNotMatch(style, /(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)|[\s;{](?:left|right):/, name);
  }
});
test("no source file is longer than six hundred lines", () => {
  const written = files.filter((name) => name !== "api/generated.ts");
  for (const name of written) assert.ok(read(name).split("\n").length <= 600, name);
});
test("the lock file names no registry", () => {
  assert.doesNotMatch(readFileSync(join(source, "../package-lock.json"), "utf8"), /"resolved"/);
});
