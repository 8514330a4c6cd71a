//! Polling material of the imagined day as acts of those who have it in hand: the returning officer makes up the bags and
//! gives them out, each presiding officer reads their seal, carries, keeps, opens, counts, packs and brings back, and the
//! counter receives. What was swapped or altered in secret is in no act: it shows in what is read.
//!
//! The engine knows one number of a seal for the whole day. On the way out it is the bag's seal `S-`, and from packing on
//! the number of the seal that the presiding officer put on, `R-`, by how far it moved since then. A form's paper is its
//! number; the picture of it is that number's hash, and nobody holds it.

mod item;
mod post;

pub use post::Deed;

use super::convert::{Entered, Matter};
use crate::node::Node;
use item::{Labels, chunks};
use pehra_domain::{
    ItemId, UnixMs, contest::Assembly, exercise::EXERCISE_MARK, role::Role, station::Station,
};
use pehra_drill::day::{
    Happening, Parameters, Plan, Second, Step as Reached, Totals as Papers, What,
};
use pehra_ops::custody::{
    Command, Counted, Desk, FormKind, FormRead, Note, Offer, Passage, Reading, Road, Sheet, Step,
    form,
};
use post::{Column, Post, image, sealed, totals};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Whose acts follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thread {
    Incident(u32),
    Station(u32),
    Office(u32),
    Device(u32),
    Inventory(u32),
    Register(u32),
    Tip(u32),
    Repoll,
}

/// Follows the bags of the districts that are lived closely.
pub struct Material {
    plan: Arc<Plan>,
    handover_s: i32,
    posts: BTreeMap<u32, Post>,
    convoys: BTreeMap<u32, Column>,
}

impl Material {
    /// With the stations as the node lists them.
    #[must_use]
    pub fn of(
        node: &Node,
        plan: &Arc<Plan>,
        figures: &Parameters,
        districts: &BTreeSet<u32>,
    ) -> Self {
        let world = node.world();
        let lists = world.stations.as_ref().map_or(&[][..], |table| &table.stations);
        Self::new(Arc::clone(plan), figures, districts, lists)
    }

    /// `lists`: the stations as they are listed, with their contests.
    #[must_use]
    pub fn new(
        plan: Arc<Plan>,
        parameters: &Parameters,
        districts: &BTreeSet<u32>,
        lists: &[Station],
    ) -> Self {
        let listed: BTreeMap<_, _> = lists.iter().map(|it| (&it.id, it)).collect();
        let mut posts = BTreeMap::new();
        for (at, station) in (0_u32..).zip(&plan.stations) {
            if !districts.contains(&station.district) || station.postponed {
                continue;
            }
            let Some(listed) = listed.get(&station.id) else { continue };
            let of = |assembly| listed.contests.iter().find(|it| it.assembly == assembly);
            let contests = [Assembly::National, Assembly::Provincial]
                .map(|assembly| of(assembly).map(|it| it.constituency.clone()));
            let office = plan.offices.get(station.office as usize);
            let area = plan.districts.get(station.district as usize).map(|it| &it.area);
            let labels = office
                .zip(area)
                .and_then(|(office, area)| Labels::new(at, area, station, office, contests));
            if let Some(labels) = labels {
                posts.insert(at, Post::new(labels));
            }
        }
        let mut convoys = BTreeMap::new();
        for (at, convoy) in (0_u32..).zip(&plan.convoys) {
            if !districts.contains(&convoy.district) {
                continue;
            }
            convoys.insert(at, Column::default());
            let stops =
                convoy.stops.iter().filter_map(|it| plan.buildings.get(it.building as usize));
            for station in stops.flat_map(|building| building.stations.iter()) {
                if let Some(post) = posts.get_mut(&station) {
                    post.convoy = at;
                }
            }
        }
        Self { plan, handover_s: parameters.handover_s, posts, convoys }
    }

    /// Stations whose bags are followed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.posts.len()
    }

    /// What each returning officer makes up before anything is given out: seals, bags and what lies in them.
    #[must_use]
    pub fn made_up(&self, at: Second) -> Vec<Entered> {
        let mut offices: BTreeMap<u32, Vec<&Labels>> = BTreeMap::new();
        for post in self.posts.values() {
            offices.entry(post.labels.office).or_default().push(&post.labels);
        }
        let at = self.ms(at);
        let mut all = Vec::new();
        for (office, labels) in offices {
            for some in chunks(&labels) {
                let Some(first) = some.first() else { continue };
                for command in item::made_up(&first.area, some, at) {
                    let deed = first.returning_does(command);
                    all.push(entered(first, Thread::Office(office), deed));
                }
            }
        }
        all
    }

    /// What somebody enters of one happening; nothing where it moves no material or is not lived closely. `overdue`: when
    /// a convoy that has left must be home.
    pub fn note(
        &mut self,
        happening: &Happening,
        overdue: &dyn Fn(u32) -> Option<Second>,
    ) -> Vec<Entered> {
        let at = happening.at;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens moves no material"
        )]
        match &happening.what {
            What::Custody { station, step, seal_read, seal_expected, .. } => {
                let moved = seal_read.wrapping_sub(*seal_expected);
                return self.step(*station, *step, at, moved);
            }
            What::ConvoyDeparted { convoy, night, .. } => {
                let due = overdue(*convoy);
                if let Some(column) = self.convoys.get_mut(convoy) {
                    (column.due, column.halt_s) = (due, 0);
                }
                return if *night { Vec::new() } else { self.out(*convoy, at) };
            }
            What::ConvoyHome { convoy, night: true, .. } => return self.home(*convoy, at),
            What::FormPosted { station, national, provincial, form, copies } => {
                let papers = [*national, *provincial];
                return self.counted(*station, at, papers, (*form, *copies));
            }
            What::BagsReceived { station, form, .. } => return self.typed(*station, at, *form),
            What::ConvoyDelayed { convoy, seconds, .. } => {
                if let Some(column) = self.convoys.get_mut(convoy) {
                    column.halt_s = column.halt_s.max(*seconds);
                }
            }
            What::OfficerReplaced { station, .. } => {
                self.change(*station, |post| Arc::make_mut(&mut post.labels).replace());
            }
            What::Snatched { station, .. } | What::Destroyed { station, .. } => {
                for column in self.convoys.values_mut() {
                    column.aboard.remove(station);
                }
            }
            What::LastVoter { station, voted } => {
                self.change(*station, |post| post.women = Some(voted.women));
            }
            What::CountBegun { station, agents } => {
                self.change(*station, |post| post.agents = *agents);
            }
            _ => {}
        }
        Vec::new()
    }

    fn change(&mut self, station: u32, change: impl FnOnce(&mut Post)) {
        if let Some(post) = self.posts.get_mut(&station) {
            change(post);
        }
    }

    fn ms(&self, at: Second) -> UnixMs {
        at.unix_ms(self.plan.day)
    }

    fn step(&mut self, station: u32, step: Reached, at: Second, moved: u32) -> Vec<Entered> {
        let at = self.ms(at);
        let day = self.plan.day;
        let Some(post) = self.posts.get_mut(&station) else { return Vec::new() };
        let labels = Arc::clone(&post.labels);
        if step == Reached::Packed {
            post.packed = Some(moved);
        }
        let read = post.read(moved);
        let column = self.convoys.get_mut(&post.convoy);
        let deeds = match step {
            Reached::Issued => {
                column.map(|column| column.aboard.insert(station));
                let receives = labels.presiding_receives(Step::C05, at, read);
                offer(&labels, Step::C05, at).into_iter().chain([receives]).collect()
            }
            Reached::Carried => {
                let halt_s = column.map_or(0, |column| {
                    column.aboard.remove(&station);
                    column.halt_s
                });
                let arrives = arrives(&labels, Step::C06, at, (post.convoy, halt_s));
                vec![arrives, note(&labels, Step::C06, at, (vec![read], Vec::new()))]
            }
            Reached::Overnight => {
                vec![note(&labels, Step::C07, at, (vec![read], Vec::new()))]
            }
            Reached::Opened => {
                vec![note(&labels, Step::C08, at, (vec![read], labels.boxes_sealed()))]
            }
            Reached::SecondBox => {
                vec![note(&labels, Step::C09, at, (Vec::new(), labels.spare_sealed()))]
            }
            // Its papers come with the form, in the same second.
            Reached::Counted => Vec::new(),
            Reached::Packed => {
                let put = std::iter::once(read).chain(labels.packets_sealed()).collect();
                vec![note(&labels, Step::C11, at, (Vec::new(), put))]
            }
            Reached::Returned => {
                let due = column.and_then(|column| {
                    column.aboard.insert(station);
                    column.due
                });
                let due = due.map(|due| due.unix_ms(day));
                vec![
                    departs(&labels, Step::C12, at, (post.convoy, due)),
                    note(&labels, Step::C12, at, (vec![read], Vec::new())),
                    labels.guard_witnesses(at),
                ]
            }
            Reached::Received => {
                let receives = labels.returning_receives(Step::C13, at, read);
                offer(&labels, Step::C13, at).into_iter().chain([receives]).collect()
            }
        };
        deeds.into_iter().map(|deed| entered(&labels, Thread::Station(station), deed)).collect()
    }

    /// The convoy of the eve leaves with whoever has a bag.
    fn out(&self, convoy: u32, at: Second) -> Vec<Entered> {
        let column = self.convoys.get(&convoy).zip(self.plan.convoys.get(convoy as usize));
        let Some((column, listed)) = column else { return Vec::new() };
        let leaves = |station: &u32| {
            let labels = &self.posts.get(station)?.labels;
            let after = listed.overdue_after_s(labels.building, self.handover_s);
            let due = after.map(|after| self.ms(at.plus(after)));
            let deed = departs(labels, Step::C06, self.ms(at), (convoy, due));
            Some(entered(labels, Thread::Station(*station), deed))
        };
        column.aboard.iter().filter_map(leaves).collect()
    }

    /// The convoy of the night is at the gate with whoever is aboard.
    fn home(&mut self, convoy: u32, at: Second) -> Vec<Entered> {
        let at = self.ms(at);
        let Some(column) = self.convoys.get_mut(&convoy) else { return Vec::new() };
        let (aboard, halt_s) = (std::mem::take(&mut column.aboard), column.halt_s);
        let arrived = |station: u32| {
            let labels = &self.posts.get(&station)?.labels;
            let deed = arrives(labels, Step::C12, at, (convoy, halt_s));
            Some(entered(labels, Thread::Station(station), deed))
        };
        aboard.into_iter().filter_map(arrived).collect()
    }

    /// The count of each contest, as the presiding officer signs it.
    fn counted(
        &mut self,
        station: u32,
        at: Second,
        papers: [Papers; 2],
        (paper, copies): (u32, u32),
    ) -> Vec<Entered> {
        let at = self.ms(at);
        let Some(post) = self.posts.get_mut(&station) else { return Vec::new() };
        post.papers = Some(papers);
        let labels = Arc::clone(&post.labels);
        let short = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
        let count = |(contest, papers): (&Option<_>, Papers)| {
            let contest: pehra_domain::ConstituencyId = contest.clone()?;
            let own = labels.station.clone();
            let image = image(paper, &contest);
            let code = form::code(&own, &contest, FormKind::F45, &image);
            let counted = Counted {
                station: own,
                contest,
                at,
                totals: totals(&papers, post.women),
                sheets: vec![Sheet { form: FormKind::F45, image, sealed: sealed(&image), code }],
                agents: short(post.agents),
                unsigned_reason: String::new(),
                posted: copies > 0,
                copies: short(copies),
            };
            let command = Command::Count { area: labels.area.clone(), counted };
            Some(entered(&labels, Thread::Station(station), labels.presiding_does(command)))
        };
        labels.contests.iter().zip(papers).filter_map(count).collect()
    }

    /// The counter types totals and codes from the paper that lies before it.
    fn typed(&self, station: u32, at: Second, paper: u32) -> Vec<Entered> {
        let at = self.ms(at);
        let Some(post) = self.posts.get(&station) else { return Vec::new() };
        let Some(papers) = post.papers else { return Vec::new() };
        let labels = &post.labels;
        let read = |(contest, papers): (&Option<_>, Papers)| {
            let contest: pehra_domain::ConstituencyId = contest.clone()?;
            let own = labels.station.clone();
            let code = form::code(&own, &contest, FormKind::F45, &image(paper, &contest));
            let totals = totals(&papers, post.women);
            let codes = vec![(FormKind::F45, code)];
            let desk = Desk::Reception;
            let read = FormRead { station: own, contest, desk, at, totals, codes };
            let command = Command::ReadForm { area: labels.area.clone(), read };
            Some(entered(labels, Thread::Station(station), labels.returning_does(command)))
        };
        labels.contests.iter().zip(papers).filter_map(read).collect()
    }
}

fn entered(labels: &Labels, thread: Thread, deed: Deed) -> Entered {
    let what = Matter::Material(thread, Box::new(deed));
    Entered { district: labels.district, role: "CTRL-D", what }
}

/// The giver's half: at the counter the returning officer's on the eve, the presiding officer's at night.
fn offer(labels: &Labels, step: Step, at: UnixMs) -> Option<Deed> {
    let eve = step == Step::C05;
    let to = Role::try_new(if eve { "PO" } else { "RO" }).ok()?;
    let (items, due, photographs) = (vec![labels.bag.clone()], None, Vec::new());
    let offer = Offer { step, items, to, at, due, place: labels.counter.clone(), photographs };
    let command = Command::Offer { area: labels.area.clone(), offer };
    Some(if eve { labels.returning_does(command) } else { labels.presiding_does(command) })
}

/// What the presiding officer finds on the bag and puts on it and what lies in it.
fn note(
    labels: &Labels,
    step: Step,
    at: UnixMs,
    (found, sealed): (Vec<Reading>, Vec<Reading>),
) -> Deed {
    let mut items: Vec<ItemId> = vec![labels.bag.clone()];
    items.extend(sealed.iter().map(|it| &it.item).filter(|item| **item != labels.bag).cloned());
    let (road, used, reference) = (None, None, String::new());
    let (photographs, note) = (Vec::new(), EXERCISE_MARK.to_owned());
    let note = Note { step, items, at, found, sealed, road, used, reference, photographs, note };
    labels.presiding_does(Command::Record { area: labels.area.clone(), note })
}

fn departs(labels: &Labels, step: Step, at: UnixMs, (convoy, due): (u32, Option<UnixMs>)) -> Deed {
    let items = vec![labels.bag.clone()];
    let passage = Passage { step, items, at, vehicle: vehicle(convoy), due, road: None };
    labels.presiding_does(Command::Depart { area: labels.area.clone(), passage })
}

/// An arrival says how long the longest halt of the way was that nobody planned.
fn arrives(labels: &Labels, step: Step, at: UnixMs, (convoy, halt_s): (u32, i32)) -> Deed {
    let halt_minutes = u16::try_from(halt_s / 60).unwrap_or(u16::MAX);
    let road = (halt_s > 0).then_some(Road { off_m: 0, planned_m: 0, driven_m: 0, halt_minutes });
    let items = vec![labels.bag.clone()];
    let passage = Passage { step, items, at, vehicle: vehicle(convoy), due: None, road };
    labels.presiding_does(Command::Arrive { area: labels.area.clone(), passage })
}

fn vehicle(convoy: u32) -> String {
    format!("EX-V{convoy}")
}
