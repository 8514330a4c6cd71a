//! Those who write, grade, weigh and release what services know, and the officer who is charged with a warning: each a person
//! of their own, and each service, the analysts and whoever releases on devices of their own. What they say comes in by the
//! door of every other device.

use super::{
    deliver::Act,
    desk::{DeskError, Hand, Pen},
    tip::{Deed, Step, Tip},
};
use crate::node::{Node, NodeError};
use pehra_domain::{AreaId, PersonId, UnixMs, exercise::EXERCISE_MARK, role::Role};
use pehra_ops::{
    Actor, Command, EventRef, State,
    intelligence::{self, Admission, Compartment, Phase, Record, Service, Target, fusion},
    order::{self, Charge, Measure, Order, Priority},
};
use std::collections::BTreeMap;

/// How the names of all of them begin.
pub(super) const PERSON: &str = "sim-";
/// Whoever got an order has so long to read it, by the wall's clock as every order.
const READ_MS: i64 = 30 * 60_000;
/// And so long to meet it, by the day's, where the window leaves so much.
const CONFIRM_MS: i64 = 2 * 3_600_000;
/// Whoever reads for the desk is admitted to a closed compartment for so long.
const ADMITTED_MS: i64 = 3 * 86_400_000;
/// Roles to which a warning goes: who answers for the district, the station house, and the sectors.
const WARNED: [&str; 3] = ["CTRL-D", "SHO", "SECTOR"];

/// One of those who are no district's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Post {
    Service(Service),
    /// Reads, grades and weighs.
    Analyst,
    /// Writes what may go out.
    Editor,
    /// Lets it out, and admits readers.
    Manager,
}

impl Post {
    pub(super) fn person(self) -> String {
        let name = match self {
            Self::Service(service) => service.code(),
            Self::Analyst => "analyst",
            Self::Editor => "editor",
            Self::Manager => "manager",
        };
        format!("{PERSON}{name}")
    }

    fn role(self) -> &'static str {
        match self {
            Self::Service(Service::Police) => "POL-SP",
            Self::Service(Service::CivilArmedForces) => "CAF",
            Self::Service(Service::Army) => "ARMY",
            Self::Service(_) | Self::Analyst | Self::Editor => "INTEL-AN",
            Self::Manager => "INTEL-MGR",
        }
    }
}

/// All of them, each with a device.
pub(super) struct Bureau {
    area: AreaId,
    pens: BTreeMap<Post, Pen>,
    /// From which likelihood on a warning is met by an order, in ten-thousandths.
    order_from_e4: u32,
}

impl Bureau {
    /// Devices with new keys, enrolled by the node for an area.
    ///
    /// # Errors
    /// [`NodeError`] when the node's disk failed.
    pub(super) fn enrol(node: &Node, area: &AreaId, order_from_e4: u32) -> Result<Self, NodeError> {
        let services = super::tip::SERVICES.map(Post::Service);
        let mut pens = BTreeMap::new();
        for post in services.into_iter().chain([Post::Analyst, Post::Editor, Post::Manager]) {
            let name = person(&post.person())?;
            pens.insert(post, Pen::enrol(node, area, &name, &[post.role()])?);
        }
        Ok(Self { area: area.clone(), pens, order_from_e4 })
    }

    /// Decides and seals what one of them does about a district's matter.
    ///
    /// # Errors
    /// [`DeskError`]; nothing was sealed then.
    pub(super) fn seal(
        &mut self,
        node: &Node,
        (post, area): (Post, &AreaId),
        said: (&Command, UnixMs),
    ) -> Result<Vec<Vec<u8>>, DeskError> {
        let failed = |error: String| DeskError::Seal(area.clone(), error);
        let role = Role::try_new(post.role()).map_err(|error| failed(error.to_string()))?;
        let Some(pen) = self.pens.get_mut(&post) else {
            return Err(failed(format!("{} has no device", post.person())));
        };
        let actor = Actor { person: person(&post.person())?, role, area: self.area.clone() };
        pen.seal(node, actor, said)
    }

    /// The acts that a step takes as the record stands; none where it is done, or what it follows from is not there.
    pub(super) fn acts(&self, node: &Node, area: &AreaId, deed: &Deed) -> Vec<Act> {
        if deed.step == Step::Write {
            return self.written(node, area, deed).into_iter().collect();
        }
        node.ops(|state| self.follows(node, state, area, deed)).unwrap_or_default()
    }

    fn written(&self, node: &Node, area: &AreaId, deed: &Deed) -> Option<Act> {
        let post = Post::Service(deed.tip.report.service);
        let key = self.pens.get(&post)?.key();
        let tip = &deed.tip;
        let sealed = node.seal_report_by(key, area, &tip.report, &tip.text);
        match sealed {
            Ok(report) => {
                let area = area.clone();
                Some(does(post, intelligence::Command::Write { area, report }, deed.at))
            }
            Err(error) => {
                tracing::error!(%error, "a simulated service's text cannot be sealed");
                None
            }
        }
    }

    fn follows(&self, node: &Node, state: &State, area: &AreaId, deed: &Deed) -> Option<Vec<Act>> {
        use intelligence::Command as C;
        let (report, record) = find(state, &deed.tip)?;
        let at = deed.at;
        if matches!(record.phase(at), Phase::Withdrawn | Phase::Expired | Phase::Disputed) {
            return None;
        }
        let act = |post: Post, command: C| does(post, command, at);
        Some(match deed.step {
            Step::Write => return None,
            Step::Grade => {
                if record.grade().is_some() {
                    return None;
                }
                let closed = record.written().map_or(Compartment::Open, |(it, _)| it.compartment);
                let mut acts = Vec::with_capacity(3);
                acts.extend(self.admission(node, state, closed, at));
                let reason = format!("{EXERCISE_MARK} · to grade");
                acts.push(act(Post::Analyst, C::Open { report, reason }));
                let (grade, note) = (deed.tip.grade, String::new());
                acts.push(act(Post::Analyst, C::Grade { report, grade, note }));
                acts
            }
            Step::Assess => {
                let (reports, fused) = weighed(state, report, at)?;
                let words = format!("{EXERCISE_MARK} · {}", fused.english());
                let (area, until) = (area.clone(), record.written()?.0.window.until);
                vec![act(Post::Analyst, C::Assess { area, reports, until, words })]
            }
            Step::Sanitise => {
                record.grade()?;
                if record.sanitised().is_some() {
                    return None;
                }
                let text = deed.tip.warning.clone();
                vec![act(Post::Editor, C::Sanitise { report, text })]
            }
            Step::Release => {
                record.sanitised()?;
                if record.released().is_some() {
                    return None;
                }
                let to = WARNED.iter().filter_map(|code| Role::try_new(*code).ok()).collect();
                vec![act(Post::Manager, C::Release { report, to })]
            }
            Step::Order => {
                let order = self.charge(node, state, (report, record), at)?;
                let command = order::Command::Give { area: area.clone(), order };
                vec![Act { day: Some(at), ..Act::desk(Command::Order(command)) }]
            }
            Step::Read | Step::Confirm => {
                let (release, ..) = record.released()?;
                vec![answered(state, area, deed, release)?]
            }
        })
    }

    /// The order that a warning asks for; none where one stands, or the matter is not likely enough.
    fn charge(
        &self,
        node: &Node,
        state: &State,
        (report, record): (EventRef, &Record),
        at: UnixMs,
    ) -> Option<Order> {
        let (release, ..) = record.released()?;
        let (_, fused) = weighed(state, report, at)?;
        let is_met = order_of(state, release).is_some();
        if is_met || fused.posterior_e4 < self.order_from_e4 {
            return None;
        }
        ordered(record, release, at, node.now())
    }

    /// Whoever reads for the desk is admitted first where a compartment is closed to them.
    fn admission(
        &self,
        node: &Node,
        state: &State,
        compartment: Compartment,
        at: UnixMs,
    ) -> Option<Act> {
        if compartment == Compartment::Open {
            return None;
        }
        let (reader, now) = (person(&Post::Analyst.person()).ok()?, node.now());
        let area = self.area.clone();
        let known = state.intelligence.admits(&reader, compartment, &area, now);
        if known.is_some() {
            return None;
        }
        let until = UnixMs(now.0 + ADMITTED_MS);
        let admitted = Admission { person: reader, compartment, until };
        let reason = format!("{EXERCISE_MARK} · reads for the desk");
        let command = intelligence::Command::Admit { area, admitted, reason };
        Some(does(Post::Manager, command, at))
    }
}

fn person(name: &str) -> Result<PersonId, NodeError> {
    PersonId::try_new(name).map_err(|error| NodeError::Table(error.to_string()))
}

fn does(post: Post, command: intelligence::Command, at: UnixMs) -> Act {
    let command = Command::Intelligence(command);
    let (hand, day) = (Hand::Bureau(post), Some(at));
    Act { role: post.role(), command, count: 1, hand, day }
}

/// The report on record: of one root each service's own words.
fn find<'a>(state: &'a State, tip: &Tip) -> Option<(EventRef, &'a Record)> {
    let ours = &tip.report;
    state.intelligence.all().find(|(_, record)| {
        record.written().is_some_and(|(told, _)| {
            told.root == ours.root && told.service == ours.service && told.obtained == ours.obtained
        })
    })
}

/// All reports of the matter that this one is of, as many as one sum may hold, and what they say together.
fn weighed(state: &State, report: EventRef, at: UnixMs) -> Option<(Vec<EventRef>, fusion::Fused)> {
    let all = fusion::matters(&state.intelligence, at);
    let mut reports = all.into_iter().find(|reports| reports.contains(&report))?;
    reports.truncate(intelligence::REPORTS_MAX);
    let voices = fusion::voices(&state.intelligence, &reports, at);
    Some((reports, fusion::fuse(fusion::PRIOR_E4, &voices)))
}

/// The first order that meets a release and stands.
fn order_of(state: &State, release: EventRef) -> Option<(EventRef, &order::Entry)> {
    let meets = |order: &Order| order.charge.as_ref().is_some_and(|it| it.warning == release);
    let mut all = state.orders.all();
    let found = all.find(|(_, order, _, entry)| meets(order) && entry.withdrawn.is_none());
    found.map(|(at, _, _, entry)| (at, entry))
}

/// The station house reads the order that meets a release, or says that it is done; none where it has.
fn answered(state: &State, area: &AreaId, deed: &Deed, release: EventRef) -> Option<Act> {
    let (order, entry) = order_of(state, release)?;
    let area_of = || area.clone();
    let is_new = entry.acted.is_empty();
    let command = if deed.step == Step::Confirm {
        let note = EXERCISE_MARK.to_owned();
        is_new.then(|| order::Command::Act { area: area_of(), order, note })
    } else {
        let is_unread = is_new && entry.read.is_empty();
        is_unread.then(|| order::Command::Read { area: area_of(), order })
    }?;
    let tail = area.as_str().trim_start_matches("pk/").replace('/', "-");
    let hand = Hand::Office(PersonId::try_new(format!("{PERSON}sho-{tail}")).ok()?);
    let command = Command::Order(command);
    Some(Act { role: "SHO", command, count: 1, hand, day: Some(deed.at) })
}

/// What the station house is charged with, and until when it says that it is done.
fn ordered(record: &Record, release: EventRef, at: UnixMs, now: UnixMs) -> Option<Order> {
    let (told, _) = record.written()?;
    let limit = if at < told.window.from { told.window.from } else { told.window.until };
    let confirm_by = UnixMs((at.0 + CONFIRM_MS).min(limit.0));
    let (measure, english, urdu) = match told.target {
        Target::Convoy | Target::Route => {
            (Measure::Reroute, "take the other road", "دوسرا راستہ اختیار کریں")
        }
        Target::Station | Target::Office | Target::Store => {
            (Measure::Harden, "search and post more", "تلاشی لیں اور نفری بڑھائیں")
        }
        Target::Gathering
        | Target::PollingStaff
        | Target::Forces
        | Target::Communications
        | Target::Area => (Measure::Reinforce, "reinforce and patrol", "کمک اور گشت"),
    };
    let owner = Role::try_new("SHO").ok()?;
    Some(Order {
        to: vec![owner.clone(), Role::try_new("SECTOR").ok()?],
        priority: Priority::Urgent,
        text: format!("{EXERCISE_MARK} · {english} · {urdu}"),
        read_by: UnixMs(now.0 + READ_MS),
        runner: String::new(),
        charge: Some(Charge { warning: release, measure, owner, confirm_by }),
    })
}
