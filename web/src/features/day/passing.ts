// Material on its way past an incident. Pure.
import type { ConvoyPassing, DispatchSuggestion, NearConvoy } from "../../api/types";

export interface Past { convoy: NearConvoy; passing: ConvoyPassing | null }

/** Those first whose road leads past the incident, then the nearest. */
export function byNeed({ convoys, passings }: Pick<DispatchSuggestion, "convoys" | "passings">): Past[] {
  const of = new Map(passings.map((passing) => [passing.convoy, passing]));
  const all = convoys.map((convoy) => ({ convoy, passing: of.get(convoy.id) ?? null }));
  const rank = ({ passing }: Past): number => (passing?.meets_it ? 0 : 1);
  return all.sort((a, b) => rank(a) - rank(b) || a.convoy.distance_m - b.convoy.distance_m || (a.convoy.id < b.convoy.id ? -1 : 1));
}
