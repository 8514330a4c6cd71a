// An hour of a lived day is seen again as the room knew it: by keys alone, at six hundred times, with nothing to press that acts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, looked, openBrowser, openDrill, steps, until, visit } from "./harness.ts";
import { button } from "./people.ts";

const DISTRICT = "pk/islamabad-capital-territory/islamabad";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a past hour in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openDrill(DISTRICT);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const clean = looked(`${language}-replay`, "must fit");
    const step = steps(t);
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() !== "GET") sent.push(`${request.method()} ${request.url()}`);
    });
    const slider = page.getByRole("slider", { name: words["replay.scrub"] });
    const at = async (): Promise<number> => Number(await slider.inputValue());
    const receipt = async (): Promise<number> => Number(await page.locator("[data-receipt]").getAttribute("data-receipt"));
    const shown = (ms: number): Promise<void> => page.locator(`.mark time[datetime="${new Date(ms).toISOString()}"]`).waitFor();

    await step("the day lives, and its past opens beside it", async () => {
      await page.goto(`${room.url}/#/drill`);
      await button(page, words["progress.enter"]).click();
      await until("stations are open", () => page.evaluate(async () => ((await (await fetch("/api/drill")).json()).status?.tally.opened ?? 0) > 100));
      sent.length = 0;
      await page.keyboard.press("g");
      await page.keyboard.press("1");
      await page.getByRole("heading", { name: words["replay.mark"], exact: true }).waitFor();
      await page.locator("[data-receipt]").waitFor();
      await page.locator(".counters td").first().waitFor();
    });
    await step("it goes back and on by keys, and knows less the earlier it is", async () => {
      const [late, held] = [await at(), await receipt()];
      await page.keyboard.press("PageUp");
      await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("ArrowRight");
      const back = late - (60 + 10 - 1) * 60_000;
      await shown(back);
      const less = await receipt();
      assert.ok(less < held, `${less} of ${held}`);
      // The room's own answer for that moment, asked anew, is what the screen shows.
      const told = await page.evaluate(async (ms) => (await (await fetch(`/api/replay?at_ms=${ms}&seat=another`)).json()), back);
      assert.equal(told.position.receipt, less);
      assert.equal(told.frame.whole, true);
      await page.keyboard.press("End");
      await until("all is known again", async () => (await receipt()) >= held);
      await page.locator("section h2", { hasText: words["replay.later"] }).waitFor();
    });
    await step("it plays at six hundred times, and stops", async () => {
      // Two hours back: whoever is slow to look must not find it at its end.
      for (const key of ["PageUp", "PageUp"]) await page.keyboard.press(key);
      const from = await at();
      await page.getByLabel(words["replay.pace"]).selectOption("600");
      await page.locator("main").focus();
      await page.keyboard.press("Space");
      await button(page, `‖ ${words["replay.stop"]}`).waitFor();
      await until("ten minutes went by", async () => (await at()) >= from + 10 * 60_000);
      await page.keyboard.press("Space");
      await button(page, `▶ ${words["replay.play"]}`).waitFor();
      await shown(await at());
      // What the differences added up to is what the whole says.
      const differs = await page.evaluate(async (ms) => (await (await fetch(`/api/replay?at_ms=${ms}&seat=whole`)).json()).frame.totals.opened, await at());
      await page.locator(".counters p", { hasText: new Intl.NumberFormat("en-GB").format(differs) }).waitFor();
    });
    await step("a line of the queue is read, and there is nothing to press that acts", async () => {
      await page.keyboard.press("j");
      await page.locator('.queue li[aria-selected="true"]').waitFor();
      for (const key of ["a", "d", "w", "s", "c", "x", "n"]) await page.keyboard.press(key);
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.deepEqual(sent, [], "nothing was asked of the node but to look");
    });
    await step("looked at, in three sizes", async () => {
      await page.locator('[data-map-ready="yes"]').waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `${size.width}`);
      }
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
