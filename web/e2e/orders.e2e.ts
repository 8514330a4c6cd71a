// An order in the browser: given by one person, read and carried out by another, seen by the first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { fits, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, button, firstAccount, grantRoles, signIn } from "./people.ts";

const THATTA = "pk/sindh/thatta";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`an order from hand to hand in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const giver = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const reader = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const clean = looked(`${language}-o`);
    const step = steps(t);

    await step("three persons have their roles", async () => {
      const page = giver.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { officer: ["SHO", THATTA] });
      await signIn(reader.page, room, words, "second", { shown: "attached" });
      await approveRoles(reader.page, grants);
      await reader.context.clearCookies();
    });

    await step("one gives an order to a role in an area", async () => {
      const page = giver.page;
      await page.goto(`${room.url}/#/orders`);
      await button(page, words["orders.give"]).click();
      const form = page.getByRole("dialog");
      await form.locator("textarea").fill("Hold the convoy at the bridge · قافلہ پل پر روکیں");
      await button(page, "SHO").click();
      await form.locator("select").nth(0).selectOption(THATTA);
      await form.locator("select").nth(1).selectOption("life");
      await form.locator("input").fill("rider 7");
      await clean(page, "give");
      await form.getByRole("button", { name: words["orders.give"], exact: true }).click();
      await page.locator("li.card").getByText(words["orders.was_received"]).waitFor();
      await clean(page, "given");
    });

    await step("the addressee reads it and says that it is done", async () => {
      const page = reader.page;
      await signIn(page, room, words, "officer", { shown: "attached" });
      await page.goto(`${room.url}/#/orders`);
      await page.getByText(words["orders.unread"].replace("{n}", "1")).waitFor();
      await clean(page, "unread-small");
      await button(page, words["orders.read"]).click();
      await page.locator("li.card").getByText(words["orders.was_read"], { exact: false }).first().waitFor();
      await button(page, words["orders.act"]).click();
      await page.getByLabel(words["orders.note"]).fill("held at 05:52");
      await button(page, words["orders.yes_act"]).click();
      await page.getByText("held at 05:52").waitFor();
      await fits(page, "done");
      await clean(page, "done-small");
    });

    await step("the giver sees it without asking, and withdraws it", async () => {
      const page = giver.page;
      await page.getByText("held at 05:52").waitFor();
      await page.locator("li.card .chip.good").waitFor();
      await button(page, words["orders.withdraw"]).click();
      await page.getByLabel(words["word.reason"]).fill("road open again");
      await button(page, words["orders.yes_withdraw"]).click();
      await page.getByText("road open again").waitFor();
      await clean(page, "withdrawn");
      for (const one of [giver, reader]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
  });
}
