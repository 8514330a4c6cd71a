//! Packs on paper: from the plan as it stands to documents in a folder, each sheet in each language, re-printed only where
//! something on it changed.
//!
//! ```text
//! manifest.json                 which version of which sheet is out, and of which entry
//! record.txt  election.txt      the proof of the plan's entry, and the founding file to check it with
//! en/ ur/                       KIND/NAME.pdf, and changes.pdf after a change
//! tables/en/ tables/ur/         AREA.xlsx, AREA/KIND-TABLE.csv
//! withdrawn/                    documents of sheets that the plan does not have any more
//! ```

mod area;
mod custody;
mod form;
mod issue;
mod material;
mod noun;
mod order;
mod press;
mod radio;
pub mod shelf;
mod texts;
mod twin;

use super::{
    WorkError,
    convoys::{SeatFile, seats_in},
    dispatch::RoadsKept,
    file::{disk, write},
    reserves,
};
use crate::node::Node;
use clap::ValueEnum;
use issue::{Issuer, Printed, is_there};
use material::Material;
use pehra_domain::{
    AreaId, UnitId,
    building::BuildingKind,
    progress::Watch,
    sheet::{Align, Block, Job, Language, Sheet},
};
use pehra_ledger::paper;
use press::{Outcome, Press};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use texts::t;
use twin::Twins;

pub use issue::{Change, Document, Manifest, current, is_current};
pub use material::chosen;
pub use press::{Start, places};

/// What can be printed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    clap::ValueEnum,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PackKind)]
pub enum Kind {
    PostingOrder,
    CheckInCard,
    Sector,
    District,
    CallSigns,
    SealSheet,
    ReturningOffice,
    Convoy,
    Reserve,
    Communications,
    IncidentForm,
    Poster,
    /// The sums of a province or the nation.
    Summary,
    /// The proof of the plan's entry as codes.
    Record,
}

impl Kind {
    /// Its folder.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PostingOrder => "posting-order",
            Self::CheckInCard => "check-in-card",
            Self::Sector => "sector",
            Self::District => "district",
            Self::CallSigns => "call-signs",
            Self::SealSheet => "seal-sheet",
            Self::ReturningOffice => "returning-office",
            Self::Convoy => "convoy",
            Self::Reserve => "reserve",
            Self::Communications => "communications",
            Self::IncidentForm => "incident-form",
            Self::Poster => "poster",
            Self::Summary => "summary",
            Self::Record => "record",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The nation, a province, a district, or a sector of one: `pk/punjab/lahore/s03`.
    pub area: AreaId,
    pub folder: PathBuf,
    /// All that belong to the area when empty.
    pub kinds: Vec<Kind>,
    pub languages: Vec<Language>,
    /// Only the sheets of these buildings, by number or by one of their stations.
    pub only: Vec<String>,
    /// By number or name; none: the adopted one, else the last.
    pub plan: Option<String>,
    /// A folder in which names were drawn.
    pub draw: Option<PathBuf>,
    /// A folder of `plan convoys`.
    pub convoys: Option<PathBuf>,
    /// Quick-reaction teams that the reserve orders are based on.
    pub teams: usize,
    pub press: Start,
}

/// What a run did.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Report {
    pub plan: String,
    pub adopted: bool,
    pub sheets: u64,
    /// Documents printed now, and those that were left because nothing on them changed.
    pub printed: u64,
    pub kept: u64,
    pub pages: u64,
    pub bytes: u64,
    pub tables: u64,
    pub changed: Vec<String>,
    pub withdrawn: Vec<String>,
    /// Sheets that could not be set, with the reason.
    pub failed: Vec<String>,
}

/// Where the pack reaches: districts, and a sector in the only one of them.
struct Reach {
    area: AreaId,
    districts: Vec<usize>,
    sector: Option<usize>,
}

fn reach(material: &Material, area: &AreaId) -> Result<Reach, WorkError> {
    let sector = (area.depth() == 4).then(|| area.name().strip_prefix('s')?.parse::<usize>().ok());
    let (area, sector) = match sector {
        None => (area.clone(), None),
        Some(number) => {
            let district = area.parent().unwrap_or_else(AreaId::nation);
            let number = number.and_then(|n| n.checked_sub(1));
            let wrong =
                || WorkError::Input(format!("{area} is no sector: write pk/punjab/lahore/s03"));
            (district, Some(number.ok_or_else(wrong)?))
        }
    };
    let districts = material.districts(&area);
    let empty = || {
        WorkError::Input(format!(
            "no station lies in {area}: name a district as pk/sindh/tharparkar"
        ))
    };
    let first = districts.first().copied().ok_or_else(empty)?;
    if let Some(sector) = sector {
        let nets = material.nets(first).len();
        if sector >= nets {
            return Err(WorkError::Input(format!("{area} has {nets} sectors")));
        }
    }
    Ok(Reach { area, districts, sector })
}

/// Everything that a run needs besides the plan.
struct Shelf {
    convoys: BTreeMap<String, SeatFile>,
    /// Units at whose places quick-reaction teams are kept.
    reserves: Option<Vec<UnitId>>,
    kinds: BTreeSet<Kind>,
    only: BTreeSet<String>,
}

impl Shelf {
    fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// What belongs to an area when nothing was named: a nation of orders is printed district by district.
fn kinds_of(options: &Options) -> BTreeSet<Kind> {
    if !options.kinds.is_empty() {
        return options.kinds.iter().copied().collect();
    }
    if !options.only.is_empty() {
        return [Kind::PostingOrder, Kind::CheckInCard, Kind::SealSheet].into();
    }
    belonging(options.area.depth()).into_iter().collect()
}

/// What belongs to an area of so many steps: sums and forms above a district, no office's papers in a sector.
#[must_use]
pub fn belonging(depth: usize) -> Vec<Kind> {
    use Kind::{
        CallSigns, CheckInCard, IncidentForm, Poster, PostingOrder, Record, SealSheet, Sector,
        Summary,
    };
    match depth {
        0..=2 => vec![Summary, IncidentForm, Poster, Record],
        3 => Kind::value_variants().iter().copied().filter(|kind| *kind != Summary).collect(),
        _ => vec![
            PostingOrder,
            CheckInCard,
            Sector,
            CallSigns,
            SealSheet,
            IncidentForm,
            Poster,
            Record,
        ],
    }
}

/// Prints.
///
/// # Errors
/// [`WorkError`]: no plan, no such area, no typesetter, a folder that cannot be written, or stopped; what was printed before
/// a stop is kept and not printed again.
pub fn run(
    node: &Node,
    options: &Options,
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
) -> Result<Report, WorkError> {
    let named = (options.plan.as_deref(), options.draw.as_deref());
    let material = Material::gather(node, named, kept, watch)?;
    let reach = reach(&material, &options.area)?;
    let kinds = kinds_of(options);
    let reserves = if kinds.contains(&Kind::Reserve) {
        Some(reserves::units(node, options.teams, kept, watch)?)
    } else {
        None
    };
    let convoys = options.convoys.as_deref().map_or_else(|| Ok(BTreeMap::new()), seats_in)?;
    let only = options.only.iter().cloned().collect();
    let shelf = Shelf { convoys, reserves, kinds, only };
    let issuer = Issuer::open(node, material.plan())?;
    fs::create_dir_all(&options.folder).map_err(|error| disk(&options.folder, &error))?;
    let codes = keep_record(node, &issuer, &options.folder)?;
    let press = Press::open(&options.press)?;
    let mut shop = Shop::open(node, &issuer, options, press)?;
    shop.report.plan.clone_from(&material.plan().id);
    shop.report.adopted = material.adopted;
    shop.manifest.adopted = material.adopted;
    let outcome = shop.print_all(&material, &reach, &shelf, &codes, watch);
    // What is done is done: the next run goes on from here.
    shop.manifest.write(&options.folder)?;
    outcome?;
    shop.finish(options, &shelf.kinds, watch)
}

/// Where the change sheet lies in a pack.
fn changes_file(language: Language) -> String {
    format!("{}/changes.pdf", language.code())
}

/// The plan's entry as a proof, and the founding file: what a page's code is checked with. The codes of the proof.
fn keep_record(node: &Node, issuer: &Issuer<'_>, folder: &Path) -> Result<Vec<String>, WorkError> {
    let proof = node.prove(issuer.place)?;
    write(&folder.join("record.txt"), proof.to_text().as_bytes())?;
    write(&folder.join("election.txt"), node.public_root()?.to_text().as_bytes())?;
    Ok(paper::parts(&proof.encode()))
}

/// The sheets of one district, or of one sector of it.
fn of_district(
    material: &Material,
    district: usize,
    sector: Option<usize>,
    shelf: &Shelf,
) -> Vec<(Kind, Sheet)> {
    let mut sheets = Vec::new();
    let whole = sector.is_none() && shelf.only.is_empty();
    for building in material.buildings(district, sector) {
        let named = |id: &str| shelf.only.contains(id);
        let asked = shelf.only.is_empty()
            || named(building.id.as_str())
            || building.stations.iter().any(|station| named(station.as_str()));
        if !asked {
            continue;
        }
        if shelf.wants(Kind::PostingOrder) {
            sheets.push((Kind::PostingOrder, order::order(material, building)));
        }
        if shelf.wants(Kind::CheckInCard) {
            sheets.push((Kind::CheckInCard, order::card(material, building)));
        }
        if shelf.wants(Kind::SealSheet) {
            let stations = material.stations(building);
            sheets.extend(stations.map(|it| (Kind::SealSheet, custody::seals(material, it))));
        }
    }
    if !shelf.only.is_empty() {
        return sheets;
    }
    if shelf.wants(Kind::Sector) {
        let nets =
            (0..material.nets(district).len()).filter(|net| sector.is_none_or(|it| it == *net));
        sheets.extend(nets.map(|net| (Kind::Sector, area::sector(material, district, net))));
    }
    if shelf.wants(Kind::CallSigns) {
        sheets.push((Kind::CallSigns, radio::call_signs(material, district, sector)));
    }
    if whole {
        sheets.extend(of_whole_district(material, district, shelf));
    }
    sheets
}

fn of_whole_district(material: &Material, district: usize, shelf: &Shelf) -> Vec<(Kind, Sheet)> {
    let mut sheets = Vec::new();
    if shelf.wants(Kind::District) {
        sheets.push((Kind::District, area::district(material, district)));
    }
    if shelf.wants(Kind::Communications) {
        sheets.push((Kind::Communications, radio::communications(material, district)));
    }
    if shelf.wants(Kind::ReturningOffice) {
        let offices = material.places(district).into_iter().filter(|place| {
            [BuildingKind::ReturningOffice, BuildingKind::Store, BuildingKind::DistributionPoint]
                .contains(&place.kind)
        });
        sheets
            .extend(offices.map(|place| (Kind::ReturningOffice, custody::office(material, place))));
    }
    if let Some(ground) = material.radio.grounds.get(district)
        && shelf.wants(Kind::Convoy)
    {
        let mut here =
            shelf.convoys.values().filter(|file| file.district == ground.area).peekable();
        if here.peek().is_none() {
            sheets.push((Kind::Convoy, custody::blank_convoy(material, &ground.area)));
        }
        sheets.extend(here.map(|file| (Kind::Convoy, custody::convoys(material, file))));
    }
    if let Some(reserves) = &shelf.reserves {
        let sheet = area::reserve(material, district, reserves);
        sheets.extend(sheet.map(|sheet| (Kind::Reserve, sheet)));
    }
    sheets
}

/// Sheets that are the same for the whole area.
fn of_all(
    material: &Material,
    reach: &Reach,
    shelf: &Shelf,
    codes: &[String],
) -> Result<Vec<(Kind, Sheet)>, WorkError> {
    let mut sheets = Vec::new();
    if shelf.wants(Kind::Summary) {
        sheets.push((Kind::Summary, area::summary(material, &reach.area)));
    }
    if shelf.wants(Kind::IncidentForm) {
        sheets.push((Kind::IncidentForm, form::incident()?));
    }
    if shelf.wants(Kind::Poster) {
        sheets.push((Kind::Poster, form::poster()));
    }
    if shelf.wants(Kind::Record) {
        let name = order::file_name(reach.area.as_str());
        sheets.push((Kind::Record, form::record(codes.to_vec(), &name)));
    }
    Ok(sheets)
}

/// One run at work.
struct Shop<'n> {
    issuer: &'n Issuer<'n>,
    press: Press,
    manifest: Manifest,
    report: Report,
    /// Jobs that are out: sheet and language.
    out: BTreeMap<u64, (String, Language, String)>,
    next: u64,
    folder: PathBuf,
    languages: Vec<Language>,
    mark: Option<String>,
}

impl<'n> Shop<'n> {
    fn open(
        node: &Node,
        issuer: &'n Issuer<'n>,
        options: &Options,
        press: Press,
    ) -> Result<Self, WorkError> {
        let mut manifest = issuer.manifest(&options.area);
        if let Some(before) = Manifest::read(&options.folder)? {
            if before.election != manifest.election || before.area != manifest.area {
                return Err(WorkError::Input(format!(
                    "{} holds the pack of {} in the election {}: give another folder",
                    options.folder.display(),
                    before.area,
                    before.election
                )));
            }
            manifest.sheets = before.sheets;
            manifest.whole = before.whole;
            manifest.pending = before.pending;
            manifest.changes = before.changes;
        }
        Ok(Self {
            issuer,
            press,
            manifest,
            report: Report::default(),
            out: BTreeMap::new(),
            next: 1,
            folder: options.folder.clone(),
            languages: options.languages.clone(),
            mark: node.watermark(),
        })
    }

    fn print_all(
        &mut self,
        material: &Material,
        reach: &Reach,
        shelf: &Shelf,
        codes: &[String],
        watch: &mut Watch<'_>,
    ) -> Result<(), WorkError> {
        let mut seen = BTreeSet::new();
        self.print(of_all(material, reach, shelf, codes)?, None, &mut seen, watch)?;
        for &district in &reach.districts {
            let sheets = of_district(material, district, reach.sector, shelf);
            let name = radio::of_area(material, district, reach.sector);
            let tables = shelf.only.is_empty().then_some(name.as_str());
            self.print(sheets, tables, &mut seen, watch)?;
        }
        if !shelf.only.is_empty() && seen.is_empty() {
            return Err(WorkError::Input(format!(
                "{} is no building or station here",
                shelf.only.iter().cloned().collect::<Vec<_>>().join(", ")
            )));
        }
        if shelf.only.is_empty() {
            self.withdraw(&seen, shelf)?;
        }
        Ok(())
    }

    /// Prints what changed of some sheets, and their tables.
    fn print(
        &mut self,
        sheets: Vec<(Kind, Sheet)>,
        tables: Option<&str>,
        seen: &mut BTreeSet<String>,
        watch: &mut Watch<'_>,
    ) -> Result<(), WorkError> {
        let mut twins = Twins::default();
        let total = sheets.len() as u64 * self.languages.len() as u64 + self.next - 1;
        for (kind, sheet) in sheets {
            self.report.sheets += 1;
            seen.insert(sheet.name.clone());
            if tables.is_some() {
                twins.add(kind.word(), &sheet);
            }
            self.one(kind, &sheet, total, watch)?;
        }
        self.hear(0, total, watch)?;
        if let Some(name) = tables {
            for &language in &self.languages {
                let folder = self.folder.join("tables").join(language.code());
                let written = twins.write(&folder, name, language, self.mark.as_deref())?;
                self.report.tables += written;
            }
        }
        Ok(())
    }

    fn one(
        &mut self,
        kind: Kind,
        sheet: &Sheet,
        total: u64,
        watch: &mut Watch<'_>,
    ) -> Result<(), WorkError> {
        let known = self.manifest.sheets.get(&sheet.name);
        let mut printed: Printed = self.issuer.version(sheet, kind.word(), known)?;
        let change = match known {
            Some(known) => (known.sheet != printed.sheet).then_some(Change::Changed),
            None => self.manifest.whole.contains_key(kind.word()).then_some(Change::New),
        };
        if let Some(change) = change {
            self.manifest.mark(&sheet.name, change);
        }
        printed.documents.retain(|_, document| is_there(&self.folder, document));
        let missing: Vec<Language> = self
            .languages
            .iter()
            .copied()
            .filter(|it| !printed.documents.contains_key(it))
            .collect();
        self.report.kept += (self.languages.len() - missing.len()) as u64;
        let issue = self.issuer.issue(sheet, &printed);
        self.manifest.sheets.insert(sheet.name.clone(), printed);
        for language in missing {
            let file = format!("{}/{}/{}.pdf", language.code(), kind.word(), sheet.name);
            let (sheet, issue) = (sheet.clone(), issue.clone());
            self.give(file, sheet, issue, language, total, watch)?;
        }
        Ok(())
    }

    fn give(
        &mut self,
        file: String,
        sheet: Sheet,
        issue: pehra_domain::sheet::Issue,
        language: Language,
        total: u64,
        watch: &mut Watch<'_>,
    ) -> Result<(), WorkError> {
        let to = self.folder.join(&file);
        if let Some(above) = to.parent() {
            fs::create_dir_all(above).map_err(|error| disk(above, &error))?;
        }
        let to = std::path::absolute(&to).map_err(|error| disk(&to, &error))?;
        let number = self.next;
        self.next += 1;
        self.out.insert(number, (sheet.name.clone(), language, file));
        let to = to.to_string_lossy().into_owned();
        let job = Job { number, sheet, issue, language, to };
        let Self { press, out, manifest, report, .. } = self;
        press.give(&job, total, watch, &mut |came| take(out, manifest, report, came))
    }

    fn hear(&mut self, most: u64, total: u64, watch: &mut Watch<'_>) -> Result<(), WorkError> {
        let Self { press, out, manifest, report, .. } = self;
        press.hear_until(most, total, watch, &mut |came| take(out, manifest, report, came))
    }

    /// Takes sheets out of use that the plan does not have any more, within what this run was about.
    fn withdraw(&mut self, seen: &BTreeSet<String>, shelf: &Shelf) -> Result<(), WorkError> {
        let kinds: BTreeSet<&str> = shelf.kinds.iter().map(|kind| kind.word()).collect();
        let gone: Vec<String> = self
            .manifest
            .sheets
            .iter()
            .filter(|(name, it)| !seen.contains(*name) && kinds.contains(it.kind.as_str()))
            .map(|(name, _)| name.clone())
            .collect();
        for name in gone {
            let Some(printed) = self.manifest.sheets.remove(&name) else { continue };
            for document in printed.documents.values() {
                let (from, to) = (
                    self.folder.join(&document.file),
                    self.folder.join("withdrawn").join(&document.file),
                );
                if let Some(above) = to.parent() {
                    fs::create_dir_all(above).map_err(|error| disk(above, &error))?;
                }
                if from.is_file() {
                    fs::rename(&from, &to).map_err(|error| disk(&from, &error))?;
                }
            }
            self.manifest.mark(&name, Change::Withdrawn);
        }
        Ok(())
    }

    /// The change sheet, where something changed, and the manifest.
    fn finish(
        mut self,
        options: &Options,
        kinds: &BTreeSet<Kind>,
        watch: &mut Watch<'_>,
    ) -> Result<Report, WorkError> {
        self.manifest.complete = options.only.is_empty();
        if self.manifest.complete {
            let entry = &self.manifest.entry;
            let kinds = kinds.iter().map(|kind| (kind.word().to_owned(), entry.clone()));
            self.manifest.whole.extend(kinds);
        }
        self.manifest.write(&options.folder)?;
        if self.manifest.pending.is_empty() {
            return Ok(self.report);
        }
        let sheet = self.changes();
        let printed = self.issuer.version(&sheet, "changes", None)?;
        let issue = self.issuer.issue(&sheet, &printed);
        let elsewhere = |language: &Language| !self.languages.contains(language);
        for language in Language::ALL.into_iter().filter(elsewhere) {
            let stale = self.folder.join(changes_file(language));
            if stale.is_file() {
                fs::remove_file(&stale).map_err(|error| disk(&stale, &error))?;
            }
        }
        for language in self.languages.clone() {
            let file = changes_file(language);
            let total = self.next;
            self.give(file, sheet.clone(), issue.clone(), language, total, watch)?;
        }
        self.hear(0, self.next, watch)?;
        let changes = std::mem::take(&mut self.manifest.pending);
        for (name, change) in &changes {
            let named = match change {
                Change::New | Change::Changed => &mut self.report.changed,
                Change::Withdrawn => &mut self.report.withdrawn,
            };
            named.push(name.clone());
        }
        self.manifest.changes = changes;
        self.manifest.write(&options.folder)?;
        Ok(self.report)
    }

    fn changes(&self) -> Sheet {
        let row = |(name, change): (&String, &Change)| {
            let what = match change {
                Change::Changed => "change.changed",
                Change::New => "change.new",
                Change::Withdrawn => "change.withdrawn",
            };
            let now = self.manifest.sheets.get(name);
            vec![
                noun::text(name),
                noun::words(t(what)),
                now.map_or(noun::BLANK, |it| noun::number(it.version)),
                noun::BLANK,
            ]
        };
        let rows = self.manifest.pending.iter().map(row).collect();
        let columns = vec![
            noun::column("sheet", 3, Align::Start),
            noun::column("change", 2, Align::Start),
            noun::column("version", 0, Align::End),
            noun::column("done", 2, Align::Start),
        ];
        Sheet {
            name: "changes".to_owned(),
            title: t("title.changes"),
            subtitle: texts::same(&self.manifest.plan),
            landscape: false,
            blocks: vec![
                Block::Notice { words: t("text.changes") },
                noun::heading("changed"),
                noun::table("changes", columns, rows),
            ],
        }
    }
}

/// What came of a job, into the books.
fn take(
    out: &mut BTreeMap<u64, (String, Language, String)>,
    manifest: &mut Manifest,
    report: &mut Report,
    came: Outcome,
) {
    match came {
        Outcome::Done { number, pages, bytes, sha256 } => {
            let Some((name, language, file)) = out.remove(&number) else { return };
            report.printed += 1;
            report.pages += u64::from(pages);
            report.bytes += bytes;
            if let Some(printed) = manifest.sheets.get_mut(&name) {
                printed.documents.insert(language, Document { file, pages, bytes, sha256 });
            }
        }
        Outcome::Failed { number, reason } => {
            let Some((name, language, _)) = out.remove(&number) else { return };
            report.failed.push(format!("{name} ({}): {reason}", language.code()));
        }
    }
}
