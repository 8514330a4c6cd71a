// Patrols in the browser: the plan and what it is worth, a day drawn and sealed, opened by the duty officer alone, shown at
// its hour, drawn again by somebody else, another withdrawn.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, command, looked, openBrowser, openPrepared, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const IMPORT = resolve(import.meta.dirname, "../../fixtures/import");
const ROLES = { planner: ["PEC", "pk"], duty: ["CTRL-N", "pk"], crew: ["SECTOR", "pk"], viewer: ["RO", "pk"] } as const;
const WIDE = { width: 1600, height: 900 };

/** A node with assessed stations and units. */
function assessed(folder: string): string {
  const data = join(folder, "node");
  for (const words of [["import", "stations", join(IMPORT, "stations_small.csv")], ["import", "forces", join(IMPORT, "forces_small.csv")], ["assess"]]) {
    const done = command("--data", data, "plan", ...words);
    assert.equal(done.code, 0, `${words.join(" ")}: ${done.err}`);
  }
  return data;
}
/** A day in Pakistan, so many days from now. */
const day = (later: number): string => new Date(Date.now() + (5 + 24 * later) * 3_600_000).toISOString().slice(0, 10);

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a day's patrols from the plan to whoever doubts them in ${language}`, { timeout: 20 * 60_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pehra-patrols-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const room = await openPrepared(assessed(folder));
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, WIDE);
    const other = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const clean = looked(`${language}-patrols`, "must fit");
    const step = steps(t);
    const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`);
    const hidden = async (page: Page): Promise<void> => assert.equal(await page.locator("[data-ways], [data-stop]").count(), 0, "no way is on the page");
    async function as(page: Page, person: string): Promise<void> {
      await seat(page, room, words, person, "patrols");
      await page.getByRole("tab", { name: words["patrols.tab.schedules"] }).waitFor();
    }
    async function everySize(page: Page, where: string): Promise<void> {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `${where}-${size.width}`);
      }
      await page.setViewportSize(WIDE);
    }
    async function drawn(page: Page, later: number, from: string): Promise<string> {
      await act(page, "seal").click();
      const form = page.getByRole("dialog");
      await form.getByLabel(words["patrols.day"], { exact: true }).fill(day(later));
      await form.getByLabel(words["patrols.hour"], { exact: true }).fill(from);
      await clean(page, `seal-${later}`);
      await form.getByRole("button", { name: words["patrols.yes_seal"] }).click();
      await page.locator("[data-sealed]").waitFor();
      return (await page.locator("[data-schedule]").getAttribute("data-schedule")) ?? "";
    }

    await step("everybody has their role", async () => {
      await firstAccount(desk.page, room, words);
      const grants = await grantRoles(desk.page, ROLES);
      await desk.context.clearCookies();
      await signIn(desk.page, room, words, "second");
      await approveRoles(desk.page, grants);
    });

    await step("the plan says how often each building is looked at, and what that is worth", async () => {
      const { page } = desk;
      await as(page, "planner");
      await page.getByText(words["patrols.none"]).waitFor();
      await page.keyboard.press("2");
      await page.getByLabel(words["patrols.teams_field"]).fill("2");
      await button(page, words["patrols.compute"]).click();
      await page.locator("[data-coverage]").waitFor();
      await page.locator("[data-map-ready=yes]").waitFor();
      const payoffs = (await page.locator("[data-payoffs]").textContent()) ?? "";
      assert.match(payoffs, language === "ur" ? /[\u0600-\u06ff].*700/ : /takes away 700 of every 1,000/);
      assert.equal(await page.locator('.form a[href="#/parameters"]').count(), 1);
      const shares = (await page.locator("[data-building] .num").allTextContents()).map(Number);
      assert.ok(shares.length > 0 && shares.every((share, at) => share <= (shares[at - 1] ?? 1000)), shares.join(" "));
      await page.locator("[data-building]").first().click();
      await page.locator(".here").waitFor();
      await everySize(page, "cover");
    });

    let today = "";
    await step("a day of tours is drawn and sealed, and the page shows nobody where a team goes", async () => {
      const { page } = desk;
      await page.getByLabel(words["patrols.tours_field"]).check();
      await page.getByLabel(words["patrols.teams_field"]).fill("3");
      await button(page, words["patrols.compute"]).click();
      await page.getByText(words["patrols.bases"]).waitFor();
      await clean(page, "tours");
      today = await drawn(page, 0, "00:00");
      await page.locator('[data-schedule][data-phase="due"]').waitFor();
      await hidden(page);
      await everySize(page, "sealed");
    });

    await step("whoever only looks is offered nothing, and whoever speaks for a unit is refused all of it", async () => {
      const { page } = other;
      await as(page, "viewer");
      await page.locator(`[data-listed="${today}"]`).click();
      await page.locator("[data-schedule]").waitFor();
      await hidden(page);
      assert.equal(await page.locator("[data-act]").count(), 0);
      await clean(page, "viewer-small");
      await as(page, "crew");
      await page.locator(`[data-listed="${today}"]`).click();
      await act(page, "open").click();
      await page.getByRole("alert").getByText("role-lacks-permission").waitFor();
      await hidden(page);
    });

    await step("the duty officer opens it for their own eyes", async () => {
      const { page } = desk;
      await as(page, "duty");
      await page.locator(`[data-listed="${today}"]`).waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.locator(`[data-schedule="${today}"]`).waitFor();
      await act(page, "open").click();
      await page.locator('[data-ways="opened"]').waitFor();
      await page.locator("[data-stop]").first().waitFor();
      await page.locator("[data-map-ready=yes]").waitFor();
      await everySize(page, "opened");
      await act(page, "close").click();
      await hidden(page);
    });

    await step("shown at its hour, it is on another's screen by itself, and they draw it again", async () => {
      await as(other.page, "viewer");
      await other.page.locator(`[data-listed="${today}"]`).click();
      await other.page.locator(`[data-schedule="${today}"]`).waitFor();
      await hidden(other.page);
      const { page } = desk;
      await act(page, "show").click();
      await clean(page, "show");
      await page.getByRole("dialog").getByRole("button", { name: words["patrols.yes_show"] }).click();
      await page.locator('[data-ways="shown"]').waitFor();
      await other.page.locator('[data-ways="shown"]').waitFor();
      await act(other.page, "check").click();
      await other.page.locator("[data-checked] .good").nth(1).waitFor();
      assert.equal(await other.page.locator("[data-checked] .bad, [data-checked] .warn").count(), 0);
      await clean(other.page, "shown-small");
      await everySize(page, "shown");
    });

    await step("tomorrow's is sealed until its hour, and withdrawn with a reason it stays sealed", async () => {
      const { page } = desk;
      await as(page, "planner");
      await page.getByRole("tab", { name: words["patrols.tab.cover"] }).click();
      await page.getByLabel(words["patrols.teams_field"]).fill("2");
      await button(page, words["patrols.compute"]).click();
      await page.locator("[data-coverage]").waitFor();
      const later = await drawn(page, 1, "06:00");
      await page.locator('[data-schedule][data-phase="sealed"]').waitFor();
      assert.equal(await act(page, "show").count(), 0, "its hour has not come");
      const early = await ask(page, "POST", `/api/patrols/${later}`, { act: "show" }).then(() => "", String);
      assert.match(early, /patrol-too-early/);
      await act(page, "withdraw").click();
      await page.getByRole("dialog").locator("textarea").fill("a vehicle broke down");
      await page.getByRole("dialog").getByRole("button", { name: words["patrols.yes_withdraw"] }).click();
      await page.locator('[data-schedule][data-phase="withdrawn"]').getByText("a vehicle broke down").waitFor();
      await hidden(page);
      await everySize(page, "withdrawn");
      for (const one of [desk, other]) assert.deepEqual([one.foreign, one.faults], [[], []]);
    });
  });
}
