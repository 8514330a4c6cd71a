// The real program, a real browser, and a guard that lets no request leave the node.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const SHOTS = resolve(import.meta.dirname, "shots");
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run"];
/** How long a page may take to lay itself out anew. */
const SETTLED_MS = 20_000;
/** A machine of a test service may be three times slower than a desk. */
const START_MS = 120_000;
export const WAIT_MS = 180_000;
const AGAIN_MS = 300;
const pause = (): Promise<void> => new Promise((settle) => setTimeout(settle, AGAIN_MS));
/** A wall's or a desk's screen, a small laptop, a telephone. */
export const SIZES = [{ width: 1600, height: 900 }, { width: 1280, height: 720 }, { width: 390, height: 780 }] as const;

export interface Room {
  url: string;
  /** The one-time link of a node without accounts; empty on a demo. */
  setup: string;
  /** Ends the program and starts it again on the same folder; the address may change. In between its console may say something. */
  again: (between?: (data: string) => void) => Promise<void>;
  stop: () => Promise<void>;
}

/** Steps of one story: what comes after a step that failed is not tried, and says so. */
export function steps(t: TestContext): (name: string, deed: () => Promise<void>) => Promise<void> {
  let broken = "";
  return (name, deed) => t.test(name, async () => {
    assert.equal(broken, "", `not tried: "${broken}" failed before`);
    broken = name;
    await deed();
    broken = "";
  });
}

/** Asks until the answer is there. A page's own `waitForFunction` takes a promise for an answer and does not wait. */
export async function until<T>(what: string, look: () => Promise<T | undefined | null | false>, withinMs = 240_000): Promise<T> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    const found = await look();
    if (found) return found;
    await pause();
  }
  return assert.fail(`it never came to this: ${what}`);
}
/** Looks until it is as wanted; a failure shows what it was at last. For what an act brings a moment later. */
export async function becomes<T>(what: string, look: () => Promise<T>, wanted: T, withinMs = WAIT_MS): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (isDeepStrictEqual(found, wanted)) return;
    if (Date.now() >= end) return assert.deepEqual(found, wanted, what);
    await pause();
  }
}
/** Nothing hangs over a page's edge, once it has its new size. */
export const fits = (page: Page, where: string, inside = "html"): Promise<void> =>
  becomes(`${where}: nothing hangs over the edge`, () => page.evaluate((all) => [...document.querySelectorAll(all)].filter((one) => one.scrollWidth > (one === document.documentElement ? innerWidth : one.clientWidth)).map((one) => one.outerHTML.slice(0, 160)), inside), [] as string[], SETTLED_MS);

/** A node for a story that was prepared by an example of the program's: what it left, in a folder of its own. */
export function prepared(example: string): string {
  const folder = mkdtempSync(join(tmpdir(), "pehra-prepared-"));
  const beside = process.env["PEHRA_BIN"] ? join(process.env["PEHRA_BIN"], "../examples", example) : join(ROOT, "target/release/examples", example);
  const found = existsSync(beside) ? beside : join(ROOT, "target/debug/examples", example);
  const done = spawnSync(found, [folder], { encoding: "utf8" });
  assert.equal(done.status, 0, `${found}: ${done.stderr}`);
  return folder;
}
/** Runs the program to its end, with nothing on its standard input. */
export function command(...words: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(binary(), words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return { code: done.status, out: done.stdout, err: done.stderr };
}
function binary(): string {
  const program = resolve(process.env["PEHRA_BIN"] ?? join(ROOT, "target/release/pehra"));
  if (!existsSync(program)) throw new Error(`there is no program at ${program}: build it (cargo build --release -p pehra) or set PEHRA_BIN`);
  return program;
}

/** The program that sets pages: beside the program, or where the house builds it. */
export function typesetter(): string {
  const found = [resolve(binary(), "../pehra-print"), resolve(binary(), "../../print/release/pehra-print"), join(ROOT, "target/print/release/pehra-print")].find((path) => existsSync(path));
  if (!found) throw new Error("the typesetter is not built: cargo xtask print");
  return found;
}

/** A port of this machine that nobody uses just now. */
export async function freePort(): Promise<number> {
  const asked = createServer();
  await new Promise<void>((settle) => asked.listen(0, "127.0.0.1", settle));
  const { port } = asked.address() as AddressInfo;
  await new Promise((settle) => asked.close(settle));
  return port;
}

/** Starts `pehra demo` without its living day on a free port and a folder of its own. PEHRA_BIN names another program, PEHRA_URL a running one. */
export async function openRoom(): Promise<Room> {
  const running = process.env["PEHRA_URL"];
  return withScreens(running ? { url: running.replace(/\/$/, ""), setup: "", again: () => Promise.resolve(), stop: () => Promise.resolve() } : await ownRoom(DEMO));
}
/** Starts `pehra run` on an empty folder: a node for a real election, which waits for its first account. */
export async function openNode(): Promise<Room> {
  return withScreens(await ownRoom(REAL));
}
/** As {@link openNode}, on a folder that was prepared and has no account yet. It stays when the node stops. */
export async function openPrepared(data: string, ...more: string[]): Promise<Room> {
  const program = await startProgram(data, [...REAL, ...more], true);
  return withScreens({ ...program, again: () => Promise.resolve() });
}
/** As {@link openNode}, with more words on its command line. */
export async function openNodeWith(...more: string[]): Promise<Room> {
  return withScreens(await ownRoom([...REAL, ...more]));
}
/** Starts an exercise's day of one district on an empty folder; it lives from eight in the morning, sixty times as fast. */
export async function openDrill(district: string): Promise<Room> {
  return withScreens(await ownRoom(["run", "drill", "--listen", "127.0.0.1:0", "--district", district, "--seed", "7", "--from", "08:00"]));
}
const DEMO = ["demo", "--no-day", "--port", "0"];
const REAL = ["run", "--listen", "127.0.0.1:0"];

async function withScreens(room: Room): Promise<Room> {
  const page = await (await fetch(`${room.url}/`, { headers: { accept: "text/html" } })).text();
  if (!page.includes("/assets/")) {
    await room.stop();
    throw new Error("the program carries no screens: run `npm run build` in web/, then build the program again");
  }
  return room;
}

async function ownRoom(verb: readonly string[]): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), "pehra-e2e-"));
  const sweep = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    let program = await startProgram(join(folder, "node"), verb);
    const room: Room = {
      url: program.url,
      setup: program.setup,
      again: async (between) => {
        await program.stop();
        between?.(join(folder, "node"));
        program = await startProgram(join(folder, "node"), verb);
        room.url = program.url;
      },
      stop: async () => {
        await program.stop();
        sweep();
      },
    };
    return room;
  } catch (error) {
    sweep();
    throw error;
  }
}

async function startProgram(data: string, verb: readonly string[], first = !existsSync(data)): Promise<{ url: string; setup: string; stop: () => Promise<void> }> {
  const child: ChildProcess = spawn(binary(), ["--data", data, ...verb], { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((settle) => child.once("exit", () => settle()));
    child.kill("SIGTERM");
    await gone;
  };
  let said = "";
  try {
    const url = await new Promise<string>((settle, fail) => {
      const timer = setTimeout(() => fail(new Error(`the program did not listen within ${START_MS} ms; it said: ${said}`)), START_MS);
      const end = (error: Error): void => {
        clearTimeout(timer);
        fail(error);
      };
      const hear = (part: Buffer): void => {
        said = `${said}${part.toString()}`.slice(-20_000);
        const found = /http:\/\/[\w.:[\]]+/.exec(said);
        // The first account's link is printed just after the address.
        const awaitsAccount = first && REAL.every((word, at) => verb[at] === word);
        if (found && (!awaitsAccount || /setup http\S+\s/.test(said))) {
          clearTimeout(timer);
          settle(found[0]);
        }
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
      child.once("exit", (code) => end(new Error(`the program ended with ${code}; it said: ${said}`)));
      child.once("error", end);
    });
    return { url, setup: /setup (http\S+)/.exec(said)?.[1] ?? "", stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no Chromium at ${CHROMIUM}: install it or set CHROMIUM`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGS,
  });
}

export interface Visit { page: Page; context: BrowserContext; foreign: string[]; faults: string[] }

/** A page that may talk to the node alone. What it tried besides, and what broke in it, is kept for the test to judge. */
export async function visit(browser: Browser, room: Room, language: "en" | "ur", theme: "dark" | "light", size: { width: number; height: number }): Promise<Visit> {
  const context = await browser.newContext({ viewport: size, acceptDownloads: true });
  await context.addInitScript(([wanted, colours]) => {
    // Only before the first choice: what the visitor sets later stays.
    if (!localStorage.getItem("pehra-language")) localStorage.setItem("pehra-language", wanted ?? "en");
    if (!localStorage.getItem("pehra-theme")) localStorage.setItem("pehra-theme", colours ?? "dark");
  }, [language, theme]);
  const foreign: string[] = [];
  const faults: string[] = [];
  const own = new URL(room.url).origin;
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    if (url.origin === own || url.protocol === "data:" || url.protocol === "blob:") return route.continue();
    foreign.push(url.href);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== new URL(room.url).host) foreign.push(socket.url());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.setDefaultTimeout(WAIT_MS);
  return { page, context, foreign, faults };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
interface AxeResult { violations: { id: string; impact: string | null; help: string; nodes: { html: string; failureSummary?: string }[] }[] }

/** What axe finds that is serious or critical, one line each. */
export async function grave(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => (globalThis as unknown as { axe: { run: () => Promise<AxeResult> } }).axe.run());
  return result.violations.filter((found) => found.impact === "serious" || found.impact === "critical")
    .map((found) => `${found.id}: ${found.help}; ${found.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${(node.failureSummary ?? "").replace(/\s+/g, " ").slice(0, 200)})`).join(" | ")}`);
}

/** A picture of a field with a darker block in it, as a file that every browser reads. */
export function bitmap(width: number, height: number): Buffer {
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 0x90);
  file.fill(0, 0, 54);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = Math.floor(height / 3); y < (2 * height) / 3; y += 1) file.fill(0x30, 54 + y * row + width, 54 + y * row + 2 * width);
  return file;
}

export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** Looks at a page: a picture for whoever reads the run, nothing grave for axe, and nothing that hangs over the edge. */
export function looked(name: string, width: "must fit" | "may scroll" = "may scroll"): (page: Page, where: string) => Promise<void> {
  return async (page, where) => {
    await shot(page, `${name}-${where}`);
    assert.deepEqual(await grave(page), [], where);
    if (width === "must fit") await fits(page, where);
  };
}
