// A course in the browser: attendance is pasted and signed, papers are marked, a practical test is told, another person certifies,
// a certificate is taken back.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { told } from "./texts.ts";
import { SIZES, becomes, looked, openBrowser, openNode, steps, visit } from "./harness.ts";
import { approveRoles, button, firstAccount, grantRoles, signIn } from "./people.ts";

const AREA = "pk/sindh/tharparkar";

type Paper = { question_en: string; answers: [string, string][] }[];

/** What whoever marks knows, and the candidate's page does not: the right answer to each question of the module. */
function bank(module: string): Map<string, string> {
  const right = new Map<string, string>();
  let question = "";
  for (const line of readFileSync(new URL(`../../data/quiz/${module}.txt`, import.meta.url), "utf8").split("\n")) {
    const said = line.slice(2).split(" | ")[0]?.trim() ?? "";
    if (line.startsWith("? ")) question = said;
    if (line.startsWith("+ ")) right.set(question, said);
  }
  return right;
}
function letters(paper: Paper, right: Map<string, string>): string {
  return paper.map((one) => "ABCD"[one.answers.findIndex(([en]) => en === right.get(one.question_en))] ?? "?").join("");
}

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

for (const [language, words, theme] of told()) {
  test(`a course becomes certificates in ${language}`, { timeout: 10 * 60_000 }, async (t) => {
    const room = await openNode();
    t.after(() => room.stop());
    const teacher = await visit(browser, room, language, theme, { width: 1600, height: 900 });
    const chief = await visit(browser, room, language, theme, { width: 1280, height: 720 });
    const clean = looked(`${language}-t`, "must fit");
    const step = steps(t);

    await step("the persons have their roles", async () => {
      await firstAccount(teacher.page, room, words);
      const grants = await grantRoles(teacher.page, { duty: ["TRAINER", AREA], officer: ["PEC", "pk"] });
      await signIn(chief.page, room, words, "second");
      await approveRoles(chief.page, grants);
      for (const one of [teacher, chief]) await one.context.clearCookies();
    });
    await step("a list with an identity number is refused; the right one is one signed entry", async () => {
      const page = teacher.page;
      await signIn(page, room, words, "duty", { shown: "attached" });
      await page.goto(`${room.url}/#/training`);
      await page.getByText(words["training.none"]).waitFor();
      await button(page, words["training.attend"]).click();
      const form = page.getByRole("dialog");
      await form.locator("[name=area]").fill(AREA);
      await form.locator("[name=module]").selectOption("2");
      await form.locator("[name=on]").fill("2024-01-09");
      await form.locator("[name=venue]").fill("HALL-3");
      await form.locator("[name=trainer]").fill("T-12");
      await form.locator("[name=numbers]").fill("B-1042 42101-1234567-1");
      await form.getByRole("button", { name: words["training.sign"] }).click();
      await form.getByRole("alert").waitFor();
      await form.locator("[name=numbers]").fill("B-1042, B-1043\nB-1044 B-1043");
      await form.getByText(words["training.counted"].replace("{n}", "3")).waitFor();
      await clean(page, "attend");
      await form.getByRole("button", { name: words["training.sign"] }).click();
      await page.locator("[data-detail]").waitFor();
      await becomes("three stand on the list", () => page.locator("[data-number]").count(), 3);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await clean(page, `held-${size.width}`);
      }
      await page.setViewportSize({ width: 1600, height: 900 });
    });
    await step("papers say nothing of what is right, and letters are marked by the node", async () => {
      const page = teacher.page;
      const id = decodeURIComponent((await page.evaluate(() => location.hash)).split("course=")[1] ?? "");
      const papers = await page.evaluate(async (course) => {
        const answers = await Promise.all(["B-1042", "B-1043"].map((number) => fetch(`/api/training/courses/${course}/paper?number=${number}&seed=7`)));
        return Promise.all(answers.map((answer) => answer.json() as Promise<{ question_en: string; answers: [string, string][] }[]>));
      }, id) as Paper[];
      const [mine, other] = papers;
      assert.ok(mine && other && mine.length === 8);
      assert.deepEqual(Object.keys(mine[0] ?? {}).sort(), ["answers", "question_en", "question_ur"]);
      assert.notDeepEqual(mine, other, "neighbours get other papers");
      await button(page, words["training.mark"]).click();
      const form = page.getByRole("dialog");
      await form.locator("[name=seed]").fill("7");
      await form.locator("[name=answers]").fill(`B-1042 ${letters(mine, bank("M02"))}\nB-1043 --------`);
      await clean(page, "quiz");
      await form.getByRole("button", { name: words["training.sign"] }).click();
      await page.locator('[data-number="B-1042"]').getByText("8 / 8").waitFor();
    });
    await step("the practical test is told; who stands not on the list is refused", async () => {
      const page = teacher.page;
      await button(page, words["training.practise"]).click();
      const form = page.getByRole("dialog");
      await form.locator("[name=passed]").fill("B-9");
      await form.getByRole("button", { name: words["training.sign"] }).click();
      await form.getByRole("alert").waitFor();
      await form.locator("[name=passed]").fill("B-1042");
      await form.locator("[name=failed]").fill("B-1043");
      await form.getByRole("button", { name: words["training.sign"] }).click();
      await page.locator('[data-number="B-1042"]').getByText(words["training.yes"], { exact: true }).first().waitFor();
      await page.locator('[data-number="B-1042"] .chip').getByText(words["training.phase.passed"], { exact: true }).waitFor();
      await page.locator('[data-number="B-1043"] .chip').getByText(words["training.phase.attended"], { exact: true }).waitFor();
      await clean(page, "passed");
    });
    await step("whoever recorded does not certify; another person does, and it is looked up", async () => {
      const one = words["training.certify"].replace("{n}", "1");
      await button(teacher.page, one).click();
      await teacher.page.getByRole("alert").waitFor();
      const page = chief.page;
      await signIn(page, room, words, "officer", { shown: "attached" });
      await page.goto(`${room.url}/#/training`);
      await page.locator("[data-course]").click();
      await button(page, one).click();
      const row = page.locator('[data-number="B-1042"]');
      await row.locator(".chip").getByText(words["training.phase.certified"], { exact: true }).waitFor();
      await clean(page, "certified");
      await page.getByLabel(words["training.who"]).fill("B-1042");
      await button(page, words["training.look"]).click();
      await page.locator('[data-person="B-1042"]').getByText("M2").first().waitFor();
      await clean(page, "who");
    });
    await step("a certificate is taken back with a reason, and the trainer sees it without asking", async () => {
      const page = chief.page;
      await page.locator('[data-number="B-1042"]').getByRole("button", { name: words["training.withdraw"] }).click();
      await page.getByRole("dialog").locator("[name=reason]").fill("sat for somebody else");
      await page.getByRole("dialog").getByRole("button", { name: words["training.withdraw"] }).click();
      await page.locator('[data-number="B-1042"] .chip').getByText(words["training.phase.withdrawn"], { exact: true }).waitFor();
      await teacher.page.locator('[data-number="B-1042"] .chip').getByText(words["training.phase.withdrawn"], { exact: true }).waitFor();
      await clean(teacher.page, "withdrawn");
    });
    await step("nothing was asked of anybody but the node, and nothing broke", () => {
      assert.deepEqual([teacher.foreign, chief.foreign, chief.faults], [[], [], []]);
      return Promise.resolve();
    });
  });
}
