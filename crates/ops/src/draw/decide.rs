//! What may be done about a draw, by what was done before.

use super::{Command, Dealt, Event, On, Opening, Outcome, Phase, Record, Stage};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Hash32, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let me = &context.actor.person;
    match command {
        Command::Open { area, opening } => open(state, area, opening),
        Command::Join { draw, key } => {
            let (record, opening, mark) = standing(state, *draw)?;
            let party = own_party(opening, me)?;
            if record.key(party) == Some(key) {
                return Ok(Vec::new());
            }
            let event = Event::Joined { draw: *draw, party, key: *key };
            Ok(over(event, &mark.area, &[*draw]))
        }
        Command::ProposeStage { on } => propose(state, *on),
        Command::OpenStage { proposal } => open_stage(state, me, *proposal),
        Command::Commit { on, digest, shares } => commit(state, me, *on, (*digest, shares)),
        Command::Reveal { on, secret } => {
            let (_, opening, _) = standing(state, on.draw)?;
            tell(state, *on, (own_party(opening, me)?, secret), false)
        }
        Command::ShowShare { on, from, number, share } => {
            show_share(state, me, *on, (*from, *number, share))
        }
        Command::Recover { on, party, secret } => {
            let (_, opening, _) = standing(state, on.draw)?;
            let own = own_party(opening, me)?;
            if own == *party || usize::from(*party) >= opening.parties.len() {
                return Err(Refusal::of(RefusalCode::NotAParty, party));
            }
            tell(state, *on, (*party, secret), true)
        }
        Command::Draw { on, outcome } => draw(state, *on, *outcome),
        Command::Replace { draw, sealed } => {
            let (record, _, mark) = standing(state, *draw)?;
            if record.outcome(Stage::Stations).is_none() {
                return Err(Refusal::of(RefusalCode::DrawStateForbids, Stage::Stations.name()));
            }
            let (number, mut heads) = record.next_replacement();
            heads.push(*draw);
            let event = Event::Replaced { draw: *draw, number, sealed: sealed.clone() };
            Ok(over(event, &mark.area, &heads))
        }
        Command::Withdraw { draw, reason } => {
            let (_, _, mark) = standing(state, *draw)?;
            let event = Event::Withdrawn { draw: *draw, reason: reason.clone() };
            Ok(over(event, &mark.area, &[*draw]))
        }
    }
}

fn commit(
    state: &State,
    me: &PersonId,
    on: On,
    (digest, shares): (Hash32, &[Dealt]),
) -> Result<Vec<Decided>, Refusal> {
    let (record, opening, mark) = standing(state, on.draw)?;
    let party = own_party(opening, me)?;
    let said = record.commitment(on.stage, party);
    if said.is_some_and(|said| said.digest == digest) {
        return Ok(Vec::new());
    }
    if said.is_some() {
        return Err(Refusal::of(RefusalCode::CommittedAlready, on.stage.name()));
    }
    let (opened, ..) = record.opened_by(on.stage).ok_or_else(|| not_open(on.stage))?;
    let amends = record.is_disputed(on.stage, party);
    // Whoever said two things says one before any secret is shown; afterwards the draw is opened anew.
    let late = record.told(on.stage).next().is_some()
        || record.told_over_others(on.stage) > 0
        || record.outcome(on.stage).is_some();
    let first = !amends && state.draws.phase(on) == Phase::Committing;
    if !(first || amends && !late) {
        return Err(Refusal::of(RefusalCode::DrawStateForbids, on.stage.name()));
    }
    let event = Event::Committed { on, opened, party, digest, shares: shares.to_vec() };
    let mut heads = record.commitment_refs(on.stage, party);
    heads.push(opened);
    Ok(over(event, &mark.area, &heads))
}

/// Puts a party's secret on record: shown by itself, or put together by the others.
fn tell(
    state: &State,
    on: On,
    (party, secret): (u8, &[u8; 32]),
    recovered: bool,
) -> Result<Vec<Decided>, Refusal> {
    let (record, _, mark) = standing(state, on.draw)?;
    let digests = all_committed(state, record, on)?;
    let mut told = record.told(on.stage);
    if told.any(|told| told.party == party && told.secret == *secret) {
        return Ok(Vec::new());
    }
    let heads = record.commitment_refs(on.stage, party);
    let event = if recovered {
        Event::Recovered { on, party, secret: *secret, over: digests }
    } else {
        Event::Revealed { on, party, secret: *secret, over: digests }
    };
    Ok(over(event, &mark.area, &heads))
}

fn show_share(
    state: &State,
    me: &PersonId,
    on: On,
    (from, number, share): (u8, u8, &[u8; 32]),
) -> Result<Vec<Decided>, Refusal> {
    let (record, opening, mark) = standing(state, on.draw)?;
    let to = own_party(opening, me)?;
    let digests = all_committed(state, record, on)?;
    let dealt = record.commitment(on.stage, from).map(|said| said.shares.as_slice());
    let mut dealt = dealt.unwrap_or_default().iter();
    if !dealt.any(|dealt| dealt.to == to && dealt.number == number) {
        return Err(Refusal::of(RefusalCode::NotAParty, from));
    }
    if record.shown(on.stage).any(|shown| shown.from == from && shown.to == to) {
        return Ok(Vec::new());
    }
    let heads = record.commitment_refs(on.stage, from);
    let event = Event::ShareShown { on, from, to, number, share: *share, over: digests };
    Ok(over(event, &mark.area, &heads))
}

fn draw(state: &State, on: On, outcome: Outcome) -> Result<Vec<Decided>, Refusal> {
    let (record, _, mark) = standing(state, on.draw)?;
    if record.outcome(on.stage) == Some(&outcome) {
        return Ok(Vec::new());
    }
    let mut heads = record.outcome_refs(on.stage);
    let settles = heads.len() > 1 && record.outcome(on.stage).is_none();
    if !(settles || state.draws.phase(on) == Phase::Known) {
        return Err(Refusal::of(RefusalCode::DrawStateForbids, on.stage.name()));
    }
    let (opened, ..) = record.opened_by(on.stage).ok_or_else(|| not_open(on.stage))?;
    heads.push(opened);
    Ok(over(Event::Drawn { on, outcome }, &mark.area, &heads))
}

fn over(event: Event, area: &AreaId, heads: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Draw(event), area, heads)
}

/// A draw that nobody withdrew.
fn standing(state: &State, draw: EventRef) -> Result<(&Record, &Opening, &Mark), Refusal> {
    let not_known = || Refusal::of(RefusalCode::NotKnown, draw);
    let record = state.draws.get(draw).ok_or_else(not_known)?;
    let (opening, mark) = record.opening().ok_or_else(not_known)?;
    if record.stands() {
        Ok((record, opening, mark))
    } else {
        Err(Refusal::of(RefusalCode::DrawStateForbids, Phase::Withdrawn.name()))
    }
}

fn own_party(opening: &Opening, me: &PersonId) -> Result<u8, Refusal> {
    opening.party_of(me).ok_or_else(|| Refusal::of(RefusalCode::NotAParty, me))
}

fn not_open(stage: Stage) -> Refusal {
    Refusal::of(RefusalCode::StageNotOpen, stage.name())
}

/// What all have committed to; a secret shown before could still be answered.
fn all_committed(state: &State, record: &Record, on: On) -> Result<Vec<Hash32>, Refusal> {
    match state.draws.phase(on) {
        Phase::Revealing | Phase::Known => record.digests(on.stage),
        Phase::Drawn => return Err(Refusal::of(RefusalCode::DrawStateForbids, on.stage.name())),
        Phase::Unknown
        | Phase::Waiting
        | Phase::Proposed
        | Phase::Committing
        | Phase::Disputed
        | Phase::Withdrawn => None,
    }
    .ok_or_else(|| Refusal::of(RefusalCode::CommitmentsMissing, on.stage.name()))
}

fn open(state: &State, area: &AreaId, opening: &Opening) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    if let Some((_, _, known)) = state.draws.standing(area).next() {
        if known == opening {
            return Ok(Vec::new());
        }
        return Err(Refusal::of(RefusalCode::DrawStands, &known.title));
    }
    Ok(over(Event::Opened(opening.clone()), area, &[]))
}

fn propose(state: &State, on: On) -> Result<Vec<Decided>, Refusal> {
    let (record, _, mark) = standing(state, on.draw)?;
    if !record.all_joined() {
        return Err(Refusal::of(RefusalCode::PartyWithoutKey, on.stage.name()));
    }
    let next = Refusal::of(RefusalCode::StageNotNext, on.stage.name());
    let Some((subject, after)) = record.subject(on.stage) else { return Err(next) };
    match state.draws.phase(on) {
        Phase::Waiting => {}
        Phase::Proposed => return Ok(Vec::new()),
        Phase::Unknown
        | Phase::Committing
        | Phase::Revealing
        | Phase::Known
        | Phase::Drawn
        | Phase::Disputed
        | Phase::Withdrawn => return Err(next),
    }
    let event = Event::StageProposed { on, subject, after };
    let heads: Vec<EventRef> = after.into_iter().chain([on.draw]).collect();
    Ok(over(event, &mark.area, &heads))
}

fn open_stage(state: &State, me: &PersonId, at: EventRef) -> Result<Vec<Decided>, Refusal> {
    let proposal = state.draws.proposal(at);
    let proposal = proposal.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, at))?;
    let (_, _, mark) = standing(state, proposal.on.draw)?;
    if state.draws.phase(proposal.on) != Phase::Proposed {
        return Ok(Vec::new());
    }
    if proposal.mark.person == *me {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, me));
    }
    let event = Event::StageOpened { proposal: at, proposed_by: proposal.mark.person.clone() };
    Ok(over(event, &mark.area, &[at]))
}
