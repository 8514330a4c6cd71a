//! First reading: which ways are roads, over which points they go, and which turns are forbidden there.

use super::{
    block::{Member, Tags, Visitor},
    rule::{self, WayRule},
};

/// A road as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) id: i64,
    pub(super) rule: WayRule,
    /// First of its points in `refs`; the next way's first is its end.
    pub(super) first: usize,
}

/// A turn rule as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Turn {
    pub(super) id: i64,
    pub(super) from: Vec<i64>,
    /// The point; none when it leads over other ways.
    pub(super) via: Option<i64>,
    pub(super) to: Vec<i64>,
    /// Nothing but this turn may be taken.
    pub(super) only: bool,
}

#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) ways: Vec<Way>,
    pub(super) refs: Vec<i64>,
    pub(super) turns: Vec<Turn>,
    /// Roads with fewer than two points.
    pub(super) short: u64,
    /// Rules that hold at some hours or under some conditions only.
    pub(super) conditional: u64,
}

impl Visitor for Ways {
    const NODES: bool = false;
    const WAYS: bool = true;

    fn way(&mut self, id: i64, tags: &Tags<'_>, refs: &[i64]) {
        if tags.get("highway").is_empty() && tags.get("route").is_empty() {
            return;
        }
        let Some(rule) = rule::of_way(tags) else { return };
        if refs.len() < 2 {
            self.short += 1;
            return;
        }
        self.ways.push(Way { id, rule, first: self.refs.len() });
        self.refs.extend_from_slice(refs);
    }

    fn relation(&mut self, id: i64, tags: &Tags<'_>, members: &[Member<'_>]) {
        if !tags.is("type", "restriction") && !tags.is("type", "restriction:motorcar") {
            return;
        }
        let kind = [tags.get("restriction"), tags.get("restriction:motorcar")]
            .into_iter()
            .find(|kind| !kind.is_empty());
        let Some(kind) = kind else {
            self.conditional += 1;
            return;
        };
        let except = std::str::from_utf8(tags.get("except")).unwrap_or_default();
        if except.split(';').any(|vehicle| matches!(vehicle.trim(), "motorcar" | "motor_vehicle")) {
            return;
        }
        let only = kind.starts_with(b"only_");
        if !only && !kind.starts_with(b"no_") {
            self.conditional += 1;
            return;
        }
        let ways = |role: &[u8]| -> Vec<i64> {
            members.iter().filter(|m| m.role == role && m.kind == 1).map(|m| m.id).collect()
        };
        let via = members.iter().find(|m| m.role == b"via" && m.kind == 0).map(|m| m.id);
        self.turns.push(Turn { id, from: ways(b"from"), via, to: ways(b"to"), only });
    }
}
