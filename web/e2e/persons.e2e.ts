// A node for a real election: its first account, a second person who answers, and what needs both. Small lists, so that
// every screen is reached within seconds.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told, type Dictionary } from "./texts.ts";
import { becomes, looked, openBrowser, openNode, steps, type Room, until, visit } from "./harness.ts";
import { PASSWORD, signIn, toScreen } from "./people.ts";

const NEXT = "another river, another stone";
const HEAD = "province,constituency,station_no,name,booths_men,booths_women,booths,voters_men,voters_women,voters,latitude,longitude";
const STATIONS = [HEAD, "Sindh,NA-210,1,GPS Lakhi,2,1,3,600,500,1100,26.5,68.5", "Sindh,NA-210,2,GPS Miani,2,1,3,300,200,500,26.1,68.1", "Sindh,NA-210,3,GPS Sarai,2,0,2,600,0,600,26.5,68.3", "Sindh,NA-210,4,GPS Sarai,2,0,2,600,0,600,26.5,68.3",
  "Sindh,PS-44,1,GPS Lakhi,2,1,3,600,500,1100,26.9,68.5", "Sindh,PS-44,2,GPS Miani,2,1,3,310,205,515,26.1,68.1", "Sindh,PS-44,3,GPS Sarai,2,0,2,600,0,600,26.5,68.3", ""].join("\n");
const FORCES = ["unit,name,tier,district,latitude,longitude,men,women", "U-1,Police lines,police,pk/sindh/sanghar,26.3,68.4,60,12", ""].join("\n");

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told("light", "dark")) {
  test(`two persons decide in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const room: Room = await openNode();
    t.after(() => room.stop());
    const enter = () => visit(browser, room, language, theme, { width: 1600, height: 900 });
    const { page, context, foreign, faults } = await enter();
    const named = (at: Page, role: "button" | "tab", name: string) => at.getByRole(role, { name, exact: true });
    const clean = looked(`${language}-p`);
    const step = steps(t);
    const other = await enter();
    const third = await enter();
    const go = (at: Page, screen: string): Promise<void> => toScreen(at, room, screen);
    const row = (at: Page, person: string) => at.locator("tbody tr", { has: at.locator("td.mono", { hasText: person }) });

    await step("the one-time link opens the first account", async () => {
      assert.match(room.setup, /\?setup=[0-9a-f]{32}$/);
      await page.goto(room.setup);
      await page.getByLabel(words["setup.person"]).fill("first");
      await page.getByLabel(words["setup.name"]).fill("Planner");
      await page.getByLabel(words["session.password"], { exact: true }).fill(PASSWORD);
      await page.getByLabel(words["setup.again"]).fill(PASSWORD);
      await clean(page, "1-setup");
      await named(page, "button", words["setup.create"]).click();
      await page.locator("header .who").waitFor();
      await page.getByText(words["risk.no_stations"]).waitFor();
      await clean(page, "1-empty");
    });
    await step("two more accounts are opened, and a role is asked for", async () => {
      await go(page, "persons");
      for (const [person, name] of [["second", "Approver"], ["officer", "Officer"]] as const) {
        await named(page, "button", words["persons.open"]).first().click();
        const form = page.locator("dialog form");
        await form.getByLabel(words["persons.person"]).fill(person);
        await form.getByLabel(words["persons.name"]).fill(name);
        await form.getByLabel(words["session.password"]).fill(PASSWORD);
        await form.locator("button.main").click();
        await row(page, person).waitFor();
        await form.waitFor({ state: "detached" });
      }
      await ask(page, words, "officer", "POL-SP");
      await ask(page, words, "officer", "DRO");
      for (const role of ["POL-SP", "DRO"]) await row(page, "officer").locator("li", { hasText: role }).waitFor();
      assert.equal(await row(page, "officer").getByRole("button", { name: words["persons.approve"], exact: true }).count(), 0, "who asked does not approve");
      await clean(page, "2-asked");
    });
    await step("the second person approves one role and refuses the other", async () => {
      await signIn(other.page, room, words, "second");
      await go(other.page, "persons");
      const line = (role: string) => row(other.page, "officer").locator("li", { hasText: role });
      await line("POL-SP").getByRole("button", { name: words["persons.approve"], exact: true }).click();
      await line("POL-SP").getByText(words["grant.approved"]).waitFor();
      await line("DRO").getByRole("button", { name: words["persons.refuse"], exact: true }).click();
      await clean(other.page, "3-refuse");
      await confirm(other.page, words, words["persons.refuse"]);
      await line("DRO").waitFor({ state: "detached" });
      await other.page.getByRole("button", { name: words["persons.over"].replace("{n}", "1") }).click();
      await line("DRO").getByText(words["grant.refused"]).waitFor();
      await clean(other.page, "4-refused");
    });
    await step("a person changes the own password, and the old one opens nothing", async () => {
      await other.page.locator(".who > button").click();
      await named(other.page, "button", words["password.title"]).click();
      const form = other.page.locator("dialog form");
      const fill = async (old: string): Promise<void> => {
        await form.getByLabel(words["password.old"]).fill(old);
        await form.getByLabel(words["password.new"]).fill(NEXT);
        await form.getByLabel(words["setup.again"]).fill(NEXT);
        await form.locator("button.main").click();
      };
      await fill("not the password at all");
      await other.page.locator("dialog [role=alert]").waitFor();
      await clean(other.page, "5-password-wrong");
      await fill(PASSWORD);
      await other.page.getByText(words["password.changed"]).waitFor();
      const status = await other.page.evaluate(async (password) => (await fetch("/api/session", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ person: "second", password }) })).status, PASSWORD);
      assert.equal(status, 401);
      await other.page.locator("dialog button", { hasText: words["action.close"] }).last().click();
    });
    await step("doubtful pairs are shown with their reason, joined or kept apart", async () => {
      await go(page, "imports");
      await page.locator("input[type=file]").setInputFiles({ name: "stations.csv", mimeType: "text/csv", buffer: Buffer.from(STATIONS) });
      await named(page, "button", words["import.check"]).click();
      const pairs = page.locator(".pairs li.card");
      await pairs.nth(3).waitFor();
      await becomes("four pairs", () => pairs.count(), 4);
      await clean(page, "6-pairs");
      const of = (text: string) => pairs.filter({ hasText: text });
      await of("NA-210-2").getByRole("radio", { name: words["pairs.join"] }).check();
      await of("NA-210-1").getByRole("radio", { name: words["pairs.keep"] }).check();
      await of("NA-210-3").getByRole("radio", { name: words["pairs.join"] }).check();
      await of("NA-210-4").getByText(words["pairs.taken"]).waitFor();
      await page.reload();
      await pairs.nth(3).waitFor();
      await becomes("a reload keeps what was decided", () => of("NA-210-2").getByRole("radio", { name: words["pairs.join"] }).isChecked(), true);
      await page.getByRole("button", { name: words["pairs.apply"].replace("{n}", "2") }).click();
      await page.getByText(words["pairs.applied"].replace("{n}", "2")).waitFor();
      await becomes("five stations are left", () => page.locator(".figures .card", { hasText: words["import.sum.stations"] }).locator("dd").textContent(), "5");
      await clean(page, "7-joined");
      await page.locator(".sign input[type=checkbox]").check();
      await named(page, "button", words["import.sign"]).click();
      await page.getByText(words["import.signed"]).waitFor();
    });
    await step("a proposed class is rejected by another person, with a reason", async () => {
      await signIn(third.page, room, words, "officer");
      await third.page.goto(`${room.url}/#/risk?station=NA-210-1`);
      await named(third.page, "tab", words["why.tab.sign"]).click();
      const form = third.page.locator("form", { has: third.page.getByRole("heading", { name: words["official.title"], exact: true }) });
      await form.locator("select").selectOption("most");
      await form.getByLabel(words["word.source"]).fill(language === "ur" ? "ضلعی پولیس کا خط" : "letter of the district police");
      await form.locator("button.main").click();
      await third.page.getByText(words["proposal.own"]).waitFor();
      await page.goto(`${room.url}/#/risk?station=NA-210-1`);
      await named(page, "tab", words["why.tab.sign"]).click();
      await clean(page, "8-proposed");
      await named(page, "button", words["proposal.reject"]).click();
      await page.locator(".one form").getByLabel(words["word.reason"]).fill(language === "ur" ? "خط کی تاریخ پرانی ہے" : "the letter is out of date");
      await page.locator(".one form button.main").click();
      await page.getByText(words["proposal.rejected"]).waitFor();
      await page.getByRole("heading", { name: words["proposal.title"], exact: true }).waitFor({ state: "detached" });
      await clean(page, "9-rejected");
    });
    await step("a plan is proposed by one and rejected by the other", async () => {
      await go(page, "imports");
      await page.locator("select").first().selectOption("forces");
      await page.locator("input[type=file]").setInputFiles({ name: "forces.csv", mimeType: "text/csv", buffer: Buffer.from(FORCES) });
      await named(page, "button", words["import.check"]).click();
      await page.locator(".sign input[type=checkbox]").check();
      await named(page, "button", words["import.sign"]).click();
      await page.getByText(words["import.signed"]).waitFor();
      await go(page, "risk");
      await named(page, "button", words["risk.assess"]).click();
      await page.locator(".side table tbody tr").first().waitFor();
      await clean(page, "9-assessed");
      await until("every station is assessed", () => page.evaluate(async () => ((await (await fetch("/api/node")).json()) as { ready: { assessment: boolean } }).ready.assessment));
      await go(page, "deploy");
      await named(page, "button", words["deploy.solve"]).click();
      await named(page, "button", words["plan.act.propose"]).click();
      await page.locator("dialog .input").fill(language === "ur" ? "کمیٹی کے لیے" : "for the committee");
      await page.locator("dialog button.main").click();
      await page.locator("header .chip", { hasText: words["plan.proposed"] }).waitFor();
      await go(other.page, "deploy");
      await named(other.page, "button", words["plan.act.reject"]).click();
      await clean(other.page, "10-reject");
      await other.page.locator("dialog .input").fill(language === "ur" ? "خواتین اہلکار کم ہیں" : "women are missing at three buildings");
      await other.page.locator("dialog button.main").click();
      await other.page.locator("header .chip", { hasText: words["plan.rejected"] }).waitFor();
      await clean(other.page, "11-plan-rejected");
    });
    await step("a role is taken away, and an account closed", async () => {
      await go(other.page, "persons");
      await row(other.page, "officer").getByRole("button", { name: words["persons.revoke"], exact: true }).click();
      await confirm(other.page, words, words["persons.revoke"]);
      await other.page.getByRole("button", { name: words["persons.over"].replace("{n}", "2") }).waitFor();
      await go(page, "persons");
      await row(page, "officer").getByRole("button", { name: words["persons.close"], exact: true }).click();
      await clean(page, "12-close");
      await confirm(page, words, words["persons.close"]);
      await row(page, "officer").getByText(words["account.closed"]).waitFor();
      await clean(page, "13-closed");
      assert.equal(await third.page.evaluate(async () => (await fetch("/api/session")).status), 401, "whoever is out is out at once");
    });
    await t.test("nothing was asked of anybody but the node, and nothing broke", () => {
      for (const one of [{ foreign, faults }, other, third]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
    await Promise.all([context.close(), other.context.close(), third.context.close()]);
  });
}

async function ask(page: Page, words: Dictionary, person: string, role: string): Promise<void> {
  await page.locator("tbody tr", { has: page.locator("td.mono", { hasText: person }) }).getByRole("button", { name: words["persons.grant"], exact: true }).click();
  const form = page.locator("dialog form");
  await form.locator("select").selectOption(role);
  await form.getByLabel(words["persons.area"]).fill("pk/sindh");
  await form.getByLabel(words["word.reason"]).fill("asked for by the district");
  await form.locator("button.main").click();
  await page.locator("dialog").waitFor({ state: "detached" });
}
async function confirm(page: Page, words: Dictionary, deed: string): Promise<void> {
  await page.locator("dialog .input").fill("no longer needed here");
  await page.getByRole("button", { name: words["word.yes"].replace("{deed}", deed) }).click();
  await page.locator("dialog").waitFor({ state: "detached" });
}
