//! A day's patrols: from the assessment and the payoffs to what each team is to do, drawn from a seed; put on record
//! sealed, shown at the hour, and drawn again by whoever doubts it.

mod coverage;
#[cfg(test)]
mod tests;

pub use coverage::{Coverage, NOT_PLANNED, Place as CoveredPlace};

use super::{WorkError, assess::NO_STATIONS};
use crate::{
    facts,
    node::{Node, NodeError},
    world::World,
};
use pehra_domain::{
    AreaId, Date, UnixMs,
    building::Building,
    force::{Tier, Unit},
    progress::Watch,
};
use pehra_ledger::{
    Hash,
    canonical::{CanonicalError, Reader, Writer},
    hash::LABEL_BYTES,
};
use pehra_ops::{
    Actor, Command, EventRef, Hash32,
    patrol::{self as ops, Part, Promised, Schedule, Shown, Terms, Tours, Way},
};
use pehra_plan::{
    allocate::DistanceModel,
    communication::schedule,
    patrol::{
        Cover, ENGINE, Payoffs, Stake, cover, draw, draw_tours, stake_of,
        tour::{Shift, Tours as TourPlan, tours},
        way::{Country, Site},
    },
};
use pehra_seal::{card::Card, chance::Chance, hybrid::SealingPublic};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

const INPUT_LABEL: &[u8; LABEL_BYTES] = b"pehra/patinp/2\0";
/// Of schedules that do not name the version of the engine.
const INPUT_LABEL_1: &[u8; LABEL_BYTES] = b"pehra/patinp/1\0";
const PROMISE_LABEL: &[u8; LABEL_BYTES] = b"pehra/patpro/1\0";
const ORDER_LABEL: &[u8; LABEL_BYTES] = b"pehra/patord/1\0";

/// One building of the area with what an attack there costs.
pub struct Place<'w> {
    pub building: &'w Building,
    pub stake: Stake,
}

/// What patrols of an area are planned over.
pub struct Ground<'w> {
    pub places: Vec<Place<'w>>,
    /// Police units of the area, from which tours go out.
    pub bases: Vec<&'w Unit>,
    distance: DistanceModel,
}

/// How often each place is to be looked at, by single posts or by tours.
pub enum Planned {
    Posts(Cover),
    Tours(TourPlan),
}

impl<'w> Ground<'w> {
    /// The assessed buildings of an area, each with the highest stake of its stations, and the area's bases.
    ///
    /// # Errors
    /// [`WorkError`]: no stations, no assessment, no building in the area; with `tours` also no units or no base.
    pub fn of(
        node: &Node,
        world: &'w World,
        (area, terms): (&AreaId, &Terms),
    ) -> Result<Self, WorkError> {
        let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
        let none = WorkError::Missing("there is no assessment yet: `pehra plan assess`");
        let assessed = world.assessment.as_ref().ok_or(none)?;
        let payoffs = payoffs(terms);
        let nothing = Stake { uncovered: 0.0, covered: 0.0 };
        let mut stakes = vec![nothing; table.buildings.len()];
        for (row, &building) in assessed.rows.iter().zip(&table.building_of) {
            let stake = stake_of(row.inherent_centi, row.class, payoffs);
            if let Some(known) = stakes.get_mut(building as usize)
                && stake.uncovered > known.uncovered
            {
                *known = stake;
            }
        }
        let places: Vec<Place<'w>> = table
            .buildings
            .iter()
            .zip(stakes)
            .filter(|(building, stake)| area.contains(&building.district) && stake.uncovered > 0.0)
            .map(|(building, stake)| Place { building, stake })
            .collect();
        if places.is_empty() {
            return Err(WorkError::Input(format!("there is no assessed building in {area}")));
        }
        let mut bases = Vec::new();
        if terms.tours.is_some() {
            let none =
                WorkError::Missing("there are no units yet: `pehra plan import forces FILE`");
            let units = &world.units.as_ref().ok_or(none)?.units;
            let here = |unit: &&Unit| unit.tier == Tier::Police && area.contains(&unit.district);
            bases = units.iter().filter(here).collect();
            if bases.is_empty() {
                let why =
                    format!("no police unit is listed in {area} from which teams could go out");
                return Err(WorkError::Input(why));
            }
        }
        Ok(Self { places, bases, distance: facts::distances(node.gazetteer()) })
    }

    /// Plans how often each place is looked at.
    ///
    /// # Errors
    /// [`WorkError`]: too many places, or stopped.
    pub fn plan(&self, terms: &Terms, watch: &mut Watch<'_>) -> Result<Planned, WorkError> {
        let stakes: Vec<Stake> = self.places.iter().map(|place| place.stake).collect();
        let refused = |error: pehra_plan::patrol::PatrolError| WorkError::Input(error.to_string());
        let Some(Tours { shift_hours, stay_minutes }) = terms.tours else {
            return cover(&stakes, terms.teams).map(Planned::Posts).map_err(refused);
        };
        let site =
            |point, district: &AreaId| Site { point, terrain: self.distance.terrain(district) };
        let from: Vec<Site> =
            self.bases.iter().map(|unit| site(unit.point, &unit.district)).collect();
        let to = self.places.iter();
        let to: Vec<Site> =
            to.map(|place| site(place.building.point, &place.building.district)).collect();
        let country = Country::of(&from, &to, &self.distance);
        let weights: Vec<f64> = stakes.iter().map(|stake| stake.uncovered).collect();
        let with_teams = country.with_teams(terms.teams, &weights);
        let shift =
            Shift { seconds: u32::from(shift_hours) * 3_600, stay_s: u32::from(stay_minutes) * 60 };
        tours(&stakes, &with_teams, &country, shift, watch).map(Planned::Tours).map_err(refused)
    }

    /// Every team of the day with its way, the same for whoever draws with this seed.
    #[must_use]
    pub fn ways(&self, planned: &Planned, terms: &Terms, seed: &[u8; 32], name: &str) -> Vec<Way> {
        let stop = |at: u32| Some(self.places.get(at as usize)?.building.id.clone());
        match planned {
            Planned::Posts(plan) => {
                let mut drawn = draw(&plan.shares, seed, name).places;
                // A team's number must tell nothing of where it is sent: the list itself is in rising order.
                let key = |at: &u32| {
                    let parts = [&seed[..], name.as_bytes(), &at.to_be_bytes()].concat();
                    Hash::labelled(ORDER_LABEL, &Zeroizing::new(parts))
                };
                drawn.sort_by_cached_key(key);
                let mut drawn = drawn.into_iter();
                let more = drawn.len().max(terms.teams as usize);
                let team = |number: usize| Way {
                    team: format!("team-{number}"),
                    stops: drawn.next().and_then(stop).into_iter().collect(),
                };
                (1..=more).map(team).collect()
            }
            Planned::Tours(plan) => {
                let drawn = draw_tours(plan, seed, name);
                let mut ways = Vec::new();
                for ((unit, plans), day) in self.bases.iter().zip(&plan.plans).zip(drawn) {
                    // As many names as teams could go out, whatever was drawn: that a team stays is sealed, too.
                    let most = plans.iter().map(|(plan, _)| plan.tours.len()).max().unwrap_or(0);
                    for number in 0..most {
                        let tour = day.and_then(|day| day.tours.get(number));
                        let stops = tour.into_iter().flatten().filter_map(|&at| stop(at)).collect();
                        ways.push(Way { team: format!("{}/{}", unit.id, number + 1), stops });
                    }
                }
                ways
            }
        }
    }

    /// The hash of all that the draw follows from besides its seed.
    #[must_use]
    pub fn input(&self, area: &AreaId, terms: &Terms) -> Hash32 {
        let mut w = Writer::default();
        w.array(7 + usize::from(terms.engine.is_some()));
        w.text(area.as_str()).uint(terms.teams).uint(terms.takes_permille);
        w.array(terms.percent.len());
        for percent in terms.percent {
            w.uint(percent);
        }
        match terms.tours {
            None => w.null(),
            Some(tours) => w.array(2).uint(tours.shift_hours).uint(tours.stay_minutes),
        };
        w.array(self.bases.len());
        for unit in &self.bases {
            w.array(2).text(unit.id.as_str());
            point(&mut w, unit.point);
        }
        w.array(self.places.len());
        for Place { building, stake } in &self.places {
            w.array(4).text(building.id.as_str()).uint(stake.uncovered.to_bits());
            w.uint(stake.covered.to_bits());
            point(&mut w, building.point);
        }
        let label = match terms.engine {
            Some(engine) => {
                w.uint(engine);
                INPUT_LABEL
            }
            None => INPUT_LABEL_1,
        };
        Hash32(Hash::labelled(label, &w.finish()).0)
    }
}

fn point(w: &mut Writer, point: pehra_domain::Point) {
    w.bytes(&[point.lat_e7.to_be_bytes(), point.lon_e7.to_be_bytes()].concat());
}

/// The payoffs as a schedule names them.
#[must_use]
pub fn payoffs(terms: &Terms) -> Payoffs {
    Payoffs { takes_permille: terms.takes_permille, percent: terms.percent }
}

/// What the draw of an area's day is named: the same seed gives another list elsewhere.
#[must_use]
pub fn name(area: &AreaId, day: Date) -> String {
    format!("{area} {day}")
}

/// The bytes of drawn ways, one string for each value.
fn ways_bytes(ways: &[Way]) -> Vec<u8> {
    let mut w = Writer::default();
    w.array(ways.len());
    for way in ways {
        way_bytes(&mut w, way);
    }
    w.finish()
}

fn way_bytes(w: &mut Writer, way: &Way) {
    w.array(2).text(&way.team).array(way.stops.len());
    for stop in &way.stops {
        w.text(stop.as_str());
    }
}

const ID_BYTES_MAX: usize = 256;

fn read_way(r: &mut Reader<'_>) -> Result<Way, WorkError> {
    let bad = |_cause: CanonicalError| damaged();
    r.array_of(2).map_err(bad)?;
    let team = r.text(ID_BYTES_MAX).map_err(bad)?.to_owned();
    let count = r.array(ops::STOPS_MAX).map_err(bad)?;
    let mut stops = Vec::with_capacity(count);
    for _ in 0..count {
        let id = r.text(ID_BYTES_MAX).map_err(bad)?;
        stops.push(pehra_domain::BuildingId::try_new(id).map_err(|_no_id| damaged())?);
    }
    Ok(Way { team, stops })
}

fn damaged() -> WorkError {
    WorkError::Input("what was sealed in the schedule cannot be read".to_owned())
}

/// What a schedule promises: nobody finds another seed, input or list for it.
#[must_use]
pub fn promise(area: &AreaId, (day, input): (Date, Hash32), shown: &Shown) -> Hash32 {
    let mut w = Writer::default();
    w.array(5).text(area.as_str()).text(&day.to_string()).bytes(&input.0);
    w.bytes(&shown.seed).bytes(&Zeroizing::new(ways_bytes(&shown.ways)));
    Hash32(Hash::labelled(PROMISE_LABEL, &Zeroizing::new(w.finish())).0)
}

/// What is to be drawn and sealed.
pub struct Wish {
    pub area: AreaId,
    pub day: Date,
    /// The hour: from then on it may be shown.
    pub from: UnixMs,
    pub terms: Terms,
    /// By a team's name, or its base's: the key to which its part is sealed, from a card it gave. Others are looked up on
    /// the roster.
    pub keys: BTreeMap<String, SealingPublic>,
}

impl Wish {
    /// The key that a team gave itself, or else its base.
    fn key_of(&self, team: &str) -> Option<SealingPublic> {
        self.keys.get(team).or_else(|| self.keys.get(base_of(team))).copied()
    }
}

/// What went on record, and nothing of what was drawn.
pub struct Sealed {
    pub schedule: EventRef,
    pub promise: Hash32,
    pub teams: usize,
    /// Teams without a key: the duty officer alone opens their part, and tells them.
    pub without_key: Vec<String>,
    /// Whose devices open the whole.
    pub duty: Vec<String>,
}

/// Draws a day from fresh chance and puts it on record, sealed. Nothing of what was drawn is kept anywhere else.
///
/// # Errors
/// [`WorkError`]: something is missing, no control room has a key, there are too many teams, or the act is refused.
pub fn seal(
    node: &Node,
    actor: &Actor,
    wish: &Wish,
    watch: &mut Watch<'_>,
) -> Result<Sealed, WorkError> {
    let world = node.world();
    let ground = Ground::of(node, &world, (&wish.area, &wish.terms))?;
    let planned = ground.plan(&wish.terms, watch)?;
    let seed = Zeroizing::new(node.random::<32>()?);
    let name = name(&wish.area, wish.day);
    let shown = Shown { seed: *seed, ways: ground.ways(&planned, &wish.terms, &seed, &name) };
    if shown.ways.len() > ops::TEAMS_MAX {
        return Err(WorkError::Input(format!(
            "{} teams are too many for one sealed schedule of at most {}: seal a smaller area at a time",
            shown.ways.len(),
            ops::TEAMS_MAX
        )));
    }
    let input = ground.input(&wish.area, &wish.terms);
    let (duty, duty_names) = node.duty_desk(&wish.area);
    if duty.is_empty() {
        return Err(WorkError::Missing(
            "no control room of this area has a key here: enrol its device first (`pehra run trust`), or seal on its own node",
        ));
    }
    let mut without_key = Vec::new();
    // All parts are as long as the longest: a team that stays has one like the others.
    let texts: Vec<Zeroizing<Vec<u8>>> = shown.ways.iter().map(part_text).collect();
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
    let mut parts = Vec::with_capacity(texts.len());
    for (way, mut text) in shown.ways.iter().zip(texts) {
        text.resize(longest, 0);
        let mut to = duty.clone();
        match wish.key_of(&way.team) {
            Some(given) => to.push(given),
            None => to.extend(node.team_keys(&wish.area, [&way.team, base_of(&way.team)])),
        }
        if to.len() == duty.len() {
            without_key.push(way.team.clone());
        }
        let tie = tie(&wish.area, wish.day, &way.team);
        let chance = Chance::from_bytes(node.random()?);
        parts.push(Part {
            team: way.team.clone(),
            sealed: node.seal_patrol(&tie, &to, &text, chance)?,
        });
    }
    let promise = promise(&wish.area, (wish.day, input), &shown);
    let whole = whole_text(&shown);
    let chance = Chance::from_bytes(node.random()?);
    let whole = node.seal_patrol(&tie(&wish.area, wish.day, WHOLE), &duty, &whole, chance)?;
    let (day, from, terms) = (wish.day, wish.from, wish.terms.clone());
    let schedule = Schedule { day, from, terms, input, promise, parts, whole };
    let teams = shown.ways.len();
    let command = ops::Command::Seal { area: wish.area.clone(), schedule };
    let made = node.execute(actor, Command::Patrol(command))?;
    let schedule = made.first().copied().ok_or(WorkError::Missing("the schedule was not taken"))?;
    Ok(Sealed { schedule, promise, teams, without_key, duty: duty_names })
}

/// The hour of a day, Pakistan time, as it is written: `06:00`.
#[must_use]
pub fn hour(day: Date, text: &str) -> Option<UnixMs> {
    let minute = schedule::minute(text.trim())?;
    Some(UnixMs(day.midnight_pkt().0 + i64::from(minute) * MINUTE_MS))
}

const MINUTE_MS: i64 = 60_000;

/// The key of a team from the card that it gave.
///
/// # Errors
/// [`WorkError::Input`]: it is no card, or holds no key that opens anything.
pub fn card_key(text: &str) -> Result<SealingPublic, WorkError> {
    let card = Card::from_text(text)
        .map_err(|error| WorkError::Input(format!("this is no card: {error}")))?;
    card.sealing().ok_or_else(|| {
        WorkError::Input(format!("the card of {} holds no key that opens anything", card.name()))
    })
}

/// The base from which a team of tours goes out; of a team that goes to one place, its own name.
#[must_use]
pub fn base_of(team: &str) -> &str {
    team.split('/').next().unwrap_or(team)
}

/// The name that no team has: what is tied to it is the whole schedule.
const WHOLE: &str = "";

/// What a sealed part belongs to: it opens for no other area, day or team.
fn tie(area: &AreaId, day: Date, team: &str) -> String {
    format!("{area} {day} {team}")
}

fn part_text(way: &Way) -> Zeroizing<Vec<u8>> {
    let mut w = Writer::default();
    way_bytes(&mut w, way);
    Zeroizing::new(w.finish())
}

fn whole_text(shown: &Shown) -> Zeroizing<Vec<u8>> {
    let mut w = Writer::default();
    w.array(2).bytes(&shown.seed).bytes(&Zeroizing::new(ways_bytes(&shown.ways)));
    Zeroizing::new(w.finish())
}

/// What somebody can open of a schedule.
pub enum Opened {
    /// The duty officer.
    Whole(Shown),
    /// A team, or several of one base that share a key.
    Ways(Vec<Way>),
}

/// Opens what this node's own key opens, or one that is given.
///
/// # Errors
/// [`WorkError`]: there is no such schedule here, or nothing in it is for this key.
pub fn open(
    node: &Node,
    at: EventRef,
    key: Option<&pehra_seal::hybrid::OpeningKey>,
) -> Result<Opened, WorkError> {
    open_if_ours(node, at, key)?.ok_or_else(|| {
        WorkError::Input(
            "nothing in this schedule is sealed to this key: its teams and the duty officer open it until its hour"
                .to_owned(),
        )
    })
}

/// The same; none when nothing in it is for this key.
///
/// # Errors
/// [`WorkError`]: there is no such schedule here, or what is sealed in it was altered.
pub fn open_if_ours(
    node: &Node,
    at: EventRef,
    key: Option<&pehra_seal::hybrid::OpeningKey>,
) -> Result<Option<Opened>, WorkError> {
    let (promised, area) = known(node, at)?;
    let (header, schedule) = node.patrol_entry(at)?.ok_or_else(|| {
        WorkError::Input(format!("the content of schedule {at} is not on this node any more"))
    })?;
    let own = node.opening_key();
    let key = key.unwrap_or(&own);
    let open = |team: &str, bytes: &[u8]| {
        node.open_patrol(&header, &tie(&area, promised.day, team), bytes, key)
    };
    if let Some(text) = open(WHOLE, &schedule.whole)? {
        return read_whole(&text).map(|shown| Some(Opened::Whole(shown)));
    }
    let mut ways = Vec::new();
    for part in &schedule.parts {
        let Some(text) = open(&part.team, &part.sealed)? else { continue };
        let mut r = Reader::new(&text);
        let way = read_way(&mut r)?;
        let rest = text.get(r.at()..).unwrap_or_default();
        if way.team != part.team || rest.iter().any(|&byte| byte != 0) {
            return Err(damaged());
        }
        ways.push(way);
    }
    Ok((!ways.is_empty()).then_some(Opened::Ways(ways)))
}

fn read_whole(text: &[u8]) -> Result<Shown, WorkError> {
    let bad = |_cause: CanonicalError| damaged();
    let mut r = Reader::new(text);
    r.array_of(2).map_err(bad)?;
    let seed = r.exact().map_err(bad)?;
    let bytes = r.bytes(ops::SEALED_BYTES_MAX).map_err(bad)?;
    r.end().map_err(bad)?;
    let mut r = Reader::new(bytes);
    let count = r.array(ops::TEAMS_MAX).map_err(bad)?;
    let ways = (0..count).map(|_| read_way(&mut r)).collect::<Result<_, _>>()?;
    r.end().map_err(bad)?;
    Ok(Shown { seed, ways })
}

fn unknown(at: EventRef) -> WorkError {
    WorkError::Input(format!("there is no patrol schedule {at} on record here"))
}

/// A schedule on record, without what is sealed in it, and its area.
fn known(node: &Node, at: EventRef) -> Result<(Promised, AreaId), WorkError> {
    let known = node.ops(|state| state.patrols.get(at)?.sealed().cloned());
    known.map(|(promised, mark)| (promised, mark.area)).ok_or_else(|| unknown(at))
}

/// Shows at the hour what was drawn: the duty officer's node opens it and puts it on record.
///
/// # Errors
/// [`WorkError`]: this node cannot open it, what opens is not what was promised, the hour has not come, or a refusal.
pub fn show(node: &Node, actor: &Actor, at: EventRef) -> Result<Shown, WorkError> {
    let (promised, area) = known(node, at)?;
    // Before anything is opened: whoever is too early is told so and not what is sealed.
    if node.now() < promised.from {
        let day = promised.day.to_string();
        return Err(NodeError::Refused(pehra_ops::Refusal::of(
            pehra_ops::RefusalCode::PatrolTooEarly,
            day,
        ))
        .into());
    }
    let Opened::Whole(shown) = open(node, at, None)? else {
        return Err(WorkError::Input("this node opens a team's part, not the whole".to_owned()));
    };
    if promise(&area, (promised.day, promised.input), &shown) != promised.promise {
        return Err(WorkError::Input(
            "what is sealed is not what was promised: withdraw the schedule and say why".to_owned(),
        ));
    }
    let command = ops::Command::Show { schedule: at, shown: shown.clone() };
    node.execute(actor, Command::Patrol(command))?;
    Ok(shown)
}

/// What was shown of a schedule, for everybody who may see it; none before its hour by this node's clock, whatever
/// another's said.
#[must_use]
pub fn shown(node: &Node, at: EventRef) -> Option<Shown> {
    node.ops(|state| {
        let record = state.patrols.get(at)?;
        let (promised, _) = record.sealed()?;
        if node.now() < promised.from { None } else { record.shown().cloned() }
    })
}

/// Withdraws a schedule: it stays sealed for ever.
///
/// # Errors
/// [`WorkError`]: a refusal.
pub fn withdraw(node: &Node, actor: &Actor, at: EventRef, reason: &str) -> Result<(), WorkError> {
    let command = ops::Command::Withdraw { schedule: at, reason: reason.trim().to_owned() };
    node.execute(actor, Command::Patrol(command))?;
    Ok(())
}

/// What a check of a shown schedule found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Seed, input and list are those that were promised.
    pub kept: bool,
    /// Drawn again from this node's own lists: none when they are not those of the schedule, or when another version of
    /// the engine planned it.
    pub drawn_again: Option<bool>,
    /// The version of the engine that planned the schedule.
    pub planned_by: u16,
    /// The version that this program plans with.
    pub plans_by: u16,
}

impl Checked {
    /// Whether this program plans as the one did that sealed the schedule.
    #[must_use]
    pub fn same_engine(self) -> bool {
        self.planned_by == self.plans_by
    }
}

/// Checks that what was shown is what was promised, and draws it again where this node holds the same lists.
///
/// # Errors
/// [`WorkError`]: no such schedule, or nothing was shown yet.
pub fn check(node: &Node, at: EventRef, watch: &mut Watch<'_>) -> Result<Checked, WorkError> {
    let record = node.ops(|state| state.patrols.get(at).cloned()).ok_or_else(|| unknown(at))?;
    let (promised, mark) = record.sealed().ok_or_else(|| unknown(at))?;
    let shown = record.shown().ok_or_else(|| {
        WorkError::Input("nothing was shown of this schedule yet, or two things were".to_owned())
    })?;
    let area = &mark.area;
    let kept = promise(area, (promised.day, promised.input), shown) == promised.promise;
    let (planned_by, plans_by) = (promised.terms.engine(), ENGINE);
    if planned_by != plans_by {
        return Ok(Checked { kept, drawn_again: None, planned_by, plans_by });
    }
    let world = node.world();
    let again = Ground::of(node, &world, (area, &promised.terms));
    let drawn_again = match again {
        Ok(ground) if ground.input(area, &promised.terms) == promised.input => {
            let planned = ground.plan(&promised.terms, watch)?;
            let name = name(area, promised.day);
            Some(ground.ways(&planned, &promised.terms, &shown.seed, &name) == shown.ways)
        }
        Ok(_) | Err(_) => None,
    };
    Ok(Checked { kept, drawn_again, planned_by, plans_by })
}

/// What is asked of a plan, with the payoffs that are signed; `takes` is another share than the signed one.
#[must_use]
pub fn terms(node: &Node, teams: u32, takes: Option<u16>, tours: Option<Tours>) -> Terms {
    let Payoffs { takes_permille, percent } = node.patrol_payoffs();
    let takes_permille = takes.unwrap_or(takes_permille);
    Terms { teams, takes_permille, percent, tours, engine: Some(ENGINE) }
}

/// A share of days in thousandths, rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1"
)]
#[must_use]
pub fn thousandths(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 1_000.0 + 0.5) as u16
}
