// Which things the holder of a phone has, and what the next act on each follows: as the node told it, and what this phone
// signed since. Pure.
import { fromHex } from "../../api/bytes";
import type { PhoneOwn } from "../../api/types";
import { refOf, type Ref } from "./entry";
import type { Kept } from "./shelf";

export interface Thing { item: string; kind: string; heads: Ref[] }
/** To whom each role hands over, and in which step. */
export const GIVES: Partial<Record<string, readonly { step: string; to: readonly string[] }[]>> = {
  PO: [{ step: "C13", to: ["ARO", "RO"] }],
  RO: [{ step: "C05", to: ["PO"] }],
  ARO: [{ step: "C05", to: ["PO"] }],
};
const own = (device: string, one: Kept): Ref => ({ device: fromHex(device), epoch: one.epoch, seq: one.seq, hash8: one.hash.slice(0, 8) });

/** What can be handed over now. */
export function things(told: PhoneOwn | null, log: Kept[], device: string): Thing[] {
  const held = new Map<string, Thing>();
  for (const one of told?.items ?? []) {
    if (one.phase !== "offered") held.set(one.item, { item: one.item, kind: one.kind, heads: one.heads.map(refOf) });
  }
  for (const one of log) {
    if (one.fate === "refused" || one.fate === "no-effect") continue;
    if (one.what.is === "receipt") for (const item of one.what.items) held.set(item, { item, kind: held.get(item)?.kind ?? "", heads: [own(device, one)] });
    if (one.what.is === "offer") for (const item of one.what.items) held.delete(item);
  }
  return [...held.values()];
}
/** Offers that this phone has not answered. */
export const waiting = (told: PhoneOwn | null, log: Kept[]): PhoneOwn["offers"] => (told?.offers ?? []).filter((offer) => {
  const at = `${offer.at.device}/${offer.at.epoch}/${offer.at.seq}`;
  return !log.some((one) => one.what.is === "receipt" && one.what.offer === at && one.fate !== "refused");
});
