//! Checks exports of any number of nodes with the public root alone, in flat memory: signatures, chains, forks, roster,
//! revocations, checkpoints, and whether the files agree with each other.
//!
//! A first look gathers who may sign and how far each log reaches; a second verifies everything. Two files agree on a
//! log when they agree on its entry where the shorter ends, because every entry names the one before it; only logs that
//! disagree are looked at a third time.

mod check;
pub mod court;
mod pinpoint;
mod records;
mod report;
#[cfg(test)]
mod sample;
mod survey;
#[cfg(test)]
mod tests;
mod walk;

pub use report::{AuditReport, Damage, FileReport, Fork, ForkSide, Gap, TreeFinding, Withheld};

use check::{Bad, Ground};
use pehra_domain::progress::{Cancelled, Watch};
use pehra_ledger::{
    Hash, Place,
    checkpoint::{Origin, WITNESSES},
    export::Kind,
    genesis::Genesis,
    roster::{Roster, Standing},
};
use records::Records;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use survey::{Log, Survey};
use walk::{Points, Surroundings, Walked};

/// Damages of one file that are searched byte by byte; the others are named by their record.
const SEARCHED_MAX: usize = 4;

/// Why exports cannot be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error("{path} cannot be read")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{0} is no export of pehra: it begins with other bytes")]
    NotAnExport(PathBuf),
    #[error("{0} names no founding of an election: give the founding file with --root")]
    NoFounding(PathBuf),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("a thread of the check ended before its work")]
    Thread,
}

impl AuditError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

/// How an audit is run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The public root; without it the first file's own is used.
    pub root: Option<Genesis>,
    pub threads: usize,
    /// Fresh chance for checking signatures in batches.
    pub seed: [u8; 32],
}

/// Checks files. Stages: `survey`, `verify`, in bytes.
///
/// # Errors
/// [`AuditError`] when a file cannot be read or the watcher stopped it; what is wrong inside the files is no error, it
/// is what was looked for.
pub fn verify(
    paths: &[PathBuf],
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<AuditReport, AuditError> {
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let genesis = match (&options.root, paths.first()) {
        (Some(genesis), _) => genesis.clone(),
        (None, Some(first)) => survey::founding(first)?,
        (None, None) => return Err(AuditError::NoFounding(PathBuf::new())),
    };
    let mut roster = Roster::new(genesis.election_name(), genesis.root());
    let length = |path: &&Path| {
        std::fs::metadata(path).map(|file| file.len()).map_err(AuditError::file(path))
    };
    let total: u64 = paths.iter().map(length).sum::<Result<u64, _>>()?;
    let mut surveys = Vec::with_capacity(paths.len());
    let mut done = 0;
    for path in &paths {
        let survey = survey::survey(path, &mut roster, (done, total), watch)?;
        done += survey.bytes;
        surveys.push(survey);
    }
    let mut audit = Audit::new(&paths, &surveys, &roster, &genesis);
    done = 0;
    let mut walks = Vec::with_capacity(paths.len());
    for (path, survey) in paths.iter().zip(&surveys) {
        let ground = Ground { roster: &roster, head: survey.head.as_ref() };
        let sizes = audit.sizes(survey);
        let around = Surroundings {
            points: &audit.points,
            sizes: &sizes,
            leaves: &audit.leaves,
            reach: &audit.reach,
        };
        let (threads, seed) = (options.threads, options.seed);
        let walked = walk::walk(path, &ground, &around, threads, seed, (done, total), watch)?;
        done += survey.bytes;
        walks.push(walked);
    }
    audit.settle(&walks, options.threads)?;
    Ok(audit.report)
}

/// What is known of all files together.
struct Audit<'a> {
    paths: &'a [&'a Path],
    surveys: &'a [Survey],
    roster: &'a Roster,
    points: Points,
    leaves: BTreeSet<Hash>,
    reach: BTreeMap<Log, u64>,
    report: AuditReport,
}

impl<'a> Audit<'a> {
    fn new(
        paths: &'a [&'a Path],
        surveys: &'a [Survey],
        roster: &'a Roster,
        genesis: &Genesis,
    ) -> Self {
        let mut points = Points::new();
        let mut reach: BTreeMap<Log, u64> = BTreeMap::new();
        for survey in surveys {
            for (&log, &(seq, hash)) in &survey.heads {
                let of_log = points.entry(log).or_default();
                if !of_log.contains(&(seq, hash)) {
                    of_log.push((seq, hash));
                }
                let furthest = reach.entry(log).or_insert(seq);
                *furthest = seq.max(*furthest);
            }
        }
        // A log that ends at one place in all files needs no comparison.
        points.retain(|_, of_log| of_log.len() > 1);
        let leaves = surveys.iter().flat_map(|survey| survey.leaves.iter().copied()).collect();
        let revoked: BTreeSet<_> = roster
            .statements()
            .filter_map(|said| match said {
                pehra_ledger::statement::Said::Revocation(one) => Some(one.body.key),
                pehra_ledger::statement::Said::Certificate(_)
                | pehra_ledger::statement::Said::Receipt(_) => None,
            })
            .filter(|&key| roster.revoked(key).next().is_some())
            .collect();
        let report = AuditReport {
            election: genesis.election.clone(),
            root_fingerprint: genesis.fingerprint(),
            files: Vec::new(),
            entries: 0,
            logs: u64::try_from(reach.len()).unwrap_or(u64::MAX),
            devices_revoked: u64::try_from(revoked.len()).unwrap_or(u64::MAX),
            damages: Vec::new(),
            damages_more: 0,
            forks: Vec::new(),
            gaps: Vec::new(),
            gaps_more: 0,
            withheld: Vec::new(),
            trees: Vec::new(),
        };
        Self { paths, surveys, roster, points, leaves, reach, report }
    }

    fn name(&self, file: usize) -> String {
        self.paths.get(file).map(|path| path.display().to_string()).unwrap_or_default()
    }

    /// Sizes of an exporter's tree of which any of the files shows a root.
    fn sizes(&self, survey: &Survey) -> BTreeSet<u64> {
        let Some(head) = &survey.head else { return BTreeSet::new() };
        let election = self.roster.election();
        let origin = Origin { election, device: head.key.id(), epoch: head.epoch };
        let all = self.surveys.iter().filter_map(|survey| survey.sizes.get(&origin));
        all.flatten().copied().collect()
    }

    fn settle(&mut self, walks: &[Walked], threads: usize) -> Result<(), AuditError> {
        for (file, walked) in walks.iter().enumerate() {
            self.file(file, walked);
            self.report.entries += walked.entries;
            self.report.gaps_more += walked.gap_count - walked.gaps.len() as u64;
            self.report.damages_more += walked.damage_count - walked.damages.len() as u64;
            for gap in &walked.gaps {
                let elsewhere = walks.iter().enumerate().any(|(other, walked)| {
                    let reaches = walked.reach.get(&gap.log).is_some_and(|&last| last >= gap.to);
                    other != file && reaches && !walked.gaps.iter().any(|it| it.log == gap.log)
                });
                self.report.gaps.push(Gap {
                    file: self.name(file),
                    log: format!("{}/{}", gap.log.0, gap.log.1),
                    from: gap.from,
                    to: gap.to,
                    elsewhere,
                });
            }
            for (nth, (offset, bad)) in walked.damages.iter().enumerate() {
                let search = if nth < SEARCHED_MAX { threads } else { 0 };
                let damage = self.damage(file, *offset, bad, search)?;
                self.report.damages.push(damage);
            }
        }
        self.forks(walks)?;
        self.withheld(walks);
        self.trees(walks);
        Ok(())
    }

    fn file(&mut self, file: usize, walked: &Walked) {
        let head = self.surveys.get(file).and_then(|survey| survey.head.as_ref());
        let name = |code: u8| {
            let standing = Standing::of_code(code).map(|standing| format!("{standing:?}"));
            standing.unwrap_or_default().to_lowercase()
        };
        let own = walked.checkpoints.iter().filter(|(_, _, own, _)| *own);
        let witnessed = own.filter(|(.., witnesses)| *witnesses >= WITNESSES);
        let report = FileReport {
            path: self.name(file),
            device: head.map(|head| head.key.id().to_string()).unwrap_or_default(),
            epoch: head.map_or(0, |head| head.epoch),
            area: head.map(|head| head.area.clone()).unwrap_or_default(),
            bytes: self.surveys.get(file).map_or(0, |survey| survey.bytes),
            entries: walked.entries,
            leaves_only: walked.leaves_only,
            contents_absent: walked.payloads_absent,
            standings: walked.standings.iter().map(|(&code, &n)| (name(code), n)).collect(),
            checkpoints: walked.checkpoints.len() as u64,
            witnessed_size: witnessed.map(|(_, checkpoint, ..)| checkpoint.size).max().unwrap_or(0),
            complete: walked.ended,
        };
        if !walked.ended && walked.damage_count == 0 {
            self.report.withheld.push(Withheld {
                log: String::new(),
                up_to: None,
                entries: None,
                known_from: format!(
                    "{} ends before its exporter's signature: it was cut",
                    report.path
                ),
            });
        }
        self.report.files.push(report);
    }

    /// Names the byte: by trial where the record is short, else by another file's copy.
    fn damage(
        &self,
        file: usize,
        offset: u64,
        bad: &Bad,
        threads: usize,
    ) -> Result<Damage, AuditError> {
        let head = self.surveys.get(file).and_then(|survey| survey.head.as_ref());
        let ground = Ground { roster: self.roster, head };
        let mut damage = Damage {
            file: self.name(file),
            record_offset: offset,
            byte_offset: None,
            is: None,
            should_be: None,
            proven_by: None,
            belongs_to: match bad.kind {
                Some(Kind::Entry) => "an entry".to_owned(),
                Some(kind) => format!("a record of the kind {kind:?}").to_lowercase(),
                None => "bytes between two records".to_owned(),
            },
            place: bad.place.map(|place| place.to_string()),
            why: bad.why,
        };
        if threads == 0 {
            return Ok(damage);
        }
        let mut proven =
            pinpoint::pinpoint(&bad.region, &ground, threads).map(|(at, byte)| (at, byte, "trial"));
        if proven.is_none() {
            proven = self.copy_of(file, bad, &ground)?.map(|(at, byte)| (at, byte, "copy"));
        }
        if let Some((at, byte, by)) = proven {
            let mut whole = bad.region.clone();
            damage.is = whole.get(at).copied();
            if let Some(slot) = whole.get_mut(at) {
                *slot = byte;
            }
            damage.byte_offset = Some(offset + at as u64);
            damage.should_be = Some(byte);
            damage.proven_by = Some(by);
            damage.belongs_to = pinpoint::part_of(&whole, at).to_owned();
            let header = whole.get(pehra_ledger::export::FRAME_BYTES..).and_then(survey::header_of);
            if let Some((header, _)) = header {
                damage.place = Some(header.place.to_string());
            }
        }
        Ok(damage)
    }

    /// The first byte that differs from a sound copy of the same entry in another file.
    fn copy_of(
        &self,
        file: usize,
        bad: &Bad,
        ground: &Ground<'_>,
    ) -> Result<Option<(usize, u8)>, AuditError> {
        let Some(place) = bad.place else { return Ok(None) };
        for (_, path) in self.paths.iter().enumerate().filter(|(other, _)| *other != file) {
            let mut records = Records::open(path, Some(self.roster.election()), false)?;
            while let Some(record) = records.next()? {
                let header = survey::header_of(&record.bytes).map(|(header, _)| header.place);
                if record.kind != Some(Kind::Entry) || header != Some(place) {
                    continue;
                }
                let frame = pehra_ledger::export::frame(Kind::Entry, record.bytes.len());
                let copy = [&frame.unwrap_or_default()[..], &record.bytes].concat();
                let differs = bad.region.iter().zip(&copy).position(|(a, b)| a != b);
                if let (true, Some(at)) = (ground.is_sound(&copy), differs) {
                    return Ok(copy.get(at).map(|&byte| (at, byte)));
                }
            }
        }
        Ok(None)
    }

    fn forks(&mut self, walks: &[Walked]) -> Result<(), AuditError> {
        let doubtful: BTreeSet<Log> =
            walks.iter().flat_map(|walked| walked.doubtful.iter().copied()).collect();
        let mut found: BTreeMap<Place, Vec<ForkSide>> = walks
            .iter()
            .flat_map(|walked| walked.forks.iter().map(|&place| (place, Vec::new())))
            .collect();
        if !doubtful.is_empty() {
            let ground = Ground { roster: self.roster, head: None };
            let mut told = BTreeSet::new();
            for (place, sides) in walk::compare(self.paths, &doubtful, &ground)? {
                // What follows a fork differs too; the first place is the fork.
                if !told.insert((place.device, place.epoch)) {
                    continue;
                }
                let side = |(hash, (file, offset)): (Hash, (usize, u64))| ForkSide {
                    hash: hash.to_string(),
                    file: self.name(file),
                    offset,
                };
                found.insert(place, sides.into_iter().map(side).collect());
            }
        }
        self.report.forks = found
            .into_iter()
            .map(|(place, sides)| Fork { place: place.to_string(), sides })
            .collect();
        Ok(())
    }

    fn withheld(&mut self, walks: &[Walked]) {
        let explained: BTreeSet<Hash> =
            walks.iter().flat_map(|walked| walked.explained.iter().copied()).collect();
        for (file, (survey, walked)) in self.surveys.iter().zip(walks).enumerate() {
            let hidden = survey.leaves.iter().filter(|hash| !explained.contains(*hash)).count();
            // Who exports one area alone says so in the head of the file.
            let told = survey.head.as_ref().is_some_and(|head| !head.area.is_empty());
            if hidden > 0 && !told {
                let known_from = format!("hashes in the tree of {}", self.name(file));
                let entries = Some(hidden as u64);
                self.report.withheld.push(Withheld {
                    log: String::new(),
                    up_to: None,
                    entries,
                    known_from,
                });
            }
            for (log, (seq, by)) in &walked.wanted {
                let log = format!("{}/{}", log.0, log.1);
                if self.report.withheld.iter().any(|one| one.log == log) {
                    continue;
                }
                self.report.withheld.push(Withheld {
                    log,
                    up_to: Some(*seq),
                    entries: None,
                    known_from: format!("entry {by} refers to it"),
                });
            }
        }
    }

    /// Whether entries and checkpoints of each exporter agree, and checkpoints of one tree with each other.
    fn trees(&mut self, walks: &[Walked]) {
        let mut roots: BTreeMap<(Origin, u64), (Hash, usize)> = BTreeMap::new();
        for (file, walked) in walks.iter().enumerate() {
            let head = self.surveys.get(file).and_then(|survey| survey.head.as_ref());
            if let Some(head) = head.filter(|_| walked.tree_known) {
                let election = self.roster.election();
                let origin = Origin { election, device: head.key.id(), epoch: head.epoch };
                for (&size, &root) in &walked.roots {
                    roots.insert((origin, size), (root, file));
                }
                if head.entries != walked.tree {
                    let what =
                        format!("it says {} entries and shows {}", head.entries, walked.tree);
                    self.tree(file, origin, head.entries, what);
                }
            }
        }
        for (file, walked) in walks.iter().enumerate() {
            for (_, checkpoint, own, _) in &walked.checkpoints {
                let (origin, size) = (checkpoint.origin, checkpoint.size);
                let known = roots.entry((origin, size)).or_insert((checkpoint.root, file));
                if known.0 != checkpoint.root {
                    let other = known.1;
                    let what = format!("another root than in {}", self.name(other));
                    self.tree(file, origin, size, what);
                } else if *own && walked.tree_known && size > walked.tree {
                    let what =
                        format!("a root was signed and only {} entries are shown", walked.tree);
                    self.tree(file, origin, size, what);
                }
            }
        }
    }

    fn tree(&mut self, file: usize, origin: Origin, size: u64, what: String) {
        let file = self.name(file);
        self.report.trees.push(TreeFinding { file, origin: origin.name(), size, what });
    }
}
