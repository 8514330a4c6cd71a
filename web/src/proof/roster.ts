// Who may, by the certificates of one proof and the public root alone: crates/ledger/src/roster.rs without revocations,
// which do not travel in a proof.
import { equal, idOf, toHex, type Bytes } from "./bytes";
import { SUBJECT, type Certificate, type Founding, type Header } from "./shapes";

export const STANDING = { good: 0, noCertificate: 1, notChained: 2, outsideTime: 5, outsideArea: 6, roleNotHeld: 7 } as const;
export type Standing = (typeof STANDING)[keyof typeof STANDING];
/** From the farthest to the nearest to a right: of several certificates the best counts. */
const NEARER: Standing[] = [1, 2, 5, 6, 7, 0];
const CHAIN_MAX = 4;
const WITNESS = "WITNESS";

/** Whether the area `inner` is `outer` or lies in it. */
export const contains = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

export class Roster {
  readonly founding: Founding;
  #of = new Map<string, Certificate[]>();
  constructor(founding: Founding, certificates: Certificate[]) {
    this.founding = founding;
    for (const one of certificates) {
      const id = toHex(idOf(one.key));
      this.#of.set(id, [...(this.#of.get(id) ?? []), one]);
    }
  }
  certificates(id: Bytes): Certificate[] {
    return this.#of.get(toHex(id)) ?? [];
  }
  isRootKey(id: Bytes): boolean {
    return this.founding.keys.some((key) => equal(idOf(key), id));
  }
  #isRoot(one: Certificate): boolean {
    const signed = one.signatures.filter((by) => this.founding.keys.some((key) => equal(key, by.key))).length;
    return signed >= this.founding.threshold;
  }
  /** The offices that issued a certificate and had the right to. */
  #above(one: Certificate): Certificate[] {
    const offices = one.signatures.flatMap((by) => this.certificates(idOf(by.key)));
    return offices.filter((office) => office.subject === SUBJECT.office && !equal(office.key, one.key)
      && contains(office.area, one.area) && office.notBeforeMs <= one.notBeforeMs && one.notAfterMs <= office.notAfterMs);
  }
  reachesRoot(certificate: Certificate): boolean {
    const seen = new Set<Certificate>();
    let step = [certificate];
    for (let n = 0; n <= CHAIN_MAX; n += 1) {
      if (step.some((one) => this.#isRoot(one))) return true;
      step = step.flatMap((one) => this.#above(one)).filter((office) => !seen.has(office) && seen.add(office));
    }
    return false;
  }
  isChained(id: Bytes): boolean {
    return this.certificates(id).some((one) => this.reachesRoot(one));
  }
  isWitness(id: Bytes, atMs: bigint): boolean {
    return this.certificates(id).some((one) => one.subject === SUBJECT.device && one.roles.includes(WITNESS)
      && one.notBeforeMs <= atMs && atMs <= one.notAfterMs && this.reachesRoot(one));
  }
  /** What a certificate lacks for an act. */
  #under(one: Certificate, header: Header): Standing {
    const atMs = BigInt(header.atMs);
    if (!this.reachesRoot(one)) return STANDING.notChained;
    if (atMs < one.notBeforeMs || atMs > one.notAfterMs) return STANDING.outsideTime;
    if (!contains(one.area, header.area)) return STANDING.outsideArea;
    return header.role === "" || one.roles.includes(header.role) ? STANDING.good : STANDING.roleNotHeld;
  }
  standing(header: Header): Standing {
    const own = this.certificates(header.place.device).filter((one) => one.subject === SUBJECT.device);
    const best = own.map((one) => this.#under(one, header)).sort((a, b) => NEARER.indexOf(b) - NEARER.indexOf(a))[0];
    if (best === undefined) return this.isRootKey(header.place.device) ? STANDING.good : STANDING.noCertificate;
    return best;
  }
}
