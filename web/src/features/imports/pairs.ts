// What a person decided about rows that may be one station. Pure.
import type { Pair } from "../../api/types";

export type Verdict = "join" | "keep";
/** By `key` of the pair. */
export type Verdicts = Readonly<Record<string, Verdict>>;

export function key(pair: Pair): string {
  return `${pair.national.id}\n${pair.provincial.id}`;
}
/** A row joins one other row at most: joining a pair takes the joining of its neighbours back. */
export function decided(verdicts: Verdicts, pair: Pair, verdict: Verdict | ""): Verdicts {
  const own = key(pair);
  const next: Record<string, Verdict> = {};
  for (const [other, held] of Object.entries(verdicts)) {
    if (other === own) continue;
    const [national, provincial] = other.split("\n");
    const touches = national === pair.national.id || provincial === pair.provincial.id;
    if (verdict === "join" && held === "join" && touches) continue;
    next[other] = held;
  }
  if (verdict !== "") next[own] = verdict;
  return next;
}
/** Whether one of the rows is joined with another row already. */
export function taken(verdicts: Verdicts, pair: Pair): boolean {
  const own = key(pair);
  return Object.entries(verdicts).some(([other, held]) => {
    const [national, provincial] = other.split("\n");
    return held === "join" && other !== own && (national === pair.national.id || provincial === pair.provincial.id);
  });
}
/** Pairs that are one station, as the check takes them. */
export function joined(verdicts: Verdicts): [string, string][] {
  return Object.entries(verdicts).filter(([, held]) => held === "join").map(([pair]) => {
    const [national = "", provincial = ""] = pair.split("\n");
    return [national, provincial];
  });
}
export function undecided(verdicts: Verdicts, pairs: readonly Pair[]): Pair[] {
  return pairs.filter((pair) => verdicts[key(pair)] === undefined && !taken(verdicts, pair));
}
