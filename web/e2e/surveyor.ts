// The surveyor's part of the story: in the room, and on the page for the field with and without the node.
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import type { Dictionary } from "../src/i18n/en.ts";
import { becomes, bitmap, fits, until } from "./harness.ts";

interface Seen { answers: { question: string; choice: string | null; signed_by: string | null }[]; photographs: { sha256: string; here: boolean }[] }
const seen = (page: Page, building: string): Promise<Seen> => page.evaluate(async (id) => (await (await fetch(`/api/surveys/seen?building=${encodeURIComponent(id)}`)).json()) as Seen, building);

/** Chooses a district and its first building; answers the building's id. */
export async function openForm(page: Page, words: Dictionary, district: RegExp, at = 0): Promise<string> {
  const select = page.locator("label", { hasText: words["survey.take"] }).locator("select");
  await select.locator("option").nth(1).waitFor({ state: "attached" });
  const label = await until(`${district} is a district`, async () => (await select.locator("option").allTextContents()).find((text) => district.test(text)));
  await select.selectOption({ label });
  const list = page.getByRole("listbox", { name: words["survey.title"] });
  await list.locator("[role=option] .name").nth(at).waitFor();
  await list.locator("[role=option]").nth(at).click();
  await page.locator("article fieldset").first().waitFor();
  return ((await page.locator("article header .mono").textContent()) ?? "").trim();
}
/** Ticks an answer of a line. */
export async function tick(page: Page, line: number, choice: number): Promise<void> {
  await page.locator("article ol > li").nth(line).locator("input[type=radio]").nth(choice).check();
}
/** Takes a picture, covers a part of it by the keyboard and keeps it. */
export async function photograph(page: Page, words: Dictionary, clean: () => Promise<void>): Promise<void> {
  await page.locator("article input[type=file]").nth(1).setInputFiles({ name: "gate.bmp", mimeType: "image/bmp", buffer: bitmap(320, 240) });
  const keep = page.getByRole("button", { name: words["survey.cover_keep"], exact: true });
  await keep.waitFor();
  assert.ok(await keep.isDisabled(), "nothing is kept before somebody has looked for persons");
  await page.locator("dialog .area").waitFor();
  await page.locator("dialog .area").focus();
  for (const key of ["ArrowRight", "Shift+ArrowDown", "Enter"]) await page.keyboard.press(key);
  await becomes("the cover was drawn", () => page.getByRole("button", { name: words["survey.cover_undo"], exact: true }).isEnabled(), true);
  await clean();
  await page.getByRole("checkbox", { name: words["survey.cover_sure"] }).check();
  await keep.click();
  await page.locator("article figure img").first().waitFor();
}
export async function signed(page: Page, building: string, count: number, pictures: number): Promise<void> {
  await becomes("what was signed is at the node", async () => {
    const now = await seen(page, building);
    return [now.answers.filter((answer) => answer.signed_by !== null).length, now.photographs.filter((one) => one.here).length];
  }, [count, pictures]);
}

/** Away from the node: the page opens again, a form is filled and waits, and goes out once the node is back. */
export async function away(context: BrowserContext, url: string, words: Dictionary, district: RegExp, clean: (page: Page, where: string) => Promise<void>): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(`${url}/survey`);
  await page.getByText(words["survey.kept_page"]).waitFor();
  await openForm(page, words, district, 0);
  await page.getByRole("button", { name: words["survey.back"] }).click();
  // The files are put on the shelf behind the page's back: wait until they are there.
  await until("the page's files are kept", () => page.evaluate(async () => {
    const shelf = await caches.open("pehra-page/survey");
    const held = (await shelf.keys()).map((request) => new URL(request.url).pathname);
    return held.some((name) => name.includes("/ur-")) && held.some((name) => name.endsWith(".woff2"));
  }));
  await context.setOffline(true);
  await page.reload();
  await page.getByText(words["survey.offline"]).waitFor();
  const building = await openForm(page, words, district, 1);
  await tick(page, 0, 4);
  await tick(page, 1, 2);
  await clean(page, "7-field-form");
  await page.getByRole("button", { name: words["survey.finish"], exact: true }).click();
  await page.getByText(words["survey.unsent"].replace("{n}", "1")).waitFor();
  await page.reload();
  await page.getByText(words["survey.unsent"].replace("{n}", "1")).waitFor();
  await clean(page, "8-field-waits");
  await fits(page, "the field page");
  await context.setOffline(false);
  await page.reload();
  await page.getByText(words["survey.all_sent"]).waitFor();
  await signed(page, building, 2, 0);
  await page.close();
}
