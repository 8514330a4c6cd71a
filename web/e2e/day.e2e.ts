// An election day that is lived beside the room: the director injects an attack, the duty officer answers it by keys alone,
// and what the officer reported somebody else has to end.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { reach, toScreen } from "./people.ts";
import { SIZES, fits, grave, openBrowser, openDrill, shot, steps, until, visit } from "./harness.ts";

const DISTRICT = "pk/islamabad-capital-territory/islamabad";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

interface Seen { id: string; code: string; phase: string; severity: number; at_ms: number }
const incidents = async (page: Page): Promise<Seen[]> => page.evaluate(async () => (await (await fetch("/api/day")).json()).incidents);

for (const [language, words, theme] of told()) {
  test(`a day is lived and answered in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const room = await openDrill(DISTRICT);
    t.after(() => room.stop());
    const { page, foreign, faults } = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const step = steps(t);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const go = (screen: string): Promise<void> => toScreen(page, room, screen);
    const clean = async (where: string): Promise<void> => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await shot(page, `${language}-d-${where}-${size.width}`);
        await fits(page, `${where} at ${size.width}`);
        assert.deepEqual(await grave(page), [], `${where} at ${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    };
    const named = (id: string) => page.locator(".queue li", { hasText: id });
    /** What the incident says of itself, once the node did what the key asked for. */
    const press = async (key: string, phase: string): Promise<void> => {
      await page.keyboard.press(key);
      await page.locator(".detail h2 .chip", { hasText: phase }).first().waitFor();
    };

    await step("the day is lived, and every screen says that it is an exercise", async () => {
      await page.goto(`${room.url}/#/drill`);
      await button(words["progress.enter"]).click();
      await page.locator("main h1").first().waitFor();
      await page.locator("p.exercise").first().waitFor();
      assert.match(await page.title(), /EXERCISE/);
      await until("stations are open", () => page.evaluate(async () => ((await (await fetch("/api/drill")).json()).status?.tally.opened ?? 0) > 100));
      for (const screen of ["run", "risk", "persons", "conflicts"]) {
        await go(screen);
        await page.locator("p.exercise").first().waitFor();
      }
    });

    let attack = "";
    await step("an attack is injected while the day stands, and the room hears of it when it goes on", async () => {
      await go("drill");
      await button(`‖ ${words["drill.pause"]}`).click();
      await button(`▶ ${words["drill.go"]}`).waitFor();
      const before = (await incidents(page)).map((one) => one.id);
      const station: string = await page.evaluate(async () => (await (await fetch("/api/stations?limit=1&district=pk/islamabad-capital-territory/islamabad")).json()).rows[0].id);
      await page.getByRole("textbox", { name: words["drill.station"], exact: true }).fill(station);
      await page.getByRole("spinbutton", { name: words["drill.killed_n"], exact: true }).fill("2");
      await page.getByRole("textbox", { name: words["drill.name"], exact: true }).fill("attack on the school");
      await button(words["drill.do_inject"]).click();
      await page.getByText("attack on the school").last().waitFor();
      await clean("director");
      await page.getByRole("textbox", { name: words["drill.areas"], exact: true }).fill("pk/islamabad-capital-territory/islamabad");
      await button(words["drill.set_players"]).click();
      await page.locator("p .chip.accent").last().waitFor();
      await button(`▶ ${words["drill.go"]}`).click();
      attack = await until("the room hears of the attack", async () => (await incidents(page)).find((one) => one.code === "ARM.PST" && !before.includes(one.id))?.id);
      await button(`‖ ${words["drill.pause"]}`).click();
    });

    await step("the officer answers it by keys alone", async () => {
      await go("run");
      await named(words["phase.reported"]).first().waitFor();
      await reach(page, attack);
      await press("a", words["phase.acknowledged"]);
      await clean("attack");
      await press("c", words["phase.contained"]);
      await page.keyboard.press("x");
      await until("closed", async () => (await incidents(page)).find((one) => one.id === attack)?.phase === "closed");
      await page.keyboard.press("z");
      await until("reopened", async () => (await incidents(page)).find((one) => one.id === attack)?.phase === "reopened");
    });

    await step("a major incident is told by one key, from what the record knows, and read in the fixed order", async () => {
      await reach(page, attack);
      await page.keyboard.press("t");
      const form = page.locator("dialog form");
      const field = (key: keyof typeof words) => form.getByLabel(words[key], { exact: true });
      assert.notEqual(await field("methane.place").inputValue(), "", "the place is known");
      assert.equal(await form.getByRole("combobox", { name: words["methane.code"], exact: true }).inputValue(), "ARM.PST");
      await clean("methane-form");
      await field("methane.meeting").fill("petrol pump at the crossing");
      await form.getByRole("checkbox").first().check();
      await field("methane.required_words").fill("lights");
      await page.keyboard.press("Enter");
      await form.waitFor({ state: "detached" });
      const read = page.locator(".detail .methane");
      await read.locator("dd", { hasText: "petrol pump at the crossing" }).waitFor();
      assert.equal((await read.locator("dl").first().locator("dt b").allInnerTexts()).join(""), "METHANE");
      await read.locator("summary", { hasText: words["methane.radio"] }).click();
      assert.match(await read.locator("ol.radio[lang=en]").innerText(), /^Methane report\. Incident [A-Z][\s\S]*Mike\. Major incident: declared\.\n/);
      assert.match(await read.locator("ol.radio[lang=ur]").innerText(), /مائیک۔ بڑا واقعہ/);
      await read.scrollIntoViewIfNeeded();
      await clean("methane");
      await page.locator(`.queue li[id$="${attack}"] .major`).waitFor();
    });

    await step("what the officer reported somebody else has to end", async () => {
      const before = (await incidents(page)).map((one) => one.id);
      await page.keyboard.press("n");
      const form = page.locator("dialog form");
      await form.getByRole("combobox", { name: words["report.code"], exact: true }).selectOption("IED.RTE");
      await form.getByRole("combobox", { name: words["report.area"], exact: true }).selectOption({ index: 1 });
      await form.getByRole("textbox", { name: words["report.text"], exact: true }).fill("wires beside the culvert");
      await form.getByRole("textbox", { name: words["report.text"], exact: true }).press("Tab");
      await page.keyboard.press("Enter");
      await form.waitFor({ state: "detached" });
      const own = await until("it is on record", async () => (await incidents(page)).find((one) => one.code === "IED.RTE" && !before.includes(one.id)));
      await reach(page, own.id);
      await press("a", words["phase.acknowledged"]);
      await page.keyboard.press("x");
      await page.locator(".detail [role=alert]", { hasText: "duties-separated" }).waitFor();
      await clean("refused");
      assert.equal((await incidents(page)).find((one) => one.id === own.id)?.phase, "acknowledged");
    });

    await step("nothing left the node, nothing broke, and no simulated desk was refused", async () => {
      const status = await page.evaluate(async () => (await (await fetch("/api/drill")).json()).status);
      assert.equal(status.refused, 0, status.first_refusal ?? "");
      assert.deepEqual(foreign, []);
      assert.deepEqual(faults, []);
    });
  });
}
