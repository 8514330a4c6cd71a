//! What the routes ask for: rows of `data/permissions.csv`.

use pehra_ops::permission as row;

pub(super) const LOOK: &[&str] = &["plan.view"];
/// The record itself: for those who plan, and for those who audit.
pub(super) const RECORD: &[&str] = &["plan.view", row::AUDIT_READ_ALL];
/// Towns and boundaries, which are in every atlas: for whoever has a map before them.
pub(super) const GROUND: &[&str] = &[
    "plan.view",
    row::INTEL_READ_FULL,
    row::INTEL_READ_SANITISED,
    row::INTEL_WRITE,
    row::DISPATCH_VIEW,
];
pub(super) const ALERTS: &[&str] =
    &[row::ALERT_VIEW, row::ALERT_DRAFT, row::ALERT_RELEASE, row::ALERT_RELEASE_PUBLIC];
pub(super) const ALERT_DRAFT: &[&str] = &[row::ALERT_DRAFT];
/// What is done about an alert: each act asks for its own row of the table.
pub(super) const ALERT_ACT: &[&str] =
    &[row::ALERT_DRAFT, row::ALERT_RELEASE, row::ALERT_RELEASE_PUBLIC];
pub(super) const FIGURES: &[&str] = &["figure.view"];
pub(super) const ACCOUNTS: &[&str] = &["account.view"];
/// Files that leave the node: for those who plan, and for those who may take everything.
pub(super) const EXPORT: &[&str] = &[row::PLAN_EDIT, "export.bulk"];
pub(super) const IMPORT: &[&str] = &[row::IMPORT_COMMIT];
pub(super) const ASSESS: &[&str] = &[row::ASSESS_COMMIT];
pub(super) const CLASS: &[&str] = &[row::CLASS_PROPOSE];
pub(super) const CLASS_APPROVE: &[&str] = &[row::CLASS_APPROVE];
pub(super) const RAISE: &[&str] = &[row::OVERRIDE_RAISE];
pub(super) const LIFT: &[&str] = &[row::OVERRIDE_WITHDRAW];
pub(super) const PARAMETER: &[&str] = &[row::PARAMETER_EDIT];
pub(super) const SOLVE: &[&str] = &[row::PLAN_EDIT];
pub(super) const APPROVE: &[&str] = &[row::PLAN_APPROVE];
pub(super) const ADOPT: &[&str] = &[row::PLAN_ADOPT];
pub(super) const WITHDRAW: &[&str] = &[row::PLAN_WITHDRAW];
pub(super) const LOCK: &[&str] = &[row::LOCK_SET];
pub(super) const OPEN_ACCOUNT: &[&str] = &[row::ACCOUNT_MANAGE];
pub(super) const GRANT: &[&str] = &[row::ROLE_GRANT];
pub(super) const GRANT_APPROVE: &[&str] = &[row::ROLE_APPROVE];
pub(super) const ENROL: &[&str] = &["key.enrol"];
pub(super) const REVOKE_KEY: &[&str] = &["key.revoke"];
pub(super) const REVOKE: &[&str] = &[row::ROLE_REVOKE];
pub(super) const ORDER: &[&str] = &[row::ORDER_GIVE];
pub(super) const ANSWER: &[&str] = &[row::ORDER_ANSWER];
pub(super) const ORDERS: &[&str] = &[row::ORDER_GIVE, row::ORDER_ANSWER];
/// What citizens told: each report asks for its own row of the table.
pub(super) const REPORTS: &[&str] = &[row::REPORT_READ, row::COMPLAINT_READ];
pub(super) const REPORTS_ACT: &[&str] = &[
    row::REPORT_READ,
    row::COMPLAINT_READ,
    row::REPORT_HANDLE,
    row::REPORT_STAFF_HANDLE,
    row::INCIDENT_REPORT,
];
pub(super) const HEAR_REPORT: &[&str] = &[row::REPORT_RECEIVE];
pub(super) const READ_SEALED: &[&str] =
    &[row::REPORT_READER, row::REPORT_READ, row::COMPLAINT_READ];
pub(super) const CONTACT: &[&str] = &[row::REPORTER_CONTACT, row::REPORT_READ, row::COMPLAINT_READ];
pub(super) const CONTACTS: &[&str] = &[row::PAYLOAD_DELETE];
pub(super) const DAY: &[&str] = &[row::DAY_VIEW];
pub(super) const INCIDENT_LOOK: &[&str] = &[row::DAY_VIEW, row::COMPLAINT_READ];
pub(super) const REPORT: &[&str] = &[row::INCIDENT_REPORT];
pub(super) const METHANE: &[&str] = &[row::INCIDENT_METHANE];
/// What is done about an incident: each act asks for its own row of the table.
pub(super) const INCIDENT: &[&str] = &[
    row::INCIDENT_ACKNOWLEDGE,
    row::INCIDENT_VERIFY,
    row::INCIDENT_DISPATCH,
    row::INCIDENT_PROGRESS,
    row::INCIDENT_CLOSE,
    row::INCIDENT_RECLASSIFY,
    row::INCIDENT_MERGE,
    row::INCIDENT_BYPASS,
    row::INCIDENT_REPORT,
    row::COMPLAINT_HANDLE,
];
/// Where polling material is: for those who keep it, and for those who watch.
pub(super) const DELETIONS: &[&str] =
    &[row::PAYLOAD_DELETE, row::PAYLOAD_DELETE_APPROVE, row::AUDIT_READ_ALL];
pub(super) const DELETE: &[&str] = &[row::PAYLOAD_DELETE];
pub(super) const DELETE_APPROVE: &[&str] = &[row::PAYLOAD_DELETE_APPROVE];
/// How draws stand; what is done about one asks for its own row of the table.
pub(super) const DRAWS: &[&str] =
    &["plan.view", row::DRAW_OPEN, row::DRAW_APPROVE, row::DRAW_PARTY, row::ROSTER_VIEW];
pub(super) const DRAW: &[&str] = &[row::DRAW_OPEN, row::DRAW_APPROVE, row::DRAW_PARTY];
/// Service numbers.
pub(super) const ROSTER: &[&str] = &[row::ROSTER_VIEW];
/// How patrols stand: for those who plan, those who go, and those who audit. What is sealed asks for more.
pub(super) const PATROLS: &[&str] =
    &["plan.view", row::PATROL_SEAL, row::PATROL_SHOW, row::DISPATCH_VIEW, row::AUDIT_READ_ALL];
pub(super) const PATROL_OPEN: &[&str] = &[row::PATROL_SHOW, row::DISPATCH_REPORT];
pub(super) const PATROL_ACT: &[&str] = &[row::PATROL_SEAL, row::PATROL_SHOW];
pub(super) const PATROL_SEAL: &[&str] = &[row::PATROL_SEAL];
/// Plans on paper.
pub(super) const PACKS: &[&str] = &[row::PACK_READ];
pub(super) const PACK_PRINT: &[&str] = &[row::PACK_PRINT];
/// How convoys stand, without a route or a time of any.
pub(super) const CONVOYS: &[&str] = &["plan.view", row::CONVOY_PLAN, row::CONVOY_KNOW];
pub(super) const CONVOY_PLAN: &[&str] = &[row::CONVOY_PLAN];
pub(super) const CONVOY_KNOW: &[&str] = &[row::CONVOY_KNOW];
pub(super) const CUSTODY: &[&str] = &[row::CUSTODY_VIEW, row::CUSTODY_SIGN_IN];
/// What is done with it: each act asks for its own row of the table.
pub(super) const CUSTODY_ACT: &[&str] = &[
    row::CUSTODY_REGISTER,
    row::CUSTODY_SIGN_OUT,
    row::CUSTODY_SIGN_IN,
    row::CUSTODY_RECORD,
    row::CUSTODY_WITNESS,
    row::CUSTODY_RELEASE,
    row::CUSTODY_COMPARE,
    row::CUSTODY_RESOLVE,
];
pub(super) const INTEL: &[&str] = &[row::INTEL_READ_FULL, row::INTEL_WRITE, row::INTEL_WATCH];
pub(super) const WARNED: &[&str] = &[row::INTEL_READ_SANITISED, row::INTEL_READ_FULL];
pub(super) const INTEL_WRITE: &[&str] = &[row::INTEL_WRITE];
pub(super) const INTEL_FULL: &[&str] = &[row::INTEL_READ_FULL];
/// What is done at the desk: each act asks for its own row of the table.
pub(super) const INTEL_ACT: &[&str] = &[
    row::INTEL_GRADE,
    row::INTEL_SANITISE,
    row::INTEL_RELEASE,
    row::INTEL_FEEDBACK,
    row::INTEL_ASSESS,
    row::INTEL_WATCH,
    row::INTEL_TASK,
    row::INTEL_ADMIT,
];
/// Units of the response.
pub(super) const DISPATCH: &[&str] = &[row::DISPATCH_VIEW];
pub(super) const DISPATCH_DUTY: &[&str] = &[row::DISPATCH_DUTY];
pub(super) const DISPATCH_SEND: &[&str] = &[row::INCIDENT_DISPATCH];
pub(super) const DISPATCH_ACT: &[&str] =
    &[row::INCIDENT_DISPATCH, row::INCIDENT_PROGRESS, row::DISPATCH_REPORT, row::DISPATCH_DUTY];
pub(super) const DISPATCH_APPROVE: &[&str] = &[row::DISPATCH_APPROVE];
pub(super) const DISPATCH_FLOOR: &[&str] = &[row::DISPATCH_FLOOR];
/// Equipment: for those who answer for it, and for those who watch.
pub(super) const DEVICES: &[&str] = &[row::DEVICE_VIEW, row::CCTV_VIEW, row::DEVICE_CONFIRM_MASK];
pub(super) const DEVICE_ACT: &[&str] = &[
    row::DEVICE_MANAGE,
    row::DEVICE_REPORT,
    row::DEVICE_CONFIRM_MASK,
    row::CCTV_EXPORT,
    row::CCTV_EXPORT_APPROVE,
];
pub(super) const DEVICE_WATCH: &[&str] = &[row::DEVICE_WATCH];
pub(super) const DEVICE_MANAGE: &[&str] = &[row::DEVICE_MANAGE];
pub(super) const CCTV_VIEW: &[&str] = &[row::CCTV_VIEW];
pub(super) const CCTV_EXPORT: &[&str] = &[row::CCTV_EXPORT, row::CCTV_EXPORT_APPROVE];
pub(super) const CHECK_IN: &[&str] = &[row::CHECKIN_HEAR, row::CHECKIN_SEND];
/// What is heard on a net: each line asks for its own row of the table.
pub(super) const NET: &[&str] = &[row::CHECKIN_HEAR, row::CHECKIN_SEND, row::INCIDENT_REPORT];
pub(super) const STRIKE: &[&str] = &[row::CHECKIN_STRIKE];
/// How an exercise's day stands, for everybody who plays; what it hides is the director's.
pub(super) const DRILL_LOOK: &[&str] = &["plan.view", row::DRILL_DIRECT];
pub(super) const DRILL: &[&str] = &[row::DRILL_DIRECT];
/// Registers for whoever watches the election, with their proofs.
pub(super) const OBSERVER: &[&str] = &[row::OBSERVER_VIEW];
pub(super) const READINESS: &[&str] = &[row::READINESS_VIEW];
pub(super) const READINESS_RECORD: &[&str] = &[row::READINESS_RECORD];
pub(super) const READINESS_MEND: &[&str] = &[row::READINESS_MEND];
pub(super) const READINESS_WAIVE: &[&str] = &[row::READINESS_WAIVE];
pub(super) const READINESS_STOP: &[&str] = &[row::READINESS_STOP];
pub(super) const FINDINGS: &[&str] = &[row::FINDING_VIEW];
pub(super) const FINDING_RECORD: &[&str] = &[row::FINDING_RECORD];
pub(super) const FINDING_CHARGE: &[&str] = &[row::FINDING_CHARGE];
pub(super) const FINDING_ANSWER: &[&str] = &[row::FINDING_ANSWER];
pub(super) const FINDING_CLOSE: &[&str] = &[row::FINDING_CLOSE];
pub(super) const FINDING_AIM: &[&str] = &[row::FINDING_AIM];
/// Lessons of an exercise.
pub(super) const TRAINER: &[&str] = &[row::TRAINER_USE];
pub(super) const TRAINING: &[&str] = &[row::TRAINING_VIEW];
pub(super) const TRAINING_RECORD: &[&str] = &[row::TRAINING_RECORD];
pub(super) const TRAINING_CERTIFY: &[&str] = &[row::TRAINING_CERTIFY];
/// Turns carriers of this node on and off.
pub(super) const CARRY: &[&str] = &[row::CARRIER_SWITCH];
pub(super) const SURVEY: &[&str] = &[row::SURVEY_RECORD];
/// Forms and what was seen: for those who plan and for those who go and look.
pub(super) const SURVEY_LOOK: &[&str] = &["plan.view", row::SURVEY_RECORD];
/// Campaigns: for whoever looks, and for whoever does something about one.
pub(super) const CAMPAIGNS: &[&str] = &[
    row::CAMPAIGN_VIEW,
    row::CAMPAIGN_EDIT,
    row::CAMPAIGN_READ,
    row::CAMPAIGN_APPROVE,
    row::CAMPAIGN_STOP,
    row::CAMPAIGN_MEASURE,
];
pub(super) const CAMPAIGN_EDIT: &[&str] = &[row::CAMPAIGN_EDIT];
pub(super) const CAMPAIGN_READ: &[&str] = &[row::CAMPAIGN_READ];
pub(super) const CAMPAIGN_APPROVE: &[&str] = &[row::CAMPAIGN_APPROVE];
pub(super) const CAMPAIGN_STOP: &[&str] = &[row::CAMPAIGN_STOP];
pub(super) const CAMPAIGN_MEASURE: &[&str] = &[row::CAMPAIGN_MEASURE];
/// Committees: counts for whoever looks, numbers for whoever enlists, vets or leads.
pub(in crate::http) const COMMUNITY: &[&str] = &[
    row::COMMUNITY_VIEW,
    row::COMMUNITY_FORM,
    row::COMMUNITY_ENLIST,
    row::COMMUNITY_VET,
    row::COMMUNITY_LEAD,
    row::COMMUNITY_TELL,
];
pub(in crate::http) const COMMUNITY_NUMBERS: &[&str] =
    &[row::COMMUNITY_ENLIST, row::COMMUNITY_VET, row::COMMUNITY_LEAD];
pub(super) const COMMUNITY_FORM: &[&str] = &[row::COMMUNITY_FORM];
pub(super) const COMMUNITY_ENLIST: &[&str] = &[row::COMMUNITY_ENLIST];
pub(super) const COMMUNITY_VET: &[&str] = &[row::COMMUNITY_VET];
pub(super) const COMMUNITY_LEAD: &[&str] = &[row::COMMUNITY_LEAD];
pub(super) const COMMUNITY_TELL: &[&str] = &[row::COMMUNITY_TELL];
