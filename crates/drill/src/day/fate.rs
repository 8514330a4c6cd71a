//! What chance has in store for the whole nation, drawn before the first second: attacks by the districts' histories on the
//! weakest place that an attacker can see, other troubles by their rates, outages, deeds in secret, tips and reports. And
//! what a script asks of which district.

use super::{
    Channel, Event, Place, Plan, Scripted, Second, Service, Shared, Tamper, Trouble, Truth, What,
    chance::{On, Who, between, chance, happens, lognormal, poisson},
    plan::{Span, narrow},
};
use pehra_domain::{risk::RiskClass, seed::Seed};
use std::collections::BTreeMap;

/// Everything drawn.
pub(super) struct Fate {
    pub(super) districts: Vec<Vec<Scripted>>,
    pub(super) nation: Vec<(Second, What)>,
}

/// What a scripted event asks of each district.
pub(super) fn parts(plan: &Plan, scripted: &Scripted) -> Vec<(u32, Scripted)> {
    let whole = |district: u32| vec![(district, scripted.clone())];
    let of_stations = |stations: &[u32], event: &dyn Fn(Vec<u32>) -> Event| {
        let mut by_district: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &station in stations {
            let district = plan.stations[station as usize].district;
            by_district.entry(district).or_default().push(station);
        }
        by_district
            .into_iter()
            .map(|(district, stations)| {
                (district, Scripted { event: event(stations), ..scripted.clone() })
            })
            .collect()
    };
    match &scripted.event {
        Event::Incident { place, .. } | Event::Tip { place, .. } | Event::Citizen { place, .. } => {
            whole(district_of(plan, *place))
        }
        Event::Burn { stations } => of_stations(stations, &|stations| Event::Burn { stations }),
        Event::Snatch { stations } => of_stations(stations, &|stations| Event::Snatch { stations }),
        Event::OfficeParalysed { office, .. } | Event::BurnOffice { office, .. } => {
            whole(plan.offices[*office as usize].district)
        }
        Event::Tamper { station, .. } => whole(plan.stations[*station as usize].district),
        Event::NotOpen { stations, cause, until } => {
            let (cause, until) = (*cause, *until);
            of_stations(stations, &|stations| Event::NotOpen { stations, cause, until })
        }
        Event::Halt { convoy, .. } => whole(plan.convoys[*convoy as usize].district),
        Event::Outage { district, .. } => whole(*district),
        Event::GuardsLeave { building, .. } => whole(plan.buildings[*building as usize].district),
    }
}

fn district_of(plan: &Plan, place: Place) -> u32 {
    match place {
        Place::Station(at) => plan.stations[at as usize].district,
        Place::Convoy(at) => plan.convoys[at as usize].district,
        Place::Office(at) => plan.offices[at as usize].district,
        Place::Ground(district, _) | Place::District(district) => district,
        Place::Nation => 0,
    }
}

pub(super) fn draw(shared: &Shared) -> Fate {
    let plan = &shared.plan;
    let mut fate =
        Fate { districts: vec![Vec::new(); plan.districts.len()], nation: orders(shared) };
    for scripted in &shared.scenario.script {
        for (district, part) in parts(plan, scripted) {
            fate.districts[district as usize].push(part);
        }
    }
    if shared.scenario.chance {
        fate.attacks(shared);
        for district in 0..narrow(plan.districts.len()) {
            fate.troubles(shared, district);
            fate.outages(shared, district);
            fate.secrets(shared, district);
            fate.words(shared, district);
        }
        fate.offices(shared);
    }
    fate
}

/// Orders of suspension as they are given and lifted: one happening each for the nation.
fn orders(shared: &Shared) -> Vec<(Second, What)> {
    let mut said = Vec::new();
    for cut in shared.scenario.cuts.iter().filter(|cut| !cut.authority.is_empty()) {
        let areas: Vec<u32> = (0_u32..)
            .zip(&shared.plan.districts)
            .filter(|(_, district)| cut.window(&district.area).is_some())
            .map(|(at, _)| at)
            .collect();
        let services = cut.services.clone();
        let authority = cut.authority.clone();
        if cut.from >= shared.scenario.from {
            let (services, areas) = (services.clone(), areas.clone());
            said.push((cut.from, What::SuspensionOrdered { services, areas, authority }));
        }
        let mut ends: BTreeMap<Second, Vec<u32>> = BTreeMap::new();
        for area in areas {
            let window = cut.window(&shared.plan.districts[area as usize].area);
            if let Some((_, Some(until))) = window {
                ends.entry(until).or_default().push(area);
            }
        }
        for (until, areas) in ends {
            said.push((until, What::SuspensionLifted { services: services.clone(), areas }));
        }
    }
    said
}

fn scripted(at: Second, name: &str, event: Event) -> Scripted {
    Scripted { at, name: name.to_owned(), event }
}

/// How weak a building looks to somebody who can see guards, distances and masts, but not the reserve's orders.
fn weakness(plan: &Plan, building: u32) -> u64 {
    let it = &plan.buildings[building as usize];
    let missing = u64::from(it.due.saturating_sub(it.posted)) * 1_000 / u64::from(it.due.max(1));
    let thin = 4_000 / u64::from(it.posted + 2);
    let district = &plan.districts[it.district as usize];
    let nearest = plan.teams[district.teams.range()]
        .iter()
        .map(|team| near(team.point, it.point))
        .min()
        .unwrap_or(2_000);
    let prize = match it.class {
        RiskClass::Normal => 0,
        RiskClass::Sensitive => 150,
        RiskClass::Most => 300,
    };
    missing + thin + nearest.min(2_000) + prize
}

/// Hundredths of a degree, all told: enough to compare by.
fn near(a: pehra_domain::Point, b: pehra_domain::Point) -> u64 {
    let of = |x: i32, y: i32| u64::from(x.abs_diff(y)) / 10_000;
    of(a.lat_e7, b.lat_e7) + of(a.lon_e7, b.lon_e7)
}

fn pick(luck: &mut Seed, span: Span) -> Option<u32> {
    if span.is_empty() {
        return None;
    }
    let at = luck.below(span.len() as u64);
    Some(span.first + u32::try_from(at).unwrap_or(0))
}

impl Fate {
    fn add(&mut self, plan: &Plan, it: &Scripted) {
        for (district, part) in parts(plan, it) {
            self.districts[district as usize].push(part);
        }
    }

    fn attacks(&mut self, shared: &Shared) {
        let figures = &shared.scenario.parameters;
        let seed = shared.scenario.seed;
        let mut luck = chance(seed, Who::Nation, 0, On::Attacks, 0);
        let eve = poisson(&mut luck, u64::from(figures.attacks_eve_micro));
        let day = poisson(&mut luck, u64::from(figures.attacks_poll_day_micro));
        for number in 0..eve + day {
            let mut luck = chance(seed, Who::Nation, number, On::Target, 0);
            let at = if number < eve {
                Second::on(-1, 12, 0).plus(between(&mut luck, 0, 12 * 3_600 - 1))
            } else {
                hour(&mut luck, figures.attack_night_permille)
            };
            let Some(district) = self.by_threat(&shared.plan, &mut luck) else { return };
            self.attack(shared, (number, district), at, &mut luck);
        }
    }

    fn by_threat(&self, plan: &Plan, luck: &mut Seed) -> Option<u32> {
        let total: u64 = plan.districts.iter().map(|it| u64::from(it.threat_micro)).sum();
        let mut left = luck.below(total.max(1));
        (0_u32..).zip(&plan.districts).take(self.districts.len()).find_map(|(at, district)| {
            let share = u64::from(district.threat_micro);
            if left < share {
                return Some(at);
            }
            left -= share;
            None
        })
    }

    fn attack(
        &mut self,
        shared: &Shared,
        (number, district): (u32, u32),
        at: Second,
        luck: &mut Seed,
    ) {
        let plan = &shared.plan;
        let figures = &shared.scenario.parameters;
        let kinds = [
            (Trouble::ArmPst, figures.attack_armed_permille),
            (Trouble::IedRte, figures.attack_roadside_permille),
            (Trouble::GrePst, figures.attack_grenade_permille),
            (Trouble::IedPst, figures.attack_device_permille),
        ];
        let mut left = luck.below(1_000);
        let kind = kinds.into_iter().find(|(_, share)| {
            let here = left < u64::from(*share);
            left = left.saturating_sub(u64::from(*share));
            here
        });
        let trouble = kind.map_or(Trouble::IedEmb, |(trouble, _)| trouble);
        let here = &plan.districts[district as usize];
        let seen = figures.attack_candidates_seen.max(1);
        let place = if trouble == Trouble::IedRte {
            (0..seen)
                .filter_map(|_| pick(luck, here.convoys))
                .max_by_key(|&convoy| {
                    let it = &plan.convoys[convoy as usize];
                    (it.length_m / (it.escort + 1), convoy)
                })
                .map(Place::Convoy)
        } else if trouble == Trouble::IedEmb {
            pick(luck, here.offices).map(Place::Office)
        } else {
            (0..seen)
                .filter_map(|_| pick(luck, here.buildings))
                .max_by_key(|&building| (weakness(plan, building), building))
                .map(|building| Place::Station(plan.buildings[building as usize].stations.first))
        };
        let Some(place) = place else { return };
        let deaths = mixed(luck, figures.killed_per_attack_permille);
        let wounds = mixed(luck, figures.injured_per_attack_permille);
        let severity = if deaths > 0 { 5 } else { trouble.severity() };
        self.tip(shared, (number, district), (at, trouble, place), luck);
        let event = Event::Incident {
            trouble,
            severity,
            place,
            killed: deaths,
            injured: wounds,
            statements: Vec::new(),
            stops_s: 0,
        };
        self.add(plan, &scripted(at, "attack", event));
    }

    /// Some attacks are known before, by one root that several services pass on.
    fn tip(
        &mut self,
        shared: &Shared,
        (number, district): (u32, u32),
        (at, trouble, place): (Second, Trouble, Place),
        luck: &mut Seed,
    ) {
        let figures = &shared.scenario.parameters;
        if luck.below(1_000) >= u64::from(figures.tips_true_permille) {
            return;
        }
        let lead = lognormal(luck, figures.tip_lead_s, 500);
        let echoes = 1 + luck.below(u64::from(figures.tip_echoes.max(1)));
        let exact = luck.below(2) == 0 && matches!(place, Place::Station(_));
        let place = if exact { place } else { Place::District(district) };
        for echo in 0..i32::try_from(echoes).unwrap_or(1) {
            let said = at.plus(-lead).plus(echo * 1_800 + between(luck, 0, 1_200));
            let said = said.max(shared.scenario.from).min(at);
            let event = Event::Tip {
                root: number,
                source: 1 + u8::try_from(luck.below(3)).unwrap_or(0),
                credibility: 2 + u8::try_from(luck.below(3)).unwrap_or(0),
                place,
                trouble,
                from: at.plus(-7_200),
                until: at.plus(7_200),
            };
            self.add(&shared.plan, &scripted(said, "tip", event));
        }
    }

    /// Troubles of the day by their rates, each at a station of its own.
    fn troubles(&mut self, shared: &Shared, district: u32) {
        let figures = &shared.scenario.parameters;
        let plan = &shared.plan;
        let here = &plan.districts[district as usize];
        let rates = [
            (Trouble::PubCla, figures.clash_ppm),
            (Trouble::PubCro, figures.crush_ppm),
            (Trouble::PubFir, figures.firing_ppm),
            (Trouble::VotInt, figures.intimidation_ppm),
            (Trouble::VotWom, figures.women_stopped_ppm),
            (Trouble::MedCas, figures.medical_ppm),
            (Trouble::CapPst, figures.capture_ppm),
            (Trouble::NatHaz, figures.hazard_ppm),
        ];
        for (trouble, ppm) in rates {
            let seed = shared.scenario.seed;
            let mut luck = chance(seed, Who::District, district, On::Troubles, trouble as u32);
            let count = poisson(&mut luck, u64::from(ppm) * here.stations.len() as u64);
            for _ in 0..count {
                let Some(station) = pick(&mut luck, here.stations) else { continue };
                let at = Second::on(0, 8, 0).plus(between(&mut luck, 0, 9 * 3_600));
                let stops = matches!(trouble, Trouble::PubCla | Trouble::CapPst);
                let stops_s = if stops {
                    let spread = figures.clash_stop_spread_permille;
                    lognormal(&mut luck, figures.clash_stop_s, spread)
                } else {
                    0
                };
                let event = Event::Incident {
                    trouble,
                    severity: trouble.severity(),
                    place: Place::Station(station),
                    killed: 0,
                    injured: 0,
                    statements: Vec::new(),
                    stops_s,
                };
                self.add(plan, &scripted(at, "trouble", event));
            }
        }
    }

    fn outages(&mut self, shared: &Shared, district: u32) {
        let figures = &shared.scenario.parameters;
        let services = [
            (Service::Exchange, figures.exchange_fails_ppm),
            (Service::Mast, figures.mast_fails_ppm),
            (Service::Power, figures.power_fails_ppm),
        ];
        for (service, ppm) in services {
            let seed = shared.scenario.seed;
            let mut luck = chance(seed, Who::District, district, On::Outage, service as u32);
            if happens(&mut luck, ppm) {
                let at = Second::on(0, 4, 0).plus(between(&mut luck, 0, 16 * 3_600));
                let spread = figures.outage_spread_permille;
                let seconds = lognormal(&mut luck, figures.outage_median_s, spread).max(60);
                let event = Event::Outage { district, service, seconds };
                self.add(&shared.plan, &scripted(at, "outage", event));
            }
        }
    }

    /// Deeds in secret, and material that is taken at night.
    fn secrets(&mut self, shared: &Shared, district: u32) {
        let figures = &shared.scenario.parameters;
        let here = &shared.plan.districts[district as usize];
        let deeds = [
            (Tamper::SealSwapped, figures.seal_swapped_ppm, Second::on(-1, 22, 0)),
            (Tamper::BookTaken, figures.book_taken_ppm, Second::on(0, 11, 0)),
            (Tamper::BoxStuffed, figures.box_stuffed_ppm, Second::on(0, 16, 0)),
            (Tamper::FormAltered, figures.form_altered_ppm, Second::on(0, 23, 0)),
        ];
        for (how, ppm, at) in deeds {
            let seed = shared.scenario.seed;
            let mut luck = chance(seed, Who::District, district, On::Seal, how as u32);
            let count = poisson(&mut luck, u64::from(ppm) * here.stations.len() as u64);
            for _ in 0..count {
                let Some(station) = pick(&mut luck, here.stations) else { continue };
                if shared.plan.stations[station as usize].postponed {
                    continue;
                }
                let at = at.plus(between(&mut luck, 0, 3_600));
                self.add(&shared.plan, &scripted(at, "deed", Event::Tamper { station, how }));
            }
        }
        let seed = shared.scenario.seed;
        let mut luck = chance(seed, Who::District, district, On::Seal, 50);
        let count = poisson(&mut luck, u64::from(figures.snatch_ppm) * here.stations.len() as u64);
        for _ in 0..count {
            let Some(station) = pick(&mut luck, here.stations) else { continue };
            let at = Second::on(0, 18, 0).plus(between(&mut luck, 0, 5 * 3_600));
            let event = Event::Snatch { stations: vec![station] };
            self.add(&shared.plan, &scripted(at, "snatched", event));
        }
    }

    /// Tips and citizens' reports of what does not happen.
    fn words(&mut self, shared: &Shared, district: u32) {
        let figures = &shared.scenario.parameters;
        let here = &shared.plan.districts[district as usize];
        let seed = shared.scenario.seed;
        let mut luck = chance(seed, Who::District, district, On::Tip, 0);
        if happens(&mut luck, figures.tips_false_ppm) {
            let at = Second::on(-1, 13, 0).plus(between(&mut luck, 0, 20 * 3_600));
            let from = at.plus(3_600);
            let event = Event::Tip {
                root: 1_000_000 + district,
                source: 3 + u8::try_from(luck.below(4)).unwrap_or(0),
                credibility: 3 + u8::try_from(luck.below(4)).unwrap_or(0),
                place: Place::District(district),
                trouble: Trouble::IedPst,
                from,
                until: from.plus(8 * 3_600),
            };
            self.add(&shared.plan, &scripted(at, "tip", event));
        }
        let kinds = [
            (Truth::Mistaken, figures.citizen_false_ppm),
            (Truth::Malicious, figures.citizen_malicious_ppm),
        ];
        let troubles = [Trouble::VotInt, Trouble::PubCla, Trouble::InfRum, Trouble::IedPst];
        for (truth, ppm) in kinds {
            let mut luck = chance(seed, Who::District, district, On::Citizen, truth as u32);
            let count = poisson(&mut luck, u64::from(ppm) * here.stations.len() as u64);
            for _ in 0..count {
                let Some(station) = pick(&mut luck, here.stations) else { continue };
                let at = Second::on(0, 7, 0).plus(between(&mut luck, 0, 13 * 3_600));
                let trouble = troubles[usize::try_from(luck.below(4)).unwrap_or(0)];
                let channel = Channel::ALL[usize::try_from(luck.below(4)).unwrap_or(0)];
                let place = Place::Station(station);
                let event = Event::Citizen { trouble, place, channel, truth };
                self.add(&shared.plan, &scripted(at, "report", event));
            }
        }
    }

    /// One person who cannot act stops a constituency.
    fn offices(&mut self, shared: &Shared) {
        let figures = &shared.scenario.parameters;
        for office in 0..narrow(shared.plan.offices.len()) {
            let mut luck = chance(shared.scenario.seed, Who::Office, office, On::Illness, 0);
            if happens(&mut luck, figures.office_paralysed_ppm) {
                let at = shared.scenario.from;
                let until = at.plus(lognormal(&mut luck, figures.office_paralysed_s, 300).max(60));
                let event = Event::OfficeParalysed { office, until };
                self.add(&shared.plan, &scripted(at, "returning officer ill", event));
            }
        }
    }
}

/// An hour of the day for an attack: mostly while people vote or travel.
fn hour(luck: &mut Seed, night_permille: u32) -> Second {
    if luck.below(1_000) < u64::from(night_permille) {
        let past = between(luck, 0, 12 * 3_600 - 1);
        let start = if past < 7 * 3_600 { Second(past) } else { Second::on(0, 12, 0).plus(past) };
        return start;
    }
    Second::on(0, 7, 0).plus(between(luck, 0, 12 * 3_600 - 1))
}

/// A count with a mean in thousandths that is mostly nothing and now and then much: a Poisson number whose mean is itself
/// exponential.
fn mixed(luck: &mut Seed, mean_permille: u32) -> u32 {
    let micro = f64::from(mean_permille) * 1_000.0 * -libm::log(1.0 - luck.unit());
    poisson(luck, whole(micro))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range before"
)]
fn whole(value: f64) -> u64 {
    value.clamp(0.0, 1.0e9) as u64
}
