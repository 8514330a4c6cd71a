//! The intelligence desk in the room: what each may see of it, and the acts.
//!
//! Reports stand before those who may read full texts in their area, and before their own writer; everybody else sees
//! what was released to their role. The text itself is in no list: it is opened one by one, with a reason that is signed
//! first.

pub mod act;
pub mod near;
pub mod stix;
pub mod view;

pub use act::{ActView, DeskAct, ReadWish, TextView, TipWish, act, open, write};
pub use view::{
    AdmissionRow, CourseRow, DeskView, HandRow, MatterRow, MeasureRow, ReasonRow, ReportRow,
    SignedRow, TaskRow, WarningRow, WarningsView, WatchRow,
};

use crate::http::{
    problem::Problem,
    room::Room,
    sight::areas_with,
    who::{Access, Holding, holdings},
};
use axum::{Json, extract::State};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use pehra_ops::{
    intelligence::{
        Record, Service,
        warning::{Warning, warnings},
    },
    permission as row,
};
use std::collections::BTreeMap;

/// Rows of the permission table that decide what is seen here, and what is offered.
const ROWS: [&str; 11] = [
    row::INTEL_READ_FULL,
    row::INTEL_WRITE,
    row::INTEL_WATCH,
    row::INTEL_GRADE,
    row::INTEL_SANITISE,
    row::INTEL_RELEASE,
    row::INTEL_ASSESS,
    row::INTEL_TASK,
    row::INTEL_ADMIT,
    row::INTEL_FEEDBACK,
    row::ORDER_GIVE,
];

/// What somebody may see.
struct Sight {
    held: Vec<Holding>,
    /// Where each row is theirs, by any role.
    areas: BTreeMap<&'static str, Vec<AreaId>>,
    access: Access,
    /// By the wall: rights go by it, in an exercise too.
    now: UnixMs,
}

impl Sight {
    fn of(room: &Room, access: Access) -> Self {
        let node = room.node();
        let now = node.now();
        let held = holdings(node, &access.person, now);
        let areas: BTreeMap<_, _> =
            ROWS.into_iter().map(|row| (row, areas_with(node, &held, &[row]))).collect();
        Self { held, areas, access, now }
    }

    fn person(&self) -> &PersonId {
        &self.access.person
    }

    /// Where one of their roles allows it.
    fn areas(&self, permission: &str) -> &[AreaId] {
        self.areas.get(permission).map_or(&[], Vec::as_slice)
    }

    /// Whether one of their roles allows it there.
    fn holds(&self, permission: &str, area: &AreaId) -> bool {
        self.areas(permission).iter().any(|own| own.contains(area))
    }

    fn watches(&self, area: &AreaId) -> bool {
        self.reads(area) || self.holds(row::INTEL_WATCH, area)
    }

    /// Whether a question to a service is put to them.
    fn answers(&self, service: Service, area: &AreaId) -> bool {
        self.held.iter().any(|own| own.area.contains(area) && serves(&own.role, service))
    }

    /// Whether whoever holds a role about an area is one of them.
    fn is_owner(&self, role: &Role, area: &AreaId) -> bool {
        self.held.iter().any(|own| own.role == *role && own.area.meets(area))
    }

    /// Whether they may read full texts there.
    fn reads(&self, area: &AreaId) -> bool {
        self.holds(row::INTEL_READ_FULL, area)
    }

    /// Whether they know of a report: as readers, as its writer, or because its warning went to them.
    fn knows(&self, record: &Record) -> bool {
        let Some((_, mark)) = record.written() else { return false };
        let warned =
            |(_, to, ..): (_, &[Role], _, _)| to.iter().any(|role| self.is_owner(role, &mark.area));
        mark.person == *self.person()
            || self.reads(&mark.area)
            || record.released().is_some_and(warned)
    }

    /// Whether a warning goes to one of their roles, below its area or above it, or they read reports there.
    fn sees_warning(&self, one: &Warning<'_>) -> bool {
        let area = &one.mark.area;
        self.reads(area)
            || self
                .access
                .holdings
                .iter()
                .any(|own| one.to.contains(&own.role) && own.area.meets(area))
    }
}

/// The desk as whoever asks may see it.
#[utoipa::path(get, path = "/api/intelligence", tag = "intelligence", responses((status = 200, body = DeskView)))]
pub async fn desk(State(room): State<Room>, access: Access) -> Result<Json<DeskView>, Problem> {
    let shown = tokio::task::spawn_blocking(move || {
        let sight = Sight::of(&room, access);
        let at = room.node().day_now();
        let warned = warned_roles(&room);
        room.node().ops(|state| view::desk(state, &sight, at, warned))
    });
    Ok(Json(shown.await.map_err(Problem::internal)?))
}

/// Whether somebody in a role speaks for a service: police and forces for their own, the desk's analysts for those that
/// have nobody in the room.
fn serves(role: &Role, service: Service) -> bool {
    match service {
        Service::Police => matches!(role.as_str(), "POL-SP" | "SHO"),
        Service::CivilArmedForces => role.as_str() == "CAF",
        Service::Army => role.as_str() == "ARMY",
        Service::SpecialBranch
        | Service::CounterTerrorism
        | Service::IntelligenceBureau
        | Service::InterServices
        | Service::CounterTerrorismAuthority
        | Service::CivilAdministration
        | Service::Commission => role.as_str() == "INTEL-AN",
    }
}

/// The roles to which a warning can be released: whoever may read what was sanitised.
fn warned_roles(room: &Room) -> Vec<String> {
    let table = &room.node().rules().permissions;
    let may = |code: &&str| {
        Role::try_new(*code).is_ok_and(|role| table.allows(&role, row::INTEL_READ_SANITISED))
    };
    table.roles().filter(may).map(str::to_owned).collect()
}

/// Warnings that were released to whoever asks, and what was ordered against them.
#[utoipa::path(get, path = "/api/intelligence/warnings", tag = "intelligence",
    responses((status = 200, body = WarningsView)))]
pub async fn warned(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<WarningsView>, Problem> {
    let sight = Sight::of(&room, access);
    let at = room.node().day_now();
    Ok(Json(room.node().ops(|state| {
        let seen = warnings(state, at).into_iter().filter(|one| sight.sees_warning(one));
        let rows: Vec<WarningRow> = seen.map(|one| view::warning(&one, &sight, at)).collect();
        let hands = rows.iter().filter(|row| row.hand).count();
        WarningsView { warnings: rows, hands, now_ms: at.0 }
    })))
}
