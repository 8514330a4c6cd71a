// Station phones in a story: a private address of this machine, a browser of its own for each phone, and the office's
// authority in that browser's store of certificates, as on a real phone.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { lendCamera } from "./camera.ts";
import { CHROMIUM, CHROMIUM_ARGS, WAIT_MS } from "./harness.ts";
import { ask, button } from "./people.ts";
import type { Dictionary } from "./texts.ts";

export const AREA = "pk/sindh/thatta";
const CSV = ["province,constituency,station_no,name,booths_men,booths_women,booths,voters_men,voters_women,voters,latitude,longitude", ...[1, 2, 3].map((n) => `Sindh,NA-225,${n},Government Primary School ${n},2,1,3,600,500,1100,24.7${n},67.9${n}`), ""].join("\n");

/** Where no cable gives this machine a private address, it gets one of its own for the story. */
const SPARE = "10.77.0.1";
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** An address of this machine that is not the machine itself to a browser. */
export function lanAddress(): string {
  const own = Object.values(networkInterfaces()).flat().find((one) => one?.family === "IPv4" && PRIVATE.test(one.address));
  if (own) return own.address;
  const done = spawnSync("ip", ["addr", "add", `${SPARE}/32`, "dev", "lo"], { encoding: "utf8" });
  assert.equal(done.status, 0, `this machine has no private address and gets none: ${done.stderr}`);
  return SPARE;
}

export interface Handset {
  page: Page;
  context: BrowserContext;
  foreign: string[];
  faults: string[];
  /** Puts an authority into the browser's store; the browser is begun anew. */
  trust: (certificate: Buffer) => Promise<void>;
  stop: () => Promise<void>;
}
interface Wanted { language: "en" | "ur"; theme: "dark" | "light"; own: (url: URL) => boolean; before?: string }

/** A phone: a browser with its own home, so that nobody else's certificates or keys are in it. */
export async function openHandset({ language, theme, own, before }: Wanted): Promise<Handset> {
  const home = mkdtempSync(join(tmpdir(), "pehra-phone-"));
  const store = join(home, ".pki/nssdb");
  mkdirSync(store, { recursive: true });
  certutil("-N", "-d", `sql:${store}`, "--empty-password");
  const phone: Handset = { foreign: [], faults: [] } as never;
  const begin = async (): Promise<void> => {
    const context = await chromium.launchPersistentContext(join(home, "browser"), {
      executablePath: CHROMIUM, args: CHROMIUM_ARGS, env: { ...process.env as Record<string, string>, HOME: home }, viewport: { width: 390, height: 780 }, acceptDownloads: true,
    });
    await context.addInitScript(([wanted, colours]) => {
      // A page that says that it cannot be opened has no shelf.
      if (!isSecureContext) return;
      if (!localStorage.getItem("pehra-language")) localStorage.setItem("pehra-language", wanted ?? "en");
      if (!localStorage.getItem("pehra-theme")) localStorage.setItem("pehra-theme", colours ?? "dark");
    }, [language, theme]);
    if (before) await context.addInitScript(before);
    await context.route("**/*", (route) => {
      const url = new URL(route.request().url());
      if (own(url) || url.protocol === "data:" || url.protocol === "blob:") return route.continue();
      phone.foreign.push(url.href);
      return route.abort();
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await lendCamera(page);
    page.on("pageerror", (error) => phone.faults.push(error.message));
    page.setDefaultTimeout(WAIT_MS);
    Object.assign(phone, { page, context });
  };
  phone.trust = async (certificate) => {
    await phone.context.close();
    const file = join(home, "authority.crt");
    writeFileSync(file, certificate);
    certutil("-A", "-d", `sql:${store}`, "-n", "Pehra", "-t", "C,,", "-i", file);
    await begin();
  };
  phone.stop = async () => {
    await phone.context.close();
    rmSync(home, { recursive: true, force: true });
  };
  await begin();
  return phone;
}

function certutil(...words: string[]): void {
  const done = spawnSync("certutil", words, { encoding: "utf8" });
  assert.equal(done.status, 0, `certutil (package libnss3-tools): ${done.error?.message ?? done.stderr}`);
}

/** Signs a list of three stations in a room. */
export async function signStations(page: Page, url: string, words: Dictionary): Promise<void> {
  await page.goto(`${url}/#/imports`);
  await page.locator("input[type=file]").setInputFiles({ name: "stations.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await button(page, words["import.check"]).click();
  await page.locator(".sign input[type=checkbox]").check();
  await button(page, words["import.sign"]).click();
  await page.getByText(words["import.signed"]).waitFor();
}

/** What the plain page hands out. */
export async function authorityOf(page: Page, door: string): Promise<Buffer> {
  await page.goto(door);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[href='/pehra-authority.crt']").click()]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Enrols a phone by texts, in the name of whoever sits at the room's page: what the codes say, without their pictures. */
export async function enrolByText(handset: Handset, desk: Page, words: Dictionary, wish: { person: string; station: string; role: string }): Promise<void> {
  const { page } = handset;
  await page.getByLabel(words["phone.person"]).fill(wish.person);
  await page.getByLabel(words["phone.station"]).fill(wish.station);
  await page.locator("form select").selectOption(wish.role);
  await page.getByLabel(words["phone.area"]).fill(AREA);
  await button(page, words["phone.make_code"]).click();
  await page.getByText(words["phone.by_text"], { exact: true }).click();
  const text = await page.locator("[data-request]").inputValue();
  const trust = await ask(desk, "POST", "/api/trust/requests/carried", { text });
  const asked = trust.requests.filter((one: { name: string }) => one.name.split("@")[0] === wish.person);
  const answers: string[] = [];
  for (const one of asked) {
    await ask(desk, "POST", "/api/trust/certificates", { request: one.key, area: AREA, roles: [wish.role], not_after_ms: Date.now() + 86_400_000 });
    answers.push((await ask(desk, "GET", `/api/trust/certificates/${one.key}`)).text);
  }
  await page.getByLabel(words["phone.answer"], { exact: true }).fill(answers.join("\n"));
  await button(page, words["phone.take_answer"]).click();
  await page.locator("[data-unsent]").waitFor();
}
