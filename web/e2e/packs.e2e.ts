// Packs in the browser: a planner without a typesetter is told so; with one the plan is printed, taken along, changed and
// printed again; whoever only reads takes it along, and prints nothing.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Download, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, command, looked, openBrowser, openPrepared, steps, typesetter, until, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const IMPORT = resolve(import.meta.dirname, "../../fixtures/import");
const PAPERS = resolve(import.meta.dirname, "shots/papers");
const AREA = "pk/sindh/thatta";
let browser: Browser;
let folder: string;
before(async () => {
  browser = await openBrowser();
  folder = mkdtempSync(join(tmpdir(), "pehra-packs-"));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [language, words, theme] of told()) {
  test(`packs in ${language}`, { timeout: 5 * 60_000 }, async (t) => {
    const data = join(folder, language);
    for (const wanted of [["import", "stations", join(IMPORT, "stations_small.csv")], ["import", "forces", join(IMPORT, "forces_small.csv")], ["assess"], ["allocate"]]) {
      const done = command("--data", data, "plan", ...wanted);
      assert.equal(done.code, 0, `${wanted.join(" ")}: ${done.err}`);
    }
    const place = join(folder, `${language}-typesetter`);
    const room = await openPrepared(data, "--printer", place);
    t.after(() => room.stop());
    const { page, context, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const clean = looked(`${language}-packs`, "must fit");
    const every = async (where: string): Promise<void> => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `${where}-${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    };
    const open = async (of: Page): Promise<void> => {
      await of.keyboard.press("g");
      await of.keyboard.press("8");
      await of.getByRole("heading", { name: words["packs.title"], exact: true }).waitFor();
    };
    const taken = async (of: Page, link: string): Promise<{ download: Download; bytes: Buffer }> => {
      const [download] = await Promise.all([of.waitForEvent("download"), of.locator(link).first().click()]);
      return { download, bytes: readFileSync(await download.path()) };
    };
    const print = async (): Promise<void> => {
      await page.locator("[data-act=print]").click();
      await page.locator(".solve").getByText(words["packs.done"].split("{")[0]?.trim() || words["packs.done"].split("}")[1]?.split("{")[0]?.trim() || "", { exact: false }).waitFor();
    };
    let grants: [string, string][] = [];

    await step("without a typesetter the page says what is missing, where it was looked for and how to get it", async () => {
      await firstAccount(page, room, words);
      grants = await grantRoles(page, { desk: ["CTRL-D", AREA] });
      await open(page);
      await page.locator("[data-no-printer]").getByText(place).waitFor();
      await becomes("nothing can be printed", () => page.locator("[data-act=print]").isDisabled(), true);
      await clean(page, "1-missing");
    });
    await step("with one the district is printed as one watches", async () => {
      symlinkSync(typesetter(), place);
      await page.reload();
      await page.locator("select[name=area]").selectOption(AREA);
      for (const kind of ["convoy", "communications", "returning-office", "call-signs", "sector", "seal-sheet", "check-in-card"]) await page.locator(`input[type=checkbox][name=${kind}]`).uncheck();
      await print();
      await page.locator(`tr[data-pack='${AREA}'][aria-selected=true]`).waitFor();
      await page.locator("[data-kind=posting-order]").waitFor();
      await page.locator("[data-sheet^=order-]").first().waitFor();
      await becomes("nothing has changed", () => page.locator("[data-changes]").getAttribute("data-changes"), "0");
      await every("2-printed");
    });
    await step("one document, one kind and the tables are taken along", async () => {
      const one = await taken(page, `[data-sheet^=order-] a[href*='language=${language}']`);
      assert.equal(one.bytes.subarray(0, 5).toString(), "%PDF-");
      mkdirSync(PAPERS, { recursive: true });
      copyFileSync(await one.download.path(), join(PAPERS, `${language}-order.pdf`));
      for (const part of ["posting-order", "tables", "all"]) {
        const many = await taken(page, `[data-take='${part}-${language}']`);
        assert.equal(many.bytes.subarray(0, 2).toString(), "PK", part);
        assert.match(many.download.suggestedFilename(), new RegExp(`^pehra-pack-thatta-${part}-${language}\\.zip$`));
      }
    });
    await step("another plan leaves the paper behind; printing again names what changed", async () => {
      for (const kind of ["normal", "sensitive", "most"]) for (const station of ["men", "women", "combined"]) await ask(page, "PUT", `/api/parameters/norms.PK-2024-SINDH.${kind}.${station}.inner`, { value: 5, source: "a story", reason: "to see" });
      const job = await ask(page, "POST", "/api/plans", { label: "second" });
      await until("the second plan is solved", async () => (await ask(page, "GET", `/api/jobs/${job.id}`)).state === "done");
      await page.locator("[data-kind=posting-order] .warn").waitFor();
      await print();
      const changed = Number(await until("the change is told", async () => { const count = await page.locator("[data-changes]").getAttribute("data-changes"); return count !== "0" && count; }));
      assert.ok(changed > 0);
      await page.getByLabel(words["packs.only_changed"]).check();
      await page.locator("[data-sheet]").getByText(words["packs.change.changed"], { exact: true }).first().waitFor();
      const sheet = await taken(page, `a[href*='sheet=changes'][href*='language=${language}']`);
      assert.equal(sheet.bytes.subarray(0, 5).toString(), "%PDF-");
      copyFileSync(await sheet.download.path(), join(PAPERS, `${language}-changes.pdf`));
      assert.equal((await taken(page, `[data-take='changed-${language}']`)).bytes.subarray(0, 2).toString(), "PK");
      await clean(page, "3-changed");
    });
    await step("the control room takes it along and prints nothing", async () => {
      const other = await visit(browser, room, language, theme, { width: 1600, height: 900 });
      await signIn(other.page, room, words, "second");
      await approveRoles(other.page, grants);
      await seat(other.page, room, words, "desk", `packs?area=${AREA}`);
      await other.page.locator("[data-kind=posting-order]").waitFor();
      assert.equal(await button(other.page, words["packs.print"]).or(other.page.locator("[data-act=print]")).count(), 0);
      assert.equal((await taken(other.page, `[data-take='posting-order-${language}']`)).bytes.subarray(0, 2).toString(), "PK");
      await clean(other.page, "4-desk");
      assert.deepEqual([...other.foreign, ...other.faults], []);
      await other.context.close();
    });
    await step("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual([foreign, faults], [[], []]);
      return context.close();
    });
  });
}
