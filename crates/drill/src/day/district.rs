//! One district's day: a queue of events by second and order of entry, and everything in the district that they change.

pub(super) mod census;
mod eve;
mod message;
mod poll;
mod queue;
mod service;
mod thing;
mod trouble;

use super::{
    Cause, Code, Content, Device, Path, Second, Service, Shared, Tamper, What,
    chance::{self, On, Who},
    plan::narrow,
    scenario::Scripted,
};
use message::Message;
use pehra_domain::{booth::BySex, seed::Seed};
use queue::Line;
use std::{cmp::Reverse, collections::BinaryHeap};
use trouble::Incident;

/// Before everything: what has this as its moment is free, or has never happened. Not the default, which is midnight.
const BEFORE: Second = Second(i32::MIN);

/// What comes next. Numbers are positions in the district's own lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    ConvoyOut {
        convoy: u32,
        night: bool,
    },
    ConvoyAt {
        convoy: u32,
        stop: u32,
        night: bool,
    },
    ConvoyHome {
        convoy: u32,
        night: bool,
    },
    Desk {
        station: u32,
    },
    NightGuards {
        building: u32,
    },
    DayGuards {
        building: u32,
    },
    Shift {
        building: u32,
    },
    GuardGoes {
        building: u32,
    },
    Prepare {
        station: u32,
    },
    Open {
        station: u32,
    },
    SecondBox {
        station: u32,
    },
    OfficerFails {
        station: u32,
    },
    OfficerReplaced {
        station: u32,
    },
    Doors {
        station: u32,
    },
    Emptied {
        station: u32,
    },
    CountBegins {
        station: u32,
    },
    CountEnds {
        station: u32,
    },
    Packed {
        station: u32,
    },
    Resume {
        station: u32,
    },
    /// The planned time of a check-in; it is made a little later, or forgotten.
    Planned {
        station: u32,
        code: u8,
    },
    Made {
        station: u32,
        code: u8,
    },
    Red {
        station: u32,
        code: u8,
    },
    Dark {
        station: u32,
        code: u8,
    },
    /// The next path is tried.
    Try {
        message: u32,
    },
    AtSector {
        message: u32,
        sector: u32,
    },
    Delivered {
        message: u32,
    },
    SectorPasses {
        sector: u32,
    },
    CarAt {
        sector: u32,
        station: u32,
    },
    CarBack {
        sector: u32,
        station: u32,
    },
    CourierOut {
        courier: u32,
    },
    CourierBack {
        courier: u32,
    },
    CutBegins {
        cut: u32,
    },
    CutEnds {
        cut: u32,
    },
    ServiceBack {
        service: Service,
    },
    NoticeBack {
        service: Service,
    },
    DeviceFails {
        station: u32,
        device: Device,
    },
    DeviceMended {
        station: u32,
        device: Device,
    },
    Scripted {
        script: u32,
    },
    Toll {
        incident: u32,
        statement: u32,
    },
    Heard {
        incident: u32,
    },
    Witness {
        incident: u32,
        channel: u8,
    },
    Dispatch {
        incident: u32,
    },
    TeamAt {
        team: u32,
        incident: u32,
    },
    TeamDone {
        team: u32,
        incident: u32,
    },
    TeamHome {
        team: u32,
    },
    IncidentOver {
        incident: u32,
    },
}

/// How far a station's day has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// No material yet.
    #[default]
    Bare,
    Ready,
    Open,
    Stopped,
    Shut,
    Counting,
    Counted,
    Packed,
    /// The poll is put off, or does not go on.
    Over,
}

/// Who has a station's material.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    #[default]
    Office,
    Convoy(u32),
    Station,
    Desk,
    Received,
    Destroyed,
    Snatched,
}

/// A station's state.
#[derive(Clone, Debug, Default)]
struct Post {
    phase: Phase,
    bag: Holder,
    lines: [Line; 2],
    /// Seal as it is now; another one than the manifest's is a swapped one.
    seal: u32,
    form: u32,
    tamper: u8,
    opened: Option<Second>,
    stopped: Second,
    /// When the station may resume or open at the earliest.
    held: Second,
    hold: Option<Cause>,
    staff: u32,
    staff_expected: u32,
    officer_out: bool,
    packed: Option<Second>,
    ready_late_s: i32,
    /// Paths known not to answer, by [`Path`].
    dead: u16,
    /// Check-ins due and not yet with the district, by code.
    due: u32,
    /// Said but with no way to send them.
    waiting: Vec<u32>,
    courier_bag: Vec<u32>,
    broken: u8,
    down_since: [Second; 4],
    dark: Option<Second>,
    incidents: u16,
    convoy: u32,
    receipt: u32,
}

/// People who guard a building.
#[derive(Clone, Copy, Debug, Default)]
struct Guards {
    posted: u32,
    present: u32,
    ill: u32,
    left: u32,
    hurt: u32,
    killed: u32,
    on_duty: bool,
}

#[derive(Clone, Copy, Debug)]
struct Column {
    out: bool,
    waits_at: Option<u32>,
    held: Second,
    planned_home: Second,
    late_s: i32,
    departures: u32,
    lost_vehicles: u32,
}

#[derive(Clone, Debug)]
struct Net {
    /// The post's telephone is busy until then.
    phone: Second,
    pending: Vec<u32>,
    passing: bool,
    car: Second,
    /// What the car has on board.
    aboard: Vec<u32>,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            out: false,
            waits_at: None,
            held: BEFORE,
            planned_home: BEFORE,
            late_s: 0,
            departures: 0,
            lost_vehicles: 0,
        }
    }
}

impl Default for Net {
    fn default() -> Self {
        let (pending, aboard) = (Vec::new(), Vec::new());
        Self { phone: BEFORE, pending, passing: false, car: BEFORE, aboard }
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self { counters: Vec::new(), closed_until: BEFORE, receipts: 0 }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Reserve {
    busy: bool,
}

#[derive(Clone, Debug)]
struct Desk {
    /// Each counter is free from then.
    counters: Vec<Second>,
    closed_until: Second,
    receipts: u32,
}

#[derive(Clone, Debug, Default)]
struct Ride {
    out: bool,
    loops: u32,
    failed: bool,
}

/// One district's state. Everything that is not here does not change on the day.
#[derive(Clone)]
pub(super) struct Local {
    district: u32,
    queue: BinaryHeap<Reverse<(Second, u64, Next)>>,
    entries: u64,
    now: Second,
    posts: Vec<Post>,
    guards: Vec<Guards>,
    columns: Vec<Column>,
    nets: Vec<Net>,
    rides: Vec<Ride>,
    reserves: Vec<Reserve>,
    desks: Vec<Desk>,
    /// Each sector's channel is free from then.
    air: Vec<Second>,
    mast: Second,
    hf: Second,
    /// Lines of the control room.
    lines: Vec<Second>,
    messages: Vec<Message>,
    spare: Vec<u32>,
    tally: message::Tally,
    incidents: Vec<Incident>,
    script: Vec<Scripted>,
    /// For each service how many causes keep it down, whether the loss was seen, and whether an order is among them.
    down: [u8; 7],
    ordered: u8,
    seen_down: u8,
    reports: u32,
    out: Vec<(Second, What)>,
}

impl Local {
    pub(super) fn new(shared: &Shared, district: u32, script: Vec<Scripted>) -> Self {
        let plan = &shared.plan;
        let here = &plan.districts[district as usize];
        let mut local = Self {
            district,
            queue: BinaryHeap::new(),
            entries: 0,
            now: shared.scenario.from,
            posts: vec![Post::default(); here.stations.len()],
            guards: vec![Guards::default(); here.buildings.len()],
            columns: vec![Column::default(); here.convoys.len()],
            nets: vec![Net::default(); here.sectors.len()],
            rides: vec![Ride::default(); here.couriers.len()],
            reserves: vec![Reserve::default(); here.teams.len()],
            desks: vec![Desk::default(); here.offices.len()],
            air: vec![BEFORE; here.sectors.len()],
            mast: BEFORE,
            hf: BEFORE,
            lines: vec![BEFORE; here.desks.max(1) as usize],
            messages: Vec::new(),
            spare: Vec::new(),
            tally: message::Tally::default(),
            incidents: Vec::new(),
            script: Vec::new(),
            down: [0; 7],
            ordered: 0,
            seen_down: 0,
            reports: 0,
            out: Vec::new(),
        };
        local.begin(shared);
        for scripted in script {
            local.add(scripted);
        }
        local
    }

    /// Everything that is known to come, before the first second.
    fn begin(&mut self, w: &Shared) {
        self.begin_eve(w);
        self.begin_poll(w);
        self.begin_services(w);
        self.begin_things(w);
    }

    pub(super) fn add(&mut self, scripted: Scripted) {
        let script = narrow(self.script.len());
        self.at(scripted.at, Next::Scripted { script });
        self.script.push(scripted);
    }

    /// Lets everything happen that happens before `until`.
    pub(super) fn run(&mut self, w: &Shared, until: Second) {
        while let Some(Reverse((at, _, next))) = self.queue.peek().copied() {
            if at >= until {
                break;
            }
            self.queue.pop();
            self.now = self.now.max(at);
            self.step(w, next);
        }
        self.now = self.now.max(until);
    }

    pub(super) fn drain(&mut self) -> std::vec::Drain<'_, (Second, What)> {
        self.out.drain(..)
    }

    fn step(&mut self, w: &Shared, next: Next) {
        match next {
            Next::ConvoyOut { convoy, night } => self.convoy_out(w, convoy, night),
            Next::ConvoyAt { convoy, stop, night } => self.convoy_at(w, convoy, stop, night),
            Next::ConvoyHome { convoy, night } => self.convoy_home(w, convoy, night),
            Next::Desk { station } => self.received(w, station),
            Next::NightGuards { building } => self.night_guards(w, building),
            Next::DayGuards { building } => self.day_guards(w, building),
            Next::Shift { building } => self.shift(w, building),
            Next::GuardGoes { building } => self.guard_goes(w, building),
            Next::Prepare { station } => self.prepare(w, station),
            Next::Open { station } => self.open(w, station),
            Next::SecondBox { station } => self.second_box(w, station),
            Next::OfficerFails { station } => self.officer_fails(w, station),
            Next::OfficerReplaced { station } => self.officer_replaced(w, station),
            Next::Doors { station } => self.doors(w, station),
            Next::Emptied { station } => self.emptied(w, station),
            Next::CountBegins { station } => self.count_begins(w, station),
            Next::CountEnds { station } => self.count_ends(w, station),
            Next::Packed { station } => self.packed(w, station),
            Next::Resume { station } => self.resume(w, station),
            Next::Planned { station, code } => self.planned(w, station, code),
            Next::Made { station, code } => self.made(w, station, code),
            Next::Red { station, code } => self.red(w, station, code),
            Next::Dark { station, code } => self.goes_dark(w, station, code),
            Next::Try { message } => self.attempt(w, message),
            Next::AtSector { message, sector } => self.at_sector(w, message, sector),
            Next::Delivered { message } => self.delivered(w, message),
            Next::SectorPasses { sector } => self.sector_passes(w, sector),
            Next::CarAt { sector, station } => self.car_at(w, sector, station),
            Next::CarBack { sector, station } => self.car_back(w, sector, station),
            Next::CourierOut { courier } => self.courier_out(w, courier),
            Next::CourierBack { courier } => self.courier_back(w, courier),
            Next::CutBegins { cut } => self.cut_begins(w, cut),
            Next::CutEnds { cut } => self.cut_ends(w, cut),
            Next::ServiceBack { service } => self.service_back(w, service),
            Next::NoticeBack { service } => self.notice_back(w, service),
            Next::DeviceFails { station, device } => self.device_fails(w, station, device),
            Next::DeviceMended { station, device } => self.device_mended(w, station, device),
            Next::Scripted { script } => self.scripted(w, script),
            Next::Toll { incident, statement } => self.toll(incident, statement),
            Next::Heard { incident } => self.heard(w, incident),
            Next::Witness { incident, channel } => self.witnessed(incident, channel),
            Next::Dispatch { incident } => self.dispatch(w, incident),
            Next::TeamAt { team, incident } => self.team_at(w, team, incident),
            Next::TeamDone { team, incident } => self.team_done(w, team, incident),
            Next::TeamHome { team } => self.team_home(w, team),
            Next::IncidentOver { incident } => self.incident_over(w, incident),
        }
    }

    fn at(&mut self, at: Second, next: Next) {
        self.queue.push(Reverse((at.max(self.now), self.entries, next)));
        self.entries += 1;
    }

    fn after(&mut self, seconds: i32, next: Next) {
        self.at(self.now.plus(seconds.max(0)), next);
    }

    fn say(&mut self, what: What) {
        self.out.push((self.now, what));
    }

    /// Position in the plan of one of the district's stations.
    fn station(&self, w: &Shared, station: u32) -> u32 {
        w.plan.districts[self.district as usize].stations.first + station
    }

    fn building(&self, w: &Shared, building: u32) -> u32 {
        w.plan.districts[self.district as usize].buildings.first + building
    }

    fn convoy(&self, w: &Shared, convoy: u32) -> u32 {
        w.plan.districts[self.district as usize].convoys.first + convoy
    }

    /// A station as the plan has it.
    fn listed<'w>(&self, w: &'w Shared, station: u32) -> &'w super::plan::Station {
        &w.plan.stations[self.station(w, station) as usize]
    }

    /// The district's own position of one of the plan's buildings.
    fn local_building(&self, w: &Shared, building: u32) -> usize {
        (building - w.plan.districts[self.district as usize].buildings.first) as usize
    }

    fn chance_of(&self, w: &Shared, station: u32, on: On, again: u32) -> Seed {
        chance::chance(w.scenario.seed, Who::Station, self.station(w, station), on, again)
    }
}

/// A count of people as seconds' arithmetic has it.
fn signed(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn by_sex(men: u32, women: u32) -> BySex {
    BySex { men, women }
}

/// The bit of a path in [`Post::dead`].
fn bit(path: Path) -> u16 {
    1 << (path as u16)
}

fn tampered(how: Tamper) -> u8 {
    1 << (how as u8)
}

/// A check-in's code by its number; all numbers in the queue are made from codes.
fn code_of(number: u8) -> Code {
    Code::try_new(number).unwrap_or(Code::BAG)
}

/// Nothing to say: what a check-in without figures carries.
const NOTHING: Content = Content::Ready { missing: None };
