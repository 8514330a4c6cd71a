//! Entries of other devices: verified, authorised again, kept in any case, folded only if their signer had the right.

use super::{
    Node, NodeError, Writer, convert,
    desk::look_before_forks,
    fold::{Fold, HeldAt, Outcome, log_of},
    open::received_ms,
    random,
};
use pehra_ledger::{
    Ingested, Intake, Place, PublicKey,
    certificate::Subject,
    entry::Entry,
    ingest,
    roster::{Act, Roster, Standing as DeviceStanding},
    statement::{self, Said},
    sync::element::Log,
};
use pehra_ops::Refusal;
use pehra_store::{Batch, Store, batch::FoundFork};
use std::{collections::BTreeSet, sync::PoisonError};

/// Why an entry has no effect here.
#[derive(Debug)]
pub(super) enum Reason {
    /// The device's certificate does not cover the act.
    Device(DeviceStanding),
    /// The acting person's own certificate does not cover the act.
    Person(DeviceStanding),
    /// The person has a key of their own, and it did not sign.
    KeyOwed,
    /// Two signed histories claim this place or one before it.
    Forked,
    /// What it follows from has not arrived.
    Waits,
    /// Rights, duties or content.
    Refused(Refusal),
    Unfolded(convert::Unfolded),
}

impl Reason {
    pub(super) fn english(&self) -> String {
        match self {
            Self::Device(standing) => device_english(*standing).to_owned(),
            Self::Person(standing) => {
                device_english(*standing).replace("the device", "the person's key")
            }
            Self::KeyOwed => {
                "the person has a key of their own, and the device signed in their place".to_owned()
            }
            Self::Forked => {
                "its device signed two histories from here on or earlier: nothing after counts"
                    .to_owned()
            }
            Self::Waits => "what it follows from has not arrived yet".to_owned(),
            Self::Refused(refusal) => refusal.to_string(),
            Self::Unfolded(unfolded) => unfolded.to_string(),
        }
    }

    pub(super) fn urdu(&self) -> String {
        match self {
            Self::Device(standing) => device_urdu(*standing).to_owned(),
            Self::Person(standing) => person_urdu(*standing).to_owned(),
            Self::KeyOwed => {
                "اس شخص کی اپنی کلید ہے، مگر اس کی جگہ آلے نے دستخط کیے؛ اندراج بے اثر ہے۔"
                    .to_owned()
            }
            Self::Forked => {
                "اس آلے نے ایک ہی جگہ دو مختلف اندراج کیے؛ یہاں سے آگے کا کوئی اندراج معتبر نہیں۔"
                    .to_owned()
            }
            Self::Waits => "جس اندراج پر یہ مبنی ہے وہ ابھی نہیں پہنچا۔".to_owned(),
            Self::Refused(refusal) => refusal.code.urdu().to_owned(),
            Self::Unfolded(_) => {
                "اس اندراج کا مواد یہاں پڑھا نہیں جا سکتا؛ یہ محفوظ ہے مگر بے اثر ہے۔".to_owned()
            }
        }
    }
}

fn device_english(standing: DeviceStanding) -> &'static str {
    match standing {
        DeviceStanding::NoCertificate => "the device has no certificate here",
        DeviceStanding::NotChained => {
            "nobody entitled to issue it stands behind the device's certificate"
        }
        DeviceStanding::IssuerRevoked => "the office that enrolled the device was revoked",
        DeviceStanding::Revoked => "the device was revoked before this act",
        DeviceStanding::OutsideTime => "the device's certificate did not hold at that time",
        DeviceStanding::OutsideArea => "the device's certificate does not cover that area",
        DeviceStanding::RoleNotHeld => "the device's certificate does not cover that role",
        DeviceStanding::Good => "the device's certificate covers the act",
    }
}

fn device_urdu(standing: DeviceStanding) -> &'static str {
    match standing {
        DeviceStanding::NoCertificate => "اس آلے کا کوئی سرٹیفکیٹ یہاں موجود نہیں۔",
        DeviceStanding::NotChained => "اس آلے کے سرٹیفکیٹ کے پیچھے کوئی مجاز دفتر نہیں۔",
        DeviceStanding::IssuerRevoked => "جس دفتر نے آلہ درج کیا تھا اس کا اختیار منسوخ ہے۔",
        DeviceStanding::Revoked => "یہ آلہ اس عمل سے پہلے منسوخ ہو چکا تھا۔",
        DeviceStanding::OutsideTime => "اس وقت آلے کا سرٹیفکیٹ نافذ نہیں تھا۔",
        DeviceStanding::OutsideArea => "آلے کا سرٹیفکیٹ اس علاقے کے لیے نہیں۔",
        DeviceStanding::RoleNotHeld => "آلے کا سرٹیفکیٹ اس عہدے کے لیے نہیں۔",
        DeviceStanding::Good => "آلے کا سرٹیفکیٹ درست ہے۔",
    }
}

fn person_urdu(standing: DeviceStanding) -> &'static str {
    match standing {
        DeviceStanding::NoCertificate => "اس شخص کی کلید کا کوئی سرٹیفکیٹ یہاں موجود نہیں۔",
        DeviceStanding::NotChained => "اس شخص کے سرٹیفکیٹ کے پیچھے کوئی مجاز دفتر نہیں۔",
        DeviceStanding::IssuerRevoked => "جس دفتر نے یہ کلید درج کی تھی اس کا اختیار منسوخ ہے۔",
        DeviceStanding::Revoked => "اس شخص کی کلید منسوخ ہو چکی ہے۔",
        DeviceStanding::OutsideTime => "اس وقت اس شخص کا سرٹیفکیٹ نافذ نہیں تھا۔",
        DeviceStanding::OutsideArea => "اس شخص کا سرٹیفکیٹ اس علاقے کے لیے نہیں۔",
        DeviceStanding::RoleNotHeld => "اس شخص کا سرٹیفکیٹ اس عہدے کے لیے نہیں۔",
        DeviceStanding::Good => "اس شخص کا سرٹیفکیٹ درست ہے۔",
    }
}

/// What became of one entry that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Effective,
    /// Kept and shown.
    WithoutEffect(String),
    /// Kept; it takes effect when what it follows from has arrived.
    Waits,
    Known,
    /// Not kept.
    Refused(ingest::Refusal),
    Forked(String),
}

/// What became of a delivery, entry by entry, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub verdicts: Vec<Verdict>,
}

/// What a delivery taught beyond its entries.
#[derive(Default)]
struct Learned {
    /// New devices may sign now.
    devices: bool,
    /// What was folded before must be judged again.
    history: bool,
    after: After,
}

/// What is to be done once all is kept.
#[derive(Default)]
struct After {
    /// Orders came, or persons or devices for whom orders may be here.
    orders: bool,
    /// More may be proven now of what stolen devices wrote before: somebody was revoked, is a witness, or has witnessed.
    proofs: bool,
}

impl Node {
    /// Takes entries of other devices in. What is signed and in place is kept, whether it has effect or not.
    ///
    /// # Errors
    /// [`NodeError`] when this node's disk failed; nothing was kept then of the part that failed.
    pub fn receive(&self, entries: &[Vec<u8>]) -> Result<Received, NodeError> {
        let mut verdicts = vec![Verdict::Known; entries.len()];
        let mut left: Vec<usize> = (0..entries.len()).collect();
        let mut after = After::default();
        loop {
            let (again, learned) = self.receive_some(entries, &left, &mut verdicts)?;
            after.orders |= learned.after.orders;
            after.proofs |= learned.after.proofs;
            // A certificate in this delivery may make known who signed what was refused before it.
            if !learned.devices || again.is_empty() {
                break;
            }
            left = again;
        }
        if after.proofs {
            self.prove_before_thefts()?;
        }
        self.carry_out_soon()?;
        if after.orders {
            self.acknowledge()?;
        }
        self.live().publish("node", serde_json::json!({}));
        Ok(Received { verdicts })
    }

    /// Leaves at the door what was deleted before it came.
    pub(super) fn leave_deleted(&self, entry: Entry, batch: &mut Batch) -> Entry {
        if entry.payload().is_none() || !self.is_deleted(entry.header()) {
            return entry;
        }
        batch.forget.push((entry.header().place, entry.hash()));
        entry.withheld()
    }

    /// One pass; answers which entries may be taken once more is known.
    fn receive_some(
        &self,
        entries: &[Vec<u8>],
        left: &[usize],
        verdicts: &mut [Verdict],
    ) -> Result<(Vec<usize>, Learned), NodeError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let bytes: Vec<&[u8]> =
            left.iter().filter_map(|&at| entries.get(at)).map(Vec::as_slice).collect();
        let mut intake = Intake::new(&*writer.store, self.inner.election, received_ms());
        let ingested = intake
            .ingest_many(&bytes, random()?)
            .map_err(|unreadable| NodeError::Table(unreadable.to_string()))?;
        let mut batch = self.batch();
        let (mut fresh, mut again, mut learned) = (Vec::new(), Vec::new(), Learned::default());
        for (&at, one) in left.iter().zip(ingested) {
            let verdict = match one {
                Ingested::Known(entry) => {
                    let entry = self.leave_deleted(*entry, &mut batch);
                    batch.entries.push((entry, 0));
                    Verdict::Known
                }
                Ingested::Refused(refusal) => {
                    if matches!(
                        refusal,
                        ingest::Refusal::UnknownDevice(_) | ingest::Refusal::Gap { .. }
                    ) {
                        again.push(at);
                    }
                    Verdict::Refused(refusal)
                }
                Ingested::Forked(entry, proof, fork) => {
                    learned.history = true;
                    let place = fork.place.to_string();
                    let entry = Box::new(self.leave_deleted(*entry, &mut batch));
                    batch.forks.push(FoundFork { entry: *entry, proof, fork });
                    Verdict::Forked(place)
                }
                Ingested::Accepted(entry, flags) => {
                    if !flags.clock_ahead {
                        writer.clock.observe(entry.header().clock, received_ms());
                    }
                    learned.after.orders |= super::order::may_move(entry.header().kind);
                    if let Ok(said) = Said::of_entry(&entry) {
                        self.learn_one(writer, &said, &mut batch, &mut learned);
                    }
                    fresh.push((at, self.leave_deleted(*entry, &mut batch)));
                    Verdict::Effective
                }
            };
            if let Some(slot) = verdicts.get_mut(at) {
                *slot = verdict;
            }
        }
        for (_, entry) in &fresh {
            let standing = writer.roster.standing(&Act::of(entry.header(), entry.hash()));
            batch.entries.push((entry.clone(), standing.code()));
        }
        learned.history |= self.keep(writer, &batch, &fresh)?;
        let words: Vec<Entry> =
            fresh.iter().map(|(_, entry)| entry).filter(|it| is_word(it)).cloned().collect();
        learned.after.proofs |= words.iter().any(|it| it.header().kind == statement::WITNESSED);
        let mut outcomes = self.fold_fresh(writer, fresh, learned.history)?;
        self.witness(writer, &words)?;
        for (at, outcome) in outcomes.drain(..) {
            if let Some(slot) = verdicts.get_mut(at) {
                *slot = match outcome {
                    Outcome::Effective => Verdict::Effective,
                    Outcome::WithoutEffect(why) => Verdict::WithoutEffect(why),
                    Outcome::Waits => Verdict::Waits,
                };
            }
        }
        Ok((again, learned))
    }

    /// Keeps a delivery; answers whether it shows that a log forks earlier than was known.
    fn keep(
        &self,
        writer: &mut Writer,
        batch: &Batch,
        fresh: &[(usize, Entry)],
    ) -> Result<bool, NodeError> {
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        let known = fresh.iter().map(|(_, entry)| log_of(entry)).filter(|log| fold.is_forked(*log));
        let found = batch.forks.iter().map(|it| log_of(&it.entry));
        let forked: BTreeSet<Log> = found.chain(known).collect();
        drop(fold);
        writer.store.commit(batch)?;
        Ok(!forked.is_empty() && look_before_forks(&mut writer.store, &forked)?)
    }

    /// Folds what was just kept; all over again when what came before must be judged anew.
    fn fold_fresh(
        &self,
        writer: &Writer,
        fresh: Vec<(usize, Entry)>,
        history: bool,
    ) -> Result<Vec<(usize, Outcome)>, NodeError> {
        if !history {
            let mut fold = self.inner.fold.write().unwrap_or_else(PoisonError::into_inner);
            let held = |place: Place| held(&writer.store, place);
            let judge = self.judge(&writer.roster, &held);
            return Ok(fresh
                .into_iter()
                .map(|(at, entry)| (at, fold.take(entry, &judge)))
                .collect());
        }
        self.refold(writer)?;
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        let outcome = |entry: &Entry| fold.outcome(entry.header().place);
        Ok(fresh.iter().map(|(at, entry)| (*at, outcome(entry))).collect())
    }

    /// Judges and folds everything anew, by the roster and the forks that are known now.
    pub(super) fn refold(&self, writer: &Writer) -> Result<(), NodeError> {
        let held = |place: Place| held(&writer.store, place);
        let folded = super::load::fold(&writer.store, &self.judge(&writer.roster, &held))?;
        *self.inner.fold.write().unwrap_or_else(PoisonError::into_inner) = folded;
        // What was deleted is not to live on in pictures of the past.
        self.inner.theatre.clear();
        Ok(())
    }

    /// Takes one statement into the roster; a statement that does not hold is passed over, like any word without a
    /// signature.
    fn learn_one(
        &self,
        writer: &mut Writer,
        said: &Said,
        batch: &mut Batch,
        learned: &mut Learned,
    ) {
        match writer.roster.take(said.clone()) {
            Ok(true) => {}
            Ok(false) => return,
            Err(refused) => {
                tracing::warn!(%refused, subject = %said.subject(), "a statement is left out");
                return;
            }
        }
        batch.statements.push(said.clone());
        if let Said::Receipt(proof) = said {
            for certificate in &proof.certificates {
                self.learn_one(writer, &Said::Certificate(certificate.clone()), batch, learned);
            }
        }
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        learned.history |= changes_history(said, &writer.roster, &fold);
        drop(fold);
        match said {
            Said::Revocation(_) => learned.after.proofs = true,
            Said::Receipt(_) => {}
            Said::Certificate(certificate) => {
                let body = &certificate.body;
                // A witness more may settle what a stolen device wrote.
                learned.after.proofs |= writer.roster.is_everybodys(certificate);
                let devices = known_devices(writer, body.subject, body.key);
                learned.devices |= !devices.is_empty();
                batch.devices.extend(devices);
            }
        }
    }

    /// Takes statements that came by themselves: in a file, a code on a screen, a greeting. Each is believed only if
    /// the root stands behind it. Answers how many were new.
    ///
    /// # Errors
    /// [`NodeError`] when this node's disk failed.
    pub fn learn(&self, statements: Vec<Said>) -> Result<usize, NodeError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let mut batch = self.batch();
        let mut learned = Learned::default();
        for said in statements {
            self.learn_one(writer, &said, &mut batch, &mut learned);
        }
        let new = batch.statements.len();
        if new == 0 {
            return Ok(0);
        }
        writer.store.commit(&batch)?;
        if learned.history {
            self.refold(writer)?;
        }
        drop(guard);
        if learned.after.proofs {
            self.prove_before_thefts()?;
        }
        self.carry_out_soon()?;
        self.acknowledge()?;
        self.live().publish("node", serde_json::json!({}));
        Ok(new)
    }
}

/// Whether a statement that the roster has just taken lets what was folded before be judged otherwise.
pub(super) fn changes_history(said: &Said, roster: &Roster, fold: &Fold) -> bool {
    match said {
        Said::Revocation(_) => true,
        Said::Receipt(_) => {
            roster.revoked(said.subject()).next().is_some() || fold.knows_device(said.subject())
        }
        Said::Certificate(certificate) => {
            let body = &certificate.body;
            let settles_thefts =
                roster.is_everybodys(certificate) && roster.thefts().next().is_some();
            settles_thefts
                || match body.subject {
                    Subject::DEVICE => fold.knows_device(body.key.id()),
                    // Backdated, it may bind acts that were folded without it.
                    Subject::PERSON => fold.has_acted_since(body.not_before_ms),
                    Subject::ENROLMENT | Subject(_) => true,
                }
        }
    }
}

/// Keys whose entries may be taken in from now on: the certified one, and, when it is an office, all that were waiting
/// for it.
fn known_devices(writer: &Writer, subject: Subject, key: PublicKey) -> Vec<PublicKey> {
    let roster = &writer.roster;
    if subject == Subject::ENROLMENT {
        let bodies = roster.all_certificates().map(|(_, one)| &one.body);
        let keys = bodies.filter(|it| it.subject == Subject::DEVICE).map(|it| it.key);
        return keys.filter(|key| roster.is_chained(key.id())).collect();
    }
    let chained = subject == Subject::DEVICE && roster.is_chained(key.id());
    if chained { vec![key] } else { Vec::new() }
}

/// Whether an entry speaks of trees.
fn is_word(entry: &Entry) -> bool {
    [statement::CHECKPOINT, statement::WITNESSED].contains(&entry.header().kind)
}

/// What is held at a place.
pub(super) fn held(store: &Store, place: Place) -> Option<HeldAt> {
    let entry = store.entry(place).ok().flatten()?.entry;
    Some(HeldAt { hash: entry.hash(), clock_ms: entry.header().clock.ms })
}
