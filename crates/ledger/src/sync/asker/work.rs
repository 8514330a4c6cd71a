//! What follows from a difference: things are asked for and given, one question after the other.

use super::{Asker, Broken, Fault, Job, LOOK_FOR, Outcome, Phase, Step, THINGS_PER_ASK};
use crate::blob::{Arrival, Reception};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::manifest::CHUNK_BYTES_MAX;
use crate::sync::desk::{Desk, Taken, Wanted};
use crate::sync::ground::{
    Cursor, Line, PART_BYTES, admitted, by_urgency, carried, forks_carried, part, said, sieved,
};
use crate::sync::message::{Ask, FILE_PARTS_MAX, LIST_MAX, Reply};

impl Asker {
    /// The next job, or another comparison when there is none.
    pub(super) fn work(&mut self, desk: &mut dyn Desk) -> Result<Step, Broken> {
        let Some(job) = self.jobs.pop_front() else { return self.next_round(desk) };
        let mut giving = None;
        let ask = match job {
            Job::Want(set, elements) => Ask::Want { set, elements },
            Job::GiveStatements(names) => {
                Ask::GiveStatements { statements: carried(desk, &names)? }
            }
            Job::GiveForks(logs) => {
                Ask::GiveForks { forks: forks_carried(desk, &self.scope.theirs, &logs)? }
            }
            Job::WantEntries(stretches) => Ask::WantEntries { stretches },
            Job::WantRows(count, packed) => Ask::WantRows { count, packed },
            Job::Pull((line, seq)) => Ask::Pull { line, seq },
            Job::GiveEntries(mut lines, cursor) => {
                if cursor == (0, 0) {
                    by_urgency(desk, &mut lines)?;
                }
                let (entries, next) = part(desk, &self.scope.theirs, &lines, cursor)?;
                giving = next.map(|next| (lines, next));
                Ask::GiveEntries { entries }
            }
        };
        self.phase = Phase::Job(giving);
        Ok(Step::Say(self.say(ask)))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other answer is a fault")]
    pub(super) fn job_done(
        &mut self,
        giving: Option<(Vec<Line>, Cursor)>,
        reply: Reply,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        match reply {
            Reply::Took { new } => {
                self.moved += u64::from(new);
                self.given += u64::from(new);
                if let Some((lines, cursor)) = giving {
                    self.jobs.push_front(Job::GiveEntries(lines, cursor));
                }
            }
            Reply::Statements { statements } => {
                if statements.len() > THINGS_PER_ASK {
                    return Err(Fault::TooMuch.into());
                }
                let new = desk.take_statements(said(&statements).map_err(Fault::from)?)?;
                let new = u64::try_from(new).unwrap_or_default();
                self.moved += new;
                self.taken.statements += new;
            }
            Reply::Forks { forks } => {
                if forks.len() > THINGS_PER_ASK {
                    return Err(Fault::TooMuch.into());
                }
                for fork in forks {
                    let entry = Entry::decode(&fork.entry).map_err(Fault::from)?;
                    let entry = sieved(desk, &self.scope.mine, entry);
                    let told = desk.take_fork(entry, fork.proof)?.ok_or(Fault::NoFork)?;
                    self.moved += u64::from(told);
                    self.taken.forks += u64::from(told);
                }
            }
            Reply::Entries { entries, next } => {
                self.take(&entries, desk)?;
                if let Some(next) = next {
                    if entries.is_empty() {
                        return Err(Fault::TooMuch.into());
                    }
                    self.jobs.push_front(Job::Pull(next));
                }
            }
            _ => return Err(Fault::OtherAnswer.into()),
        }
        self.work(desk)
    }

    pub(super) fn take(&mut self, entries: &[Vec<u8>], desk: &mut dyn Desk) -> Result<(), Broken> {
        if entries.len() > LIST_MAX || entries.iter().map(Vec::len).sum::<usize>() > 8 * PART_BYTES
        {
            return Err(Fault::TooMuch.into());
        }
        let mut sieved = Ok((Vec::new(), 0));
        desk.with_roster(&mut |roster| sieved = admitted(roster, &self.scope, entries));
        let (entries, outside) = sieved.map_err(Fault::from)?;
        self.taken.outside += u64::try_from(outside).unwrap_or_default();
        let verdicts = desk.take_entries(entries)?;
        self.moved += self.taken.count(&verdicts);
        for verdict in verdicts {
            if let Taken::Refused(refusal) = verdict
                && !refusal.may_come_again()
            {
                return Err(Fault::Forged(refusal).into());
            }
        }
        Ok(())
    }

    pub(super) fn next_round(&mut self, desk: &mut dyn Desk) -> Result<Step, Broken> {
        self.still = if self.moved == 0 { self.still + 1 } else { 0 };
        self.heights_equal &= self.moved == 0;
        Ok(Step::Say(self.begin(desk)?))
    }

    /// Entries are equal, or as near as they come: what is left are payloads and objects that this node may hold and lacks.
    pub(super) fn finish(&mut self, desk: &mut dyn Desk) -> Result<Step, Broken> {
        let asked = &self.asked_payloads;
        let places = desk.missing_payloads(&self.scope, &|it| asked.contains(it), LOOK_FOR)?;
        self.asked_payloads.extend(&places);
        if !places.is_empty() {
            self.phase = Phase::Payloads;
            return Ok(Step::Say(self.say(Ask::WantPayloads { places })));
        }
        let absent = &self.absent;
        let objects = desk.missing_objects(&self.scope, &|it| absent.contains(it), 1)?;
        match objects.first() {
            Some(wanted) => Ok(self.want_object(*wanted, Vec::new())),
            None => self.files(desk),
        }
    }

    /// Photographs and files come last: they are large, and all else is of use without them.
    fn files(&mut self, desk: &mut dyn Desk) -> Result<Step, Broken> {
        let absent = &self.absent_files;
        let files = desk.missing_files(&self.scope, &|it| absent.contains(it), 1)?;
        let Some(&file) = files.first() else { return Ok(self.end(self.outcome)) };
        self.phase = Phase::FileList(file);
        Ok(Step::Say(self.say(Ask::WantFile { file, want: None })))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other answer is a fault")]
    pub(super) fn file_list(
        &mut self,
        file: Hash,
        reply: Reply,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        match reply {
            Reply::Absent => {
                self.absent_files.insert(file);
                self.files(desk)
            }
            Reply::FileList { manifest } => {
                let reception = desk.begin_file(file, &manifest)?.ok_or(Fault::OtherObject)?;
                self.go_on(file, Box::new(reception), desk)
            }
            _ => Err(Fault::OtherAnswer.into()),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other answer is a fault")]
    pub(super) fn file(
        &mut self,
        file: Hash,
        mut reception: Box<Reception>,
        reply: Reply,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let parts = match reply {
            Reply::FileParts { parts } => parts,
            // The peer has dropped it meanwhile.
            Reply::Absent => Vec::new(),
            _ => return Err(Fault::OtherAnswer.into()),
        };
        let mut kept = Vec::with_capacity(parts.len());
        for part in parts {
            let fits = part.file == reception.name();
            match reception.accept(part.index, &part.bytes) {
                Ok(Arrival::New) if fits => kept.push(part.bytes),
                Ok(Arrival::Known) if fits => {}
                Ok(_) | Err(_) => return Err(Fault::OtherObject.into()),
            }
        }
        if kept.is_empty() {
            self.absent_files.insert(file);
            return self.files(desk);
        }
        desk.keep_parts(kept)?;
        self.go_on(file, reception, desk)
    }

    fn go_on(
        &mut self,
        file: Hash,
        reception: Box<Reception>,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        if !reception.is_whole() {
            let want = Some(reception.want(u32::try_from(FILE_PARTS_MAX).unwrap_or(1)));
            self.phase = Phase::File(file, reception);
            return Ok(Step::Say(self.say(Ask::WantFile { file, want })));
        }
        if !desk.finish_file(file, &reception)? {
            return Err(Fault::OtherObject.into());
        }
        self.taken.files += 1;
        self.files(desk)
    }

    pub(super) fn want_object(&mut self, wanted: Wanted, bytes: Vec<u8>) -> Step {
        let from = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.phase = Phase::Object(wanted, bytes);
        let Wanted { manifest, chunk } = wanted;
        Step::Say(self.say(Ask::WantObject { manifest, chunk, from }))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other answer is a fault")]
    pub(super) fn object(
        &mut self,
        wanted: Wanted,
        mut bytes: Vec<u8>,
        reply: Reply,
        desk: &mut dyn Desk,
    ) -> Result<Step, Broken> {
        let (length, more) = match reply {
            Reply::Absent => {
                self.absent.insert(wanted);
                return self.finish(desk);
            }
            Reply::Object { length, bytes } => (usize::try_from(length), bytes),
            _ => return Err(Fault::OtherAnswer.into()),
        };
        bytes.extend(more);
        let length = length.map_err(|_larger_than_memory| Fault::TooMuch)?;
        if length > CHUNK_BYTES_MAX || bytes.len() > length {
            return Err(Fault::TooMuch.into());
        }
        if bytes.len() < length {
            return Ok(self.want_object(wanted, bytes));
        }
        if !desk.take_object(wanted, bytes)? {
            return Err(Fault::OtherObject.into());
        }
        self.taken.objects += 1;
        self.finish(desk)
    }

    pub(super) fn end(&mut self, outcome: Outcome) -> Step {
        self.phase = Phase::End(outcome);
        Step::Say(self.say(Ask::End))
    }
}
