//! Role × act × area × moment × state, on both ways in. What may be is read from `data/permissions.csv` and
//! `docs/permissions.md` by readers of this file's own, so that a fault in the code's readers does not excuse itself.

use super::super::*;
use crate::{
    Event, Noun, Stamped,
    event::{KINDS, kind_name},
    testing::{self, Step, rules},
};
use pehra_domain::seed::Seed;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, LazyLock},
};

/// An act that some node let through, and what it had folded until then.
pub(super) struct Sample {
    pub(super) state: Arc<State>,
    pub(super) entry: Stamped,
}

/// So many states are looked at for each kind of act.
const STATES_A_KIND: usize = 2;
const STORIES_A_NOUN: u64 = 70;
const STEPS: usize = 55;

pub(super) fn story(noun: Noun, seed: u64) -> testing::World {
    let mut dice = Seed::new(seed);
    let steps: Vec<Step> =
        (0..STEPS).map(|_| std::array::from_fn(|_| dice.next_u64().to_be_bytes()[0])).collect();
    testing::World::play(noun, &steps)
}

fn take(device: &testing::Device, taken: &mut BTreeMap<u32, usize>, all: &mut Vec<Sample>) {
    let mut state = State::default();
    let mut of_story = BTreeSet::new();
    for entry in device.log.iter().filter(|entry| !device.withheld.contains(&entry.at)) {
        let count = taken.entry(entry.event.kind()).or_default();
        if *count < STATES_A_KIND && of_story.insert(entry.event.kind()) {
            *count += 1;
            all.push(Sample { state: Arc::new(state.clone()), entry: entry.clone() });
        }
        state.evolve(entry);
    }
}

/// Both tests look at the same ones.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(samples);

/// Acts that were let through, some of each kind, each in another state.
fn samples() -> Vec<Sample> {
    let mut taken: BTreeMap<u32, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for noun in Noun::ALL {
        let own: Vec<u32> = KINDS
            .iter()
            .filter(|(_, name)| name.split('.').next() == Some(noun.name()))
            .map(|(kind, _)| *kind)
            .collect();
        for seed in 0..STORIES_A_NOUN {
            if own.iter().all(|kind| taken.get(kind).is_some_and(|count| *count >= STATES_A_KIND)) {
                break;
            }
            let world = story(noun, seed);
            for device in &world.devices {
                take(device, &mut taken, &mut all);
            }
        }
    }
    all
}

/// The table as people read it: role × permission, by cells.
struct Written {
    held: BTreeSet<(String, String)>,
    roles: Vec<String>,
}

impl Written {
    fn read() -> Self {
        let text = include_str!("../../../../../data/permissions.csv");
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        let roles: Vec<String> =
            lines.next().unwrap().split(',').skip(1).map(str::to_owned).collect();
        let mut held = BTreeSet::new();
        for line in lines {
            let mut cells = line.split(',');
            let row = cells.next().unwrap();
            for (role, cell) in roles.iter().zip(cells) {
                if cell == "x" {
                    held.insert((role.clone(), row.to_owned()));
                }
            }
        }
        Self { held, roles }
    }

    fn holds(&self, role: &str, row: &str) -> bool {
        self.held.contains(&(role.to_owned(), row.to_owned()))
    }
}

#[expect(clippy::disallowed_methods, reason = "a test may read the documentation")]
pub(super) fn documented() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/permissions.md");
    std::fs::read_to_string(path).unwrap()
}

/// Lines of the tables below a heading, cell by cell.
pub(super) fn table<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let found = text.split_once(heading);
    let (_, after) = found.unwrap_or_else(|| panic!("docs/permissions.md: no {heading}"));
    let part = after.split("\n## ").next().unwrap_or_default();
    let lines = part.lines().filter(|line| line.starts_with('|')).skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

pub(super) fn words(cell: &str) -> BTreeSet<String> {
    cell.split(", ")
        .map(|word| word.trim_matches('`').to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

/// Where the holder's area lies, seen from the act's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Own,
    Below,
    Above,
    Beside,
    National,
    /// Held beside, and acted as if it were held for the nation.
    Claimed,
}

impl Relation {
    /// The area that is held, and the one that is claimed; none where there is none above or beside.
    fn areas(self, act: &str) -> Option<(String, String)> {
        let parent = act.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let beside = parent.as_ref().map(|parent| format!("{parent}/beside-it"));
        let held = match self {
            Self::Own => act.to_owned(),
            Self::Below => format!("{act}/part-of-it"),
            Self::Above => parent?,
            Self::Beside | Self::Claimed => beside?,
            Self::National => "pk".to_owned(),
        };
        let claimed = if self == Self::Claimed { "pk".to_owned() } else { held.clone() };
        Some((held, claimed))
    }

    fn covers(self, act: &str) -> bool {
        match self {
            Self::Own | Self::Above | Self::National => true,
            Self::Below => act.is_empty(),
            Self::Beside | Self::Claimed => false,
        }
    }
}

/// When the role is held, seen from the moment of the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Before,
    Within,
    Over,
}

const CASES: [(Relation, Moment); 8] = [
    (Relation::Own, Moment::Within),
    (Relation::Below, Moment::Within),
    (Relation::Above, Moment::Within),
    (Relation::Beside, Moment::Within),
    (Relation::National, Moment::Within),
    (Relation::Claimed, Moment::Within),
    (Relation::Own, Moment::Before),
    (Relation::Own, Moment::Over),
];

pub(super) fn both_ways(
    rules: &Rules,
    standing: &Standing,
    state: &State,
    entry: &Stamped,
) -> [Option<RefusalCode>; 2] {
    let context = Context {
        actor: entry.actor.clone(),
        at: entry.clock_ms,
        day: entry.clock_ms,
        cosigners: entry.cosigners.clone(),
        attested_by_node: entry.attested_by_node,
        keys: entry.keys.clone(),
    };
    let decided = Decided {
        event: entry.event.clone(),
        area: entry.area.clone(),
        supersedes: entry.supersedes.clone(),
    };
    let local = local_event(rules, standing, state, &context, &decided);
    let remote = remote(rules, standing, state, entry);
    [local, remote].map(|result| result.err().map(|refusal| refusal.code))
}

/// The entry as somebody else would have signed it.
fn signed_as(entry: &Stamped, role: &str, claimed: &str) -> Stamped {
    let mut entry = entry.clone();
    entry.actor.role = testing::role(role);
    entry.actor.area = testing::area(claimed);
    entry
}

fn standing(role: &str, held: &str, moment: Moment, at: UnixMs) -> Standing {
    let (from, until) = match moment {
        Moment::Before => (UnixMs(at.0 + 1), UnixMs(i64::MAX)),
        Moment::Within => (at, UnixMs(at.0 + 1)),
        Moment::Over => (UnixMs(i64::MIN), at),
    };
    let holding = Holding { role: testing::role(role), area: testing::area(held), from, until };
    Standing { holdings: vec![holding] }
}

/// What the code says of all cases.
#[derive(Default)]
struct Judged {
    rows: BTreeMap<u32, BTreeSet<String>>,
    own_word: BTreeMap<u32, BTreeSet<String>>,
    allowed: u32,
    refused: u32,
}

impl Judged {
    fn case(
        &mut self,
        rules: &Rules,
        written: &Written,
        sample: &Sample,
        (role, relation, moment): (&str, Relation, Moment),
    ) {
        let (area, row) = (sample.entry.area.as_str(), sample.entry.event.permission());
        let Some((held, claimed)) = relation.areas(area) else { return };
        let standing = standing(role, &held, moment, sample.entry.clock_ms);
        let entry = signed_as(&sample.entry, role, &claimed);
        let expected = match moment {
            _ if !written.holds(role, row) => Some(RefusalCode::RoleLacksPermission),
            Moment::Before => Some(RefusalCode::RoleNotHeld),
            Moment::Over => Some(RefusalCode::RoleExpired),
            Moment::Within if !relation.covers(area) => Some(RefusalCode::OutsideArea),
            Moment::Within => None,
        };
        for found in both_ways(rules, &standing, &sample.state, &entry) {
            match (expected, found) {
                (None, None) => self.allowed += 1,
                // The role holds the row, and this act is the word of one role, or of whoever was charged.
                (None, Some(code)) => {
                    let codes = self.own_word.entry(entry.event.kind()).or_default();
                    codes.insert(code.code().to_owned());
                }
                (Some(_), _) => {
                    let act = entry.event.name();
                    assert_eq!(found, expected, "{act} by {role}, {relation:?} {moment:?}");
                    self.refused += 1;
                }
            }
        }
    }

    /// The lines as the document would have them.
    fn lines(&self) -> String {
        let list = |all: &BTreeMap<u32, BTreeSet<String>>, kind: &u32| {
            let words = all.get(kind).into_iter().flatten().map(|word| format!("`{word}`"));
            words.collect::<Vec<_>>().join(", ")
        };
        let line = |(kind, name): &(u32, &str)| {
            format!(
                "| {kind} | `{name}` | {} | {} |\n",
                list(&self.rows, kind),
                list(&self.own_word, kind)
            )
        };
        KINDS.iter().filter(|(kind, _)| *kind != FIRST_ACCOUNT).map(line).collect()
    }
}

/// The node alone makes a first account: the table holds it for nobody.
const FIRST_ACCOUNT: u32 = 200;

#[test]
fn every_role_times_every_act_times_area_moment_and_state_is_what_the_table_says() {
    let (rules, written) = (rules(), Written::read());
    let mut judged = Judged::default();
    let mut looked_at = BTreeSet::from([FIRST_ACCOUNT]);
    for sample in SAMPLES.iter().filter(|one| one.entry.event.kind() != FIRST_ACCOUNT) {
        let event = &sample.entry.event;
        looked_at.insert(event.kind());
        judged.rows.entry(event.kind()).or_default().insert(event.permission().to_owned());
        for role in &written.roles {
            for (relation, moment) in CASES {
                judged.case(&rules, &written, sample, (role, relation, moment));
            }
        }
    }
    assert_eq!(looked_at, KINDS.iter().map(|(kind, _)| *kind).collect(), "a kind in no story");
    assert!(judged.allowed > 5_000 && judged.refused > 100_000, "{}", judged.allowed);
    let text = documented();
    let acts: BTreeMap<u32, Vec<&str>> = table(&text, "## Acts\n")
        .into_iter()
        .map(|cells| (cells[0].parse().unwrap(), cells))
        .collect();
    assert_eq!(acts.len(), KINDS.len() - 1, "the code does\n{}", judged.lines());
    for (kind, cells) in &acts {
        let name = kind_name(*kind).unwrap();
        assert_eq!(words(cells[1]), BTreeSet::from([name.to_owned()]));
        let stands = |seen: &BTreeMap<u32, BTreeSet<String>>, cell: &str| {
            seen.get(kind).is_none_or(|seen| seen.is_subset(&words(cell)))
        };
        let told = stands(&judged.rows, cells[2]) && stands(&judged.own_word, cells[3]);
        assert!(told, "{name}: the code does\n{}", judged.lines());
        assert!(words(cells[2]).iter().all(|row| rules.permissions.has_row(row)), "{name}");
    }
}

/// An act about something lies where that thing lies, or its area is part of its name: signed for another area by somebody
/// who may act in both, it reaches nothing of this one.
#[test]
fn an_act_moved_to_another_area_is_refused_or_about_something_else() {
    let (rules, text) = (rules(), documented());
    let named: BTreeSet<String> = table(&text, "## Acts whose area is part of the name")
        .iter()
        .map(|cells| cells[0].trim_matches('`').to_owned())
        .collect();
    let mut found = BTreeSet::new();
    for Sample { state, entry } in SAMPLES.iter() {
        if entry.event.kind() == FIRST_ACCOUNT {
            continue;
        }
        let mut moved = entry.clone();
        moved.area = testing::area("pk/balochistan/kech");
        moved.actor.area = AreaId::nation();
        let standing = standing(moved.actor.role.as_str(), "pk", Moment::Within, moved.clock_ms);
        let [_, code] = both_ways(&rules, &standing, state, &moved);
        if code.is_none() {
            found.insert(Event::name(&moved.event).to_owned());
        }
    }
    let list: Vec<String> = found.iter().map(|name| format!("| `{name}` |")).collect();
    assert_eq!(found, named, "the code does\n{}", list.join("\n"));
}
