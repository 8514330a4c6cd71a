//! What two persons signed once and the node carries out by itself on its day: reporters' contacts go.

use super::{Node, NodeError, convert};
use pehra_domain::{AreaId, Date};
use pehra_ops::{
    Command, EventRef, State,
    deletion::{self, PLACES_MAX, RULE_DAYS, last_day},
    permission,
};
use std::collections::BTreeMap;

/// So many days a contact is left to the node that took it in; then any node that holds it acts.
const OTHERS_WAIT_DAYS: i32 = 1;

impl Node {
    /// Orders the deletion of contacts whose time is over, where a standing order is in force, and carries it out here.
    /// Answers how many it named.
    ///
    /// # Errors
    /// [`NodeError`]: the node may not act there, or the disk failed; what was ordered before stays ordered.
    pub fn delete_due(&self) -> Result<usize, NodeError> {
        let (today, own) = (Date::of_pkt(super::now()), self.inner.key.id());
        let due = self.ops(|state| due(state, today, own.0));
        if due.is_empty() {
            return Ok(0);
        }
        let actor = self.itself(permission::PAYLOAD_DELETE_DUE)?;
        let mut named = 0;
        for ((standing, within), places) in due {
            let all = places.len();
            let mut reached = Vec::with_capacity(all);
            for at in places {
                // Where the author's log lies in another area as well, an order must reach that, too.
                let area = self.deletion_area(&[convert::place(at)])?;
                if within.contains(&area) {
                    reached.push(at);
                }
            }
            let outside = all - reached.len();
            if outside > 0 {
                tracing::warn!(outside, area = %within, "contacts are due that the standing order does not reach: a person must order it");
            }
            for part in reached.chunks(PLACES_MAX) {
                let held: Vec<_> = part.iter().map(|at| convert::place(*at)).collect();
                let area = self.deletion_area(&held)?;
                let command = deletion::Command::Due { area, standing, places: part.to_vec() };
                self.execute(&actor, Command::Deletion(command))?;
                named += part.len();
            }
        }
        self.carry_out()?;
        Ok(named)
    }
}

type Due = BTreeMap<(EventRef, AreaId), Vec<EventRef>>;

/// Contacts that no order in force names yet, by the standing order under which they go.
fn due(state: &State, today: Date, own: [u8; 16]) -> Due {
    let mut found = Due::new();
    let Some(last) = last_day(state) else { return found };
    if today <= last.plus_days(RULE_DAYS) {
        return found;
    }
    let others = today > last.plus_days(RULE_DAYS + OTHERS_WAIT_DAYS);
    let standing: Vec<(EventRef, &AreaId)> = state
        .deletions
        .standing_all()
        .filter(|(.., found)| found.is_in_force())
        .map(|(at, _, mark, _)| (at, &mark.area))
        .collect();
    for (_, record, ..) in state.reports.all() {
        for (at, mark) in record.contacts() {
            let rule = standing.iter().find(|(_, area)| area.contains(&mark.area));
            let Some((rule, within)) = rule else { continue };
            if (others || at.device == own) && state.deletions.naming(at).next().is_none() {
                found.entry((*rule, (*within).clone())).or_default().push(at);
            }
        }
    }
    found
}
