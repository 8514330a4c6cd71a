// The surveyor's desk: what this device holds, what the node says, and the sending of what waits. The shelf comes first:
// everything works without the node except learning of new buildings.
import { ApiFault, call, get, query, send } from "../../api/client";
import { holdFast } from "../../api/shelf";
import type { SurveyCoverage, SurveyForms, SurveyPlaces, SurveySubject } from "../../api/types";
import { dateOf } from "../../ui/date";
import { begun, body, formOf, isFilled, subjectKey, type Draft, type Subject } from "./draft";
import * as shelf from "./shelf";

/** So often it is looked whether the node is in reach again while something waits. */
export const RETRY_MS = 20_000;
type Sent = "sent" | "refused" | "unreached" | "signed-out";

/** A session that has ended, or a page older than the session. */
const isOut = (error: ApiFault): boolean => error.status === 401 || error.fault.code === "csrf-missing";
/** Says nothing about the form: signed out, too many tries, or the own key must sign first. The form goes on waiting. */
const isDoor = (error: ApiFault): boolean => isOut(error) || error.status === 429 || error.status === 428;
const refused = (error: unknown): error is ApiFault => error instanceof ApiFault && error.status >= 400 && error.status < 500 && !isDoor(error);

export class Desk {
  forms = $state.raw<SurveyForms | null>(null);
  drafts = $state.raw<Draft[]>([]);
  lists = $state.raw<shelf.Taken[]>([]);
  coverage = $state.raw<SurveyCoverage | null>(null);
  /** None: not known yet. */
  reached = $state<boolean | null>(null);
  signedIn = $state(false);
  /** The shelf has been looked at. */
  loaded = $state(false);
  /** The browser has a shelf at all. */
  keeps = $state(true);
  sending = $state(false);
  /** Forms that were signed since this page was opened. */
  sent = $state(0);
  fault = $state.raw<unknown>(null);

  get waiting(): Draft[] {
    return this.drafts.filter((draft) => draft.state !== "draft");
  }

  async open(signedIn: boolean): Promise<void> {
    this.signedIn = signedIn;
    try {
      [this.drafts, this.lists] = await Promise.all([shelf.drafts(), shelf.lists()]);
      this.forms = (await shelf.forms()) ?? null;
      await holdFast();
    } catch {
      this.keeps = false;
    }
    this.loaded = true;
    await this.refresh();
  }

  /** Asks the node for what may have changed. Out of reach is no fault: it is why this page exists. */
  async refresh(): Promise<void> {
    if (!this.signedIn) return;
    try {
      const [forms, coverage] = await Promise.all([get<SurveyForms>("/api/surveys/forms"), get<SurveyCoverage>("/api/surveys")]);
      this.forms = forms;
      this.coverage = coverage;
      this.reached = true;
      this.fault = null;
      if (this.keeps) await shelf.keepForms(forms);
    } catch (error) {
      this.heard(error);
    }
  }
  heard(error: unknown): void {
    if (error instanceof ApiFault && error.status === 0) this.reached = false;
    else if (error instanceof ApiFault && isOut(error)) this.signedIn = false;
    else this.fault = error;
  }

  /** Keeps the buildings of a district on this device; out of reach, the list of last time stands. */
  async takeAlong(area: string): Promise<void> {
    try {
      const places = await get<SurveyPlaces>(`/api/surveys/places${query({ district: area })}`);
      const taken = { area, name: places.name, atMs: Date.now(), places };
      this.reached = true;
      this.lists = [...this.lists.filter((list) => list.area !== area), taken];
      if (this.keeps) await shelf.keepList(taken);
    } catch (error) {
      this.heard(error);
    }
  }
  async seen(subject: Subject): Promise<SurveySubject | null> {
    if (!this.signedIn) return null;
    try {
      return await get<SurveySubject>(`/api/surveys/seen${query({ building: subject.building, of_district: subject.district })}`);
    } catch (error) {
      this.heard(error);
      return null;
    }
  }

  /** The form of a place: the one that was begun, or a fresh one that is not kept before something is in it. */
  formFor(subject: Subject, name: string, area: string, looked: string): Draft {
    const id = subjectKey(subject);
    return this.drafts.find((draft) => draft.id === id) ?? begun(subject, name, area, dateOf(Date.now()), looked, Date.now());
  }
  async put(draft: Draft): Promise<void> {
    const next = { ...draft, changedMs: Date.now() };
    this.drafts = [...this.drafts.filter((one) => one.id !== draft.id), next];
    await this.#onShelf(() => shelf.keepDraft(next));
  }
  async drop(id: string): Promise<void> {
    this.drafts = this.drafts.filter((one) => one.id !== id);
    await this.#onShelf(() => shelf.dropDraft(id));
  }
  async #onShelf(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch {
      this.keeps = false;
    }
  }

  /** Sends what waits, the oldest first. What the node refuses stays here with its reason, the rest goes on. */
  async send(): Promise<void> {
    if (this.sending || !this.forms || !this.signedIn) return;
    this.sending = true;
    try {
      for (const draft of this.waiting.filter((one) => one.state === "ready")) {
        const outcome = await this.#sendOne(draft, this.forms);
        if (outcome === "unreached" || outcome === "signed-out") break;
      }
    } finally {
      this.sending = false;
    }
    if (this.reached) await this.refresh();
  }
  async #sendOne(draft: Draft, forms: SurveyForms): Promise<Sent> {
    let left = draft;
    try {
      const asked = body(draft, formOf(forms, draft.subject));
      if (asked.answers.length > 0) await send("POST", "/api/surveys", asked);
      for (const picture of draft.pictures) {
        const path = `/api/surveys/photographs${query({ building: draft.subject.building, part: picture.part, on: draft.on, looked: draft.looked })}`;
        await call("POST", path, picture.bytes, { "content-type": "image/jpeg" });
        // A transfer that breaks goes on with the next picture; sent twice, the node knows it.
        left = { ...left, pictures: left.pictures.filter((one) => one !== picture) };
        await this.put(left);
      }
      this.reached = true;
      this.sent += 1;
      await this.drop(draft.id);
      return "sent";
    } catch (error) {
      if (refused(error)) {
        await this.put({ ...left, state: "refused", fault: error.fault });
        return "refused";
      }
      this.heard(error);
      return error instanceof ApiFault && isDoor(error) ? "signed-out" : "unreached";
    }
  }
  /** Whether there is anything that a file could carry. */
  get filled(): Draft[] {
    return this.drafts.filter(isFilled);
  }
}
