// What was found wanting, by four persons in the browser: recorded, charged, said to be done, sent back, closed by another one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, button, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const AREA = "pk/sindh/tharparkar";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a finding in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const chief = await visit(browser, room, language, theme, { width: 1280, height: 720 });
    const clean = looked(`${language}-f`, "must fit");
    const step = steps(t);
    const row = (page: Page, phase: string) => page.locator(`[data-finding=${phase}]`);
    const sitDown = async (page: Page, person: string): Promise<void> => {
      await seat(page, room, words, person, "findings");
      await page.getByRole("heading", { name: words["nav.findings"], exact: true }).waitFor();
    };
    const carryOut = async (page: Page, act: "charge" | "finish" | "return" | "close", fill: (form: ReturnType<Page["getByRole"]>) => Promise<void>): Promise<void> => {
      await button(page, words[`lessons.act.${act}`]).click();
      const form = page.getByRole("dialog");
      await fill(form);
      await clean(page, act);
      await form.getByRole("button", { name: words["lessons.sign"], exact: true }).click();
      await form.waitFor({ state: "detached" });
    };

    await step("the persons have their roles", async () => {
      await firstAccount(desk.page, room, words);
      const grants = await grantRoles(desk.page, { duty: ["CTRL-D", AREA], officer: ["DRO", AREA], store: ["LOG", AREA] });
      await signIn(chief.page, room, words, "second");
      await approveRoles(chief.page, grants);
    });
    await step("a desk records what it saw, and may do no more about it", async () => {
      const page = desk.page;
      await sitDown(page, "duty");
      await page.getByText(words["lessons.none"]).waitFor();
      await button(page, words["lessons.record"]).click();
      const form = page.getByRole("dialog");
      await form.getByLabel(words["lessons.text"], { exact: true }).fill("Two bags came without a seal");
      await clean(page, "record");
      await form.getByRole("button", { name: words["lessons.sign"], exact: true }).click();
      await row(page, "found").getByText("Two bags came without a seal").waitFor();
      assert.equal(await page.locator("[data-finding] button").count(), 0);
    });
    await step("the returning officer charges the store, whose officer says that it is done", async () => {
      await sitDown(chief.page, "officer");
      await row(chief.page, "found").waitFor();
      const due = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
      await carryOut(chief.page, "charge", async (form) => {
        await form.getByLabel(words["drill.action"], { exact: true }).fill("Six hundred seals to the store");
        await form.getByRole("combobox").selectOption("LOG");
        await form.getByLabel(words["drill.due"], { exact: true }).fill(due);
      });
      await row(chief.page, "charged").getByText(due).waitFor();
      // The desk hears of it without asking.
      await row(desk.page, "charged").getByText("Six hundred seals to the store").waitFor();
      await sitDown(desk.page, "store");
      await carryOut(desk.page, "finish", (form) => form.getByLabel(words["lessons.what_done"], { exact: true }).fill("560 seals came"));
      await row(desk.page, "finished").waitFor();
      assert.equal(await button(desk.page, words["lessons.act.close"]).count(), 0, "nobody closes by their own word");
    });
    await step("what is not done goes back, what is done is closed by somebody else", async () => {
      await row(chief.page, "finished").waitFor();
      await carryOut(chief.page, "return", (form) => form.getByLabel(words["lessons.why_not"], { exact: true }).fill("forty are missing"));
      await row(desk.page, "charged").getByText("forty are missing").waitFor();
      await carryOut(desk.page, "finish", (form) => form.getByLabel(words["lessons.what_done"], { exact: true }).fill("forty more came"));
      await row(chief.page, "finished").waitFor();
      for (const size of SIZES) {
        await chief.page.setViewportSize(size);
        await clean(chief.page, `list-${size.width}`);
      }
      await chief.page.setViewportSize({ width: 1280, height: 720 });
      await carryOut(chief.page, "close", async () => undefined);
      await chief.page.getByText(words["lessons.none_open"]).waitFor();
      await chief.page.getByRole("checkbox", { name: words["lessons.all"] }).check();
      await row(chief.page, "closed").waitFor();
      await clean(chief.page, "closed");
    });
    await step("nothing left the node, and nothing broke", async () => {
      for (const { foreign, faults } of [desk, chief]) assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
