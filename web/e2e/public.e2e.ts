// A woman turned away reports the guard: from the public form without a line of script, through the desk that alone reads
// it, to the district's returning officer; the police commander sees nothing anywhere.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { WAIT_MS, freePort, looked, openBrowser, openPrepared, shot, steps, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn, toScreen } from "./people.ts";

const EAST = "pk/sindh/karachi-east";
const TOLD = { en: "The constable at the gate sent me home. He said women do not vote here.", ur: "گیٹ پر کھڑے سپاہی نے مجھے گھر بھیج دیا۔ کہا عورتیں یہاں ووٹ نہیں دیتیں۔" };
const CONTACT = "the teacher at the blue door";
const SMALL = { width: 390, height: 780 };
const WIDE = { width: 1600, height: 900 };

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a woman turned away reports the guard in ${language}`, { timeout: 20 * 60_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pehra-public-"));
    const port = await freePort();
    const room = await openPrepared(join(folder, "node"), "--public", `127.0.0.1:${port}`);
    t.after(async () => {
      await room.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const open = `http://127.0.0.1:${port}`;
    const step = steps(t);
    const opened = async (size = WIDE) => visit(browser, room, language, theme, size);
    const planner = await opened();
    const clean = looked(`${language}-u`, "must fit");
    /** The public page as a visitor has it: no script runs. */
    const reporter = await browser.newContext({ viewport: SMALL, javaScriptEnabled: false, colorScheme: theme });
    t.after(() => reporter.close());
    const form = await reporter.newPage();
    form.setDefaultTimeout(WAIT_MS);
    let code = "";

    await step("five persons have their roles", async () => {
      const page = planner.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { desk: ["PUBDESK", "pk/sindh"], officer: ["DRO", EAST], commander: ["POL-SP", EAST], control: ["CTRL-D", EAST] });
      const second = await opened();
      await signIn(second.page, room, words, "second");
      await approveRoles(second.page, grants);
      await second.context.close();
    });

    const desk = await opened();
    const officer = await opened(SMALL);
    await step("the desk and the returning officer name their reading keys", async () => {
      for (const [who, person] of [[desk, "desk"], [officer, "officer"]] as const) {
        await signIn(who.page, room, words, person, { shown: "attached" });
        await who.page.goto(`${room.url}/#/public`);
        await button(who.page, words["citizens.keys"]).click();
        await who.page.locator("dialog .btn.main").first().click();
        await who.page.locator("dialog .chip.good").waitFor();
        await clean(who.page, `keys-${person}`);
        await who.page.keyboard.press("Escape");
      }
    });

    await step("the public page is whole without script, small and wide, and axe finds nothing grave", async () => {
      for (const size of [SMALL, WIDE]) {
        const audit = await browser.newContext({ viewport: size, bypassCSP: true, colorScheme: theme });
        const page = await audit.newPage();
        page.setDefaultTimeout(WAIT_MS);
        for (const path of ["", "report", "follow", `station?d=${EAST}`, `today?d=${EAST}`]) {
          const answer = await page.goto(`${open}/${language}/${path}`);
          assert.ok((await answer!.body()).length <= 30_000, path);
          await clean(page, `page-${path.split("?")[0] || "start"}-${size.width}`);
        }
        assert.deepEqual(await audit.cookies(), []);
        await audit.close();
      }
    });

    await step("she tells it in a form, and gets a code", async () => {
      await form.goto(`${open}/${language}/report`);
      assert.equal(await form.locator("html").getAttribute("dir"), language === "ur" ? "rtl" : "ltr");
      await form.locator("#d").selectOption(EAST);
      await form.locator("#p").fill("NA-236-15");
      await form.locator("#t").selectOption("turned-away");
      await form.locator("#g").check();
      await form.locator("#x").fill(`${TOLD[language]} 42101-1234567-1`);
      await form.locator("#c").fill(CONTACT);
      await form.locator("form button").click();
      await form.locator("[role=alert]").waitFor();
      assert.ok(!(await form.locator("#x").inputValue()).includes("1234567"), "the number is dots");
      await shot(form, `${language}-u-masked`);
      await form.locator("#x").fill(TOLD[language]);
      await form.locator("form button").click();
      code = (await form.locator(".code").textContent()) ?? "";
      assert.match(code, /^\d{4} \d{4} \d{4} \d{4}$/);
      await shot(form, `${language}-u-receipt`);
      assert.deepEqual(await reporter.cookies(), []);
    });

    await step("the desk reads it with its own key, and it tells how urgent it is", async () => {
      const page = desk.page;
      await page.reload();
      await page.locator("[data-report]").first().click();
      await page.getByText(words["citizens.sealed"]).first().waitFor();
      assert.equal(await page.getByText(TOLD[language]).count(), 0, "sealed until the key opens it");
      await button(page, words["citizens.open"]).click();
      await page.getByText(TOLD[language]).waitFor();
      await page.getByText("NA-236-15").waitFor();
      await button(page, words["orders.urgent"]).click();
      await page.getByText(words["citizens.phase_triaged"]).first().waitFor();
      await clean(page, "desk");
    });

    await step("the returning officer reads it too, answers from the list, and cannot reach her", async () => {
      const page = officer.page;
      await page.reload();
      await page.locator("[data-report]").first().click();
      await button(page, words["citizens.open"]).click();
      await page.getByText(TOLD[language]).waitFor();
      assert.equal(await page.getByText(words["citizens.contact"], { exact: true }).count(), 0);
      await page.locator("form", { hasText: words["citizens.answer_passed"] }).locator("select").selectOption("passed");
      await page.locator("form", { hasText: words["citizens.answer_passed"] }).getByRole("button", { name: words["citizens.answer"], exact: true }).click();
      // The list lies behind it on a small screen, with the same word.
      await page.getByText(words["citizens.phase_answered"]).filter({ visible: true }).first().waitFor();
      await clean(page, "officer-small");
    });

    await step("commander and control room see nothing of it anywhere", async () => {
      const told: string = (await ask(desk.page, "GET", "/api/reports")).reports[0].id;
      for (const person of ["commander", "control"]) {
        const who = await opened();
        await signIn(who.page, room, words, person);
        const record = await who.page.evaluate(async () => Promise.all(["/api/reports", "/api/record", "/api/conflicts", "/api/withheld", "/api/day", "/api/orders", "/api/node"].map(async (path) => (await fetch(path)).text())));
        const trace = /report\.(received|contact|triaged|judged|answered|reader)|"kind":\s?20[23]\d|turned-away/;
        for (const text of record) assert.ok(!trace.test(text) && !text.includes(CONTACT) && !text.includes(told), `${person}: ${trace.exec(text)?.[0]} in ${text.slice(0, 300)}`);
        const listed = who.page.waitForResponse((answer) => answer.url().endsWith("/api/reports"));
        await toScreen(who.page, room, "public");
        await listed;
        await who.page.getByText(words["citizens.none"]).or(who.page.locator("main [role=alert]")).first().waitFor();
        assert.equal(await who.page.locator("[data-report]").count(), 0);
        await clean(who.page, person);
        await who.context.close();
      }
    });

    await step("with her code she reads the answer; the desk opens how to reach her, and says why", async () => {
      await form.goto(`${open}/${language}/follow`);
      await form.locator("#k").fill(code);
      await form.locator("form button").click();
      await form.locator(".note").waitFor();
      assert.ok(!(await form.content()).includes(TOLD[language]), "nothing of what was told");
      await shot(form, `${language}-u-answer`);
      const page = desk.page;
      await page.reload();
      await page.getByLabel(words["citizens.contact_reason"]).fill("to ask at which booth");
      await button(page, words["citizens.contact_open"]).click();
      await page.getByText(CONTACT).waitFor();
      await button(page, words["citizens.close"]).click();
      await page.getByText(words["citizens.phase_closed"]).first().waitFor();
      await clean(page, "closed");
    });

    await step("the helpline's operator writes another one down, and the control room has it", async () => {
      const page = desk.page;
      await button(page, words["citizens.hear"]).click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("select").nth(2).selectOption(EAST);
      await dialog.locator("select").nth(3).selectOption("closed");
      await dialog.getByLabel(words["citizens.text"]).fill("دروازہ بند ہے · the door is shut");
      await clean(page, "hear");
      await button(page, words["citizens.save"]).click();
      assert.match((await dialog.locator(".code").textContent()) ?? "", /^\d{4}( \d{4}){3}$/);
      await clean(page, "heard");
      const control = await opened();
      await signIn(control.page, room, words, "control");
      await control.page.goto(`${room.url}/#/public`);
      await control.page.getByText("the door is shut").waitFor();
      await control.context.close();
      for (const who of [planner, desk, officer]) {
        assert.deepEqual(who.foreign, []);
        assert.deepEqual(who.faults, []);
      }
    });
  });
}
