//! Devices that fail and are mended, and guards who come, fall out and leave.

use super::{Local, Next, Phase};
use crate::day::{
    Cause, Device, Second, Shared, What,
    chance::{On, Who, between, binomial, chance, happens, lognormal},
    list::Absence,
    plan::narrow,
};
use pehra_domain::{risk::RiskClass, seed::Seed};

/// Failures fall between these hours of the day.
const FROM: Second = Second::on(0, 5, 0);
const UNTIL: Second = Second::on(0, 20, 0);

impl Local {
    pub(super) fn begin_things(&mut self, w: &Shared) {
        for building in 0..narrow(self.guards.len()) {
            let listed = &w.plan.buildings[self.building(w, building) as usize];
            let guards = &mut self.guards[building as usize];
            (guards.posted, guards.present) = (listed.posted, listed.posted);
            let mut luck = self.guard_luck(w, building, 0);
            let minutes = if w.scenario.chance { between(&mut luck, 0, 150) } else { 0 };
            self.at(Second::on(-1, 18, 0).plus_minutes(minutes), Next::NightGuards { building });
            let minutes = if w.scenario.chance { between(&mut luck, 0, 60) } else { 0 };
            self.at(Second::on(0, 5, 0).plus_minutes(minutes), Next::DayGuards { building });
            let shift = Second::on(0, 5, 0).plus(w.scenario.parameters.guard_shift_s);
            self.at(shift, Next::Shift { building });
            let ppm = listed.posted.saturating_mul(w.scenario.parameters.guard_leaves_ppm);
            if w.scenario.chance && happens(&mut luck, ppm) {
                let at = Second::on(0, 6, 0).plus(between(&mut luck, 0, 14 * 3_600));
                self.at(at, Next::GuardGoes { building });
            }
        }
        if w.scenario.chance {
            self.begin_devices(w);
        }
    }

    fn guard_luck(&self, w: &Shared, building: u32, again: u32) -> Seed {
        let number = self.building(w, building);
        chance(w.scenario.seed, Who::Building, number, On::Guard, again)
    }

    fn begin_devices(&mut self, w: &Shared) {
        let figures = &w.scenario.parameters;
        let kinds = [
            (Device::Radio, figures.radio_fails_ppm),
            (Device::Camera, figures.camera_fails_ppm),
            (Device::Verification, figures.verification_fails_ppm),
        ];
        for station in 0..narrow(self.posts.len()) {
            for (device, ppm) in kinds {
                let mut luck = self.chance_of(w, station, On::Device, device as u32);
                let fails = happens(&mut luck, ppm);
                if fails && self.has(w, station, device) {
                    let at = FROM.plus(between(&mut luck, 0, UNTIL.since(FROM)));
                    self.at(at, Next::DeviceFails { station, device });
                }
            }
        }
    }

    /// Whether a station has such a device at all.
    pub(super) fn has(&self, w: &Shared, station: u32, device: Device) -> bool {
        let listed = self.listed(w, station);
        let figures = &w.scenario.parameters;
        let permille = match device {
            Device::Radio => return !listed.postponed,
            Device::Camera if listed.class == RiskClass::Most => figures.camera_most_permille,
            Device::Camera => 0,
            Device::Generator => figures.generator_permille,
            Device::Verification => figures.verification_permille,
        };
        let mut luck = self.chance_of(w, station, On::Device, 50 + device as u32);
        !listed.postponed && luck.below(1_000) < u64::from(permille)
    }

    /// Whether one of the plan's stations has such a device.
    pub(in crate::day) fn has_at(&self, w: &Shared, station: u32, device: Device) -> bool {
        let here = w.plan.districts[self.district as usize].stations;
        here.contains(station) && self.has(w, station - here.first, device)
    }

    /// Whether a generator steps in: it is there, and it starts.
    pub(super) fn generates(&self, w: &Shared, station: u32) -> bool {
        let mut luck = self.chance_of(w, station, On::Device, 60);
        let starts = luck.below(1_000) >= u64::from(w.scenario.parameters.generator_fails_permille);
        starts && self.has(w, station, Device::Generator)
    }

    pub(super) fn device_fails(&mut self, w: &Shared, station: u32, device: Device) {
        self.breaks(w, station, device, Cause::Breakdown);
        let mut luck = self.chance_of(w, station, On::Device, 70 + device as u32);
        let seconds = lognormal(&mut luck, w.scenario.parameters.repair_median_s, 600);
        self.after(seconds, Next::DeviceMended { station, device });
    }

    pub(super) fn breaks(&mut self, w: &Shared, station: u32, device: Device, cause: Cause) {
        let post = &mut self.posts[station as usize];
        let mark = 1 << (device as u8);
        if post.broken & mark != 0 {
            return;
        }
        post.broken |= mark;
        post.down_since[device as usize] = self.now;
        let station = self.station(w, station);
        self.say(What::DeviceFailed { station, device, cause });
    }

    pub(super) fn device_mended(&mut self, w: &Shared, station: u32, device: Device) {
        let post = &mut self.posts[station as usize];
        let mark = 1 << (device as u8);
        if post.broken & mark == 0 {
            return;
        }
        post.broken &= !mark;
        let down_s = self.now.since(post.down_since[device as usize]);
        let global = self.station(w, station);
        self.say(What::DeviceBack { station: global, device, down_s });
        if device == Device::Radio {
            self.radio_mended(w, station);
        }
    }

    pub(super) fn night_guards(&mut self, w: &Shared, building: u32) {
        let mut luck = self.guard_luck(w, building, 1);
        let guards = &mut self.guards[building as usize];
        guards.on_duty = true;
        let ill = if w.scenario.chance {
            binomial(&mut luck, guards.present, w.scenario.parameters.guard_absent_permille)
        } else {
            0
        };
        guards.ill += ill;
        guards.present -= ill;
        let number = self.building(w, building);
        if ill > 0 {
            let absence = Absence::Ill;
            self.say(What::GuardsAbsent { building: number, count: ill, absence });
        }
        self.say_guards(w, building, true);
        for station in self.stations_at(w, number).iter() {
            self.overnight(w, station);
        }
    }

    fn say_guards(&mut self, w: &Shared, building: u32, night: bool) {
        let number = self.building(w, building);
        let listed = &w.plan.buildings[number as usize];
        let guards = self.guards[building as usize];
        let (due, women) = (listed.due, listed.women.min(guards.present));
        // A third stands at night, the others come in the morning.
        let present = if night { guards.present.div_ceil(3) } else { guards.present };
        let due = if night { due.div_ceil(3) } else { due };
        let women = if night { 0 } else { women };
        self.say(What::GuardsPosted { building: number, present, due, women });
    }

    pub(super) fn day_guards(&mut self, w: &Shared, building: u32) {
        self.say_guards(w, building, false);
    }

    pub(super) fn shift(&mut self, w: &Shared, building: u32) {
        let count = self.guards[building as usize].present;
        let building = self.building(w, building);
        self.say(What::GuardsRelieved { building, count });
    }

    pub(super) fn guard_goes(&mut self, w: &Shared, building: u32) {
        let mut luck = self.guard_luck(w, building, 2);
        let cause = if luck.below(2) == 0 { Cause::Fear } else { Cause::Bribe };
        self.guards_leave(w, building, 1, cause);
    }

    /// So many leave, as far as there are so many.
    pub(super) fn guards_leave(&mut self, w: &Shared, building: u32, count: u32, cause: Cause) {
        let guards = &mut self.guards[building as usize];
        let count = count.min(guards.present);
        guards.present -= count;
        guards.left += count;
        let building = self.building(w, building);
        for _ in 0..count {
            self.say(What::GuardLeft { building, cause });
        }
    }

    /// Guards hurt and killed at a building.
    pub(super) fn guards_fall(&mut self, w: &Shared, building: u32, killed: u32, hurt: u32) {
        let guards = &mut self.guards[building as usize];
        let killed = killed.min(guards.present);
        guards.present -= killed;
        guards.killed += killed;
        let hurt = hurt.min(guards.present);
        guards.present -= hurt;
        guards.hurt += hurt;
        let building = self.building(w, building);
        for (count, absence) in [(killed, Absence::Killed), (hurt, Absence::Hurt)] {
            if count > 0 {
                self.say(What::GuardsAbsent { building, count, absence });
            }
        }
    }

    /// Whether a station still has something to guard.
    pub(super) fn is_voting(&self, station: u32) -> bool {
        matches!(self.posts[station as usize].phase, Phase::Open | Phase::Shut)
    }
}
