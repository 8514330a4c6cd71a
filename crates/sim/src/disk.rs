//! A disk that keeps records, and fails as disks do. What was written is not kept until it was synced.

use crate::chance::Chance;
use pehra_ledger::Hash;

/// One record: its bytes, and the check by which it is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub kind: u8,
    pub bytes: Vec<u8>,
    pub check: [u8; 8],
}

impl Record {
    #[must_use]
    pub fn new(kind: u8, bytes: Vec<u8>) -> Self {
        let check = Hash::of_parts([&[kind][..], &bytes]).short();
        Self { kind, bytes, check }
    }

    #[must_use]
    pub fn is_sound(&self) -> bool {
        Hash::of_parts([&[self.kind][..], &self.bytes]).short() == self.check
    }
}

/// Where a node stops while it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    BeforeWrite,
    InTheMiddle,
    BeforeSync,
    BeforeAnswer,
}

impl Stop {
    #[must_use]
    pub fn draw(chance: &mut Chance) -> Self {
        let all = [Self::BeforeWrite, Self::InTheMiddle, Self::BeforeSync, Self::BeforeAnswer];
        all.get(chance.below(all.len())).copied().unwrap_or(Self::BeforeAnswer)
    }
}

/// A write that did not end with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    Full,
    Stopped,
}

/// Records that are kept together or not at all; `whole` is the mark that ends them.
#[derive(Clone, Debug)]
struct Transaction {
    records: Vec<Record>,
    whole: bool,
    /// The disk said that it was synced, and it was not.
    lied: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Disk {
    kept: Vec<Transaction>,
    /// Written, and lost when the power goes.
    floating: Vec<Transaction>,
    pub full: bool,
    /// The next write stops here.
    pub stop: Option<Stop>,
    /// Syncs are answered and not done.
    pub lies: bool,
    /// This disk has lost or bent something: what it lost is nobody's fault.
    pub unsound: bool,
}

impl Disk {
    /// Writes records together and syncs them.
    ///
    /// # Errors
    /// [`WriteFault`]: nothing is promised of them then.
    pub fn commit(&mut self, records: Vec<Record>) -> Result<(), WriteFault> {
        if self.full {
            return Err(WriteFault::Full);
        }
        match self.stop {
            Some(Stop::BeforeWrite) => return Err(WriteFault::Stopped),
            Some(Stop::InTheMiddle) => {
                let mut records = records;
                if let Some(last) = records.last_mut() {
                    last.bytes.truncate(last.bytes.len() / 2);
                }
                self.kept.push(Transaction { records, whole: false, lied: false });
                return Err(WriteFault::Stopped);
            }
            Some(Stop::BeforeSync) => {
                self.float(records);
                return Err(WriteFault::Stopped);
            }
            Some(Stop::BeforeAnswer) | None => {}
        }
        self.floating.push(Transaction { records, whole: true, lied: self.lies });
        if !self.lies {
            self.kept.append(&mut self.floating);
        }
        if self.stop.is_some() { Err(WriteFault::Stopped) } else { Ok(()) }
    }

    /// Writes without syncing.
    pub fn float(&mut self, records: Vec<Record>) {
        self.floating.push(Transaction { records, whole: true, lied: false });
    }

    /// Whether this disk has kept every promise so far.
    #[must_use]
    pub fn is_honest(&self) -> bool {
        !self.unsound && !self.lies && !self.floating.iter().any(|it| it.lied)
    }

    /// The power goes.
    pub fn power_off(&mut self) {
        if self.floating.iter().any(|it| it.lied) {
            self.unsound = true;
        }
        self.floating.clear();
        self.stop = None;
    }

    /// Bends one bit of what is kept.
    pub fn rot(&mut self, chance: &mut Chance) {
        let at = chance.below(self.kept.len());
        let records = self.kept.get_mut(at).filter(|it| it.whole).map(|it| &mut it.records);
        let Some(records) = records.filter(|it| !it.is_empty()) else { return };
        let which = chance.below(records.len());
        let Some(record) = records.get_mut(which) else { return };
        let byte = chance.below(record.bytes.len());
        if let Some(byte) = record.bytes.get_mut(byte) {
            *byte ^= 1 << (chance.draw() & 7);
            self.unsound = true;
        }
    }

    /// What a start finds: transactions that are whole.
    #[must_use]
    pub fn read(&self) -> Vec<Record> {
        let whole = self.kept.iter().filter(|it| it.whole);
        whole.flat_map(|it| it.records.iter().cloned()).collect()
    }

    /// Puts other records in the place of some, wherever they stand; what was there is overwritten.
    pub fn replace(&mut self, with: &dyn Fn(&Record) -> Option<Record>) {
        let all = self.kept.iter_mut().chain(&mut self.floating);
        for record in all.flat_map(|it| &mut it.records) {
            if let Some(other) = with(record) {
                *record = other;
            }
        }
    }

    /// Writes what is to be kept in the place of all that was.
    pub fn rewrite(&mut self, records: Vec<Record>) {
        self.kept = vec![Transaction { records, whole: true, lied: false }];
        self.floating.clear();
    }
}
