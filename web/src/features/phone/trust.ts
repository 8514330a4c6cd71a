// Whom a phone believes: those behind whom the root stands that it was shown at the office.
import { fromHex } from "../../api/bytes";
import type { PhoneHello } from "../../api/types";
import { holds } from "../../proof/bytes";
import { Roster } from "../../proof/roster";
import type { Certificate } from "../../proof/shapes";

/** Whether everybody who is named under a certificate signed it. */
export const isSigned = (one: Certificate): boolean => one.signatures.length > 0 && one.signatures.every((by) => holds(by.key, one.signed, by.signature));
export const rosterOf = (hello: PhoneHello, certificates: Certificate[]): Roster =>
  new Roster({ election: hello.election, threshold: hello.threshold, keys: hello.root.map(fromHex), name: fromHex(hello.election_hex), fingerprint: "" }, certificates);
