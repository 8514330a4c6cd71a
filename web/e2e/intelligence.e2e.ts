// A tip that three services pass on from one root: written, read with a reason, graded, summed as one voice, signed, sanitised,
// released by another person, ordered against and confirmed before its window opens. By keyboard alone, each person at
// a desk of their own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { told } from "./texts.ts";
import { becomes, command, fits, grave, openBrowser, openPrepared, shot, SIZES, steps, until, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn, toScreen } from "./people.ts";

const THATTA = "pk/sindh/thatta";
const HOUR_MS = 3_600_000;
const STATIONS = ["province,constituency,station no,station name,male booths,female booths,male voters,female voters,latitude,longitude,district",
  "Sindh,NA-225,1,GPS Example One,2,0,700,0,25.1040,68.1000,Thatta", "Sindh,NA-225,2,GGPS Example Two,0,2,0,650,25.1100,68.1060,Thatta",
  "Sindh,NA-225,3,GHS Example Three,2,1,500,400,25.0900,68.0950,Thatta", "Sindh,NA-225,4,GPS Example Four,1,1,300,300,25.3000,68.3000,Thatta", ""].join("\n");
const SECRET = { en: "A bag will be left at the gate, says the night watchman", ur: "رات کا چوکیدار کہتا ہے کہ دروازے پر تھیلا رکھا جائے گا" };
const OUT = { en: "Search the school before it opens; keep the gate shut until 07:30", ur: "سکول کھلنے سے پہلے تلاشی لیں؛ دروازہ 07:30 تک بند رکھیں" };
const WHY = { en: "to grade it", ur: "درجہ بندی کے لیے" };
const WORDS = { en: "One caller, three desks. Enough for a search.", ur: "ایک فون، تین ادارے۔ تلاشی کے لیے کافی۔" };

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** Goes to something with the tab key alone. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let at = 0; at < 120; at += 1) {
    if (await wanted.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the tab key never came to ${wanted}`);
}
async function typeInto(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
async function press(page: Page, wanted: Locator): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press("Enter");
}
/** The page, and the first thing that waits on it. */
async function toDesk(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.getByRole("tablist").waitFor();
}
async function openFirst(page: Page, kind: string): Promise<void> {
  await page.locator(`[data-wait="${kind}"]`).first().waitFor();
  const focused = (): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute("data-wait"));
  await until(`keys come to what waits: ${kind}`, async () => {
    await page.keyboard.press("j");
    return (await focused()) === kind;
  });
  await page.keyboard.press("Enter");
}
/** A form that is sent goes away a moment after its answer is seen; until then keys are its own. */
const shut = (page: Page): Promise<void> => page.locator("dialog").waitFor({ state: "detached" });

for (const [language, words, theme] of told()) {
  test(`a tip from three services with one root in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pehra-tip-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "stations.csv"), STATIONS);
    const imported = command("--data", join(folder, "node"), "plan", "import", "stations", join(folder, "stations.csv"));
    assert.equal(imported.code, 0, imported.err);
    const room = await openPrepared(join(folder, "node"));
    t.after(() => room.stop());
    const [wide, middle, small] = SIZES;
    const desk = await visit(browser, room, language, theme, wide);
    const manager = await visit(browser, room, language, theme, middle);
    const phone = await visit(browser, room, language, theme, small);
    const helper = await visit(browser, room, language, theme, wide);
    const label = (page: Page, key: keyof typeof words) => page.getByLabel(words[key], { exact: true });
    const clean = async (page: Page, where: string): Promise<void> => {
      await shot(page, `${language}-i-${where}`);
      assert.deepEqual(await grave(page), [], where);
      await fits(page, where, "html, main .scroll");
    };
    const step = steps(t);
    const as = async (page: Page, person: string): Promise<void> => {
      await page.context().clearCookies();
      await signIn(page, room, words, person, { shown: "attached" });
    };
    const now = Date.now();
    const tip = (service: string, root: string): object => ({
      area: THATTA, service, source: "human", root, obtained_ms: now - HOUR_MS, from_ms: now + 6 * HOUR_MS, until_ms: now + 12 * HOUR_MS, expires_ms: now + 60 * HOUR_MS,
      points: [[251_000_000, 681_000_000]], radius_m: 500, target: "station", threat: "explosive", horizon: "imminent", handling: "C", caveats: ["source-at-risk"], compartment: "OPEN", text: SECRET[language],
    });
    const act = (page: Page, body: object): Promise<{ id: string }> => ask(page, "POST", "/api/intelligence/acts", body);

    await step("everybody has a role, a bag is on its way", async () => {
      const page = helper.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { police: ["SHO", THATTA], guards: ["CAF", THATTA], army: ["ARMY", THATTA], analyst: ["INTEL-AN", THATTA], manager: ["INTEL-MGR", THATTA], sector: ["SECTOR", THATTA], control: ["CTRL-D", THATTA], officer: ["PO", THATTA] });
      await as(page, "second");
      await approveRoles(page, grants);
      await as(page, "officer");
      const bag = { item: "NA-225-1-BAG", kind: "bag", station: "NA-225-1", contest: "NA-225", seals: [] };
      await ask(page, "POST", "/api/custody/acts", { area: THATTA, at_ms: now - HOUR_MS, act: { deed: "register", items: [bag] } });
      await ask(page, "POST", "/api/custody/acts", { area: THATTA, at_ms: now - HOUR_MS, act: { deed: "depart", step: "C12", items: ["NA-225-1-BAG"], vehicle: "LEA-17", due_ms: now + 7 * HOUR_MS } });
    });

    await step("the police write what they heard; a name for a root is refused", async () => {
      const page = desk.page;
      await as(page, "police");
      await toDesk(page);
      await page.locator("[role=tab]").first().waitFor();
      await button(page, `${words["intel.new"]} n`).waitFor();
      await page.keyboard.press("n");
      const form = page.locator("[data-write]");
      await typeInto(page, form.getByLabel(words["intel.points"], { exact: true }), "25.1000, 68.1000");
      await typeInto(page, form.getByLabel(words["intel.root"]), "Karim");
      await typeInto(page, form.getByLabel(words["intel.text"], { exact: true }), SECRET[language]);
      await press(page, button(page, words["intel.write"]));
      await page.getByRole("alert").waitFor();
      await clean(page, "write");
      await tabTo(page, form.getByLabel(words["intel.root"]));
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("SB-17");
      await page.keyboard.press("Enter");
      await page.locator("[data-detail=written]").waitFor();
      await shut(page);
      assert.equal((await page.locator("main").innerText()).includes(SECRET[language]), false, "not even the writer is shown the text again");
      await clean(page, "written");
      for (const [person, service, root] of [["guards", "civil-armed-forces", "SB-17"], ["army", "army", "A-9"]] as const) {
        await as(helper.page, person);
        await ask(helper.page, "POST", "/api/intelligence/reports", tip(service, root));
      }
    });

    await step("an analyst reads it with a reason and grades it", async () => {
      const page = desk.page;
      await as(page, "analyst");
      await toDesk(page);
      await page.locator('[data-wait="grade"]').nth(2).waitFor();
      await clean(page, "mine");
      await openFirst(page, "grade");
      await press(page, button(page, words["intel.open"]));
      await typeInto(page, label(page, "word.reason"), WHY[language]);
      await page.keyboard.press("Enter");
      await page.locator("[data-full]").getByText(SECRET[language]).waitFor();
      await tabTo(page, page.locator('input[name="letter"]').first());
      await page.keyboard.press("b");
      await page.keyboard.press("2");
      await page.locator("[data-near=yes][data-map=yes]").waitFor();
      await clean(page, "grade");
      await page.keyboard.press("Enter");
      await page.locator("[data-detail=graded]").waitFor();
      const seen = await ask(page, "GET", "/api/intelligence");
      for (const one of seen.reports) if (one.phase === "written") await act(page, { act: "grade", report: one.id, grade: "B2" });
    });

    await step("what lies there is on the map and in words", async () => {
      const page = desk.page;
      const near = page.locator("[data-near=yes]");
      await near.waitFor();
      const inGroup = (name: string): Promise<string> => near.locator(`[data-group="${name}"]`).innerText();
      assert.match(await inGroup("station"), /NA-225-1[\s\S]*NA-225-2/);
      assert.doesNotMatch(await inGroup("station"), /NA-225-4/);
      assert.match(await inGroup("convoy"), /LEA-17/);
      await near.scrollIntoViewIfNeeded();
      await clean(page, "near");
    });

    await step("three tips, two roots; tied, they are one voice, and a person signs", async () => {
      const page = desk.page;
      await page.keyboard.press("Escape");
      await page.keyboard.press("3");
      await page.locator("[data-sum]").waitFor();
      await becomes("two roots", () => page.locator("[data-root]").count(), 2);
      await clean(page, "two-roots");
      const seen = await ask(page, "GET", "/api/intelligence");
      const army = seen.reports.find((one: { service: string }) => one.service === "army");
      await page.goto(`${room.url}/#/intelligence?tab=reports&at=${encodeURIComponent(army.id)}`);
      await press(page, button(page, words["intel.tie"]));
      await typeInto(page, label(page, "intel.root_word"), "SB-17");
      await typeInto(page, label(page, "intel.tie_reason"), WORDS[language]);
      await page.keyboard.press("Enter");
      await page.locator("article").getByText("SB-17").first().waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("3");
      await page.locator("[data-echo]").nth(1).waitFor();
      await becomes("one root, two that repeat it", async () => [await page.locator("[data-root]").count(), await page.locator("[data-echo]").count()], [1, 2]);
      // .0583 of a fresh one; an hour takes a thousandth of it.
      const sum = Number(await page.locator("[data-sum]").getAttribute("data-sum"));
      assert.ok(sum > 570 && sum <= 583, `${sum}`);
      await press(page, button(page, words["intel.sign"]));
      await typeInto(page, label(page, "intel.sign_words"), WORDS[language]);
      await page.keyboard.press("Tab");
      await press(page, page.locator("dialog form button.main"));
      await page.locator(".signed").getByText("analyst").waitFor();
      await shut(page);
      await clean(page, "one-voice");
    });

    await step("it is sanitised by the analyst, who cannot release it", async () => {
      const page = desk.page;
      await page.keyboard.press("1");
      await openFirst(page, "sanitise");
      await typeInto(page, page.locator("article textarea"), OUT[language]);
      await press(page, button(page, words["intel.sanitise_do"]));
      await page.locator("[data-detail=sanitised]").waitFor();
      assert.equal(await button(page, words["intel.release"]).count(), 0);
      await clean(page, "sanitised");
    });

    await step("another person releases it to those of the area", async () => {
      const page = manager.page;
      await as(page, "manager");
      await toDesk(page);
      await openFirst(page, "release");
      for (const role of ["SHO", "SECTOR", "CTRL-D"]) {
        await tabTo(page, page.locator("article form").getByRole("button", { name: role, exact: true }));
        await page.keyboard.press("Space");
      }
      await clean(page, "release");
      await press(page, button(page, words["intel.release_do"]));
      await page.locator("[data-detail=released]").waitFor();
    });

    await step("what is watched raises its hand, a service is asked, a reader is admitted, a bundle is read", async () => {
      const page = manager.page;
      await page.keyboard.press("Escape");
      await page.keyboard.press("5");
      await press(page, button(page, words["intel.watch"]));
      const form = page.locator("dialog form");
      await typeInto(page, form.getByLabel(words["intel.watch_name"], { exact: true }), "Kharochan 1");
      await typeInto(page, form.getByLabel(words["intel.watch_points"], { exact: true }), "25.1000, 68.1000");
      await clean(page, "watch-form");
      await press(page, form.getByRole("button", { name: words["intel.watch_do"], exact: true }));
      await page.locator("[data-hand=up]").nth(2).waitFor();
      await shut(page);
      await clean(page, "watch");
      await press(page, page.getByRole("button", { name: words["intel.notice"], exact: true }).first());
      await page.locator("[data-hand=seen]").waitFor();
      await page.keyboard.press("6");
      await press(page, button(page, words["intel.ask"]));
      await typeInto(page, page.locator("dialog form").getByLabel(words["intel.ask_question"], { exact: true }), WHY[language]);
      await press(page, page.locator("dialog form").getByRole("button", { name: words["intel.ask_do"], exact: true }));
      await page.locator("[data-task=asked]").waitFor();
      await shut(page);
      await clean(page, "asked");
      await page.keyboard.press("7");
      await press(page, button(page, words["intel.admit"]));
      await typeInto(page, page.locator("dialog form").getByLabel(words["intel.admit_person"], { exact: true }), "analyst");
      await typeInto(page, page.locator("dialog form").getByLabel(words["word.reason"], { exact: true }), WHY[language]);
      await page.keyboard.press("Enter");
      await page.locator("[data-admission]").getByText("analyst").waitFor();
      await shut(page);
      await clean(page, "admitted");
      const bundle = await page.evaluate(async () => (await fetch("/api/intelligence/warnings.stix")).text());
      await page.keyboard.press("2");
      await press(page, button(page, words["intel.bundle_in"]));
      await page.locator("dialog input[type=file]").setInputFiles({ name: "warnings.stix.json", mimeType: "application/json", buffer: Buffer.from(bundle) });
      await page.locator("[data-tip=report]").getByText(OUT[language]).waitFor();
      await clean(page, "bundle");
      await page.keyboard.press("Escape");
    });

    await step("the control room orders something before the window opens", async () => {
      const page = manager.page;
      await as(page, "control");
      await toDesk(page);
      await page.locator('[data-wait="order"]').waitFor();
      assert.equal(await page.getByRole("tab", { name: words["intel.reports"] }).count(), 0, "a watching room sees incidents in areas, and no report");
      assert.equal(await page.locator("main").getByText("SB-17").count(), 0);
      await openFirst(page, "order");
      await page.locator("[data-warning=unanswered]").waitFor();
      await press(page, button(page, words["intel.order"]));
      await page.locator("dialog textarea").waitFor();
      await clean(page, "order");
      await press(page, button(page, words["intel.order_do"]));
      await page.locator("[data-warning=ordered]").waitFor();
      await shut(page);
      await clean(page, "ordered");
    });

    await step("its owner says on a telephone that it is done, and the others see it", async () => {
      const page = phone.page;
      await as(page, "police");
      await toScreen(page, room, "intelligence");
      await page.locator('[data-wait="confirm"]').waitFor();
      await clean(page, "small-mine");
      await openFirst(page, "confirm");
      await press(page, button(page, words["intel.confirm"]));
      await press(page, button(page, words["intel.confirm_do"]));
      await page.locator("[data-warning=confirmed]").waitFor();
      await clean(page, "small-confirmed");
      await page.goto(`${room.url}/#/intelligence?tab=reports`);
      await page.locator("[data-report]").first().waitFor();
      await page.keyboard.press("j");
      await press(page, page.locator("[data-report]").first());
      await page.locator("[data-detail]").waitFor();
      await clean(page, "small-report");
      await as(helper.page, "sector");
      await helper.page.goto(`${room.url}/#/intelligence?tab=warnings`);
      await helper.page.locator("[data-warning=confirmed]").getByText(OUT[language]).first().waitFor();
      await becomes("what waits, and warnings", () => helper.page.getByRole("tab").count(), 2);
      await manager.page.locator("[data-warning=confirmed]").waitFor();
      for (const one of [desk, manager, phone, helper]) {
        assert.deepEqual(one.foreign, []);
        assert.deepEqual(one.faults, []);
      }
    });
  });
}
