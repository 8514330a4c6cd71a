//! Every pair of duties that one person may not combine, on both ways in. Two acts are about the same thing where the second
//! names the first: its entry stands in the second one's bytes, whatever the code makes of them.

use super::{
    super::*,
    exhaustive::{both_ways, documented, story, table, words},
};
use crate::{Event, EventRef, Noun, Stamped, event::kind_name, suspension, testing};
use std::collections::{BTreeMap, BTreeSet};

const STORIES: u64 = 60;

/// A line of `data/separation_of_duties.csv`, read by hand: a scope in quotes holds a comma.
fn pairs() -> Vec<(String, String, String)> {
    let text = include_str!("../../../../../data/separation_of_duties.csv");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let parts = lines.map(|line| line.splitn(3, ',').collect::<Vec<_>>());
    let pair = |parts: Vec<&str>| {
        let [a, b, scope] = parts.try_into().unwrap();
        (a.to_owned(), b.to_owned(), scope.trim_matches('"').to_owned())
    };
    parts.map(pair).collect()
}

fn names(entry: &Stamped, other: EventRef) -> bool {
    let name = minicbor::to_vec(other).unwrap();
    entry.event.encode().windows(name.len()).any(|window| window == name)
}

fn by(entry: &Stamped, person: &PersonId) -> Stamped {
    let mut entry = entry.clone();
    entry.actor.person = person.clone();
    entry
}

/// Which two kinds of act of one person are let through on any way, and which are refused on both.
#[derive(Default)]
struct Found {
    refused: BTreeSet<String>,
    allowed: BTreeSet<String>,
}

fn look(noun: Noun, pairs: &[(String, String, String)], found: &mut BTreeMap<usize, Found>) {
    let rules = testing::rules();
    let standing = testing::all_roles(&rules);
    for seed in 0..STORIES {
        let world = story(noun, seed);
        let device = &world.devices[usize::try_from(seed % 3).unwrap()];
        let mut state = State::default();
        let mut past: Vec<&Stamped> = Vec::new();
        for entry in device.log.iter().filter(|entry| !device.withheld.contains(&entry.at)) {
            let row = entry.event.permission();
            for (place, (a, b, _)) in pairs.iter().enumerate() {
                let other = if row == a {
                    b
                } else if row == b {
                    a
                } else {
                    continue;
                };
                for first in &past {
                    if first.event.permission() != other || !names(entry, first.at) {
                        continue;
                    }
                    let same = by(entry, &first.actor.person);
                    let ways = both_ways(&rules, &standing, &state, &same);
                    let kinds = [first, &entry].map(|one| kind_name(one.event.kind()).unwrap());
                    let pair = format!("{} > {}", kinds[0], kinds[1]);
                    let apart = [RefusalCode::SamePersonTwice, RefusalCode::DutiesSeparated];
                    let found = found.entry(place).or_default();
                    if ways.iter().all(|code| code.is_some_and(|code| apart.contains(&code))) {
                        found.refused.insert(pair);
                    } else if ways.iter().any(Option::is_none) {
                        found.allowed.insert(pair);
                    }
                }
            }
            state.evolve(entry);
            past.push(entry);
        }
    }
}

#[test]
fn no_person_does_both_of_two_duties_that_the_table_keeps_apart() {
    let pairs = pairs();
    let mut found = BTreeMap::new();
    for noun in Noun::ALL {
        look(noun, &pairs, &mut found);
    }
    let text = documented();
    let written = table(&text, "## Separations");
    let list = |all: &BTreeSet<String>| {
        all.iter().map(|pair| format!("`{pair}`")).collect::<Vec<_>>().join(", ")
    };
    let none = Found::default();
    let lines: Vec<String> = pairs
        .iter()
        .enumerate()
        .map(|(place, (a, b, scope))| {
            let found = found.get(&place).unwrap_or(&none);
            format!(
                "| `{a}` | `{b}` | {scope} | {} | {} |",
                list(&found.refused),
                list(&found.allowed)
            )
        })
        .collect();
    assert_eq!(written.len(), pairs.len(), "the code does\n{}", lines.join("\n"));
    for (place, ((a, b, scope), cells)) in pairs.iter().zip(&written).enumerate() {
        let found = found.get(&place).unwrap_or(&none);
        assert_eq!(
            [cells[0], cells[1], cells[2]],
            [format!("`{a}`").as_str(), &format!("`{b}`"), scope]
        );
        assert_eq!(words(cells[3]), found.refused, "{a}, {b}: the code does\n{}", lines[place]);
        assert_eq!(words(cells[4]), found.allowed, "{a}, {b}: the code does\n{}", lines[place]);
        let held = !found.refused.is_empty()
            || matches!(cells[5], "by reading" | "by roles" | "by one rule");
        assert!(held, "{a}, {b}: nothing holds them apart");
        assert!(!cells[6].is_empty(), "{a}, {b}: no test is named");
    }
}

/// The tests that the document names exist.
#[expect(clippy::disallowed_methods, reason = "a test may read the sources")]
#[test]
fn every_test_that_the_document_names_is_there() {
    fn gather(folder: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, into);
            } else if path.extension().is_some_and(|it| it == "rs") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut sources = String::new();
    gather(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let text = documented();
    let written = table(&text, "## Separations");
    let named: BTreeSet<String> = written.iter().flat_map(|cells| words(cells[6])).collect();
    for test in &named {
        assert!(sources.contains(&format!("fn {test}()")), "{test}");
    }
    assert!(named.len() >= 5, "{named:?}");
}

/// A countersignature of one's own statement is no second person's, on whatever way it came.
#[test]
fn a_countersignature_covers_nothing_that_its_signer_stated() {
    let mut state = testing::opened();
    let who = testing::context(1, "CTRL-N", testing::early());
    let open = testing::day::suspended(vec![suspension::Service::Voice]);
    testing::apply(&mut state, &who, 1, &open).unwrap();
    let order = testing::day::stated(suspension::Statement::Ordered(testing::early()), "letter");
    let stated = testing::apply(&mut state, &who, 1, &order).unwrap()[0].at;
    let signed = |person: u8, device: u8| {
        let who = testing::context(person, "ECP-MON", testing::early());
        let event = suspension::Event::Countersigned {
            suspension: testing::day::suspension(),
            covers: vec![stated],
            note: String::new(),
        };
        let decided = Decided {
            event: Event::Suspension(event),
            area: AreaId::nation(),
            supersedes: vec![stated],
        };
        testing::stamp(&who, testing::at(device, 1), decided)
    };
    let stands = |entries: &[Stamped]| {
        let mut state = state.clone();
        for entry in entries {
            state.evolve(entry);
        }
        let record = state.suspensions.get(&AreaId::nation(), &testing::day::suspension());
        record.unwrap().is_countersigned()
    };
    let (own, other) = (signed(1, 7), signed(2, 8));
    assert!(!stands(std::slice::from_ref(&own)));
    assert!(stands(&[own, other]));
}

/// What is only read or done by a route leaves no entry: the roles that hold both never meet in one person.
#[test]
fn nobody_is_given_roles_of_which_one_leaves_no_trace_of_the_others_duty() {
    let rules = testing::rules();
    let standing = testing::all_roles(&rules);
    let given = |first: &str, second: &str| {
        let mut state = testing::opened();
        let person = testing::person(5);
        let open = person::Command::OpenAccount {
            area: testing::east(),
            person: person.clone(),
            display_name: "Five".to_owned(),
        };
        testing::apply(
            &mut state,
            &testing::context(1, "SECOFF", testing::early()),
            1,
            &Command::Person(open),
        )
        .unwrap();
        let grant = |state: &State, role: &str| {
            let command = person::Command::GrantRole {
                person: person.clone(),
                scope: testing::scope(role, testing::east()),
                reason: "duty roster".to_owned(),
            };
            let who = testing::context(1, "SECOFF", testing::early());
            crate::act(&rules, &standing, state, &who, &Command::Person(command))
        };
        let decided = grant(&state, first).unwrap();
        testing::fold(&mut state, &testing::context(1, "SECOFF", testing::early()), 1, decided);
        grant(&state, second).map(drop).map_err(|refusal| refusal.code)
    };
    let apart = Err(RefusalCode::DutiesSeparated);
    for (one, other) in [
        ("SYSADMIN", "AUDITOR"),
        ("SECOFF", "PO"),
        ("CTRL-D", "CTRL-P"),
        ("PUBDESK", "INTEL-MGR"),
        ("SYSADMIN", "SECOFF"),
    ] {
        assert_eq!(given(one, other), apart, "{one} {other}");
        assert_eq!(given(other, one), apart, "{other} {one}");
    }
    assert_eq!(given("DRO", "RO"), Ok(()));
    assert_eq!(given("CTRL-D", "CTRL-D"), Ok(()));
}
