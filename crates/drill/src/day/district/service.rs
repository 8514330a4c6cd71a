//! Services that an authority cuts, or that fail over a district, and come back.

use super::{Local, Next, bit};
use crate::day::{
    Cause, Device, Path, Service, Shared, What,
    chance::{On, Who, chance, lognormal},
    plan::narrow,
};

/// Word that the telephone works again goes round within about this time.
const NOTICE_S: i32 = 1_200;

/// Paths that a service carries.
fn paths(service: Service) -> u16 {
    match service {
        Service::Voice => bit(Path::CellularVoice),
        Service::Data => bit(Path::CellularData),
        Service::Broadband => bit(Path::Fibre),
        Service::Exchange => bit(Path::FixedLine),
        Service::Sms | Service::Mast | Service::Power => 0,
    }
}

impl Local {
    pub(super) fn begin_services(&mut self, w: &Shared) {
        let area = &w.plan.districts[self.district as usize].area;
        for (cut, it) in (0_u32..).zip(&w.scenario.cuts) {
            let Some((from, until)) = it.window(area) else { continue };
            self.at(from, Next::CutBegins { cut });
            if let Some(until) = until {
                self.at(until, Next::CutEnds { cut });
            }
        }
        self.begin_couriers(w);
    }

    pub(super) fn cut_begins(&mut self, w: &Shared, cut: u32) {
        let Some(cut) = w.scenario.cuts.get(cut as usize) else { return };
        let ordered = !cut.authority.is_empty();
        for &service in &cut.services {
            if ordered {
                self.ordered |= 1 << (service as u8);
            }
            let cause = if ordered { Cause::Suspension } else { Cause::Outage };
            self.service_lost(w, service, cause);
        }
    }

    pub(super) fn cut_ends(&mut self, w: &Shared, cut: u32) {
        let Some(cut) = w.scenario.cuts.get(cut as usize) else { return };
        for &service in &cut.services {
            if !cut.authority.is_empty() {
                self.ordered &= !(1 << (service as u8));
            }
            self.service_back(w, service);
        }
    }

    /// A service fails for so long; what falls into a longer loss does not shorten it.
    pub(super) fn outage(&mut self, w: &Shared, service: Service, seconds: i32) {
        self.service_lost(w, service, Cause::Outage);
        self.after(seconds, Next::ServiceBack { service });
    }

    fn service_lost(&mut self, w: &Shared, service: Service, cause: Cause) {
        let down = &mut self.down[service as usize];
        *down = down.saturating_add(1);
        if *down > 1 {
            return;
        }
        self.say(What::ServiceLost { district: self.district, service, cause });
        if service == Service::Power {
            self.power_lost(w);
        }
    }

    pub(super) fn service_back(&mut self, w: &Shared, service: Service) {
        let down = &mut self.down[service as usize];
        *down = down.saturating_sub(1);
        if *down > 0 {
            return;
        }
        self.say(What::ServiceRestored { district: self.district, service });
        if service == Service::Power {
            self.power_back(w);
        }
        let who = (w.scenario.seed, Who::District, self.district);
        let mut luck = chance(who.0, who.1, who.2, On::Outage, 90 + service as u32);
        self.after(lognormal(&mut luck, NOTICE_S, 500), Next::NoticeBack { service });
    }

    /// Somebody has found that it works again, and tells.
    pub(super) fn notice_back(&mut self, w: &Shared, service: Service) {
        if self.down[service as usize] > 0 {
            return;
        }
        let seen = 1 << (service as u8);
        if self.seen_down & seen != 0 {
            self.seen_down &= !seen;
            self.say(What::RestorationObserved { district: self.district, service });
        }
        let paths = paths(service);
        for station in 0..narrow(self.posts.len()) {
            let post = &mut self.posts[station as usize];
            if post.dead & paths != 0 {
                post.dead &= !paths;
                self.retry(w, station);
            }
        }
    }

    /// The first who finds a service gone: from here on the loss is observed, whatever was announced.
    pub(super) fn observe_loss(&mut self, path: Path, cause: Cause) {
        let service = match path {
            Path::CellularVoice => Service::Voice,
            Path::CellularData => Service::Data,
            Path::Fibre => Service::Broadband,
            Path::FixedLine if cause != Cause::Range => Service::Exchange,
            Path::FixedLine
            | Path::Uhf
            | Path::Vhf
            | Path::VhfBase
            | Path::Hf
            | Path::Satellite
            | Path::Courier
            | Path::Runner
            | Path::SectorCar
            | Path::ByHand => return,
        };
        let seen = 1 << (service as u8);
        if self.seen_down & seen == 0 {
            self.seen_down |= seen;
            self.say(What::SuspensionObserved { district: self.district, service });
        }
    }

    /// A set is mended: its path is worth a try again.
    pub(super) fn radio_mended(&mut self, w: &Shared, station: u32) {
        self.posts[station as usize].dead &= !(bit(Path::Uhf) | bit(Path::Vhf));
        self.retry(w, station);
    }

    /// Cameras and devices without a generator stand still while the power is gone.
    fn power_lost(&mut self, w: &Shared) {
        for station in 0..narrow(self.posts.len()) {
            for device in [Device::Camera, Device::Verification] {
                if self.has(w, station, device) && !self.generates(w, station) {
                    self.breaks(w, station, device, Cause::Outage);
                }
            }
        }
    }

    fn power_back(&mut self, w: &Shared) {
        for station in 0..narrow(self.posts.len()) {
            for device in [Device::Camera, Device::Verification] {
                if !self.generates(w, station) {
                    self.device_mended(w, station, device);
                }
            }
        }
    }
}
