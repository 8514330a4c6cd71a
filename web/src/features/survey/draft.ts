// A form on its way: begun, waiting, sent. Pure: what is kept and what is asked of the node is decided elsewhere.
import type { Fault, SurveyForm, SurveyForms } from "../../api/types";

export type Subject = { building: string; district?: never } | { district: string; building?: never };

export interface Picture { part: string; bytes: ArrayBuffer; width: number; height: number }
export interface Draft {
  /** `subjectKey` of what it is about: one form a place at a time. */
  id: string;
  subject: Subject;
  name: string;
  /** District by which it is listed. */
  area: string;
  on: string;
  looked: string;
  answers: Record<string, string>;
  notes: Record<string, string>;
  pictures: Picture[];
  state: "draft" | "ready" | "refused";
  /** Why the node refused it. */
  fault?: Fault;
  changedMs: number;
}

/** Roles that go and look; the own ones come first. */
const LOOKERS = ["SHO", "SECTOR", "POL-SP", "DRO", "RO", "ARO", "PEC", "LOG"] as const;
export function lookers(own: readonly string[]): string[] {
  const mine = LOOKERS.filter((role) => own.includes(role));
  return [...mine, ...LOOKERS.filter((role) => !mine.includes(role))];
}

export function subjectKey(subject: Subject): string {
  return subject.building === undefined ? `district ${subject.district}` : `building ${subject.building}`;
}
export function begun(subject: Subject, name: string, area: string, on: string, looked: string, nowMs: number): Draft {
  return { id: subjectKey(subject), subject, name, area, on, looked, answers: {}, notes: {}, pictures: [], state: "draft", changedMs: nowMs };
}
export function formOf(forms: SurveyForms, subject: Subject): SurveyForm {
  return subject.building === undefined ? forms.district : forms.building;
}
export function answered(draft: Draft): number {
  return Object.values(draft.answers).filter((choice) => choice !== "").length;
}
/** Something is in it that is worth sending. */
export function isFilled(draft: Draft): boolean {
  return answered(draft) > 0 || draft.pictures.length > 0;
}
/** What is posted: lines in the order of the form, without those left empty. */
export function body(draft: Draft, form: SurveyForm): { building?: string; district?: string; on: string; looked: string; answers: { question: string; choice: string; note: string }[] } {
  const lines = form.questions.filter((question) => (draft.answers[question.key] ?? "") !== "");
  return {
    ...draft.subject,
    on: draft.on,
    looked: draft.looked,
    answers: lines.map((question) => ({ question: question.key, choice: draft.answers[question.key] ?? "", note: (draft.notes[question.key] ?? "").trim() })),
  };
}

const HEAD = ["subject", "question", "score", "factor", "on", "role", "note"];
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** The columns that `plan import surveys` reads, one answer a row. */
export function csv(drafts: readonly Draft[], forms: SurveyForms): string {
  const rows = [HEAD];
  for (const draft of drafts) {
    const form = formOf(forms, draft.subject);
    for (const line of body(draft, form).answers) {
      const question = form.questions.find((one) => one.key === line.question);
      const centi = question?.choices.find((choice) => choice.key === line.choice)?.centi ?? 0;
      rows.push([draft.subject.building ?? draft.subject.district ?? "", line.question, (centi / 100).toFixed(2), question?.feeds ?? "", draft.on, draft.looked, line.note]);
    }
  }
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
