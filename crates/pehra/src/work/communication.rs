//! The communication plan of the node's stations: from lists and surveys to nets, and what a cut leaves.

mod ride;

use super::{WorkError, dispatch::RoadsKept};
use crate::{facts, node::Node, world::World};
use pehra_domain::{
    AreaId, Date, Point, StationId,
    building::BuildingKind,
    progress::Watch,
    risk::RiskClass,
    survey::{SurveyAnswer, SurveySubject},
};
use pehra_plan::{
    allocate::Terrain,
    communication::{
        bearer::{Bearer, Bearers, Service},
        courier::Ride,
        proof::{Standing, Test, standing},
        schedule::{self, CheckIn, Load},
        scheme::{self, Ground, Input, Scheme, Site},
        suspension::{self, Basis, Cut, Hour, NoPath, Notice, Order},
    },
};
use std::{collections::BTreeMap, sync::Arc};

/// Points up to which an answered survey says that a bearer worked when it was looked at: "present, worked with trouble".
const WORKED_CENTI_MAX: u16 = 150;
/// Answers that say that nobody tried.
const UNTRIED_CENTI: u16 = 280;

#[derive(Clone, Debug)]
pub struct Options {
    pub cut: Cut,
    pub terminals: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { cut: Cut::default_plan(), terminals: 100 }
    }
}

/// A plan with what it was made from and what a cut leaves of it.
pub struct Made {
    pub world: Arc<World>,
    pub bearers: Bearers,
    pub grounds: Vec<Ground>,
    pub scheme: Scheme,
    pub checkins: Vec<CheckIn>,
    pub loads: Vec<Load>,
    pub cut: Cut,
    pub proved: Vec<Hour>,
    pub planned: Vec<Hour>,
    pub no_path: Vec<NoPath>,
    pub orders: Vec<Order>,
}

/// Plans communications for the current stations and lives through a cut.
///
/// Couriers ride on the node's road map where it has one, as it is in the dry season, without what is marked closed.
///
/// # Errors
/// [`WorkError`]: no stations, a table or map that cannot be read, an impossible cut, or stopped.
pub fn run(
    node: &Node,
    options: Options,
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
) -> Result<Made, WorkError> {
    let wrong = |error: &dyn std::fmt::Display| WorkError::Input(error.to_string());
    options.cut.check().map_err(|error| wrong(&error))?;
    let bearers = facts::bearers().map_err(|error| wrong(&error))?;
    let checkins = facts::checkins().map_err(|error| wrong(&error))?;
    let world = node.world();
    let grounds = grounds(node, &world, &bearers, None)?;
    let model = facts::distances(node.gazetteer());
    let input = Input {
        bearers: &bearers,
        districts: grounds.clone(),
        day: node.poll_date(),
        terminals: options.terminals,
        detour_permille: model.detour_permille,
    };
    let roads = kept.wait(node, &world, watch)?;
    let rides = |ground: &Ground| {
        let (_, country) = roads.as_ref()?;
        let ride = Ride::proposed(ground.terrain.of(model.detour_permille));
        ride::times(country, ground, ride)
    };
    let scheme = scheme::plan(&input, &rides, watch)?;
    let classes: Vec<Vec<RiskClass>> =
        grounds.iter().map(|ground| ground.sites.iter().map(|site| site.class).collect()).collect();
    let minutes = hours(&options.cut);
    let cuts = std::slice::from_ref(&options.cut);
    let line = |basis| suspension::timeline(&bearers, &scheme, &classes, cuts, (basis, &minutes));
    let (proved, planned) = (line(Basis::Proved), line(Basis::Planned));
    let failed = |district: usize, station: usize| {
        radio(&bearers, &grounds[district].sites[station], input.day) == Standing::Failed
    };
    let no_path = suspension::no_path(&bearers, &scheme, &options.cut, &failed);
    let orders = suspension::orders(&bearers, &scheme, &options.cut, &checkins);
    let stations = grounds.iter().map(|ground| ground.sites.len() as u64).sum();
    let sector_ms: Vec<u64> =
        scheme.districts.iter().flat_map(|d| &d.nets).map(|net| net.round_ms).collect();
    let district_ms: Vec<u64> = scheme.districts.iter().map(|d| d.round_ms).collect();
    let loads = schedule::loads(&checkins, stations, &sector_ms, &district_ms);
    Ok(Made {
        world,
        grounds,
        scheme,
        checkins,
        loads,
        cut: options.cut,
        proved,
        planned,
        no_path,
        orders,
        bearers,
    })
}

/// What the stations of one district say of themselves on the air: district, sector, place, each from 1. Sectors are a
/// district's own matter, so that these are the whole plan's.
///
/// # Errors
/// [`WorkError`]: no stations, or a table that cannot be read.
pub fn call_signs(
    node: &Node,
    area: &AreaId,
    watch: &mut Watch<'_>,
) -> Result<BTreeMap<StationId, (u16, u16, u16)>, WorkError> {
    let bearers = facts::bearers().map_err(|error| WorkError::Input(error.to_string()))?;
    let world = node.world();
    let ground = grounds(node, &world, &bearers, Some(area))?;
    let districts = world.stations.as_ref().map_or(&[][..], |table| table.districts.as_slice());
    let Some(at) = districts.iter().position(|(district, _)| district == area) else {
        return Err(WorkError::Input(format!("no station lies in {area}")));
    };
    let input = Input {
        bearers: &bearers,
        districts: ground.clone(),
        day: node.poll_date(),
        terminals: 0,
        detour_permille: facts::distances(node.gazetteer()).detour_permille,
    };
    let scheme = scheme::plan(&input, &|_| None, watch)?;
    let short = |at: usize| u16::try_from(at + 1).unwrap_or(u16::MAX);
    let mut signs = BTreeMap::new();
    let nets = scheme.districts.iter().flat_map(|district| district.nets.iter().enumerate());
    for (net, of) in nets {
        for (place, &site) in of.stations.iter().enumerate() {
            let site = ground.first().and_then(|ground| ground.sites.get(site as usize));
            signs
                .extend(site.map(|it| (it.station.clone(), (short(at), short(net), short(place)))));
        }
    }
    Ok(signs)
}

/// A supposed cut out of words: when and for how many hours, which services (all when none is named), where (everywhere
/// when nothing is), and with what notice.
///
/// # Errors
/// [`WorkError::Input`] says which word is none.
pub fn cut(
    (from, hours): (&str, u32),
    services: &[String],
    areas: &[String],
    notice: &str,
) -> Result<Cut, WorkError> {
    let wrong = |text: String| WorkError::Input(text);
    let from_minute =
        schedule::minute(from).ok_or_else(|| wrong(format!("`{from}` is no time: write 05:00")))?;
    let service = |word: &String| {
        let text = || wrong(format!("`{word}` is no service: voice, sms, data or broadband"));
        Service::from_word(word).ok_or_else(text)
    };
    let area = |text: &String| {
        AreaId::try_new(text.as_str())
            .map_err(|error| wrong(format!("`{text}` is no area ({error}): write pk/sindh/thatta")))
    };
    let minutes = i32::try_from(hours.min(24 * 30) * 60).unwrap_or(i32::MAX);
    let default = Cut::default_plan();
    Ok(Cut {
        services: if services.is_empty() {
            default.services
        } else {
            services.iter().map(service).collect::<Result<_, _>>()?
        },
        areas: areas.iter().map(area).collect::<Result<_, _>>()?,
        from_minute,
        until_minute: from_minute + minutes,
        notice: match notice {
            "announced" => Notice::Announced,
            "feared" => Notice::Feared,
            "unknown" => Notice::Unknown,
            other => {
                let text = format!("`{other}` is no notice: announced, feared or unknown");
                return Err(wrong(text));
            }
        },
    })
}

/// The worst standing of line-of-sight radio.
fn radio(bearers: &Bearers, site: &Site, day: Date) -> Standing {
    standing(bearers, &site.tests, Bearer::Vhf, day)
}

/// Full hours from nine on the eve to an hour after the cut's end, at most three days.
fn hours(cut: &Cut) -> Vec<i32> {
    let first = (-3 * 60).min(cut.from_minute - 120).div_euclid(60);
    let last = (cut.until_minute + 60).div_euclid(60).min(first + 72);
    let mut minutes: Vec<i32> = (first..=last).map(|hour| hour * 60).collect();
    minutes.push(cut.from_minute);
    minutes.sort_unstable();
    minutes.dedup();
    minutes
}

/// The districts with their stations; with `only`, that one alone.
fn grounds(
    node: &Node,
    world: &World,
    bearers: &Bearers,
    only: Option<&AreaId>,
) -> Result<Vec<Ground>, WorkError> {
    let missing = "there is no station list yet: pehra plan import stations FILE";
    let table = world.stations.as_ref().ok_or(WorkError::Missing(missing))?;
    let tests = tests(world, bearers);
    let classes = classes(world);
    let terrain: BTreeMap<AreaId, Terrain> =
        facts::distances(node.gazetteer()).terrain.into_iter().collect();
    let mut grounds = Vec::new();
    for (area, range) in &table.districts {
        if only.is_some_and(|only| only != area) {
            continue;
        }
        let positions = range.start as usize..range.end as usize;
        let sites: Vec<Site> = table.stations[positions]
            .iter()
            .map(|station| Site {
                station: station.id.clone(),
                point: station.point,
                class: station
                    .official_class()
                    .or_else(|| classes.get(&station.id).copied())
                    .unwrap_or(RiskClass::Normal),
                tests: tests.get(station.building.as_str()).cloned().unwrap_or_default(),
            })
            .collect();
        grounds.push(Ground {
            area: area.clone(),
            terrain: terrain.get(area).copied().unwrap_or(Terrain::Plain),
            control: control(world, area, &sites),
            sites,
        });
    }
    Ok(grounds)
}

/// The first returning office of the district, where the control room sits; else the middle of its stations.
fn control(world: &World, area: &AreaId, sites: &[Site]) -> Point {
    let office = world.places.as_ref().and_then(|places| {
        places.rows.iter().find(|p| p.district == *area && p.kind == BuildingKind::ReturningOffice)
    });
    if let Some(office) = office {
        return office.point;
    }
    let mut lats: Vec<i32> = sites.iter().map(|site| site.point.lat_e7).collect();
    let mut lons: Vec<i32> = sites.iter().map(|site| site.point.lon_e7).collect();
    lats.sort_unstable();
    lons.sort_unstable();
    let middle = |sorted: &[i32]| sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    Point { lat_e7: middle(&lats), lon_e7: middle(&lons) }
}

fn classes(world: &World) -> BTreeMap<StationId, RiskClass> {
    let rows = world.assessment.as_ref().map_or(&[][..], |table| table.rows.as_slice());
    rows.iter().map(|row| (row.station.clone(), row.class)).collect()
}

/// Answered lines of the building survey are the record of tests: what worked, what failed, and when.
fn tests(world: &World, bearers: &Bearers) -> BTreeMap<String, Vec<Test>> {
    let by_question: Vec<(&str, Bearer)> =
        [Bearer::Vhf, Bearer::FixedLine, Bearer::Courier, Bearer::Hf]
            .into_iter()
            .map(|bearer| (bearers.of(bearer).survey.as_str(), bearer))
            .collect();
    let mut all: BTreeMap<String, Vec<Test>> = BTreeMap::new();
    let answers = world.surveys.as_ref().map_or(&[][..], |list| list.rows.as_slice());
    let mut take = |answer: &SurveyAnswer| {
        let SurveySubject::Building(building) = &answer.subject else { return };
        let bearer = by_question.iter().find(|(question, _)| *question == answer.question);
        let Some(&(_, bearer)) = bearer.filter(|_| answer.centi != UNTRIED_CENTI) else { return };
        let test = Test { bearer, on: answer.on, worked: answer.centi <= WORKED_CENTI_MAX };
        all.entry(building.as_str().to_owned()).or_default().push(test);
    };
    answers.iter().for_each(&mut take);
    all
}

impl Made {
    /// What a station says on the air: district, sector, place in the sector. Numbers alone: names are heard by everybody.
    #[must_use]
    pub fn call_sign(&self, district: usize, net: usize, place: usize) -> String {
        format!("D{:03} S{:02} {:02}", district + 1, net + 1, place + 1)
    }

    /// Stations of the plan.
    #[must_use]
    pub fn stations(&self) -> u64 {
        self.grounds.iter().map(|ground| ground.sites.len() as u64).sum()
    }
}
