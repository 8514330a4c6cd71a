//! The files of a draw's folder.

use crate::{
    auth::hex,
    work::{WorkError, import::of_file},
};
use pehra_domain::{
    BuildingId, PersonId, UnitId,
    duty::{Demands, Duty, Line, Lot, Post},
    force::StaffKind,
    member::{Grade, Modules},
    progress::Watch,
    risk::RiskClass,
};
use pehra_exchange::{
    ImportError, ImportOptions, detachments, export, people,
    rows::Imported,
    table::{self, Flow, Row, RowSink, Shape, TableError, TableOptions},
};
use pehra_ledger::hash::unhex;
use pehra_plan::draw::{
    Input, Stage,
    ceremony::{self, Commitment, Reveal},
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

pub(super) const HEAD: &str = "draw.toml";
pub(super) const PEOPLE: &str = "people.csv";
pub(super) const POSTS: &str = "posts.csv";
const REPLACED: &str = "replaced.toml";

/// `draw.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) title: String,
    /// Stands over every roster of an exercise or an imagined nation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) watermark: String,
    pub(super) parties: Vec<String>,
    /// SHA-256 of the input, hexadecimal: what the parties commit to.
    pub(super) input: String,
    pub(super) demands: DemandsText,
}

/// What posts ask, as people write it: modules by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DemandsText {
    everybody: Vec<u8>,
    most_sensitive: Vec<u8>,
    searcher: Vec<u8>,
    leader: Vec<u8>,
    leader_grade_least: u8,
    spare_permille: u32,
}

impl DemandsText {
    pub(super) fn of(demands: &Demands) -> Self {
        let numbers = |modules: Modules| modules.numbers().collect();
        Self {
            everybody: numbers(demands.everybody),
            most_sensitive: numbers(demands.most_sensitive),
            searcher: numbers(demands.searcher),
            leader: numbers(demands.leader),
            leader_grade_least: demands.leader_grade_least.0,
            spare_permille: demands.spare_permille,
        }
    }

    fn read(&self) -> Demands {
        Demands {
            everybody: Modules::of(&self.everybody),
            most_sensitive: Modules::of(&self.most_sensitive),
            searcher: Modules::of(&self.searcher),
            leader: Modules::of(&self.leader),
            leader_grade_least: Grade(self.leader_grade_least),
            spare_permille: self.spare_permille,
        }
    }
}

/// What was said and what came of one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    pub commitments: Vec<Commitment>,
    /// What was published of the shares that each party gave to the others.
    pub shares: Vec<Dealt>,
    pub reveals: Vec<Reveal>,
    /// Parties whose secret the others put together.
    pub recovered: Vec<String>,
    /// The roster's hash, once drawn.
    pub roster: Option<[u8; 32]>,
}

/// That a party gave another one a share, and how it is known again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dealt {
    pub from: String,
    pub to: String,
    pub number: u8,
    pub mark: [u8; 32],
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteText {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    roster: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recovered: Vec<String>,
    #[serde(default)]
    commitment: Vec<Said>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    share: Vec<DealtText>,
    #[serde(default)]
    reveal: Vec<Said>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DealtText {
    from: String,
    to: String,
    number: u8,
    /// 32 bytes, hexadecimal.
    mark: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    party: String,
    /// 32 bytes, hexadecimal.
    value: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplacedText {
    #[serde(default)]
    replaced: Vec<Replaced>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replaced {
    out: String,
    stands_in: String,
}

/// An opened folder.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    pub(super) head: Head,
}

impl Folder {
    /// Opens a folder in which a draw was begun.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the file and what is wrong with it.
    pub fn open(path: &Path) -> Result<Self, WorkError> {
        let head = read_toml(&path.join(HEAD))?;
        Ok(Self { path: path.to_owned(), head })
    }

    pub(super) fn make(path: &Path, head: Head) -> Result<Self, WorkError> {
        let folder = Self { path: path.to_owned(), head };
        write_toml(&path.join(HEAD), &folder.head)?;
        Ok(folder)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn title(&self) -> &str {
        &self.head.title
    }

    #[must_use]
    pub fn parties(&self) -> &[String] {
        &self.head.parties
    }

    /// The input's hash as the parties know it.
    ///
    /// # Errors
    /// [`WorkError::Input`] when it is no hash.
    pub fn opened_over(&self) -> Result<[u8; 32], WorkError> {
        hash(&self.head.input, &self.path.join(HEAD))
    }

    /// The stage that comes next and what its commitments are about.
    pub(super) fn next(&self) -> Result<(Stage, [u8; 32]), WorkError> {
        let mut subject = self.opened_over()?;
        for stage in Stage::ALL {
            match self.note(stage)?.roster {
                None => return Ok((stage, subject)),
                Some(roster) => subject = roster,
            }
        }
        Err(WorkError::Input("all three stages of this draw are done".to_owned()))
    }

    /// What is known of a stage; nothing yet when its file is not there.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the file and what is wrong with it.
    pub fn note(&self, stage: Stage) -> Result<Note, WorkError> {
        let path = self.note_path(stage);
        if !path.exists() {
            return Ok(Note::default());
        }
        let text: NoteText = read_toml(&path)?;
        let mut note = Note::default();
        for said in text.commitment {
            note.commitments
                .push(Commitment { digest: hash(&said.value, &path)?, party: said.party });
        }
        for said in text.reveal {
            note.reveals.push(Reveal { secret: hash(&said.value, &path)?, party: said.party });
        }
        for dealt in text.share {
            let mark = hash(&dealt.mark, &path)?;
            let DealtText { from, to, number, .. } = dealt;
            note.shares.push(Dealt { from, to, number, mark });
        }
        note.recovered = text.recovered;
        if !text.roster.is_empty() {
            note.roster = Some(hash(&text.roster, &path)?);
        }
        Ok(note)
    }

    pub(super) fn keep(&self, stage: Stage, note: &Note) -> Result<(), WorkError> {
        let said =
            |party: &str, value: &[u8; 32]| Said { party: party.to_owned(), value: hex(value) };
        let text = NoteText {
            roster: note.roster.map_or_else(String::new, |roster| hex(&roster)),
            commitment: note.commitments.iter().map(|one| said(&one.party, &one.digest)).collect(),
            recovered: note.recovered.clone(),
            share: note
                .shares
                .iter()
                .map(|dealt| DealtText {
                    from: dealt.from.clone(),
                    to: dealt.to.clone(),
                    number: dealt.number,
                    mark: hex(&dealt.mark),
                })
                .collect(),
            reveal: note.reveals.iter().map(|one| said(&one.party, &one.secret)).collect(),
        };
        write_toml(&self.note_path(stage), &text)
    }

    fn note_path(&self, stage: Stage) -> PathBuf {
        self.path.join(format!("{}.toml", stage.word()))
    }

    /// Where a stage's roster is published.
    #[must_use]
    pub fn roster_path(&self, stage: Stage) -> PathBuf {
        self.path.join(format!("roster-{}.csv", stage.word()))
    }

    /// The seed of a stage whose secrets are all known.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the party that is to blame, or to be asked.
    pub fn seed(&self, stage: Stage) -> Result<[u8; 32], WorkError> {
        let mut subject = self.opened_over()?;
        for before in Stage::ALL.into_iter().take_while(|before| *before < stage) {
            let missing = || WorkError::Input(format!("stage {} was not drawn", before.word()));
            subject = self.note(before)?.roster.ok_or_else(missing)?;
        }
        let note = self.note(stage)?;
        ceremony::seed(&subject, stage, &note.commitments, &note.reveals)
            .map_err(super::of_ceremony)
    }

    /// What is drawn from. Its hash must be the one that the parties committed to.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the file and the first row that cannot be used.
    pub fn input(&self, watch: &mut Watch<'_>) -> Result<Input, WorkError> {
        let people = self
            .read(PEOPLE, watch, |input, options, watch| people::import(input, options, watch))?;
        let detachments = self.read(POSTS, watch, |input, options, watch| {
            detachments::import(input, options, watch)
        })?;
        let input = Input { people, detachments, demands: self.head.demands.read() };
        let (found, said) = (input.hash(), self.opened_over()?);
        if found != said {
            return Err(WorkError::Input(format!(
                "the input was changed since the draw was opened: people, posts and demands now have the hash {}, \
                 the parties committed to {}",
                hex(&found),
                hex(&said)
            )));
        }
        Ok(input)
    }

    fn read<T>(
        &self,
        name: &str,
        watch: &mut Watch<'_>,
        import: impl FnOnce(
            &mut dyn std::io::Read,
            &ImportOptions,
            &mut Watch<'_>,
        ) -> Result<Imported<T>, ImportError>,
    ) -> Result<Vec<T>, WorkError> {
        let path = self.path.join(name);
        let mut file = fs::File::open(&path).map_err(|error| about(&path, &error))?;
        let read = import(&mut file, &ImportOptions::default(), watch)
            .map_err(|error| of_file(&path, error))?;
        if read.tally.quarantined > 0 || read.tally.repaired > 0 {
            let first = read.findings.first().map_or_else(String::new, |finding| {
                format!(": row {}, {}", finding.row, finding.text)
            });
            return Err(WorkError::Input(format!(
                "{}: {} rows cannot be used as they stand{first}",
                path.display(),
                read.tally.quarantined + read.tally.repaired
            )));
        }
        Ok(read.values)
    }

    pub(super) fn publish(&self, stage: Stage, roster: &[Line]) -> Result<(), WorkError> {
        let path = self.roster_path(stage);
        let mut rows = roster.iter().map(roster_row);
        write_csv(&path, ROSTER, &mut rows, self.watermark())
    }

    /// A published roster, as its file has it. Whoever trusts it compares its hash with what was signed.
    ///
    /// # Errors
    /// [`WorkError`]: the file cannot be read, a line is none of a roster, or stopped.
    pub fn roster(&self, stage: Stage, watch: &mut Watch<'_>) -> Result<Vec<Line>, WorkError> {
        let path = self.roster_path(stage);
        let mut file = fs::File::open(&path).map_err(|error| about(&path, &error))?;
        let mut lines = RosterLines::default();
        table::read(&mut file, &TableOptions::default(), watch, &mut lines)
            .map_err(|error| about(&path, &error))?;
        match lines.wrong {
            None => Ok(lines.read),
            Some(row) => Err(about(&path, &format!("line {row} is none of a roster"))),
        }
    }

    pub(super) fn watermark(&self) -> Option<&str> {
        Some(self.head.watermark.as_str()).filter(|mark| !mark.is_empty())
    }

    /// Who stood in for whom, in order.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the file and what is wrong with it.
    pub fn replaced(&self) -> Result<Vec<(PersonId, PersonId)>, WorkError> {
        let path = self.path.join(REPLACED);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let text: ReplacedText = read_toml(&path)?;
        let person = |name: String| PersonId::try_new(name).map_err(|error| about(&path, &error));
        text.replaced
            .into_iter()
            .map(|one| Ok((person(one.out)?, person(one.stands_in)?)))
            .collect()
    }

    pub(super) fn keep_replaced(&self, replaced: &[(PersonId, PersonId)]) -> Result<(), WorkError> {
        let one = |(out, stands_in): &(PersonId, PersonId)| Replaced {
            out: out.to_string(),
            stands_in: stands_in.to_string(),
        };
        let text = ReplacedText { replaced: replaced.iter().map(one).collect() };
        write_toml(&self.path.join(REPLACED), &text)
    }
}

const ROSTER: &[&str] = &["number", "unit", "kind", "lot", "duty", "class", "building", "why"];

/// Reads what [`roster_row`] wrote.
#[derive(Default)]
struct RosterLines {
    read: Vec<Line>,
    wrong: Option<u32>,
}

impl RowSink for RosterLines {
    fn head(&mut self, _: &[String], _: &Shape) -> Result<(), TableError> {
        Ok(())
    }
    fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
        match roster_line(|at| row.get(at)) {
            Some(line) => {
                self.read.push(line);
                Ok(Flow::More)
            }
            None => {
                self.wrong = Some(row.number);
                Ok(Flow::Enough)
            }
        }
    }
}

fn roster_line<'r>(cell: impl Fn(usize) -> &'r str) -> Option<Line> {
    let post = || {
        let duties = [Duty::Leader, Duty::Searcher, Duty::Guard];
        let duty = duties.into_iter().find(|duty| duty_word(*duty) == cell(4))?;
        let class = RiskClass::ALL.into_iter().find(|class| class.word() == cell(5))?;
        Some(Post { duty, class })
    };
    let module = |text: &str| text.strip_prefix('M')?.parse().ok();
    let lot = match cell(3) {
        "excluded" => Lot::Excluded { why: cell(7).to_owned() },
        "untrained" => {
            let lacks: Option<Vec<u8>> = cell(7).split(' ').map(module).collect();
            Lot::Untrained { lacks: lacks? }
        }
        "not called" => Lot::NotCalled,
        "called" => Lot::Called,
        "spare" => Lot::Spare,
        "holds" => Lot::Holds { post: post()? },
        "posted" => {
            let building = BuildingId::try_new(cell(6)).ok()?;
            Lot::Posted { post: post()?, building }
        }
        _ => return None,
    };
    Some(Line {
        number: PersonId::try_new(cell(0)).ok()?,
        unit: UnitId::try_new(cell(1)).ok()?,
        kind: StaffKind::ALL.into_iter().find(|kind| kind.word() == cell(2))?,
        lot,
    })
}

/// The word for a duty, as rosters have it.
#[must_use]
pub fn duty_word(duty: Duty) -> &'static str {
    match duty {
        Duty::Leader => "in charge",
        Duty::Searcher => "searcher",
        Duty::Guard => "guard",
    }
}

/// One line of a roster as a table shows it.
#[must_use]
pub fn roster_row(line: &Line) -> Vec<String> {
    let (lot, post, building, why) = match &line.lot {
        Lot::Excluded { why } => ("excluded", None, "", why.clone()),
        Lot::Untrained { lacks } => {
            let lacks: Vec<String> = lacks.iter().map(|module| format!("M{module}")).collect();
            ("untrained", None, "", lacks.join(" "))
        }
        Lot::NotCalled => ("not called", None, "", String::new()),
        Lot::Called => ("called", None, "", String::new()),
        Lot::Spare => ("spare", None, "", String::new()),
        Lot::Holds { post } => ("holds", Some(post), "", String::new()),
        Lot::Posted { post, building } => ("posted", Some(post), building.as_str(), String::new()),
    };
    let duty = post.map_or("", |post| duty_word(post.duty));
    let class = post.map_or("", |post| post.class.word());
    vec![
        line.number.to_string(),
        line.unit.to_string(),
        line.kind.word().to_owned(),
        lot.to_owned(),
        duty.to_owned(),
        class.to_owned(),
        building.to_owned(),
        why,
    ]
}

pub(super) fn write_csv(
    path: &Path,
    headers: &[&str],
    rows: &mut dyn Iterator<Item = Vec<String>>,
    watermark: Option<&str>,
) -> Result<(), WorkError> {
    let file = fs::File::create(path).map_err(|error| about(path, &error))?;
    let mut out = BufWriter::new(file);
    export::csv(headers, rows, watermark, &mut out).map_err(|error| about(path, &error))?;
    out.flush().map_err(|error| about(path, &error))
}

fn hash(text: &str, path: &Path) -> Result<[u8; 32], WorkError> {
    let bytes = unhex(text).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| about(path, &format!("`{text}` is no hash of 64 hexadecimal digits")))
}

fn read_toml<T: for<'d> Deserialize<'d>>(path: &Path) -> Result<T, WorkError> {
    let text = fs::read_to_string(path).map_err(|error| about(path, &error))?;
    toml::from_str(&text).map_err(|error| about(path, &error))
}

/// Written beside and renamed, so that a crash leaves the file as it was.
fn write_toml<T: Serialize>(path: &Path, value: &T) -> Result<(), WorkError> {
    let text = toml::to_string(value).map_err(|error| about(path, &error))?;
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text).map_err(|error| about(&beside, &error))?;
    fs::rename(&beside, path).map_err(|error| about(path, &error))
}

pub(super) fn about(path: &Path, error: &dyn std::fmt::Display) -> WorkError {
    WorkError::Input(format!("{}: {error}", path.display()))
}
