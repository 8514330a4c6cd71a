// The HTTP contract as the screens read it: names for the shapes that are generated from crates/pehra/openapi.json.
// Written by hand is only what the document cannot say: pairs of fixed length, closed lists behind a string, and the
// content of a job's result. Times are unix milliseconds, scores hundredths.
import type { components } from "./generated";
import type { ToSign } from "./key";

type Shape = components["schemas"];
type But<Of, More> = Omit<Of, keyof More> & More;

export type RiskClass = Shape["ClassWord"];
export type StaffKind = Shape["StaffWord"];
export const CLASSES: readonly RiskClass[] = ["normal", "sensitive", "most"];
export const STAFF: readonly StaffKind[] = ["police_man", "police_woman", "civil_armed_forces", "army"];

export interface Fault { code: string; text_en: string; text_ur: string; field?: string | null; sign?: ToSign | null }

export type Setup = Shape["SetupState"];
export type Session = Shape["SessionView"];
export type RoleGrant = Shape["GrantView"];
export type Person = Shape["PersonView"];

export type Trust = Shape["TrustView"];
export type TrustCertificate = Shape["CertifiedView"];
export type TrustRequest = Shape["RequestView"];

export type DataAge = But<Shape["DataView"], { counts: Record<string, number> }>;
export type NodeState = But<Shape["NodeView"], { data: DataAge[] }>;

export type UnitLate = Shape["UnitLateView"];
export type Alerts = Shape["AlertsView"];
export type AlertRow = Shape["AlertRow"];
export type AlertWish = Shape["AlertWish"];

export type Job = Shape["Job"];
export type Schedules = Shape["SchedulesView"];
export type ScheduleRow = Shape["ScheduleRow"];
export type Schedule = Shape["ScheduleView"];
export type PatrolWay = Shape["WayView"];
export type OpenedSchedule = Shape["OpenedView"];
export type PatrolWish = Shape["PlanWish"];
export type Coverage = Shape["PatrolCoverage"];
export type CoverageRow = Shape["PatrolCoverageRow"];
/** Results of the work on patrols. */
export interface SealedDay { schedule: string; teams: number; without_key: string[]; duty: string[] }
export interface DrawnAgain { schedule: string; kept: boolean; drawn_again: boolean | null; planned_by: number; plans_by: number }

export type JobKind = Shape["JobKind"];
export type JobState = Shape["JobState"];
export type JobBound = Shape["JobBound"];

export type CommsHour = Shape["CommsHour"];
export type CommsArea = Shape["CommsDistrict"];
export type CommsStation = But<Shape["CommsStation"], { class: RiskClass }>;
export type CommsDistrict = But<Shape["CommsPlan"], { stations: CommsStation[] } & Partial<Shape["Age"]>>;
export type Comms = But<Shape["Communications"], { districts: CommsArea[] }> & Partial<Shape["Age"]>;
export type NetLesson = Shape["NetView"];
export type NetRoll = Shape["NetRoll"];
export type RollMember = Shape["RollMember"];
export type LineRead = Shape["LineRead"];
export type LineEntered = Shape["LineEntered"];
export type LineFault = Shape["LineFault"];
export type NetSheet = Shape["NetSheet"];
export type WatchLesson = Shape["WatchView"];
export type WatchSheet = Shape["WatchSheet"];
export type ClassLesson = Shape["ClassView"];
export type ClassSheet = Shape["ClassSheet"];
export type DrillView = Shape["DrillView"];
export type DrillStatus = Shape["DrillStatus"];
export type DrillTally = Shape["DrillTally"];
export type DrillWish = Shape["DrillWish"];
export type Evaluation = Shape["DrillEvaluation"];
/** A branch's result. */
export interface Compared { from_s: number; until_s: number; injected: string[]; without: DrillTally; with: DrillTally }
export type FindingLog = Shape["FindingLog"];
export type FindingEntry = Shape["FindingEntry"];

export type Town = Shape["MapTown"];
export type District = But<Shape["MapDistrict"], { classes: [number, number, number]; hull: [number, number][] }>;
export type SearchHit = But<Shape["Hit"], { kind: "station" | "building" | "unit" | "district" | "town" }>;

export type OverrideView = Shape["OverrideView"];
export type OfficialClass = Shape["OfficialView"];
export type Assessment = But<Shape["AssessmentView"], { class_permille: [number, number, number] }>;
export type Posting = Shape["PostingView"];
export type StationDetail = But<Shape["StationDetail"], { assessment?: Assessment | null }>;
export type FactorView = Shape["FactorView"];
export type Why = Shape["Why"];
export type WhatIf = Shape["WhatIf"];

export type ClassCounts = Shape["ClassCount"];
export type AreaAssessment = Shape["AreaSummary"];
export type AssessmentSummary = Shape["AssessmentSummary"];
export type StationRow = Shape["StationRow"];
export type Parameter = Shape["ParameterRow"];

export type ImportColumn = Shape["ColumnView"];
export type ImportMeaning = Shape["MeaningView"];
export type ImportSummary = But<Shape["SummaryView"], { findings: Record<string, number> }>;
export type ImportDiff = Shape["DiffView"];
export type ImportView = But<Shape["ImportView"], { summary?: ImportSummary | null }>;
export type ImportKind = Shape["KindView"];
export type Finding = Shape["FindingRow"];
export type FindingCode = Shape["CodeCount"];
export type Findings = Shape["FindingPage"];

export type Pair = Shape["PairView"];
export type PairSide = Shape["PairSide"];

export type SurveyForms = Shape["Forms"];
export type SurveyForm = Shape["FormView"];
export type SurveyQuestion = Shape["QuestionView"];
export type SurveySeen = Shape["SeenView"];
export type SurveySubject = Shape["SubjectView"];
export type SurveyCoverage = Shape["Coverage"];
export type SurveyDistrict = Shape["CoverageRow"];
export type SurveyPlaces = Shape["Places"];
export type SurveyPlace = Shape["PlaceRow"];

export type PlanStatus = Shape["StatusWord"];
export type PlanRow = Shape["PlanRow"];
export type PlanTotal = Shape["KindTotal"];
export type PlanDetail = Shape["PlanDetail"];
export type PlanDistrict = Shape["PlanDistrict"];
export type KindShort = PlanDistrict["per_kind"][number];
export type PlanBuilding = Shape["PlanBuilding"];
export type BuildingShort = Shape["ShortfallView"];
export type PlanUnit = Shape["PlanUnit"];
export type PackList = Shape["PackList"];
export type PackRow = Shape["PackRow"];
export type PackKind = Shape["PackKind"];
export type PackSheet = Shape["PackSheet"];
export type ConvoyList = Shape["ConvoyList"];
export type ConvoyRow = Shape["ConvoyRow"];
export type ConvoySeat = Shape["ConvoySeat"];
export type ConvoySum = Shape["ConvoySum"];
export type ConvoyNarrow = Shape["ConvoyNarrow"];
export type ConvoyDetail = Shape["ConvoyDetail"];
export type ConvoyPlanView = Shape["ConvoyPlanView"];
export type ConvoyView = Shape["ConvoyView"];
export type ReserveRow = Shape["ReserveRow"];
export type ReserveList = Shape["ReserveList"];
export type ReserveTargets = Shape["ReserveTargets"];
export type ReserveClass = Shape["ReserveClass"];
export type ReserveBase = Shape["ReserveBase"];
export type ReserveDetail = Shape["ReserveDetail"];
export type ReserveAnswer = Shape["ReserveIfAnswer"];
export type ReserveComparison = Shape["ReserveComparison"];
export type PlanCompare = Shape["Comparison"];
export type More = Shape["More"];
export type Lock = Shape["LockView"];

export type FigureValue = Shape["FigureValue"];
export type FigureGroup = Shape["FigureGroup"];
/** Without figures there is no age of them. */
export type Figures = Omit<Shape["Figures"], "as_of_ms"> & { as_of_ms?: number };

export type ConflictSide = Shape["ConflictSide"];
export type Conflict = Shape["ConflictView"];
export type Withheld = Shape["WithheldView"];

export type CustodyBoard = Shape["Board"];
export type CustodyArea = Shape["CustodyAreaView"];
export type CustodyException = Shape["ExceptionView"];
export type CustodyOffer = Shape["HandOverView"];
export type CustodyItems = Shape["Items"];
export type CustodyItem = Shape["ItemView"];
export type CustodyDone = Shape["CustodyDone"];
export type CustodySurvival = Shape["SurvivalView"];
export type Desk = Shape["DeskView"];
export type Tip = Shape["ReportRow"];
export type TipWish = Shape["TipWish"];
export type Matter = Shape["MatterRow"];
export type MatterReason = Shape["ReasonRow"];
export type WatchedArea = Shape["WatchRow"];
export type WatchHand = Shape["HandRow"];
export type Question = Shape["TaskRow"];
export type Admission = Shape["AdmissionRow"];
export type Warnings = Shape["WarningsView"];
export type Warning = Shape["WarningRow"];
export type Measure = Shape["MeasureRow"];
export type Near = Shape["NearView"];
export type StixBundle = Shape["StixView"];
export type StixTip = Shape["TipRow"];
export type DrawAct = Shape["DrawAct"];
export type DrawDone = Shape["DrawDone"];
export type DrawView = Shape["DrawView"];
export type DrawsView = Shape["DrawsView"];
export type RosterView = Shape["RosterView"];
export type StageView = Shape["StageView"];
export type Readiness = Shape["ReadinessView"];
export type ReadinessDetail = Shape["ReadinessDetail"];
export type Training = Shape["TrainingView"];
export type TrainingModule = Shape["TrainingModuleView"];
export type CourseDetail = Shape["CourseDetail"];
export type PersonTraining = Shape["PersonTraining"];
export type MarkView = Shape["MarkView"];
export type DrillMeasured = Shape["DrillMeasured"];
export type Deletions = Shape["DeletionsView"];
export type Deletion = Shape["DeletionRow"];
export type Devices = Shape["DevicesView"];
export type Dispatch = Shape["DispatchView"];
export type DispatchUnit = Shape["UnitView"];
export type DispatchAsk = Shape["AskView"];
export type DispatchLate = Shape["LateView"];
export type DispatchOffer = Shape["DispatchOffer"];
export type DispatchSuggestion = Shape["DispatchSuggestion"];
export type NearConvoy = Shape["NearConvoy"];
export type ConvoyPassing = Shape["ConvoyPassing"];
export type DutyWish = Shape["DutyWish"];
export type UnitDeed = Shape["UnitDeed"];
export type DeviceArea = Shape["DeviceArea"];
export type DeviceAlarm = Shape["DeviceAlarm"];
export type DeviceCamera = Shape["DeviceCamera"];
export type DeviceTask = Shape["DeviceTask"];
export type DeviceFrame = Shape["DeviceFrame"];
export type DeviceExport = Shape["DeviceExport"];
export type DeviceAct = Shape["DeviceAct"];
export type Orders = Shape["OrdersView"];
export type Order = Shape["OrderRow"];
export type Addressed = Shape["AddressedView"];
export type Addressees = Shape["Addressees"];
export type OrderWish = Shape["OrderWish"];
export type Reports = Shape["ReportsView"];
export type Report = Shape["ToldRow"];
export type ReportDetail = Shape["ReportDetail"];
export type HeardReport = Shape["HeardReport"];
export type ReadingKey = Shape["ReaderView"];
export type Paths = Shape["PathsView"];
export type Attested = Shape["AttestedView"];
export type Sms = Shape["SmsView"];
export type Shown = Shape["CodesShown"];
export type Seen = Shape["CodesSeen"];
export interface Page<T> { total: number; rows: T[] }

export type Counts = Shape["CountsView"];
export type SilenceView = Shape["SilenceView"];
export type AreaView = Shape["AreaView"];
export type MethaneView = But<Shape["MethaneView"], { lat_e7: number | null; lon_e7: number | null; toll: Shape["TollView"] | null }>;
export type MethaneWish = Required<But<Shape["MethaneWish"], { lat: number | null; lon: number | null; toll: number[] | null }>>;
export type MethaneDetail = But<Shape["MethaneDetail"], { reports: MethaneView[]; draft: MethaneWish }>;
export type IncidentView = But<Shape["IncidentView"], { major_ms: number | null; methane: MethaneView | null; class: number | null; station: string | null; lat_e7: number | null; lon_e7: number | null; finding: string | null; target: { what: string; by_ms: number } | null; toll: Shape["TollView"] | null; merged_into: string | null }>;
export type SuspensionView = But<Shape["SuspensionView"], { ordered_ms: number | null; effective_ms: number | null; restored_ms: number | null }>;
export type Frame = But<Shape["Frame"], { incidents: IncidentView[]; suspensions: SuspensionView[] }>;
export type Replay = But<Shape["ReplayView"], { frame: Frame; position: But<Shape["PositionView"], { last_ms: number | null }> }>;
export type ObservedAct = Shape["ObservedAct"];
export type ObserverView = Shape["ObserverView"];
export type ReplayCourse = Shape["CourseView"];
export type ReplayLater = But<Shape["LaterView"], { first: LaterRow[] }>;
export type LaterRow = But<Shape["LaterRow"], { happened_ms: number | null; area_name_ur: string | null }>;
export type DayTables = Shape["TablesView"];
export type CallView = But<Shape["CallView"], { answered: string | null; until_ms: number | null }>;
export type IncidentDetail = But<Shape["IncidentDetail"], { incident: IncidentView; calls: CallView[]; methane: MethaneDetail | null }>;
export type StationDay = But<Shape["StationDay"], { claims: But<Shape["ClaimView"], { counts: (number | null)[] }>[] }>;
export type Timeline = Shape["TimelineView"];
export type PathsView = Shape["PathsView"];

export type RecordPage = Shape["RecordPage"];
export type ProofView = Shape["ProofView"];

export type Nodes = Shape["NodesView"];
export type NodeRow = Shape["NodeRow"];
export type Imported = Shape["Imported"];
export type PhoneDoors = Shape["PhonesView"];
export type PhoneHello = Shape["PhoneHello"];
export type PhoneOwn = Shape["PhoneOwn"];
export type PhoneTaken = Shape["PhoneTaken"];

export type CommunityArea = Shape["CommunityArea"];
export type CommunityDetail = Shape["CommunityDetail"];
export type CommunityLog = Shape["CommunityLog"];
export type CommunityRotaRow = Shape["CommunityRotaRow"];
export type CommunityRow = Shape["CommunityRow"];
export type CommunityVolunteer = Shape["CommunityVolunteer"];
export type CampaignLog = Shape["CampaignLog"];
export type CampaignRow = Shape["CampaignRow"];
export type CampaignLanguage = Shape["CampaignLanguage"];
export type CampaignPlan = Shape["CampaignPlan"];
