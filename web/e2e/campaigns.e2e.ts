// A campaign by five persons in the browser: drafted, read by two, approved, shown to the public, measured; what nobody read stays blocked.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const AREA = "pk/sindh";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a campaign in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const other = await visit(browser, room, language, theme, { width: 1280, height: 720 });
    const clean = looked(`${language}-campaign`, "must fit");
    const step = steps(t);
    const sitDown = async (page: Page, person: string): Promise<void> => {
      await seat(page, room, words, person, "campaigns");
      await page.getByRole("heading", { name: words["nav.campaigns"], exact: true }).waitFor();
    };
    const side = (page: Page, code: string, standing: string) => page.locator(`[data-language=${code}][data-standing=${standing}]`);
    const sign = async (page: Page): Promise<void> => {
      const form = page.getByRole("dialog");
      await form.getByRole("button", { name: words["campaigns.sign"], exact: true }).click();
      await form.waitFor({ state: "detached" });
    };

    await step("the persons have their roles", async () => {
      await firstAccount(desk.page, room, words);
      const grants = await grantRoles(desk.page, { desk: ["PUBDESK", AREA], reader: ["TRAINER", AREA], lector: ["ARO", AREA], commissioner: ["PEC", AREA] });
      await signIn(other.page, room, words, "second");
      await approveRoles(other.page, grants);
    });
    await step("the desk drafts in two languages; a text that takes sides is refused", async () => {
      const page = desk.page;
      await sitDown(page, "desk");
      await page.getByText(words["campaigns.none"]).waitFor();
      await button(page, words["campaigns.draft"]).click();
      const form = page.getByRole("dialog");
      await form.getByLabel(words["campaigns.name"], { exact: true }).fill("Safe voting");
      await form.locator("textarea[lang=ur]").fill("آپ کا ووٹ راز ہے۔ قطار میں کھڑے رہیں۔");
      await form.locator("textarea[lang=en]").fill("Vote for peace.");
      await form.getByRole("checkbox", { name: words["campaigns.ch.sms"] }).check();
      await clean(page, "draft");
      await form.getByRole("button", { name: words["campaigns.sign"], exact: true }).click();
      await form.getByRole("alert").waitFor();
      await form.locator("textarea[lang=en]").fill("Your vote is secret. Keep your place in the queue.");
      await sign(page);
      await page.locator("[data-campaign=drafted]").waitFor();
      await becomes("five languages that nobody wrote", () => page.locator("[data-standing=missing]").count(), 5);
    });
    await step("two native readers sign Urdu, and nobody reads English", async () => {
      for (const person of ["reader", "lector"]) {
        await sitDown(other.page, person);
        await other.page.getByRole("button", { name: `${words["campaigns.act.sign"]} · ${words["campaigns.lang.ur"]}`, exact: true }).click();
        if (person === "reader") await clean(other.page, "sign");
        await sign(other.page);
      }
      await side(desk.page, "ur", "signed").waitFor();
      await desk.page.locator("[data-campaign=read]").waitFor();
    });
    await step("another person approves; what nobody has read stays blocked and is named", async () => {
      await sitDown(other.page, "commissioner");
      await button(other.page, words["campaigns.act.approve"]).click();
      await sign(other.page);
      await side(desk.page, "ur", "out").waitFor();
      await side(desk.page, "en", "unsigned").waitFor();
      const card = desk.page.locator("[data-campaign=running]");
      const shut = await card.getByText(words["campaigns.blocked"].split("{")[0] ?? "", { exact: false }).textContent();
      for (const code of ["sd", "ps", "pa", "bal", "skr", "en"] as const) assert.ok(shut?.includes(words[`campaigns.lang.${code}`]), `${code} is named`);
      assert.ok(!shut?.includes(` ${words["campaigns.lang.ur"]} `));
      await card.getByText(words["campaigns.survives_none"], { exact: false }).waitFor();
      const script = await desk.page.evaluate(async (path) => (await fetch(path)).text(), (await card.getByRole("link", { name: words["campaigns.script"] }).getAttribute("href")) ?? "");
      assert.ok(script.includes("آپ کا ووٹ راز ہے۔"));
    });
    await step("the plan says what survives the cut, with its bound; the desk measures", async () => {
      const page = desk.page;
      await page.getByLabel(words["campaigns.budget"], { exact: true }).fill("5000000");
      await page.locator("[data-plan] select").selectOption(AREA);
      await button(page, words["campaigns.ask"]).click();
      await page.locator("[data-plan=made]").waitFor();
      const plan = await ask(page, "GET", "/api/campaigns/plan?budget=5000000&area=pk/sindh&cut=true");
      assert.ok(plan.reached > 0 && plan.reached <= plan.bound && plan.gap_ppm < 20_000, JSON.stringify(plan));
      await button(page, words["campaigns.act.measure"]).click();
      const form = page.getByRole("dialog");
      await form.getByLabel(words["campaigns.reached"], { exact: true }).fill("31500");
      await form.getByLabel(words["campaigns.spent"], { exact: true }).fill("240000");
      await form.getByLabel(words["campaigns.how"], { exact: true }).fill("survey of 400 households");
      await clean(page, "measure");
      await sign(page);
      await page.getByText("31,500", { exact: false }).first().waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `list-${size.width}`);
      }
    });
    await step("nothing left the node, and nothing broke", async () => {
      for (const { foreign, faults } of [desk, other]) assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
