//! A local act: authorised, decided, sealed, appended and folded, in this order and under one lock.

use super::{Node, NodeError, Writer, convert, ledger_ms, now, open::received_ms, random};
use crate::dataset::{Chunk, SCHEMA};
use pehra_domain::{AreaId, PersonId};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hash, Payload,
    draft::Next,
    manifest::{self, Manifest},
};
use pehra_ops::{
    Actor, Command, Context, Decided, EventRef, Hash32, Stamped, act,
    dataset::{self, Dataset, DatasetKey, DatasetKind},
    election::Nature,
    permission,
};
use pehra_store::{Batch, search::SearchChange};
use std::collections::BTreeMap;

/// A list or a result on its way into the record.
#[derive(Clone, Debug)]
pub struct DatasetDraft {
    pub kind: DatasetKind,
    /// `current` for lists of which there is one; a plan's number for plans.
    pub name: String,
    pub inputs: Vec<[u8; 32]>,
    pub chunks: Vec<Chunk>,
    pub source_name: String,
    pub source_sha256: [u8; 32],
    pub counts: BTreeMap<String, u64>,
    /// Rows for the search of the room; all rows of this kind are replaced.
    pub search: Vec<SearchChange>,
    /// The manifest that the person saw before deciding.
    pub based_on: Option<[u8; 32]>,
}

impl DatasetDraft {
    /// A result computed from other datasets.
    #[must_use]
    pub fn computed(
        kind: DatasetKind,
        name: &str,
        inputs: Vec<[u8; 32]>,
        chunks: Vec<Chunk>,
        counts: &[(&str, u64)],
    ) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            inputs,
            chunks,
            source_name: "computed by this node".to_owned(),
            source_sha256: [0; 32],
            counts: named(counts),
            search: Vec::new(),
            based_on: None,
        }
    }

    /// A list that was generated or read from a file.
    #[must_use]
    pub fn generated(
        kind: DatasetKind,
        source: &str,
        chunks: Vec<Chunk>,
        counts: &[(&str, u64)],
    ) -> Self {
        let source_name = source.to_owned();
        Self { source_name, ..Self::computed(kind, "current", Vec::new(), chunks, counts) }
    }
}

fn named(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
    counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
}

impl Node {
    /// Does what a person asks, if they may.
    ///
    /// # Errors
    /// [`NodeError::Refused`] with a sentence in both languages, or what the disk said.
    #[expect(clippy::needless_pass_by_value, reason = "a command is spent when it is given")]
    pub fn execute(&self, actor: &Actor, command: Command) -> Result<Vec<EventRef>, NodeError> {
        self.execute_with(actor, &command, Batch::default())
    }

    /// As [`Self::execute`], keeping a batch's chunks, manifests and search rows in the same transaction.
    fn execute_with(
        &self,
        actor: &Actor,
        command: &Command,
        mut batch: Batch,
    ) -> Result<Vec<EventRef>, NodeError> {
        let mut writer = self.writer();
        let context = Context {
            actor: actor.clone(),
            at: now(),
            cosigners: Vec::new(),
            attested_by_node: true,
            keys: pehra_ops::Keys::default(),
        };
        let decided = self.ops(|state| {
            let standing = state.standing(&actor.person);
            act(self.rules(), &standing, state, &context, command)
        })?;
        if decided.is_empty() {
            return Ok(Vec::new());
        }
        let sealed = self.seal(&mut writer, &context, &decided)?;
        batch.received_ms = received_ms();
        batch.devices.push(self.inner.key.public());
        batch.entries = sealed.iter().map(|(entry, _)| (entry.clone(), 0)).collect();
        writer.store.commit(&batch)?;
        let mut state = self.inner.state.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let refs = sealed.iter().map(|(_, stamped)| {
            state.evolve(stamped);
            stamped.at
        });
        let refs = refs.collect();
        drop(state);
        drop(writer);
        self.tell(command);
        Ok(refs)
    }

    fn seal(
        &self,
        writer: &mut Writer,
        context: &Context,
        decided: &[Decided],
    ) -> Result<Vec<(Entry, Stamped)>, NodeError> {
        let mut next = writer.store.next(self.inner.key.id())?;
        let mut sealed = Vec::with_capacity(decided.len());
        for one in decided {
            let mut causes = Vec::with_capacity(one.supersedes.len());
            for &at in &one.supersedes {
                if let Some(stored) = writer.store.entry(convert::place(at))? {
                    causes.push(convert::supersedes(stored.entry.reference()));
                }
            }
            let draft = Draft {
                election: self.inner.election,
                clock: writer.clock.tick(ledger_ms(context.at)),
                clock_quality: ClockQuality::UNKNOWN,
                area: one.area.as_str().to_owned(),
                kind: one.event.kind(),
                person: context.actor.person.as_str().to_owned(),
                role: context.actor.role.as_str().to_owned(),
                causes,
                cosigners: Vec::new(),
                extras: Vec::new(),
                payload: Payload::try_new(random()?, &one.event.encode())?,
            };
            let entry = Entry::seal(&self.inner.key, &draft, next)?;
            next = Next {
                epoch: next.epoch,
                seq: entry.header().place.seq + 1,
                previous: entry.hash(),
            };
            let stamped = stamp(&entry, context, one);
            sealed.push((entry, stamped));
        }
        Ok(sealed)
    }

    /// Signs a list or result and makes it current.
    ///
    /// # Errors
    /// [`NodeError`]; nothing was kept then.
    pub fn commit_dataset(&self, actor: &Actor, draft: DatasetDraft) -> Result<Hash32, NodeError> {
        let actor = self.acting(&actor.person, permission::of_dataset(draft.kind))?;
        let DatasetDraft {
            kind,
            name,
            inputs,
            chunks,
            source_name,
            source_sha256,
            counts,
            search,
            based_on,
        } = draft;
        let parts = chunks
            .iter()
            .map(|c| manifest::Chunk::of(c.area.as_str(), &c.bytes, u64::from(c.rows)))
            .collect();
        let inputs = inputs.into_iter().map(Hash).collect();
        let manifest = Manifest::try_new(kind.name(), SCHEMA, inputs, parts)?;
        let hash = Hash32(manifest.hash().0);
        let nature = self.ops(|state| state.election().map_or(Nature::Real, |e| e.nature));
        let key = DatasetKey { kind, area: AreaId::nation(), name: name.clone() };
        let based_on = based_on.map(Hash32).or_else(|| {
            self.ops(|state| state.datasets.current(&key).map(|current| current.manifest))
        });
        let dataset = Dataset {
            schema: SCHEMA,
            manifest: hash,
            source_name,
            source_sha256: Hash32(source_sha256),
            counts,
            nature,
        };
        let command = Command::Dataset(dataset::Command::Commit { key, dataset, based_on });
        let batch = Batch {
            chunks: chunks.into_iter().map(|chunk| chunk.bytes).collect(),
            manifests: vec![manifest],
            search,
            ..Batch::default()
        };
        self.execute_with(&actor, &command, batch)?;
        self.reload(kind, &name)?;
        self.live().publish("dataset", serde_json::json!({ "kind": kind.name() }));
        Ok(hash)
    }

    /// A person in a role that holds a permission; of several the first in order. Without such a role the
    /// person's first one is given, so that ops refuses with its own reason.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when the person holds no role at all.
    pub fn acting(&self, person: &PersonId, permission: &str) -> Result<Actor, NodeError> {
        let at = now();
        let standing = self.ops(|state| state.standing(person));
        let in_force = || standing.holdings.iter().filter(|holding| holding.is_in_force(at));
        let holding = in_force()
            .find(|holding| self.rules().permissions.allows(&holding.role, permission))
            .or_else(|| in_force().next())
            .or_else(|| standing.holdings.first())
            .ok_or_else(|| {
                pehra_ops::Refusal::of(pehra_ops::RefusalCode::RoleNotHeld, person.as_str())
            })?;
        Ok(Actor { person: person.clone(), role: holding.role.clone(), area: holding.area.clone() })
    }

    /// The person at this machine's keyboard, in a role that holds a permission.
    ///
    /// # Errors
    /// As [`Self::acting`].
    pub fn console(&self, permission: &str) -> Result<Actor, NodeError> {
        let person = PersonId::try_new(super::CONSOLE)
            .map_err(|_invalid| NodeError::Table(super::CONSOLE.to_owned()))?;
        self.acting(&person, permission)
    }

    /// The person at this machine's keyboard, as a planner.
    ///
    /// # Errors
    /// As [`Self::acting`].
    pub fn operator(&self) -> Result<Actor, NodeError> {
        self.console(permission::PLAN_EDIT)
    }

    fn tell(&self, command: &Command) {
        let (topic, body) = match command {
            Command::Dataset(_) => return,
            Command::Parameter(_) => ("parameter", serde_json::json!({})),
            Command::Lock(_) => ("lock", serde_json::json!({})),
            Command::Plan(_) => ("plan", serde_json::json!({})),
            Command::Election(_)
            | Command::Person(_)
            | Command::OfficialClass(_)
            | Command::RiskOverride(_)
            | Command::Poll(_)
            | Command::Survey(_) => ("node", serde_json::json!({})),
        };
        self.live().publish(topic, body);
    }
}

fn stamp(entry: &Entry, context: &Context, decided: &Decided) -> Stamped {
    let header = entry.header();
    Stamped {
        at: convert::event_ref(header.place),
        clock_ms: convert::wall(header.clock),
        actor: Actor { area: decided.area.clone(), ..context.actor.clone() },
        area: decided.area.clone(),
        cosigners: Vec::new(),
        attested_by_node: true,
        keys: pehra_ops::Keys::default(),
        supersedes: decided.supersedes.clone(),
        event: decided.event.clone(),
    }
}
