//! Where people and posts lie on this node, and how a draw of the record becomes a folder that a stranger checks.

use super::{Folder, opening, record, replacements, reveals};
use crate::{
    auth::hex,
    node::Node,
    work::{
        WorkError,
        draw::{
            folder::{HEAD, PEOPLE, POSTS, about},
            run as draw_next,
        },
    },
};
use pehra_domain::progress::Watch;
use pehra_ops::{
    EventRef, Hash32,
    draw::{Record, Stage},
};
use pehra_plan::draw::ceremony::Commitment;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of this node in which draws lie, each under the hash of what is drawn from.
fn shelf(node: &Node) -> PathBuf {
    node.dir().join("draws")
}

/// A new folder beside the others, for a draw whose hash is not known yet.
pub(super) fn beside(node: &Node) -> Result<PathBuf, WorkError> {
    let name = format!("new-{}", hex(&node.random::<8>()?));
    let path = shelf(node).join(name);
    fs::create_dir_all(&path).map_err(|error| about(&path, &error))?;
    only_the_owner(&shelf(node))?;
    Ok(path)
}

/// Service numbers are for nobody else on this machine.
#[cfg(unix)]
fn only_the_owner(path: &Path) -> Result<(), WorkError> {
    use std::os::unix::fs::PermissionsExt;
    let only = fs::Permissions::from_mode(0o700);
    fs::set_permissions(path, only).map_err(|error| about(path, &error))
}

#[cfg(not(unix))]
fn only_the_owner(_: &Path) -> Result<(), WorkError> {
    Ok(())
}

/// Gives a new folder its name; what lies there under the same hash already is the same.
pub(super) fn keep(node: &Node, beside: &Path, input: &Hash32) -> Result<(), WorkError> {
    let path = shelf(node).join(input.to_string());
    if path.exists() {
        forget(beside);
        return Ok(());
    }
    fs::rename(beside, &path).map_err(|error| about(&path, &error))
}

/// Takes a folder away that came to nothing.
pub(super) fn forget(path: &Path) {
    let _what_is_left_has_no_name = fs::remove_dir_all(path);
}

/// Whether what is drawn from lies on this node.
#[must_use]
pub fn is_here(node: &Node, input: &Hash32) -> bool {
    shelf(node).join(input.to_string()).join(HEAD).exists()
}

/// The folder with what is drawn from.
pub(super) fn folder(node: &Node, record: &Record) -> Result<Folder, WorkError> {
    let input = opening(record)?.input;
    if !is_here(node, &input) {
        return Err(WorkError::Missing(
            "the people and posts of this draw are not on this node: `pehra plan draw record take FOLDER`",
        ));
    }
    Folder::open(&shelf(node).join(input.to_string()))
}

/// Takes people and posts that somebody brought, if they are those of a draw on record.
///
/// # Errors
/// [`WorkError::Input`]: they are of no draw on record, or were changed.
pub fn take(node: &Node, from: &Path, watch: &mut Watch<'_>) -> Result<EventRef, WorkError> {
    let brought = Folder::open(from)?;
    // Reading proves the hash.
    let input = Hash32(brought.input(watch)?.hash());
    let draw = node.ops(|state| {
        let mut all = state.draws.all();
        all.find(|(_, _, opening, _)| opening.input == input).map(|(at, ..)| at)
    });
    let draw =
        draw.ok_or_else(|| about(from, &format!("no draw on record is over the input {input}")))?;
    let beside = beside(node)?;
    copy(from, &beside, &[HEAD, PEOPLE, POSTS])?;
    keep(node, &beside, &input)?;
    Ok(draw)
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<(), WorkError> {
    for name in names {
        let path = to.join(name);
        fs::copy(from.join(name), &path).map_err(|error| about(&path, &error))?;
    }
    Ok(())
}

/// Writes down beside the people what the record says of every stage.
pub(super) fn note_down(folder: &Folder, record: &Record) -> Result<(), WorkError> {
    for stage in Stage::ALL {
        folder.keep(super::engine_stage(*stage), &note(record, *stage)?)?;
    }
    Ok(())
}

/// What the record says of a stage, as the folder has it.
fn note(record: &Record, stage: Stage) -> Result<super::super::Note, WorkError> {
    use super::super::{Dealt, Note};
    let opening = opening(record)?;
    let name = |at: u8| opening.parties.get(usize::from(at)).map(|party| party.name.clone());
    let mut note = Note::default();
    for (at, party) in opening.numbered() {
        let Some(said) = record.commitment(stage, at) else { continue };
        let (from, digest) = (party.name.clone(), said.digest.0);
        note.commitments.push(Commitment { party: from.clone(), digest });
        note.shares.extend(said.shares.iter().filter_map(|share| {
            let (from, to) = (from.clone(), name(share.to)?);
            Some(Dealt { from, to, number: share.number, mark: share.mark.0 })
        }));
    }
    (note.reveals, note.recovered) = reveals(record, stage);
    note.commitments.sort();
    note.shares.sort();
    note.reveals.sort();
    note.recovered.sort();
    note.roster = record.outcome(stage).map(|outcome| outcome.roster.0);
    Ok(note)
}

/// Writes a draw of the record as the folder that is published: everything a stranger needs to draw it again. The
/// rosters are drawn here from the secrets.
///
/// # Errors
/// [`WorkError`]: the people are not on this node, what was signed is not what the secrets give, or stopped.
pub fn export(
    node: &Node,
    draw: EventRef,
    to: &Path,
    watch: &mut Watch<'_>,
) -> Result<Folder, WorkError> {
    let record = record(node, draw)?;
    let from = folder(node, &record)?;
    fs::create_dir_all(to).map_err(|error| about(to, &error))?;
    if fs::read_dir(to).map_err(|error| about(to, &error))?.next().is_some() {
        return Err(about(to, &"the folder is not empty: name a new one"));
    }
    copy(from.path(), to, &[HEAD, PEOPLE, POSTS])?;
    let published = Folder::open(to)?;
    draw_again(&published, &record, watch)?;
    let replaced = replacements(node, draw, &record)?;
    if !replaced.is_empty() {
        published.keep_replaced(&replaced)?;
    }
    Ok(published)
}

/// Draws every stage that the record says was drawn, and compares with what was signed.
fn draw_again(folder: &Folder, record: &Record, watch: &mut Watch<'_>) -> Result<(), WorkError> {
    for stage in Stage::ALL {
        let said = note(record, *stage)?;
        let signed = said.roster;
        folder.keep(super::engine_stage(*stage), &super::super::Note { roster: None, ..said })?;
        let Some(signed) = signed else { break };
        let drawn = draw_next(folder, crate::work::THREADS, watch)?;
        if drawn.hash != signed {
            return Err(WorkError::Input(format!(
                "stage {}: the roster that was signed is {}, the secrets give {}",
                stage.name(),
                hex(&signed),
                hex(&drawn.hash)
            )));
        }
    }
    Ok(())
}

/// Draws again, in the node's own folder, rosters that are signed and not here: another node drew them.
pub(super) fn catch_up(
    folder: &Folder,
    record: &Record,
    stage: Stage,
    watch: &mut Watch<'_>,
) -> Result<(), WorkError> {
    if folder.roster_path(super::engine_stage(stage)).exists() {
        return Ok(());
    }
    draw_again(folder, record, watch)
}
