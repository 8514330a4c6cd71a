// Two people, two browsers, two keys: what needs both is signed by both, and a request goes from one screen to the other
// by a picture of it alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { SIZES, becomes, fits, grave, looked, openBrowser, openNode, openPrepared, prepared, shot, steps, type Room, visit } from "./harness.ts";
import { button, firstAccount, PASSWORD, signIn, toScreen } from "./people.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`two keys sign in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const room: Room = await openNode();
    t.after(() => room.stop());
    const first = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const second = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const step = steps(t);
    const clean = looked(`${language}-k`);
    const go = (at: Page, screen: string): Promise<void> => toScreen(at, room, screen);
    const row = (at: Page, person: string) => at.locator("tbody tr", { has: at.locator("td.mono", { hasText: person }) });
    const line = (at: Page, role: string) => row(at, "officer").locator("li", { hasText: role });
    const close = async (at: Page): Promise<void> => {
      await at.keyboard.press("Escape");
      await at.locator("dialog").waitFor({ state: "detached" });
    };

    await step("two accounts are opened", async () => {
      await firstAccount(first.page, room, words);
      await go(first.page, "persons");
      for (const [person, name] of [["second", "Approver"], ["officer", "Officer"]] as const) {
        await button(first.page, words["persons.open"]).first().click();
        const form = first.page.locator("dialog form");
        await form.getByLabel(words["persons.person"]).fill(person);
        await form.getByLabel(words["persons.name"]).fill(name);
        await form.getByLabel(words["session.password"]).fill(PASSWORD);
        await form.locator("button.main").click();
        await row(first.page, person).waitFor();
        await form.waitFor({ state: "detached" });
      }
      await signIn(second.page, room, words, "second");
    });
    let picture: Buffer = Buffer.alloc(0);
    await step("each makes a key in their own browser, which shows its request as a code", async () => {
      for (const [who, name] of [[first, "first"], [second, "second"]] as const) {
        await go(who.page, "keys");
        await button(who.page, words["keys.make"]).click();
        const code = who.page.locator("dialog img.code");
        await code.waitFor();
        await who.page.waitForFunction(() => (document.querySelector("dialog img.code") as HTMLImageElement | null)?.complete);
        picture = await code.screenshot();
        await clean(who.page, `1-code-${name}`);
        await close(who.page);
      }
      const kept = await second.page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((settle) => { const asked = indexedDB.open("pehra-keys"); asked.onsuccess = () => settle(asked.result); });
        const all = await new Promise<{ pair: CryptoKeyPair }[]>((settle) => { const asked = database.transaction("own").objectStore("own").getAll(); asked.onsuccess = () => settle(asked.result as { pair: CryptoKeyPair }[]); });
        const exported = await crypto.subtle.exportKey("pkcs8", all[0]!.pair.privateKey).then(() => "taken out", () => "stays");
        return { keys: all.length, exported };
      });
      assert.deepEqual(kept, { keys: 1, exported: "stays" });
    });
    await step("the second's request is read from a picture of their screen, and both are granted", async () => {
      const began = performance.now();
      await button(first.page, words["keys.read_request"]).click();
      await first.page.locator("dialog input[type=file]").setInputFiles({ name: "photograph.png", mimeType: "image/png", buffer: picture });
      await first.page.waitForFunction(() => (document.querySelector("dialog textarea") as HTMLTextAreaElement).value.startsWith("pehra-request-1"));
      await clean(first.page, "2-read");
      await first.page.locator("dialog button.main").click();
      await first.page.locator("dialog").waitFor({ state: "detached" });
      for (const [person, roles] of [["first", "PEC SECOFF"], ["second", "PEC"]] as const) {
        await first.page.locator("li.row", { hasText: person }).getByRole("button", { name: words["keys.grant"], exact: true }).click();
        await first.page.locator("dialog").getByLabel(words["persons.roles"]).fill(roles);
        if (person === "first") await clean(first.page, "3-grant");
        await first.page.locator("dialog button.main").click();
        await first.page.locator("tbody tr", { hasText: person }).getByText(words["keys.stands"]).waitFor();
        await first.page.locator("dialog").waitFor({ state: "detached" });
      }
      console.log(`# from the picture to both certificates: ${(performance.now() - began).toFixed(0)} ms`);
      await clean(first.page, "4-roster");
      await second.page.reload();
      await second.page.locator(".card", { hasText: words["keys.own"] }).getByText(words["keys.stands"]).waitFor();
      await clean(second.page, "5-own-small");
    });
    await step("a role is asked for with the first's key, and the first alone cannot approve it", async () => {
      await go(first.page, "persons");
      await row(first.page, "officer").getByRole("button", { name: words["persons.grant"], exact: true }).click();
      const form = first.page.locator("dialog form");
      await form.locator("select").selectOption("DRO");
      await form.getByLabel(words["word.reason"]).fill("district officer");
      await form.locator("button.main").click();
      await line(first.page, "DRO").waitFor();
      assert.equal(await line(first.page, "DRO").getByRole("button", { name: words["persons.approve"], exact: true }).count(), 0);
    });
    await step("whoever has the second's password but not their key cannot approve", async () => {
      const thief = await visit(browser, room, language, theme, { width: 1600, height: 900 });
      await signIn(thief.page, room, words, "second");
      await go(thief.page, "persons");
      await line(thief.page, "DRO").getByRole("button", { name: words["persons.approve"], exact: true }).click();
      await thief.page.locator("[role=alert]", { hasText: "unsigned" }).waitFor();
      await clean(thief.page, "6-unsigned");
      await thief.context.close();
    });
    await step("the second approves with their own key, and the record says whose it was", async () => {
      await go(second.page, "persons");
      await line(second.page, "DRO").getByRole("button", { name: words["persons.approve"], exact: true }).click();
      await line(second.page, "DRO").getByText(words["grant.approved"]).waitFor();
      const node = await first.page.evaluate(async () => (await (await fetch("/api/node")).json()) as { withheld: number });
      assert.equal(node.withheld, 0);
    });
    await step("a key is taken back, and its holder signs nothing more", async () => {
      await go(first.page, "keys");
      await first.page.locator("tbody tr", { hasText: "second" }).getByRole("button", { name: words["keys.revoke"], exact: true }).click();
      await first.page.locator("dialog").getByLabel(words["word.reason"]).fill("left in a bus");
      await first.page.locator("dialog").getByRole("radio").first().focus();
      await first.page.keyboard.press("ArrowDown");
      await first.page.locator("dialog input[type=radio]:focus:checked").waitFor();
      await clean(first.page, "7-revoke");
      await first.page.locator("dialog button.main").click();
      await first.page.locator("tbody tr", { hasText: "second" }).getByText(words["keys.revoked"]).waitFor();
      await clean(first.page, "8-revoked");
    });
    await step("nothing left the node, and nothing broke", async () => {
      for (const { foreign, faults } of [first, second]) assert.deepEqual([foreign, faults], [[], []]);
    });
  });
  test(`what does not count any more, and what two released, in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const folder = prepared("trust_story");
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const room = await openPrepared(join(folder, "sukkur"));
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    await step("the planner opens the page of keys", async () => {
      await firstAccount(page, room, words);
      await page.goto(`${room.url}/#/keys`);
      await page.locator("[data-forks]").waitFor();
    });
    await step("both sides of the fork stand side by side, by name, and lead to the proof", async () => {
      const fork = page.locator("[data-forks]");
      for (const part of ["restored-phone", words["keys.side_held"], words["keys.side_other"], words["kindof.400"]]) await fork.filter({ hasText: part }).waitFor();
      await becomes("both sides stand there", () => fork.locator("dl").count(), 2);
      await fork.locator("[data-proof-of]").click();
      await page.locator("[data-proven]").waitFor();
      await page.getByText(words["proof.forked"]).waitFor();
      await page.goBack();
      await page.locator("[data-forks]").waitFor();
    });
    await step("what is kept without effect is counted by device, with the reason", async () => {
      const said = await page.locator("[data-quarantine]").innerText();
      for (const name of ["restored-phone", "narrow-phone", "stolen-phone"]) assert.ok(said.includes(name), name);
    });
    await step("the release by two custodians is on record, and the third's part is not", async () => {
      const said = await page.locator("[data-deposits]").innerText();
      for (const part of ["ro-na-220", "commissioner", "judge", "in hospital", "deputy", words["keys.released"]]) assert.ok(said.includes(part), part);
      assert.ok(!said.includes(words["keys.part_given"].replace("{name}", "registrar")));
    });
    await step("at every size and in both themes nothing is cut off, pushed aside or hard to read", async () => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const colours of ["dark", "light"]) {
          await page.evaluate((wanted) => (document.documentElement.dataset["theme"] = wanted), colours);
          await fits(page, `${size.width}`, "html, .body, .wide");
          await shot(page, `${language}-k-trouble-${size.width}-${colours}`);
          assert.deepEqual(await grave(page), [], `${size.width} ${colours}`);
        }
      }
      await page.locator("tbody tr").last().scrollIntoViewIfNeeded();
      await shot(page, `${language}-k-roster-390`);
      assert.equal(await page.locator("tbody tr", { hasText: "narrow-phone" }).getByRole("button", { name: words["keys.revoke"], exact: true }).isVisible(), true);
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
