// The planner's story, from the demo's first second to the published figures, in both languages.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { toScreen } from "./people.ts";
import { becomes, fits, grave, openBrowser, openRoom, shot, steps, until, visit, type Room } from "./harness.ts";

/** Waits end when their condition holds; these only say when to give up on a slow machine. */
/** A parameter that a change of one unit leaves sensible. */
const PARAMETER = "risk.kernel.radius_m";
const SOLVE_MS = 600_000;
const NATION_MS = 300_000;
const CSV = ["province,constituency,station_no,name,voters_men,voters_women,booths_men,booths_women,latitude,longitude",
  "Punjab,NA-128,9001,Synthetic hall one,700,640,2,2,31.5204,74.3587",
  "Punjab,NA-128,9002,Synthetic hall two,650,610,2,2,,",
  "Punjab,NA-128,9003,Synthetic hall three,810,790,2,2,74.3600,31.5210", ""].join("\n");

let room: Room;
let browser: Browser;
before(async () => {
  room = await openRoom();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await room?.stop();
});

const mapReady = (page: Page): Promise<unknown> => page.waitForSelector("[data-map-ready=yes]", { timeout: NATION_MS });
/** A line for whoever reads the output; times are told, never asserted. */
const say = (what: string, ms: number): void => console.log(`# ${what}: ${ms.toFixed(0)} ms`);
const number = (text: string): number => Number(text.replace(/[^\d.-]/g, ""));

for (const [language, words, theme] of told()) {
  test(`a planner's day in ${language}`, { timeout: 45 * 60_000 }, async (t) => {
    const { page, context, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const named = (role: "button" | "tab" | "radio" | "link", name: string) => page.getByRole(role, { name, exact: true });
    // Each step stands on the one before: after a failure the rest says so at once.
    const step = steps(t);
    const clean = async (where: string): Promise<void> => {
      await shot(page, `${language}-${where}`);
      assert.deepEqual(await grave(page), [], where);
    };

    await step("the demo lets its visitor in and shows its work from the first second", async () => {
      await page.goto(room.url);
      await page.locator("ol.steps, [data-map-ready]").first().waitFor();
      await shot(page, `${language}-1-progress`);
      assert.equal(await page.evaluate(() => document.documentElement.dir), language === "ur" ? "rtl" : "ltr");
      if (await page.locator("ol.steps").count()) assert.deepEqual(await grave(page), [], "progress");
    });
    await step("the nation stands on the map", async () => {
      await mapReady(page);
      await page.getByText(words["badge.synthetic"], { exact: true }).first().waitFor();
      const stations = await page.locator(".figures dd").first().textContent();
      assert.ok(number(stations ?? "") >= 90_675, `${stations} stations`);
      await page.waitForFunction(() => document.querySelectorAll("table.grid tbody tr").length > 100);
      await clean("3-map");
      await page.reload();
      const ms = await page.waitForFunction(() => (document.querySelector("[data-map-ready=yes]") ? performance.now() : 0), undefined, { polling: "raf", timeout: NATION_MS });
      say("points ready after a reload", Number(await ms.jsonValue()));
    });
    await step("whoever signs out stays out until one button lets them in again", async () => {
      await page.locator(".who > button").click();
      await named("button", words["session.sign_out"]).click();
      await named("button", words["session.demo"]).waitFor();
      await page.reload();
      await named("button", words["session.demo"]).waitFor();
      await clean("2-start");
      await named("button", words["session.demo"]).click();
      await mapReady(page);
    });
    await step("every layer has its legend in shapes and words", async () => {
      for (const key of ["layer.score", "layer.data", "layer.official", "layer.shortfall", "layer.class"] as const) {
        await named("radio", words[key]).click();
        await becomes("the legend is the layer's", () => page.locator(".legend h2").textContent(), words[key]);
        await page.locator(".legend li svg").nth(2).waitFor();
      }
    });
    await step("a district is found by the palette and its stations are listed", async () => {
      await page.keyboard.press("Control+k");
      await page.locator("dialog [role=combobox]").fill("Lahore");
      await page.locator("#palette-list .kind", { hasText: words["hit.district"] }).first().click();
      await page.getByRole("listbox", { name: words["risk.stations"] }).waitFor();
      await page.locator("[role=option] .name").first().waitFor();
      await clean("4-district");
    });
    await step("a station says why", async () => {
      await page.getByRole("listbox", { name: words["risk.stations"] }).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator(".reasons li").first().waitFor();
      await becomes("four reasons", () => page.locator(".reasons li").count(), 4);
      if (language === "ur") assert.match((await page.locator(".reasons li").first().textContent()) ?? "", /[\u0600-\u06ff]/);
      await becomes("nineteen factors", () => page.locator(".why table tbody tr").count(), 19);
      await clean("5-why");
    });
    await step("what if moves the score and signs nothing", async () => {
      const entries = await page.evaluate(async () => ((await (await fetch("/api/node")).json()) as { entries: number }).entries);
      await named("tab", words["why.tab.if"]).click();
      const before = await until("the score stands there", async () => /\d/.exec((await page.locator(".result .big").textContent()) ?? "") && page.locator(".result .big").textContent());
      const sliders = page.locator(".why input[type=range]");
      let moved = false;
      let pressed = 0;
      for (let i = 0; i < (await sliders.count()) && !moved; i += 1) {
        if (Number(await sliders.nth(i).inputValue()) >= 300) continue;
        await sliders.nth(i).focus();
        pressed = performance.now();
        await page.keyboard.press("End");
        moved = true;
      }
      assert.ok(moved, "no factor could be raised");
      await page.locator(".result .chip").waitFor();
      say("what-if, from the key to the answer", performance.now() - pressed);
      await until("it is no lower than before", async () => number((await page.locator(".result .big").textContent()) ?? "") >= number(before));
      await clean("6-what-if");
      assert.equal(await page.evaluate(async () => ((await (await fetch("/api/node")).json()) as { entries: number }).entries), entries);
    });
    await step("an override is signed with its reason, and its signer cannot lift it alone", async () => {
      await named("tab", words["why.tab.sign"]).click();
      const form = page.locator("form", { has: page.getByRole("heading", { name: words["override.title"], exact: true }) });
      const code = language === "ur" ? "O2" : "O1";
      await form.locator("select").selectOption(code);
      await form.locator("textarea").fill(language === "ur" ? "ضلعی رپورٹ میں اس عمارت کو خطرہ بتایا گیا" : "the district report names a threat to this building");
      await named("button", words["override.sign"]).click();
      await page.getByText(words["override.signed"]).waitFor();
      await page.locator(".chips .chip.accent", { hasText: code }).waitFor();
      await clean("6b-override");
      await named("button", words["override.lift"]).first().click();
      await page.locator(".why [role=alert]").waitFor();
      assert.ok(await page.locator(".chips .chip.accent", { hasText: code }).count());
    });
    await step("a plan is solved in the open", async () => {
      await page.locator("a[href='#/deploy']").click();
      await page.waitForFunction(() => [...document.querySelectorAll("header button.main")].some((button) => !(button as HTMLButtonElement).disabled), undefined, { timeout: SOLVE_MS });
      await page.getByLabel(words["deploy.label"]).fill(`A ${language}`);
      await named("button", words["deploy.solve"]).click();
      await page.getByText(words["solve.running"], { exact: true }).waitFor();
      // The bound is told while the solve runs, and stays when it ends.
      await page.locator(".solve dl dd").nth(2).waitFor({ timeout: SOLVE_MS });
      await shot(page, `${language}-7-solving`);
      await page.getByText(words["solve.done"], { exact: true }).waitFor({ timeout: SOLVE_MS });
      assert.match((await page.locator(".solve dl dd").nth(2).textContent()) ?? "", /\d/);
      await page.waitForFunction(() => document.querySelectorAll(".halves table tbody tr").length > 100);
      await page.locator("[role=option] .text").first().waitFor();
      await clean("8-board");
    });
    await step("a shortage has its reason", async () => {
      const row = page.locator(".halves table tbody tr").first();
      const name = (await row.locator("button").textContent()) ?? "";
      await row.locator("button").click();
      await page.locator("[role=option] .text").first().click();
      await page.locator(".detail").waitFor();
      assert.ok(name.length > 0);
      await clean("9-shortage");
    });
    await step("a posting is locked and the plan solved again", async () => {
      await page.getByRole("checkbox", { name: words["deploy.only_short"] }).uncheck();
      await page.locator("[role=option] .text").nth(1).click();
      await page.locator(".detail button", { hasText: words["deploy.lock"] }).first().click();
      await page.getByLabel(words["word.reason"]).fill(language === "ur" ? "مقامی پولیس افسر کی درخواست" : "asked for by the district officer");
      await named("button", words["lock.sign"]).click();
      await page.getByText("↔").first().waitFor();
      await clean("10-lock");
      await named("button", words["lock.resolve"]).click();
      await page.getByText(words["solve.running"], { exact: true }).waitFor();
      await page.getByText(words["solve.done"], { exact: true }).waitFor({ timeout: SOLVE_MS });
    });
    await step("two plans are compared, and the certificate is shown", async () => {
      await named("tab", words["deploy.tab.compare"]).click();
      await page.getByText(words["compare.moves"]).waitFor();
      await clean("11-compare");
      await named("tab", words["deploy.tab.certificate"]).click();
      assert.match((await page.locator("dd.mono").first().textContent()) ?? "", /^[0-9a-f]{32,}$/);
      await clean("12-certificate");
    });
    await step("a plan is proposed, and its proposer is not offered to approve it", async () => {
      await named("button", words["plan.act.propose"]).click();
      await page.locator("dialog .input").fill(language === "ur" ? "صوبائی کمیٹی کے لیے تیار" : "ready for the provincial committee");
      await page.locator("dialog button.main").click();
      await page.locator("header .chip", { hasText: words["plan.proposed"] }).waitFor();
      assert.equal(await named("button", words["plan.act.approve"]).count(), 0);
      await clean("12b-proposed");
    });
    await step("the plan leaves as CSV and XLSX", async () => {
      for (const [kind, begin] of [["csv", ""], ["xlsx", "PK"]] as const) {
        const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`a[href$='export.${kind}']`).click()]);
        const stream = await download.createReadStream();
        let head = Buffer.alloc(0);
        for await (const part of stream) {
          head = Buffer.concat([head, part as Buffer]);
          if (head.length > 4096) break;
        }
        assert.ok(head.length > 100, `${kind} has ${head.length} bytes`);
        assert.ok(head.toString("latin1").startsWith(begin), kind);
      }
    });
    await step("a file goes through columns, check and findings to the signature", async () => {
      await page.locator("a[href='#/imports']").click();
      await page.locator("input[type=file]").setInputFiles({ name: "stations.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
      await named("button", words["import.check"]).waitFor();
      await clean("13-columns");
      await named("button", words["import.check"]).click();
      await page.locator(".codes button").first().waitFor({ timeout: NATION_MS });
      const codes = (await page.locator(".codes button .mono").allTextContents()).join(" ");
      assert.match(codes, /coordinate-(missing|swapped)/);
      await clean("14-findings");
      await page.locator(".sign input[type=checkbox]").check();
      await named("button", words["import.sign"]).click();
      await page.getByText(words["import.signed"]).waitFor({ timeout: NATION_MS });
      await clean("14b-signed");
      await named("button", words["import.another"]).click();
      await page.locator("input[type=file]").waitFor({ state: "attached" });
    });
    await step("a parameter is changed under a name, with source and reason", async () => {
      await page.locator("a[href='#/parameters']").click();
      const row = page.locator("tr", { hasText: PARAMETER });
      const was = await until("the value stands there", () => row.locator("td.num b").textContent());
      const next = String(number(was) + 1);
      await named("button", words["parameters.change"]).and(row.locator("button")).click();
      const fields = page.locator("dialog .input");
      await fields.nth(0).fill(next);
      await fields.nth(1).fill(language === "ur" ? "صوبائی حکم" : "provincial order");
      await fields.nth(2).fill(language === "ur" ? "تازہ مشاہدے کے مطابق" : "as observed in the last rehearsal");
      await clean("14c-parameter");
      await named("button", words["parameters.sign"]).click();
      await page.locator("dialog").waitFor({ state: "detached" });
      await becomes("the new value holds", () => row.locator("td.num b").textContent(), next);
      // What a payoff of patrols does stands beside it in a sentence, with the value that holds.
      const payoff = page.locator("tr", { hasText: "patrol.takes_permille" });
      await payoff.getByText(words["meaning.patrol.takes_permille"].replace("{value}", "700")).waitFor();
    });
    await step("the nation is assessed anew, and the room hears of it", async () => {
      const pressed = performance.now();
      await named("button", words["command.assess"]).click();
      await page.locator("header .job").waitFor();
      say("event to screen, from the press", performance.now() - pressed);
      await page.locator("header .job").waitFor({ state: "detached", timeout: NATION_MS });
    });
    await step("published figures stand side by side, disputes first", async () => {
      await page.locator("a[href='#/figures']").click();
      await page.locator("article.disputed").first().waitFor();
      await page.locator("article").first().locator(".values li").nth(1).waitFor();
      await clean("15-figures");
    });
    await step("the other rooms open", async () => {
      for (const screen of ["surveys", "parameters", "persons", "conflicts", "run", "prove"] as const) {
        await toScreen(page, room, screen);
        await clean(`16-${screen}`);
      }
    });
    await step("the room holds at 1280 and at 390 pixels", async () => {
      for (const [width, height] of [[1280, 720], [390, 780]] as const) {
        await page.setViewportSize({ width, height });
        for (const screen of ["risk", "deploy", "imports", "surveys", "figures", "persons"] as const) {
          if (screen === "risk") await page.goto(`${room.url}/#/${screen}`).then(() => mapReady(page));
          else await toScreen(page, room, screen);
          await fits(page, `${screen} at ${width}`);
          await clean(`17-${screen}-${width}`);
        }
      }
    });
    await step("what more people would do is worked out when it is asked", async () => {
      await page.setViewportSize({ width: 1600, height: 900 });
      await page.goto(`${room.url}/#/deploy`);
      await page.waitForFunction(() => document.querySelectorAll(".halves table tbody tr").length > 100);
      const asked = performance.now();
      await named("button", words["more.ask"]).click();
      await page.locator(".answer", { hasText: /\d/ }).waitFor({ timeout: SOLVE_MS });
      say("what more people would do, from the question to the answer", performance.now() - asked);
      if (language === "ur") assert.match((await page.locator(".answer").textContent()) ?? "", /[\u0600-\u06ff]/);
    });
    await t.test("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
    });
    await context.close();
    if (language === "en") await room.again();
  });
}

test("the guard stops a foreign request and says so", async () => {
  const { page, context, foreign } = await visit(browser, room, "en", "dark", { width: 800, height: 600 });
  await page.goto(room.url);
  await page.evaluate(() => fetch("http://foreign.example/x", { mode: "no-cors" }).catch(() => undefined));
  const frame = await context.newPage();
  await frame.goto("http://foreign.example/").catch(() => undefined);
  assert.ok(foreign.includes("http://foreign.example/"));
  await context.close();
});
