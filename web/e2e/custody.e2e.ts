// A bag three hours late with a broken seal: received at a counter by keyboard alone, seen in the room, resolved by
// somebody who had no hand in it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { fits, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";

const THATTA = "pk/sindh/thatta";
const MINUTE_MS = 60_000;

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a bag three hours late with a broken seal in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const small = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const helper = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const clean = looked(`${language}-b`);
    const step = steps(t);
    const act = (page: Page, at: number, deed: object) => ask(page, "POST", "/api/custody/acts", { area: THATTA, at_ms: at, act: deed });
    let start = 0;

    await step("everybody has a role", async () => {
      const page = helper.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { officer: ["PO", THATTA], counter: ["ARO", THATTA], district: ["DRO", THATTA] });
      await helper.context.clearCookies();
      await signIn(page, room, words, "second", { shown: "attached" });
      await approveRoles(page, grants);
      await helper.context.clearCookies();
    });

    await step("an officer comes back late, in another vehicle", async () => {
      const page = helper.page;
      await signIn(page, room, words, "officer", { shown: "attached" });
      start = Date.now() - 360 * MINUTE_MS;
      const at = (minute: number): number => start + minute * MINUTE_MS;
      await act(page, at(0), { deed: "issue-seals", seals: { prefix: "S-", first: 1, last: 100 } });
      await act(page, at(0), { deed: "register", items: [
        { item: "NA-225-7-BAG", kind: "bag", station: "NA-225-7", contest: "NA-225", seals: ["S-41"] },
        { item: "NA-225-7-TE-1", kind: "tamper-bag", station: "NA-225-7", contest: "NA-225", seals: ["S-42"] },
      ] });
      const items = ["NA-225-7-BAG", "NA-225-7-TE-1"];
      await act(page, at(10), { deed: "depart", step: "C12", items, vehicle: "LEA-17", due_ms: at(60) });
      await act(page, at(240), { deed: "arrive", step: "C12", items, vehicle: "LEB-99", road: { off_m: 2600, planned_m: 18000, driven_m: 25000, halt_minutes: 25 } });
      await act(page, at(241), { deed: "offer", step: "C13", items, to: "ARO" });
    });

    await step("the counter receives by keyboard alone, and sees no number first", async () => {
      const page = desk.page;
      await signIn(page, room, words, "counter", { shown: "attached" });
      await page.goto(`${room.url}/#/custody?area=${encodeURIComponent(THATTA)}&tab=desk`);
      await page.locator(":focus").and(page.getByLabel(words["custody.scan"])).waitFor();
      await page.keyboard.type("NA-225-7-TE-1\n", { delay: 5 });
      await page.locator("[data-offer] input.seal:focus").waitFor();
      assert.equal((await page.locator("main").innerText()).includes("S-41"), false, "the seal is read from the bag");
      await clean(page, "desk");
      await page.keyboard.type("S-777\n", { delay: 5 });
      await page.keyboard.type("S-42\n", { delay: 5 });
      await page.locator("[data-received]").waitFor();
      await page.locator("[data-received]").getByText("X03").waitFor();
      await clean(page, "received");
      await page.goto(`${room.url}/#/custody?area=${encodeURIComponent(THATTA)}`);
      await page.locator('[data-exception="X05"]').first().waitFor();
      await clean(page, "exceptions");
      await page.goto(`${room.url}/#/custody`);
      await page.locator("table.grid tbody tr").first().waitFor();
      await clean(page, "board");
    });

    await step("the district resolves it, on the record", async () => {
      const page = small.page;
      await signIn(page, room, words, "district", { shown: "attached" });
      await page.goto(`${room.url}/#/custody?area=${encodeURIComponent(THATTA)}`);
      const card = page.locator('[data-exception="X03"]').first();
      await card.getByRole("button", { name: words["custody.take"], exact: true }).click();
      await card.getByText("district").waitFor();
      await card.getByRole("button", { name: words["custody.resolve"], exact: true }).click();
      await page.getByLabel(words["custody.note"]).fill("resealed at the bridge, order 12 · پل پر دوبارہ مہر");
      await button(page, words["custody.yes_resolve"]).click();
      await page.getByText("resealed at the bridge").waitFor();
      await fits(page, "resolved");
      await clean(page, "resolved-small");
    });

    await step("the item's history names every entry; the fire page says what is left", async () => {
      const page = desk.page;
      await page.goto(`${room.url}/#/custody?area=${encodeURIComponent(THATTA)}&tab=items&item=NA-225-7-BAG`);
      await page.locator("ol li.card").nth(4).waitFor();
      await clean(page, "item");
      await page.goto(`${room.url}/#/custody?area=${encodeURIComponent(THATTA)}&tab=fire`);
      await page.locator("table.grid tbody tr").first().waitFor();
      await clean(page, "fire");
      for (const one of [desk, small, helper]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
  });
}
