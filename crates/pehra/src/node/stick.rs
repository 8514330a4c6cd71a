//! Bundles through hands, as a path: the last one out and in, receipts that are outstanding, what was recorded since.
//!
//! Hands are slow, and the room is closed while a command writes a stick: what happened is kept on disk.

use super::{Node, NodeError, backlog::Backlog, ledger_ms, now};
use pehra_ledger::{DeviceId, hash::unhex};
use pehra_link::{path::State, queue::Depth};
use std::collections::{BTreeMap, BTreeSet};

/// Bundles of ours, each with a receiver and when it was made.
const OUT_SETTING: &str = "link-out";
/// Devices with which bundles were exchanged: when last, and up to which receipt.
const HANDS_SETTING: &str = "link-hands";
/// Bundles that are remembered.
const OUT_MAX: usize = 4_096;
/// A receipt that stays away longer makes a path doubtful: a courier's day.
const DUE_MS: u64 = 24 * 3_600_000;

/// Bundles to and from one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hands {
    pub device: DeviceId,
    pub name: String,
    pub areas: Vec<String>,
    pub state: State,
    pub since_ms: Option<u64>,
    pub out_ms: Option<u64>,
    pub in_ms: Option<u64>,
    /// When a receipt for a bundle of ours last came.
    pub receipt_ms: Option<u64>,
    /// Bundles of ours of whose arrival nothing is known, and the age of the oldest.
    pub outstanding: u32,
    pub outstanding_since_ms: Option<u64>,
    /// What was recorded here since the last bundle to it, and when that was counted.
    pub queue: Option<([Depth; 4], u64)>,
}

/// When something last went through hands; zero is never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Last {
    out_ms: u64,
    receipt: i64,
    in_ms: u64,
    back_ms: u64,
}

/// What was counted for each device.
pub(super) type Counted = BTreeMap<DeviceId, (i64, Backlog)>;

fn some(ms: u64) -> Option<u64> {
    (ms > 0).then_some(ms)
}

fn device(word: &str) -> Option<DeviceId> {
    unhex(word)?.try_into().ok().map(DeviceId)
}

impl Last {
    fn read(line: &str) -> Option<(DeviceId, Self)> {
        let mut words = line.split(' ');
        let device = device(words.next()?)?;
        let mut number = || words.next()?.parse().ok();
        let (out_ms, receipt) = (number()?, number()?);
        let (in_ms, back_ms) = (number()?, number()?);
        Some((device, Self { out_ms, receipt: i64::try_from(receipt).ok()?, in_ms, back_ms }))
    }
}

impl Node {
    /// Notes that a bundle was made for some devices.
    pub(super) fn note_bundle_out(
        &self,
        bundle: &str,
        to: &[DeviceId],
        made_ms: u64,
    ) -> Result<(), NodeError> {
        let receipt = self.receipts();
        self.note_hands(to, |last| (last.out_ms, last.receipt) = (made_ms, receipt))?;
        let mut writer = self.writer();
        let text = writer.store.setting(OUT_SETTING)?.unwrap_or_default();
        let new: Vec<String> =
            to.iter().map(|device| format!("{bundle} {device} {made_ms}")).collect();
        let mut lines: Vec<&str> = text.lines().chain(new.iter().map(String::as_str)).collect();
        let from = lines.len().saturating_sub(OUT_MAX);
        lines.drain(..from);
        Ok(writer.store.set_setting(OUT_SETTING, Some(&lines.join("\n")))?)
    }

    /// Notes that a bundle of a device came in, and whether it says that bundles of ours arrived.
    pub(super) fn note_bundle_in(&self, from: DeviceId, receipts: bool) -> Result<(), NodeError> {
        let at = ledger_ms(now());
        self.note_hands(&[from], |last| {
            last.in_ms = at;
            if receipts {
                last.back_ms = at;
            }
        })?;
        self.live().publish("carrier", serde_json::json!({}));
        Ok(())
    }

    fn note_hands(
        &self,
        devices: &[DeviceId],
        change: impl Fn(&mut Last),
    ) -> Result<(), NodeError> {
        let mut writer = self.writer();
        let text = writer.store.setting(HANDS_SETTING)?.unwrap_or_default();
        let mut all: BTreeMap<DeviceId, Last> = text.lines().filter_map(Last::read).collect();
        for device in devices {
            change(all.entry(*device).or_default());
        }
        let line = |(device, it): (&DeviceId, &Last)| {
            format!("{device} {} {} {} {}", it.out_ms, it.receipt, it.in_ms, it.back_ms)
        };
        let lines: Vec<String> = all.iter().map(line).collect();
        Ok(writer.store.set_setting(HANDS_SETTING, Some(&lines.join("\n")))?)
    }

    /// Everybody with whom bundles were exchanged, ordered by device.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn hands(&self) -> Result<Vec<Hands>, NodeError> {
        let at = ledger_ms(now());
        let (hands, out, back) = {
            let reader = self.reader();
            let setting = |name| reader.setting(name).map(Option::unwrap_or_default);
            (
                setting(HANDS_SETTING)?,
                setting(OUT_SETTING)?,
                setting(super::bundle::DELIVERED_SETTING)?,
            )
        };
        let arrived: BTreeSet<(&str, DeviceId)> = back
            .lines()
            .filter_map(|line| Some((line.split(' ').next()?, device(line.split(' ').nth(3)?)?)))
            .collect();
        let mut outstanding: BTreeMap<DeviceId, (u32, u64)> = BTreeMap::new();
        for line in out.lines() {
            let mut words = line.split(' ');
            let (Some(bundle), Some(to)) = (words.next(), words.next().and_then(device)) else {
                continue;
            };
            if arrived.contains(&(bundle, to)) {
                continue;
            }
            let made_ms = words.next().and_then(|it| it.parse().ok()).unwrap_or(at);
            let held = outstanding.entry(to).or_insert((0, made_ms));
            *held = (held.0 + 1, held.1.min(made_ms));
        }
        let mut all = Vec::new();
        for (device, last) in hands.lines().filter_map(Last::read) {
            let waits = outstanding.get(&device).copied();
            let queue = (last.out_ms > 0).then(|| (self.since(device, last.receipt), at));
            let (name, areas) = self.filed(device);
            let (state, since_ms) = last.state(waits, at);
            all.push(Hands {
                device,
                name,
                areas,
                state,
                since_ms,
                out_ms: some(last.out_ms),
                in_ms: some(last.in_ms),
                receipt_ms: some(last.back_ms),
                outstanding: waits.map_or(0, |(count, _)| count),
                outstanding_since_ms: waits.map(|(_, ms)| ms),
                queue,
            });
        }
        Ok(all)
    }

    /// What was recorded since a receipt, counted step by step.
    fn since(&self, device: DeviceId, receipt: i64) -> [Depth; 4] {
        let known = self.carriers().counted.remove(&device);
        let mut backlog = match known {
            Some((from, backlog)) if from == receipt => backlog,
            Some(_) | None => Backlog::empty_at(receipt),
        };
        let depths = backlog.grow(self);
        self.carriers().counted.insert(device, (receipt, backlog));
        depths
    }
}

impl Last {
    /// Nothing ever came back: unknown. A receipt is overdue: doubtful. Hands are never called lost: the next courier may
    /// bring all of it.
    fn state(&self, waits: Option<(u32, u64)>, at_ms: u64) -> (State, Option<u64>) {
        let came_ms = self.in_ms.max(self.back_ms);
        match waits {
            Some((_, oldest_ms)) if at_ms.saturating_sub(oldest_ms) > DUE_MS => {
                (State::Doubtful, Some(oldest_ms.saturating_add(DUE_MS)))
            }
            Some(_) | None if came_ms > 0 => (State::Up, Some(came_ms)),
            Some(_) | None => (State::Unknown, None),
        }
    }
}
