// An alert in the browser: proposed from an incident in both languages, released by a second person, read by a stranger without a
// name, updated, cancelled by one person alone, and checked offline.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { becomes, command, fits, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";

const THATTA = "pk/sindh/thatta";
const SAID = "the caretaker saw two men with a red car";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`an alert to partners in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const writer = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const officer = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const clean = looked(`${language}-a`);
    const step = steps(t);
    let incident = "";

    await step("two persons have their roles, and something is reported", async () => {
      const page = writer.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { duty: ["CTRL-D", THATTA], returning: ["DRO", THATTA] });
      await signIn(officer.page, room, words, "second", { shown: "attached" });
      await approveRoles(officer.page, grants);
      await officer.context.clearCookies();
      await writer.context.clearCookies();
      await signIn(page, room, words, "duty");
      incident = (await ask(page, "POST", "/api/day/incidents", { code: "IED.RTE", area: THATTA, lat: 24.75, lon: 67.92, source: "desk", text: SAID, words: "the culvert" })).id;
    });

    await step("both languages are proposed, and nobody's words are taken over", async () => {
      const page = writer.page;
      await page.goto(`${room.url}/#/alerts?area=${encodeURIComponent(THATTA)}&incident=${incident}`);
      const form = page.getByRole("dialog");
      await form.locator(`[data-basis="${incident}"]`).waitFor();
      for (const lang of ["en", "ur"]) {
        const said = await form.locator(`fieldset[data-side=${lang}]`).evaluate((box) => [...box.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].map((one) => one.value));
        assert.ok(said.every((value) => value !== "" && !value.includes("caretaker")), `${lang}: ${said.join(" | ")}`);
      }
      await clean(page, "write");
      await form.locator("fieldset[data-side=ur] textarea").first().fill("");
      await form.getByText(words["alerts.other"]).waitFor();
      await form.locator("fieldset[data-side=ur] textarea").first().fill("پل کے قریب سڑک بند ہے۔");
      await form.locator("[data-field=scope]").selectOption("Public");
      await form.getByRole("button", { name: words["alerts.save"], exact: true }).click();
      await page.locator("li[data-is=drafted]").getByText(words["alerts.own"]).waitFor();
      assert.equal(await page.locator("li[data-is=drafted]").getByRole("button", { name: words["alerts.act.release"], exact: true }).count(), 0, "whoever wrote it does not release it");
      await clean(page, "drafted");
    });

    await step("a second person reads both on a telephone and releases it by keys", async () => {
      const page = officer.page;
      await signIn(page, room, words, "returning", { shown: "attached" });
      await page.goto(`${room.url}/#/alerts`);
      await page.getByText(words["alerts.waiting"].replace("{n}", "1")).waitFor();
      await page.locator("li[data-is=drafted]").waitFor();
      await fits(page, "waiting");
      await clean(page, "waiting-small");
      await page.keyboard.press("j");
      await page.keyboard.press("r");
      await page.getByRole("dialog").getByText(words["alerts.public_line"]).waitFor();
      await clean(page, "release-small");
      await button(page, words["alerts.yes.release"]).click();
      await page.locator("li[data-is=released]").waitFor();
      await fits(page, "released");
    });

    await step("the writer sees it go out; a stranger reads it without a name and checks it offline", async () => {
      const page = writer.page;
      const card = page.locator("li[data-is=released]");
      await card.waitFor();
      await clean(page, "released");
      const link = await card.getByRole("link", { name: words["alerts.link"], exact: true }).getAttribute("href");
      const [file, feed, root] = await Promise.all([link ?? "", "/alerts/atom.xml", "/api/founding"].map(async (path) => (await fetch(`${room.url}${path}`)).text()));
      assert.ok(file?.includes("<status>Actual</status>") && file.includes("<language>ur-PK</language>") && !file.includes("caretaker"));
      assert.ok(feed?.includes((link ?? "").split("/").at(-1) ?? "?"));
      const folder = mkdtempSync(join(tmpdir(), "pehra-alert-"));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const at = (name: string): string => join(folder, name);
      writeFileSync(at("alert.cap.xml"), file ?? "");
      writeFileSync(at("root.txt"), root ?? "");
      const checked = command("--data", at("none"), "prove", "alert", at("alert.cap.xml"), "--root", at("root.txt"));
      assert.equal(checked.code, 0, checked.err);
      assert.match(checked.out, /every byte is as/);
    });

    await step("an update takes its place, and one person alone cancels that", async () => {
      const page = writer.page;
      await page.locator("li[data-is=released]").getByRole("button", { name: words["alerts.act.update"], exact: true }).click();
      const form = page.getByRole("dialog");
      await form.locator("fieldset[data-side=en] input").first().fill("The road is closed until noon");
      await form.getByRole("button", { name: words["alerts.save"], exact: true }).click();
      await page.locator("li[data-is=drafted]").waitFor();
      const other = officer.page;
      await other.locator("li[data-is=drafted]").getByRole("button", { name: words["alerts.act.release"], exact: true }).click();
      await button(other, words["alerts.yes.release"]).click();
      await other.locator("li[data-is=updated]").waitFor();
      const second = other.locator("li[data-is=released]");
      await second.getByRole("button", { name: words["alerts.act.cancel"], exact: true }).click();
      await clean(other, "cancel-small");
      await button(other, words["alerts.yes.cancel"]).click();
      await other.locator("li[data-is=cancelled]").waitFor();
      await page.locator("li[data-is=cancelled]").waitFor();
      await clean(page, "cancelled");
      await becomes("alert, update, cancellation", async () => (await (await fetch(`${room.url}/alerts/atom.xml`)).text()).split("<entry>").length - 1, 3);
      for (const one of [writer, officer]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
  });
}
