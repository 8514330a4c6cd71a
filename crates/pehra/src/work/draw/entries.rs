//! The same draw as entries of the ledger. What is drawn from stays in a folder of this node, under its hash: the record
//! holds the hash, what the parties said and what came out, and no service number in the clear.
//!
//! A party's secret follows from the key of its node and the draw, so that nothing has to be kept beside the key; its
//! shares and the replacements are sealed to the parties' keys.

mod material;
mod roster;

pub use material::{export, is_here, take};
pub use roster::{Found, Look, RosterKept, look};

use super::{Folder, of_ceremony};
use crate::{node::Node, work::WorkError};
use pehra_domain::{AreaId, PersonId, progress::Watch};
use pehra_ledger::{DeviceId, Hash, hash::LABEL_BYTES};
use pehra_ops::{
    Actor, Command, EventRef, Hash32,
    draw::{self as ops, Dealt, On, Opening, Outcome, Party, Record, Stage},
};
use pehra_plan::draw::{
    self as plan,
    ceremony::{self, Commitment, Reveal},
    share::{self, Share},
};
use pehra_seal::{
    chance::Chance,
    compartment::{Binding, CompartmentId, Sealed},
    hybrid::{OpeningKey, SealingPublic},
};
use zeroize::Zeroizing;

/// What a party's secret is derived under.
const SECRET_LABEL: &[u8; LABEL_BYTES] = b"pehra/drawsc/1\0";
/// What the chance of sealing is derived under.
const CHANCE_LABEL: &[u8; LABEL_BYTES] = b"pehra/drawch/1\0";
/// What names the compartment of one share or replacement.
const COMPARTMENT_LABEL: &[u8; LABEL_BYTES] = b"pehra/drawcm/1\0";
/// Kinds of the entries that carry what is sealed.
const KIND_SHARE: u32 = 2204;
const KIND_REPLACED: u32 = 2209;

/// The stage as the engine names it.
#[must_use]
pub fn engine_stage(stage: Stage) -> plan::Stage {
    match stage {
        Stage::Pool => plan::Stage::Pool,
        Stage::Posts => plan::Stage::Posts,
        Stage::Stations => plan::Stage::Stations,
    }
}

/// A draw of the record as things stand.
///
/// # Errors
/// [`WorkError::Input`] when there is none of that name.
pub fn record(node: &Node, draw: EventRef) -> Result<Record, WorkError> {
    let found = node.ops(|state| state.draws.get(draw).cloned());
    found.ok_or_else(|| WorkError::Input(format!("there is no draw {draw} on record here")))
}

/// The opening of a draw that is on record.
fn opening(record: &Record) -> Result<&Opening, WorkError> {
    let gone = || WorkError::Input("the draw is not on record".to_owned());
    record.opening().map(|(opening, _)| opening).ok_or_else(gone)
}

/// The parties' persons, for a draw that is begun.
pub type Persons = Vec<(String, PersonId)>;

/// Writes people and a plan's posts down on this node and signs their hash: nothing else can be drawn from afterwards.
///
/// # Errors
/// [`WorkError`]: as [`super::open`], or the act is refused; nothing was kept then.
pub fn begin(
    node: &Node,
    actor: &Actor,
    area: &AreaId,
    draft: super::Opening,
    persons: Persons,
) -> Result<EventRef, WorkError> {
    let (names, persons): (Vec<String>, Vec<PersonId>) = persons.into_iter().unzip();
    let draft = super::Opening { parties: names.clone(), ..draft };
    let beside = material::beside(node)?;
    let begun = super::open(node, &beside, draft).and_then(|(folder, input)| {
        let posts = input.detachments.iter().map(|one| one.count).sum();
        let opening = Opening {
            title: folder.title().to_owned(),
            input: Hash32(input.hash()),
            parties: names
                .into_iter()
                .zip(persons)
                .map(|(name, person)| Party { name, person })
                .collect(),
            people: u32::try_from(input.people.len()).unwrap_or(u32::MAX),
            posts,
        };
        let input = opening.input;
        let command = ops::Command::Open { area: area.clone(), opening };
        let draw = node.execute(actor, Command::Draw(command))?.first().copied();
        let draw = draw.or_else(|| node.ops(|state| Some(state.draws.standing(area).next()?.0)));
        material::keep(node, &beside, &input)?;
        draw.ok_or(WorkError::Missing("the draw was not taken onto the record"))
    });
    if begun.is_err() {
        material::forget(&beside);
    }
    begun
}

/// Publishes the key of this node as the one to which shares for the actor's party are sealed.
///
/// # Errors
/// [`WorkError`] when the act is refused.
pub fn join(node: &Node, actor: &Actor, draw: EventRef) -> Result<(), WorkError> {
    let key = own_key(node).public().0;
    node.execute(actor, Command::Draw(ops::Command::Join { draw, key }))?;
    Ok(())
}

/// What opens for parties whose person acts at this node.
fn own_key(node: &Node) -> OpeningKey {
    OpeningKey::of_device(&node.handshake_seed())
}

/// Bytes that nobody without this node's key can foresee, and that are the same when an act is made again to be signed.
fn derived(node: &Node, draw: EventRef, what: &str) -> [u8; 32] {
    let seed = Zeroizing::new(node.handshake_seed());
    let mut from = Zeroizing::new(Vec::with_capacity(256));
    from.extend_from_slice(&seed[..]);
    from.extend_from_slice(format!("{draw} {what}").as_bytes());
    Hash::labelled(SECRET_LABEL, &from).0
}

/// A party's secret for a stage. It exists nowhere but follows from the node's own key and what the stage is about.
fn secret(node: &Node, draw: EventRef, (stage, subject): (Stage, Hash32), party: &str) -> [u8; 32] {
    derived(node, draw, &format!("secret {} {subject} {party}", stage.name()))
}

/// What a sealed share or replacement belongs to: it opens for nothing else.
fn binding(node: &Node, draw: EventRef, kind: u32, what: &str) -> Binding {
    let name = Hash::labelled(COMPARTMENT_LABEL, format!("{draw} {what}").as_bytes());
    let mut compartment = [0; 16];
    compartment.copy_from_slice(&name.0[..16]);
    Binding {
        election: node.ledger_election(),
        author: DeviceId(draw.device),
        kind,
        compartment: CompartmentId(compartment),
    }
}

fn share_name(stage: Stage, from: u8, to: u8) -> String {
    format!("{} {from} {to}", stage.name())
}

/// The same words to the same keys are sealed alike: an act that is made again to be signed must be the same act.
fn sealed_to(
    node: &Node,
    binding: &Binding,
    keys: &[SealingPublic],
    plain: &[u8],
) -> Result<Vec<u8>, WorkError> {
    let mut from = Zeroizing::new(node.handshake_seed().to_vec());
    from.extend_from_slice(&binding.compartment.0);
    let chance = Chance::from_bytes(Hash::labelled(CHANCE_LABEL, &from).0);
    let sealed = Sealed::seal(binding, keys, plain, chance);
    sealed.map(|sealed| sealed.encode()).map_err(|error| WorkError::Input(error.to_string()))
}

/// What this node's key opens; none when it was sealed to others or altered.
fn opened(node: &Node, binding: &Binding, sealed: &[u8]) -> Option<Vec<u8>> {
    let sealed = Sealed::decode(sealed).ok()?;
    let opened = sealed.open(binding, &own_key(node), &[]).ok()?;
    Some(opened.plaintext.to_vec())
}

fn key_of(record: &Record, party: u8) -> Result<SealingPublic, WorkError> {
    let missing = || WorkError::Input(format!("party {party} has not joined"));
    record.key(party).map(|key| SealingPublic(*key)).ok_or_else(missing)
}

/// What a stage's commitments are about.
fn subject(record: &Record, stage: Stage) -> Result<Hash32, WorkError> {
    let missing = || WorkError::Input(format!("the stage before {} is not drawn", stage.name()));
    record.subject(stage).map(|(subject, _)| subject).ok_or_else(missing)
}

/// The party for which the actor speaks.
fn party_of(opening: &Opening, actor: &Actor) -> Result<(u8, String), WorkError> {
    let party = opening.party_of(&actor.person);
    let name = party.and_then(|party| opening.parties.get(usize::from(party)));
    match (party, name) {
        (Some(party), Some(one)) => Ok((party, one.name.clone())),
        (Some(_), None) | (None, _) => {
            Err(WorkError::Input(format!("{} speaks for no party of this draw", actor.person)))
        }
    }
}

/// Commits to a secret for a stage that two persons opened, and deals its shares to the other parties, sealed to each.
///
/// # Errors
/// [`WorkError`] when the act is refused, or somebody has not joined.
pub fn commit(node: &Node, actor: &Actor, on: On) -> Result<(), WorkError> {
    let record = record(node, on.draw)?;
    let opening = opening(&record)?;
    let (party, name) = party_of(opening, actor)?;
    let subject = subject(&record, on.stage)?;
    let secret = secret(node, on.draw, (on.stage, subject), &name);
    let stage = engine_stage(on.stage);
    let digest = ceremony::commit(&subject.0, stage, &name, &secret).map_err(of_ceremony)?.digest;
    let others: Vec<(u8, &Party)> = opening.numbered().filter(|(at, _)| *at != party).collect();
    let count = u8::try_from(others.len()).unwrap_or(u8::MAX);
    let mut drawn = 0_u32;
    let split = share::split(&secret, count, &mut || {
        drawn += 1;
        derived(node, on.draw, &format!("split {} {subject} {name} {drawn}", on.stage.name()))
    });
    let mut shares = Vec::with_capacity(others.len());
    for ((to, other), share) in others.into_iter().zip(split) {
        let mark = Hash32(share::mark(&subject.0, stage, &name, &other.name, &share));
        let binding = binding(node, on.draw, KIND_SHARE, &share_name(on.stage, party, to));
        let sealed = sealed_to(node, &binding, &[key_of(&record, to)?], &share.bytes)?;
        shares.push(Dealt { to, number: share.number, mark, sealed });
    }
    let command = ops::Command::Commit { on, digest: Hash32(digest), shares };
    node.execute(actor, Command::Draw(command))?;
    Ok(())
}

/// Shows the actor's party's secret, once all have committed.
///
/// # Errors
/// [`WorkError`] when the act is refused, or the party committed at another node, which alone has the secret.
pub fn reveal(node: &Node, actor: &Actor, on: On) -> Result<(), WorkError> {
    let record = record(node, on.draw)?;
    let (party, name) = party_of(opening(&record)?, actor)?;
    let subject = subject(&record, on.stage)?;
    let secret = secret(node, on.draw, (on.stage, subject), &name);
    if let Some(said) = record.commitment(on.stage, party)
        && !fits(&record, on.stage, (party, &name), &secret)
    {
        return Err(WorkError::Input(format!(
            "{name} committed to {} at another node: the secret is there, or the others put it together",
            said.digest
        )));
    }
    node.execute(actor, Command::Draw(ops::Command::Reveal { on, secret }))?;
    Ok(())
}

/// Whether a secret is the one that a party committed to.
fn fits(record: &Record, stage: Stage, (party, name): (u8, &str), secret: &[u8; 32]) -> bool {
    let Some((subject, said)) =
        record.subject(stage).map(|(it, _)| it).zip(record.commitment(stage, party))
    else {
        return false;
    };
    let told = ceremony::commit(&subject.0, engine_stage(stage), name, secret);
    told.is_ok_and(|told| told.digest == said.digest.0)
}

/// Shows the share of a withheld secret that was sealed to the actor's party.
///
/// # Errors
/// [`WorkError`] when the act is refused, or what was sealed is not what its party published the mark of.
pub fn show_share(node: &Node, actor: &Actor, on: On, from: &str) -> Result<(), WorkError> {
    let record = record(node, on.draw)?;
    let opening = opening(&record)?;
    let (to, name) = party_of(opening, actor)?;
    let from_at = numbered(opening, from)?;
    let dealt = record
        .commitment(on.stage, from_at)
        .and_then(|said| said.shares.iter().find(|share| share.to == to).cloned());
    let dealt =
        dealt.ok_or_else(|| WorkError::Input(format!("{from} has dealt {name} no share")))?;
    let binding = binding(node, on.draw, KIND_SHARE, &share_name(on.stage, from_at, to));
    let bytes = opened(node, &binding, &dealt.sealed).and_then(|bytes| bytes.try_into().ok());
    let bytes: [u8; 32] = bytes.ok_or_else(|| {
        WorkError::Input(format!("this node cannot open the share that {from} dealt {name}"))
    })?;
    let share = Share { number: dealt.number, bytes };
    let stage = engine_stage(on.stage);
    if share::mark(&subject(&record, on.stage)?.0, stage, from, &name, &share) != dealt.mark.0 {
        return Err(false_shares(from));
    }
    let command =
        ops::Command::ShowShare { on, from: from_at, number: share.number, share: share.bytes };
    node.execute(actor, Command::Draw(command))?;
    Ok(())
}

fn numbered(opening: &Opening, name: &str) -> Result<u8, WorkError> {
    let found = opening.numbered().find(|(_, party)| party.name == name);
    let stranger = || WorkError::Input(format!("`{name}` is no party of this draw"));
    found.map(|(at, _)| at).ok_or_else(stranger)
}

fn false_shares(from: &str) -> WorkError {
    WorkError::Input(format!(
        "{from} gave out shares of something other than the secret it committed to: withdraw the draw and open it anew without {from}"
    ))
}

/// Puts a withheld secret together from the shares that the others have shown.
///
/// # Errors
/// [`WorkError`]: too few are shown, they are false, or the act is refused.
pub fn recover(node: &Node, actor: &Actor, on: On, name: &str) -> Result<(), WorkError> {
    let record = record(node, on.draw)?;
    let opening = opening(&record)?;
    let party = numbered(opening, name)?;
    let subject = subject(&record, on.stage)?;
    let dealt = record.commitment(on.stage, party).map(|said| said.shares.clone());
    let dealt = dealt.unwrap_or_default();
    let mut shares: Vec<Share> = Vec::new();
    for shown in record.shown(on.stage).filter(|shown| shown.from == party) {
        let share = Share { number: shown.number, bytes: shown.share };
        let to = opening.parties.get(usize::from(shown.to)).map_or("", |to| to.name.as_str());
        let mark = share::mark(&subject.0, engine_stage(on.stage), name, to, &share);
        // A share that somebody made up is not the one whose mark was published.
        let is_dealt = dealt.iter().any(|one| one.to == shown.to && one.mark.0 == mark);
        if is_dealt && !shares.contains(&share) {
            shares.push(share);
        }
    }
    let joined = share::join(&shares, dealt.len());
    let secret = joined.map_err(|error| WorkError::Input(error.to_string()))?;
    if !fits(&record, on.stage, (party, name), &secret) {
        return Err(false_shares(name));
    }
    node.execute(actor, Command::Draw(ops::Command::Recover { on, party, secret }))?;
    Ok(())
}

/// The secrets of a stage that are those committed to, and whose the others put together.
pub(crate) fn reveals(record: &Record, stage: Stage) -> (Vec<Reveal>, Vec<String>) {
    let (mut reveals, mut recovered) = (Vec::new(), Vec::new());
    let Some((opening, _)) = record.opening() else { return (reveals, recovered) };
    for (at, party) in opening.numbered() {
        let own = record.told(stage).filter(|told| told.party == at);
        let mut right: Vec<_> =
            own.filter(|told| fits(record, stage, (at, &party.name), &told.secret)).collect();
        // What the party showed itself counts before what the others put together.
        right.sort_by_key(|told| told.recovered);
        if let Some(told) = right.first() {
            reveals.push(Reveal { party: party.name.clone(), secret: told.secret });
            if told.recovered {
                recovered.push(party.name.clone());
            }
        }
    }
    (reveals, recovered)
}

/// Whether a party showed a secret other than the one it committed to.
#[must_use]
pub fn showed_another(record: &Record, stage: Stage, party: u8, name: &str) -> bool {
    let mut told = record.told(stage).filter(|told| told.party == party);
    told.any(|told| !fits(record, stage, (party, name), &told.secret))
}

/// The seed that the record's secrets give for a stage.
///
/// # Errors
/// [`WorkError::Input`] names whose secret is missing.
pub fn seed(record: &Record, stage: Stage) -> Result<[u8; 32], WorkError> {
    let opening = opening(record)?;
    let commitments: Vec<Commitment> = opening
        .numbered()
        .filter_map(|(at, party)| {
            let digest = record.commitment(stage, at)?.digest.0;
            Some(Commitment { party: party.name.clone(), digest })
        })
        .collect();
    let (reveals, _) = reveals(record, stage);
    let subject = subject(record, stage)?;
    ceremony::seed(&subject.0, engine_stage(stage), &commitments, &reveals).map_err(of_ceremony)
}

/// Draws a stage from the record's secrets and this node's people, and signs what came out.
///
/// # Errors
/// [`WorkError`]: the people are not on this node, a secret is missing, the act is refused, or stopped.
pub fn run(
    node: &Node,
    actor: &Actor,
    on: On,
    watch: &mut Watch<'_>,
) -> Result<super::Drawn, WorkError> {
    let record = record(node, on.draw)?;
    let folder = material::folder(node, &record)?;
    seed(&record, on.stage)?;
    material::note_down(&folder, &record)?;
    let drawn = super::run(&folder, crate::work::THREADS, watch)?;
    if drawn.stage != engine_stage(on.stage) {
        return Err(WorkError::Input(format!("the next stage is {}", drawn.stage.word())));
    }
    let outcome = Outcome { seed: Hash32(drawn.seed), roster: Hash32(drawn.hash) };
    node.execute(actor, Command::Draw(ops::Command::Draw { on, outcome }))?;
    Ok(drawn)
}

/// Draws who stands in for somebody on the day, and records it sealed to the parties; none when no spare may.
///
/// # Errors
/// [`WorkError`]: the people are not on this node, an earlier replacement is sealed to others, the act is refused, or
/// stopped.
pub fn replace(
    node: &Node,
    actor: &Actor,
    draw: EventRef,
    out: &PersonId,
    watch: &mut Watch<'_>,
) -> Result<Option<PersonId>, WorkError> {
    let record = record(node, draw)?;
    let folder = material::folder(node, &record)?;
    material::note_down(&folder, &record)?;
    folder.keep_replaced(&replacements(node, draw, &record)?)?;
    let stands_in = super::replace(&folder, out, crate::work::THREADS, watch)?;
    let Some(person) = &stands_in else { return Ok(None) };
    let opening = opening(&record)?;
    let mut keys = vec![own_key(node).public()];
    for (party, _) in opening.numbered() {
        keys.push(key_of(&record, party)?);
    }
    let binding = binding(node, draw, KIND_REPLACED, "replacement");
    let sealed = sealed_to(node, &binding, &keys, format!("{out}\n{person}").as_bytes())?;
    node.execute(actor, Command::Draw(ops::Command::Replace { draw, sealed }))?;
    Ok(stands_in)
}

/// Who stood in for whom, in order.
///
/// # Errors
/// [`WorkError::Input`] when one is sealed to others than this node.
pub(super) fn replacements(
    node: &Node,
    draw: EventRef,
    record: &Record,
) -> Result<Vec<(PersonId, PersonId)>, WorkError> {
    let binding = binding(node, draw, KIND_REPLACED, "replacement");
    let read = |number: u32, sealed: &[u8]| {
        let text = String::from_utf8(opened(node, &binding, sealed)?).ok()?;
        let (out, stands_in) = text.split_once('\n')?;
        let pair = (PersonId::try_new(out).ok()?, PersonId::try_new(stands_in).ok()?);
        (number > 0).then_some(pair)
    };
    let mut all = Vec::new();
    for (number, sealed) in record.replaced() {
        let sealed_away =
            || WorkError::Input(format!("replacement {number} is sealed to others than this node"));
        all.push(read(number, &sealed.0).ok_or_else(sealed_away)?);
    }
    Ok(all)
}
