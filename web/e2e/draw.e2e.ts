// A draw in the browser: three parties, two persons who open a stage, a secret that is withheld and put together, a
// roster, a replacement; and the folder that a stranger checks.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { command, fits, looked, openBrowser, openPrepared, steps, visit } from "./harness.ts";
import { approveRoles, firstAccount, grantRoles, seat, signIn } from "./people.ts";

const IMPORT = resolve(import.meta.dirname, "../../fixtures/import");
const ROLES = {
  officer: ["POL-SP", "pk"], commissioner: ["ECP-MON", "pk"], observer: ["OBS", "pk"],
  proposer: ["DRO", "pk"], approver: ["PEC", "pk"],
} as const;

function people(): string {
  const rows = ["number,unit,tier,sex,rank,home,modules,excluded"];
  const add = (name: string, count: number, rest: (at: number) => string): void => {
    for (let at = 0; at < count; at += 1) rows.push(`${name}-${at},${rest(at)}`);
  };
  add("TH", 120, (at) => `U-1,police,m,${at % 4 ? "constable" : "head constable"},,M1 M2 M4 M6 M7,`);
  add("THW", 14, () => "U-1,police,f,constable,,M1 M2 M4 M6 M7,");
  add("WI", 90, (at) => `U-2,rangers,m,${at % 4 ? "sepoy" : "naik"},,M1 M2 M4 M6 M7,`);
  return `${rows.join("\n")}\n`;
}

/** A node with a plan and a draw that was begun over its people. */
function begun(folder: string): string {
  const data = join(folder, "node");
  writeFileSync(join(folder, "people.csv"), people());
  for (const words of [
    ["import", "stations", join(IMPORT, "stations_small.csv")], ["import", "forces", join(IMPORT, "forces_small.csv")], ["assess"], ["allocate"],
    ["draw", "record", "begin", "--people", join(folder, "people.csv"), "--title", "Thatta", "--spares", "1000", "--party", "police=officer", "--party", "commission=commissioner", "--party", "observers=observer"],
  ]) {
    const done = command("--data", data, "plan", ...words);
    assert.equal(done.code, 0, `${words.join(" ")}: ${done.err}`);
  }
  return data;
}

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`from a list of people to who stands where in ${language}`, { timeout: 20 * 60_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pehra-draw-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const data = begun(folder);
    const room = await openPrepared(data);
    let open = true;
    t.after(() => (open ? room.stop() : undefined));
    const wide = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const phone = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const clean = looked(`${language}-r`);
    const step = steps(t);
    const act = (page: Page, name: string) => page.locator(`[data-act="${name}"]`);
    const phase = (page: Page, stage: string, name: string) => page.locator(`[data-stage="${stage}"][data-phase="${name}"]`).waitFor();
    async function as(page: Page, person: string): Promise<void> {
      await seat(page, room, words, person, "draw");
      await page.locator("[data-draw]").waitFor();
    }
    async function each(stage: string, name: "commit" | "reveal", until: string, who = ["officer", "commissioner", "observer"]): Promise<void> {
      for (const person of who) {
        await as(wide.page, person);
        await act(wide.page, name).click();
        await act(wide.page, name).waitFor({ state: "detached" });
      }
      await phase(wide.page, stage, until);
    }
    async function opened(stage: string): Promise<void> {
      await as(wide.page, "proposer");
      await act(wide.page, "propose").click();
      await phase(wide.page, stage, "proposed");
      assert.equal(await act(wide.page, "open").count(), 0, "nobody is the second person to themselves");
      await as(phone.page, "approver");
      await act(phone.page, "open").click();
      await phase(phone.page, stage, "committing");
    }
    async function drawn(stage: string): Promise<void> {
      await as(wide.page, "proposer");
      await act(wide.page, "draw").click();
      await phase(wide.page, stage, "drawn");
    }

    await step("everybody has their role", async () => {
      await firstAccount(wide.page, room, words);
      const grants = await grantRoles(wide.page, ROLES);
      await wide.context.clearCookies();
      await signIn(wide.page, room, words, "second");
      await approveRoles(wide.page, grants);
    });

    await step("three parties join", async () => {
      for (const person of ["officer", "commissioner", "observer"]) {
        await as(wide.page, person);
        await act(wide.page, "join").click();
        await act(wide.page, "join").waitFor({ state: "detached" });
      }
      await clean(wide.page, "joined");
    });

    await step("the first stage is opened by two, and a withheld secret is put together", async () => {
      await opened("pool");
      await clean(phone.page, "open-small");
      await each("pool", "commit", "revealing");
      await each("pool", "reveal", "revealing", ["officer", "commissioner"]);
      await clean(wide.page, "withheld");
      for (const person of ["officer", "commissioner"]) {
        await as(wide.page, person);
        await act(wide.page, "show-share").click();
        await act(wide.page, "show-share").waitFor({ state: "detached" });
      }
      await act(wide.page, "recover").click();
      await phase(wide.page, "pool", "known");
      await wide.page.getByText(words["draw.was_recovered"], { exact: false }).waitFor();
      await drawn("pool");
      await clean(wide.page, "pool");
    });

    await step("posts and stations follow", async () => {
      for (const stage of ["posts", "stations"]) {
        await opened(stage);
        await each(stage, "commit", "revealing");
        await each(stage, "reveal", "known");
        await drawn(stage);
      }
    });

    await step("who stands where is looked up by station and by number, and somebody falls out", async () => {
      const { page } = wide;
      await page.getByLabel(words["draw.station"]).fill("NA-301-2");
      await page.locator("[data-roster] form").nth(1).getByRole("button").click();
      const first = page.locator('[data-roster] [data-number^="TH-"]').first();
      await first.waitFor();
      const number = await first.getAttribute("data-number") ?? "";
      await clean(page, "station");
      await act(page, "replace").click();
      await page.getByRole("dialog").locator("input").fill(number);
      await clean(page, "replace");
      await page.getByRole("dialog").getByRole("button", { name: words["draw.yes_replace"] }).click();
      await page.locator("article [role=status]").waitFor();
      await page.getByLabel(words["draw.number"]).fill(number);
      await page.locator("[data-roster] form").nth(0).getByRole("button").click();
      await page.locator(`[data-number="${number}"]`).getByText(words["draw.fell_out"], { exact: false }).waitFor();
      await clean(page, "replaced");
    });

    await step("on a telephone nothing hangs over the edge, and whoever may not see numbers sees none", async () => {
      const { page } = phone;
      await as(page, "approver");
      await phase(page, "stations", "drawn");
      await fits(page, "drawn", "html, main .scroll");
      await clean(page, "drawn-small");
      await as(page, "observer");
      assert.equal(await page.locator("[data-roster]").count(), 0);
      for (const one of [wide, phone]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });

    await step("a stranger checks the published folder", async () => {
      await room.stop();
      open = false;
      const published = join(folder, "published");
      const exported = command("--data", data, "plan", "draw", "record", "export", published);
      assert.equal(exported.code, 0, exported.err);
      const proven = command("--data", data, "prove", "draw", published);
      assert.equal(proven.code, 0, proven.err);
    });
  });
}
