// What a court wants gone, in the browser: ordered by one person, approved by another, and no longer said anywhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";

const WORDS = "The name that a court wants forgotten";
const INSTRUMENT = "Islamabad High Court, W.P. 1/2024";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a deletion by two persons in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const one = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const other = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const clean = looked(`${language}-x`, "must fit");
    const step = steps(t);
    let place = "";

    await step("an order says what a court will want gone", async () => {
      await firstAccount(one.page, room, words);
      const grants = await grantRoles(one.page, { colleague: ["ECP-NAT", "pk"] });
      await signIn(other.page, room, words, "second");
      await approveRoles(other.page, grants);
      await other.context.clearCookies();
      const given = await ask(one.page, "POST", "/api/orders", { area: "pk/sindh/thatta", to: ["SHO"], priority: "routine", minutes: 60, text: WORDS, runner: "" });
      place = String(given.orders[0].id).replaceAll(":", "/");
    });
    await step("one person orders the deletion, and nothing is gone yet", async () => {
      const page = one.page;
      await page.goto(`${room.url}/#/prove?entry=${place.replaceAll("/", ":")}`);
      await page.locator("[data-proven]").waitFor();
      await button(page, words["deletion.order"]).click();
      await page.getByLabel(words["deletion.court_instrument"]).fill(INSTRUMENT);
      await page.getByLabel(words["word.reason"]).fill("by order of the court");
      await clean(page, "form");
      await button(page, words["deletion.propose"]).click();
      await page.locator("[data-deletion]").getByText(words["deletion.waits"]).waitFor();
      assert.equal(await button(page, words["deletion.approve"]).count(), 0, "not by whoever ordered it");
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `waits-${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
      assert.ok(JSON.stringify(await ask(page, "GET", "/api/orders")).includes(WORDS));
    });
    await step("a second person approves it, and the room does not say it any more", async () => {
      const page = other.page;
      await signIn(page, room, words, "colleague");
      await page.goto(`${room.url}/#/prove`);
      await button(page, words["deletion.title"]).click();
      await page.locator("[data-deletion]").getByText(INSTRUMENT).waitFor();
      await button(page, words["deletion.approve"]).click();
      await page.locator("[data-deletion] .good").getByText(words["deletion.everywhere"]).waitFor();
      await clean(page, "gone");
      assert.ok(!JSON.stringify(await ask(page, "GET", "/api/orders")).includes(WORDS));
    });
    await step("two persons sign once that contacts go by themselves; one ends it", async () => {
      const [first, second] = [one.page, other.page];
      await first.locator("[data-standing=no]").waitFor();
      await first.locator("[name=standing-rule]").fill("contacts, D+30");
      await first.locator("[name=standing-reason]").fill("promised on the form");
      await button(first, words["deletion.stand_propose"]).click();
      await button(second, words["deletion.stand_approve"]).click();
      await first.locator("[data-standing=yes]").waitFor();
      await clean(first, "standing");
      await first.locator("[data-standing] form input").fill("a court keeps them");
      await button(first, words["deletion.stand_end"]).click();
      await second.locator("[data-standing=no]").waitFor();
    });
    await step("the first sees it without asking; what stays is proven, and says that it was deleted", async () => {
      const page = one.page;
      await page.locator("[data-deletion] .good").getByText(words["deletion.everywhere"]).waitFor();
      await page.locator("[data-deletion] button.mono").click();
      await page.locator("[data-proven]").getByText(words["proof.content.deleted"]).waitFor();
      assert.equal(await button(page, words["deletion.order"]).count(), 0);
      await clean(page, "proven-after");
    });
    await step("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual([one.foreign, other.foreign, one.faults, other.faults], [[], [], [], []]);
      return Promise.resolve();
    });
  });
}
