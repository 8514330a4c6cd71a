//! `pehra plan draw`: from numbers to names by a lot that anybody can check.

mod record;

use crate::{
    auth::hex,
    verb::{plan::read_secret, printer::Printer},
    work::{
        self, THREADS,
        draw::{Folder, Given, Opening},
    },
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use pehra_domain::{
    PersonId,
    duty::{Demands, Lot},
    finding::Finding,
    member::Member,
};
use pehra_exchange::{ImportOptions, people, rows::Imported};
use pehra_ledger::hash::unhex;
use pehra_plan::draw::{Draw as Engine, Stage, VacancyReason, share::Share};
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Draw {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Write a plan's posts and the people down in a new folder, and fix their hash for the parties.
    Open {
        /// The folder to make; it is published as it stands.
        folder: PathBuf,
        /// Who can be drawn: number, unit, tier, sex, rank, home, modules, excluded.
        #[arg(long, value_name = "FILE", required_unless_present = "imagined")]
        people: Option<PathBuf>,
        /// Imagined people for the demo's imagined nation.
        #[arg(long, conflicts_with = "people")]
        imagined: bool,
        /// The plan; the newest unless named.
        #[arg(long, value_name = "ID")]
        plan: Option<String>,
        /// A party that will commit to a secret; three at least.
        #[arg(long, value_name = "NAME")]
        party: Vec<String>,
        /// What people call this draw.
        #[arg(long, default_value = "")]
        title: String,
        /// Spares called besides those who are posted, in thousandths of them.
        #[arg(long, default_value_t = Demands::default().spare_permille)]
        spares: u32,
    },
    /// Commit to a new secret for the stage that comes next. The secret goes into a file of its own, which stays with
    /// the party.
    Commit {
        folder: PathBuf,
        #[arg(long)]
        party: String,
        /// The file to write the secret to; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        secret: PathBuf,
    },
    /// Show the secret, once all parties have committed.
    Reveal {
        folder: PathBuf,
        #[arg(long)]
        party: String,
        #[arg(long, value_name = "FILE")]
        secret: PathBuf,
    },
    /// Put a withheld secret together from the shares that its party gave to the others.
    Recover {
        folder: PathBuf,
        /// The party that withholds its secret.
        #[arg(long)]
        party: String,
        /// A share that it gave to another party; more than half of the others are needed.
        #[arg(long, value_name = "FILE", required = true)]
        share: Vec<PathBuf>,
    },
    /// Draw the stage that comes next: who is called, who holds which post, where.
    Run { folder: PathBuf },
    /// The same draw as signed entries of the ledger: two persons open a stage, shares travel sealed.
    Record(record::Record),
    /// Draw who stands in for somebody who fell out on the day.
    Replace {
        folder: PathBuf,
        /// The service number of whoever fell out.
        number: String,
    },
}

impl Draw {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        match &self.step {
            Step::Open { folder, people, imagined, plan, party, title, spares } => {
                let node = crate::verb::open(data)?;
                let people = match people {
                    Some(file) => read_people(file, printer)?,
                    None if *imagined => work::nation::people(&node)?,
                    None => bail!("name the list of people with --people FILE"),
                };
                let opening = Opening {
                    title: title.clone(),
                    plan: plan.clone(),
                    people,
                    parties: party.clone(),
                    demands: Demands { spare_permille: *spares, ..Demands::default() },
                };
                let (opened, input) = work::draw::open(&node, folder, opening)?;
                tell_opened(&opened, &input, printer)
            }
            Step::Commit { folder, party, secret } => commit(folder, party, secret, printer),
            Step::Reveal { folder, party, secret } => {
                let folder = Folder::open(folder)?;
                let stage = work::draw::reveal(&folder, party, &read_secret(secret)?)?;
                printer.line(&format!("{party} has shown the secret for stage {}", stage.word()));
                Ok(())
            }
            Step::Recover { folder, party, share } => recover(folder, party, share, printer),
            Step::Run { folder } => run(folder, printer),
            Step::Record(record) => record.run(data, printer),
            Step::Replace { folder, number } => replace(folder, number, printer),
        }
    }
}

pub(in crate::verb) fn read_people(
    file: &Path,
    printer: &mut Printer,
) -> anyhow::Result<Vec<Member>> {
    let mut input =
        File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let read =
        people::import(&mut input, &ImportOptions::default(), &mut |step| printer.step(&step))
            .with_context(|| format!("{} cannot be read", file.display()))?;
    tell_read("people", &read, printer);
    Ok(read.values)
}

/// What was found in a list, and how many of its rows can be used.
pub(in crate::verb) fn tell_read<T>(what: &str, read: &Imported<T>, printer: &mut Printer) {
    tell_findings(&read.findings, printer);
    let tally = read.tally;
    printer.note(&format!(
        "{} rows of {what}: {} accepted, {} repaired, {} set aside",
        tally.rows, tally.accepted, tally.repaired, tally.quarantined
    ));
}

/// Findings told one by one.
const FINDINGS_TOLD: usize = 20;

pub(super) fn tell_findings(findings: &[Finding], printer: &mut Printer) {
    for finding in findings.iter().take(FINDINGS_TOLD) {
        printer.note(&format!("row {}: {}", finding.row, finding.text));
    }
    if findings.len() > FINDINGS_TOLD {
        printer.note(&format!("and {} findings more", findings.len() - FINDINGS_TOLD));
    }
}

fn tell_opened(
    folder: &Folder,
    input: &pehra_plan::draw::Input,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let posts: u64 = input.detachments.iter().map(|one| u64::from(one.count)).sum();
    printer.line(&format!(
        "{}: {} people for {posts} posts of {} detachments",
        folder.title(),
        input.people.len(),
        input.detachments.len()
    ));
    printer.line(&format!("input {}", hex(&input.hash())));
    let engine = Engine::try_new(input)?;
    let mut vacant: BTreeMap<VacancyReason, u64> = BTreeMap::new();
    for vacancy in engine.vacancies() {
        *vacant.entry(vacancy.reason).or_default() += 1;
    }
    for (reason, count) in vacant {
        let why = match reason {
            VacancyReason::NobodyLeft => "everybody of the unit holds a post already",
            VacancyReason::Junior => "those left are not senior enough to lead",
            VacancyReason::Untrained => "those left have not passed what the post asks",
            VacancyReason::AtHome => "those left are at home there",
        };
        printer.line(&format!("  {count} posts will stay vacant: {why}"));
    }
    printer.note(&format!("now each of {} commits to a secret", folder.parties().join(", ")));
    Ok(())
}

fn commit(folder: &Path, party: &str, file: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).context("this machine gives no chance to draw a secret from")?;
    // The secret is kept before the commitment is: a commitment whose secret is lost would stop the draw.
    let mut out = create_private(file)
        .with_context(|| format!("{}: name a new file for the secret", file.display()))?;
    writeln!(out, "{}", hex(&secret))?;
    out.sync_all()?;
    let others = folder.parties().len();
    let mut pool = Vec::with_capacity(others);
    for _ in 0..others {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)
            .context("this machine gives no chance to split a secret with")?;
        pool.push(bytes);
    }
    let mut chance = || pool.pop().unwrap_or_default();
    let (stage, given) = match work::draw::commit(&folder, party, &secret, &mut chance) {
        Ok(done) => done,
        Err(error) => {
            std::fs::remove_file(file)?;
            return Err(error.into());
        }
    };
    for one in &given {
        let path = share_path(file, &one.to);
        let mut out = create_private(&path)
            .with_context(|| format!("{}: a share is there already", path.display()))?;
        let Share { number, bytes } = &one.share;
        writeln!(out, "{}\t{}\t{}\t{number}\t{}", one.from, one.to, one.stage.word(), hex(bytes))?;
        out.sync_all()?;
        printer.line(&format!("{}: for {} alone", path.display(), one.to));
    }
    printer.line(&format!("{party} has committed to a secret for stage {}", stage.word()));
    printer.note(&format!("keep {} to yourself until all have committed", file.display()));
    Ok(())
}

/// Where a share for another party is written: beside the secret.
fn share_path(secret: &Path, to: &str) -> PathBuf {
    let mut name = secret.file_name().unwrap_or_default().to_owned();
    name.push(format!(".for-{}", to.replace(['/', '\\'], "-")));
    secret.with_file_name(name)
}

fn recover(
    folder: &Path,
    party: &str,
    files: &[PathBuf],
    printer: &mut Printer,
) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    let shares =
        files.iter().map(|file| read_share(file)).collect::<anyhow::Result<Vec<Given>>>()?;
    let stage = work::draw::recover(&folder, party, &shares)?;
    printer.line(&format!(
        "the secret of {party} for stage {} was put together by {}; the record says that {party} withheld it",
        stage.word(),
        shares.iter().map(|share| share.to.as_str()).collect::<Vec<_>>().join(", ")
    ));
    Ok(())
}

fn read_share(file: &Path) -> anyhow::Result<Given> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let cells: Vec<&str> = text.trim_end().split('\t').collect();
    let share = || {
        let [from, to, stage, number, bytes] = cells.as_slice() else { return None };
        let stage = Stage::ALL.into_iter().find(|known| known.word() == *stage)?;
        let bytes = unhex(bytes)?.try_into().ok()?;
        let share = Share { number: number.parse().ok()?, bytes };
        Some(Given { from: (*from).to_owned(), to: (*to).to_owned(), stage, share })
    };
    share().with_context(|| format!("{} holds no share of a secret", file.display()))
}

#[cfg(unix)]
fn create_private(file: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)
}

#[cfg(not(unix))]
fn create_private(file: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(file)
}

fn run(folder: &Path, printer: &mut Printer) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    let drawn = work::draw::run(&folder, THREADS, &mut |step| printer.step(&step))?;
    let mut lots: BTreeMap<&str, u64> = BTreeMap::new();
    for line in &drawn.roster {
        let lot = match line.lot {
            Lot::Excluded { .. } => "excluded",
            Lot::Untrained { .. } => "untrained",
            Lot::NotCalled => "not called",
            Lot::Called => "called",
            Lot::Spare => "spare",
            Lot::Holds { .. } => "holding a post",
            Lot::Posted { .. } => "posted",
        };
        *lots.entry(lot).or_default() += 1;
    }
    let lots: Vec<String> = lots.iter().map(|(lot, count)| format!("{count} {lot}")).collect();
    printer.line(&format!("stage {}: {}", drawn.stage.word(), lots.join(", ")));
    printer.line(&format!("seed {}", hex(&drawn.seed)));
    printer.line(&format!("roster {}", hex(&drawn.hash)));
    printer.line(&folder.roster_path(drawn.stage).display().to_string());
    Ok(())
}

fn replace(folder: &Path, number: &str, printer: &mut Printer) -> anyhow::Result<()> {
    let folder = Folder::open(folder)?;
    let out =
        PersonId::try_new(number).with_context(|| format!("`{number}` is no service number"))?;
    let mut watch = |step| printer.step(&step);
    match work::draw::replace(&folder, &out, THREADS, &mut watch)? {
        Some(person) => printer.line(&format!("{person} stands in for {out}")),
        None => bail!(
            "no spare of the unit may hold the post of {out}: ask the sector for a mobile team"
        ),
    }
    Ok(())
}
