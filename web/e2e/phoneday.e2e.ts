// A day between two phones without a network: checked in, reported and handed over by codes; then one of them meets the desk,
// and everything is there once. The second phone's browser has no Ed25519.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { film } from "./camera.ts";
import { fits, grave, openBrowser, openNodeWith, shot, steps, until, visit } from "./harness.ts";
import { approveRoles, ask, button, firstAccount, grantRoles, signIn } from "./people.ts";
import { AREA, authorityOf, enrolByText, type Handset, lanAddress, openHandset, signStations } from "./phones.ts";
import { told } from "./texts.ts";

const BAG = "NA-225-1-BAG";
/** A browser that knows no Ed25519, as many phones' do. */
const WITHOUT_ED25519 = `for (const name of ["generateKey", "importKey"]) {
  const known = crypto.subtle?.[name]?.bind(crypto.subtle);
  const is = (given) => (typeof given === "string" ? given : given?.name) === "Ed25519";
  if (known) crypto.subtle[name] = (...given) => given.some(is) ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError")) : known(...given);
}`;
/** When a camera that reads nothing is given up. */
const PASS_MS = 300_000;
/** How much slower than this machine an old phone is. */
const SLOW = 6;

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

const canvas = (page: Page): Promise<string> => page.evaluate(() => document.querySelector<HTMLCanvasElement>("canvas[data-code-shown]")?.toDataURL("image/png") ?? "");
/** Holds what one phone shows before the other's camera until `whole` is there. */
async function pass(from: Page, to: Page, whole: string): Promise<number> {
  let pictures = 0;
  const end = Date.now() + PASS_MS;
  while (!(await to.locator(whole).first().isVisible())) {
    const picture = await canvas(from);
    if (picture) await film(to, picture);
    pictures += 1;
    assert.ok(Date.now() < end, `the codes never became whole: ${pictures} pictures`);
  }
  return pictures;
}

for (const [language, words, theme] of told("light", "dark")) {
  test(`two phones on a day without a network in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const address = lanAddress();
    const room = await openNodeWith("--phones", `${address}:0`);
    t.after(() => room.stop());
    const desk = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const own = (url: URL): boolean => url.hostname === address;
    const station: Handset = await openHandset({ language, theme, own });
    t.after(() => station.stop());
    const office: Handset = await openHandset({ language, theme, own, before: WITHOUT_ED25519 });
    t.after(() => office.stop());
    const step = steps(t);
    let door = "";
    const clean = async (phone: Handset, where: string): Promise<void> => {
      await shot(phone.page, `${language}-g-${where}`);
      assert.deepEqual(await grave(phone.page), [], where);
      await fits(phone.page, where);
    };
    const home = async (phone: Handset): Promise<void> => {
      await phone.page.getByRole("button", { name: words["phone.back"], exact: true }).first().click();
      await phone.page.locator("nav .big").first().waitFor();
    };
    const open = (phone: Handset, at: number): Promise<void> => phone.page.locator("nav .big").nth(at).click();

    await step("the bag is with the presiding officer, and two phones are enrolled", async () => {
      await firstAccount(desk.page, room, words, "attached");
      await signStations(desk.page, room.url, words);
      const grants = await grantRoles(desk.page, { officer: ["PO", AREA], district: ["DRO", AREA] });
      for (const person of ["second", "officer", "first"]) {
        await desk.context.clearCookies();
        await signIn(desk.page, room, words, person, { shown: "attached" });
        if (person === "second") await approveRoles(desk.page, grants);
        if (person === "officer") await ask(desk.page, "POST", "/api/custody/acts", { area: AREA, at_ms: Date.now() - 3_600_000, act: { deed: "register", items: [{ item: BAG, kind: "bag", station: "NA-225-1", contest: "NA-225", seals: ["S-41"] }] } });
      }
      door = (await ask(desk.page, "GET", "/api/trust/phones")).doors[0].address;
      const authority = await authorityOf(station.page, door);
      for (const [phone, wish] of [[station, { person: "officer", station: "NA-225-1", role: "PO" }], [office, { person: "counter", station: "", role: "ARO" }]] as const) {
        await phone.trust(authority);
        await phone.page.goto(`${door.replace("http:", "https:")}phone`);
        await enrolByText(phone, desk.page, words, wish);
        await until("the page's files are kept", () => phone.page.evaluate(async () => {
          const held = (await (await caches.open("pehra-page/phone")).keys()).map((request) => new URL(request.url).pathname);
          return ["/code-", "/HandOver-", "/Report-", "/Orders-"].every((part) => held.some((name) => name.includes(part)));
        }));
      }
      assert.deepEqual(await office.page.evaluate(async () => crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign"]).then(() => "known", () => "unknown")), "unknown");
      await until("the phone was told what it holds", async () => (await ask(desk.page, "GET", "/api/trust")).certificates.length >= 4);
      await station.page.reload();
      await station.page.locator("nav .big").first().waitFor();
    });
    await step("without a network, and six times slower, the officer checks in and reports by two taps and a hold", async () => {
      await until("the phone heard from the desk", async () => (await station.page.evaluate(async () => {
        const database = await new Promise<IDBDatabase>((settle) => { const asked = indexedDB.open("pehra-phone"); asked.onsuccess = () => settle(asked.result); });
        return new Promise<number>((settle) => { const asked = database.transaction("own").objectStore("own").get("told"); asked.onsuccess = () => settle(asked.result?.items?.length ?? 0); });
      })) === 1);
      for (const phone of [station, office]) await phone.context.setOffline(true);
      const slow = await station.context.newCDPSession(station.page);
      await slow.send("Emulation.setCPUThrottlingRate", { rate: SLOW });
      let began = performance.now();
      await station.page.reload();
      await station.page.locator("nav .big").first().waitFor();
      console.log(`# opened without the node, ${SLOW} times slower: ${(performance.now() - began).toFixed(0)} ms`);
      began = performance.now();
      await open(station, 0);
      await station.page.locator("[data-code=A5]").waitFor();
      await station.page.getByLabel(words["phone.count.present"]).fill("11");
      await station.page.locator(".answer.well").click();
      await station.page.locator("[data-fate=kept]").waitFor();
      console.log(`# a check-in from the four buttons to the record, ${SLOW} times slower: ${(performance.now() - began).toFixed(0)} ms`);
      await open(station, 1);
      await clean(station, "1-sorts");
      await station.page.locator("[data-sort=attack]").click();
      await clean(station, "2-kinds");
      await station.page.locator("[data-kind='IED.PST']").click();
      await clean(station, "3-hold");
      await station.page.locator("[data-hold]").click();
      assert.equal(await station.page.locator("[data-hold]").isVisible(), true, "a touch alone reports nothing");
      await station.page.locator("[data-hold]").hover();
      await station.page.mouse.down();
      await station.page.locator("[data-fate=kept]").nth(1).waitFor();
      await station.page.mouse.up();
      await slow.send("Emulation.setCPUThrottlingRate", { rate: 1 });
      await clean(station, "4-record");
    });
    await step("the bag is handed over by codes: the seal is read blind, and each has the other's signature", async () => {
      await open(station, 2);
      await clean(station, "5-holds");
      await station.page.locator(`input[value="${BAG}"]`).check();
      await station.page.locator("form select").selectOption("ARO");
      await button(station.page, words["phone.sign_offer"]).click();
      await station.page.locator("canvas[data-code-shown]").waitFor();
      await open(office, 2);
      await office.page.locator("[data-take]").click();
      await office.page.locator("video").waitFor();
      const began = performance.now();
      const pictures = await pass(station.page, office.page, "[data-receive=C13]");
      console.log(`# an offer from screen to camera: ${(performance.now() - began).toFixed(0)} ms, ${pictures} pictures`);
      assert.equal((await office.page.locator("body").innerText()).includes("S-41"), false, "no number is shown before it was read");
      await clean(office, "6-receive");
      await office.page.getByLabel(words["phone.seals"]).fill("S-41");
      await button(office.page, words["phone.sign_receipt"]).click();
      await office.page.locator("canvas[data-code-shown]").waitFor();
      await clean(office, "7-receipt");
      await button(station.page, words["phone.back"]).last().click();
      await station.page.locator("[data-take]").click();
      await station.page.locator("video").waitFor();
      await pass(office.page, station.page, "[data-taken]");
      await home(station);
      await station.page.locator("[data-fate=handed]").waitFor();
    });
    await step("what the officer said goes on with the other phone", async () => {
      await open(station, 2);
      await station.page.locator("[data-give]").click();
      await station.page.locator("canvas[data-code-shown]").waitFor();
      await button(office.page, words["phone.back"]).last().click();
      await office.page.locator("[data-take]").click();
      await office.page.locator("video").waitFor();
      await pass(station.page, office.page, "[data-taken]");
      await clean(office, "8-taken");
      await button(station.page, words["phone.they_have_it"]).click();
      await home(station);
      await until("all is handed over", async () => (await station.page.locator("[data-fate=handed]").count()) === 3);
      await clean(station, "9-handed");
    });
    await step("the other phone meets the desk: everything is there, once, though the officer's phone is still away", async () => {
      const kinds = async (): Promise<Record<string, number>> => {
        const rows: { kind: number }[] = (await ask(desk.page, "GET", `/api/record?find=${encodeURIComponent(AREA)}`)).entries;
        return Object.fromEntries([1200, 1300, 1502, 1503].map((kind) => [kind, rows.filter((row) => row.kind === kind).length]));
      };
      const once = { 1200: 1, 1300: 1, 1502: 1, 1503: 1 };
      await office.context.setOffline(false);
      await until("everything has arrived", async () => JSON.stringify(await kinds()) === JSON.stringify(once));
      await station.context.setOffline(false);
      await until("the officer's phone hears of it", async () => (await station.page.locator("[data-fate=received]").count()) === 3);
      await clean(station, "10-there");
      assert.deepEqual(await kinds(), once);
      await desk.context.clearCookies();
      await signIn(desk.page, room, words, "district", { shown: "attached" });
      const area = await ask(desk.page, "GET", `/api/custody/area?area=${encodeURIComponent(AREA)}`);
      const item = await ask(desk.page, "GET", `/api/custody/items/${BAG}?area=${encodeURIComponent(AREA)}`);
      assert.ok(JSON.stringify(item).includes("counter"), "the counter has it");
      const rules: string[] = area.exceptions.map((one: { rule: string }) => one.rule);
      for (const rule of ["X03", "X10"]) assert.equal(rules.includes(rule), false, `${rule}: two keys, and the seal that was put on`);
    });
    await step("the desk answers the report and gives an order; both come back to the phone", async () => {
      const id = ((await station.page.locator("[data-record] li", { hasText: "I-" }).innerText()).match(/I-[2-9A-Z]{6}/) ?? [""])[0];
      await ask(desk.page, "POST", `/api/day/incidents/${id}`, { area: AREA, act: "acknowledge" });
      await ask(desk.page, "POST", "/api/orders", { area: AREA, to: ["PO"], priority: "urgent", text: language === "ur" ? "عمارت خالی کرائیں" : "Clear the building", minutes: 30, runner: "rider 7" });
      await station.page.locator("[data-fate=read]").waitFor();
      await open(station, 3);
      await station.page.locator("[data-order]").click();
      await clean(station, "11-order");
      await button(station.page, words["phone.say_done"]).click();
      await station.page.locator("[data-order] .good").waitFor();
      await until("the desk sees that it was done", async () => {
        const orders = (await ask(desk.page, "GET", "/api/orders")).orders;
        return JSON.stringify(orders[0]?.addressees ?? []).includes("officer") && orders[0].addressees.some((one: { acted_ms: number | null }) => one.acted_ms);
      });
      for (const one of [desk, station, office]) assert.deepEqual([one.foreign, one.faults], [[], []]);
    });
  });
}
