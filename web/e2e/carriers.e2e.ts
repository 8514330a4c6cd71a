// From screen to camera: what one office shows as codes, another one reads through a blurred and turned camera.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, fits, freePort, grave, looked, openBrowser, openPrepared, prepared, shot, steps, until, visit } from "./harness.ts";
import { lendCamera } from "./camera.ts";
import { button, firstAccount } from "./people.ts";

/** When a camera that reads nothing is given up. */
const READ_MS = 300_000;
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`codes from screen to camera in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    // Two offices that know each other; one has done something that the other has not heard of.
    const folder = prepared("two_offices");
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [lahore, quetta] = [await openPrepared(join(folder, "lahore")), await openPrepared(join(folder, "quetta"))];
    t.after(() => Promise.all([lahore.stop(), quetta.stop()]));
    const shows = await visit(browser, lahore, language, theme, { width: 1600, height: 900 });
    const looks = await visit(browser, quetta, language, theme, { width: 390, height: 780 });
    await lendCamera(looks.page);
    const clean = looked(`${language}-q`);
    const step = steps(t);
    const addressOf = (page: Page): Promise<string> => until("the address is there", () => page.locator("#carriers-own").inputValue());
    const entries = async (page: Page): Promise<number> => page.evaluate(async () => (await (await fetch("/api/node")).json()).entries);

    await step("both offices have somebody at the desk", async () => {
      for (const { page, room } of [{ page: shows.page, room: lahore }, { page: looks.page, room: quetta }]) {
        await firstAccount(page, room, words, "attached");
        await page.goto(`${room.url}/#/carriers`);
        await page.locator("main h1").first().waitFor();
      }
    });

    await step("a code that is none of ours moves nothing", async () => {
      await button(looks.page, words["carriers.scan"]).click();
      await looks.page.locator("video").waitFor();
      await clean(looks.page, "camera-small");
      await button(looks.page, words["carriers.stop"]).click();
    });

    await step("one screen, blurred and turned, is the other's camera until all is there", async () => {
      const known = await entries(looks.page);
      await button(looks.page, words["carriers.own"]).click();
      const address = await addressOf(looks.page);
      await shows.page.locator("#carriers-to").fill(address);
      await button(shows.page, words["carriers.show"]).click();
      await shows.page.locator("canvas[data-object]").waitFor();
      await shows.page.waitForFunction(() => {
        const screen = document.querySelector<HTMLCanvasElement>("canvas[data-object]");
        const drawn = screen?.getContext("2d")?.getImageData(0, 0, screen.width, screen.height).data;
        return drawn?.some((value, at) => at % 4 === 0 && value < 64 && (drawn[at + 3] ?? 0) > 0);
      });
      await clean(shows.page, "shown");
      await button(looks.page, words["carriers.scan"]).click();
      await looks.page.locator("video").waitFor();
      const whole = looks.page.locator("p.chip.good[role=status]");
      let frames = 0;
      const end = Date.now() + READ_MS;
      while (!(await whole.isVisible())) {
        const picture = await shows.page.evaluate(() => document.querySelector<HTMLCanvasElement>("canvas[data-object]")?.toDataURL("image/png") ?? "");
        await looks.page.evaluate((url) => (window as any).__film(url), picture);
        frames += 1;
        if (frames === 3) await shot(looks.page, `${language}-q-reading-small`);
        assert.ok(Date.now() < end, `the codes never became whole: ${frames} pictures`);
      }
      const brought = await looks.page.locator("[data-brought]").innerText();
      assert.match(brought, /[1-9]/);
      await until("entries arrived", async () => (await entries(looks.page)) > known);
      await clean(looks.page, "whole-small");
    });

    await step("a bundle is made in one browser and read in the other", async () => {
      await button(shows.page, words["carriers.stop"]).click();
      await button(shows.page, words["carriers.own"]).click();
      const address = await addressOf(shows.page);
      const known = await entries(shows.page);
      await looks.page.locator("#bundle-to").fill(address);
      await button(looks.page, words["bundle.make"]).click();
      const [download] = await Promise.all([looks.page.waitForEvent("download"), looks.page.locator("[data-bundle]").click()]);
      const file = join(folder, "carried.bundle");
      await download.saveAs(file);
      await clean(looks.page, "bundle-made-small");
      await shows.page.locator("input[data-read-bundle]").setInputFiles(file);
      const told = await shows.page.locator("[data-bundle-brought]").innerText();
      assert.match(told, /[1-9]/);
      await until("the account that was opened there is known here", async () => (await entries(shows.page)) > known);
      await clean(shows.page, "bundle-read");
      // A file that is none is said to be none, and nothing is lost.
      await shows.page.locator("input[data-read-bundle]").setInputFiles({ name: "letter.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
      await shows.page.locator("[data-bundle-brought] .warn, section [role=alert]").first().waitFor();
    });
    await step("each knows the other on the map and in the list beside it, and what is dark stands out", async () => {
      const other = looks.page.locator("[data-node=lahore]");
      await other.waitFor();
      await looks.page.locator("[data-node=quetta][data-is=own]").waitFor();
      await becomes("the other was heard of", () => other.getAttribute("data-is"), "heard");
      await shows.page.locator("[data-map-ready=yes]").waitFor();
      await shows.page.locator("[data-node=quetta]").focus();
      await shows.page.keyboard.press("Enter");
      await shows.page.locator("[data-node=quetta][aria-current=true]").waitFor();
      // The same answer, as it would be after two hours without a word.
      await shows.page.route("**/api/nodes", async (route) => {
        const told = await (await route.fetch()).json();
        for (const node of told.nodes) if (node.name === "quetta") node.received_ms -= 7_200_000;
        await route.fulfill({ json: told });
      });
      await shows.page.reload();
      await shows.page.locator("[data-node=quetta][data-is=dark]").waitFor();
      await shows.page.locator("[data-map-ready=yes]").waitFor();
      await shows.page.unroute("**/api/nodes");
      await shot(shows.page, `${language}-q-dark`);
    });
    await step("what was done in one office holds in the other", async () => {
      const weight = async (page: Page): Promise<unknown> => page.evaluate(async () => {
        const rows = await (await fetch("/api/parameters")).json();
        return rows.find((row: { key: string }) => row.key === "risk.weight.T1")?.value;
      });
      await becomes("the weight holds in both", async () => [await weight(looks.page), await weight(shows.page)], [0.5, 0.5]);
      for (const size of SIZES) {
        await shows.page.setViewportSize(size);
        await fits(shows.page, `${size.width}`);
        await clean(shows.page, `desk-${size.width}`);
      }
      for (const one of [shows, looks]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
  });

  test(`a cable that carries and then does not, in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const folder = prepared("trust_story");
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const [near, far] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
    const ghotki = await openPrepared(join(folder, "ghotki"), "--lan", far);
    t.after(() => ghotki.stop());
    const sukkur = await openPrepared(join(folder, "sukkur"), "--lan", near, "--peers", far);
    t.after(() => sukkur.stop());
    const { page, foreign, faults } = await visit(browser, sukkur, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const node = (name: string) => page.locator(`[data-node=${name}]`);
    await step("a neighbour at the other end of a cable carries, others are heard through it", async () => {
      await firstAccount(page, sukkur, words, "attached");
      await page.goto(`${sukkur.url}/#/carriers`);
      await page.locator("[data-node=ghotki][data-is=up]").waitFor();
      await becomes("others are heard through it", () => node("khairpur").getAttribute("data-is"), "heard");
      for (const name of ["restored-phone", "stolen-phone"]) await becomes(`${name} is out`, () => node(name).getAttribute("data-is"), "out");
      await page.locator("[data-map-ready=yes]").waitFor();
      await shot(page, `${language}-q-cable-up`);
    });
    await step("when the neighbour falls silent its line breaks, and it stands among the dark", async () => {
      await ghotki.stop();
      await page.locator("[data-node=ghotki][data-is=dark]").waitFor();
      const names = await page.locator("[data-node]").evaluateAll((all) => all.map((one) => one.getAttribute("data-node")));
      assert.ok(names.indexOf("ghotki") < names.indexOf("khairpur"), "what is dark stands before what is heard");
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await fits(page, `${size.width}`, "html, .body");
        await shot(page, `${language}-q-cable-lost-${size.width}`);
        assert.deepEqual(await grave(page), [], `${size.width}`);
      }
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
