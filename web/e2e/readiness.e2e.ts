// An area in the browser: what an exercise measured is read and signed, each failure answered by name, a stop order lifted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, button, firstAccount, grantRoles, signIn } from "./people.ts";

const AREA = "pk/sindh/tharparkar";
const MEASURED = {
  mark: "EXERCISE",
  exercise: "EX-THAR-2",
  scenario: "dark from four",
  seed: 7,
  area: AREA,
  full: true,
  dark: true,
  played: true,
  stations: 612,
  paths: [
    { path: "vhf", asked: 9_412, answered: 9_377, slowest_s: 1_340 },
    { path: "courier", asked: 288, answered: 241, slowest_s: 9_120 },
    { path: "satellite", asked: 40, answered: 40, slowest_s: 61 },
  ],
  failures: [
    { key: "courier", text: "241 of 288 messages arrived" },
    { key: "NA-214-18 dark", text: "not heard of, from 11:20 on" },
  ],
  trace: "5a".repeat(32),
};

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`an area becomes ready in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const chief = await visit(browser, room, language, theme, { width: 1280, height: 720 });
    const clean = looked(`${language}-r`, "must fit");
    const step = steps(t);
    const chip = (phase: "untried" | "blocked" | "ready" | "stopped"): string => words[`readiness.phase.${phase}`];

    await step("the persons have their roles", async () => {
      await firstAccount(desk.page, room, words);
      const grants = await grantRoles(desk.page, { duty: ["CTRL-D", AREA], officer: ["DRO", AREA] });
      await signIn(chief.page, room, words, "second");
      await approveRoles(chief.page, grants);
      for (const one of [desk, chief]) await one.context.clearCookies();
    });
    await step("a file that is no exercise's is said to be none; the right one is looked at and signed", async () => {
      const page = desk.page;
      await signIn(page, room, words, "duty", { shown: "attached" });
      await page.goto(`${room.url}/#/readiness`);
      await button(page, words["readiness.read"]).click();
      const form = page.getByRole("dialog");
      await form.locator("input[type=file]").setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from("{}") });
      await form.getByRole("alert").getByText(words["readiness.not_a_file"]).waitFor();
      await form.locator("input[type=file]").setInputFiles({ name: "b.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(MEASURED)) });
      await form.getByText(words["readiness.dark.yes"]).waitFor();
      await clean(page, "read");
      await form.getByRole("button", { name: words["readiness.record"] }).click();
      await page.locator("[data-phase=blocked]").waitFor();
      await page.locator("[data-failure]").nth(1).waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `blocked-${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    });
    await step("the desk says what was mended; to waive is not its right", async () => {
      const page = desk.page;
      const failure = page.locator('[data-failure="courier"]');
      await failure.getByRole("button", { name: words["readiness.mend"], exact: true }).click();
      await page.getByRole("dialog").locator("textarea").fill("a second rider for the western loop");
      await page.getByRole("dialog").getByRole("button", { name: words["readiness.mend"], exact: true }).click();
      await failure.getByText(words["readiness.mended"]).waitFor();
      assert.equal(await button(page, words["readiness.waive"]).count(), 0);
    });
    await step("the returning officer waives the rest by name, and the area is ready", async () => {
      const page = chief.page;
      await signIn(page, room, words, "officer", { shown: "attached" });
      await page.goto(`${room.url}/#/readiness`);
      await page.locator(`[data-area="${AREA}"]`).getByText(chip("blocked")).waitFor();
      await page.locator(`[data-area="${AREA}"]`).click();
      await button(page, words["readiness.waive"]).click();
      await page.getByRole("dialog").locator("textarea").fill("the desert station has its own rider");
      await clean(page, "waive");
      await page.getByRole("dialog").getByRole("button", { name: words["readiness.waive"] }).click();
      await page.locator("[data-phase=ready]").waitFor();
      await page.locator(`[data-area="${AREA}"]`).getByText(chip("ready")).waitFor();
      await clean(page, "ready");
    });
    await step("a stop order stops it until it is lifted, and the desk sees both without asking", async () => {
      const page = chief.page;
      await button(page, words["readiness.stop"]).click();
      await page.getByRole("dialog").locator("textarea").fill("the seals have not come");
      await page.getByRole("dialog").getByRole("button", { name: words["readiness.stop"] }).click();
      await page.locator("[data-stop]").getByText("the seals have not come").waitFor();
      await desk.page.locator("[data-phase=stopped] [data-stop]").waitFor();
      await clean(desk.page, "stopped");
      await page.locator("[data-stop]").getByRole("button", { name: words["readiness.lift"] }).click();
      await page.getByRole("dialog").locator("textarea").fill("the seals are here");
      await page.getByRole("dialog").getByRole("button", { name: words["readiness.lift"] }).click();
      await page.locator("[data-phase=ready]").waitFor();
      await desk.page.locator("[data-phase=ready]").waitFor();
    });
    await step("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual([desk.foreign, chief.foreign, desk.faults, chief.faults], [[], [], [], []]);
      return Promise.resolve();
    });
  });
}
