//! Incidents: what happens, what is heard of it and when, who is sent, and what is said of the toll.

use super::{Holder, Local, Next, Phase, message::About, tampered};
use crate::day::{
    Between, Cause, Channel, Path, Place, Role, Second, Shared, Statement, Tamper, Trouble, Truth,
    What,
    chance::{self, On, Who, lognormal},
    plan::{narrow, travel_s},
    scenario::Event,
};
use pehra_domain::{Point, seed::Seed};

/// One incident of the district.
#[derive(Clone, Debug)]
pub(super) struct Incident {
    trouble: Trouble,
    pub(super) severity: u8,
    place: Place,
    at: Second,
    statements: Vec<Statement>,
    reported: bool,
    answered: bool,
}

/// Incidents and reports of a district are numbered within it; the nation's number has the district before it.
const PER_DISTRICT: u32 = 100_000;
/// Word from an office or from open ground takes about so long.
const ELSEWHERE_S: i32 = 600;
/// A queue for teams is asked again after this.
const AGAIN_S: i32 = 900;
/// How often a call for a team is repeated before nobody comes.
const CALLS: u16 = 4;

impl Local {
    fn number(&self, incident: u32) -> u32 {
        self.district * PER_DISTRICT + incident
    }

    fn luck(&self, w: &Shared, incident: u32, on: On, again: u32) -> Seed {
        chance::chance(w.scenario.seed, Who::Incident, self.number(incident), on, again)
    }

    pub(super) fn scripted(&mut self, w: &Shared, script: u32) {
        let first_station = w.plan.districts[self.district as usize].stations.first;
        let event = self.script[script as usize].event.clone();
        match event {
            Event::Incident { trouble, severity, place, killed, injured, statements, stops_s } => {
                let incident = self.note(trouble, severity, place, statements);
                self.occur(w, incident, (killed, injured), stops_s);
            }
            Event::Burn { stations } => self.lose(w, &stations, Holder::Destroyed),
            Event::Snatch { stations } => self.lose(w, &stations, Holder::Snatched),
            Event::OfficeParalysed { office, until } => {
                let first = w.plan.districts[self.district as usize].offices.first;
                let desk = &mut self.desks[(office - first) as usize];
                desk.closed_until = desk.closed_until.max(until);
            }
            Event::BurnOffice { office, count } => {
                let stations = self.lying_at(w, office, count);
                self.lose(w, &stations, Holder::Destroyed);
            }
            Event::NotOpen { stations, cause, until } => {
                let seconds = until.since(self.now);
                for station in stations {
                    self.stop(w, station - first_station, cause, Some(seconds));
                }
            }
            Event::Tamper { station, how } => self.tamper(station - first_station, station, how),
            Event::Halt { convoy, cause, seconds } => self.halt(w, convoy, cause, seconds),
            Event::Outage { service, seconds, .. } => self.outage(w, service, seconds),
            Event::GuardsLeave { building, count, cause } => {
                let local = narrow(self.local_building(w, building));
                self.guards_leave(w, local, count, cause);
            }
            Event::Tip { root, source, credibility, place, trouble, from, until } => {
                let report = self.next_report();
                self.say(What::Intelligence {
                    report,
                    root,
                    source,
                    credibility,
                    place,
                    trouble,
                    from,
                    until,
                });
            }
            Event::Citizen { trouble, place, channel, truth } => {
                self.citizen(trouble, place, (channel, truth), None);
            }
        }
    }

    fn next_report(&mut self) -> u32 {
        self.reports += 1;
        self.district * PER_DISTRICT + self.reports
    }

    fn citizen(
        &mut self,
        trouble: Trouble,
        place: Place,
        (channel, truth): (Channel, Truth),
        incident: Option<u32>,
    ) {
        // Nothing that needs the mobile network comes in while it is gone.
        let voice = self.down[crate::day::Service::Voice as usize] == 0;
        let sms = self.down[crate::day::Service::Sms as usize] == 0;
        let channel = match channel {
            Channel::Telephone if !voice => Channel::WalkIn,
            Channel::Sms if !sms => Channel::Paper,
            Channel::Telephone | Channel::Sms | Channel::Paper | Channel::WalkIn => channel,
        };
        let report = self.next_report();
        self.say(What::CitizenReport { report, trouble, place, channel, truth, incident });
    }

    fn note(
        &mut self,
        trouble: Trouble,
        severity: u8,
        place: Place,
        statements: Vec<Statement>,
    ) -> u32 {
        let incident = narrow(self.incidents.len());
        self.incidents.push(Incident {
            trouble,
            severity,
            place,
            at: self.now,
            statements,
            reported: false,
            answered: false,
        });
        incident
    }

    fn occur(&mut self, w: &Shared, incident: u32, (killed, injured): (u32, u32), stops_s: i32) {
        let Incident { trouble, severity, place, .. } = self.incidents[incident as usize];
        let number = self.number(incident);
        self.say(What::IncidentOccurred {
            incident: number,
            trouble,
            severity,
            place,
            killed,
            injured,
        });
        let figures = &w.scenario.parameters;
        match place {
            Place::Station(station) => {
                self.at_station(w, station, trouble, (killed, injured), stops_s);
                let mut luck = self.luck(w, incident, On::Report, 0);
                let seconds = lognormal(&mut luck, figures.guard_report_s, 600);
                self.after(seconds, Next::Heard { incident });
            }
            Place::Convoy(convoy) => {
                if trouble.is_attack() {
                    self.halt(w, convoy, Cause::Attack, stops_s.max(1_800));
                }
                if trouble == Trouble::IedRte {
                    self.wreck(w, convoy);
                }
                self.after(figures.guard_report_s, Next::Heard { incident });
            }
            Place::Office(_) | Place::Ground(..) | Place::District(_) | Place::Nation => {
                self.after(ELSEWHERE_S, Next::Heard { incident });
            }
        }
        self.statements(w, incident, (killed, injured));
        self.witness(w, incident);
        let mut luck = self.luck(w, incident, On::Response, 9);
        let lasts = lognormal(&mut luck, figures.response_scene_s, 500);
        self.after(lasts, Next::IncidentOver { incident });
    }

    fn at_station(
        &mut self,
        w: &Shared,
        station: u32,
        trouble: Trouble,
        (killed, injured): (u32, u32),
        stops_s: i32,
    ) {
        let first = w.plan.districts[self.district as usize].stations.first;
        let local = station - first;
        self.posts[local as usize].incidents += 1;
        let figures = &w.scenario.parameters;
        let building = narrow(self.local_building(w, self.listed(w, local).building));
        if !trouble.is_attack() {
            if stops_s > 0 && self.is_voting(local) {
                self.stop(w, local, Cause::Clash, Some(stops_s));
            }
            return;
        }
        let share =
            |count: u32| u64::from(count) * u64::from(figures.killed_security_permille) / 1_000;
        let (dead, hurt) = (share(killed), share(injured));
        self.guards_fall(
            w,
            building,
            u32::try_from(dead).unwrap_or(0),
            u32::try_from(hurt).unwrap_or(0),
        );
        let mut luck = self.chance_of(w, local, On::Guard, 5);
        let present = self.guards[building as usize].present;
        let flees = chance::binomial(&mut luck, present, figures.guard_flees_permille);
        if w.scenario.chance && flees > 0 {
            self.guards_leave(w, building, flees, Cause::Fear);
        }
        let closes =
            w.scenario.chance && luck.below(1_000) < u64::from(figures.attack_closes_permille);
        let seconds = if stops_s > 0 {
            Some(stops_s)
        } else if closes {
            None
        } else {
            Some(lognormal(&mut luck, figures.attack_stop_s, 500))
        };
        // All stations of the building hear it.
        for other in self.stations_at(w, self.listed(w, local).building).iter() {
            if self.is_voting(other) {
                self.stop(w, other, Cause::Attack, seconds);
            }
        }
    }

    fn halt(&mut self, w: &Shared, convoy: u32, cause: Cause, seconds: i32) {
        let first = w.plan.districts[self.district as usize].convoys.first;
        let column = &mut self.columns[(convoy - first) as usize];
        column.held = column.held.max(self.now.plus(seconds));
        self.say(What::ConvoyDelayed { convoy, cause, seconds });
    }

    /// A mine takes one vehicle; the last one goes on with everything.
    fn wreck(&mut self, w: &Shared, convoy: u32) {
        let first = w.plan.districts[self.district as usize].convoys.first;
        let vehicles = w.plan.convoys[convoy as usize].vehicles;
        let column = &mut self.columns[(convoy - first) as usize];
        if column.out && column.lost_vehicles + 1 < vehicles {
            column.lost_vehicles += 1;
        }
    }

    /// Stations whose material lies in an office, at most so many.
    fn lying_at(&self, w: &Shared, office: u32, count: u32) -> Vec<u32> {
        let here = &w.plan.districts[self.district as usize];
        here.stations
            .iter()
            .zip(&self.posts)
            .filter(|(at, post)| {
                let listed = &w.plan.stations[*at as usize];
                let inside = matches!(post.bag, Holder::Office | Holder::Desk | Holder::Received);
                listed.office == office && !listed.postponed && inside
            })
            .map(|(at, _)| at)
            .take(count as usize)
            .collect()
    }

    fn lose(&mut self, w: &Shared, stations: &[u32], how: Holder) {
        let first = w.plan.districts[self.district as usize].stations.first;
        let Some(&station) = stations.first() else { return };
        let trouble = if how == Holder::Destroyed { Trouble::CusDes } else { Trouble::CusSna };
        let place = match self.posts[(station - first) as usize].bag {
            Holder::Office | Holder::Desk | Holder::Received => {
                Place::Office(w.plan.stations[station as usize].office)
            }
            Holder::Convoy(_) | Holder::Station | Holder::Destroyed | Holder::Snatched => {
                Place::Station(station)
            }
        };
        let incident = self.note(trouble, 5, place, Vec::new());
        self.occur(w, incident, (0, 0), 0);
        let number = self.number(incident);
        for &station in stations {
            let local = station - first;
            let post = &mut self.posts[local as usize];
            if matches!(post.bag, Holder::Destroyed | Holder::Snatched)
                || post.phase == Phase::Over && post.bag == Holder::Office
            {
                continue;
            }
            post.bag = how;
            if post.phase < Phase::Packed {
                post.phase = Phase::Over;
            }
            self.say(if how == Holder::Destroyed {
                What::Destroyed { station, incident: number }
            } else {
                What::Snatched { station, incident: number }
            });
            self.poke(w, local);
        }
    }

    fn tamper(&mut self, local: u32, station: u32, how: Tamper) {
        let post = &mut self.posts[local as usize];
        post.tamper |= tampered(how);
        match how {
            Tamper::SealSwapped | Tamper::BagOpened => post.seal += 1,
            Tamper::FormAltered => post.form += 1,
            Tamper::BookTaken | Tamper::BoxStuffed => {}
        }
        self.say(What::Tampered { station, how });
    }

    /// What is said of the toll: as scripted, or lower at first and then revised.
    fn statements(&mut self, w: &Shared, incident: u32, (killed, injured): (u32, u32)) {
        let figures = &w.scenario.parameters;
        if self.incidents[incident as usize].statements.is_empty() && killed + injured > 0 {
            let mut luck = self.luck(w, incident, On::Toll, 0);
            let count = figures.toll_revisions.max(1);
            let low = u64::from(figures.toll_first_low_permille);
            let said = |total: u32, place: u32| {
                let missing = u64::from(total) * (1_000 - low.min(1_000)) / 1_000;
                let left = u64::from(count - 1 - place);
                let hidden = missing * left / u64::from(count.max(2) - 1);
                total - u32::try_from(hidden).unwrap_or(0)
            };
            let mut after_s = 0;
            for place in 0..count {
                after_s += lognormal(&mut luck, figures.toll_revision_s, 400);
                let exactly = |total: u32| Between { low: said(total, place), high: total };
                self.incidents[incident as usize].statements.push(Statement {
                    after_s,
                    killed: exactly(killed),
                    injured: exactly(injured),
                });
            }
        }
        for statement in 0..narrow(self.incidents[incident as usize].statements.len()) {
            let after = self.incidents[incident as usize].statements[statement as usize].after_s;
            self.after(after, Next::Toll { incident, statement });
        }
    }

    pub(super) fn toll(&mut self, incident: u32, statement: u32) {
        let said = self.incidents[incident as usize].statements[statement as usize];
        let incident = self.number(incident);
        let (killed, injured) = (said.killed, said.injured);
        self.say(What::TollStated { incident, killed, injured, by: Role::Service });
    }

    /// A citizen may see it too.
    fn witness(&mut self, w: &Shared, incident: u32) {
        let figures = &w.scenario.parameters;
        let mut luck = self.luck(w, incident, On::Citizen, 0);
        if !w.scenario.chance || luck.below(1_000) >= u64::from(figures.citizen_true_permille) {
            return;
        }
        let channel = u8::try_from(luck.below(4)).unwrap_or(0);
        let seconds = lognormal(&mut luck, figures.citizen_delay_median_s, 700);
        self.after(seconds, Next::Witness { incident, channel });
    }

    pub(super) fn witnessed(&mut self, incident: u32, channel: u8) {
        let Incident { trouble, place, .. } = self.incidents[incident as usize];
        let channel = Channel::ALL[usize::from(channel)];
        let number = self.number(incident);
        self.citizen(trouble, place, (channel, Truth::True), Some(number));
    }

    /// Somebody at the place says it: over the station's path, or by whatever an office or a convoy has.
    pub(super) fn heard(&mut self, w: &Shared, incident: u32) {
        let first = w.plan.districts[self.district as usize].stations.first;
        match self.incidents[incident as usize].place {
            Place::Station(station) if self.guards_at(w, station - first) > 0 => {
                let message = self.write(station - first, About::Incident { incident });
                self.attempt(w, message);
            }
            Place::Convoy(convoy) => {
                // The convoy drives to the next station and speaks from there.
                let stop = w.plan.convoys[convoy as usize].stops.first();
                let building = stop.map_or(0, |stop| stop.building);
                let station = self.stations_at(w, building).first;
                let message = self.write(station, About::Incident { incident });
                self.attempt(w, message);
            }
            Place::Station(_)
            | Place::Office(_)
            | Place::Ground(..)
            | Place::District(_)
            | Place::Nation => self.reported(w, incident, Role::Citizen, Path::FixedLine),
        }
    }

    /// Word of an incident is with the district.
    pub(super) fn reported(&mut self, w: &Shared, incident: u32, by: Role, path: Path) {
        let it = &mut self.incidents[incident as usize];
        if it.reported {
            return;
        }
        it.reported = true;
        let (trouble, severity, place, occurred_at) = (it.trouble, it.severity, it.place, it.at);
        let number = self.number(incident);
        self.say(What::IncidentReported {
            incident: number,
            trouble,
            severity,
            place,
            by,
            path,
            occurred_at,
        });
        if severity >= 3 {
            let mut luck = self.luck(w, incident, On::Response, 0);
            let seconds = lognormal(&mut luck, w.scenario.parameters.response_dispatch_s, 500);
            self.after(seconds, Next::Dispatch { incident });
        }
    }

    fn point_of(&self, w: &Shared, place: Place) -> Point {
        let building = |at: u32| w.plan.buildings[at as usize].point;
        let district = &w.plan.districts[self.district as usize];
        match place {
            Place::Station(at) => building(w.plan.stations[at as usize].building),
            Place::Convoy(at) => {
                let stop = w.plan.convoys[at as usize].stops.first();
                stop.map_or(district.control, |stop| building(stop.building))
            }
            Place::Office(at) => w.plan.offices[at as usize].point,
            Place::Ground(_, point) => point,
            Place::District(_) | Place::Nation => district.control,
        }
    }

    /// The nearest free team goes.
    pub(super) fn dispatch(&mut self, w: &Shared, incident: u32) {
        let it = &self.incidents[incident as usize];
        if it.answered {
            return;
        }
        let there = self.point_of(w, it.place);
        let district = &w.plan.districts[self.district as usize];
        let nearest = district
            .teams
            .iter()
            .zip(0_u32..)
            .filter(|(_, local)| !self.reserves[*local as usize].busy)
            .map(|(team, local)| {
                let from = w.plan.teams[team as usize].point;
                (travel_s(from, there, district.terrain), local)
            })
            .min();
        let number = self.number(incident);
        let Some((seconds, team)) = nearest else {
            let waited = self.now.since(self.incidents[incident as usize].at);
            if waited > i32::from(CALLS) * AGAIN_S {
                self.say(What::Unanswered { incident: number });
            } else {
                self.after(AGAIN_S, Next::Dispatch { incident });
            }
            return;
        };
        self.incidents[incident as usize].answered = true;
        self.reserves[team as usize].busy = true;
        let global = district.teams.first + team;
        self.say(What::TeamSent { team: global, incident: number });
        let mut luck = self.luck(w, incident, On::Response, 1);
        let median = super::signed(seconds).max(60);
        let seconds = if w.scenario.chance {
            lognormal(&mut luck, median, w.scenario.parameters.leg_spread_permille)
        } else {
            median
        };
        self.after(seconds, Next::TeamAt { team, incident });
    }

    pub(super) fn team_at(&mut self, w: &Shared, team: u32, incident: u32) {
        let after_s = self.now.since(self.incidents[incident as usize].at);
        let global = w.plan.districts[self.district as usize].teams.first + team;
        let number = self.number(incident);
        self.say(What::TeamArrived { team: global, incident: number, after_s });
        let mut luck = self.luck(w, incident, On::Response, 2);
        let seconds = lognormal(&mut luck, w.scenario.parameters.response_scene_s, 500);
        self.after(seconds, Next::TeamDone { team, incident });
    }

    pub(super) fn team_done(&mut self, w: &Shared, team: u32, incident: u32) {
        let global = w.plan.districts[self.district as usize].teams.first + team;
        let there = self.point_of(w, self.incidents[incident as usize].place);
        let terrain = w.plan.districts[self.district as usize].terrain;
        let seconds = travel_s(there, w.plan.teams[global as usize].point, terrain);
        self.after(super::signed(seconds), Next::TeamHome { team });
    }

    pub(super) fn team_home(&mut self, w: &Shared, team: u32) {
        self.reserves[team as usize].busy = false;
        let team = w.plan.districts[self.district as usize].teams.first + team;
        self.say(What::TeamBack { team });
    }

    pub(super) fn incident_over(&mut self, w: &Shared, incident: u32) {
        let first = w.plan.districts[self.district as usize].stations.first;
        if let Place::Station(station) = self.incidents[incident as usize].place {
            let post = &mut self.posts[(station - first) as usize];
            post.incidents = post.incidents.saturating_sub(1);
        }
        let incident = self.number(incident);
        self.say(What::IncidentEnded { incident });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_taxonomy_has_a_severity() {
        assert_eq!(Trouble::ALL.len(), 38);
        assert!(Trouble::ALL.iter().all(|it| (1..=5).contains(&it.severity())));
        assert_eq!(Trouble::from_word("CUS.DES"), Some(Trouble::CusDes));
    }
}
