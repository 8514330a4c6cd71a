//! What somebody may see of what is kept about complaints, intelligence and volunteers: one rule for every list of entries.

use crate::{
    http::{
        table::need,
        who::{Access, Holding, holdings},
    },
    node::{Node, record::about_guards},
};
use pehra_domain::{AreaId, PersonId};
use pehra_ledger::Entry;
use pehra_ops::{event::kind_name, permission};

/// The areas in which a person may read complaints about security staff, by any role.
pub(crate) fn complaints_within(node: &Node, person: &PersonId) -> Vec<AreaId> {
    areas_with(node, &holdings(node, person, node.now()), &[permission::COMPLAINT_READ])
}

/// The areas in which one of the permissions is held, by any role.
pub(crate) fn areas_with(node: &Node, held: &[Holding], needed: &[&str]) -> Vec<AreaId> {
    let table = &node.rules().permissions;
    let holds = |one: &&Holding| needed.iter().any(|row| table.allows(&one.role, row));
    held.iter().filter(holds).map(|one| one.area.clone()).collect()
}

/// The areas that somebody can name to do what a permission allows: those in which it is held, and the districts below
/// them. In order, each once.
pub(crate) fn areas_to_name(node: &Node, access: &Access, permission: &str) -> Vec<String> {
    let held = areas_with(node, &access.holdings, &[permission]);
    let districts = node.gazetteer().districts.iter().map(|it| &it.area);
    let below = districts.filter(|area| within(&held, area));
    let mut areas: Vec<String> = held.iter().chain(below).map(ToString::to_string).collect();
    areas.sort();
    areas.dedup();
    areas
}

fn within(areas: &[AreaId], area: &AreaId) -> bool {
    areas.iter().any(|own| own.contains(area))
}

/// What somebody may see: where the route's door reaches, and of two subjects only where any role of theirs may read it.
pub(crate) struct Sight {
    access: Access,
    complaints: Vec<AreaId>,
    /// Where citizens' reports may be read.
    reports: Vec<AreaId>,
    /// Where the intelligence desk's own entries may be read.
    desk: Vec<AreaId>,
    /// Where it may be known that there are any, and whose.
    traces: Vec<AreaId>,
    /// Where volunteers' numbers may be read.
    volunteers: Vec<AreaId>,
}

impl Sight {
    pub(crate) fn of(node: &Node, access: Access) -> Self {
        let held = holdings(node, &access.person, node.now());
        let trace = [permission::INTEL_READ_FULL, permission::AUDIT_READ_ALL];
        Self {
            complaints: areas_with(node, &held, &[permission::COMPLAINT_READ]),
            reports: areas_with(
                node,
                &held,
                &[permission::REPORT_READ, permission::COMPLAINT_READ, permission::AUDIT_READ_ALL],
            ),
            desk: areas_with(node, &held, &[permission::INTEL_READ_FULL]),
            traces: areas_with(node, &held, &trace),
            volunteers: areas_with(
                node,
                &held,
                &[need::COMMUNITY_NUMBERS, &[permission::AUDIT_READ_ALL]].concat(),
            ),
            access,
        }
    }

    pub(crate) fn reaches(&self, area: &AreaId) -> bool {
        self.access.reaches(area)
    }

    pub(crate) fn concerns(&self, area: &AreaId) -> bool {
        self.access.concerns(area)
    }

    /// Whoever complains about those who guard them is named to the readers of complaints alone.
    fn complaint(&self, area: &AreaId) -> bool {
        self.reaches(area) && within(&self.complaints, area)
    }

    /// What citizens tell is for the public desk and the district's control room, and for auditors.
    fn report(&self, area: &AreaId) -> bool {
        self.reaches(area) && within(&self.reports, area)
    }

    /// What is said of a tip is for the desk.
    pub(crate) fn intelligence(&self, area: &AreaId) -> bool {
        self.reaches(area) && within(&self.desk, area)
    }

    /// Who wrote, graded and opened tips, when and where, is for the desk and for auditors.
    fn trace_of_intelligence(&self, area: &AreaId) -> bool {
        self.reaches(area) && within(&self.traces, area)
    }

    /// Volunteers are known by number to those who enlist, vet or lead, and to auditors.
    fn community(&self, area: &AreaId) -> bool {
        self.reaches(area) && within(&self.volunteers, area)
    }

    /// Whether somebody may know of what is kept of a noun in an area; asked only where it matters, `about_guards` says
    /// whether it is of a complaint.
    pub(crate) fn noun(&self, noun: &str, area: &AreaId, about_guards: impl Fn() -> bool) -> bool {
        match noun {
            "intelligence" => self.trace_of_intelligence(area),
            "community" => self.community(area),
            "incident" => self.complaint(area) || (self.reaches(area) && !about_guards()),
            "report" => self.complaint(area) || (self.report(area) && !about_guards()),
            _ => self.reaches(area),
        }
    }

    /// The same of an entry, by its header.
    pub(crate) fn header(&self, kind: u32, area: &str, about_guards: impl Fn() -> bool) -> bool {
        let Ok(area) = AreaId::try_new(area) else { return false };
        let noun = kind_name(kind).and_then(|name| name.split_once('.')).map_or("", |it| it.0);
        self.noun(noun, &area, about_guards)
    }

    pub(crate) fn entry(&self, entry: &Entry) -> bool {
        let header = entry.header();
        self.header(header.kind, &header.area, || about_guards(entry))
    }
}
