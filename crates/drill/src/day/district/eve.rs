//! Material on the road: handed out on the eve, carried to the stations, fetched at night, received at the desk.

use super::{Holder, Local, Next, Phase, signed};
use crate::day::{
    Cause, Code, Content, Role, Second, Shared, Step, What,
    chance::{On, Who, chance, happens, lognormal, slowest_of, times},
    plan::{Span, counts, manifest_seal},
};

/// Packing begins so long after closing in the plan of the night.
const SHUT: Second = super::queue::DOORS_SHUT;
/// A convoy is overdue when its driving takes half as long again as planned.
const OVERDUE_HALF: i32 = 2;

/// The number of a station's own form.
pub(super) fn own_form(station: u32) -> u32 {
    station * 2
}

impl Local {
    pub(super) fn begin_eve(&mut self, w: &Shared) {
        let here = &w.plan.districts[self.district as usize];
        for (local, global) in (0_u32..).zip(here.stations.iter()) {
            let post = &mut self.posts[local as usize];
            post.seal = manifest_seal(global);
            post.form = own_form(global);
            post.convoy = u32::MAX;
        }
        for (desk, office) in self.desks.iter_mut().zip(here.offices.iter()) {
            let counters = w.plan.offices[office as usize].counters.max(1);
            desk.counters = vec![Second(i32::MIN); counters as usize];
        }
        for (convoy, global) in (0_u32..).zip(here.convoys.iter()) {
            let listed = &w.plan.convoys[global as usize];
            for stop in &listed.stops {
                for station in self.stations_at(w, stop.building).iter() {
                    self.posts[station as usize].convoy = convoy;
                }
            }
            self.at(Second(listed.depart_s), Next::ConvoyOut { convoy, night: false });
            let depart = self.night_departure(w, global);
            self.at(depart, Next::ConvoyOut { convoy, night: true });
        }
    }

    /// The district's own positions of the stations in one of the plan's buildings.
    pub(super) fn stations_at(&self, w: &Shared, building: u32) -> Span {
        let first = w.plan.districts[self.district as usize].stations.first;
        let span = w.plan.buildings[building as usize].stations;
        Span { first: span.first - first, end: span.end - first }
    }

    /// So that the first stop is reached when its bags should be ready.
    fn night_departure(&self, w: &Shared, convoy: u32) -> Second {
        let listed = &w.plan.convoys[convoy as usize];
        let Some(stop) = listed.stops.first() else { return SHUT };
        self.ready_at(w, stop.building, 1.0).plus(-signed(stop.leg_s)).max(SHUT)
    }

    /// When the largest count of a building is packed, if counts take so many times their median.
    fn ready_at(&self, w: &Shared, building: u32, slow: f64) -> Second {
        let stations = w.plan.buildings[building as usize].stations;
        let figures = &w.scenario.parameters;
        let most = w.plan.stations[stations.range()]
            .iter()
            .map(|it| it.registered.total())
            .max()
            .unwrap_or(0);
        let count = u64::from(most) * u64::from(figures.count_voter_ms) / 1_000;
        let count = i32::try_from(count).unwrap_or(0);
        SHUT.plus(times(figures.count_base_s + count, slow) + figures.form_post_s)
    }

    /// When a convoy of the night is overdue: a convoy waits for the slowest of its counts, which is earlier than this
    /// nineteen times in twenty, and drives for half as long again as planned.
    fn overdue_night(&self, w: &Shared, convoy: u32, depart: Second) -> Second {
        let listed = &w.plan.convoys[convoy as usize];
        let slow = slowest_of(counts(&w.plan, listed), w.scenario.parameters.count_spread_permille);
        let handover = w.scenario.parameters.handover_s;
        let mut at = depart;
        let mut driving = signed(listed.home_leg_s);
        for stop in &listed.stops {
            driving += signed(stop.leg_s);
            at = at
                .plus(signed(stop.leg_s))
                .max(self.ready_at(w, stop.building, slow))
                .plus(handover);
        }
        at.plus(signed(listed.home_leg_s)).plus(driving / OVERDUE_HALF)
    }

    /// When one of the plan's convoys that has left must be home.
    pub(in crate::day) fn overdue_home(&self, w: &Shared, convoy: u32) -> Option<Second> {
        let first = w.plan.districts[self.district as usize].convoys.first;
        let column = self.columns.get(convoy.checked_sub(first)? as usize)?;
        (column.departures > 0).then_some(column.planned_home)
    }

    pub(super) fn convoy_out(&mut self, w: &Shared, convoy: u32, night: bool) {
        let global = self.convoy(w, convoy);
        let listed = &w.plan.convoys[global as usize];
        let office = self.local_office(w, listed.office);
        let closed = self.desks[office].closed_until;
        if !night && closed > self.now {
            let seconds = closed.since(self.now);
            self.say(What::ConvoyDelayed { convoy: global, cause: Cause::Credentials, seconds });
            self.at(closed, Next::ConvoyOut { convoy, night });
            return;
        }
        if self.columns[convoy as usize].out {
            // Still on the eve's way: the night's begins when it is home.
            self.after(600, Next::ConvoyOut { convoy, night });
            return;
        }
        if night {
            self.columns[convoy as usize].planned_home = self.overdue_night(w, global, self.now);
        } else {
            for stop in &listed.stops {
                for station in self.stations_at(w, stop.building).iter() {
                    self.hand_out(w, convoy, station);
                }
            }
            let driving: i32 = listed.stops.iter().map(|stop| signed(stop.leg_s)).sum();
            let halts = signed(crate::day::plan::narrow(listed.stops.len()));
            let planned = driving + halts * w.scenario.parameters.handover_s;
            let overdue = planned + signed(listed.home_leg_s) + driving / OVERDUE_HALF;
            self.columns[convoy as usize].planned_home = self.now.plus(overdue);
        }
        let column = &mut self.columns[convoy as usize];
        column.out = true;
        column.departures += 1;
        column.waits_at = None;
        let vehicles = listed.vehicles - column.lost_vehicles;
        self.say(What::ConvoyDeparted { convoy: global, night, vehicles, escort: listed.escort });
        self.leave(w, convoy, 0, night, 0);
    }

    fn local_office(&self, w: &Shared, office: u32) -> usize {
        (office - w.plan.districts[self.district as usize].offices.first) as usize
    }

    /// Issued at the counter: the receiver reads the seal before he is told the expected one.
    fn hand_out(&mut self, w: &Shared, convoy: u32, station: u32) {
        let post = &mut self.posts[station as usize];
        if post.bag != Holder::Office || self.listed(w, station).postponed {
            return;
        }
        self.posts[station as usize].bag = Holder::Convoy(convoy);
        let seal = self.custody(
            w,
            station,
            Step::Issued,
            (Role::ReturningOfficer, Role::PresidingOfficer),
        );
        self.make(w, station, Code::BAG, Content::Bag { seal });
    }

    /// A step of custody; the seal as it is read there, which may be wrong by a slip of the eye.
    pub(super) fn custody(
        &mut self,
        w: &Shared,
        station: u32,
        step: Step,
        (giver, receiver): (Role, Role),
    ) -> u32 {
        let global = self.station(w, station);
        let mut luck = self.chance_of(w, station, On::Error, step as u32);
        let mut seal_read = self.posts[station as usize].seal;
        if w.scenario.chance && happens(&mut luck, w.scenario.parameters.seal_misread_ppm) {
            seal_read += 10 + u32::try_from(luck.below(80)).unwrap_or(0);
        }
        let signatures = if giver == receiver { 1 } else { 2 };
        self.say(What::Custody {
            station: global,
            step,
            seal_read,
            seal_expected: manifest_seal(global),
            giver,
            receiver,
            signatures,
        });
        seal_read
    }

    /// Seconds that a leg takes today, breakdowns included.
    fn drive(&mut self, w: &Shared, convoy: u32, (stop, night): (u32, bool), leg_s: u32) -> i32 {
        let leg = signed(leg_s);
        if !w.scenario.chance {
            return leg;
        }
        let figures = &w.scenario.parameters;
        let (seed, global) = (w.scenario.seed, self.convoy(w, convoy));
        let again = stop * 2 + u32::from(night);
        let mut roads = chance(seed, Who::District, self.district, On::Travel, u32::from(night));
        let slow = lognormal(&mut roads, 1_000, figures.roads_spread_permille);
        let mut luck = chance(seed, Who::Convoy, global, On::Travel, again);
        let median = i64::from(leg) * i64::from(slow) / 1_000;
        let median = i32::try_from(median).unwrap_or(i32::MAX);
        let mut seconds = lognormal(&mut luck, median, figures.leg_spread_permille);
        // Eleven metres a second is the plain's 40 km/h.
        let metres = u64::from(leg_s) * 11 * u64::from(w.plan.convoys[global as usize].vehicles);
        let ppm = metres * u64::from(figures.breakdown_per_100km_ppm) / 100_000;
        if happens(&mut luck, u32::try_from(ppm).unwrap_or(1_000_000)) {
            let lost = lognormal(&mut luck, figures.breakdown_median_s, 600);
            self.say(What::ConvoyDelayed {
                convoy: global,
                cause: Cause::Breakdown,
                seconds: lost,
            });
            seconds = seconds.saturating_add(lost);
        }
        seconds
    }

    pub(super) fn convoy_at(&mut self, w: &Shared, convoy: u32, stop: u32, night: bool) {
        let held = self.columns[convoy as usize].held;
        if held > self.now {
            self.at(held, Next::ConvoyAt { convoy, stop, night });
            return;
        }
        let global = self.convoy(w, convoy);
        let Some(listed) = w.plan.convoys[global as usize].stops.get(stop as usize) else { return };
        let building = listed.building;
        let stations = self.stations_at(w, building);
        if self.columns[convoy as usize].waits_at.is_none() {
            self.say(What::ConvoyAtStop { convoy: global, building, night });
        }
        if night {
            let waits = stations.iter().any(|station| {
                let post = &self.posts[station as usize];
                post.bag == Holder::Station && post.phase < Phase::Packed
            });
            if waits {
                self.columns[convoy as usize].waits_at = Some(stop);
                return;
            }
            self.columns[convoy as usize].waits_at = None;
            for station in stations.iter() {
                self.fetch(w, convoy, station);
            }
        } else {
            for station in stations.iter() {
                self.deliver_bag(w, convoy, station);
            }
        }
        let handover = w.scenario.parameters.handover_s;
        self.columns[convoy as usize].held = self.now.plus(handover);
        let global_stop = stop + 1;
        self.leave(w, convoy, global_stop, night, handover);
    }

    /// Drives on after a hand-over: to a stop, or home after the last one.
    fn leave(&mut self, w: &Shared, convoy: u32, stop: u32, night: bool, handover: i32) {
        let global = self.convoy(w, convoy);
        let listed = &w.plan.convoys[global as usize];
        let (leg_s, next) = match listed.stops.get(stop as usize) {
            Some(next) => (next.leg_s, Next::ConvoyAt { convoy, stop, night }),
            None => (listed.home_leg_s, Next::ConvoyHome { convoy, night }),
        };
        let seconds = self.drive(w, convoy, (stop, night), leg_s);
        self.after(handover.saturating_add(seconds), next);
    }

    fn deliver_bag(&mut self, w: &Shared, convoy: u32, station: u32) {
        if self.posts[station as usize].bag != Holder::Convoy(convoy) {
            return;
        }
        let global = self.station(w, station);
        self.posts[station as usize].bag = Holder::Station;
        if self.posts[station as usize].phase == Phase::Bare {
            self.posts[station as usize].phase = Phase::Ready;
        }
        let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
        let seal = self.custody(w, station, Step::Carried, pair);
        let late_s = self.now.since(Second::on(0, 6, 0)).max(0);
        self.say(What::OfficerArrived { station: global, late_s });
        let building = self.local_building(w, self.listed(w, station).building);
        if self.guards[building].on_duty {
            self.overnight(w, station);
        }
        let staff = self.posts[station as usize].staff;
        self.make(w, station, Code::ARRIVED, Content::Arrived { seal, staff });
    }

    /// Locked up for the night, in the guards' sight; nothing to lock up once the morning's work begins.
    pub(super) fn overnight(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].bag == Holder::Station && self.now < Second::on(0, 5, 0) {
            let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
            self.custody(w, station, Step::Overnight, pair);
        }
    }

    fn fetch(&mut self, w: &Shared, convoy: u32, station: u32) {
        if self.posts[station as usize].bag != Holder::Station {
            return;
        }
        self.posts[station as usize].bag = Holder::Convoy(convoy);
        let pair = (Role::PresidingOfficer, Role::Escort);
        self.custody(w, station, Step::Returned, pair);
        let global = self.convoy(w, convoy);
        let escort = w.plan.convoys[global as usize].escort;
        self.make(w, station, Code::DEPARTED, Content::Departed { convoy: global, escort });
    }

    /// A station has packed: its convoy may be waiting at the door.
    pub(super) fn poke(&mut self, w: &Shared, station: u32) {
        let convoy = self.posts[station as usize].convoy;
        let Some(column) = self.columns.get(convoy as usize).copied() else { return };
        let global = self.convoy(w, convoy);
        let building = self.listed(w, station).building;
        if let Some(stop) = column.waits_at {
            let here = w.plan.convoys[global as usize].stops.get(stop as usize);
            if here.is_some_and(|it| it.building == building) {
                self.convoy_at(w, convoy, stop, true);
            }
        }
    }

    pub(super) fn convoy_home(&mut self, w: &Shared, convoy: u32, night: bool) {
        let column = self.columns[convoy as usize];
        if column.held > self.now {
            self.at(column.held, Next::ConvoyHome { convoy, night });
            return;
        }
        let global = self.convoy(w, convoy);
        let listed = &w.plan.convoys[global as usize];
        self.columns[convoy as usize].out = false;
        let late_s = self.now.since(column.planned_home).max(0);
        self.columns[convoy as usize].late_s = late_s;
        self.say(What::ConvoyHome { convoy: global, night, late_s });
        for stop in &listed.stops {
            for station in self.stations_at(w, stop.building).iter() {
                if night && self.posts[station as usize].bag == Holder::Convoy(convoy) {
                    self.at_gate(w, station, global);
                }
            }
        }
    }

    /// Into the line before the receiving desk.
    fn at_gate(&mut self, w: &Shared, station: u32, convoy: u32) {
        self.posts[station as usize].bag = Holder::Desk;
        self.by_hand(station);
        self.make(w, station, Code::GATE, Content::Gate { convoy });
        let office = self.local_office(w, self.listed(w, station).office);
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Desk, 0);
        let seconds = if w.scenario.chance {
            lognormal(&mut luck, figures.receipt_s, figures.receipt_spread_permille)
        } else {
            figures.receipt_s
        };
        let now = self.now;
        let desk = &mut self.desks[office];
        let closed = desk.closed_until;
        let Some(counter) = desk.counters.iter_mut().min() else { return };
        let free = (*counter).max(now).max(closed).plus(seconds);
        *counter = free;
        self.at(free, Next::Desk { station });
    }

    pub(super) fn received(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].bag != Holder::Desk {
            return;
        }
        let global = self.station(w, station);
        let office = self.local_office(w, self.listed(w, station).office);
        self.desks[office].receipts += 1;
        let receipt = self.desks[office].receipts;
        let convoy = self.posts[station as usize].convoy;
        let late_s = self.columns.get(convoy as usize).map_or(0, |column| column.late_s);
        self.posts[station as usize].bag = Holder::Received;
        self.posts[station as usize].receipt = receipt;
        self.custody(w, station, Step::Received, (Role::PresidingOfficer, Role::ReturningOfficer));
        let form = self.posts[station as usize].form;
        self.say(What::BagsReceived { station: global, receipt, late_s, form });
        let bags = super::poll::BAGS;
        self.make(w, station, Code::RECEIPT, Content::Receipt { bags, receipt });
    }
}
