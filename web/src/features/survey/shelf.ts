// What this device keeps: drafts, the lists that were taken along, the forms. A reload, a dead battery and an evening
// without a node lose nothing.
import { Shelf } from "../../api/shelf";
import type { SurveyForms, SurveyPlaces } from "../../api/types";
import type { Draft } from "./draft";

export interface Taken { area: string; name: string; atMs: number; places: SurveyPlaces }
const SHELF = new Shelf("pehra-surveys", ["drafts", "lists", "forms"]);

export async function drafts(): Promise<Draft[]> {
  const all = await SHELF.ask("drafts", "readonly", (on) => on.getAll() as IDBRequest<Draft[]>);
  return all.sort((a, b) => a.changedMs - b.changedMs);
}
export async function keepDraft(draft: Draft): Promise<void> {
  await SHELF.ask("drafts", "readwrite", (on) => on.put(draft, draft.id));
}
export async function dropDraft(id: string): Promise<void> {
  await SHELF.ask("drafts", "readwrite", (on) => on.delete(id));
}
export async function lists(): Promise<Taken[]> {
  return SHELF.ask("lists", "readonly", (on) => on.getAll() as IDBRequest<Taken[]>);
}
export async function keepList(taken: Taken): Promise<void> {
  await SHELF.ask("lists", "readwrite", (on) => on.put(taken, taken.area));
}
export async function forms(): Promise<SurveyForms | undefined> {
  return SHELF.ask("forms", "readonly", (on) => on.get("forms") as IDBRequest<SurveyForms | undefined>);
}
export async function keepForms(of: SurveyForms): Promise<void> {
  await SHELF.ask("forms", "readwrite", (on) => on.put(of, "forms"));
}
