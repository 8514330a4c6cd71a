// A camera wall going dark: a real RTSP server behind one power line dies, and the room shows one alarm with a count.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, fits, looked, openBrowser, openPrepared, steps, visit } from "./harness.ts";
import { approveRoles, ask, firstAccount, grantRoles, signIn } from "./people.ts";

const THATTA = "pk/sindh/thatta";
const FEEDER = "11 kV Makli 2";
const CAMERAS = ["CAM-1", "CAM-2", "CAM-3", "CAM-4"];
const SERVER = resolve(import.meta.dirname, "../../fixtures/camera/rtsp_server.py");

/** The cameras themselves: GStreamer's RTSP server with digest authentication. */
async function cameras(): Promise<{ port: number; die: () => Promise<void> }> {
  const child: ChildProcess = spawn("/usr/bin/python3", [SERVER, String(CAMERAS.length), "viewer", "quiet"], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout! });
  const first = await new Promise<string>((settle, fail) => {
    lines.once("line", settle);
    child.once("exit", () => fail(new Error("no RTSP server: install gir1.2-gst-rtsp-server-1.0 and GStreamer's plugins")));
  });
  const port = Number(first.replace("ready ", ""));
  const die = (): Promise<void> => new Promise((settle) => {
    if (child.exitCode !== null || child.signalCode !== null) return settle();
    child.once("exit", () => settle());
    child.kill("SIGKILL");
  });
  return { port, die };
}

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a camera wall going dark in ${language}`, { timeout: 15 * 60_000 }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "pehra-devices-"));
    const room = await openPrepared(join(folder, "node"), "--camera-every", "2");
    const wall = await cameras();
    t.after(async () => {
      await wall.die();
      await room.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const wide = { width: 1600, height: 900 };
    const [desk, officer, control] = [await visit(browser, room, language, theme, wide), await visit(browser, room, language, theme, wide), await visit(browser, room, language, theme, wide)];
    const clean = looked(`${language}-dev`);
    const step = steps(t);
    const act = (page: Page, deed: object) => ask(page, "POST", "/api/devices/acts", { area: THATTA, ...deed });

    await step("the desk, a returning officer and the control room have their roles", async () => {
      const page = desk.page;
      await firstAccount(page, room, words);
      const grants = await grantRoles(page, { desk: ["DEVICE", THATTA], officer: ["RO", THATTA], control: ["CTRL-D", THATTA] });
      await signIn(officer.page, room, words, "second");
      await approveRoles(officer.page, grants);
      for (const one of [desk, officer]) await one.context.clearCookies();
      await signIn(desk.page, room, words, "desk");
      await signIn(officer.page, room, words, "officer");
      await signIn(control.page, room, words, "control");
    });

    await step("four cameras on one power line are listed, installed, tested, and their passwords kept", async () => {
      const page = desk.page;
      const place = (name: string) => ({ kind: "station", name });
      await act(page, { act: "list", items: CAMERAS.map((equipment) => ({ equipment, kind: "camera", place: { kind: "store", name: "district store" }, serial: `S-${equipment}`, owner: "DEO", feeder: FEEDER })) });
      await act(page, { act: "install", items: CAMERAS.map((equipment, at) => ({ equipment, place: place(`NA-225-${at + 1}`) })) });
      const done = await act(page, { act: "test", items: CAMERAS.map((equipment) => ({ equipment, passed: true })) });
      assert.equal(done.cameras.length, 4);
      for (const [at, equipment] of CAMERAS.entries()) await ask(page, "POST", "/api/devices/camera", { area: THATTA, equipment, url: `rtsp://127.0.0.1:${wall.port}/cam${at}`, user: "viewer", password: "quiet" });
    });

    await step("one person draws the mask, another one confirms it", async () => {
      const page = desk.page;
      await page.goto(`${room.url}/#/devices`);
      await page.locator("[data-camera=CAM-1]").getByRole("button", { name: words["devices.mask"], exact: true }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(words["devices.mask_left"]).fill("0");
      await dialog.getByLabel(words["devices.mask_right"]).fill("40");
      await clean(page, "mask");
      await page.getByRole("dialog").getByRole("button", { name: words["devices.mask"], exact: true }).click();
      await page.locator("[data-camera=CAM-1]").getByText(words["devices.mask_drawn"]).waitFor();
      for (const equipment of CAMERAS.slice(1)) await act(page, { act: "draw-mask", equipment, view: "queue", polygons: [[[0, 0], [400, 0], [400, 1000], [0, 1000]]] });
      const second = officer.page;
      await second.goto(`${room.url}/#/devices`);
      await second.locator("[data-camera=CAM-1]").getByRole("button", { name: words["devices.mask_confirm"], exact: true }).click();
      await second.getByRole("button", { name: words["devices.mask_yes"], exact: true }).click();
      await second.locator("[data-camera=CAM-1]").getByText(words["devices.mask_drawn"]).waitFor({ state: "detached" });
      const seen = await ask(second, "GET", "/api/devices");
      for (const camera of seen.cameras.filter((one: any) => one.mask === "drawn")) await act(second, { act: "confirm-mask", mask: camera.mask_entry });
    });

    await step("the control room stands for the watch and sees four masked stills", async () => {
      const page = control.page;
      await page.goto(`${room.url}/#/devices`);
      await page.getByRole("button", { name: words["devices.watch_begin"], exact: true }).click();
      await page.locator("[data-camera] img").nth(3).waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll<HTMLImageElement>("[data-camera] img")].every((one) => one.complete && one.naturalWidth === 640));
      const dark = await page.locator("[data-camera=CAM-1] img").evaluate((image: HTMLImageElement) => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [640, 360];
        const paper = canvas.getContext("2d")!;
        paper.drawImage(image, 0, 0);
        // No function with a name of its own may stand here: the page does not know the loader's helper.
        return [100, 400].map((x) => [...paper.getImageData(x, 0, 100, 360).data].filter((_, at) => at % 4 < 3).reduce((sum, one) => sum + one, 0) / (100 * 360 * 3));
      });
      const [masked, open] = dark as [number, number];
      assert.ok(masked < 8 && open > 20, `what the mask hides is black: ${masked}, ${open}`);
      await clean(page, "wall");
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await fits(page, `wall at ${size.width}`);
        await clean(page, `wall-${size.width}`);
      }
      await page.setViewportSize(wide);
    });

    await step("the power goes: one alarm with a count, not four", async () => {
      await wall.die();
      const page = control.page;
      await page.locator(`[data-alarm="feeder@${FEEDER}"]`).getByText(words["devices.count_of"].replace("{n}", "4").replace("{of}", "4")).waitFor();
      assert.equal(await page.locator("[data-alarm]").count(), 1);
      await clean(page, "dark");
      await page.setViewportSize({ width: 390, height: 780 });
      await clean(page, "dark-390");
    });

    await step("the desk gives a task from the alarm and closes it, with the keyboard alone", async () => {
      const page = desk.page;
      await page.keyboard.press("g");
      await page.keyboard.press("t");
      const give = page.locator("[data-alarm]").getByRole("button", { name: words["devices.task"], exact: true });
      await give.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.locator("select").first().waitFor();
      await clean(page, "task");
      await dialog.getByRole("button", { name: words["devices.task"], exact: true }).focus();
      await page.keyboard.press("Enter");
      // The form gives the focus back as it goes.
      await page.locator("dialog").waitFor({ state: "detached" });
      const done = page.locator("[data-task]").getByRole("button", { name: words["devices.task_done"], exact: true });
      await done.waitFor();
      await done.focus();
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: words["devices.task_yes"], exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.locator("[data-task] .chip.good").getByText("desk").waitFor();
      await clean(page, "done");
    });
  });
}
