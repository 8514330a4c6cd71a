//! What came of each root, for the evaluation: when it was heard of, when somebody was warned, and when what it spoke of
//! happened, if it did.

use super::{Deed, Step, Tip};
use pehra_domain::UnixMs;
use pehra_drill::day::{Second, Trouble};
use std::collections::BTreeMap;

/// One root, however many services passed it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its name on record.
    pub root: String,
    pub district: u32,
    pub trouble: Trouble,
    pub from: Second,
    pub until: Second,
    /// When the first word came, and how many services said it.
    pub heard: Second,
    pub reports: u32,
    /// When a desk that is simulated took each step first.
    pub taken: BTreeMap<Step, UnixMs>,
}

/// Every root of the day.
#[derive(Clone, Debug, Default)]
pub struct Known {
    all: BTreeMap<u32, Matter>,
}

impl Known {
    pub fn hear(&mut self, tip: &Tip, at: Second) {
        let fresh = || Matter {
            root: tip.report.root.clone(),
            district: tip.district,
            trouble: tip.trouble,
            from: tip.from,
            until: tip.until,
            heard: at,
            reports: 0,
            taken: BTreeMap::new(),
        };
        self.all.entry(tip.root).or_insert_with(fresh).reports += 1;
    }

    pub fn take(&mut self, deed: &Deed) {
        if let Some(matter) = self.all.get_mut(&deed.tip.root) {
            matter.taken.entry(deed.step).or_insert(deed.at);
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &Matter> {
        self.all.values()
    }
}
