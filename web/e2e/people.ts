// Who sits at a room's desk: the first account of a new node, others who sign in, and what is asked in their name.
import type { Page } from "playwright-core";
import { type Room, until } from "./harness.ts";
import type { Dictionary } from "./texts.ts";

export const PASSWORD = "quiet river stone seven";
/** On a narrow screen the name of who is signed in stands in a menu: it is attached, not visible. */
type Shown = "visible" | "attached";

/** Opens the first account of a node by its one-time link. */
export async function firstAccount(page: Page, room: Pick<Room, "setup">, words: Dictionary, shown: Shown = "visible"): Promise<void> {
  await page.goto(room.setup);
  await page.getByLabel(words["setup.person"]).fill("first");
  await page.getByLabel(words["setup.name"]).fill("Planner");
  await page.getByLabel(words["session.password"], { exact: true }).fill(PASSWORD);
  await page.getByLabel(words["setup.again"]).fill(PASSWORD);
  await page.getByRole("button", { name: words["setup.create"], exact: true }).click();
  await page.locator("header .who").waitFor({ state: shown });
}
export async function signIn(page: Page, room: Room, words: Dictionary, person: string, { password = PASSWORD, shown = "visible" as Shown } = {}): Promise<void> {
  await page.goto(room.url);
  await page.getByLabel(words["session.person"]).fill(person);
  await page.getByLabel(words["session.password"], { exact: true }).fill(password);
  await page.getByRole("button", { name: words["session.sign_in"], exact: true }).click();
  await page.locator("header .who").waitFor({ state: shown });
}
/** Another person sits down at a page, before one of the room's screens. */
export async function seat(page: Page, room: Room, words: Dictionary, person: string, screen: string): Promise<void> {
  await page.context().clearCookies();
  await signIn(page, room, words, person, { shown: "attached" });
  await toScreen(page, room, screen);
}
/** Goes to one of the room's screens, and waits until that one stands there: the one before had a heading, too. */
export async function toScreen(page: Page, room: Pick<Room, "url">, screen: string): Promise<void> {
  await page.goto(`${room.url}/#/${screen}`);
  await page.locator(`main[data-screen="${screen.split("?")[0]}"] h1`).first().waitFor();
}
/** Asks the node in the name of whoever is signed in on a page. */
export async function ask(page: Page, method: string, path: string, body?: unknown): Promise<any> {
  return page.evaluate(async ([how, where, what]) => {
    const session = await (await fetch("/api/session")).json();
    const headers = { "content-type": "application/json", "x-pehra-csrf": String(session.csrf ?? "") };
    const answer = await fetch(where, { method: how, headers, ...(how === "GET" ? {} : { body: what }) });
    if (!answer.ok) throw new Error(`${how} ${where}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  }, [method, path, JSON.stringify(body ?? {})] as const);
}
/** A button by its whole name. */
export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Opens accounts beside "second", each with a role in an area, granted by whoever sits at the page; answers their grants. */
export async function grantRoles(page: Page, roles: Record<string, readonly [role: string, area: string]>): Promise<[person: string, grant: string][]> {
  for (const person of ["second", ...Object.keys(roles)]) await ask(page, "POST", "/api/persons", { person, name: person, password: PASSWORD });
  for (const [person, [role, area]] of Object.entries(roles)) await ask(page, "POST", `/api/persons/${person}/roles`, { role, area, reason: "duty roster" });
  const people: { person: string; roles: { grant: string }[] }[] = await ask(page, "GET", "/api/persons");
  return people.filter((one) => one.person in roles).flatMap((one) => one.roles.map((role): [string, string] => [one.person, role.grant]));
}
/** Approves them, in the name of whoever sits at the page. */
export async function approveRoles(page: Page, grants: readonly [person: string, grant: string][]): Promise<void> {
  for (const [person, grant] of grants) await ask(page, "POST", `/api/persons/${person}/roles/${encodeURIComponent(grant)}/approve`);
}
/**
 * Keys alone: down the queue of the day until an incident is the chosen one. The picture comes five times a second: what a frame puts
 * above where the keys stand is met in the next round, and a district's silences unfold while one walks through them.
 */
export async function reach(page: Page, incident: string): Promise<void> {
  await page.locator(`.queue li[id$="${incident}"]`).waitFor();
  const chosen = (): Promise<string> => page.evaluate(() => document.querySelector('.queue li[aria-selected="true"]')?.id ?? "");
  await until(`keys come to ${incident} in the queue`, async () => {
    await page.keyboard.press("Escape");
    for (let last = ""; ; ) {
      await page.keyboard.press("j");
      const now = await chosen();
      if (now.endsWith(incident)) return true;
      if (now === last) return false;
      last = now;
    }
  });
  await page.locator(".detail h2 bdi.mono", { hasText: incident }).waitFor();
}
