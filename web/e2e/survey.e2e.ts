// The two forms in a browser: in the room, and on the page for the field, with and without the node.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { firstAccount } from "./people.ts";
import { away, openForm, photograph, signed, tick } from "./surveyor.ts";

const CSV = ["province,constituency,station_no,name,booths_men,booths_women,booths,voters_men,voters_women,voters,latitude,longitude", ...[1, 2, 3, 4, 5, 6].map((n) => `Sindh,NA-225,${n},Government Primary School ${n},2,1,3,600,500,1100,24.7${n},67.9${n}`), ""].join("\n");
const DISTRICT = { en: /Thatta/, ur: /ٹھٹھہ/ };

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a surveyor's day in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const { page, context, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const clean = looked(`${language}-s`);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const step = steps(t);
    const surveys = async (): Promise<void> => {
      await page.goto(`${room.url}/#/surveys`);
      await page.locator("main h1").first().waitFor();
    };

    await step("a list is signed, and its buildings can be surveyed", async () => {
      await firstAccount(page, room, words);
      await page.goto(`${room.url}/#/imports`);
      await page.locator("input[type=file]").setInputFiles({ name: "stations.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
      await button(words["import.check"]).click();
      await page.locator(".sign input[type=checkbox]").check();
      await button(words["import.sign"]).click();
      await page.getByText(words["import.signed"]).waitFor();
      await surveys();
      await page.locator(".form table tbody tr").first().waitFor();
      await clean(page, "1-coverage");
    });
    await step("a building is surveyed, with a photograph on which nobody can be seen", async () => {
      const building = await openForm(page, words, DISTRICT[language]);
      await button(words["survey.finish"]).click();
      await page.getByText(words["survey.finish_empty"]).waitFor();
      await tick(page, 0, 3);
      await tick(page, 9, 0);
      await page.locator("article ol > li").nth(0).getByRole("button", { name: words["survey.note_add"] }).click();
      await page.locator("article ol > li").nth(0).getByLabel(words["survey.note"]).fill(language === "ur" ? "شمالی دیوار گری ہوئی ہے" : "the north side has fallen");
      await photograph(page, words, () => clean(page, "2-cover"));
      await clean(page, "3-form");
      await button(words["survey.finish"]).click();
      await page.getByText(words["survey.sent_now"].replace("{n}", "1")).waitFor();
      await signed(page, building, 2, 1);
      await page.locator("article li a img").first().waitFor();
      await clean(page, "4-signed");
    });
    await step("what the node refuses stays on the device with its reason, and is mended there", async () => {
      const building = await openForm(page, words, DISTRICT[language], 4);
      await tick(page, 0, 0);
      await page.locator("article ol > li").nth(0).getByRole("button", { name: words["survey.note_add"] }).click();
      const note = page.locator("article ol > li").nth(0).getByLabel(words["survey.note"]);
      await note.fill("42101-1234567-1");
      await button(words["survey.finish"]).click();
      await page.locator("article [role=alert]").waitFor();
      await clean(page, "5-refused");
      await note.fill(language === "ur" ? "نئی دیوار" : "a new wall");
      await button(words["survey.finish"]).click();
      await page.locator("article .record").first().waitFor();
      await signed(page, building, 1, 0);
    });
    await step("the district's checklist is answered by the keyboard alone", async () => {
      await surveys();
      await openForm(page, words, DISTRICT[language]);
      await page.getByRole("button", { name: words["survey.checklist"] }).focus();
      await page.keyboard.press("Enter");
      await page.locator("article h2").waitFor();
      await page.locator("article ol > li").nth(0).locator("input[type=radio]").last().focus();
      await page.keyboard.press("ArrowUp");
      await page.locator("article ol > li").nth(0).locator("label.on").waitFor();
      await button(words["survey.finish"]).focus();
      await page.keyboard.press("Enter");
      await page.locator("article .record").first().waitFor();
      await clean(page, "6-checklist");
    });
    await step("what waits can leave as a file that the import reads", async () => {
      await openForm(page, words, DISTRICT[language], 3);
      await tick(page, 2, 1);
      const [download] = await Promise.all([page.waitForEvent("download"), button(words["survey.file"]).click()]);
      const parts: Buffer[] = [];
      for await (const part of await download.createReadStream()) parts.push(part as Buffer);
      assert.match(Buffer.concat(parts).toString("utf8"), /^\ufeffsubject,question,score,factor,on,role,note\r\nB-[^,]+,sight-lines,1\.00,V1,/);
      await button(words["survey.discard"]).click();
      await button(words["survey.discard_sure"]).click();
    });
    await step("without the node a form waits on the device, and goes out when the node is back", async () => {
      await away(context, room.url, words, DISTRICT[language], clean);
    });
    await t.test("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
    });
    await context.close();
  });
}
