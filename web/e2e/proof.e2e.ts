// One entry, proven: in the room, on a stranger's telephone without the node, and by the command line; and what becomes
// of a proof in which a byte was changed.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { en, ur, told } from "./texts.ts";
import { SIZES, WAIT_MS, becomes, command, looked, openBrowser, openPrepared, prepared, shot, steps, until, visit } from "./harness.ts";
import { button, firstAccount } from "./people.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** The text of a proof whose bytes were changed at a place, with a check sum that fits again. */
function bent(text: string, change: (bytes: Buffer) => void): string {
  const lines = text.split("\n");
  const digits = lines.filter((line) => /^[0-9a-f]+$/.test(line)).join("");
  const bytes = Buffer.from(digits, "hex");
  change(bytes);
  const sum = createHash("sha256").update("proof-1").update(Buffer.of(0)).update(bytes).digest("hex").slice(0, 8);
  return `pehra-proof-1\n${(bytes.toString("hex").match(/.{1,64}/g) ?? []).join("\n")}\n=${sum}\n`;
}

for (const [language, words, theme] of told()) {
  test(`a proof in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const folder = prepared("trust_story");
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const room = await openPrepared(join(folder, "sukkur"));
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const stranger = await visit(browser, room, language, theme, { width: 390, height: 780 });
    const step = steps(t);
    const clean = looked(`${language}-p`, "must fit");
    const outcome = (page: Page, name: string) => page.locator(`[data-step=${name}]`).getAttribute("data-outcome");
    const proofFile = join(folder, "proof.txt");
    const founding = join(folder, "founding.txt");
    let place = "";
    const codes: Buffer[] = [];

    await step("somebody sits at the desk, and the record lies open", async () => {
      await firstAccount(desk.page, room, words);
      await desk.page.goto(`${room.url}/#/prove`);
      await desk.page.locator("[data-entry]").first().waitFor();
      await clean(desk.page, "record");
      await desk.page.getByLabel(words["proof.find"]).fill("parameter.set");
      await desk.page.waitForFunction((wanted) => document.querySelector("[data-entry] b") !== null && [...document.querySelectorAll("[data-entry] b")].every((one) => one.textContent === wanted), words["kindof.400"]);
    });
    await step("an entry that two neighbours saw is proven, step by step", async () => {
      // The first that the desk itself wrote: the last in the list of its own.
      place = (await desk.page.locator("[data-entry]", { hasText: "sukkur" }).last().getAttribute("data-entry")) ?? "";
      await desk.page.locator(`[data-entry="${place}"]`).click();
      await desk.page.locator("[data-verdict=proven]").waitFor();
      for (const name of ["form", "certificates", "author", "path", "log", "witnesses", "election", "right", "enough"]) await becomes(name, () => outcome(desk.page, name), "holds");
      for (const name of ["ghotki", "khairpur", "sukkur", "console", words["kindof.400"], words["proof.now.good"]]) await desk.page.locator("[data-proven]", { hasText: name }).waitFor();
      for (const size of SIZES) {
        await desk.page.setViewportSize(size);
        await clean(desk.page, `proven-${size.width}`);
      }
      await desk.page.setViewportSize({ width: 1600, height: 900 });
    });
    await step("the file that is taken along is what the command line accepts with the founding file alone", async () => {
      const [download] = await Promise.all([desk.page.waitForEvent("download"), desk.page.getByRole("link", { name: words["proof.file"], exact: true }).click()]);
      await download.saveAs(proofFile);
      const checked = command("--data", join(folder, "nobody"), "prove", "check", proofFile, "--root", founding, "--json");
      assert.equal(checked.code, 0, checked.err);
      const proven = JSON.parse(checked.out) as { place: string; doubts: string[]; witnesses: { name: string }[] };
      assert.equal(proven.place, place);
      assert.deepEqual([proven.doubts, proven.witnesses.map((one) => one.name).sort()], [[], ["ghotki", "khairpur"]]);
      await desk.page.locator("svg[data-code]").first().waitFor();
      for (const code of await desk.page.locator("svg[data-code]").all()) {
        const pixels = await code.evaluate((drawn) => drawn.getBoundingClientRect().width / (drawn as SVGSVGElement).viewBox.baseVal.width);
        assert.ok(pixels >= 2 && Math.abs(pixels - Math.round(pixels)) < 1e-6, `${pixels} pixels a module`);
        codes.push(await code.screenshot());
      }
      assert.ok(codes.length >= 1);
    });
    await step("what has no effect is reached from its record by one click, and the page says why", async () => {
      await desk.page.goto(`${room.url}/#/conflicts`);
      const row = desk.page.locator("li.card", { hasText: words["withheld.word"] }).filter({ hasText: "PEC" }).first();
      await row.locator("[data-proof-of]").click();
      await desk.page.locator("[data-proven]").waitFor();
      await desk.page.getByText(words["proof.no_effect"]).first().waitFor();
      await clean(desk.page, "no-effect");
    });
    await step("a stranger's telephone reads the codes and believes the founding file alone", async () => {
      await stranger.page.goto(`${room.url}/proof`);
      await button(stranger.page, words["proof.from_node"]).click();
      await stranger.page.getByText(words["proof.came_along"]).waitFor();
      await button(stranger.page, words["proof.other_root"]).click();
      await stranger.page.locator("input[data-root]").setInputFiles(founding);
      await stranger.page.getByText(words["proof.came_along"]).waitFor({ state: "detached" });
      const digits = await stranger.page.locator("[data-fingerprint]").innerText();
      assert.ok(readFileSync(founding, "utf8").includes(digits));
      await clean(stranger.page, "stranger-empty");
      for (const [n, picture] of codes.entries()) await stranger.page.locator("input[data-proof]").setInputFiles({ name: `code-${n}.png`, mimeType: "image/png", buffer: picture });
      await stranger.page.locator("[data-verdict=proven]").waitFor();
      await clean(stranger.page, "stranger-proven");
      await stranger.page.locator("main", { hasText: place }).waitFor();
    });
    await step("the page opens again without the node, and checks", async () => {
      await stranger.page.getByText(words["proof.kept"]).waitFor();
      await until("the page's files are kept", () => stranger.page.evaluate(async () => (await (await caches.open("pehra-page/proof")).keys()).some((one) => one.url.includes("decode"))));
      await stranger.context.setOffline(true);
      await stranger.page.reload();
      await stranger.page.locator("[data-fingerprint]").waitFor();
      await stranger.page.locator("input[data-proof]").setInputFiles(proofFile);
      await stranger.page.locator("[data-verdict=proven]").waitFor();
      await button(stranger.page, language === "en" ? "اردو" : "English").click();
      await stranger.page.getByText((language === "en" ? ur : en)["proof.verdict.proven"], { exact: true }).waitFor();
      await button(stranger.page, language === "en" ? "English" : "اردو").click();
      await stranger.context.setOffline(false);
    });
    await step("a changed byte is refused at the step at which it matters", async () => {
      const text = readFileSync(proofFile, "utf8");
      const index = Buffer.from(text.split("\n").filter((line) => /^[0-9a-f]+$/.test(line)).join(""), "hex");
      const area = index.indexOf("pk");
      const check = async (what: string): Promise<void> => {
        await button(stranger.page, words["proof.another"]).click().catch(() => undefined);
        await stranger.page.getByLabel(words["proof.paste"]).fill(what);
        await button(stranger.page, words["proof.check"]).click();
      };
      await check(bent(text, (bytes) => bytes.write("pK", area)));
      await stranger.page.locator("[data-verdict=nothing]").waitFor();
      await becomes("the author's step fails, none after it is tried", async () => [await outcome(stranger.page, "author"), await outcome(stranger.page, "path")], ["fails", "untried"]);
      await stranger.page.getByText(words["proof.fails.A"]).waitFor();
      await clean(stranger.page, "stranger-author");
      const last = index.length - 3;
      await check(bent(text, (bytes) => (bytes[last] = (bytes[last] ?? 0) ^ 1)));
      await stranger.page.locator("[data-step=certificates][data-outcome=fails]").waitFor();
      // A slip of the copyist is noticed before anything is judged.
      await button(stranger.page, words["proof.another"]).click();
      await stranger.page.getByLabel(words["proof.paste"]).fill(text.replace(/\n[0-9a-f]{2}/, (two) => `\n${two.slice(1) === "00" ? "11" : "00"}`));
      await button(stranger.page, words["proof.check"]).click();
      await stranger.page.locator("[role=alert]").waitFor();
      await clean(stranger.page, "stranger-slip");
    });
    await step("saved as one file, the page checks with no node and no address", async () => {
      const [download] = await Promise.all([stranger.page.waitForEvent("download"), stranger.page.getByRole("link", { name: words["proof.save_page"], exact: true }).click()]);
      const saved = join(folder, "pehra-proof.html");
      await download.saveAs(saved);
      const alone = await browser.newContext({ viewport: { width: 390, height: 780 }, offline: true });
      const page = await alone.newPage();
      page.setDefaultTimeout(WAIT_MS);
      const [asked, faults]: [string[], string[]] = [[], []];
      page.on("request", (request) => asked.push(request.url()));
      page.on("pageerror", (error) => faults.push(error.message));
      await page.goto(pathToFileURL(saved).href);
      if (language === "ur") await button(page, "اردو").click();
      const both = join(folder, "both.txt");
      writeFileSync(both, `${readFileSync(founding, "utf8")}${readFileSync(proofFile, "utf8")}`);
      await page.locator("input[data-proof]").setInputFiles(both);
      await page.locator("[data-verdict=proven]").waitFor();
      await page.getByText(words["proof.came_along"]).waitFor();
      await shot(page, `${language}-p-one-file`);
      await button(page, words["proof.another"]).click();
      for (const [n, picture] of codes.entries()) await page.locator("input[data-proof]").setInputFiles({ name: `code-${n}.png`, mimeType: "image/png", buffer: picture });
      await page.locator("[data-verdict=proven]").waitFor();
      assert.deepEqual([asked.filter((url) => !url.startsWith("file:") && !url.startsWith("blob:")), faults], [[], []]);
      await alone.close();
    });
    await step("nothing left the node, and nothing broke", async () => {
      for (const { foreign, faults } of [desk, stranger]) assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
