// Quick-reaction forces of the demo's nation: teams are based in the open, the search is stopped and keeps its best, a base is
// lost, a line is cut, teams are added; two persons put it in force, and it is worked out again from the record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, command, fits, grave, openBrowser, openRoom, shot, steps, until, visit, type Room } from "./harness.ts";
import { ask, button } from "./people.ts";

/** Waits end when their condition holds; these only say when to give up on a slow machine. */
const SOLVE_MS = 600_000;

let room: Room;
let browser: Browser;
before(async () => {
  room = await openRoom();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});
/** A line for whoever reads the output; times are told, never asserted. */
const say = (what: string, ms: number): void => console.log(`# ${what}: ${ms.toFixed(0)} ms`);
const number = (text: string | null): number => Number((text ?? "").replace(/[^\d.-]/g, ""));
interface Row { id: string; label: string; status: string; in_force: boolean; teams: number; stopped: boolean }
const plans = async (page: Page): Promise<Row[]> => (await ask(page, "GET", "/api/reserves")).plans;

for (const [language, words, theme] of told()) {
  test(`reserves in ${language}`, { timeout: 45 * 60_000 }, async (t) => {
    const { page, context, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const clean = async (where: string, of: Page = page): Promise<void> => {
      for (const size of SIZES) {
        await of.setViewportSize(size);
        await shot(of, `${language}-reserves-${where}-${size.width}`);
        await fits(of, `${where} at ${size.width}`);
        assert.deepEqual(await grave(of), [], `${where} at ${size.width}`);
      }
      await of.setViewportSize({ width: 1600, height: 900 });
    };
    const mapReady = (of: Page = page): Promise<unknown> => of.waitForSelector("[data-map-ready=yes]", { timeout: SOLVE_MS });
    const tab = (name: string) => page.getByRole("tab", { name, exact: true });
    const base = async (teams: number, label: string): Promise<void> => {
      await page.getByRole("spinbutton", { name: words["reserves.teams"], exact: true }).fill(String(teams));
      await page.getByLabel(words["reserves.label"], { exact: true }).fill(label);
      await button(page, words["reserves.base"]).click();
      await page.getByText(words["solve.running"], { exact: true }).waitFor();
    };
    const [short, whole] = [`${language} stopped`, `${language} whole`];
    // Both stories are told to one node: the same basing again would be the plan that is in force already.
    const [few, many] = language === "en" ? [150, 200] : [140, 190];

    await step("before anything was chosen the page says what to do", async () => {
      await page.goto(room.url);
      await page.waitForSelector("ol.steps, [data-map-ready]");
      await until("the nation is assessed", () => page.evaluate(async () => ((await (await fetch("/api/node")).json()) as { ready: { assessment: boolean } }).ready.assessment), SOLVE_MS);
      await page.reload();
      await page.locator("nav a[href='#/reserves']").waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("n");
      await page.getByRole("heading", { name: words["reserves.title"], exact: true }).waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll("header button.main")].some((one) => !(one as HTMLButtonElement).disabled), undefined, { timeout: SOLVE_MS });
      if (language === "en") await page.getByText(words["reserves.none_yet"]).waitFor();
      await clean("0-empty");
    });
    await step("a search that is stopped keeps its best, with its bound", async () => {
      await base(few, short);
      await page.locator(".solve dl dd").nth(2).waitFor({ timeout: SOLVE_MS });
      await shot(page, `${language}-reserves-1-solving`);
      await button(page, words["reserves.stop"]).click();
      await page.locator(".solve").getByText(words["reserves.stopped"]).waitFor({ timeout: SOLVE_MS });
      const kept = await until("the best is kept", async () => (await plans(page)).find((one) => one.label === short));
      assert.deepEqual([kept.stopped, kept.teams, kept.status], [true, few, "draft"]);
    });
    await step("teams are based with value, bound and gap", async () => {
      const begun = performance.now();
      await base(many, whole);
      await page.locator(".solve").getByText(words["solve.done"], { exact: true }).waitFor({ timeout: SOLVE_MS });
      say(`${many} teams, from the press to the end of the job`, performance.now() - begun);
      await page.locator(".pick option:checked", { hasText: whole }).waitFor({ state: "attached", timeout: SOLVE_MS });
      await page.locator("[role=region] table tbody tr").nth(2).waitFor();
      await mapReady();
      say(`${many} teams, from the press to the map`, performance.now() - begun);
      const cells = await page.locator(".half:not(.map) table").first().locator("tbody tr td:nth-child(2)").allTextContents();
      const stations = cells.map(number).reduce((a, b) => a + b, 0);
      assert.ok(stations > 90_000, `${stations} stations`);
      assert.match((await page.locator(".verdict").textContent()) ?? "", /\d/);
      await page.locator(".mark", { hasText: words["reserves.all_estimated"] }).waitFor();
      await clean("2-result");
    });
    await step("the map tells cover and response time, class by class, with its legend", async () => {
      await page.getByRole("radio", { name: words["layer.wait"], exact: true }).click();
      await becomes("the legend is the layer's", () => page.locator(".legend h2").textContent(), words["layer.wait"]);
      await page.locator("#reserve-class").selectOption("most");
      await clean("3-wait");
      await page.getByRole("radio", { name: words["layer.cover"], exact: true }).click();
      await page.locator("#reserve-class").selectOption("");
    });
    await step("a base is shown on the map and lost, and somebody loses cover", async () => {
      await tab(words["reserves.tab.bases"]).click();
      const first = page.locator("tr[data-base]").first();
      await first.waitFor();
      await becomes("every team's base is listed", () => page.locator("tr[data-base]").count(), many);
      const alone = number(await first.locator("td").nth(3).textContent());
      await first.locator("button").click();
      await first.locator("input[type=checkbox]").focus();
      await page.keyboard.press("Space");
      await clean("4-bases");
      await tab(words["reserves.tab.if"]).click();
      await button(page, words["reserves.if.ask"]).click();
      const answer = page.locator("[data-lose]");
      await answer.waitFor({ timeout: SOLVE_MS });
      assert.equal(Number(await answer.getAttribute("data-lose")), alone, "as many as that base alone reached");
      console.log(`# lose a base: ${await answer.textContent()}`);
      await clean("5-lost");
    });
    await step("five teams more, and a line that no way may cross", async () => {
      await button(page, words["reserves.if.clear"]).click();
      await page.getByRole("spinbutton", { name: words["reserves.if.more"], exact: true }).fill("5");
      await button(page, words["reserves.if.ask"]).click();
      await page.locator("[data-lose='0']").waitFor({ timeout: SOLVE_MS });
      console.log(`# five more: ${await page.locator("[data-lose]").textContent()}`);
      await button(page, words["reserves.if.clear"]).click();
      const line = page.getByRole("textbox", { name: words["reserves.if.line"], exact: true });
      await line.fill("31.2, 74.3, nowhere");
      await button(page, words["reserves.if.add_line"]).click();
      await page.getByText(words["reserves.if.line_wrong"]).waitFor();
      await line.fill("31.2, 74.3, 31.9, 74.3");
      await page.keyboard.press("Enter");
      // The second line is pointed at on the map.
      await button(page, words["reserves.if.draw"]).click();
      const box = await page.locator(".canvas").boundingBox();
      assert.ok(box);
      await page.mouse.click(box.x + box.width * 0.5, box.y + box.height * 0.45);
      await page.getByText(words["reserves.if.draw_second"]).waitFor();
      await page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.6);
      await page.locator(".ask button.mono").nth(1).waitFor();
      await button(page, words["reserves.if.ask"]).click();
      await page.locator("[data-lose]").waitFor({ timeout: SOLVE_MS });
      console.log(`# a line cut: ${await page.locator("[data-lose]").textContent()}`);
      assert.ok(Number(await page.locator("[data-lose]").getAttribute("data-lose")) > 0, "a line through Lahore cuts somebody off");
      await clean("6-cut");
    });
    await step("two basings stand side by side", async () => {
      await tab(words["reserves.tab.compare"]).click();
      await page.locator(".told").waitFor({ timeout: SOLVE_MS });
      await clean("7-compare");
    });
    await step("tables leave with the bases and with every station", async () => {
      await page.locator(".files summary").click();
      for (const [file, least] of [["bases.csv", many], ["stations.csv", 90_000]] as const) {
        const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`.files a[href$='${file}']`).click()]);
        const lines = readFileSync(await download.path(), "utf8").split("\n").length;
        assert.ok(lines > least, `${file}: ${lines} lines`);
      }
      await page.locator(".files summary").click();
    });
    await step("it is proposed by one, approved by another, and in force", async () => {
      await button(page, words["reserves.act.propose"]).click();
      await clean("8-propose");
      await page.locator("dialog .input").fill(language === "ur" ? "کمیٹی کے لیے" : "for the committee");
      await page.locator("dialog button.main").click();
      await page.locator("header .chip", { hasText: words["plan.proposed"] }).waitFor();
      assert.equal(await button(page, words["reserves.act.approve"]).count(), 0, "whoever proposed it does not answer it");
      // The demo's visitor is one person. The second one is who sits at the node itself, whose keyboard stands while the room is closed.
      await room.again((data) => {
        for (const word of ["approve", "adopt"]) {
          const done = command("--data", data, "plan", "reserves", word);
          assert.equal(done.code, 0, done.err);
          console.log(`# ${word}: ${done.out.split("\n")[0]}`);
        }
      });
      const later = await visit(browser, room, language, theme, { width: 1600, height: 900 });
      await later.page.goto(`${room.url}/#/reserves`);
      await later.page.locator("header .chip", { hasText: words["reserves.in_force"] }).waitFor({ timeout: SOLVE_MS });
      // From the record alone: what it means for every station is worked out again.
      await mapReady(later.page);
      await clean("9-in-force", later.page);
      const held = (await plans(later.page)).filter((one) => one.in_force);
      assert.deepEqual(held.map((one) => one.label), [whole]);
      assert.deepEqual([...later.foreign, ...later.faults], []);
      await later.context.close();
    });
    await t.test("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
    });
    await context.close();
  });
}
