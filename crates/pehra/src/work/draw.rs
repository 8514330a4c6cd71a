//! A draw in a folder that is published as it stands: what was drawn from, what each party said, what came out.
//!
//! ```text
//! draw.toml            parties, what posts ask, the hash of the input
//! people.csv posts.csv the input
//! pool.toml            commitments, secrets and the roster's hash of the first stage; then posts.toml, stations.toml
//! roster-pool.csv      the roster after the first stage; then roster-posts.csv, roster-stations.csv
//! replaced.toml        who stood in for whom on the day, in order
//! ```

pub mod entries;
mod folder;
mod open;
mod prove;

pub use folder::{Dealt, Folder, Note, duty_word, roster_row};
pub use open::{Opening, detachments, open};
pub use prove::{Checked, Found, prove};

use super::WorkError;
use pehra_domain::{PersonId, duty::Line, progress::Watch};
use pehra_plan::draw::{
    Draw, DrawError, Input, Stage,
    ceremony::{self, CeremonyError},
    share::{self, Share},
};

/// What a stage gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub stage: Stage,
    pub seed: [u8; 32],
    pub roster: Vec<Line>,
    pub hash: [u8; 32],
}

/// Takes a party's commitment to a secret for the stage that comes next, and splits the secret among the other parties:
/// each share is for its party alone, what is published of it is its mark. `chance` gives bytes that nobody can foresee.
///
/// # Errors
/// [`WorkError::Input`]: no such party, committed already, or the stage is past that.
pub fn commit(
    folder: &Folder,
    party: &str,
    secret: &[u8; 32],
    chance: &mut dyn FnMut() -> [u8; 32],
) -> Result<(Stage, Vec<Given>), WorkError> {
    let (stage, subject) = folder.next()?;
    let mut note = folder.note(stage)?;
    if !folder.parties().iter().any(|known| known == party) {
        let known = folder.parties().join(", ");
        return Err(WorkError::Input(format!(
            "`{party}` is no party of this draw; they are: {known}"
        )));
    }
    if note.commitments.iter().any(|one| one.party == party) {
        return Err(WorkError::Input(format!(
            "{party} has committed to a secret for this stage already"
        )));
    }
    note.commitments.push(ceremony::commit(&subject, stage, party, secret).map_err(of_ceremony)?);
    note.commitments.sort();
    let others: Vec<&String> = folder.parties().iter().filter(|other| *other != party).collect();
    let count = u8::try_from(others.len()).unwrap_or(u8::MAX);
    let given: Vec<Given> = others
        .into_iter()
        .zip(share::split(secret, count, chance))
        .map(|(to, share)| Given { from: party.to_owned(), to: to.clone(), stage, share })
        .collect();
    for one in &given {
        let mark = share::mark(&subject, stage, party, &one.to, &one.share);
        let (from, to) = (party.to_owned(), one.to.clone());
        note.shares.push(Dealt { from, to, number: one.share.number, mark });
    }
    note.shares.sort();
    folder.keep(stage, &note)?;
    Ok((stage, given))
}

/// A share that one party gives to another, to be kept until a secret is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub from: String,
    pub to: String,
    pub stage: Stage,
    pub share: Share,
}

/// Puts a withheld secret together from the shares that its party gave to the others, once all have committed. It then
/// counts as if the party had shown it, and the record says that it did not.
///
/// # Errors
/// [`WorkError::Input`]: a share is not the one that was published, too few, or the party gave out shares of something
/// other than it committed to.
pub fn recover(folder: &Folder, party: &str, given: &[Given]) -> Result<Stage, WorkError> {
    let (stage, subject) = folder.next()?;
    let mut note = folder.note(stage)?;
    all_committed(folder, &note)?;
    if note.reveals.iter().any(|one| one.party == party) {
        return Err(WorkError::Input(format!("the secret of {party} is known already")));
    }
    let mut shares = Vec::new();
    for one in given {
        let mark = share::mark(&subject, stage, party, &one.to, &one.share);
        let published = note
            .shares
            .iter()
            .any(|dealt| dealt.from == party && dealt.to == one.to && dealt.mark == mark);
        if !published {
            return Err(WorkError::Input(format!(
                "the share of {} is not the one that {party} gave out for stage {}",
                one.to,
                stage.word()
            )));
        }
        shares.push(one.share.clone());
    }
    let others = note.shares.iter().filter(|dealt| dealt.from == party).count();
    let secret =
        share::join(&shares, others).map_err(|error| WorkError::Input(error.to_string()))?;
    let told = ceremony::commit(&subject, stage, party, &secret).map_err(of_ceremony)?;
    if !note.commitments.contains(&told) {
        return Err(WorkError::Input(format!(
            "{party} gave out shares of something other than the secret it committed to: open a new draw without {party}"
        )));
    }
    note.reveals.push(ceremony::Reveal { party: party.to_owned(), secret });
    note.reveals.sort();
    note.recovered.push(party.to_owned());
    note.recovered.sort();
    folder.keep(stage, &note)?;
    Ok(stage)
}

fn all_committed(folder: &Folder, note: &Note) -> Result<(), WorkError> {
    let silent: Vec<&str> = folder
        .parties()
        .iter()
        .filter(|party| !note.commitments.iter().any(|one| one.party == **party))
        .map(String::as_str)
        .collect();
    if silent.is_empty() {
        return Ok(());
    }
    Err(WorkError::Input(format!(
        "a secret shown now could still be answered: {} must commit first",
        silent.join(", ")
    )))
}

/// Takes a party's secret, once all have committed.
///
/// # Errors
/// [`WorkError::Input`]: somebody has not committed yet, or the secret is another one.
pub fn reveal(folder: &Folder, party: &str, secret: &[u8; 32]) -> Result<Stage, WorkError> {
    let (stage, subject) = folder.next()?;
    let mut note = folder.note(stage)?;
    all_committed(folder, &note)?;
    let told = ceremony::commit(&subject, stage, party, secret).map_err(of_ceremony)?;
    match note.commitments.iter().find(|one| one.party == party) {
        None => return Err(of_ceremony(CeremonyError::NotCommitted(party.to_owned()))),
        Some(known) if *known != told => {
            return Err(of_ceremony(CeremonyError::OtherSecret(party.to_owned())));
        }
        Some(_) => {}
    }
    if !note.reveals.iter().any(|one| one.party == party) {
        note.reveals.push(ceremony::Reveal { party: party.to_owned(), secret: *secret });
        note.reveals.sort();
        folder.keep(stage, &note)?;
    }
    Ok(stage)
}

/// Draws the stage that comes next and publishes its roster beside it.
///
/// # Errors
/// [`WorkError`]: a secret is missing, the input is not the one that was opened, or stopped.
pub fn run(folder: &Folder, threads: usize, watch: &mut Watch<'_>) -> Result<Drawn, WorkError> {
    let (stage, subject) = folder.next()?;
    let mut note = folder.note(stage)?;
    let seed =
        ceremony::seed(&subject, stage, &note.commitments, &note.reveals).map_err(of_ceremony)?;
    let input = folder.input(watch)?;
    let mut draw = replay(folder, &input, stage, threads, watch)?;
    draw.draw(stage, &seed, threads, watch).map_err(of_draw)?;
    let roster = draw.roster();
    let hash = draw.hash();
    folder.publish(stage, &roster)?;
    note.roster = Some(hash);
    folder.keep(stage, &note)?;
    Ok(Drawn { stage, seed, roster, hash })
}

/// The roster of the last stage with the day's replacements, drawn again from the secrets rather than read from a table that
/// somebody could have touched.
///
/// # Errors
/// [`WorkError`]: a stage is not drawn yet, the input is not the one that was opened, or stopped.
pub fn last_roster(folder: &Folder, watch: &mut Watch<'_>) -> Result<Vec<Line>, WorkError> {
    let input = folder.input(watch)?;
    let mut draw = Draw::try_new(&input).map_err(of_draw)?;
    for stage in Stage::ALL {
        let seed = folder.seed(stage)?;
        draw.draw(stage, &seed, super::THREADS, watch).map_err(of_draw)?;
    }
    let seed = folder.seed(Stage::Stations)?;
    for (out, _) in folder.replaced()? {
        draw.replace(&out, &seed).map_err(of_draw)?;
    }
    Ok(draw.roster())
}

/// Draws who stands in for somebody on the day; none when no spare of the unit may hold the post.
///
/// # Errors
/// [`WorkError`]: the last stage is not drawn, nobody of that number holds a post, or stopped.
pub fn replace(
    folder: &Folder,
    out: &PersonId,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Option<PersonId>, WorkError> {
    let input = folder.input(watch)?;
    let mut draw = replay_all(folder, &input, threads, watch)?;
    let seed = folder.seed(Stage::Stations)?;
    let mut replaced = folder.replaced()?;
    for (before, _) in &replaced {
        draw.replace(before, &seed).map_err(of_draw)?;
    }
    let stands_in = draw.replace(out, &seed).map_err(of_draw)?;
    if let Some(person) = &stands_in {
        replaced.push((out.clone(), person.clone()));
        folder.keep_replaced(&replaced)?;
    }
    Ok(stands_in)
}

/// The draw as far as the stage before `until`.
fn replay<'i>(
    folder: &Folder,
    input: &'i Input,
    until: Stage,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Draw<'i>, WorkError> {
    let mut draw = Draw::try_new(input).map_err(of_draw)?;
    for stage in Stage::ALL.into_iter().take_while(|stage| *stage < until) {
        draw.draw(stage, &folder.seed(stage)?, threads, watch).map_err(of_draw)?;
    }
    Ok(draw)
}

fn replay_all<'i>(
    folder: &Folder,
    input: &'i Input,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Draw<'i>, WorkError> {
    let mut draw = replay(folder, input, Stage::Stations, threads, watch)?;
    draw.draw(Stage::Stations, &folder.seed(Stage::Stations)?, threads, watch).map_err(of_draw)?;
    Ok(draw)
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of_ceremony(error: CeremonyError) -> WorkError {
    WorkError::Input(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of_draw(error: DrawError) -> WorkError {
    if let DrawError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}
