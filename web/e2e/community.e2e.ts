// Community policing by three persons in the browser: a committee formed, volunteers enlisted by number, vetted by another person,
// briefed, on a rota without anybody in two places, heard and answered; an observer sees counts alone; what is missing is named.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const EAST = "pk/sindh/karachi-east";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`community policing in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const other = await visit(browser, room, language, theme, { width: 1280, height: 720 });
    const clean = looked(`${language}-community`, "must fit");
    const step = steps(t);
    const sitDown = async (page: Page, person: string): Promise<void> => {
      await seat(page, room, words, person, "community");
      await page.locator("[data-table=areas]").waitFor();
    };
    const form = (page: Page) => page.getByRole("dialog");
    const sign = async (page: Page): Promise<void> => {
      await form(page).getByRole("button", { name: words["community.sign"], exact: true }).click();
      await form(page).waitFor({ state: "detached" });
    };
    const open = async (page: Page, act: "enlist" | "vet" | "brief" | "plan" | "tell" | "answer" | "dissolve"): Promise<void> => {
      await page.locator("[data-detail]").getByRole("button", { name: words[`community.act.${act}`], exact: true }).click();
      await form(page).waitFor();
    };

    await step("the persons have their roles", async () => {
      await firstAccount(desk.page, room, words);
      const grants = await grantRoles(desk.page, { officer: ["DRO", EAST], police: ["SHO", EAST], observer: ["OBS", "pk"] });
      await signIn(other.page, room, words, "second");
      await approveRoles(other.page, grants);
    });
    await step("the officer sees that the district has no committee, and forms one", async () => {
      const page = desk.page;
      await sitDown(page, "officer");
      await page.locator(`[data-area="${EAST}"]`).getByText(words["community.no_committee"], { exact: false }).waitFor();
      await button(page, words["community.form"]).click();
      await form(page).locator("[name=place]").fill("وارڈ ۷ · Ward 7 school");
      await form(page).locator("[name=kind]").selectOption("health");
      await form(page).locator("[name=seats-women]").fill("2");
      await form(page).locator("[name=seats-queue]").fill("1");
      await clean(page, "form");
      await sign(page);
      await page.locator("[data-detail]").waitFor();
    });
    await step("the police enlist numbers from paper; an identity number is refused and stays in the field", async () => {
      const page = other.page;
      await sitDown(page, "police");
      await page.getByRole("tab", { name: words["community.tab.list"], exact: true }).click();
      await page.locator("[data-committee]").click();
      await open(page, "enlist");
      await form(page).locator("[name=duty]").selectOption("women");
      await form(page).locator("[name=numbers]").fill("v-1, v-2\nv-10 4210112345671");
      await form(page).getByRole("button", { name: words["community.sign"], exact: true }).click();
      await form(page).getByRole("alert").waitFor();
      await becomes("it stays in the field", () => form(page).locator("[name=numbers]").inputValue(), "4210112345671");
      await form(page).locator("[name=numbers]").fill("v-3");
      await form(page).locator("[name=duty]").selectOption("queue");
      await sign(page);
      await page.locator("[data-volunteer='v-10'][data-phase=enlisted]").waitFor();
      assert.equal(await page.locator("[data-detail]").getByRole("button", { name: words["community.act.vet"], exact: true }).count(), 0, "police do not vet");
    });
    await step("the officer vets: results alone; who waits is named", async () => {
      const page = desk.page;
      await page.locator("[data-volunteer='v-1']").waitFor();
      await open(page, "vet");
      await form(page).locator("[name=numbers]").fill("v-1 v-2 v-3");
      await clean(page, "vet");
      await sign(page);
      await page.locator("[data-volunteer='v-3'][data-phase=passed]").waitFor();
      await page.locator("[data-volunteer='v-10']").click();
      await page.locator(".picked").getByRole("button", { name: words["community.act.vet"], exact: true }).click();
      await form(page).getByRole("radio", { name: words["community.is.refused"] }).check();
      await sign(page);
      await page.locator("[data-volunteer='v-10'][data-phase=refused]").waitFor();
    });
    await step("briefings are held, and what nobody explained is named", async () => {
      const page = desk.page;
      const missing = words["community.topics_missing"].split("{")[0] ?? "";
      await open(page, "brief");
      await form(page).locator("[name=attended]").fill("2");
      await sign(page);
      await page.locator("[data-detail]").getByText(missing, { exact: false }).waitFor();
      await open(page, "brief");
      await form(page).locator("[name=attended]").fill("3");
      await sign(page);
      await page.locator("[data-detail]").getByText(missing, { exact: false }).waitFor({ state: "detached" });
      await page.getByText(words["community.n_unbriefed"].replace("{n}", "1").replace("{of}", "3")).waitFor();
    });
    await step("the rota is written from who is free; nobody is in two places, gaps are seen before signing", async () => {
      const page = other.page;
      await page.locator("[data-volunteer='v-3'][data-phase=passed]").waitFor();
      await open(page, "plan");
      await form(page).locator("[name=post-0]").fill("Women's gate");
      for (const number of ["v-1", "v-2"]) await form(page).locator(".offer").getByRole("button", { name: number }).click();
      await form(page).locator("[name=until-0]").fill("12:30");
      await form(page).locator("[name=until-0]").dispatchEvent("change");
      await button(page, `+ ${words["community.add_shift"]}`).click();
      await form(page).locator("[name=post-1]").fill("Queue at the road");
      await form(page).locator("[name=who-1]").fill("v-1 v-3 v-10");
      const bad = (key: "twice_at_once" | "not_passed", numbers: string) => form(page).getByText(words[`community.${key}`].replace("{numbers}", ""), { exact: false }).filter({ hasText: numbers }).waitFor();
      await bad("twice_at_once", "v-1");
      await bad("not_passed", "v-10");
      await clean(page, "plan-wrong");
      await form(page).getByRole("button", { name: words["community.sign"], exact: true }).click();
      await form(page).getByRole("alert").waitFor();
      await form(page).locator("[name=who-1]").fill("v-3");
      await form(page).locator(".said .bad").getByText("12:30", { exact: false }).waitFor();
      await page.setViewportSize(SIZES[2]);
      await clean(page, "plan-390");
      await page.setViewportSize(SIZES[1]);
      await sign(page);
      await page.locator("[data-detail] .rota").getByText("Women's gate").waitFor();
    });
    await step("what the committee tells names nobody, and is answered", async () => {
      await open(other.page, "tell");
      await form(other.page).locator("[name=text]").fill("Mr Rahim watches the gate");
      await form(other.page).getByRole("button", { name: words["community.sign"], exact: true }).click();
      await form(other.page).getByRole("alert").waitFor();
      await form(other.page).locator("[name=text]").fill("The lamp at the gate is broken.");
      await sign(other.page);
      await open(desk.page, "answer");
      await form(desk.page).locator("[name=text]").fill("It is mended.");
      await sign(desk.page);
      await other.page.getByText("It is mended.").waitFor();
    });
    await step("the day's rota, areas and lists at three sizes, and the same on paper", async () => {
      const page = desk.page;
      for (const tab of ["day", "list", "areas"] as const) {
        await page.getByRole("tab", { name: words[`community.tab.${tab}`], exact: true }).click();
        for (const size of SIZES) {
          await page.setViewportSize(size);
          if (size.width === 390 && tab === "day") {
            await clean(page, "detail-390");
            await page.locator(".back").click();
          }
          if (tab === "day") await page.locator("[data-rota=planned]").first().waitFor();
          await clean(page, `${tab}-${size.width}`);
        }
        await page.setViewportSize(SIZES[0]);
      }
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: `${words["community.rota"]} CSV`, exact: true }).click()]);
      const paper = readFileSync(await download.path(), "utf8");
      assert.match(paper, /08:00,12:30,Women's gate,v-1,women,yes/);
      assert.ok(!paper.includes("v-10"), paper);
    });
    await step("an observer sees where committees are missing, and counts alone", async () => {
      const page = other.page;
      await sitDown(page, "observer");
      await page.locator("[data-area]").nth(100).waitFor();
      assert.equal(await page.getByRole("tab", { name: words["community.tab.day"], exact: true }).count(), 0);
      await page.locator(`[data-area="${EAST}"]`).getByRole("button", { name: "1", exact: true }).first().click();
      await page.locator("[data-committee]").click();
      await page.getByText(words["community.counts_alone"]).waitFor();
      assert.doesNotMatch(await page.locator("body").innerText(), /v-\d/);
      await clean(page, "observer");
      const id = new URLSearchParams((await page.evaluate(() => location.hash)).split("?")[1]).get("committee") ?? "";
      await assert.rejects(ask(page, "GET", `/api/community/committees/${encodeURIComponent(id)}/volunteers`), /403/);
    });
    await step("the officer ends the committee: it stays on record", async () => {
      const page = desk.page;
      await page.getByRole("tab", { name: words["community.tab.day"], exact: true }).click();
      await page.locator("[data-rota=planned]").first().click();
      await open(page, "dissolve");
      await form(page).locator("[name=text]").fill("Merged with ward 8.");
      await sign(page);
      await page.locator("[data-detail]").getByText("Merged with ward 8.").waitFor();
      await clean(page, "ended");
    });
    await step("nothing left the node, and nothing broke", async () => {
      for (const { foreign, faults } of [desk, other]) assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
