// A parcel that another phone showed: what in it is signed by somebody whom this election's root stands behind.
import { toHex } from "../../api/bytes";
import { readArray, type Item } from "../../api/canonical";
import type { PhoneHello } from "../../api/types";
import { equal, hash, holds, idOf, utf8, type Bytes } from "../../proof/bytes";
import type { Roster } from "../../proof/roster";
import { readCertificate, readHeader, type Certificate, type Header } from "../../proof/shapes";
import { KIND, stepName } from "./acts";
import { authorMessage, openParcel } from "./entry";
import { isSigned, rosterOf } from "./trust";

export interface Met { bytes: Bytes; header: Header; hash: Bytes; certificates: Bytes[]; payload: Item[] }
/** An offer as the receiver sees it: no seal is named in it. */
export interface OfferSeen { met: Met; step: string; items: string[]; to: string; person: string; role: string; atMs: number }

const HEADER = utf8("pehra/header/1\0");
const SALT = 32;

function metOf(entry: Bytes, certificates: { bytes: Bytes; one: Certificate }[], roster: Roster): Met | null {
  try {
    const [headerBytes, signature, , payload] = readArray(entry) as [Bytes, Bytes, Item[], Bytes | null];
    const header = readHeader(headerBytes);
    const named = hash(HEADER, headerBytes);
    const by = certificates.find(({ one }) => equal(idOf(one.key), header.place.device));
    if (!by || !holds(by.one.key, authorMessage(named), signature) || roster.standing(header) !== 0) return null;
    if (!payload || !equal(hash(payload), header.payloadHash)) return null;
    return { bytes: entry, header, hash: named, certificates: certificates.map(({ bytes }) => bytes), payload: readArray(payload.slice(SALT)) };
  } catch {
    return null;
  }
}
/** The entries of a parcel that hold, and how many do not. */
export function opened(object: Bytes, hello: PhoneHello): { met: Met[]; refused: number } | null {
  const parcel = openParcel(object);
  if (!parcel) return null;
  const certificates = parcel.certificates.flatMap((bytes) => {
    try {
      const one = readCertificate(bytes);
      return isSigned(one) ? [{ bytes, one }] : [];
    } catch {
      return [];
    }
  });
  const roster = rosterOf(hello, certificates.map(({ one }) => one));
  const met = parcel.entries.flatMap((entry) => metOf(entry, certificates, roster) ?? []).filter((one) => equal(one.header.election, roster.founding.name));
  return { met, refused: parcel.entries.length - met.length };
}
/** The offers among them. */
export function offersIn(met: Met[]): OfferSeen[] {
  return met.filter((one) => one.header.kind === KIND.offered).flatMap((one) => {
    const fields = (one.payload[1] as Item[] | undefined)?.[0] as Item[] | undefined;
    const [step, items, to, atMs] = fields ?? [];
    if (!Array.isArray(items) || typeof step !== "number" || typeof to !== "string") return [];
    return [{ met: one, step: stepName(step), items: items.map(String), to, person: one.header.person, role: one.header.role, atMs: Number(atMs) }];
  });
}
/** Offers that a receipt among them answers, as `device/epoch/number`. */
export function answeredIn(met: Met[]): string[] {
  return met.filter((one) => one.header.kind === KIND.received).flatMap((one) => {
    const offer = ((one.payload[1] as Item[] | undefined)?.[0] as Item[] | undefined)?.[0];
    return Array.isArray(offer) && offer[0] instanceof Uint8Array ? [`${toHex(offer[0])}/${String(offer[1])}/${String(offer[2])}`] : [];
  });
}
