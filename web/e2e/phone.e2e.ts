// A station phone from its first page to the desk: the office's authority, its enrolment by codes alone, check-ins.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { film } from "./camera.ts";
import { becomes, fits, grave, openBrowser, openNodeWith, shot, steps, until, visit } from "./harness.ts";
import { ask, button, firstAccount } from "./people.ts";
import { AREA, authorityOf, type Handset, lanAddress, openHandset, signStations } from "./phones.ts";
import { told } from "./texts.ts";

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** What the page shows, as a picture file. */
const canvas = (page: Page): Promise<string> => page.evaluate(() => document.querySelector<HTMLCanvasElement>("canvas[data-code-shown]")?.toDataURL("image/png") ?? "");

for (const [language, words, theme] of told()) {
  test(`a station phone in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const address = lanAddress();
    const room = await openNodeWith("--phones", `${address}:0`);
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const handset: Handset = await openHandset({ language, theme, own: (url) => url.hostname === address });
    t.after(() => handset.stop());
    const step = steps(t);
    let door = "";
    const clean = async (where: string): Promise<void> => {
      await shot(handset.page, `${language}-f-${where}`);
      assert.deepEqual(await grave(handset.page), [], where);
      await fits(handset.page, where);
    };

    await step("a list is signed, and the room shows where a phone begins and which digits it must show", async () => {
      await firstAccount(desk.page, room, words);
      await signStations(desk.page, room.url, words);
      await desk.page.goto(`${room.url}/#/keys`);
      await desk.page.locator("[data-fingerprint]").waitFor();
      door = (await desk.page.locator("[data-phones] figcaption").innerText()).trim();
      assert.equal(new URL(door).hostname, address);
      await desk.page.locator("[data-phones]").scrollIntoViewIfNeeded();
      await shot(desk.page, `${language}-f-room`);
      assert.deepEqual(await grave(desk.page), []);
    });
    await step("without the authority the browser believes nothing; the plain page hands it out with the same digits", async () => {
      const secure = door.replace("http:", "https:");
      const stranger = await handset.context.newPage();
      await assert.rejects(stranger.goto(`${secure}phone`), /ERR_CERT_AUTHORITY_INVALID/);
      await stranger.close();
      await handset.page.goto(door);
      const shown = await handset.page.locator("[data-fingerprint]").innerText();
      assert.equal(shown, await desk.page.locator("[data-fingerprint]").innerText());
      await clean("0-plain");
      await handset.trust(await authorityOf(handset.page, door));
      await handset.page.goto(`${secure}phone`);
      assert.equal(await handset.page.evaluate(() => isSecureContext && location.protocol), "https:");
      await handset.page.getByLabel(words["phone.person"]).waitFor();
      await clean("1-enrol");
    });
    await step("the phone is enrolled by two codes, with the network off", async () => {
      await until("the page's files are kept", () => handset.page.evaluate(async () => {
        const held = (await (await caches.open("pehra-page/phone")).keys()).map((request) => new URL(request.url).pathname);
        return held.some((name) => name.includes("/code-")) && held.some((name) => name.includes("/answer-"));
      }));
      await handset.context.setOffline(true);
      const began = performance.now();
      await handset.page.getByLabel(words["phone.person"]).fill("officer");
      await handset.page.getByLabel(words["phone.station"]).fill("NA-225-1");
      await handset.page.getByLabel(words["phone.area"]).fill(AREA);
      await button(handset.page, words["phone.make_code"]).click();
      await handset.page.locator("canvas[data-code-shown]").waitFor();
      const picture = await until("the code is drawn", async () => {
        const drawn = await canvas(handset.page);
        return drawn.length > 3_000 ? drawn : null;
      });
      await clean("2-request");
      await button(desk.page, words["keys.read_request"]).click();
      await desk.page.locator("dialog input[type=file]").setInputFiles({ name: "code.png", mimeType: "image/png", buffer: Buffer.from(picture.split(",")[1] ?? "", "base64") });
      await desk.page.waitForFunction(() => (document.querySelector("dialog textarea") as HTMLTextAreaElement).value.startsWith("pehra-request-1"));
      await desk.page.locator("dialog button.main").click();
      await desk.page.locator("dialog").waitFor({ state: "detached" });
      const key = await handset.page.locator("[data-key]").innerText();
      const waiting = desk.page.locator("li.row", { hasText: "officer" });
      // The phone's own key, and its officer's.
      for (const left of [1, 0]) {
        await waiting.nth(left).waitFor();
        await waiting.first().getByRole("button", { name: words["keys.grant"], exact: true }).click();
        await desk.page.locator("dialog button.main").click();
        await desk.page.locator("dialog").waitFor({ state: "detached" });
        await becomes("the request is granted", () => waiting.count(), left);
      }
      await button(handset.page, words["phone.scan"]).click();
      await handset.page.locator("video").waitFor();
      for (const named of ["officer@NA-225-1", "officer"]) {
        const row = desk.page.locator("tbody tr", { has: desk.page.locator("td.who b", { hasText: new RegExp(`^${named}$`) }) });
        await row.getByRole("button", { name: words["keys.show_code"], exact: true }).click();
        const code = desk.page.locator("dialog img.code");
        await code.waitFor();
        await desk.page.waitForFunction(() => (document.querySelector("dialog img.code") as HTMLImageElement | null)?.complete);
        const shown = `data:image/png;base64,${(await code.screenshot()).toString("base64")}`;
        await film(handset.page, shown);
        await handset.page.locator(named === "officer" ? "[data-unsent]" : "[data-has-device=true]").waitFor();
        if (named !== "officer") await shot(handset.page, `${language}-f-3-camera`);
        await desk.page.keyboard.press("Escape");
        await desk.page.locator("dialog").waitFor({ state: "detached" });
      }
      console.log(`# from the form to a phone that may sign: ${(performance.now() - began).toFixed(0)} ms`);
      assert.ok(key.length === 32);
      await clean("4-home");
    });
    await step("a check-in is kept while the desk is away, and is there once when it is back", async () => {
      await handset.page.locator("nav .big.go").click();
      await handset.page.locator("[data-code=A5]").waitFor();
      await clean("5-check-in");
      await handset.page.locator(".answer.well").click();
      await handset.page.locator("[data-fate=kept]").waitFor();
      await clean("6-kept");
      await handset.page.reload();
      await handset.page.locator("[data-fate=kept]").waitFor();
      await handset.context.setOffline(false);
      // It hands over by itself as soon as there is a network again.
      await becomes("it is received", () => handset.page.locator("[data-fate]").evaluateAll((all) => all.map((one) => one.getAttribute("data-fate"))), ["received"]);
      await clean("7-received");
      await until("the desk has it on the station's page", async () => JSON.stringify(await ask(desk.page, "GET", "/api/day/stations/NA-225-1")).includes("\"A5\""));
    });
    await step("nothing was asked of anybody but the node, and nothing broke", async () => {
      for (const one of [desk, handset]) assert.deepEqual([one.foreign, one.faults], [[], []]);
    });
  });
}
