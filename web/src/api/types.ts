// The HTTP contract, version 1, as the screens read it. Times are unix milliseconds, scores hundredths.

export type RiskClass = "normal" | "sensitive" | "most";
export type StaffKind = "police_man" | "police_woman" | "civil_armed_forces" | "army";
export const CLASSES: readonly RiskClass[] = ["normal", "sensitive", "most"];
export const STAFF: readonly StaffKind[] = ["police_man", "police_woman", "civil_armed_forces", "army"];

export interface Fault { code: string; text_en: string; text_ur: string; field?: string | null }

export interface Setup { first_start: boolean; synthetic: boolean; demo: boolean }
export interface RoleGrant { role: string; area: string; expires_ms?: number | null; grant?: string; state?: string; granted_by?: string }
export interface Session {
  person: string; name: string; roles: RoleGrant[]; area?: string | null;
  csrf: string; permissions: string[]; expires_ms: number;
}
export interface Person { person: string; name: string; roles: RoleGrant[]; state: string }

export interface DataAge { kind: string; name: string; as_of_ms: number; source_file?: string | null; counts?: Record<string, number> | null; signed_by?: string | null }
export interface NodeState {
  version: string; node_name: string; device: string; epoch: number; entries: number;
  election: { id: string; name: string; date: string; kind: "real" | "synthetic" | "exercise" } | null;
  watermark: string | null; demo: boolean;
  ready: { stations: boolean; assessment: boolean; plan: boolean };
  now_ms: number; data: DataAge[]; conflicts: number; withheld: number;
}

export type JobKind = "generate" | "import" | "assess" | "allocate" | "backtest";
export type JobState = "running" | "done" | "cancelled" | "failed";
export interface JobBound { objective: number; dual_bound: number; gap: number }
export interface Job {
  id: string; kind: JobKind; label: string; by?: string; state: JobState; stage: string; done: number; total: number;
  started_ms: number; ended_ms?: number | null; result?: unknown; error?: Fault | null; bound?: JobBound | null;
}

export interface Town { name: string; name_ur?: string | null; lat_e7: number; lon_e7: number; population: number }
export interface District {
  index: number; area: string; name: string; name_ur?: string | null; province: string;
  lat_e7: number; lon_e7: number; stations: number; classes: [number, number, number]; hull: [number, number][];
}

export interface SearchHit { kind: "station" | "building" | "unit" | "district" | "town"; id: string; text: string; sub: string; lat_e7?: number | null; lon_e7?: number | null }

export interface OverrideView { code: string; reason: string; expires_ms: number; signed_by: string }
export interface OfficialClass { class: RiskClass; source: string; as_of: string | null; approved_by?: string | null }
export interface Assessment {
  inherent_centi: number; residual_centi?: number | null; p10_centi: number; p50_centi: number; p90_centi: number;
  class_permille: [number, number, number]; class: RiskClass; force_class: RiskClass; provisional: boolean;
  completeness_pct: number; overrides: OverrideView[]; official?: RiskClass | null; disagrees: boolean; as_of_ms: number;
}
export interface Posting { unit: string; unit_name: string; kind: StaffKind; count: number; distance_m: number; origin?: string; estimated?: boolean }
export interface StationDetail {
  id: string; name: string; kind: string; district: string; district_name: string; province: string;
  lat_e7: number; lon_e7: number; place_basis: string; building: string;
  contests: { assembly: string; constituency: string; station_no: string | number }[];
  booths: { men: number; women: number }; voters: { men: number; women: number };
  official: OfficialClass[]; assessment: Assessment | null;
  posts: { kind: StaffKind; need: number; minimum: number; posted: number }[];
  postings: Posting[]; point_index: number | null;
}
export interface FactorView {
  factor: string; name_en: string; name_ur: string; centi: number; basis: string; confidence_pct: number;
  contribution_centi: number; source_en: string; source_ur: string;
}
export interface Why {
  t_centi: number; v_centi: number; c_centi: number; score_centi: number;
  reasons: { factor: string; contribution_centi: number; sentence_en: string; sentence_ur: string }[];
  factors: FactorView[]; notes: { en: string; ur: string }[];
}
export interface WhatIf { score_centi: number; class: RiskClass; before_centi: number; before_class: RiskClass }

export interface ClassCounts { normal: number; sensitive: number; most: number }
export interface AreaAssessment extends ClassCounts {
  area: string; name: string; name_ur?: string | null; province?: string; stations: number;
  mean_centi: number; disagreements: number; provisional: number; completeness_pct: number;
}
export interface AssessmentSummary {
  as_of_ms: number; seed: string | number; draws: number; stations: number; national: ClassCounts; official: ClassCounts;
  disagreements: number; provisional: number; completeness_pct: number;
  provinces: AreaAssessment[]; districts: AreaAssessment[];
}
export interface StationRow {
  id: string; name: string; kind: string; class: RiskClass | null; official?: RiskClass | null; inherent_centi: number | null;
  p10_centi: number | null; p90_centi: number | null; completeness_pct: number | null; provisional: boolean; disagrees: boolean; place_basis: "given" | "repaired" | "estimated";
}
export interface Parameter {
  key: string; group: string; value: unknown; unit: string; default: unknown; source: string;
  as_of_ms: number | null; signed_by: string | null; conflict: boolean;
}

export interface ImportColumn { index: number; header: string; guess: string | null; meaning: string | null; sample: string[] }
export interface ImportMeaning { key: string; en: string; ur: string; required: boolean }
export interface ImportSummary {
  rows: number; accepted: number; repaired: number; quarantined: number; findings: Record<string, number>;
  stations: number; buildings: number; booths: number; voters: number;
}
export interface ImportDiff { added: number; changed: number; removed: number; unchanged: number; sample: { id: string; what: string }[] }
export interface ImportView {
  id: string; kind: string; name?: string; state: "columns" | "checking" | "checked" | "signing" | "signed" | "failed";
  format?: string; encoding?: string; delimiter?: string | null; bytes?: number; sha256?: string;
  columns: ImportColumn[]; meanings: ImportMeaning[]; preview: string[][];
  summary?: ImportSummary | null; diff?: ImportDiff | null; error?: Fault | null; job?: string | null;
}
export interface Finding { row: number; column?: string | null; code: string; severity: string; was: string; now: string; text?: string; text_en?: string; text_ur?: string }
export interface FindingCode { code: string; severity: string; count: number; text_en: string; text_ur: string }
export interface Findings { total: number; codes: FindingCode[]; rows: Finding[] }
export interface ImportKind { kind: string; en?: string; ur?: string; text_en?: string; text_ur?: string }

export type PlanStatus = "draft" | "proposed" | "approved" | "rejected" | "adopted" | "superseded" | "withdrawn" | "disputed";
export interface PlanRow {
  id: string; label: string; status: PlanStatus; made_ms: number; by: string; objective: number; dual_bound: number;
  gap: number; posted: number; missing: number; current: boolean; proposed_by?: string | null; outdated?: boolean;
}
export interface PlanTotal { kind: StaffKind; need: number; posted: number; missing: number; minimum_missing: number; supply: number; unused: number }
export interface PlanDetail extends PlanRow {
  certificate: {
    input_hash: string; seed: string | number; engine: string; objective: number; dual_bound: number; gap: number;
    relaxations: { rule: string; count: number; text?: string; text_en?: string; text_ur?: string }[];
    notes: (string | { en: string; ur: string })[];
  };
  totals: PlanTotal[];
}
export interface KindShort { kind: StaffKind; need: number; posted: number; missing: number; minimum_missing: number; supply?: number }
export interface PlanDistrict {
  area: string; name: string; name_ur?: string | null; province: string; buildings: number; per_kind: KindShort[];
  worst_class_missing: RiskClass | null; shadow: { kind: StaffKind; per_hundred: number }[];
}
export interface BuildingShort { kind: StaffKind; missing: number; minimum_missing: number; reason: string; reason_en: string; reason_ur: string; shadow_price: number; mitigation?: string | null; mitigation_en?: string | null; mitigation_ur?: string | null }
export interface PlanBuilding {
  building: string; name: string; district: string; class: RiskClass | null; stations: number; need: number; posted: number;
  missing: number; per_kind: { kind: StaffKind; need: number; minimum: number; posted: number }[]; postings: Posting[]; shortfalls: BuildingShort[];
}
export interface PlanUnit {
  unit: string; name: string; tier: string; district: string; men: number; women: number; posted: number;
  buildings: { building: string; name: string; kind: StaffKind; count: number; distance_m: number }[];
}
export interface PlanCompare {
  moves: number; moved_people: number; per_district: { area: string; name: string; missing_a: number; missing_b: number }[];
  sample: { unit: string; building: string; kind: StaffKind; was: number; now: number }[]; cost_a: number; cost_b: number;
}
export interface More { removes: number; exact?: boolean; sentence_en: string; sentence_ur: string }
export interface Lock { id: string; unit: string; building: string; kind: StaffKind | null; count?: number | null; exclude?: boolean; building_name?: string; by?: string; at_ms?: number }

export interface FigureValue { value: string; number?: number | null; source: string; as_of?: string | null; note?: string | null }
export interface FigureGroup { area: string; measure: string; disputed: boolean; values: FigureValue[] }
export interface Figures { groups: FigureGroup[]; disputed?: number; age?: { as_of_ms: number; source: string } | null }

export interface ConflictSide { entry: string; person: string; role: string; area: string; at_ms: number; word: string; detail: string; note: string; attested_by_node: boolean }
export interface Conflict { noun: string; kind: string; subject: string; sides: ConflictSide[] }
export interface Withheld { entry: string; person: string; role: string; area: string; kind: number; at_ms: number; text_en: string; text_ur: string }
export interface Page<T> { total: number; rows: T[] }
