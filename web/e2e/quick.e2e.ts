// The radio operator's net, by keyboard alone: lines, several at once, taken back, refused with the reason, and none lost when the node is away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, looked, openBrowser, openDrill, steps, until, visit } from "./harness.ts";
import { ask, button } from "./people.ts";

const DISTRICT = "pk/islamabad-capital-territory/islamabad";
let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a net's operator in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openDrill(DISTRICT);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, SIZES[0]);
    const clean = looked(`${language}-quick`, "must fit");
    const step = steps(t);
    const field = page.locator("#net-line");
    const fate = (line: string, what: string) => page.locator(`li[data-fate=${what}]`, { hasText: line });
    const took: number[] = [];
    const dayHour = async (): Promise<string> => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hour12: false, timeZone: "Asia/Karachi" }).format((await ask(page, "GET", "/api/net")).now_ms);
    /** Types a line, waits until its meaning is shown, and measures from Enter until it stands as recorded. */
    const enter = async (line: string, kind = "check-in"): Promise<void> => {
      await field.pressSequentially(line);
      await page.locator(`[data-preview="1"] [data-read="${kind}"]`).waitFor();
      const before = Date.now();
      await page.keyboard.press("Enter");
      await fate(line, "done").first().waitFor();
      took.push(Date.now() - before);
    };

    await step("the net is two keys away and shows who is due", async () => {
      await page.goto(room.url);
      await button(page, words["progress.enter"]).click();
      await page.locator("main").waitFor();
      await page.keyboard.press("g");
      await page.keyboard.press("9");
      await page.locator("[data-net]").waitFor();
      // The day's own clock begins when the day has been made.
      await until("the day lives", async () => (await ask(page, "GET", "/api/drill")).status?.phase === "running");
      await until("the roll goes by the day's clock", async () => (await page.locator("time.now").innerText()).startsWith(`${await dayHour()}:`));
      await until("the field has the keys", () => field.evaluate((one) => one === document.activeElement));
    });
    await step("what is heard is one line and two keys more", async () => {
      await enter("1 a7");
      await enter("2 a8 12 9 40");
      await enter("۳ a7!");
      await enter("4 armpst / two at the gate", "incident");
      await enter("S01 a4");
      console.log(`# quick: from Enter to recorded ${took.join(", ")} ms; 5 keys for "1 a7"`);
      assert.match(await fate("2 a8 12 9 40", "done").innerText(), /D\d{3} S01 02[\s\S]*12 \/ 9 \/ 40/);
    });
    await step("several lines at once; what cannot be read stays with the reason and what to ask", async () => {
      await field.fill("5 a7\nseven a7\n99 a7\n6 a7");
      await page.locator("[data-preview='4']").waitFor();
      assert.equal(await page.locator("[data-read=fault]").count(), 2);
      await field.press("Enter");
      await fate("6 a7", "done").waitFor();
      await fate("99 a7", "refused").waitFor();
      assert.equal(await page.locator("li[data-fate=refused]").count(), 2);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `lines-${size.width}`);
      }
      await page.setViewportSize(SIZES[0]);
      await field.press("ArrowUp");
      await until("the refused line is in the field", async () => (await field.inputValue()) !== "");
      await field.press("Escape");
    });
    await step("the last one is taken back within ten seconds", async () => {
      await enter("7 a7");
      await field.press("Control+z");
      await fate("7 a7", "struck").waitFor();
    });
    await step("the roll is called from the top", async () => {
      await page.locator("[data-due]").first().waitFor();
      await field.press("ArrowDown");
      await until("the first who is due stands in the field", async () => /^\d+ A\d+$/.test(await field.inputValue()));
      const line = await field.inputValue();
      await page.locator("[data-preview='1'] [data-read='check-in']").waitFor();
      await field.press("Enter");
      await fate(line, "done").first().waitFor();
    });
    await step("a net's whole round, line by line and at once", async () => {
      const roll = await ask(page, "GET", `/api/net?district=${DISTRICT}`);
      const net = { district: roll.district, sector: roll.sector, rung: "radio" };
      const places: number[] = roll.members.map((one: { place: number }) => one.place).sort((one: number, other: number) => one - other);
      const lines = (codes: readonly string[]) => codes.flatMap((code) => places.map((place) => ({ line: `${place} ${code}`, at_ms: roll.now_ms })));
      const alone = lines(["a5", "a6"]);
      const began = Date.now();
      for (const line of alone) assert.ok((await ask(page, "POST", "/api/net/lines", { ...net, lines: [line] }))[0].entry, line.line);
      const each = (Date.now() - began) / alone.length;
      const all = lines(["a1", "a2", "a3", "a9", "a10"]);
      const once = Date.now();
      const told = await ask(page, "POST", "/api/net/lines", { ...net, lines: all });
      assert.deepEqual(told.filter((one: { entry: string | null }) => !one.entry), []);
      console.log(`# quick: ${alone.length} lines one by one, ${each.toFixed(0)} ms each (${Math.floor(60_000 / each)} a minute); ${all.length} at once in ${Date.now() - once} ms; each signed and on the disk`);
    });
    await step("a line outlasts a node that is away, and a reload", async () => {
      await page.route("**/api/net/lines", (route) => route.abort());
      await field.pressSequentially("8 a7");
      await field.press("Enter");
      await page.locator(".stuck").waitFor();
      await clean(page, "away");
      await page.reload();
      await button(page, words["progress.enter"]).click();
      await fate("8 a7", "waiting").waitFor();
      await page.unroute("**/api/net/lines");
      await fate("8 a7", "done").waitFor();
      const roll = await ask(page, "GET", "/api/net");
      const station = roll.members.find((one: { place: number }) => one.place === 8).station;
      const day = await ask(page, "GET", `/api/day/stations/${encodeURIComponent(station)}`);
      assert.equal(day.claims.filter((one: { code: string; rung: string; by: string }) => one.code === "A7" && one.by === "demo").length, 1, JSON.stringify(day.claims));
      assert.deepEqual([foreign, faults], [[], []]);
    });
  });
}
