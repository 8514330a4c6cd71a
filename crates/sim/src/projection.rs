//! What takes effect at a node.

use crate::{bug::Bug, deletion::is_named, node::SimNode};
use pehra_ledger::{
    Entry, Hash, Hlc, Place,
    roster::{Act, Standing},
    statement::OWN_KINDS_END,
};
use std::collections::BTreeSet;

/// What is effective at a node.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Projection {
    pub clean: BTreeSet<(Place, Hash)>,
    /// Acts counted.
    pub effects: u64,
    /// Deletions that are believed: where each was ordered, and the place that it names. What stands at that place may be
    /// one thing here and another there, where its log forks: the order is the same.
    pub orders: BTreeSet<(Place, Place)>,
    /// The act that stands, of all that set the same thing and were not deleted: the latest by its clock.
    pub stands: Option<(Hlc, Place)>,
}

impl Projection {
    /// Where two projections part first, in words.
    #[must_use]
    pub fn differs(&self, other: &Self) -> String {
        let clean = self.clean.symmetric_difference(&other.clean).next();
        let orders = self.orders.symmetric_difference(&other.orders).next();
        let clean = clean.map(|(place, _)| format!("what takes effect at {place}"));
        let orders = orders.map(|(at, named)| format!("the deletion of {named}, ordered at {at}"));
        let parts = clean.or(orders);
        parts.unwrap_or_else(|| format!("{:?} and {:?} stand", self.stands, other.stands))
    }
}

impl SimNode {
    /// What takes effect here.
    #[must_use]
    pub fn projection(&self) -> Projection {
        let orders = self.orders(false);
        let named = orders.iter().map(|order| (order.at, order.named));
        let mut projection = Projection { orders: named.collect(), ..Projection::default() };
        for entry in self.book.logs.entries() {
            let (header, hash) = (entry.header(), entry.hash());
            if header.kind < OWN_KINDS_END || !self.is_clean(entry) {
                continue;
            }
            projection.clean.insert((header.place, hash));
            projection.effects += 1;
            if !is_named(&orders, entry) {
                let at = (header.clock, header.place);
                projection.stands = projection.stands.max(Some(at));
            }
        }
        if self.has(Bug::KnownCountsAgain) {
            projection.effects += self.again;
        }
        if self.has(Bug::OrderOfArrival) {
            projection.stands = self.arrived.last().map(|place| (Hlc::default(), *place));
        }
        projection
    }

    pub(crate) fn is_clean(&self, entry: &Entry) -> bool {
        let (header, hash) = (entry.header(), entry.hash());
        let place = header.place;
        let forked = self.book.logs.forked().get(&(place.device, place.epoch)).copied();
        let late = u64::from(self.has(Bug::ForkOffByOne));
        if forked.is_some_and(|at| place.seq >= at + late) && !self.has(Bug::ForkedStillClean) {
            return false;
        }
        let roster = &self.book.roster;
        let standing = roster.standing(&Act::of(header, hash));
        let last = |seq: u64| {
            roster.revoked(place.device).any(|revocation| {
                revocation.body.last.iter().any(|it| it.epoch == place.epoch && it.seq == seq)
            })
        };
        match standing {
            Standing::Good => !(self.has(Bug::RevocationOneEarly) && last(place.seq)),
            Standing::Revoked => {
                self.has(Bug::RevocationIgnored)
                    || (self.has(Bug::RevocationOneLate) && place.seq > 0 && last(place.seq - 1))
                    || roster.revoked(place.device).any(|it| {
                        let before = it.body.witnessed_before_ms;
                        it.body.leaves(place, hash)
                            && before.is_some_and(|ms| self.believes_receipt(place, ms))
                    })
            }
            Standing::OutsideTime => self.has(Bug::ExpiryIgnored),
            Standing::OutsideArea => self.has(Bug::AreaIgnored),
            Standing::RoleNotHeld => self.has(Bug::RoleIgnored),
            Standing::NoCertificate | Standing::NotChained | Standing::IssuerRevoked => false,
        }
    }
}
