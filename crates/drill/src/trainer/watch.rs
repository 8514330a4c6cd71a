//! A watch for a duty officer: what a district's room hears in a stretch of a seeded day, and what is to be done about each,
//! by the taxonomy: who leads, how high it is told at once, within how many minutes.

use super::{TrainerError, Wish, incident, live, luck, median, percent, pick};
use crate::day::{
    Between, Channel, Code, Event, Happening, Place, Plan, Role, Scenario, Scripted, Second,
    Trouble, Truth, What, plan::Span,
};
use pehra_domain::{risk::RiskClass, seed::Seed};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

crate::day::words! {
    /// To whom a matter is given. The first four go to the place.
    Whom {
        0 Police "police", 1 Qrf "qrf", 2 Bds "bds", 3 Rescue "rescue", 4 Car "sector-car", 5 PresidingOfficer "po",
        6 ReturningOfficer "ro", 7 DistrictReturning "dro", 8 Monitor "monitor", 9 Comms "comms", 10 Devices "devices",
        11 Disaster "pdma", 12 Public "public", 13 Security "security", 14 Desk "intelligence", 15 Province "province",
        16 Nation "nation",
    }
}

crate::day::words! {
    /// What a duty officer does about one thing, besides giving it to somebody.
    Deed {
        0 Give "give", 1 Ask "ask", 2 Join "join", 3 Note "note",
    }
}

/// What the taxonomy says of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub acknowledge_s: u32,
    pub dispatch_s: u32,
    /// Somebody has to go.
    pub goes: bool,
    pub leads: Vec<Whom>,
    /// Told at once above the district.
    pub up: Option<Whom>,
}

impl Kind {
    /// From the cells of the taxonomy: `Police + QRF`, `national`. None where a word of the lead is unknown.
    #[must_use]
    pub fn read(
        (acknowledge_min, dispatch_min): (u32, u32),
        goes: bool,
        lead: &str,
        up_to: &str,
    ) -> Option<Self> {
        let mut leads = Vec::new();
        for word in lead.split('+').map(str::trim) {
            leads.push(match word {
                "Police" | "Police Tier1" => Whom::Police,
                "QRF" => Whom::Qrf,
                "BDS" => Whom::Bds,
                "Rescue 1122" => Whom::Rescue,
                "District control" => Whom::Car,
                "PO" => Whom::PresidingOfficer,
                "RO" => Whom::ReturningOfficer,
                "DRO" => Whom::DistrictReturning,
                "ECP" | "independent line" => Whom::Monitor,
                "Comms officer" => Whom::Comms,
                "Device desk" => Whom::Devices,
                "PDMA/NDMA" => Whom::Disaster,
                "Public desk" => Whom::Public,
                "Security officer" => Whom::Security,
                "National desk" => Whom::Nation,
                _ => return None,
            });
        }
        let up = match up_to {
            "national" => Some(Whom::Nation),
            "provincial" => Some(Whom::Province),
            _ => None,
        };
        let up = up.filter(|up| !leads.contains(up));
        let (acknowledge_s, dispatch_s) = (acknowledge_min * 60, dispatch_min * 60);
        Some(Self { acknowledge_s, dispatch_s, goes, leads, up })
    }
}

/// By kind of incident.
pub type Kinds = BTreeMap<Trouble, Kind>;

/// What the room hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// An official says so.
    Reported {
        by: Role,
    },
    /// Somebody calls; nobody has looked.
    Citizen {
        channel: Channel,
    },
    /// A station does not answer.
    Silence {
        code: Code,
    },
    Toll {
        killed: Between,
        injured: Between,
    },
    /// A graded word: source 1 to 6 as A to F, credibility.
    Tip {
        source: u8,
        credibility: u8,
    },
}

impl Heard {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported { .. } => "reported",
            Self::Citizen { .. } => "citizen",
            Self::Silence { .. } => "silence",
            Self::Toll { .. } => "toll",
            Self::Tip { .. } => "tip",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub at: Second,
    pub heard: Heard,
    pub trouble: Trouble,
    pub severity: u8,
    /// A station's, convoy's or office's name; empty for the district.
    pub subject: String,
    pub class: Option<RiskClass>,
    /// An earlier item of the lesson that is about the same.
    pub same_as: Option<usize>,
    /// What a citizen's word was worth; the sheet alone tells it.
    pub truth: Option<Truth>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    pub from: Second,
    pub items: Vec<Item>,
}

/// What the engine is asked for: kinds with their tolls, the graver ones at the higher levels.
const ASKED: [(Trouble, (u32, u32)); 12] = [
    (Trouble::PubCla, (0, 2)),
    (Trouble::MedCas, (0, 0)),
    (Trouble::CusSea, (0, 0)),
    (Trouble::ArmPst, (1, 4)),
    (Trouble::VotWom, (0, 0)),
    (Trouble::LogMat, (0, 0)),
    (Trouble::IedPst, (0, 0)),
    (Trouble::PubCro, (0, 1)),
    (Trouble::DevCam, (0, 0)),
    (Trouble::GrePst, (0, 3)),
    (Trouble::StfThr, (0, 0)),
    (Trouble::CapPst, (0, 0)),
];
/// Most items of one sort, so that a lesson is not all silence: reported, citizens, silences, tolls, tips.
const MOST: [usize; 5] = [usize::MAX, 3, 2, 2, 3];
const HOURS: [i32; 5] = [8, 9, 11, 13, 15];

/// A watch over a district: `plan` holds that district alone.
///
/// # Errors
/// [`TrainerError`]: too little happens, or the day cannot be lived.
pub fn lesson(plan: &Arc<Plan>, scenario: Scenario, wish: Wish) -> Result<Lesson, TrainerError> {
    let mut luck = luck(wish.seed, 1);
    let hour = pick(&mut luck, &HOURS).copied().unwrap_or(9);
    let from = Second::on(0, hour, 0);
    let stations = plan.districts.first().map_or(Span::default(), |it| it.stations);
    if stations.is_empty() {
        return Err(TrainerError::Nothing("station"));
    }
    let script = script(&mut luck, stations, from, wish);
    let mut all: Vec<Happening> = Vec::new();
    live(plan, scenario, script, (from, from.plus(3 * 3_600)), &mut |it| all.push(it))?;
    let items = gather(plan, &all, wish.count);
    if items.len() < 4 {
        return Err(TrainerError::Nothing("happening at that hour"));
    }
    Ok(Lesson { from, items })
}

fn script(luck: &mut Seed, stations: Span, from: Second, wish: Wish) -> Vec<Scripted> {
    let count = stations.len() as u64;
    let place = |luck: &mut Seed| {
        let at = u32::try_from(luck.below(count)).unwrap_or(0);
        Place::Station(stations.first + at)
    };
    let kinds = 5 + 3 * usize::from(wish.level.number());
    let mut kinds: Vec<_> = ASKED.iter().take(kinds.min(ASKED.len())).collect();
    let mut at = from;
    let mut all = Vec::new();
    let mut say =
        |event: Event, at: Second| all.push(Scripted { at, name: "lesson".to_owned(), event });
    let mut incidents = Vec::new();
    while !kinds.is_empty() {
        let next = usize::try_from(luck.below(kinds.len() as u64)).unwrap_or(0);
        let (trouble, toll) = *kinds.remove(next);
        at = at.plus(120 + i32::try_from(luck.below(360)).unwrap_or(0));
        incidents.push(incident(at, trouble, place(luck), toll));
    }
    // A word from one root through two services, callers who are mistaken or lie, and a complaint about those who guard.
    let (root, there) = (9_000_000 + u32::try_from(luck.below(1_000)).unwrap_or(0), place(luck));
    for echo in 0..2 {
        let (source, credibility) = (2 + u8::try_from(luck.below(2)).unwrap_or(0), 3);
        let (trouble, until) = (Trouble::IedPst, from.plus(4 * 3_600));
        let event = Event::Tip { root, source, credibility, place: there, trouble, from, until };
        say(event, from.plus(700 + echo * 1_500));
    }
    let callers = [
        (Trouble::IedPst, Truth::Malicious, 400),
        (Trouble::StfMis, Truth::True, 1_500),
        (Trouble::PubCla, Truth::Mistaken, 2_400),
    ];
    for (trouble, truth, after) in callers {
        let channel = Channel::ALL.get(usize::try_from(luck.below(4)).unwrap_or(0)).copied();
        let channel = channel.unwrap_or(Channel::WalkIn);
        say(Event::Citizen { trouble, place: place(luck), channel, truth }, from.plus(after));
    }
    all.extend(incidents);
    all
}

/// Items in the order in which they are heard, not too many of one sort.
fn gather(plan: &Plan, all: &[Happening], count: usize) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut sorts = [0_usize; 5];
    // Which item an incident or a root is.
    let (mut incidents, mut roots) = (BTreeMap::new(), BTreeMap::new());
    for happening in all {
        if items.len() >= count {
            break;
        }
        let number = items.len();
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest of what happens calls nobody")]
        let (sort, heard, trouble, severity, place, same_as, truth) = match &happening.what {
            What::IncidentReported { incident, trouble, severity, place, by, .. } => {
                incidents.insert(*incident, number);
                let (sort, heard, truth) = told_by(*by);
                (sort, heard, *trouble, *severity, *place, None, truth)
            }
            What::CitizenReport { trouble, place, channel, truth, incident, .. } => {
                let same = incident.and_then(|it| incidents.get(&it).copied());
                let heard = Heard::Citizen { channel: *channel };
                (1, heard, *trouble, trouble.severity(), *place, same, Some(*truth))
            }
            What::Dark { station, code } => {
                let (heard, trouble) = (Heard::Silence { code: *code }, Trouble::ComChk);
                (2, heard, trouble, trouble.severity(), Place::Station(*station), None, None)
            }
            What::TollStated { incident, killed, injured, .. } => {
                let Some(&same) = incidents.get(incident) else { continue };
                let Some(first) = items.get(same) else { continue };
                let heard = Heard::Toll { killed: *killed, injured: *injured };
                let item = Item { at: happening.at, heard, same_as: Some(same), ..first.clone() };
                if count_in(&mut sorts, 3) {
                    items.push(item);
                }
                continue;
            }
            What::Intelligence { root, source, credibility, place, trouble, .. } => {
                let same = roots.get(root).copied();
                roots.entry(*root).or_insert(number);
                let heard = Heard::Tip { source: *source, credibility: *credibility };
                (4, heard, *trouble, trouble.severity(), *place, same, None)
            }
            _ => continue,
        };
        if count_in(&mut sorts, sort) {
            let (subject, class) = named(plan, place);
            items.push(Item {
                at: happening.at,
                heard,
                trouble,
                severity,
                subject,
                class,
                same_as,
                truth,
            });
        } else {
            // What is not shown is nothing that a later item could belong to.
            incidents.retain(|_, at| *at != number);
            roots.retain(|_, at| *at != number);
        }
    }
    items
}

/// Where nobody of the election stands, a citizen telephones: one voice, though it is true.
fn told_by(by: Role) -> (usize, Heard, Option<Truth>) {
    if by == Role::Citizen {
        return (1, Heard::Citizen { channel: Channel::Telephone }, Some(Truth::True));
    }
    (0, Heard::Reported { by }, None)
}

fn count_in(sorts: &mut [usize; 5], sort: usize) -> bool {
    let (Some(count), Some(most)) = (sorts.get_mut(sort), MOST.get(sort)) else { return false };
    let room = *count < *most;
    *count += usize::from(room);
    room
}

fn named(plan: &Plan, place: Place) -> (String, Option<RiskClass>) {
    match place {
        Place::Station(at) => plan
            .stations
            .get(at as usize)
            .map_or_else(Default::default, |it| (it.id.to_string(), Some(it.class))),
        Place::Convoy(at) => (format!("C{}", at + 1), None),
        Place::Office(at) => {
            (plan.offices.get(at as usize).map_or_else(String::new, |it| it.id.to_string()), None)
        }
        Place::Ground(..) | Place::District(_) | Place::Nation => (String::new(), None),
    }
}

/// One act of the learner, so many milliseconds after the item was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    pub deed: Deed,
    /// For what is given to somebody.
    pub whom: Option<Whom>,
    pub after_ms: u32,
}

/// What was done about one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub item: usize,
    pub acts: Vec<Act>,
}

/// One thing that was to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub deed: Deed,
    /// One of these is enough; none for a deed without an addressee.
    pub whom: Vec<Whom>,
    pub due_s: u32,
    pub done_ms: Option<u32>,
}

impl Wanted {
    #[must_use]
    pub fn in_time(&self) -> bool {
        self.done_ms.is_some_and(|ms| ms <= self.due_s * 1_000)
    }
}

/// Why it was to be done so; the sheet's words follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// By the taxonomy: the lead goes, and above the district it is told at once.
    Taxonomy,
    /// Nobody has looked yet: one voice sends no team.
    VerifyFirst,
    /// It is known already: two reports, one incident.
    OneIncident,
    /// About those who guard: past their commanders.
    PastTheAccused,
    /// A silent station: the next rung, or the sector's car.
    NextRung,
    /// A later figure stands beside the earlier one and is no new incident.
    Revision,
    /// Word of a threat sends nobody: the desk grades, a person signs.
    ToTheDesk,
    /// The same root again adds nothing.
    OneRoot,
}

impl Why {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Taxonomy => "taxonomy",
            Self::VerifyFirst => "verify-first",
            Self::OneIncident => "one-incident",
            Self::PastTheAccused => "past-the-accused",
            Self::NextRung => "next-rung",
            Self::Revision => "revision",
            Self::ToTheDesk => "to-the-desk",
            Self::OneRoot => "one-root",
        }
    }
}

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub item: usize,
    /// `right`, `late`, `part`, `wrong` or `missed`.
    pub verdict: &'static str,
    pub why: Why,
    pub wanted: Vec<Wanted>,
    /// What should have been left undone.
    pub wrong: Vec<Word>,
    pub truth: Option<Truth>,
    /// Of a hundred.
    pub points: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub lines: Vec<Judged>,
    pub right: u32,
    pub late: u32,
    pub part: u32,
    pub wrong: u32,
    pub missed: u32,
    /// Until the first act.
    pub median_ms: Option<u32>,
    pub score: u32,
}

/// A deed and to whom.
pub type Word = (Deed, Option<Whom>);

/// What is to be done about one item, why, and what nobody minds.
fn wanted(item: &Item, kinds: &Kinds) -> (Why, Vec<Wanted>, Vec<Word>) {
    let kind = kinds.get(&item.trouble);
    let acknowledge = kind.map_or(600, |it| it.acknowledge_s);
    let dispatch =
        kind.map_or(acknowledge, |it| if it.goes { it.dispatch_s } else { it.acknowledge_s });
    let one = |deed: Deed, whom: &[Whom], due_s: u32| Wanted {
        deed,
        whom: whom.to_vec(),
        due_s,
        done_ms: None,
    };
    let give = |whom: Whom| (Deed::Give, Some(whom));
    let plain = |deed: Deed| (deed, None);
    if matches!(item.trouble, Trouble::VotInt | Trouble::StfMis) {
        let wanted = vec![
            one(Deed::Give, &[Whom::DistrictReturning], dispatch),
            one(Deed::Give, &[Whom::Monitor], dispatch),
        ];
        return (Why::PastTheAccused, wanted, vec![plain(Deed::Note)]);
    }
    match (item.heard, item.same_as) {
        (Heard::Toll { .. }, _) => {
            (Why::Revision, vec![one(Deed::Note, &[], acknowledge)], vec![plain(Deed::Join)])
        }
        (Heard::Tip { .. }, Some(_)) => (
            Why::OneRoot,
            vec![one(Deed::Give, &[Whom::Desk], dispatch)],
            vec![plain(Deed::Join), plain(Deed::Note), plain(Deed::Ask)],
        ),
        (Heard::Tip { .. }, None) => (
            Why::ToTheDesk,
            vec![one(Deed::Give, &[Whom::Desk], dispatch)],
            vec![plain(Deed::Note), plain(Deed::Ask)],
        ),
        (_, Some(_)) => {
            (Why::OneIncident, vec![one(Deed::Join, &[], acknowledge)], vec![plain(Deed::Note)])
        }
        (Heard::Citizen { .. }, None) => {
            // A patrol may look while the presiding officer is asked; a team waits for an official's word.
            let allowed = vec![give(Whom::Police), give(Whom::PresidingOfficer), plain(Deed::Note)];
            (Why::VerifyFirst, vec![one(Deed::Ask, &[], acknowledge)], allowed)
        }
        (Heard::Silence { .. }, None) => {
            let mut wanted = one(Deed::Ask, &[Whom::Car], dispatch);
            wanted.whom.push(Whom::Comms);
            (
                Why::NextRung,
                vec![wanted],
                vec![plain(Deed::Note), give(Whom::Police), give(Whom::PresidingOfficer)],
            )
        }
        (Heard::Reported { .. }, None) => {
            let leads = kind.map_or(&[][..], |it| it.leads.as_slice());
            let mut all = vec![one(Deed::Give, leads, dispatch)];
            let up = kind.and_then(|it| it.up);
            all.extend(up.map(|up| one(Deed::Give, &[up, Whom::Nation], dispatch)));
            // The polling side is always told, and nobody minds a question or help for the hurt.
            let mut allowed = vec![plain(Deed::Ask), plain(Deed::Note), give(Whom::Rescue)];
            allowed.extend([Whom::PresidingOfficer, Whom::ReturningOfficer].map(give));
            if item.severity >= 4 {
                allowed.extend([Whom::Police, Whom::DistrictReturning].map(give));
            }
            allowed.extend(up.filter(|it| *it == Whom::Nation).map(|_| give(Whom::Province)));
            (Why::Taxonomy, all, allowed)
        }
    }
}

/// Judges what was done so far. An item counts as it was first decided.
#[must_use]
pub fn judge(lesson: &Lesson, kinds: &Kinds, done: &[Done]) -> Sheet {
    let mut seen = BTreeSet::new();
    let fresh: Vec<&Done> = done.iter().filter(|it| seen.insert(it.item)).collect();
    let line = |done: &&Done| lesson.items.get(done.item).map(|item| judged(item, kinds, done));
    let lines: Vec<Judged> = fresh.iter().filter_map(line).collect();
    let count = |word: &str| {
        u32::try_from(lines.iter().filter(|it| it.verdict == word).count()).unwrap_or(u32::MAX)
    };
    let first = fresh.iter().filter_map(|it| it.acts.iter().map(|act| act.after_ms).min());
    let points: u32 = lines.iter().map(|it| it.points).sum();
    let most = u32::try_from(lines.len() * 100).unwrap_or(u32::MAX);
    Sheet {
        right: count("right"),
        late: count("late"),
        part: count("part"),
        wrong: count("wrong"),
        missed: count("missed"),
        median_ms: median(first),
        score: percent(points, most),
        lines,
    }
}

fn judged(item: &Item, kinds: &Kinds, done: &Done) -> Judged {
    let (why, mut wanted, allowed) = wanted(item, kinds);
    let mut wrong = Vec::new();
    for act in &done.acts {
        let mut fits = false;
        for one in &mut wanted {
            // A deed that also may be given: a silent station is asked again, or the sector's car goes.
            let by_deed = one.deed == act.deed && (one.whom.is_empty() || act.deed != Deed::Give);
            let by_whom =
                act.deed == Deed::Give && act.whom.is_some_and(|it| one.whom.contains(&it));
            if by_deed || by_whom {
                fits = true;
                one.done_ms = Some(one.done_ms.map_or(act.after_ms, |ms| ms.min(act.after_ms)));
            }
        }
        if !fits && !allowed.contains(&(act.deed, act.whom)) {
            wrong.push((act.deed, act.whom));
        }
    }
    let share = 100 / u32::try_from(wanted.len().max(1)).unwrap_or(1);
    let earned: u32 = wanted
        .iter()
        .map(|one| {
            if one.in_time() {
                share
            } else if one.done_ms.is_some() {
                share / 2
            } else {
                0
            }
        })
        .sum();
    let points = earned.saturating_sub(25 * u32::try_from(wrong.len()).unwrap_or(4));
    let all = wanted.iter().all(|one| one.done_ms.is_some());
    let verdict = match () {
        () if done.acts.is_empty() => "missed",
        () if all && wrong.is_empty() && wanted.iter().all(Wanted::in_time) => "right",
        () if all && wrong.is_empty() => "late",
        () if wanted.iter().any(|one| one.done_ms.is_some()) => "part",
        () => "wrong",
    };
    Judged { item: done.item, verdict, why, wanted, wrong, truth: item.truth, points }
}

#[cfg(test)]
#[path = "tests/watch.rs"]
mod tests;
