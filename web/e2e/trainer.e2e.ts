// Lessons of an exercise, by keyboard alone: a net, a watch, a class at one projector; sheets that go nowhere but into a file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, looked, openBrowser, openDrill, steps, visit } from "./harness.ts";
import { button } from "./people.ts";

const DISTRICT = "pk/islamabad-capital-territory/islamabad";
/** As on the wall: 16 minutes of arc from 5 m on a screen of 65 inches, as a share of its height; what stands beside has less. */
const MAIN = 0.043;
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`lessons in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openDrill(DISTRICT);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, SIZES[0]);
    const clean = looked(`${language}-trainer`, "must fit");
    const step = steps(t);
    const lesson = (with_: string) => page.goto(`${room.url}/#/trainer?${with_}&district=${DISTRICT}`);
    const everywhere = async (where: string): Promise<void> => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `${where}-${size.width}`);
      }
      await page.setViewportSize(SIZES[0]);
    };
    const narrow = async (where: string): Promise<void> => {
      await page.setViewportSize(SIZES[2]);
      await clean(page, where);
      await page.setViewportSize(SIZES[0]);
    };
    const saved = async (name: string): Promise<string> => {
      const [file] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
      return readFileSync(await file.path(), "utf8");
    };

    await step("the lessons are two keys away", async () => {
      await page.goto(room.url);
      await button(page, words["progress.enter"]).click();
      await page.locator("main").waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("7");
      await page.locator("[data-lesson=net]").waitFor();
      await page.locator("p.exercise").first().waitFor();
      await narrow("lessons");
    });
    await step("an operator enters what is said on a net, and asks again", async () => {
      await lesson("lesson=net&seed=7&level=1&count=4");
      const line = page.locator("#trainer-line");
      await line.waitFor();
      await line.pressSequentially("what");
      await line.press("Enter");
      await page.locator("[data-last=unreadable]").waitFor();
      const wanted = await page.locator("[data-last] .mono").innerText();
      assert.match(wanted, /^\d+ ([A-Z]{3}\.[A-Z]{3}|A\d+)/);
      await page.locator("[data-voice]", { hasText: /\S/ }).waitFor();
      await line.press("F2");
      await page.locator("[data-voice].again").waitFor();
      await everywhere("net");
      for (let at = 1; at < 4; at += 1) await line.press("Escape");
      await page.locator("[data-sheet]").waitFor();
      await becomes("a line a message", () => page.locator("[data-sheet] tbody tr").count(), 4);
      await page.locator("[data-sheet]", { hasText: wanted }).waitFor();
      await narrow("net-sheet");
      const file = await saved(words["trainer.save"]);
      assert.ok(file.includes("EXERCISE") && file.includes(wanted), file);
    });
    await step("a duty officer decides about each word by keys", async () => {
      await lesson("lesson=watch&seed=7&level=2&count=4");
      await page.locator("[data-item='0']").waitFor();
      await page.keyboard.press("1");
      await page.keyboard.press("q");
      await page.locator(".acts .chip").nth(1).waitFor();
      await everywhere("watch");
      await page.keyboard.press("z");
      await page.keyboard.press("Enter");
      for (let at = 1; at < 4; at += 1) {
        await page.locator(`[data-item='${at}']`).waitFor();
        await page.keyboard.press("q");
        await page.keyboard.press("Enter");
      }
      await page.locator("[data-line]").nth(3).waitFor();
      await narrow("watch-sheet");
      assert.ok((await saved(words["trainer.save"])).includes("EXERCISE"));
    });
    await step("a class raises its hands before one projector", async () => {
      await lesson("lesson=class&seed=7&count=2&modules=1,5");
      await page.locator("[data-hall=question] li").first().waitFor();
      const sizes = await page.evaluate(() => [...document.querySelectorAll("[data-hall] :is(.scene, h2, li > span)")].map((one) => parseFloat(getComputedStyle(one).fontSize) / innerHeight));
      assert.ok(sizes.length >= 5 && sizes.every((share) => share >= MAIN), String(sizes));
      await clean(page, "class");
      await page.keyboard.press("a");
      await page.locator("#hands-A:focus").waitFor();
      await page.keyboard.type("12");
      await page.keyboard.press("Enter");
      await page.locator("[data-why]").waitFor();
      await everywhere("class-answer");
      await page.keyboard.press("Enter");
      await page.locator("[data-hall=question]").waitFor();
      for (const key of ["1", "1", "2", "Shift+Digit2"]) await page.keyboard.press(key);
      await becomes("two hands for A, none for B", () => page.locator("[data-hall] input").evaluateAll((all) => all.slice(0, 2).map((one) => (one as HTMLInputElement).value)), ["2", "0"]);
      await page.keyboard.press("Enter");
      await page.locator("[data-why]").waitFor();
      await page.keyboard.press("Enter");
      await page.locator("[data-again]").waitFor();
      await narrow("class-sheet");
      const file = await saved(words["trainer.save_class"]);
      assert.ok(file.includes("EXERCISE") && file.includes("hands,14"), file);
      await page.keyboard.press("Escape");
      await page.locator("[data-lesson=class]").waitFor();
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
