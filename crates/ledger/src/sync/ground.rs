//! One comparison's own view: the key, what is held, and where a peer's elements are found in it.

use super::desk::Desk;
use super::element::{Element, Height, Key, Log, Tag};
use super::holding::{Holding, Set};
use super::message::{ForkCarried, Frontier, Later, MESSAGE_BYTES_MAX};
use super::pack::pack;
use super::scope::{Entitlement, Scope};
use crate::entry::Entry;
use crate::epoch;
use crate::hash::Hash;
use crate::log::LogsUnreadable;
use crate::roster::Roster;
use crate::statement::Said;
use std::collections::BTreeMap;

/// Bytes of one part of entries, about.
pub(super) const PART_BYTES: usize = 256 << 10;

#[derive(Debug)]
pub(super) struct Ground {
    pub(super) key: Key,
    pub(super) holding: Holding,
    heights: BTreeMap<Log, Height>,
    tags: BTreeMap<Tag, Log>,
}

impl Ground {
    pub(super) fn new(key: Key, holding: Holding) -> Self {
        let heights = holding.heights.iter().map(|height| (height.log, *height)).collect();
        let tags = holding.heights.iter().map(|height| (key.tag(height.log), height.log)).collect();
        Self { key, holding, heights, tags }
    }

    pub(super) fn log_of(&self, tag: Tag) -> Option<Log> {
        self.tags.get(&tag).copied()
    }

    pub(super) fn height_of(&self, log: Log) -> Option<&Height> {
        self.heights.get(&log)
    }

    pub(super) fn next_of(&self, log: Log) -> u64 {
        self.heights.get(&log).map_or(0, |height| height.next)
    }

    /// Places in the order of devices whose group's bit is set.
    pub(super) fn rows(&self, groups: &[u8]) -> Vec<usize> {
        let all = self.holding.basis.iter().enumerate();
        all.filter(|(_, (group, _))| is_set(groups, *group)).map(|(row, _)| row).collect()
    }

    pub(super) fn first_log(&self, row: usize) -> Option<Log> {
        self.holding.basis.get(row).map(|(_, device)| (*device, epoch::FIRST))
    }

    /// Logs of later epochs in some groups, with the number of their device.
    pub(super) fn later(&self, groups: &[u8]) -> Vec<(Later, Log)> {
        let of_device: BTreeMap<_, _> = (0_u32..)
            .zip(&self.holding.basis)
            .filter(|(_, (group, _))| is_set(groups, *group))
            .map(|(row, (_, device))| (*device, row))
            .collect();
        let later = self.holding.heights.iter().filter(|height| height.log.1 != epoch::FIRST);
        later
            .filter_map(|height| {
                let device = *of_device.get(&height.log.0)?;
                Some((Later { device, epoch: height.log.1, next: height.next }, height.log))
            })
            .collect()
    }

    /// Heights of first epochs, in the order of devices.
    pub(super) fn row_heights(&self) -> Vec<u64> {
        (0..self.holding.basis.len())
            .map(|row| self.first_log(row).map_or(0, |log| self.next_of(log)))
            .collect()
    }

    pub(super) fn frontier(&self, groups: Vec<u8>) -> Frontier {
        let nexts = self
            .rows(&groups)
            .into_iter()
            .map(|row| self.first_log(row).map_or(0, |log| self.next_of(log)));
        let packed = pack(nexts);
        let later = self.later(&groups).into_iter().map(|(later, _)| later).collect();
        Frontier { basis: self.holding.basis_digest(&self.key), groups, packed, later }
    }

    /// The names or logs behind elements of one's own set.
    pub(super) fn statements(&self, elements: &[Element]) -> Vec<Hash> {
        let by: BTreeMap<Element, Hash> =
            self.holding.statements.iter().map(|name| (self.key.name(name), *name)).collect();
        elements.iter().filter_map(|element| by.get(element).copied()).collect()
    }

    pub(super) fn forks(&self, elements: &[Element]) -> Vec<Log> {
        let by: BTreeMap<Element, Log> =
            self.holding.forks.iter().map(|fork| (self.key.name(&fork.name()), fork.log)).collect();
        elements.iter().filter_map(|element| by.get(element).copied()).collect()
    }

    pub(super) fn elements(&self, set: Set) -> Vec<Element> {
        self.holding.elements(set, &self.key)
    }
}

pub(super) fn is_set(bits: &[u8], at: u32) -> bool {
    let byte = usize::try_from(at / 8).ok().and_then(|byte| bits.get(byte));
    byte.is_some_and(|byte| byte >> (at % 8) & 1 == 1)
}

/// Lines of stretches that are told part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) log: Log,
    pub(super) from: u64,
    pub(super) until: Option<u64>,
}

/// Where a part of some lines begins: the line's number and the place.
pub(super) type Cursor = (u32, u64);

/// Logs that are rated before they are told: beyond it, rating would cost more than it brings.
const RATED_MAX: usize = 4_096;

/// Puts lines in the order of their urgency; equal ones stay as they are.
pub(super) fn by_urgency(desk: &dyn Desk, lines: &mut Vec<Line>) -> Result<(), LogsUnreadable> {
    if lines.len() < 2 || lines.len() > RATED_MAX {
        return Ok(());
    }
    let mut rated = Vec::with_capacity(lines.len());
    for line in lines.drain(..) {
        rated.push((desk.urgency(line.log, line.from)?, line));
    }
    rated.sort_by_key(|(urgency, _)| *urgency);
    lines.extend(rated.into_iter().map(|(_, line)| line));
    Ok(())
}

/// One part of what stands ready, as `peer` may hold it, and where the next begins.
pub(super) fn part(
    desk: &dyn Desk,
    peer: &Entitlement,
    lines: &[Line],
    from: Cursor,
) -> Result<(Vec<Vec<u8>>, Option<Cursor>), LogsUnreadable> {
    let (mut out, mut bytes) = (Vec::new(), 0_usize);
    let mut at = from;
    while let Some(line) = usize::try_from(at.0).ok().and_then(|line| lines.get(line)) {
        if bytes >= PART_BYTES || out.len() >= super::message::LIST_MAX {
            return Ok((out, Some(at)));
        }
        let seq = at.1.max(line.from);
        let some = desk.entries(line.log, seq, line.until, PART_BYTES - bytes)?;
        let mut last = None;
        for entry in some {
            let seq = entry.header().place.seq;
            let encoded = sieved(desk, peer, entry).encode();
            let full = bytes + encoded.len() > MESSAGE_BYTES_MAX / 2
                || out.len() >= super::message::LIST_MAX;
            if full && !out.is_empty() {
                return Ok((out, Some((at.0, seq))));
            }
            bytes += encoded.len();
            out.push(encoded);
            last = Some(seq);
        }
        match last {
            // A log may have more than fitted.
            Some(last) if bytes >= PART_BYTES => {
                return Ok((out, Some((at.0, last + 1))));
            }
            Some(_) | None => at = (at.0.saturating_add(1), 0),
        }
    }
    Ok((out, None))
}

pub(super) fn sieved(desk: &dyn Desk, who: &Entitlement, entry: Entry) -> Entry {
    let mut may_read = false;
    desk.with_roster(&mut |roster| may_read = who.may_read(roster, &entry));
    if may_read { entry } else { entry.withheld() }
}

/// What of a delivery this node may hold, as it may hold it; what it may not is left out and counted.
pub(super) fn admitted(
    roster: &Roster,
    scope: &Scope,
    entries: &[Vec<u8>],
) -> Result<(Vec<Entry>, usize), crate::entry::EntryUnreadable> {
    let (mut admitted, mut outside) = (Vec::with_capacity(entries.len()), 0);
    // Entries come log by log: of each device it is asked once.
    let mut last = None;
    for bytes in entries {
        let entry = Entry::decode(bytes)?;
        let device = entry.header().place.device;
        let is_outside = match last {
            Some((asked, is_outside)) if asked == device => is_outside,
            // Who is not known yet may become so; the intake says it by name.
            Some(_) | None => {
                roster.certificates(device).next().is_some() && !scope.shares_log(roster, device)
            }
        };
        last = Some((device, is_outside));
        if is_outside {
            outside += 1;
        } else {
            admitted.push(scope.mine.sieve(roster, entry));
        }
    }
    Ok((admitted, outside))
}

/// Statements as they travel.
pub(super) fn carried(
    desk: &dyn Desk,
    names: &[Hash],
) -> Result<Vec<(u32, Vec<u8>)>, LogsUnreadable> {
    let mut out = Vec::with_capacity(names.len());
    for name in names {
        if let Some(said) = desk.statement(name)? {
            out.push((said.kind(), said.body()));
        }
    }
    Ok(out)
}

/// Forks as they travel.
pub(super) fn forks_carried(
    desk: &dyn Desk,
    peer: &Entitlement,
    logs: &[Log],
) -> Result<Vec<ForkCarried>, LogsUnreadable> {
    let mut out = Vec::with_capacity(logs.len());
    for log in logs {
        if let Some((entry, proof)) = desk.fork(*log)? {
            out.push(ForkCarried { entry: sieved(desk, peer, entry).encode(), proof });
        }
    }
    Ok(out)
}

/// The statements of a delivery that both may hold, or that make known who may.
pub(super) fn said(statements: &[(u32, Vec<u8>)]) -> Result<Vec<Said>, crate::statement::NotSaid> {
    statements.iter().map(|(kind, body)| Said::decode(*kind, body)).collect()
}
