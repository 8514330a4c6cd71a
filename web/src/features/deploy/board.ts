// Sums and sentences of the deployment board. Pure.
import { STAFF, type KindShort, type PlanDistrict, type PlanStatus, type StaffKind } from "../../api/types";

export function total(kinds: readonly KindShort[], of: "need" | "posted" | "missing" | "minimum_missing" | "supply"): number {
  return kinds.reduce((sum, kind) => sum + (kind[of] ?? 0), 0);
}
export function ofKind(kinds: readonly KindShort[], kind: StaffKind): KindShort | undefined {
  return kinds.find((one) => one.kind === kind);
}
export function districtValue(row: PlanDistrict, key: string): number | string {
  if (key === "name") return row.name;
  if (key === "buildings") return row.buildings;
  if (key === "need" || key === "posted" || key === "missing" || key === "minimum_missing") return total(row.per_kind, key);
  if (key === "untrained") return row.untrained ?? 0;
  if (key === "share") return shortShare(row.per_kind);
  const kind = STAFF.find((one) => one === key);
  return kind ? (ofKind(row.per_kind, kind)?.missing ?? 0) : 0;
}
/** People with a task and those expected untrained, over districts with a signed forecast; null where there is none. */
export function forecastOf(rows: readonly PlanDistrict[]): { tasked: number; untrained: number } | null {
  const told = rows.filter((row) => typeof row.untrained === "number");
  if (told.length === 0) return null;
  return { tasked: told.reduce((sum, row) => sum + (row.tasked ?? 0), 0), untrained: told.reduce((sum, row) => sum + (row.untrained ?? 0), 0) };
}
export function shortShare(kinds: readonly KindShort[]): number {
  const need = total(kinds, "need");
  return need === 0 ? 0 : total(kinds, "missing") / need;
}
/** The gap as a share of the objective; a proven best plan has none. */
export function gapOf(plan: { objective: number; dual_bound: number }): number {
  return Math.max(0, (plan.objective - plan.dual_bound) / Math.max(1, Math.abs(plan.objective)));
}

export type PlanAct = "propose" | "approve" | "reject" | "adopt" | "withdraw";
/** What may be done to a plan in its state. Whoever proposed a plan does not answer it. */
export function actsOf(status: PlanStatus, mine: boolean): PlanAct[] {
  switch (status) {
    case "draft":
      return ["propose", "withdraw"];
    case "proposed":
      return mine ? ["withdraw"] : ["approve", "reject", "withdraw"];
    case "approved":
      return ["adopt", "withdraw"];
    case "adopted":
    case "rejected":
    case "superseded":
    case "withdrawn":
    case "disputed":
      return [];
  }
}
