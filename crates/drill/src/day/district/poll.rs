//! The station's own day: preparing, opening, the line before the booths, closing, counting, packing; and what it reports.

use super::{
    Holder, Local, NOTHING, Next, Phase, by_sex, code_of, eve, queue::DOORS_OPEN,
    queue::DOORS_SHUT, queue::Voters, signed, tampered,
};
use crate::day::{
    Cause, Code, Content, Role, Second, Shared, Step, Tamper, Totals, What,
    chance::{On, between, binomial, happens, lognormal, normal},
};
use pehra_domain::booth::BySex;

/// Tamper-evident bags of a station: Form 45, Form 46, ballots, counterfoils, marked roll, other (DOMAIN §3(d), C11).
pub(super) const BAGS: u32 = 6;
/// A second box is begun at noon where so many voters are registered.
const SECOND_BOX_FROM: u32 = 1_200;
/// Between the last voter and the count.
const CLEAR_S: i32 = 900;
/// Stations whose planned check-ins begin with the night guard.
const PLANNED: std::ops::RangeInclusive<u8> = 3..=12;

impl Local {
    pub(super) fn begin_poll(&mut self, w: &Shared) {
        for station in 0..crate::day::plan::narrow(self.posts.len()) {
            let listed = self.listed(w, station);
            if listed.postponed {
                self.posts[station as usize].phase = Phase::Over;
                continue;
            }
            let expected = 1 + listed.booths.total() * 3;
            let mut luck = self.chance_of(w, station, On::Illness, 0);
            let figures = &w.scenario.parameters;
            let absent = if w.scenario.chance {
                binomial(&mut luck, expected, figures.staff_absent_permille)
            } else {
                0
            };
            let post = &mut self.posts[station as usize];
            (post.staff, post.staff_expected) = (expected - absent, expected);
            let opening = self.opening(w, station);
            self.at(DOORS_OPEN.plus(-900), Next::Prepare { station });
            self.at(opening, Next::Open { station });
            self.at(DOORS_SHUT, Next::Doors { station });
            if listed.registered.total() >= SECOND_BOX_FROM {
                let minute = between(&mut luck, 0, 90);
                let at = Second::on(0, 12, 0).plus_minutes(minute);
                self.at(at, Next::SecondBox { station });
            }
            if w.scenario.chance && happens(&mut luck, figures.officer_ill_ppm) {
                let at = Second::on(0, 4, 0).plus(between(&mut luck, 0, 12 * 3_600));
                self.at(at, Next::OfficerFails { station });
            }
            for code in PLANNED {
                let planned = w.checkins.get(usize::from(code) - 1).and_then(|it| it.at_minute);
                if let Some(minute) = planned {
                    self.at(Second(minute * 60), Next::Planned { station, code });
                }
            }
        }
    }

    /// When a station will be ready to open, at eight at the earliest.
    fn opening(&mut self, w: &Shared, station: u32) -> Second {
        if !w.scenario.chance {
            return DOORS_OPEN;
        }
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Opening, 0);
        if luck.below(1_000) < u64::from(figures.opening_late_permille) {
            let late = lognormal(
                &mut luck,
                figures.opening_late_median_s,
                figures.opening_late_spread_permille,
            );
            let causes = [Cause::Staff, Cause::Material, Cause::Error, Cause::Crowd];
            let cause = usize::try_from(luck.below(4)).unwrap_or(0);
            self.posts[station as usize].hold = Some(causes[cause]);
            return DOORS_OPEN.plus(late);
        }
        let spread = normal(&mut luck) * f64::from(figures.opening_ready_spread_s);
        let ready = figures.opening_ready_median_s + whole(spread);
        DOORS_OPEN.plus(ready.max(0))
    }

    /// The bag is opened before the agents, the empty box shown and sealed.
    pub(super) fn prepare(&mut self, w: &Shared, station: u32) {
        let post = &self.posts[station as usize];
        if post.bag == Holder::Station && post.phase == Phase::Ready {
            let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
            self.custody(w, station, Step::Opened, pair);
        }
    }

    pub(super) fn second_box(&mut self, w: &Shared, station: u32) {
        let post = &self.posts[station as usize];
        if post.bag == Holder::Station && post.phase == Phase::Open {
            let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
            self.custody(w, station, Step::SecondBox, pair);
        }
    }

    pub(super) fn open(&mut self, w: &Shared, station: u32) {
        let global = self.station(w, station);
        let post = &self.posts[station as usize];
        if self.now >= DOORS_SHUT || !matches!(post.phase, Phase::Bare | Phase::Ready) {
            return;
        }
        let obstacle = if post.bag != Holder::Station {
            Some((Cause::Material, self.now.plus(900)))
        } else if post.held > self.now {
            Some((post.hold.unwrap_or(Cause::Delay), post.held))
        } else if post.officer_out {
            Some((Cause::Illness, self.now.plus(600)))
        } else {
            None
        };
        if let Some((cause, until)) = obstacle {
            if self.posts[station as usize].ready_late_s == 0 {
                self.say(What::OpeningDelayed { station: global, cause, until });
                self.posts[station as usize].ready_late_s = 1;
            }
            self.posts[station as usize].hold = Some(cause);
            self.at(until, Next::Open { station });
            return;
        }
        self.update(w, station);
        let late_s = self.now.since(DOORS_OPEN).max(0);
        let post = &mut self.posts[station as usize];
        post.phase = Phase::Open;
        post.opened = Some(self.now);
        post.hold = None;
        self.say(What::Opened { station: global, late_s });
    }

    fn voters(&self, w: &Shared, station: u32, sex: u32) -> Voters {
        let listed = self.listed(w, station);
        let figures = &w.scenario.parameters;
        let (registered, booths, serve_s, turnout) = if sex == 0 {
            let booths = listed.booths.men;
            (listed.registered.men, booths, figures.serve_men_s, figures.turnout_men_permille)
        } else {
            let booths = listed.booths.women;
            (listed.registered.women, booths, figures.serve_women_s, figures.turnout_women_permille)
        };
        let mut luck = self.chance_of(w, station, On::Queue, 10_000 + sex);
        let median =
            signed(u32::try_from(u64::from(registered) * u64::from(turnout) / 1_000).unwrap_or(0));
        let expected = if w.scenario.chance {
            lognormal(&mut luck, median, figures.turnout_spread_permille)
        } else {
            median
        };
        Voters {
            seed: w.scenario.seed,
            station: self.station(w, station),
            sex,
            expected: u32::try_from(expected).unwrap_or(0).min(registered),
            registered,
            booths,
            serve_s,
        }
    }

    /// Brings both lines up to now, before anything about the station changes.
    pub(super) fn update(&mut self, w: &Shared, station: u32) {
        let open = matches!(self.posts[station as usize].phase, Phase::Open | Phase::Shut);
        for sex in 0..2_u32 {
            let voters = self.voters(w, station, sex);
            let line = &mut self.posts[station as usize].lines[sex as usize];
            line.update(self.now, &voters, open, &w.scenario.parameters);
        }
    }

    fn waiting(&self, station: u32) -> BySex {
        let [men, women] = &self.posts[station as usize].lines;
        by_sex(men.waiting, women.waiting)
    }

    pub(super) fn voted(&self, station: u32) -> BySex {
        let [men, women] = &self.posts[station as usize].lines;
        by_sex(men.voted, women.voted)
    }

    /// The poll stops at a station; with no length it does not go on today.
    pub(super) fn stop(&mut self, w: &Shared, station: u32, cause: Cause, seconds: Option<i32>) {
        let global = self.station(w, station);
        let phase = self.posts[station as usize].phase;
        let ready = matches!(phase, Phase::Ready | Phase::Bare);
        if ready && self.now < DOORS_SHUT {
            let post = &mut self.posts[station as usize];
            post.hold = Some(cause);
            post.held = post.held.max(self.now.plus(seconds.unwrap_or(86_400)));
            return;
        }
        if !matches!(phase, Phase::Open | Phase::Shut) {
            return;
        }
        self.update(w, station);
        let post = &mut self.posts[station as usize];
        post.phase = Phase::Stopped;
        post.stopped = self.now;
        post.hold = Some(cause);
        self.say(What::PollSuspended { station: global, cause });
        match seconds {
            Some(seconds) => self.after(seconds, Next::Resume { station }),
            None => self.posts[station as usize].phase = Phase::Over,
        }
        self.poke(w, station);
    }

    pub(super) fn resume(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase != Phase::Stopped {
            return;
        }
        self.update(w, station);
        let global = self.station(w, station);
        let post = &mut self.posts[station as usize];
        post.phase = if self.now < DOORS_SHUT { Phase::Open } else { Phase::Shut };
        post.hold = None;
        let lost_s = self.now.since(post.stopped);
        self.say(What::PollResumed { station: global, lost_s });
        if self.now >= DOORS_SHUT {
            self.after(60, Next::Emptied { station });
        }
    }

    pub(super) fn officer_fails(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase >= Phase::Packed {
            return;
        }
        self.posts[station as usize].officer_out = true;
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Illness, 1);
        let seconds = lognormal(&mut luck, figures.officer_replace_s, 500);
        if self.posts[station as usize].phase == Phase::Open {
            self.stop(w, station, Cause::Illness, Some(seconds));
        }
        self.after(seconds, Next::OfficerReplaced { station });
    }

    pub(super) fn officer_replaced(&mut self, w: &Shared, station: u32) {
        self.posts[station as usize].officer_out = false;
        let station = self.station(w, station);
        self.say(What::OfficerReplaced { station, cause: Cause::Illness });
    }

    pub(super) fn doors(&mut self, w: &Shared, station: u32) {
        let phase = self.posts[station as usize].phase;
        match phase {
            Phase::Open => {
                self.update(w, station);
                self.posts[station as usize].phase = Phase::Shut;
                let inside = self.waiting(station);
                let global = self.station(w, station);
                self.say(What::DoorsShut { station: global, inside });
                let seconds = self.empty_in(w, station);
                self.after(seconds, Next::Emptied { station });
            }
            // No poll was held here.
            Phase::Bare | Phase::Ready => {
                self.posts[station as usize].phase = Phase::Over;
                self.poke(w, station);
            }
            Phase::Stopped
            | Phase::Shut
            | Phase::Counting
            | Phase::Counted
            | Phase::Packed
            | Phase::Over => {}
        }
    }

    fn empty_in(&self, w: &Shared, station: u32) -> i32 {
        let lines = &self.posts[station as usize].lines;
        (0..2_u32)
            .map(|sex| lines[sex as usize].empty_in(&self.voters(w, station, sex)))
            .max()
            .unwrap_or(0)
    }

    pub(super) fn emptied(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase != Phase::Shut {
            return;
        }
        self.update(w, station);
        if self.waiting(station).total() > 0 {
            let seconds = self.empty_in(w, station).max(30);
            self.after(seconds, Next::Emptied { station });
            return;
        }
        self.posts[station as usize].phase = Phase::Counting;
        let global = self.station(w, station);
        let voted = self.voted(station);
        self.say(What::LastVoter { station: global, voted });
        self.after(CLEAR_S, Next::CountBegins { station });
    }

    pub(super) fn count_begins(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase != Phase::Counting {
            return;
        }
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Count, 0);
        let agents = u32::try_from(lognormal(&mut luck, signed(figures.agents_median), 400));
        let agents = agents.unwrap_or(0);
        let global = self.station(w, station);
        self.say(What::CountBegun { station: global, agents });
        self.make(w, station, Code::COUNT, Content::Count { agents });
        let registered = self.listed(w, station).registered.total();
        let ballots = u64::from(registered) * u64::from(figures.count_voter_ms) / 1_000;
        let median = figures.count_base_s + i32::try_from(ballots).unwrap_or(0) - CLEAR_S;
        let seconds = if w.scenario.chance {
            lognormal(&mut luck, median, figures.count_spread_permille)
        } else {
            median
        };
        self.after(seconds, Next::CountEnds { station });
    }

    pub(super) fn count_ends(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase != Phase::Counting {
            return;
        }
        self.posts[station as usize].phase = Phase::Counted;
        let (national, provincial) = self.totals(w, station);
        let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
        self.custody(w, station, Step::Counted, pair);
        let global = self.station(w, station);
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Form, 1);
        let posted = luck.below(1_000) >= u64::from(figures.form_not_posted_permille);
        let copies = if posted || !w.scenario.chance { figures.agents_median } else { 0 };
        let form = eve::own_form(global);
        self.say(What::FormPosted { station: global, national, provincial, form, copies });
        let first_bag = global * BAGS;
        let content = Content::Posted { totals: national, first_bag, bags: BAGS, form };
        self.make(w, station, Code::POSTED, content);
        self.after(figures.form_post_s, Next::Packed { station });
    }

    pub(super) fn packed(&mut self, w: &Shared, station: u32) {
        if self.posts[station as usize].phase != Phase::Counted {
            return;
        }
        self.posts[station as usize].phase = Phase::Packed;
        self.posts[station as usize].packed = Some(self.now);
        let pair = (Role::PresidingOfficer, Role::PresidingOfficer);
        self.custody(w, station, Step::Packed, pair);
        self.poke(w, station);
    }

    /// The balance of both contests, with the slips of tired people and the deeds of others.
    fn totals(&mut self, w: &Shared, station: u32) -> (Totals, Totals) {
        let listed = self.listed(w, station);
        let figures = &w.scenario.parameters;
        let voted = self.voted(station).total();
        let registered = listed.registered.total();
        let received = registered + figures.ballots_spare;
        let mut luck = self.chance_of(w, station, On::Form, 0);
        let mut one = |voted: u32| {
            let spoilt = binomial(&mut luck, voted, figures.spoilt_permille);
            let in_box = voted - spoilt;
            let rejected = binomial(&mut luck, in_box, figures.rejected_permille);
            Totals {
                registered,
                received,
                issued: voted,
                unissued: received - voted,
                in_box,
                spoilt,
                unaccounted: 0,
                valid: in_box - rejected,
                rejected,
                roll_marks: voted,
            }
        };
        let (mut national, mut provincial) = (one(voted), one(voted));
        let slip = happens(&mut luck, figures.sum_error_ppm);
        if w.scenario.chance && slip {
            let off = 1 + u32::try_from(luck.below(9)).unwrap_or(0);
            let which = if luck.below(2) == 0 { &mut national } else { &mut provincial };
            which.unissued += off;
        }
        let tamper = self.posts[station as usize].tamper;
        if tamper & tampered(Tamper::BookTaken) != 0 {
            national.unissued = national.unissued.saturating_sub(100);
        }
        if tamper & tampered(Tamper::BoxStuffed) != 0 {
            let rest = national.unissued;
            national.issued += rest;
            national.roll_marks += rest;
            national.in_box += rest;
            national.valid += rest;
            national.unissued = 0;
        }
        (national, provincial)
    }

    /// What a planned check-in says, as the station stands now.
    pub(super) fn content(&mut self, w: &Shared, station: u32, code: u8) -> Content {
        let code = code_of(code);
        match code {
            Code::NIGHT => Content::NightGuard { guards: self.guards_at(w, station).div_ceil(3) },
            Code::TEST => self.test(w, station),
            Code::STAFF => {
                let post = &self.posts[station as usize];
                Content::Staff { present: post.staff, expected: post.staff_expected }
            }
            Code::READY => {
                let post = &self.posts[station as usize];
                let material = (post.bag != Holder::Station).then_some(Cause::Material);
                Content::Ready { missing: material.or(post.hold) }
            }
            Code::OPEN => {
                let post = &self.posts[station as usize];
                let open = post.phase == Phase::Open;
                let why =
                    if post.bag == Holder::Station { post.hold } else { Some(Cause::Material) };
                Content::Open { not_open: (!open).then(|| why.unwrap_or(Cause::Delay)) }
            }
            Code::TEN | Code::NOON | Code::TWO | Code::FOUR => {
                self.update(w, station);
                Content::Report {
                    incident: self.posts[station as usize].incidents > 0,
                    queue: self.waiting(station),
                    voted: self.voted(station),
                }
            }
            Code::CLOSED => {
                self.update(w, station);
                Content::Closed { inside: self.waiting(station) }
            }
            _ => NOTHING,
        }
    }

    pub(super) fn guards_at(&self, w: &Shared, station: u32) -> u32 {
        let building = self.local_building(w, self.listed(w, station).building);
        self.guards[building].present
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a day before")]
fn whole(seconds: f64) -> i32 {
    libm::round(seconds.clamp(-86_400.0, 86_400.0)) as i32
}
