//! Cameras, verification devices, radios and generators of the imagined day: what there is, as it is listed and tested on
//! the eve; what a station says has failed; and hour by hour what the control room sees of its cameras from afar.

use super::{
    convert::{Entered, Matter},
    material::Thread,
};
use pehra_domain::{EquipmentId, UnixMs, exercise::EXERCISE_MARK};
use pehra_drill::day::{Day, Device, Happening, Plan, Second, What};
use pehra_ops::{
    Command,
    equipment::{self, Change, Health, ITEMS_MAX, Installation, Kind, Listing, Place, Test},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Cameras are watched from this hour on, and until the last bags are in.
const FROM: Second = Second::on(0, 5, 0);
const UNTIL: Second = Second::on(1, 5, 0);
/// One entry tells of so long.
const SPAN_S: i32 = 3_600;

/// Follows the equipment of the districts that are lived closely.
pub struct Devices {
    plan: Arc<Plan>,
    /// By station, what it has.
    at: BTreeMap<u32, Vec<Device>>,
    /// By district, how many cameras.
    cameras: BTreeMap<u32, u32>,
    /// What was seen of cameras since the last word, by district.
    seen: BTreeMap<u32, Vec<(Second, Change)>>,
    told: Second,
}

impl Devices {
    #[must_use]
    pub fn new(day: &Day, districts: &BTreeSet<u32>) -> Self {
        let plan = Arc::clone(day.plan());
        let (mut at, mut cameras) = (BTreeMap::new(), BTreeMap::new());
        for (station, listed) in (0_u32..).zip(&plan.stations) {
            if !districts.contains(&listed.district) {
                continue;
            }
            let has = Device::ALL.iter().copied().filter(|device| day.has(station, *device));
            let has: Vec<Device> = has.collect();
            if has.contains(&Device::Camera) {
                *cameras.entry(listed.district).or_default() += 1;
            }
            if !has.is_empty() {
                at.insert(station, has);
            }
        }
        Self { plan, at, cameras, seen: BTreeMap::new(), told: FROM }
    }

    /// The inventory, installed and tested, as the day begins.
    #[must_use]
    pub fn installed(&self, at: Second) -> Vec<Entered> {
        let mut districts: BTreeMap<u32, Vec<(Listing, Installation, Test)>> = BTreeMap::new();
        for (station, devices) in &self.at {
            let Some(listed) = self.plan.stations.get(*station as usize) else { continue };
            for device in devices {
                let Some(equipment) = self.name(*station, *device) else { continue };
                let place = Place::Station(listed.id.clone());
                let listing = Listing {
                    equipment: equipment.clone(),
                    kind: kind(*device),
                    place: place.clone(),
                    serial: String::new(),
                    owner: EXERCISE_MARK.to_owned(),
                    feeder: String::new(),
                    line: String::new(),
                };
                let installed = Installation { equipment: equipment.clone(), place };
                let test = Test { equipment, passed: true, note: String::new() };
                districts.entry(listed.district).or_default().push((listing, installed, test));
            }
        }
        let at = self.ms(at);
        let mut all = Vec::new();
        for (district, items) in districts {
            let Some(area) = self.plan.districts.get(district as usize).map(|it| &it.area) else {
                continue;
            };
            for some in items.chunks(ITEMS_MAX) {
                let (mut listed, mut installed, mut tested) = (Vec::new(), Vec::new(), Vec::new());
                for (listing, installation, test) in some.iter().cloned() {
                    listed.push(listing);
                    installed.push(installation);
                    tested.push(test);
                }
                let area = || area.clone();
                for command in [
                    equipment::Command::List { area: area(), at, items: listed },
                    equipment::Command::Install { area: area(), at, items: installed },
                    equipment::Command::Test { area: area(), at, items: tested },
                ] {
                    all.push(entered(district, "DEVICE", Thread::Inventory(district), command));
                }
            }
        }
        all
    }

    /// What a station says of one happening; of its cameras it is seen from afar.
    pub fn note(&mut self, happening: &Happening) -> Option<Entered> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens is no matter of devices"
        )]
        let (station, device, cause) = match &happening.what {
            What::DeviceFailed { station, device, cause } => (*station, *device, Some(*cause)),
            What::DeviceBack { station, device, .. } => (*station, *device, None),
            _ => return None,
        };
        if !self.at.get(&station)?.contains(&device) {
            return None;
        }
        let equipment = self.name(station, device)?;
        let district = self.plan.stations.get(station as usize)?.district;
        let area = self.plan.districts.get(district as usize)?.area.clone();
        let at = self.ms(happening.at);
        if device == Device::Camera {
            let health = if cause.is_some() { Health::Silent } else { Health::Live };
            let change = Change { equipment, at, health };
            self.seen.entry(district).or_default().push((happening.at, change));
            return None;
        }
        let (role, command) = match cause {
            Some(cause) => {
                let note = format!("{EXERCISE_MARK} · {}", cause.word());
                ("CTRL-D", equipment::Command::Fault { area, at, equipment, note })
            }
            None => {
                let note = EXERCISE_MARK.to_owned();
                ("DEVICE", equipment::Command::Repair { area, at, equipment, note })
            }
        };
        Some(entered(district, role, Thread::Device(station), command))
    }

    /// What was seen of the cameras up to each full hour that has passed.
    pub fn watched(&mut self, now: Second) -> Vec<Entered> {
        let mut all = Vec::new();
        while self.told.plus(SPAN_S) <= now.min(UNTIL) {
            let (from, until) = (self.told, self.told.plus(SPAN_S));
            self.told = until;
            for (district, watched) in &self.cameras {
                let Some(listed) = self.plan.districts.get(*district as usize) else { continue };
                let mut seen = self.seen.remove(district).unwrap_or_default();
                let later = seen.split_off(seen.partition_point(|(at, _)| *at < until));
                self.seen.insert(*district, later);
                let first = seen.partition_point(|(at, _)| *at < from);
                let before: Vec<(Second, Change)> = seen.drain(..first).collect();
                let mut changes: Vec<Change> = Vec::new();
                if from == FROM {
                    changes.extend(self.found(*district, from, &before));
                }
                changes.extend(seen.into_iter().map(|(_, change)| change));
                let (from, until) = (from.unix_ms(self.plan.day), until.unix_ms(self.plan.day));
                let mut rest = changes.as_slice();
                loop {
                    let (some, later) = rest.split_at(rest.len().min(ITEMS_MAX));
                    let (area, changes) = (listed.area.clone(), some.to_vec());
                    let watched = *watched;
                    let command =
                        equipment::Command::Observe { area, from, until, watched, changes };
                    all.push(entered(*district, "CTRL-D", Thread::Inventory(*district), command));
                    rest = later;
                    if rest.is_empty() {
                        break;
                    }
                }
            }
        }
        all
    }

    /// Every camera of a district as it is found when the watch begins: heard, but those that failed `before`.
    fn found(&self, district: u32, at: Second, before: &[(Second, Change)]) -> Vec<Change> {
        let Some(listed) = self.plan.districts.get(district as usize) else { return Vec::new() };
        // The stations of a district stand beside each other.
        let here = self.at.range(listed.stations.first..listed.stations.end);
        let own = here.filter(|(_, devices)| devices.contains(&Device::Camera));
        let at = self.ms(at);
        let live = |(station, _): (&u32, _)| {
            let equipment = self.name(*station, Device::Camera)?;
            let last = before.iter().rev().find(|(_, change)| change.equipment == equipment);
            let health = last.map_or(Health::Live, |(_, change)| change.health);
            Some(Change { equipment, at, health })
        };
        own.filter_map(live).collect()
    }

    fn name(&self, station: u32, device: Device) -> Option<EquipmentId> {
        let id = &self.plan.stations.get(station as usize)?.id;
        EquipmentId::try_new(format!("{id}-{}", kind(device).name())).ok()
    }

    fn ms(&self, at: Second) -> UnixMs {
        at.unix_ms(self.plan.day)
    }
}

fn kind(device: Device) -> Kind {
    match device {
        Device::Camera => Kind::Camera,
        Device::Generator => Kind::Generator,
        Device::Verification => Kind::Verification,
        Device::Radio => Kind::Radio,
    }
}

fn entered(
    district: u32,
    role: &'static str,
    thread: Thread,
    command: equipment::Command,
) -> Entered {
    let what = Matter::Said(thread, Box::new(Command::Equipment(command)));
    Entered { district, role, what }
}
