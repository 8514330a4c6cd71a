// The office's answer to a request, judged by the root that the phone was shown at the office. A chunk of its own: it is
// needed once.
import type { PhoneHello } from "../../api/types";
import { equal, type Bytes } from "../../proof/bytes";
import { pieces } from "../../proof/carry";
import { readCertificate, SUBJECT, type Certificate } from "../../proof/shapes";
import type { Enrolled } from "./shelf";
import { isSigned, rosterOf } from "./trust";

/** Why an answer is not taken. */
export class NotEnrolled extends Error {
  readonly why: "other-phone" | "not-signed" | "nothing";
  constructor(why: NotEnrolled["why"]) {
    super(why);
    this.why = why;
  }
}
export interface Answer { device: Bytes | null; person: Bytes | null; behind: Bytes[]; enrolled: Enrolled | null }

function enrolledBy(one: Certificate): Enrolled {
  const [person, station] = one.name.split("@");
  return { name: one.name, person: person ?? "", station: station ?? "", area: one.area, role: one.roles[0] ?? "", untilMs: Number(one.notAfterMs) };
}
/** The certificates of a code or a text that are about these two keys, and those behind them. */
export function judged(text: string, hello: PhoneHello, keys: { device: Bytes; person: Bytes }): Answer {
  let given: Bytes[] = [];
  try {
    given = pieces(text).filter((piece) => piece.kind === "certificate-1").map((piece) => piece.bytes);
  } catch {
    // A code that is none is answered like one that brings nothing.
  }
  if (given.length === 0) throw new NotEnrolled("nothing");
  const read = given.map((bytes) => ({ bytes, one: readCertificate(bytes) }));
  const roster = rosterOf(hello, read.map(({ one }) => one));
  if (!read.every(({ one }) => isSigned(one) && equal(one.election, roster.founding.name) && roster.reachesRoot(one))) throw new NotEnrolled("not-signed");
  const mine = (key: Bytes, subject: number) => read.find(({ one }) => equal(one.key, key) && one.subject === subject);
  const [device, person] = [mine(keys.device, SUBJECT.device), mine(keys.person, SUBJECT.person)];
  if (!device && !person) throw new NotEnrolled("other-phone");
  const behind = read.filter((one) => one !== device && one !== person).map(({ bytes }) => bytes);
  return { device: device?.bytes ?? null, person: person?.bytes ?? null, behind, enrolled: device ? enrolledBy(device.one) : null };
}
