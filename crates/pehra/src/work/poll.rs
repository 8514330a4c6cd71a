//! Polls that are not simply held on the general day: what was ordered, and which stations vote when.

use super::WorkError;
use crate::{dataset::PollOf, node::Node, world::StationTable};
use pehra_domain::{
    AreaId, ConstituencyId, Date, StationId,
    poll::{PollKey, PollState},
};
use pehra_ops::{
    Actor, Command,
    poll::{self, Order, Phase},
};
use std::collections::BTreeSet;

/// Positions in the station table of the stations that vote.
pub(super) struct Voting(Option<BTreeSet<usize>>);

impl Voting {
    pub(super) fn contains(&self, position: usize) -> bool {
        self.0.as_ref().is_none_or(|some| some.contains(&position))
    }
}

/// Which stations vote in a poll. In the general one all do but those whose every contest was put off; in one of
/// its own day those that the orders name, or the whole constituency.
///
/// # Errors
/// [`WorkError::Input`] when no such poll is on record.
pub(super) fn voting(
    node: &Node,
    table: &StationTable,
    poll: Option<&PollOf>,
) -> Result<Voting, WorkError> {
    match poll {
        None => Ok(general(node, table)),
        Some(poll) => of_own_day(node, table, poll),
    }
}

/// Constituencies whose poll of the general day is put off.
pub(crate) fn put_off(node: &Node) -> BTreeSet<ConstituencyId> {
    let date = node.poll_date();
    node.ops(|state| {
        let put_off = |key: &PollKey| state.polls.phase(key) == Phase::Postponed;
        let keys = state.polls.all().map(|(key, _)| key);
        keys.filter(|key| key.station.is_none() && key.date == date && put_off(key))
            .map(|key| key.constituency.clone())
            .collect()
    })
}

fn general(node: &Node, table: &StationTable) -> Voting {
    let off = put_off(node);
    if off.is_empty() {
        return Voting(None);
    }
    let votes = |contests: &[pehra_domain::contest::Contest]| {
        contests.is_empty() || contests.iter().any(|contest| !off.contains(&contest.constituency))
    };
    let some = table.stations.iter().enumerate().filter(|(_, station)| votes(&station.contests));
    Voting(Some(some.map(|(position, _)| position).collect()))
}

fn of_own_day(node: &Node, table: &StationTable, poll: &PollOf) -> Result<Voting, WorkError> {
    let named: Vec<Option<StationId>> = node.ops(|state| {
        let stands = |key: &PollKey| {
            state.polls.get(key).is_some_and(|(record, _)| record.state == PollState::Scheduled)
        };
        let keys = state.polls.all().map(|(key, _)| key);
        keys.filter(|key| key.constituency == poll.constituency && key.date == poll.date)
            .filter(|key| stands(key))
            .map(|key| key.station.clone())
            .collect()
    });
    if named.is_empty() {
        return Err(WorkError::Input(format!(
            "no poll of {} on {} is on record: record the order first with `pehra plan poll schedule {0} {1}`, or \
             postpone, adjourn or repeat one --to that day",
            poll.constituency, poll.date
        )));
    }
    let whole = named.iter().any(Option::is_none);
    let names: BTreeSet<StationId> = named.into_iter().flatten().collect();
    let votes = |station: &pehra_domain::station::Station| {
        let here = station.contests.iter().any(|c| c.constituency == poll.constituency);
        here && (whole || names.contains(&station.id))
    };
    let some = table.stations.iter().enumerate().filter(|(_, station)| votes(station));
    let some: BTreeSet<usize> = some.map(|(position, _)| position).collect();
    if some.is_empty() {
        let constituency = &poll.constituency;
        return Err(WorkError::Input(format!("no imported station belongs to {constituency}")));
    }
    Ok(Voting(Some(some)))
}

/// Reads `NA-8@2024-04-21`.
///
/// # Errors
/// [`WorkError::Input`] says how it is written.
pub fn parse(text: &str) -> Result<PollOf, WorkError> {
    let wrong = || WorkError::Input(format!("`{text}` names no poll: write NA-8@2024-04-21"));
    let (constituency, date) = text.split_once('@').ok_or_else(wrong)?;
    Ok(PollOf {
        constituency: ConstituencyId::try_new(constituency.trim()).map_err(|_invalid| wrong())?,
        date: Date::parse(date).ok_or_else(wrong)?,
    })
}

/// Records that a poll of the general day is put off, as far as it is known before anybody ordered it here.
///
/// # Errors
/// [`WorkError::Node`] when ops refuses or the disk does.
pub fn postponed(
    node: &Node,
    actor: &Actor,
    key: &PollKey,
    order: &Order,
) -> Result<(), WorkError> {
    let area = AreaId::nation();
    let actor = node.acting(&actor.person, pehra_ops::permission::POLL_RECORD)?;
    if node.ops(|state| state.polls.phase(key)) == Phase::Unknown {
        let command =
            poll::Command::Schedule { area: area.clone(), poll: key.clone(), order: order.clone() };
        node.execute(&actor, Command::Poll(command))?;
    }
    let command =
        poll::Command::Postpone { area, poll: key.clone(), to: None, order: order.clone() };
    node.execute(&actor, Command::Poll(command))?;
    Ok(())
}
