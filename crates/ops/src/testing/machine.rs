//! The machine of a noun, found by running it, held against the diagram that people read.

use super::{apply, at, context, date, early, fold};
use crate::{Command, Context, EventRef, Noun, State, decide, stamp::Stamped};
use pehra_domain::UnixMs;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// So many states are looked at in one phase: a phase may be reached with different things in the state.
const STATES_PER_PHASE_MAX: usize = 6;

/// A command to try, under the name that the diagram gives it.
pub(crate) struct Offer {
    pub(crate) label: &'static str,
    pub(crate) person: u8,
    pub(crate) command: Command,
    /// About another thing of the same noun: of interest only when it changes this one's phase.
    pub(crate) about_another: bool,
}

pub(crate) fn offer(label: &'static str, person: u8, command: Command) -> Offer {
    Offer { label, person, command, about_another: false }
}

/// How to run one machine: what to try in a state, and the phase of the thing at a moment.
pub(crate) struct Machine {
    pub(crate) start: State,
    pub(crate) offers: fn(&State) -> Vec<Offer>,
    pub(crate) phase: fn(&State, UnixMs) -> String,
}

type Transition = (String, String, String);

/// After every expiry in the samples, and after the poll.
fn after() -> UnixMs {
    date("2024-02-10").midnight_pkt()
}

fn who(offer: &Offer, moment: UnixMs) -> Context {
    context(offer.person, "ECP-NAT", moment)
}

impl Machine {
    fn explore(&self) -> BTreeSet<Transition> {
        let mut found = BTreeSet::new();
        let mut seen: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        let mut open = vec![(self.start.clone(), early())];
        while let Some((state, moment)) = open.pop() {
            let phase = (self.phase)(&state, moment);
            let known = seen.entry(phase.clone()).or_default();
            let bytes = [state.encode(), moment.0.to_be_bytes().to_vec()].concat();
            if known.contains(&bytes) || known.len() >= STATES_PER_PHASE_MAX {
                continue;
            }
            known.push(bytes);
            for (label, next, then, quiet) in self.next(&state, moment) {
                let next_phase = (self.phase)(&next, then);
                if quiet && next_phase == phase {
                    continue;
                }
                found.insert((phase.clone(), next_phase, label.to_owned()));
                open.insert(0, (next, then));
            }
        }
        found
    }

    fn next(&self, state: &State, moment: UnixMs) -> Vec<(&'static str, State, UnixMs, bool)> {
        let mut all = vec![("time passes", state.clone(), after(), true)];
        let mut apart: Vec<Vec<Stamped>> = Vec::new();
        for offer in (self.offers)(state) {
            let who = who(&offer, moment);
            let Ok(decided) = decide(state, &who, &offer.command) else { continue };
            if decided.is_empty() {
                continue;
            }
            let mut next = state.clone();
            // Entries of one device each, so that two of them can be put side by side.
            let device = u8::try_from(apart.len()).unwrap() + 10;
            apart.push(fold(&mut next, &who, device, decided));
            all.push((offer.label, next, moment, offer.about_another));
        }
        for (place, first) in apart.iter().enumerate() {
            for second in apart.iter().skip(place + 1) {
                let mut both = state.clone();
                for entry in first.iter().chain(second) {
                    both.evolve(entry);
                }
                if (self.phase)(&both, moment) == "Disputed" {
                    all.push(("decided apart", both, moment, true));
                }
            }
        }
        all
    }
}

/// The transitions that a diagram file shows, one set for each of its diagrams.
#[expect(clippy::disallowed_methods, reason = "a test may read the documentation")]
fn drawn(noun: Noun) -> Vec<BTreeSet<Transition>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../docs/state-machines/{}.md", noun.name()));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} has no diagram", path.display()));
    text.split("```mermaid")
        .skip(1)
        .map(|block| {
            let diagram = block.split("```").next().unwrap();
            diagram.lines().filter_map(transition).collect()
        })
        .collect()
}

fn transition(line: &str) -> Option<Transition> {
    let (from, rest) = line.trim().split_once(" --> ")?;
    let (to, label) = rest.split_once(" : ")?;
    Some((from.to_owned(), to.to_owned(), label.to_owned()))
}

/// What the diagram shows and what the code does must be the same, arrow by arrow.
pub(crate) fn assert_drawn(noun: Noun, machines: &[Machine]) {
    let drawn = drawn(noun);
    assert_eq!(drawn.len(), machines.len(), "{}: number of diagrams", noun.name());
    for (machine, drawn) in machines.iter().zip(drawn) {
        let found = machine.explore();
        let lines: Vec<String> = found
            .iter()
            .map(|(from, to, label)| format!("    {from} --> {to} : {label}"))
            .collect();
        assert!(found.len() > 1, "{}: the machine does not move", noun.name());
        assert!(found == drawn, "{}: the code does\n{}", noun.name(), lines.join("\n"));
    }
}

/// The entry that the next event of a sample device gets.
pub(crate) fn next_of(state: &State, device: u8) -> EventRef {
    at(device, state.folded_up_to([device; 16], 1).unwrap_or(0) + 1)
}

/// Decides and folds a command that must be possible, and names its first entry.
pub(crate) fn must(state: &mut State, person: u8, device: u8, command: &Command) -> EventRef {
    let entry = next_of(state, device);
    let who = context(person, "ECP-NAT", early());
    assert!(!apply(state, &who, device, command).unwrap().is_empty());
    entry
}
