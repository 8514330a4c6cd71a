// A bomb on a route while no network carries: the incident's drawer offers who is there soonest, one key sends, the keys of the
// officer carry the unit to its end, and below the reserve the same key asks for a second signature. Everything stays on the node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, fits, grave, openBrowser, openDrill, shot, steps, until, visit } from "./harness.ts";
import { ask, button, reach } from "./people.ts";

const DISTRICT = "pk/islamabad-capital-territory/islamabad";
interface Unit { unit: string; phase: string; goals: { incident: string }[] }

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a bomb on a route, answered by keys in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const room = await openDrill(DISTRICT);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const clean = async (where: string): Promise<void> => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await shot(page, `${language}-u-${where}-${size.width}`);
        await fits(page, `${where} at ${size.width}`);
        assert.deepEqual(await grave(page), [], `${where} at ${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    };
    const units = async (): Promise<Unit[]> => (await ask(page, "GET", "/api/dispatch")).units;
    const at = async (incident: string): Promise<Unit | undefined> => (await units()).find((unit) => unit.goals.some((goal) => goal.incident === incident));
    const phase = (incident: string, wanted: string): Promise<unknown> => until(`a unit of ${incident} is ${wanted}`, async () => (await at(incident))?.phase === wanted);
    const report = async (text: string): Promise<string> => (await ask(page, "POST", "/api/day/incidents", { code: "IED.RTE", area: DISTRICT, lat: 33.7, lon: 73.05, source: "desk", text, words: "the culvert on the school road" })).id;

    let bomb = "";
    await step("the district's teams are on duty, and somebody plays", async () => {
      await page.goto(`${room.url}/#/drill`);
      await button(page, words["progress.enter"]).click();
      await page.locator("main h1").first().waitFor();
      await page.getByRole("textbox", { name: words["drill.areas"], exact: true }).fill(DISTRICT);
      await button(page, words["drill.set_players"]).click();
      await page.locator("p .chip.accent").last().waitFor();
      await until("teams are on duty", async () => (await units()).filter((unit) => unit.phase === "ready").length > 3);
      await button(page, `‖ ${words["drill.pause"]}`).click();
      await button(page, `▶ ${words["drill.go"]}`).waitFor();
      bomb = await report("wires beside the culvert");
    });

    await step("the drawer says who is there soonest, and one key sends", async () => {
      await page.goto(`${room.url}/#/run`);
      await page.locator("main h1").first().waitFor();
      await reach(page, bomb);
      await page.locator(".offers li[data-offer]").nth(2).waitFor();
      await clean("offered");
      await page.keyboard.press("d");
      await phase(bomb, "told");
      await page.locator(".detail h2 .chip", { hasText: words["phase.assigned"] }).first().waitFor();
      for (const [before, key, then] of [["told", "w", "on-the-way"], ["on-the-way", "s", "there"], ["there", "c", "contained"]] as const) {
        // The key means the unit only once the drawer knows how far that is.
        await page.locator(`.detail [data-going~="${before}"]`).waitFor();
        await page.keyboard.press(key);
        await phase(bomb, then);
      }
    });

    await step("one key proposes an alert to partners", async () => {
      await reach(page, bomb);
      await page.keyboard.press("p");
      const form = page.getByRole("dialog");
      await form.locator(`[data-basis="${bomb}"]`).waitFor();
      assert.notEqual(await form.locator("fieldset[data-side=ur] textarea").first().inputValue(), "", "the other language is proposed, too");
      await page.keyboard.press("Escape");
      // Gone from the page, not only out of sight: until then it may hold the keys.
      await page.locator("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("g");
      await page.keyboard.press("o");
      await page.locator(".queue").waitFor();
    });

    await step("below the reserve the same key asks", async () => {
      const all = await units();
      await ask(page, "POST", "/api/dispatch/floor", { area: DISTRICT, teams: Math.min(all.length, 256), reason: "four rallies" });
      const second = await report("a second one at the bridge");
      await reach(page, second);
      await page.locator(".offers li[data-offer] button.warn").first().waitFor();
      await page.keyboard.press("d");
      await until("it waits for a signature", async () => (await ask(page, "GET", "/api/dispatch")).asks.some((one: { phase: string; goal: { incident: string } }) => one.phase === "asked" && one.goal.incident === second));
      assert.equal(await at(second), undefined, "nobody goes with one signature");
    });

    await step("the page of units shows it all", async () => {
      await page.keyboard.press("g");
      await page.keyboard.press("q");
      await page.locator("tr[data-phase=contained]").first().waitFor();
      await page.locator("li[data-ask]").first().waitFor();
      await page.locator("li.under").first().waitFor();
      await clean("units");
      const row = page.locator("tr[data-phase=contained]").first();
      await row.getByRole("button", { name: words["dispatch.act_release"], exact: true }).click();
      await page.locator("tr[data-phase=returning]").first().waitFor();
    });

    await step("nothing left the node, nothing broke, no desk was refused", async () => {
      const status = await page.evaluate(async () => (await (await fetch("/api/drill")).json()).status);
      assert.equal(status.refused, 0, status.first_refusal ?? "");
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
    });
  });
}
