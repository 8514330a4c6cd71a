import assert from "node:assert/strict";
import { test } from "node:test";
import type { SurveyForms } from "../src/api/types.ts";
import { answered, begun, body, csv, formOf, isFilled, lookers, subjectKey } from "../src/features/survey/draft.ts";
import { dateOf } from "../src/ui/date.ts";
import { fitted, framed } from "../src/features/survey/picture.ts";

const choice = (key: string, centi: number): { key: string; en: string; ur: string; centi: number } => ({ key, en: key, ur: key, centi });
const line = (key: string, feeds: string | null): SurveyForms["building"]["questions"][number] => ({ key, en: key, ur: key, feeds, choices: [choice("a", 0), choice("b", 150), choice("c", 400)] });
const form = (questions: SurveyForms["building"]["questions"]): SurveyForms["building"] => ({ title_en: "t", title_ur: "t", line_en: "l", line_ur: "l", questions });
const FORMS: SurveyForms = { building: form([line("walls", "V1"), line("gates", "V1")]), district: form([line("feuds", "T5"), line("media", null)]), parts: [], photograph_bytes_max: 1000 };
const draft = begun({ building: "B-1" }, "School, north", "pk/sindh/thatta", "2024-01-20", "SHO", 5);

test("a fresh form is empty and says what it is about", () => {
  assert.equal(draft.id, "building B-1");
  assert.equal(subjectKey({ district: "pk/sindh/thatta" }), "district pk/sindh/thatta");
  assert.equal(isFilled(draft), false);
  assert.equal(formOf(FORMS, draft.subject), FORMS.building);
});
test("lines that were left empty are not sent, and the rest goes in the order of the form", () => {
  const filled = { ...draft, answers: { gates: "c", walls: "a", light: "" }, notes: { gates: "  hinge broken " } };
  assert.equal(answered(filled), 2);
  assert.deepEqual(body(filled, FORMS.building), { building: "B-1", on: "2024-01-20", looked: "SHO", answers: [{ question: "walls", choice: "a", note: "" }, { question: "gates", choice: "c", note: "hinge broken" }] });
});
test("the file has the columns of the import and quotes what needs it", () => {
  const filled = { ...draft, answers: { gates: "b" }, notes: { gates: 'hinge, "upper"' } };
  const district = { ...begun({ district: "pk/sindh/thatta" }, "Thatta", "pk/sindh/thatta", "2024-01-21", "DRO", 6), answers: { media: "c" } };
  assert.equal(csv([filled, district], FORMS), '\ufeffsubject,question,score,factor,on,role,note\r\nB-1,gates,1.50,V1,2024-01-20,SHO,"hinge, ""upper"""\r\npk/sindh/thatta,media,4.00,,2024-01-21,DRO,\r\n');
});
test("the own roles that look stand first, and a role that never looks is not offered", () => {
  assert.deepEqual(lookers(["SECOFF", "DRO"]).slice(0, 2), ["DRO", "SHO"]);
  assert.ok(!lookers(["SECOFF"]).includes("SECOFF"));
  assert.equal(lookers([]).length, 8);
});
test("the day is Pakistan's", () => {
  assert.equal(dateOf(Date.UTC(2024, 0, 20, 18, 59)), "2024-01-20");
  assert.equal(dateOf(Date.UTC(2024, 0, 20, 19, 0)), "2024-01-21");
});
test("a picture is made smaller and never larger", () => {
  assert.deepEqual(fitted(4000, 3000), { width: 1600, height: 1200 });
  assert.deepEqual(fitted(300, 200), { width: 300, height: 200 });
  assert.deepEqual(fitted(1, 9000), { width: 1, height: 1600 });
});
test("a cover drawn in any direction is the same frame and stays on the picture", () => {
  const frame = { x: 10, y: 20, width: 30, height: 40 };
  assert.deepEqual(framed({ x: 10, y: 20 }, { x: 40, y: 60 }, 100, 100), frame);
  assert.deepEqual(framed({ x: 40, y: 60 }, { x: 10, y: 20 }, 100, 100), frame);
  assert.deepEqual(framed({ x: -50, y: 90 }, { x: 10, y: 400 }, 100, 100), { x: 0, y: 90, width: 10, height: 10 });
});
