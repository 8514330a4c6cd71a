//! Key files, cards, passphrases, and the watch over a person under duress.

use super::{To, there, write_new};
use crate::verb::{
    identity::{self, Opened},
    printer::Printer,
};
use anyhow::{Context, ensure};
use clap::Args;
use pehra_ledger::{Place, armour::Piece};
use pehra_seal::{
    card::Card,
    chance::Chance,
    compartment::{Binding, CompartmentId, Sealed},
    credential::{Credential, Mark, Reading, Watch},
    keyfile::{KeyFile, Other},
    kind,
    passphrase::Cost,
};
use std::path::{Path, PathBuf};

const WATCH_KIND: &str = "watch-1";

pub(super) fn chance() -> anyhow::Result<Chance> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("this machine gives no random numbers")?;
    Ok(Chance::from_bytes(bytes))
}

/// `new-key`.
#[derive(Debug, Args)]
pub(in crate::verb) struct NewKey {
    /// The key file to write; it must not be there yet.
    file: PathBuf,
    /// Whose key it is: a person's id as on this node, or what people call the office or device.
    #[arg(long)]
    name: String,
    /// Set a second passphrase, to be given away under duress: it opens the same key, and every act with it carries a
    /// mark that only the holders of the watch can read. Needs --watch-for and --watch.
    #[arg(long, requires = "watch_for", requires = "watch")]
    duress: bool,
    /// Cards of those who may read the marks.
    #[arg(long, value_name = "CARD")]
    watch_for: Vec<PathBuf>,
    /// Where to write the sealed watch.
    #[arg(long, value_name = "FILE", requires = "watch_for")]
    watch: Option<PathBuf>,
}

impl NewKey {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        ensure!(!self.file.exists(), "{} is there already", self.file.display());
        let own = Credential::generate(chance()?);
        let passphrase = identity::new_passphrase(&format!("passphrase of {}", self.name))?;
        // The same keys under another mark: no second certificate betrays that there is a code.
        let under_duress = self
            .duress
            .then(|| -> anyhow::Result<_> {
                let other = Credential::generate(chance()?);
                let seed = own.signing().seed();
                let given =
                    Credential::from_parts(seed, own.opening().clone(), other.mark_key().clone());
                Ok((given, identity::new_passphrase("passphrase for duress")?))
            })
            .transpose()?;
        let file = KeyFile::write(
            &self.name,
            Cost::USUAL,
            (&own, passphrase.text()),
            under_duress.as_ref().map(|(given, second)| (given, second.text())),
            chance()?,
        )?;
        if let Some(to) = &self.watch {
            let given = under_duress.as_ref().map(|(given, _)| given);
            write_new(to, &self.sealed_watch(&own, given)?)?;
            printer.note(&format!("the watch is sealed in {}", to.display()));
        }
        write_new(&self.file, &file.to_text())?;
        printer.note(&format!("the key of {} is in {}", self.name, self.file.display()));
        printer.line(Card::of(&self.name, &own)?.to_text().trim_end());
        Ok(())
    }

    fn sealed_watch(&self, own: &Credential, given: Option<&Credential>) -> anyhow::Result<String> {
        let mut readers = Vec::new();
        for file in &self.watch_for {
            let card = read_card(file)?;
            let key = card.sealing();
            readers.push(key.with_context(|| format!("{} opens nothing sealed", card.name()))?);
        }
        let mut room = [0; 16];
        getrandom::fill(&mut room).context("this machine gives no random numbers")?;
        let binding = binding(CompartmentId(room));
        let watch = Watch::over(&self.name, own, given).encode();
        let sealed = Sealed::seal(&binding, &readers, &watch, chance()?)?;
        Ok(Piece::new(WATCH_KIND, sealed.encode()).to_text("A watch. Opens for duty officers."))
    }
}

/// A watch belongs to no entry and no election: people carry it.
fn binding(compartment: CompartmentId) -> Binding {
    let (election, author) = ([0; 16], pehra_ledger::DeviceId([0; 16]));
    Binding { election, author, kind: kind::SEALED, compartment }
}

/// `card`.
#[derive(Debug, Args)]
pub(in crate::verb) struct PrintCard {
    #[command(flatten)]
    to: To,
}

impl PrintCard {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let card = match identity::token()? {
            Some((name, signer)) => Card::write(&name, &*signer, None)?,
            None => {
                let Opened { name, credential } = identity::only_key()?;
                Card::of(&name, &credential)?
            }
        };
        self.to.write(&card.to_text(), printer)
    }
}

pub(super) fn read_card(file: &Path) -> anyhow::Result<Card> {
    Card::from_text(&identity::read_text(file)?)
        .with_context(|| format!("{} is no card", file.display()))
}

/// `passphrase`.
#[derive(Debug, Args)]
pub(in crate::verb) struct ChangePassphrase {
    /// The key file.
    file: PathBuf,
    /// There is no second passphrase: draw the file's other place anew, so that nobody can compare it with an older copy.
    #[arg(long)]
    refill: bool,
    /// The key file under the new passphrase.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl ChangePassphrase {
    pub(super) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let file = KeyFile::from_text(&identity::read_text(&self.file)?)?;
        let old = identity::passphrase(&format!("passphrase of {} now", file.name()))?;
        let new = identity::new_passphrase(&format!("passphrase of {}", file.name()))?;
        let other = if self.refill { Other::Refill } else { Other::Keep };
        let changed = file.change_passphrase(old.text(), new.text(), other, chance()?)?;
        write_new(&self.to, &changed.to_text())?;
        printer.note(&format!(
            "{} opens with the new passphrase; destroy {}",
            self.to.display(),
            self.file.display()
        ));
        Ok(())
    }
}

/// `watch`.
#[derive(Debug, Args)]
pub(in crate::verb) struct ReadWatch {
    /// The sealed watch.
    file: PathBuf,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl ReadWatch {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let Opened { credential, .. } = identity::only_key()?;
        let pieces = Piece::all(&identity::read_text(&self.file)?)?;
        let piece = pieces.iter().find(|piece| piece.kind == WATCH_KIND);
        let sealed = Sealed::decode(&piece.context("the file holds no watch")?.bytes)?;
        let opened = sealed.open(&binding(sealed.compartment()), credential.opening(), &[])?;
        let watch = Watch::decode(&opened.plaintext)?;
        let node = there(data)?;
        let mut read: Vec<(Place, Reading)> = Vec::new();
        node.acts_of(&watch.person, |place, payload, mark| {
            read.push((place, watch.read(&payload, Mark(mark))));
        })?;
        let count = |of: Reading| read.iter().filter(|(_, reading)| *reading == of).count();
        let (own, duress) = (count(Reading::Own), count(Reading::Duress));
        let unknown = count(Reading::Unknown);
        let places: Vec<String> = read
            .iter()
            .filter(|(_, reading)| *reading == Reading::Duress)
            .map(|(place, _)| place.to_string())
            .collect();
        if self.json {
            let body = serde_json::json!({ "person": watch.person, "own": own, "duress": duress,
                "unknown": unknown, "under_duress": places });
            printer.line(&body.to_string());
            return Ok(());
        }
        printer.line(&format!(
            "{}: {own} acts freely, {duress} under duress, {unknown} with neither of these keys",
            watch.person
        ));
        for place in places {
            printer.line(&format!("under duress: {place}"));
        }
        Ok(())
    }
}
