//! Where a station's bag stands on its way, and what somebody does with it, found out when its turn comes: a receipt names
//! the offer that stands on record then.

use super::item::Labels;
use crate::drill::{deliver::Act, desk::Hand};
use pehra_domain::{AreaId, ConstituencyId, ItemId, UnixMs};
use pehra_drill::day::{Second, Totals as Papers};
use pehra_ops::{
    Command, Hash32, State,
    custody::{self, Hold, Reading, Receipt, Step, Totals, Witness},
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeSet, sync::Arc};

/// One act of a person who has a station's material in hand, or sees it.
#[derive(Clone, Debug)]
pub enum Deed {
    Does {
        hand: Hand,
        role: &'static str,
        command: Box<custody::Command>,
    },
    /// Signs for what was offered, with the seals as they are read.
    Receives {
        hand: Hand,
        role: &'static str,
        step: Step,
        at: UnixMs,
        read: Reading,
        place: String,
    },
    /// A guard saw it leave.
    Witnesses {
        hand: Hand,
        item: ItemId,
        at: UnixMs,
    },
}

impl Deed {
    pub(super) fn role(&self) -> &'static str {
        match self {
            Self::Does { role, .. } | Self::Receives { role, .. } => role,
            Self::Witnesses { .. } => "STN-SEC",
        }
    }

    /// The act as the record stands; none where what it answers is not there.
    pub(in crate::drill) fn act(&self, state: &State, area: &AreaId) -> Option<Act> {
        let (hand, command) = match self {
            Self::Does { hand, command, .. } => (hand, command.as_ref().clone()),
            Self::Receives { hand, step, at, read, place, .. } => {
                let Hold::Offered(offer) = state.custody.hold(area, &read.item)? else {
                    return None;
                };
                let receipt = Receipt {
                    offer,
                    step: *step,
                    at: *at,
                    read: vec![read.clone()],
                    missing: Vec::new(),
                    clocks_apart_s: 0,
                    place: place.clone(),
                    photographs: Vec::new(),
                };
                (hand, custody::Command::Receive { receipt })
            }
            Self::Witnesses { hand, item, at } => {
                let Hold::Moving(entry) = state.custody.hold(area, item)? else { return None };
                let (at, witness, note) = (*at, Witness::Guard, String::new());
                (hand, custody::Command::Witness { entry, at, witness, agrees: true, note })
            }
        };
        let command = Command::Custody(command);
        Some(Act { role: self.role(), command, count: 1, hand: hand.clone(), day: None })
    }
}

/// A station's bag.
pub(super) struct Post {
    pub(super) labels: Arc<Labels>,
    pub(super) convoy: u32,
    /// How far the engine's number of the seal had moved when the bag was packed and sealed anew.
    pub(super) packed: Option<u32>,
    pub(super) agents: u32,
    /// Women marked in the roll.
    pub(super) women: Option<u32>,
    pub(super) papers: Option<[Papers; 2]>,
}

impl Post {
    pub(super) fn new(labels: Labels) -> Self {
        let (packed, women, papers) = (None, None, None);
        Self { labels: Arc::new(labels), convoy: u32::MAX, packed, agents: 0, women, papers }
    }

    /// What is on the bag now, by how far the engine's number moved from the manifest's.
    pub(super) fn read(&self, moved: u32) -> Reading {
        match self.packed {
            Some(packed) => self.labels.return_seal(moved.wrapping_sub(packed)),
            None => self.labels.seal(moved),
        }
    }
}

/// A convoy on its way.
#[derive(Default)]
pub(super) struct Column {
    /// Stations whose presiding officer is aboard with the bag.
    pub(super) aboard: BTreeSet<u32>,
    /// The longest halt since it left that nobody planned.
    pub(super) halt_s: i32,
    /// When it must be home.
    pub(super) due: Option<Second>,
}

/// The picture of a form: what it would be the hash of is nowhere.
pub(super) fn image(paper: u32, contest: &ConstituencyId) -> Hash32 {
    digest(format!("EXERCISE form {paper} {contest}").as_bytes())
}

pub(super) fn sealed(image: &Hash32) -> Hash32 {
    digest(&image.0)
}

fn digest(bytes: &[u8]) -> Hash32 {
    Hash32(Sha256::digest(bytes).into())
}

pub(super) fn totals(papers: &Papers, women: Option<u32>) -> Totals {
    Totals {
        registered: papers.registered,
        received: papers.received,
        issued: papers.issued,
        unissued: papers.unissued,
        in_box: papers.in_box,
        spoilt: papers.spoilt,
        unaccounted: papers.unaccounted,
        valid: papers.valid,
        rejected: papers.rejected,
        roll_marks: papers.roll_marks,
        women,
    }
}
