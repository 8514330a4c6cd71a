//! The court bundle: everything that this node's record holds about one station, constituency or incident, each entry with
//! its proof, for a stranger who has the public root alone.

use super::WorkError;
use crate::{
    audit::court::{
        CHECKPOINT, CONTENTS, Contents, ENTRIES, MAGIC, ROOT, SIGNED, SUMS, file_names, line,
        signed_text,
    },
    node::{Node, NodeError, convert::event_ref, record::about_guards},
};
use pehra_domain::{AreaId, ConstituencyId, IncidentId, StationId};
use pehra_ledger::{Entry, Hash, Place};
use pehra_ops::{
    Event, EventRef, State,
    check_in::Subject as Said,
    custody::{self, Kind},
    event::Decoded,
    report,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// What a bundle is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Station(StationId),
    Constituency(ConstituencyId),
    Incident(IncidentId),
    /// All of one kind, in these areas and below them, and what was decided above them.
    Register(Register, Vec<AreaId>),
}

/// What an observer follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    Classes,
    Custody,
    Suspensions,
    Releases,
    Draws,
}

impl Register {
    pub const ALL: [Self; 5] =
        [Self::Classes, Self::Custody, Self::Suspensions, Self::Releases, Self::Draws];

    /// `classes`, `custody`, `suspensions`, `releases` or `draws`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Classes => "classes",
            Self::Custody => "custody",
            Self::Suspensions => "suspensions",
            Self::Releases => "releases",
            Self::Draws => "draws",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|register| register.name() == name)
    }

    /// The register in which a kind of entry stands, if it stands in one.
    #[must_use]
    pub fn of(kind: u32) -> Option<Self> {
        let (noun, _) = pehra_ops::event::kind_name(kind)?.split_once('.')?;
        match noun {
            "official_class" => Some(Self::Classes),
            "custody" => Some(Self::Custody),
            "suspension" => Some(Self::Suspensions),
            "draw" => Some(Self::Draws),
            _ => None,
        }
    }

    fn holds(self, event: &Event) -> bool {
        use custody::Event as C;
        let (classes, draws) =
            (matches!(event, Event::OfficialClass(_)), matches!(event, Event::Draw(_)));
        match self {
            Self::Classes => classes,
            Self::Draws => draws,
            Self::Custody => matches!(event, Event::Custody(_)),
            Self::Suspensions => matches!(event, Event::Suspension(_)),
            Self::Releases => {
                matches!(event, Event::Custody(C::ReleaseProposed(_) | C::ReleaseApproved { .. }))
            }
        }
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Station(id) => write!(f, "station {id}"),
            Self::Constituency(id) => write!(f, "constituency {id}"),
            Self::Incident(id) => write!(f, "incident {id}"),
            Self::Register(register, areas) => {
                let areas: Vec<&str> = areas.iter().map(AreaId::as_str).collect();
                write!(f, "register {} {}", register.name(), areas.join(" "))
            }
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Written {
    pub subject: String,
    pub entries: usize,
    pub withheld: usize,
    pub absent: usize,
    pub tree_size: u64,
    pub bytes: u64,
}

/// Every name under which the subject stands on record: itself, its stations, their buildings, items and incidents.
fn names(node: &Node, subject: &Subject) -> Result<BTreeSet<String>, WorkError> {
    let world = node.world();
    let stations = world.stations.as_ref().map(|table| table.stations.as_slice());
    let stations = stations.unwrap_or_default();
    let mut names = BTreeSet::new();
    let mut own: BTreeSet<&StationId> = BTreeSet::new();
    match subject {
        Subject::Incident(id) => {
            names.insert(id.to_string());
        }
        Subject::Register(..) => return Ok(names),
        Subject::Station(id) => {
            let known = stations.iter().find(|station| station.id == *id);
            let known =
                known.ok_or_else(|| WorkError::Input(format!("no station is named {id}")))?;
            own.insert(&known.id);
            // Of a building that holds other stations, too, the others are not its business.
            if stations.iter().filter(|other| other.building == known.building).count() == 1 {
                names.insert(known.building.to_string());
            }
        }
        Subject::Constituency(id) => {
            names.insert(id.to_string());
            let votes = |station: &&pehra_domain::station::Station| {
                station.contests.iter().any(|it| it.constituency == *id)
            };
            for station in stations.iter().filter(votes) {
                own.insert(&station.id);
                names.insert(station.building.to_string());
            }
            if own.is_empty() {
                return Err(WorkError::Input(format!("no station of the list votes in {id}")));
            }
        }
    }
    node.ops(|state| {
        names.extend(own.iter().map(ToString::to_string));
        names.extend(items(state, &own));
        incidents(state, &own, &mut names);
    });
    Ok(names)
}

fn items(state: &State, own: &BTreeSet<&StationId>) -> Vec<String> {
    let all = state.custody.areas().flat_map(|(_, area)| area.items());
    let of = all.filter(|(_, item)| {
        item.station.as_ref().is_some_and(|id| own.contains(id)) && item.kind != Kind::SealStock
    });
    of.map(|(id, _)| id.to_string()).collect()
}

/// Incidents at the stations, and those that stand for them or for which they stand.
fn incidents(state: &State, own: &BTreeSet<&StationId>, names: &mut BTreeSet<String>) {
    for (key, record) in state.incidents.all() {
        let at = record.report().and_then(|(report, _)| report.place.subject.as_ref());
        if let Some(Said::Station(id)) = at
            && own.contains(id)
        {
            names.insert(key.incident.to_string());
        }
    }
    // Merged ones hang together in both directions.
    let mut joined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, _) in state.incidents.all() {
        let whole = state.incidents.standing_for(key).incident.to_string();
        joined.entry(whole).or_default().insert(key.incident.to_string());
    }
    for (whole, parts) in joined {
        if names.contains(&whole) || parts.iter().any(|part| names.contains(part)) {
            names.insert(whole);
            names.extend(parts);
        }
    }
}

/// Entries that an event answers and that its header does not name.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other event names what it answers")]
fn answers(event: &Event) -> Vec<EventRef> {
    use custody::Event as C;
    match event {
        Event::Custody(C::Received(receipt)) => vec![receipt.offer],
        Event::Custody(C::Declined { offer, .. } | C::Recalled { offer, .. }) => vec![*offer],
        Event::Custody(C::Witnessed { entry, .. }) => vec![*entry],
        Event::Custody(C::ReleaseApproved { release, .. }) => vec![*release],
        _ => Vec::new(),
    }
}

/// Whether an event is about one of the names. An exception of custody is named after what it is about.
fn is_about(event: &Event, names: &BTreeSet<String>) -> bool {
    use custody::Event as C;
    let exception =
        if let Event::Custody(C::Taken { exception, .. } | C::Resolved { exception, .. }) = event {
            exception.as_str()
        } else {
            ""
        };
    event.names().into_iter().any(|name| names.contains(name))
        || exception.split(['@', '/']).any(|part| names.contains(part))
}

/// Why an entry's content stays out of a bundle; empty when it goes along.
fn kept_back(entry: &Entry, event: Option<&Event>) -> &'static str {
    if about_guards(entry) {
        return "about those who guard, or nobody can say that it is not";
    }
    match event {
        Some(Event::Intelligence(_)) => "of the intelligence desk",
        Some(Event::Community(_)) => "of committees, whose volunteers are known by number",
        Some(Event::Report(
            report::Event::ContactLeft { .. } | report::Event::ContactOpened { .. },
        )) => "a reporter's contact",
        Some(_) | None => "",
    }
}

struct Chosen {
    places: Vec<Place>,
    why: BTreeMap<Place, &'static str>,
}

/// The entries about the names, in the order in which they came, and those that answer one of them.
fn choose(node: &Node, subject: &Subject, names: &BTreeSet<String>) -> Result<Chosen, WorkError> {
    let of_register = |entry: &Entry, event: &Event| {
        let Subject::Register(register, areas) = subject else { return false };
        let area = AreaId::try_new(entry.header().area.as_str());
        let reached = area.is_ok_and(|area| areas.iter().any(|own| own.meets(&area)));
        register.holds(event) && reached
    };
    let is_register = matches!(subject, Subject::Register(..));
    let mut chosen = Chosen { places: Vec::new(), why: BTreeMap::new() };
    let mut own: BTreeSet<EventRef> = BTreeSet::new();
    node.walk(&mut |entry| {
        let header = entry.header();
        let event =
            entry.payload().and_then(|payload| match Event::decode(header.kind, payload.body()) {
                Ok(Decoded::Known(event)) => Some(event),
                Ok(Decoded::Unknown) | Err(_) => None,
            });
        let named =
            event.as_ref().is_some_and(|event| of_register(entry, event) || is_about(event, names));
        let caused = header.causes.iter().any(|it| own.contains(&event_ref(it.entry.place)));
        let answers = event.as_ref().map(answers).unwrap_or_default();
        let follows = caused || answers.iter().any(|at| own.contains(at));
        if named || (follows && !is_register) {
            own.insert(event_ref(header.place));
            chosen.places.push(header.place);
            let why = kept_back(entry, event.as_ref());
            if !why.is_empty() {
                chosen.why.insert(header.place, why);
            }
        }
    })?;
    Ok(chosen)
}

/// Writes the bundle into a folder that is empty or not there yet.
///
/// # Errors
/// [`WorkError::Input`] when nothing is on record about the subject or the folder holds something, and
/// [`WorkError::Node`] when the disk failed.
pub fn write(node: &Node, subject: &Subject, to: &Path) -> Result<Written, WorkError> {
    if fs::read_dir(to).is_ok_and(|mut list| list.next().is_some()) {
        return Err(WorkError::Input(format!("{} is not empty", to.display())));
    }
    let (files, written) = files(node, subject, None)?;
    let disk = |error: io::Error| WorkError::Node(NodeError::File(error));
    fs::create_dir_all(to.join(ENTRIES)).map_err(disk)?;
    for (name, content) in &files {
        fs::write(to.join(name), content).map_err(disk)?;
    }
    Ok(written)
}

/// The files of a folder, each with its name in it.
pub type Files = Vec<(String, Vec<u8>)>;

/// The bundle's files, the signed list of them last.
///
/// # Errors
/// [`WorkError::Input`] when nothing is on record about the subject or more than `most` entries are, and
/// [`WorkError::Node`] when the disk failed.
pub fn files(
    node: &Node,
    subject: &Subject,
    most: Option<usize>,
) -> Result<(Files, Written), WorkError> {
    let names = names(node, subject)?;
    let chosen = choose(node, subject, &names)?;
    let found = chosen.places.len();
    if found == 0 {
        return Err(WorkError::Input(format!("nothing is on record about the {subject}")));
    }
    if most.is_some_and(|most| found > most) {
        let text = format!(
            "{found} entries are too many for one file of the room: take the {subject} with `pehra prove bundle`"
        );
        return Err(WorkError::Input(text));
    }
    let genesis = node.public_root()?;
    let (note, proofs) = node.prove_all(&chosen.places)?;
    let mut files: Vec<(String, Vec<u8>)> = Vec::with_capacity(2 * proofs.len() + 4);
    let mut lines = Vec::with_capacity(proofs.len());
    for (number, (entry, proof)) in (1_u32..).zip(proofs) {
        let why = chosen.why.get(&entry.header().place).copied().unwrap_or_default();
        let entry = if why.is_empty() { entry } else { entry.withheld() };
        let [entry_file, proof_file] = file_names(number);
        lines.push(line(number, &entry, why));
        files.push((entry_file, entry.encode()));
        files.push((proof_file, proof.to_text().into_bytes()));
    }
    let contents = Contents {
        format: MAGIC.to_owned(),
        election: genesis.election.clone(),
        subject: subject.to_string(),
        entries: lines,
    };
    let mut json = serde_json::to_string_pretty(&contents)
        .map_err(|error| WorkError::Input(error.to_string()))?;
    json.push('\n');
    let readme = readme(&contents, &genesis.fingerprint(), node.watermark().as_deref());
    files.push((CONTENTS.to_owned(), json.into_bytes()));
    files.push((CHECKPOINT.to_owned(), note.to_text().into_bytes()));
    files.push((ROOT.to_owned(), genesis.to_text().into_bytes()));
    files.push(("README.txt".to_owned(), readme.into_bytes()));
    files.sort();
    let sums: String =
        files.iter().map(|(name, bytes)| format!("{}  {name}\n", Hash::of(bytes))).collect();
    let signed = signed_text(
        &contents.election,
        &contents.subject,
        contents.entries.len(),
        &Hash::of(sums.as_bytes()),
    );
    let signed = node.sign_note(signed)?;
    files.push((SUMS.to_owned(), sums.into_bytes()));
    // Last: a folder without it is no bundle yet.
    files.push((SIGNED.to_owned(), signed.to_text().into_bytes()));
    let bytes = files.iter().map(|(_, content)| content.len() as u64).sum();
    let count = |content| contents.entries.iter().filter(|it| it.content == content).count();
    let written = Written {
        subject: contents.subject.clone(),
        entries: contents.entries.len(),
        withheld: count(crate::audit::court::Content::Withheld),
        absent: count(crate::audit::court::Content::Absent),
        tree_size: pehra_ledger::checkpoint::Checkpoint::from_text(note.text())
            .map_or(0, |checkpoint| checkpoint.size),
        bytes,
    };
    Ok((files, written))
}

fn readme(contents: &Contents, fingerprint: &str, mark: Option<&str>) -> String {
    let mark = mark.map(|mark| format!("{mark}\n\n")).unwrap_or_default();
    format!(
        "{mark}What a record of the election holds about: {subject}\n\
         Election {election}, {count} entries.\n\n\
         To check it you need the program `pehra` and the election's published founding file. No network, no node, no trust\n\
         in whoever gave you this folder:\n\n    pehra prove verify THIS-FOLDER --root PUBLISHED-FOUNDING-FILE\n\n\
         The founding file in here ({ROOT}) has the fingerprint {fingerprint}: compare it with the published one.\n\
         Without `pehra`, `sha256sum --check {SUMS}` says whether a file was changed since the folder was signed.\n\n\
         {CONTENTS}        what each entry says, in the order in which the node received them\n\
         {ENTRIES}/N.entry      the signed entry, byte for byte; N.proof.txt proves that it stands in the tree\n\
         {CHECKPOINT}      the tree's root, signed by the node and by the witnesses who saw it\n\
         {SUMS}          the hash of every file; {SIGNED} is the node's word that this is all of it\n\n\
         \"absent\": the node did not hold the content. \"withheld\": it is left out here, with the reason; the entry's signature,\n\
         time and place in the record are proven all the same. An entry may speak of other stations, too: it was signed whole.\n\
         That an entry is signed proves who said it and when it was received, not that it is true.\n\n\
         ---\n\n\
         اس فولڈر میں: {subject}۔ انتخاب {election}، {count} اندراجات۔\n\
         جانچنے کے لیے صرف پروگرام pehra اور شائع شدہ بنیادی فائل چاہیے؛ نہ نیٹ ورک، نہ دینے والے پر بھروسا:\n\n    \
         pehra prove verify THIS-FOLDER --root PUBLISHED-FOUNDING-FILE\n\n\
         absent: مواد نوڈ کے پاس نہیں تھا۔ withheld: مواد یہاں نہیں رکھا گیا، وجہ ساتھ ہے؛ دستخط اور وقت پھر بھی ثابت ہیں۔\n",
        subject = contents.subject,
        election = contents.election,
        count = contents.entries.len(),
    )
}
