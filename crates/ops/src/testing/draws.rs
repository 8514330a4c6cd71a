//! Commands about draws for devices that decide apart.

use super::{area, at, context, early, east, hash, machine, pick};
use crate::{
    Command, Context, EventRef, State,
    draw::{Command as D, Dealt, On, Opening, Outcome, PARTIES_MIN, Party, Phase, Stage},
};

pub(crate) fn opening(number: u8) -> Opening {
    let party =
        |(name, number): (&str, u8)| Party { name: name.to_owned(), person: super::person(number) };
    Opening {
        title: "Karachi East".to_owned(),
        input: hash(number),
        parties: [("police", 1), ("commission", 2), ("observers", 3)].map(party).to_vec(),
        people: 90,
        posts: 60,
    }
}

/// The person who speaks for a party.
pub(crate) fn speaker(party: u8) -> u8 {
    party + 1
}

pub(crate) fn open(number: u8) -> Command {
    Command::Draw(D::Open { area: east(), opening: opening(number) })
}

pub(crate) fn join(draw: EventRef, party: u8) -> Command {
    Command::Draw(D::Join { draw, key: [speaker(party); 32] })
}

pub(crate) fn propose(on: On) -> Command {
    Command::Draw(D::ProposeStage { on })
}

pub(crate) fn shares(party: u8) -> Vec<Dealt> {
    let others = (0..3).filter(|other| *other != party);
    let dealt = |(number, to)| Dealt { to, number, mark: hash(to), sealed: vec![to; 8] };
    (1..).zip(others).map(dealt).collect()
}

/// What a party commits to; the secret is its digest in these stories.
pub(crate) fn commit(on: On, party: u8, number: u8) -> Command {
    let digest = hash(number.wrapping_mul(16) + party);
    Command::Draw(D::Commit { on, digest, shares: shares(party) })
}

pub(crate) fn reveal(on: On, party: u8) -> Command {
    Command::Draw(D::Reveal { on, secret: [party; 32] })
}

pub(crate) fn outcome(number: u8) -> Outcome {
    Outcome { seed: hash(number), roster: hash(number.wrapping_add(100)) }
}

pub(crate) fn draw(on: On, number: u8) -> Command {
    Command::Draw(D::Draw { on, outcome: outcome(number) })
}

pub(crate) fn withdraw(draw: EventRef) -> Command {
    Command::Draw(D::Withdraw { draw, reason: "shares were false".to_owned() })
}

/// Opens a draw of three parties who have all joined.
pub(crate) fn joined(state: &mut State) -> EventRef {
    let at = machine::must(state, 4, 30, &open(1));
    for party in 0..3 {
        machine::must(state, speaker(party), 31 + party, &join(at, party));
    }
    at
}

/// Opens a stage by two persons.
pub(crate) fn opened_stage(state: &mut State, on: On) {
    let proposal = machine::must(state, 4, 30, &propose(on));
    machine::must(state, 5, 31, &Command::Draw(D::OpenStage { proposal }));
}

/// Brings a stage from nothing to its outcome.
pub(crate) fn drawn(state: &mut State, on: On) {
    opened_stage(state, on);
    for party in 0..3 {
        machine::must(state, speaker(party), 31 + party, &commit(on, party, 1));
    }
    for party in 0..3 {
        machine::must(state, speaker(party), 31 + party, &reveal(on, party));
    }
    machine::must(state, 4, 30, &draw(on, 1));
}

/// What came before a story: a draw of which so many stages are done, the next one but for its outcome.
pub(crate) fn prelude(stages: usize) -> Vec<(Context, Command)> {
    let who = |number, code| context(number, code, early());
    let draw = at(1, 2);
    let mut all = vec![(who(0, "DRO"), open(1))];
    all.extend((0..3).map(|party| (who(speaker(party), "OBS"), join(draw, party))));
    for (at_stage, stage) in Stage::ALL.iter().take(stages + 1).enumerate() {
        let on = On { draw, stage: *stage };
        all.push((who(0, "DRO"), propose(on)));
        // One device writes all of these, so that the proposal's number is known.
        let proposal = at(1, u64::try_from(all.len()).unwrap_or(u64::MAX) + 1);
        all.push((who(1, "PEC"), Command::Draw(D::OpenStage { proposal })));
        all.extend((0..3).map(|party| (who(speaker(party), "OBS"), commit(on, party, 1))));
        all.extend((0..3).map(|party| (who(speaker(party), "OBS"), reveal(on, party))));
        if at_stage < stages {
            all.push((who(0, "DRO"), self::draw(on, 1)));
        }
    }
    all
}

/// A command that has a chance in the state, by whoever acts in this step.
pub(super) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8), acting: u8) -> Command {
    let all: Vec<EventRef> = state.draws.all().map(|(at, ..)| at).collect();
    let draw = pick(all.iter().copied(), a).unwrap_or(at(99, 1));
    let stage = state.draws.next(draw).unwrap_or(Stage::Stations);
    let on = On { draw, stage };
    let party = (acting % 4).saturating_sub(1);
    let sealed = vec![b % 3 + 1; 8];
    match which % 16 {
        0 if all.is_empty() || b.is_multiple_of(2) => {
            let area = if b.is_multiple_of(6) { area("pk/sindh") } else { east() };
            Command::Draw(D::Open { area, opening: opening(b % 3) })
        }
        1 => Command::Draw(D::Join { draw, key: [c % 3; 32] }),
        2 if c.is_multiple_of(8) => withdraw(draw),
        3 | 4 => Command::Draw(D::Replace { draw, sealed }),
        5 => Command::Draw(D::ShowShare { on, from: b % 3, number: 1 + c % 2, share: [b; 32] }),
        6 => Command::Draw(D::Recover { on, party: b % 3, secret: [b; 32] }),
        _ => match state.draws.phase(on) {
            Phase::Unknown | Phase::Withdrawn => open(b % 3),
            Phase::Waiting if (0..3).all(|party| has_key(state, draw, party)) => propose(on),
            Phase::Waiting => join(draw, party),
            Phase::Proposed => {
                let proposal = pick(state.draws.proposals(on).map(|(at, _)| at), b);
                Command::Draw(D::OpenStage { proposal: proposal.unwrap_or(draw) })
            }
            Phase::Committing | Phase::Disputed if c.is_multiple_of(5) => draw_or(on, b),
            Phase::Committing | Phase::Disputed => commit(on, party, 1 + b % 2),
            Phase::Revealing if c.is_multiple_of(7) => commit(on, party, 1 + b % 2),
            Phase::Revealing => reveal(on, party),
            Phase::Known => draw_or(on, b),
            Phase::Drawn => Command::Draw(D::Replace { draw, sealed }),
        },
    }
}

fn draw_or(on: On, number: u8) -> Command {
    draw(on, 1 + number % 2)
}

fn has_key(state: &State, draw: EventRef, party: u8) -> bool {
    state.draws.get(draw).is_some_and(|record| record.key(party).is_some())
}

const _: () = assert!(PARTIES_MIN == 3);
