// Convoys in the browser: a stranger to the page plans two seats, reads an order, the night and its price, and who may not
// know a route is shown none.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, command, looked, openBrowser, openPrepared, steps, until, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";

let browser: Browser;
let folder: string;
before(async () => {
  browser = await openBrowser();
  folder = mkdtempSync(join(tmpdir(), "pehra-convoys-"));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Two seats in two districts, thirty schools and eight, each a walk apart. */
function list(): string {
  const rows = ["province,constituency,station no,station name,male booths,female booths,male voters,female voters,latitude,longitude,district,category"];
  const add = (seat: string, district: string, count: number, lat: number, lon: number): void => {
    for (let n = 1; n <= count; n += 1) rows.push(`Sindh,${seat},${n},Primary School ${district} ${n},1,1,${500 + 7 * n},${430 + 5 * n},${(lat + (n % 6) * 0.03).toFixed(5)},${(lon + Math.floor(n / 6) * 0.04).toFixed(5)},${district},${n % 5 === 0 ? "most sensitive" : "normal"}`);
  };
  add("NA-301", "Thatta", 30, 24.75, 67.9);
  add("NA-302", "Tharparkar", 8, 24.7, 69.8);
  return `${rows.join("\n")}\n`;
}

for (const [language, words, theme] of told()) {
  test(`convoys in ${language}`, { timeout: 5 * 60_000 }, async (t) => {
    const data = join(folder, language);
    const file = join(folder, "list.csv");
    writeFileSync(file, list());
    const imported = command("--data", data, "plan", "import", "stations", file);
    assert.equal(imported.code, 0, imported.err);
    const room = await openPrepared(data);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const clean = looked(`${language}-convoys`, "must fit");
    const every = async (where: string, of: Page = page): Promise<void> => {
      for (const size of SIZES) {
        await of.setViewportSize(size);
        await clean(of, `${where}-${size.width}`);
      }
      await of.setViewportSize({ width: 1600, height: 900 });
    };
    const tab = (name: string) => page.getByRole("tab", { name, exact: true });

    await step("keys open the page, and every seat is planned as one watches", async () => {
      await firstAccount(page, room, words);
      await page.keyboard.press("g");
      await page.keyboard.press("3");
      await page.getByRole("heading", { name: words["convoys.title"], exact: true }).waitFor();
      await page.locator("tr[data-seat='NA-301'][data-made='no']").waitFor();
      await button(page, words["convoys.plan_area"]).click();
      await page.locator("tr[data-made='yes']").nth(1).waitFor();
      await page.locator(".solve").getByText(words["convoys.done"].replace("{n}", "2").replace("{k}", "0")).waitFor();
      await page.locator("[data-planned='2']").waitFor();
    });
    await step("a seat lies on its map and in its chart of time and way", async () => {
      await page.locator("tr[data-seat='NA-301'] a").focus();
      await page.keyboard.press("Enter");
      await page.locator("figure polyline").first().waitFor();
      await page.locator("tr[data-seat='NA-301'][aria-selected=true]").waitFor();
      await page.locator("figure svg").first().locator("circle").nth(29).waitFor();
      await page.locator("[data-press]", { hasText: "Karachi" }).waitFor();
      await every("1-ground");
    });
    await step("an order says who carries what, when each stop is overdue and what to do when a leg is closed", async () => {
      await tab(words["convoys.tab.orders"]).click();
      const orders = page.locator("[data-convoy]");
      // Thirty bags are more than two convoys carry.
      await orders.nth(2).waitFor();
      await orders.nth(1).click();
      await page.locator("[data-order='2'] [data-call]").first().waitFor();
      const text = await page.locator("[data-order='2']").innerText();
      for (const key of ["convoys.commander", "convoys.estimated", "convoys.not_registered"] as const) assert.ok(text.includes(words[key]), `${key}: ${text}`);
      await every("2-order");
    });
    await step("the night has its curve, its counters, and improvements with their price once they are asked for", async () => {
      await tab(words["convoys.tab.night"]).click();
      await page.getByText(words["convoys.better_none"]).waitFor();
      await page.getByLabel(words["convoys.improve"]).check();
      await page.locator("[data-act='plan']").click();
      await tab(words["convoys.tab.night"]).click();
      await page.locator("[data-better='5']").waitFor();
      await page.getByLabel(words["convoys.better.teams_cost"]).fill("45000");
      await page.locator("[data-better='0'] td").nth(5).waitFor();
      assert.match((await page.locator("[data-counters]").textContent()) ?? "", /\d/);
      await every("3-night");
      await page.getByLabel(words["convoys.improve"]).uncheck();
    });
    await step("narrow places are entered, a slip is named, and the plan knows them", async () => {
      await tab(words["convoys.tab.conflicts"]).click();
      const field = page.locator("[name=narrows]");
      await field.fill("Bridge, 24.8, 67.95, 400\nnowhere");
      await page.locator("form.form button").click();
      await page.getByText(words["convoys.narrows_wrong"].replace("{n}", "2")).waitFor();
      await field.fill("Bridge, 24.8, 67.95, 30000");
      await page.locator("form.form button").click();
      await page.locator(".solve").getByText(words["convoys.done"].replace("{n}", "1").replace("{k}", "0")).waitFor();
      await until("the plan knows the bridge", async () => (await ask(page, "GET", "/api/convoys/NA-301")).narrows[0]?.name === "Bridge");
      await tab(words["convoys.tab.conflicts"]).click();
      await clean(page, "4-conflicts");
    });
    await step("tables leave", async () => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='calls.csv']").click()]);
      const lines = readFileSync(await download.path(), "utf8").split("\n");
      assert.ok(lines.filter((line) => line.startsWith("NA-301,night,")).length >= 30);
    });
    await step("who plans elsewhere sees how it stands, and no route", async () => {
      const grants = await grantRoles(page, { viewer: ["ECP-NAT", "pk"] });
      const other = await visit(browser, room, language, theme, { width: 1600, height: 900 });
      await signIn(other.page, room, words, "second");
      await approveRoles(other.page, grants);
      await other.context.clearCookies();
      await signIn(other.page, room, words, "viewer");
      await other.page.goto(`${room.url}/#/convoys?seat=NA-301`);
      await other.page.locator("[data-not-yours]").waitFor();
      await becomes("both seats are planned", () => other.page.locator("tr[data-made='yes']").count(), 2);
      assert.equal(await other.page.locator("figure").count(), 0);
      const refused = await other.page.evaluate(async () => (await fetch("/api/convoys/NA-301")).status);
      assert.equal(refused, 403);
      await clean(other.page, "5-viewer");
      assert.deepEqual([...other.foreign, ...other.faults], []);
      await other.context.close();
    });
    await step("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual([foreign, faults], [[], []]);
      return Promise.resolve();
    });
  });
}
