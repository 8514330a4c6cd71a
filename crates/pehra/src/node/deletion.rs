//! Deletions that are in force: carried out here, whoever ordered them, and answered, so that everybody sees who may
//! still hold what should be gone.

use super::{
    Node, NodeError, convert,
    fold::Fold,
    forget::{Kept, is_deletable},
};
use pehra_domain::AreaId;
use pehra_ledger::{
    DeviceId, Entry, Hash, Place,
    certificate::Subject,
    header::Header,
    roster::contains,
    statement::{CARRIED_OUT, CarriedOut, Reached, Said},
    sync::scope::areas_of,
};
use pehra_ops::{
    Actor, Command, EventRef, State,
    deletion::{self, DUE_KINDS, Ground, Order},
    permission,
    stamp::Mark,
};
use pehra_store::StoreError;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

/// Who has carried out which deletion: by its entry's hash, where, and how many payloads were there.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    by: BTreeMap<(Hash, Reached), BTreeMap<DeviceId, (u64, u32)>>,
    /// The hashes of the orders' entries.
    named: BTreeMap<EventRef, Hash>,
}

impl Answers {
    /// Takes the word of a device that may speak.
    pub(super) fn take(&mut self, entry: &Entry) {
        let header = entry.header();
        let said = entry.payload().and_then(|payload| CarriedOut::decode(payload.body()).ok());
        if let Some(CarriedOut { deletion, reached, gone }) = said {
            let of = self.by.entry((deletion, reached)).or_default();
            of.entry(header.place.device).or_insert((header.clock.ms, gone));
        }
    }

    /// Notes how answers name an order.
    pub(super) fn name(&mut self, at: EventRef, entry: &Entry) {
        self.named.insert(at, entry.hash());
    }

    fn hash(&self, at: EventRef) -> Hash {
        self.named.get(&at).copied().unwrap_or(Hash::ZERO)
    }

    fn has(&self, deletion: Hash, reached: Reached, device: DeviceId) -> bool {
        self.by.get(&(deletion, reached)).is_some_and(|of| of.contains_key(&device))
    }
}

/// Who said when that a deletion is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    pub device: DeviceId,
    pub at_ms: u64,
    /// Payloads that were there.
    pub gone: u32,
}

/// A deletion as it is shown: who ordered it, who has carried it out, and who may still hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionView {
    pub at: EventRef,
    pub order: Order,
    pub by: Mark,
    /// The second person; none while one is needed, or where the ground needs none.
    pub approved: Option<Mark>,
    pub in_force: bool,
    pub done: Vec<Answered>,
    /// Who emptied the bus of it.
    pub bus: Vec<Answered>,
    /// Enrolled devices of the area that have not answered.
    pub owing: Vec<(DeviceId, String)>,
}

/// What a deletion that is in force asks of one entry.
pub(super) fn reaches(order: &Order, mark: &Mark, header: &Header) -> bool {
    let at = convert::event_ref(header.place);
    order.places.binary_search(&at).is_ok()
        && (order.ground != Ground::Standing || DUE_KINDS.contains(&header.kind))
        && contains(mark.area.as_str(), &header.area)
        && is_deletable(header)
}

/// Whether an entry's payload is to be gone, by what is known.
pub(super) fn is_deleted(state: &State, header: &Header) -> bool {
    let mut orders = state.deletions.naming(convert::event_ref(header.place));
    orders.any(|(order, mark)| reaches(order, mark, header))
}

impl Node {
    /// Orders that payloads be deleted, and carries it out here if no second person is needed. The deletion reaches the
    /// smallest area that holds all of them, and all who hold them.
    ///
    /// # Errors
    /// [`NodeError::NotDeletable`] names a place where nothing can be deleted; [`NodeError::Refused`].
    pub fn order_deletion(
        &self,
        actor: &Actor,
        places: &[Place],
        ground: Ground,
        (instrument, reason): (&str, &str),
    ) -> Result<EventRef, NodeError> {
        let command = deletion::Command::Order {
            area: self.deletion_area(places)?,
            places: places.iter().map(|place| convert::event_ref(*place)).collect(),
            ground,
            instrument: instrument.to_owned(),
            reason: reason.to_owned(),
        };
        let done = self.execute(actor, Command::Deletion(command))?;
        self.carry_out()?;
        done.first().copied().ok_or(NodeError::Vanished("the deletion"))
    }

    /// The smallest area whose nodes are all that hold the places' payloads.
    ///
    /// # Errors
    /// [`NodeError::NotDeletable`] names a place where nothing can be deleted.
    pub(super) fn deletion_area(&self, places: &[Place]) -> Result<AreaId, NodeError> {
        let mut area: Option<AreaId> = None;
        for place in places {
            let not = || NodeError::NotDeletable(place.to_string());
            let mut copies = self.copies(*place)?;
            copies.retain(|(entry, here)| *here && is_deletable(entry.header()));
            if copies.is_empty() {
                return Err(not());
            }
            for own in copies.iter().flat_map(|(entry, _)| self.areas_holding(entry.header())) {
                let own = AreaId::try_new(own.as_str()).map_err(|_invalid| not())?;
                let mut common = area.take().unwrap_or_else(|| own.clone());
                while !common.contains(&own) {
                    common = common.parent().unwrap_or_else(AreaId::nation);
                }
                area = Some(common);
            }
        }
        Ok(area.unwrap_or_else(AreaId::nation))
    }

    /// Areas to which an order must come so that it reaches everybody who holds an entry's payload: the entry's own, and
    /// its author's, where the author wrote about another one. Whoever holds that log would not hear an order of the
    /// other area.
    fn areas_holding(&self, header: &Header) -> Vec<String> {
        let mut areas: Vec<String> = self
            .roster(|roster| areas_of(roster, header.place.device).map(str::to_owned).collect());
        if areas.iter().any(|own| contains(own, &header.area)) {
            areas.clear();
        }
        areas.push(header.area.clone());
        areas
    }

    /// Approves what another person ordered, and carries it out here.
    ///
    /// # Errors
    /// [`NodeError::Refused`], also for whoever ordered it.
    pub fn approve_deletion(&self, actor: &Actor, order: EventRef) -> Result<(), NodeError> {
        let command = deletion::Command::Approve { order };
        self.execute(actor, Command::Deletion(command))?;
        self.carry_out()?;
        Ok(())
    }

    /// Somebody at the keyboard who may order, or approve, a deletion.
    ///
    /// # Errors
    /// As [`Node::console`].
    pub fn deleting_console(&self) -> Result<Actor, NodeError> {
        self.console(permission::PAYLOAD_DELETE)
    }

    /// Every deletion on record, the newest first.
    #[must_use]
    pub fn deletions(&self) -> Vec<DeletionView> {
        let enrolled = self.enrolled_devices();
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        let view = |(at, order, mark, found): (EventRef, &Order, &Mark, &deletion::Deletion)| {
            let hash = fold.answers.hash(at);
            let said = |reached| {
                let of = fold.answers.by.get(&(hash, reached)).into_iter().flatten();
                let one = |(device, &(at_ms, gone)): (&DeviceId, &(u64, u32))| Answered {
                    device: *device,
                    at_ms,
                    gone,
                };
                of.map(one).collect::<Vec<_>>()
            };
            let near = |other: &str| {
                let own = mark.area.as_str();
                contains(own, other) || contains(other, own)
            };
            let owes = |device: DeviceId| !fold.answers.has(hash, Reached::Node, device);
            let in_force = found.in_force().is_some();
            let owing = enrolled.iter().filter(|(device, one)| near(&one.1) && owes(**device));
            let owing = owing.map(|(device, one)| (*device, one.0.clone()));
            DeletionView {
                at,
                order: order.clone(),
                by: mark.clone(),
                approved: found.approved.as_ref().map(|(_, mark)| mark.clone()),
                in_force,
                done: said(Reached::Node),
                bus: said(Reached::Bus),
                owing: if in_force { owing.collect() } else { Vec::new() },
            }
        };
        let mut views: Vec<DeletionView> = fold.state.deletions.all().map(view).collect();
        views.sort_by_key(|view| std::cmp::Reverse((view.by.clock_ms, view.at)));
        views
    }

    /// Devices whose certificates hold now, with their names and areas.
    fn enrolled_devices(&self) -> BTreeMap<DeviceId, (String, String)> {
        let at_ms = super::ledger_ms(super::now());
        self.roster(|roster| {
            let mut all = BTreeMap::new();
            for said in roster.statements() {
                let Said::Certificate(one) = said else { continue };
                let body = &one.body;
                let now = (body.not_before_ms..=body.not_after_ms).contains(&at_ms);
                if body.subject == Subject::DEVICE && now && roster.stands(&one) {
                    all.insert(body.key.id(), (body.name.clone(), body.area.clone()));
                }
            }
            all
        })
    }

    /// Carries out what is in force and was not carried out here, and says so. Nothing of it is answered before the
    /// words are nowhere in the folder. Answers how many payloads went.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed, or somebody reads what was before: it is tried again with the next delivery.
    pub fn carry_out(&self) -> Result<u64, NodeError> {
        let own = self.inner.key.id();
        let open: Vec<(Hash, Order, Mark)> = self.folded(|fold| {
            let all = fold.state.deletions.all().filter(|(.., found)| found.in_force().is_some());
            let all = all.map(|(at, order, mark, _)| (fold.answers.hash(at), order, mark));
            let open = all.filter(|(hash, ..)| !fold.answers.has(*hash, Reached::Node, own));
            open.map(|(hash, order, mark)| (hash, order.clone(), mark.clone())).collect()
        });
        if open.is_empty() {
            return Ok(0);
        }
        let (mut copies, mut answers) = (BTreeSet::new(), Vec::new());
        for (hash, order, mark) in open {
            let reached = self.reached(&order, &mark)?;
            let here = reached.iter().filter(|(_, here)| *here).count();
            let gone = u32::try_from(here).unwrap_or(u32::MAX);
            copies.extend(reached.into_iter().map(|(copy, _)| copy));
            answers.push(CarriedOut { deletion: hash, reached: Reached::Node, gone });
        }
        let count = u64::try_from(copies.len()).unwrap_or(u64::MAX);
        if copies.is_empty() {
            // A copy may have been withheld at the door, or a first attempt broke off: the log is emptied in any case.
            self.writer().store.empty_log()?;
        } else {
            self.erase(&copies)?;
        }
        for answer in answers {
            self.answer(answer)?;
        }
        self.tell_backups();
        self.live().publish("deletion", serde_json::json!({}));
        Ok(count)
    }

    /// Entries that are kept here, were not emptied and are reached by an order: each by its own header, for where a log
    /// forks an order may reach one side alone. With each, whether its payload is here.
    pub(super) fn reached(
        &self,
        order: &Order,
        mark: &Mark,
    ) -> Result<Vec<(Kept, bool)>, NodeError> {
        let mut found = Vec::new();
        for &at in &order.places {
            let place = convert::place(at);
            let copies = self.copies(place)?.into_iter();
            let reached = copies.filter(|(entry, _)| reaches(order, mark, entry.header()));
            found.extend(reached.map(|(entry, here)| ((place, entry.hash()), here)));
        }
        Ok(found)
    }

    /// As [`Self::carry_out`] after a delivery: while somebody reads what was before, the next one tries again.
    pub(super) fn carry_out_soon(&self) -> Result<(), NodeError> {
        match self.carry_out() {
            Err(NodeError::Store(StoreError::LogHeld)) => {
                tracing::warn!("a deletion is not answered yet: somebody reads what was before");
                Ok(())
            }
            done => done.map(|_| ()),
        }
    }

    /// Says that a deletion was carried out.
    fn answer(&self, answer: CarriedOut) -> Result<(), NodeError> {
        let mut guard = self.writer();
        self.say(&mut guard, CARRIED_OUT, &answer.encode(), Vec::new())
    }

    /// Deletions that were carried out here and, as far as anybody said, not on the bus: by name, with their places.
    pub(crate) fn owed_by_bus(&self) -> Vec<(Hash, Vec<Place>)> {
        let own = self.inner.key.id();
        self.folded(|fold| {
            let all = fold.state.deletions.all().filter(|(.., found)| found.in_force().is_some());
            let all = all.map(|(at, order, ..)| (fold.answers.hash(at), order));
            let owed = all.filter(|(hash, _)| {
                fold.answers.has(*hash, Reached::Node, own)
                    && !fold.answers.by.contains_key(&(*hash, Reached::Bus))
            });
            owed.map(|(hash, order)| {
                (hash, order.places.iter().copied().map(convert::place).collect())
            })
            .collect()
        })
    }

    /// Says that the bus holds nothing more of what a deletion names.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed.
    pub(crate) fn answer_for_bus(&self, deletion: Hash, gone: u32) -> Result<(), NodeError> {
        self.answer(CarriedOut { deletion, reached: Reached::Bus, gone })
    }

    /// Whether anything is to be gone from here.
    pub(super) fn has_deletions(&self) -> bool {
        self.ops(|state| state.deletions.all().any(|(.., found)| found.in_force().is_some()))
    }

    /// Whether the payload at an entry's place was deleted, by what is known here.
    #[must_use]
    pub fn is_deleted(&self, header: &Header) -> bool {
        self.ops(|state| is_deleted(state, header))
    }

    fn folded<R>(&self, look: impl FnOnce(&Fold) -> R) -> R {
        look(&self.inner.fold.read().unwrap_or_else(PoisonError::into_inner))
    }
}
