// What two persons let go in an emergency, seen by an observer who may do nothing, proven in the browser, and taken away for a
// stranger to check.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, command, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";

const THATTA = "pk/sindh/thatta";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`an observer in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const folder = mkdtempSync(join(tmpdir(), "pehra-observer-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { page, context, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const clean = looked(`${language}-observer`, "must fit");
    const step = steps(t);
    const act = (deed: object) => ask(page, "POST", "/api/custody/acts", { area: THATTA, at_ms: Date.now() - 60_000, act: deed });
    const as = async (person: string): Promise<Page> => {
      await context.clearCookies();
      await signIn(page, room, words, person, { shown: "attached" });
      return page;
    };

    await step("two persons let go what an absent officer holds", async () => {
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { returning: ["RO", THATTA], district: ["DRO", THATTA], deputy: ["ARO", THATTA], watcher: ["OBS", "pk"] });
      await approveRoles(await as("second"), grants);
      await as("returning");
      await act({ deed: "register", items: [{ item: "NA-225-7-BAG", kind: "bag", station: "NA-225-7", contest: "NA-225", seals: ["S-41"] }] });
      await as("district");
      const release: string = (await act({ deed: "propose", items: ["NA-225-7-BAG"], absent: "RO", reason: "in hospital since noon" })).entries[0];
      await as("deputy");
      await act({ deed: "approve", release, read: [{ item: "NA-225-7-BAG", seals: ["S-41"] }] });
    });
    await step("the observer sees both, and proves one in the browser", async () => {
      await as("watcher");
      await page.goto(`${room.url}/#/observer?register=releases`);
      await page.getByText(words["observer.two"]).waitFor();
      await page.getByText("in hospital since noon").waitFor();
      await becomes("the proposal and the approval", () => page.locator("[data-prove]").count(), 2);
      await page.locator("[data-prove]").last().click();
      // A node alone has no witnesses: the proof is sound, and says that it proves less.
      await page.locator('[data-verdict="less"]').waitFor();
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `releases-${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    });
    await step("what the observer takes away convinces a stranger, and a changed byte does not", async () => {
      const download = page.waitForEvent("download");
      await button(page, words["observer.take"]).click();
      const file = join(folder, "register.tar");
      await (await download).saveAs(file);
      await page.locator('[data-taken="releases"]').waitFor();
      await clean(page, "taken");
      execFileSync("tar", ["xf", file, "-C", folder]);
      const root = join(folder, "root.txt");
      writeFileSync(root, await (await fetch(`${room.url}/api/founding`)).text());
      const check = () => command("--data", join(folder, "nowhere"), "prove", "verify", join(folder, "pehra-releases"), "--root", root);
      const sound = check();
      assert.equal(sound.code, 0, sound.out + sound.err);
      writeFileSync(join(folder, "pehra-releases", "entries", "00001.entry"), "another");
      assert.equal(check().code, 1);
    });
    await step("the other registers say what they hold, or that they hold nothing", async () => {
      await page.getByRole("button", { name: new RegExp(`^${words["observer.custody"]}`) }).click();
      await page.locator('a[href^="#/custody?area="]').waitFor();
      await clean(page, "custody");
      for (const register of ["classes", "suspensions", "draws"] as const) {
        await page.getByRole("button", { name: new RegExp(`^${words[`observer.${register}`]}`) }).click();
        await page.locator("[aria-pressed=true]", { hasText: words[`observer.${register}`] }).waitFor();
        await page.getByText(words["observer.none"]).waitFor();
        await becomes("nothing can be taken along", () => button(page, words["observer.take"]).isDisabled(), true);
      }
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
