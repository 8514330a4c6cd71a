//! Many acts in one durable commit: the way for a day's thousands. Each is authorised and decided alone; what is
//! refused keeps nobody back.

use super::{Node, NodeError, Writer, convert, now, sign::Hand};
use pehra_domain::{PersonId, UnixMs};
use pehra_ledger::{Entry, draft::Next};
use pehra_ops::{Actor, Command, EventRef, Refusal, RefusalCode};
use pehra_store::Batch;
use std::collections::BTreeSet;

/// Most commands in one durable commit; more become several.
pub const COMMANDS_MAX: usize = 4_096;

/// What became of one command: its entries, none when what it asks is so already, or why it was refused.
pub type Done = Result<Vec<EventRef>, Refusal>;

impl Node {
    /// Does what many ask, in their order, in as few durable commits as there are runs of commands about different
    /// things: an act on what an earlier one of the call has touched waits for that one's commit. A refused command
    /// leaves the others alone. Acts of two persons have their own way and are refused here, as are acts of persons
    /// whose key lies elsewhere.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed; runs committed before stand.
    pub fn execute_batch(&self, commands: &[(Actor, Command)]) -> Result<Vec<Done>, NodeError> {
        let mut done = Vec::with_capacity(commands.len());
        let mut rest = commands;
        while !rest.is_empty() {
            let (run, later) = rest.split_at(run_length(rest));
            self.execute_run(run, &mut done)?;
            rest = later;
        }
        Ok(done)
    }

    fn execute_run(&self, run: &[(Actor, Command)], done: &mut Vec<Done>) -> Result<(), NodeError> {
        let mut guard = self.writer();
        let writer = &mut *guard;
        let at = now();
        let mut next = writer.store.next(self.inner.key.id())?;
        let mut sealed: Vec<Entry> = Vec::with_capacity(run.len());
        let mut hands = Hands::default();
        for (actor, command) in run {
            let hand = match hands.of(self, writer, &actor.person, at) {
                Ok(hand) => hand,
                Err(NodeError::Refused(refusal)) => {
                    done.push(Err(refusal));
                    continue;
                }
                Err(other) => return Err(other),
            };
            match self.seal_one(writer, next, at, (actor, command), hand) {
                Ok((entries, after)) => {
                    let place = |entry: &Entry| convert::event_ref(entry.header().place);
                    done.push(Ok(entries.iter().map(place).collect()));
                    next = after;
                    sealed.extend(entries);
                }
                Err(NodeError::Refused(refusal)) => done.push(Err(refusal)),
                Err(other) => return Err(other),
            }
        }
        if sealed.is_empty() {
            return Ok(());
        }
        let batch = Batch {
            devices: vec![self.inner.key.public()],
            entries: sealed.iter().map(|entry| (entry.clone(), 0)).collect(),
            ..self.batch()
        };
        writer.store.commit(&batch)?;
        self.fold_own(writer, sealed);
        drop(guard);
        for (_, command) in run {
            self.tell(command);
        }
        Ok(())
    }

    fn seal_one(
        &self,
        writer: &mut Writer,
        next: Next,
        at: UnixMs,
        (actor, command): (&Actor, &Command),
        hand: &Hand,
    ) -> Result<(Vec<Entry>, Next), NodeError> {
        let (context, decided) = self.decide(writer, (actor, command), hand, at)?;
        for one in &decided {
            if one.event.approves().is_some() {
                return Err(Refusal::of(RefusalCode::SecondPersonNeeded, one.event.name()).into());
            }
            self.must_be_covered(&writer.roster, actor, &one.area, at)?;
        }
        if decided.is_empty() {
            return Ok((Vec::new(), next));
        }
        self.seal_from(writer, next, &context, &decided, hand)
    }
}

/// The keys of the persons of one call, each looked for once.
#[derive(Default)]
struct Hands {
    found: Vec<(PersonId, Hand)>,
}

impl Hands {
    fn of(
        &mut self,
        node: &Node,
        writer: &Writer,
        person: &PersonId,
        at: UnixMs,
    ) -> Result<&Hand, NodeError> {
        let place = self.found.iter().position(|(known, _)| known == person);
        let place = match place {
            Some(place) => place,
            None => {
                let hand = node.hand(&writer.roster, person, at)?;
                self.found.push((person.clone(), hand));
                self.found.len() - 1
            }
        };
        let found = self.found.get(place).map(|(_, hand)| hand);
        found.ok_or_else(|| Refusal::of(RefusalCode::OwnKeyNeeded, person).into())
    }
}

/// How many commands from the start are about different things.
fn run_length(commands: &[(Actor, Command)]) -> usize {
    let mut seen = BTreeSet::new();
    // What is done with a unit is told to its incident too, which the command does not always name.
    let is_alone = |command: &Command| matches!(command, Command::Dispatch(_));
    if commands.first().is_some_and(|(_, command)| is_alone(command)) {
        return 1;
    }
    let same = commands.iter().position(|(_, command)| {
        let about = about(command);
        is_alone(command) || !about.is_empty() && !seen.insert(about)
    });
    same.unwrap_or(commands.len()).clamp(1, COMMANDS_MAX)
}

/// What an act would find changed by another of the same run; empty where acts never meet. A kind of act that is not
/// known to keep apart meets every other of its kind.
fn about(command: &Command) -> String {
    match command {
        // Check-ins supersede nothing: of two alike the second is one more witness.
        Command::CheckIn(pehra_ops::check_in::Command::Strike { entry, .. }) => entry.to_string(),
        Command::CheckIn(_) => String::new(),
        Command::Incident(command) => command.key().incident.to_string(),
        // Statements supersede nothing; two openings of one record are one.
        Command::Suspension(command) => command.key().1.to_string(),
        Command::Election(_) => "election".to_owned(),
        Command::Person(_) => "person".to_owned(),
        Command::Dataset(_) => "dataset".to_owned(),
        Command::Parameter(_) => "parameter".to_owned(),
        Command::OfficialClass(_) => "official-class".to_owned(),
        Command::RiskOverride(_) => "risk-override".to_owned(),
        Command::Plan(_) => "plan".to_owned(),
        Command::Lock(_) => "lock".to_owned(),
        Command::Poll(_) => "poll".to_owned(),
        Command::Survey(_) => "survey".to_owned(),
        Command::Intelligence(_) => "intelligence".to_owned(),
        Command::Order(_) => "order".to_owned(),
        // A hand-over follows from what any other may have moved.
        Command::Custody(_) => "custody".to_owned(),
        Command::Deletion(_) => "deletion".to_owned(),
        Command::Draw(_) => "draw".to_owned(),
        Command::Readiness(_) => "readiness".to_owned(),
        Command::Patrol(_) => "patrol".to_owned(),
        Command::Training(command) => command.about(),
        Command::Alert(_) => "alert".to_owned(),
        Command::Finding(_) => "finding".to_owned(),
        Command::Campaign(_) => "campaign".to_owned(),
        Command::Community(_) => "community".to_owned(),
        Command::Report(_) => "report".to_owned(),
        Command::Equipment(command) => equipment(command),
        Command::Dispatch(_) => "dispatch".to_owned(),
    }
}

/// Claims about equipment stand beside each other; what is answered once is about what it answers.
fn equipment(command: &pehra_ops::equipment::Command) -> String {
    use pehra_ops::equipment::Command as C;
    match command {
        C::Install { .. }
        | C::Test { .. }
        | C::Fault { .. }
        | C::Observe { .. }
        | C::Count { .. }
        | C::DrawMask { .. }
        | C::GiveTask { .. }
        | C::KeepFrames { .. }
        | C::OrderExport { .. } => String::new(),
        C::ConfirmMask { mask } => mask.to_string(),
        C::CloseTask { task, .. } => task.to_string(),
        C::ApproveExport { export } => export.to_string(),
        // Of these the second may find that the first did it already.
        C::List { .. } | C::Repair { .. } | C::Withdraw { .. } => "equipment".to_owned(),
    }
}
