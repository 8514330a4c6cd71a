//! Orders on their way: who their addressees are, how far each came, and by what they can be reached now.
//!
//! Whoever reads or acts says so by an act like any other. What devices say of themselves ("it left", "it is here") are
//! entries of kind 30 without a person. Both end in [`pehra_link::receipt`].

use super::{Node, NodeError, Writer, ledger_ms, now, open::CONSOLE};
use pehra_domain::AreaId;
use pehra_ledger::{DeviceId, Entry, Hash, certificate::Subject, roster::Roster};
use pehra_link::{
    path::{Carrier, State as PathIs},
    receipt::{self, Addressee, ORDERS_MAX, Reached, Receipts, Recipient, Stage, Taken, Way, Word},
};
use pehra_ops::{
    Event, EventRef, Holding, Mark, Stamped,
    order::{self, Order, is_addressed},
};
use std::collections::{BTreeMap, BTreeSet};

/// The ways of all orders.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    receipts: Receipts,
    entries: BTreeMap<EventRef, Hash>,
}

impl Ways {
    /// Takes an act that has effect.
    pub(super) fn act(&mut self, entry: &Entry, stamped: &Stamped) {
        let Event::Order(event) = &stamped.event else { return };
        let header = entry.header();
        match event {
            order::Event::Given(order) => {
                self.entries.insert(stamped.at, entry.hash());
                self.receipts.watch(receipt::Order {
                    entry: entry.hash(),
                    from: header.place.device,
                    area: header.area.clone(),
                    // Who holds a role is asked whenever somebody looks.
                    to: Vec::new(),
                    given_ms: header.clock.ms,
                    due_ms: ledger_ms(order.read_by),
                });
            }
            order::Event::Read { order } => self.person(entry, Stage::Read, *order),
            order::Event::Acted { order, .. } => self.person(entry, Stage::Acted, *order),
            order::Event::Withdrawn { .. } => {}
        }
    }

    fn person(&mut self, entry: &Entry, stage: Stage, order: EventRef) {
        let Some(&order) = self.entries.get(&order) else { return };
        let header = entry.header();
        self.receipts.say(
            order,
            Word {
                stage,
                device: header.place.device,
                person: header.person.clone(),
                role: header.role.clone(),
                area: header.area.clone(),
                reached: Reached { at_ms: header.clock.ms, by: entry.hash() },
            },
        );
    }

    /// Takes what a device says of orders; a person's words come as acts.
    pub(super) fn device(&mut self, entry: &Entry) {
        if !entry.header().person.is_empty() {
            return;
        }
        if let Taken::Refused(why) = self.receipts.take(entry) {
            tracing::warn!(%why, place = %entry.header().place, "a receipt counts for nothing");
        }
    }

    fn way(&self, order: EventRef) -> Option<&Way> {
        self.receipts.way(self.entries.get(&order)?)
    }
}

/// By what an addressee can be reached at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They read on this node.
    Here,
    /// Some path towards them carries.
    Open,
    /// Every path towards them is lost.
    Dark,
    /// No path towards them was ever observed.
    Unknown,
}

impl Reach {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Open => "open",
            Self::Dark => "dark",
            Self::Unknown => "unknown",
        }
    }
}

/// One addressee and how far the order came with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// None while nobody is known to hold the role there.
    pub person: Option<String>,
    pub role: String,
    pub area: AreaId,
    /// When each stage was reached: sent, received, read, acted.
    pub reached: [Option<u64>; 4],
    /// Until when they have time: it runs from delivery.
    pub due_ms: u64,
    /// Nobody read it in its time.
    pub hand: bool,
    pub reach: Reach,
}

/// An order as the room shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderView {
    pub at: EventRef,
    pub order: Order,
    pub given: Mark,
    pub withdrawn: Option<order::Answer>,
    pub notes: Vec<order::Answer>,
    pub addressees: Vec<Addressed>,
}

/// Somebody who holds a role to which an order goes.
struct Seat {
    recipient: Recipient,
    role: String,
    area: AreaId,
}

/// Which devices serve an area: those with the narrowest certificates that cover it.
struct Serving {
    own: DeviceId,
    /// Certified devices with their areas, where this node belongs to a founded election.
    devices: Vec<(DeviceId, String)>,
}

impl Serving {
    fn of(roster: &Roster, own: DeviceId, at_ms: u64) -> Self {
        let mut devices = Vec::new();
        for said in roster.statements() {
            let pehra_ledger::statement::Said::Certificate(one) = said else { continue };
            let body = &one.body;
            let now = (body.not_before_ms..=body.not_after_ms).contains(&at_ms);
            if body.subject == Subject::DEVICE && now && roster.stands(&one) {
                devices.push((body.key.id(), body.area.clone()));
            }
        }
        Self { own, devices }
    }

    fn devices(&self, area: &AreaId) -> Vec<DeviceId> {
        let covering = || {
            let covers =
                |it: &&(DeviceId, String)| pehra_ledger::roster::contains(&it.1, area.as_str());
            self.devices.iter().filter(covers)
        };
        let Some(deepest) = covering().map(|(_, own)| own.len()).max() else {
            return if self.devices.is_empty() { vec![self.own] } else { Vec::new() };
        };
        let narrow = covering().filter(|(_, own)| own.len() == deepest);
        narrow.map(|(device, _)| *device).collect()
    }
}

/// To whom an order goes by what is known now; a role that nobody is known to hold stands for itself.
fn seats(
    holders: &[(pehra_domain::PersonId, Vec<Holding>)],
    serving: &Serving,
    (order, mark): (&Order, &Mark),
) -> Vec<Seat> {
    let mut seats = Vec::new();
    let mut named = BTreeSet::new();
    for role in &order.to {
        let before = seats.len();
        for (person, holdings) in holders {
            let held = holdings
                .iter()
                .filter(|it| it.role == *role && is_addressed(order, &mark.area, role, &it.area))
                .max_by_key(|it| it.area.depth());
            let Some(held) = held else { continue };
            let is_machine = person.as_str() == CONSOLE;
            if is_machine || *person == mark.person || !named.insert(person.clone()) {
                continue;
            }
            seats.push(Seat {
                recipient: Recipient {
                    who: Addressee::Person(person.as_str().to_owned()),
                    devices: serving.devices(&held.area),
                },
                role: role.as_str().to_owned(),
                area: held.area.clone(),
            });
        }
        if seats.len() == before {
            let (role, area) = (role.as_str().to_owned(), mark.area.as_str().to_owned());
            seats.push(Seat {
                recipient: Recipient {
                    who: Addressee::Post { role: role.clone(), area },
                    devices: serving.devices(&mark.area),
                },
                role,
                area: mark.area.clone(),
            });
        }
    }
    seats
}

impl Node {
    fn serving(&self) -> Serving {
        let (own, at_ms) = (self.inner.key.id(), ledger_ms(now()));
        self.roster(|roster| Serving::of(roster, own, at_ms))
    }

    /// Every order whose area `shown` lets through, the newest first.
    pub fn orders(&self, shown: impl Fn(&AreaId, &Order) -> bool) -> Vec<OrderView> {
        let (at, serving) = (now(), self.serving());
        let paths = self.paths().0;
        let fold = self.inner.fold.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let holders = fold.state.persons.in_force(at);
        let mut views = Vec::new();
        for (reference, order, mark, entry) in fold.state.orders.all() {
            if !shown(&mark.area, order) {
                continue;
            }
            let Some(way) = fold.ways.way(reference) else { continue };
            let seats = seats(&holders, &serving, (order, mark));
            let reach = |devices: &[DeviceId], area: &AreaId| {
                if devices.contains(&serving.own) { Reach::Here } else { reach(&paths, area) }
            };
            let over = entry.withdrawn.is_some();
            let addressees = seats.into_iter().map(|seat| {
                let progress = way.progress(&seat.recipient);
                let due_ms = way.due_ms(&progress);
                let late = ledger_ms(at) > due_ms && progress.stage() < Some(Stage::Read);
                Addressed {
                    reach: reach(&seat.recipient.devices, &seat.area),
                    person: match seat.recipient.who {
                        Addressee::Person(name) => Some(name),
                        Addressee::Post { .. } | Addressee::Device(_) => None,
                    },
                    role: seat.role,
                    area: seat.area,
                    reached: Stage::ALL.map(|stage| progress.reached(stage).map(|it| it.at_ms)),
                    due_ms,
                    hand: late && !over,
                }
            });
            views.push(OrderView {
                at: reference,
                order: order.clone(),
                given: mark.clone(),
                withdrawn: entry.withdrawn.clone(),
                notes: entry.acted.values().filter(|it| !it.note.is_empty()).cloned().collect(),
                addressees: addressees.collect(),
            });
        }
        views.sort_by_key(|view| std::cmp::Reverse((view.given.clock_ms, view.at)));
        views
    }

    /// Orders that arrived for somebody who reads here are answered "received", in this device's name.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed.
    pub fn acknowledge(&self) -> Result<usize, NodeError> {
        let own = self.inner.key.id();
        let is_new = |fold: &super::fold::Fold| {
            let foreign = |(at, ..): &(EventRef, &Order, &Mark, &order::Entry)| at.device != own.0;
            fold.state.orders.all().filter(foreign).any(|(at, ..)| {
                fold.ways.way(at).is_some_and(|way| !way.was_said_by(own, Stage::Received))
            })
        };
        {
            let fold = self.inner.fold.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            if !is_new(&fold) {
                return Ok(0);
            }
        }
        let serving = self.serving();
        self.tell_of_orders(Stage::Received, |fold, (at, order, mark)| {
            let holders = fold.state.persons.in_force(now());
            at.device != own.0
                && seats(&holders, &serving, (order, mark))
                    .iter()
                    .any(|seat| seat.recipient.devices.contains(&own))
        })
    }

    /// A path has carried everything that concerns some areas: the orders of this node among it were sent.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed.
    pub fn note_sent(&self, areas: &[String]) -> Result<usize, NodeError> {
        let own = self.inner.key.id();
        let contains = pehra_ledger::roster::contains;
        self.tell_of_orders(Stage::Sent, |_, (at, _, mark)| {
            let area = mark.area.as_str();
            at.device == own.0
                && areas.iter().any(|other| contains(other, area) || contains(area, other))
        })
    }

    /// Signs one word of this device about every order that it has not said it of.
    fn tell_of_orders(
        &self,
        stage: Stage,
        concerns: impl Fn(&super::fold::Fold, (EventRef, &Order, &Mark)) -> bool,
    ) -> Result<usize, NodeError> {
        let mut guard = self.writer();
        let writer: &mut Writer = &mut guard;
        let own = self.inner.key.id();
        let mut orders: Vec<Hash> = {
            let fold = self.inner.fold.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let open = fold.state.orders.all().filter(|(at, order, mark, _)| {
                fold.ways.way(*at).is_some_and(|way| !way.was_said_by(own, stage))
                    && concerns(&fold, (*at, order, mark))
            });
            open.filter_map(|(at, ..)| fold.ways.entries.get(&at).copied()).collect()
        };
        orders.sort_unstable();
        for some in orders.chunks(ORDERS_MAX) {
            let body = receipt::Receipt { stage, orders: some.to_vec() }.encode();
            self.say(writer, receipt::RECEIPT, &body, Vec::new())?;
        }
        drop(guard);
        if !orders.is_empty() {
            self.live().publish("order", serde_json::json!({}));
        }
        Ok(orders.len())
    }

    /// The order that an entry's name stands for.
    #[must_use]
    pub fn order(&self, at: EventRef) -> Option<(Order, AreaId)> {
        self.ops(|state| {
            state.orders.get(at).map(|(order, mark, _)| (order.clone(), mark.area.clone()))
        })
    }
}

/// By what an area can be reached, by what was observed of the paths that lead there.
fn reach(paths: &[pehra_link::path::PathView], area: &AreaId) -> Reach {
    let mut observed = false;
    for path in paths {
        let by_hand = matches!(path.carrier, Carrier::Stick | Carrier::Screen);
        let there = AreaId::try_new(path.area.as_str()).is_ok_and(|other| other.meets(area));
        if by_hand || !there || path.state == PathIs::Unknown {
            continue;
        }
        if path.state != PathIs::Lost {
            return Reach::Open;
        }
        observed = true;
    }
    if observed { Reach::Dark } else { Reach::Unknown }
}

/// Whether an entry of a kind may bring an order, or somebody to whom one goes.
pub(super) fn may_move(kind: u32) -> bool {
    let certificate = kind == pehra_ledger::statement::CERTIFICATE;
    certificate
        || pehra_ops::event::kind_name(kind)
            .is_some_and(|name| name == "order.given" || name.starts_with("person."))
}
