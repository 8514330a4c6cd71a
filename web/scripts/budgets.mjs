// Measures what was built and fails over budget. Sizes are gzip -9 of the files that a screen fetches.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const KB = 1000;
const BUDGET = { shell: 80 * KB, survey: 60 * KB, proof: 60 * KB, phone: 45 * KB, scanner: 60 * KB, map: 460 * KB, screen: 40 * KB, font: 170 * KB };
let files;
try {
  files = readdirSync(dist, { recursive: true }).filter((name) => /\.\w+$/.test(name));
} catch {
  console.error("budgets: web/dist is not there; run `npm run build` first");
  process.exit(1);
}
const text = (name) => readFileSync(join(dist, name), "utf8");
const packed = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
const sum = (names) => [...names].reduce((total, name) => total + packed(name), 0);

/** A script and everything it imports at once; not what it fetches later. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const match of text(name).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) closure(`assets/${match[1]}`, seen);
  return seen;
}
/** Everything that a page fetches before it shows itself. */
function firstOf(name) {
  const first = new Set([name]);
  for (const match of text(name).matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) {
    first.add(match[1]);
    if (match[1].startsWith("assets/") && match[1].endsWith(".js")) for (const part of closure(match[1])) first.add(part);
  }
  return first;
}
const first = firstOf("index.html");
const survey = firstOf("survey.html");
const proof = firstOf("proof.html");
const phone = firstOf("phone.html");
const scanner = [...closure(files.find((name) => /assets\/code-[\w-]*\.js$/.test(name)) ?? "assets/code.js")].filter((name) => !phone.has(name));
const map = files.filter((name) => /assets\/(engine|maplibre)[\w.-]*\.(js|css)$/.test(name));
const fonts = files.filter((name) => name.endsWith(".woff2"));
const screens = files.filter((name) => /assets\/[A-Z][\w-]*\.js$/.test(name) && !first.has(name));
const rows = [["room shell, first load", sum(first), BUDGET.shell], ["survey page, first load", sum(survey), BUDGET.survey], ["proof page, first load", sum(proof), BUDGET.proof], ["phone page, first load", sum(phone), BUDGET.phone], ["phone page, scanner", sum(scanner), BUDGET.scanner], ["map, lazy", sum(map), BUDGET.map], ["fonts, as fetched", fonts.reduce((total, name) => total + readFileSync(join(dist, name)).length, 0), BUDGET.font]];
for (const name of screens) rows.push([name.replace("assets/", ""), sum([name]), BUDGET.screen]);
let over = 0;
for (const [name, size, budget] of rows) {
  const bad = size > budget;
  over += bad ? 1 : 0;
  console.log(`${bad ? "OVER " : "ok   "} ${name.padEnd(34)} ${(size / KB).toFixed(1).padStart(7)} kB of ${(budget / KB).toFixed(0)} kB`);
}
if (map.length < 3) {
  console.error(`budgets: the map's parts were not found (${map.length}); the pattern no longer fits the build`);
  process.exit(1);
}
for (const name of [...first, ...survey, ...proof, ...phone]) if (map.includes(name)) {
  console.error(`budgets: ${name} belongs to the map and is fetched at once`);
  process.exit(1);
}
process.exit(over > 0 ? 1 : 0);
