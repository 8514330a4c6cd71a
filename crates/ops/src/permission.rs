//! The permission table and the separation of duties: data, read from text that the caller gives.

use crate::{dataset::DatasetKind, incident::Matter};
use pehra_domain::role::Role;
use std::collections::{BTreeMap, BTreeSet};

pub const ACCOUNT_BOOTSTRAP: &str = "account.bootstrap";
pub const ACCOUNT_MANAGE: &str = "account.manage";
/// Alerts to partners, and how each stands.
pub const ALERT_VIEW: &str = "alert.view";
/// Writes an alert, or throws a draft away.
pub const ALERT_DRAFT: &str = "alert.draft";
/// Lets an alert out to some, as the second person; takes it back.
pub const ALERT_RELEASE: &str = "alert.release";
/// The same for what everybody reads: those who answer for the election.
pub const ALERT_RELEASE_PUBLIC: &str = "alert.release_public";
pub const ASSESS_COMMIT: &str = "assess.commit";
/// Who did what, in the whole record.
pub const AUDIT_READ_ALL: &str = "audit.read_all_log";
pub const CCTV_EXPORT: &str = "cctv.export";
pub const CCTV_EXPORT_APPROVE: &str = "cctv.export_approve";
/// Masked stills of cameras.
pub const CCTV_VIEW: &str = "cctv.view_live";
pub const CAMPAIGN_APPROVE: &str = "campaign.approve";
pub const CAMPAIGN_EDIT: &str = "campaign.edit";
pub const CAMPAIGN_MEASURE: &str = "campaign.measure";
/// A native reader's word on a text.
pub const CAMPAIGN_READ: &str = "campaign.read";
pub const CAMPAIGN_STOP: &str = "campaign.stop";
pub const CAMPAIGN_VIEW: &str = "campaign.view";
pub const CARRIER_SWITCH: &str = "carrier.switch";
pub const CHECKIN_HEAR: &str = "checkin.hear";
pub const CHECKIN_SEND: &str = "checkin.send";
pub const CHECKIN_STRIKE: &str = "checkin.strike";
pub const CLASS_APPROVE: &str = "class.approve";
pub const CLASS_PROPOSE: &str = "class.propose";
pub const COMPLAINT_HANDLE: &str = "complaint.staff.handle";
pub const COMPLAINT_READ: &str = "complaint.staff.read";
/// Routes and times of convoys before they leave.
pub const CONVOY_KNOW: &str = "convoy.know";
/// Planning them.
pub const CONVOY_PLAN: &str = "convoy.plan";
pub const CUSTODY_COMPARE: &str = "custody.compare";
pub const CUSTODY_RECORD: &str = "custody.record";
pub const CUSTODY_REGISTER: &str = "custody.register";
pub const CUSTODY_RELEASE: &str = "custody.release";
pub const CUSTODY_RESOLVE: &str = "custody.resolve_exception";
pub const CUSTODY_SIGN_IN: &str = "custody.sign_in";
pub const CUSTODY_SIGN_OUT: &str = "custody.sign_out";
pub const CUSTODY_VIEW: &str = "custody.view";
pub const CUSTODY_WITNESS: &str = "custody.witness";
pub const COMMUNITY_ENLIST: &str = "community.enlist";
/// Forms committees and dissolves them.
pub const COMMUNITY_FORM: &str = "community.form";
/// Briefings and rotas.
pub const COMMUNITY_LEAD: &str = "community.lead";
pub const COMMUNITY_TELL: &str = "community.tell";
pub const COMMUNITY_VET: &str = "community.vet";
pub const COMMUNITY_VIEW: &str = "community.view";
pub const DAY_VIEW: &str = "day.view";
/// The second person's word for a mask: those who answer for the secrecy of the ballot.
pub const DEVICE_CONFIRM_MASK: &str = "device.confirm_mask";
pub const DEVICE_MANAGE: &str = "device.manage";
pub const DEVICE_REPORT: &str = "device.report";
pub const DEVICE_VIEW: &str = "device.view";
/// Signs what a listening node saw.
pub const DEVICE_WATCH: &str = "device.watch";
/// The second person's signature for a sending below the floor: those who answer for the force.
pub const DISPATCH_APPROVE: &str = "dispatch.approve";
/// Puts crews on duty, sends them to rest and home.
pub const DISPATCH_DUTY: &str = "dispatch.duty";
/// Says how many units stay behind.
pub const DISPATCH_FLOOR: &str = "dispatch.floor";
/// A unit's own word: left, there, contained, back, where it is.
pub const DISPATCH_REPORT: &str = "dispatch.report";
/// Which units there are, how far each is, and where it said that it is.
pub const DISPATCH_VIEW: &str = "dispatch.view";
/// Directs an exercise: its pace, what is injected, its evaluation.
pub const DRILL_DIRECT: &str = "drill.direct";
/// Opens draws, proposes their stages, draws and replaces.
pub const DRAW_OPEN: &str = "draw.open";
/// The second person's word for a stage; withdrawing a draw.
pub const DRAW_APPROVE: &str = "draw.approve";
/// Speaks for a party of a draw.
pub const DRAW_PARTY: &str = "draw.party";
pub const ELECTION_OPEN: &str = "election.open";
/// Says what an exercise is for, and judges it.
pub const FINDING_AIM: &str = "finding.aim";
/// The owner's word that it is done.
pub const FINDING_ANSWER: &str = "finding.answer";
/// Charges an owner, sends back what is not done, drops what was none.
pub const FINDING_CHARGE: &str = "finding.charge";
pub const FINDING_CLOSE: &str = "finding.close";
pub const FINDING_RECORD: &str = "finding.record";
pub const FINDING_VIEW: &str = "finding.view";
pub const IMPORT_COMMIT: &str = "import.commit";
pub const IMPORT_THREAT: &str = "import.threat";
pub const INCIDENT_ACKNOWLEDGE: &str = "incident.acknowledge";
pub const INCIDENT_BYPASS: &str = "incident.bypass";
pub const INCIDENT_CLOSE: &str = "incident.close";
pub const INCIDENT_DISPATCH: &str = "incident.dispatch";
pub const INCIDENT_MERGE: &str = "incident.merge";
/// Reports in the fixed order, and with them declares a major incident or stands it down.
pub const INCIDENT_METHANE: &str = "incident.methane";
pub const INCIDENT_PROGRESS: &str = "incident.progress";
pub const INCIDENT_RECLASSIFY: &str = "incident.reclassify";
pub const INCIDENT_REPORT: &str = "incident.report";
pub const INCIDENT_VERIFY: &str = "incident.verify";
pub const INTEL_ADMIT: &str = "intel.admit";
pub const INTEL_ASSESS: &str = "intel.assess";
pub const INTEL_FEEDBACK: &str = "intel.feedback";
pub const INTEL_GRADE: &str = "intel.grade";
pub const INTEL_READ_FULL: &str = "intel.read_full";
pub const INTEL_READ_SANITISED: &str = "intel.read_sanitised";
pub const INTEL_RELEASE: &str = "intel.release";
pub const INTEL_SANITISE: &str = "intel.sanitise";
pub const INTEL_TASK: &str = "intel.task";
pub const INTEL_WATCH: &str = "intel.watch";
pub const INTEL_WRITE: &str = "intel.write";
pub const LOCK_SET: &str = "lock.set";
pub const NORMS_EDIT: &str = "norms.edit";
pub const ORDER_ANSWER: &str = "order.answer";
pub const ORDER_GIVE: &str = "order.give";
pub const OVERRIDE_RAISE: &str = "override.raise";
pub const OVERRIDE_WITHDRAW: &str = "override.withdraw";
/// Has the sheets of an area printed.
pub const PACK_PRINT: &str = "pack.print";
/// Takes them along.
pub const PACK_READ: &str = "pack.read";
pub const PARAMETER_EDIT: &str = "parameter.edit";
/// Drawing a day's patrols and putting them on record, sealed.
pub const PATROL_SEAL: &str = "patrol.seal";
/// Showing, at its hour, what was drawn.
pub const PATROL_SHOW: &str = "patrol.show";
pub const PAYLOAD_DELETE: &str = "payload.delete";
/// A node's own right: to carry out, on its day, what two persons signed as a standing order.
pub const PAYLOAD_DELETE_DUE: &str = "payload.delete_due";
pub const PAYLOAD_DELETE_APPROVE: &str = "payload.delete_approve";
pub const PLAN_ADOPT: &str = "plan.adopt";
pub const PLAN_APPROVE: &str = "plan.approve";
pub const PLAN_EDIT: &str = "plan.edit";
pub const PLAN_WITHDRAW: &str = "plan.withdraw";
pub const POLL_RECORD: &str = "poll.record";
pub const POLL_REPEAT: &str = "poll.extend_or_repoll";
pub const REPORTER_CONTACT: &str = "reporter.contact";
pub const REPORT_HANDLE: &str = "report.handle";
/// Texts of reports that speak of nobody who guards.
pub const REPORT_READ: &str = "report.public.read";
/// Having a key to which sealed reports are sealed.
pub const REPORT_READER: &str = "report.reader";
pub const REPORT_RECEIVE: &str = "report.receive";
pub const REPORT_STAFF_HANDLE: &str = "report.staff.handle";
/// Changes of classes, suspensions, releases by two persons and draws, each with its proof.
pub const OBSERVER_VIEW: &str = "observer.view";
pub const READINESS_MEND: &str = "readiness.mend";
pub const READINESS_RECORD: &str = "readiness.record";
pub const READINESS_STOP: &str = "readiness.stop";
/// What was measured of areas, what failed, and stop orders.
pub const READINESS_VIEW: &str = "readiness.view";
pub const READINESS_WAIVE: &str = "readiness.waive";
pub const ROLE_APPROVE: &str = "user.role_approve";
pub const ROLE_GRANT: &str = "user.role_grant";
pub const ROLE_REVOKE: &str = "user.role_revoke";
/// Who was drawn for which post.
pub const ROSTER_VIEW: &str = "roster.view";
pub const SUSPENSION_COUNTERSIGN: &str = "suspension.countersign";
pub const SUSPENSION_RECORD: &str = "suspension.record";
pub const SURVEY_RECORD: &str = "survey.record";
/// Learns with an exercise's lessons: nets, watches, situations.
pub const TRAINER_USE: &str = "trainer.use";
/// Issues certificates and takes them back.
pub const TRAINING_CERTIFY: &str = "training.certify";
/// Attendance, quizzes and practical tests.
pub const TRAINING_RECORD: &str = "training.record";
/// Who was trained in what, by service number.
pub const TRAINING_VIEW: &str = "training.view";

/// Duties that are done at a node and leave no entry of their own: what is kept apart from them is kept apart by roles.
pub const SILENT: &[&str] = &[
    AUDIT_READ_ALL,
    CCTV_VIEW,
    REPORT_READ,
    "key.enrol",
    "key.revoke",
    "source.identity",
    "system.backup",
    "system.config",
];

/// The row for committing or withdrawing a dataset of a kind.
#[must_use]
pub fn of_dataset(kind: DatasetKind) -> &'static str {
    match kind {
        DatasetKind::Stations
        | DatasetKind::Buildings
        | DatasetKind::Forces
        | DatasetKind::Figures
        | DatasetKind::Boundaries
        | DatasetKind::Roads
        | DatasetKind::Homes => IMPORT_COMMIT,
        DatasetKind::Events => IMPORT_THREAT,
        DatasetKind::Norms => NORMS_EDIT,
        DatasetKind::Parameters => PARAMETER_EDIT,
        DatasetKind::Surveys => SURVEY_RECORD,
        DatasetKind::Assessment => ASSESS_COMMIT,
        DatasetKind::Plan | DatasetKind::RoadMarks => PLAN_EDIT,
    }
}

/// The row for handling a citizen's report.
#[must_use]
pub fn of_report(matter: Matter) -> &'static str {
    match matter {
        Matter::Incident => REPORT_HANDLE,
        Matter::Complaint => REPORT_STAFF_HANDLE,
    }
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the table has no header line: the first line must begin with `{0}`")]
    Header(&'static str),
    #[error("line {line} has {found} cells, the header has {expected}: add or remove commas")]
    Width { line: usize, found: usize, expected: usize },
    #[error("line {line}: `{cell}` is not allowed here; write `x` or leave the cell empty")]
    Cell { line: usize, cell: String },
    #[error("line {line}: `{name}` stands twice or is empty; every name stands once")]
    Name { line: usize, name: String },
}

/// Role × permission. Lines that begin with `#` are comments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermissionTable {
    roles: BTreeSet<String>,
    rows: BTreeMap<String, BTreeSet<String>>,
}

impl PermissionTable {
    /// Reads `permission,ROLE,ROLE,…` and a line per permission with `x` where the role holds it.
    ///
    /// # Errors
    /// [`TableError`] with the line counted from 1, comments included.
    pub fn parse(csv: &str) -> Result<Self, TableError> {
        let mut lines = rows(csv);
        let (header_line, header) = lines.next().ok_or(TableError::Header("permission"))?;
        let mut header = header.into_iter();
        if header.next().as_deref() != Some("permission") {
            return Err(TableError::Header("permission"));
        }
        let columns: Vec<String> = header.collect();
        let roles: BTreeSet<String> = columns.iter().cloned().collect();
        if roles.len() != columns.len() || roles.contains("") {
            return Err(TableError::Name { line: header_line, name: "role".to_owned() });
        }
        let mut table = Self { roles, rows: BTreeMap::new() };
        for (line, cells) in lines {
            table.add_row(line, &columns, cells)?;
        }
        Ok(table)
    }

    fn add_row(
        &mut self,
        line: usize,
        columns: &[String],
        cells: Vec<String>,
    ) -> Result<(), TableError> {
        let (found, expected) = (cells.len(), columns.len() + 1);
        if found != expected {
            return Err(TableError::Width { line, found, expected });
        }
        let mut cells = cells.into_iter();
        let name = cells.next().unwrap_or_default();
        let mut holders = BTreeSet::new();
        for (role, cell) in columns.iter().zip(cells) {
            match cell.as_str() {
                "x" => {
                    holders.insert(role.clone());
                }
                "" => {}
                _ => return Err(TableError::Cell { line, cell }),
            }
        }
        if name.is_empty() || self.rows.insert(name.clone(), holders).is_some() {
            return Err(TableError::Name { line, name });
        }
        Ok(())
    }

    #[must_use]
    pub fn allows(&self, role: &Role, permission: &str) -> bool {
        self.rows.get(permission).is_some_and(|holders| holders.contains(role.as_str()))
    }

    #[must_use]
    pub fn has_row(&self, permission: &str) -> bool {
        self.rows.contains_key(permission)
    }

    #[must_use]
    pub fn knows_role(&self, role: &Role) -> bool {
        self.roles.contains(role.as_str())
    }

    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(String::as_str)
    }

    pub fn permissions(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// What a role holds.
    pub fn of_role<'a>(&'a self, role: &'a Role) -> impl Iterator<Item = &'a str> {
        self.rows
            .iter()
            .filter(|(_, holders)| holders.contains(role.as_str()))
            .map(|(name, _)| name.as_str())
    }
}

/// How far a separation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// About one and the same thing: plan, proposal, grant, report, step.
    SameThing,
    /// For ever, whatever it is about.
    Ever,
}

/// Pairs of duties that one person may not combine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Separation {
    pairs: Vec<(String, String, Reach)>,
}

impl Separation {
    /// Reads `permission_a,permission_b,scope`. A scope that says "ever" reaches for ever, any other is about the
    /// same thing.
    ///
    /// # Errors
    /// [`TableError`] with the line counted from 1, comments included.
    pub fn parse(csv: &str) -> Result<Self, TableError> {
        let mut lines = rows(csv);
        let header = lines.next().map(|(_, cells)| cells).unwrap_or_default();
        if header.first().map(String::as_str) != Some("permission_a") {
            return Err(TableError::Header("permission_a"));
        }
        let mut pairs = Vec::new();
        for (line, cells) in lines {
            let found = cells.len();
            let Ok([a, b, scope]) = <[String; 3]>::try_from(cells) else {
                return Err(TableError::Width { line, found, expected: 3 });
            };
            let known = pairs.iter().any(|(x, y, _)| *x == a && *y == b);
            if a.is_empty() || b.is_empty() || scope.is_empty() || known {
                return Err(TableError::Name { line, name: format!("{a},{b}") });
            }
            let ever = scope.split_whitespace().any(|word| word == "ever");
            pairs.push((a, b, if ever { Reach::Ever } else { Reach::SameThing }));
        }
        Ok(Self { pairs })
    }

    /// Every pair with its reach.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str, Reach)> {
        self.pairs.iter().map(|(a, b, reach)| (a.as_str(), b.as_str(), *reach))
    }

    /// Pairs that hold for ever.
    pub fn ever(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().filter(|(_, _, reach)| *reach == Reach::Ever).map(|(a, b, _)| (a, b))
    }

    /// The duties that somebody who carries out `permission` may not have carried out.
    pub fn against<'a>(&'a self, permission: &'a str) -> impl Iterator<Item = (&'a str, Reach)> {
        self.pairs().filter_map(move |(a, b, reach)| match permission {
            p if p == a => Some((b, reach)),
            p if p == b => Some((a, reach)),
            _ => None,
        })
    }
}

/// Lines with their numbers and cells; comments and empty lines left out. A cell in double quotes may hold commas.
pub(crate) fn rows(csv: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    (1..)
        .zip(csv.trim_start_matches('\u{feff}').lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(number, line)| (number, cells(line)))
}

fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.trim_end().chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    for cell in &mut cells {
        *cell = cell.trim().to_owned();
    }
    cells
}

#[cfg(test)]
mod tests;
