//! What commands and events have in common: their area, their row of the permission table, their words.

use super::{Command, Event, Reading, Step, form::Sheet};
use crate::{
    content::Piece,
    permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::EventRef,
    state::State,
};
use pehra_domain::{AreaId, ConstituencyId, ItemId, StationId, UnixMs, role::Role};

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Register { .. } | Self::IssueSeals { .. } => row::CUSTODY_REGISTER,
            Self::Offer { .. } | Self::Recall { .. } => row::CUSTODY_SIGN_OUT,
            Self::Receive { .. } | Self::Decline { .. } => row::CUSTODY_SIGN_IN,
            Self::Depart { .. }
            | Self::Arrive { .. }
            | Self::Record { .. }
            | Self::Split { .. }
            | Self::Join { .. }
            | Self::Destroy { .. }
            | Self::Count { .. } => row::CUSTODY_RECORD,
            Self::Witness { .. } => row::CUSTODY_WITNESS,
            Self::Propose { .. } | Self::Approve { .. } => row::CUSTODY_RELEASE,
            Self::ReadForm { .. } | Self::Compare { .. } | Self::SeeCopy { .. } => {
                row::CUSTODY_COMPARE
            }
            Self::Take { .. } | Self::Resolve { .. } => row::CUSTODY_RESOLVE,
        }
    }

    /// Its area; of an answer that of what it answers.
    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Register { area, .. }
            | Self::IssueSeals { area, .. }
            | Self::Offer { area, .. }
            | Self::Depart { area, .. }
            | Self::Arrive { area, .. }
            | Self::Record { area, .. }
            | Self::Split { area, .. }
            | Self::Join { area, .. }
            | Self::Propose { area, .. }
            | Self::Destroy { area, .. }
            | Self::Count { area, .. }
            | Self::ReadForm { area, .. }
            | Self::Compare { area, .. }
            | Self::SeeCopy { area, .. }
            | Self::Take { area, .. }
            | Self::Resolve { area, .. } => Some(area),
            Self::Receive { receipt } => area_of(state, receipt.offer),
            Self::Decline { offer, .. } | Self::Recall { offer, .. } => area_of(state, *offer),
            Self::Witness { entry, .. } => area_of(state, *entry),
            Self::Approve { release, .. } => area_of(state, *release),
        }
    }
}

fn area_of(state: &State, entry: EventRef) -> Option<&AreaId> {
    state.custody.act(entry).map(|act| &act.mark.area)
}

impl Event {
    pub(crate) fn kind(&self) -> u32 {
        match self {
            Self::Registered { .. } => 1500,
            Self::SealsIssued { .. } => 1501,
            Self::Offered(_) => 1502,
            Self::Received(_) => 1503,
            Self::Declined { .. } => 1504,
            Self::Recalled { .. } => 1505,
            Self::Departed(_) => 1506,
            Self::Arrived(_) => 1507,
            Self::Recorded(_) => 1508,
            Self::Split(_) => 1509,
            Self::Joined(_) => 1510,
            Self::Witnessed { .. } => 1511,
            Self::ReleaseProposed(_) => 1512,
            Self::ReleaseApproved { .. } => 1513,
            Self::Destroyed(_) => 1514,
            Self::Counted(_) => 1515,
            Self::FormRead(_) => 1516,
            Self::Compared(_) => 1517,
            Self::CopySeen(_) => 1518,
            Self::Taken { .. } => 1519,
            Self::Resolved { .. } => 1520,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Registered { .. } | Self::SealsIssued { .. } => row::CUSTODY_REGISTER,
            Self::Offered(_) | Self::Recalled { .. } => row::CUSTODY_SIGN_OUT,
            Self::Received(_) | Self::Declined { .. } => row::CUSTODY_SIGN_IN,
            Self::Departed(_)
            | Self::Arrived(_)
            | Self::Recorded(_)
            | Self::Split(_)
            | Self::Joined(_)
            | Self::Destroyed(_)
            | Self::Counted(_) => row::CUSTODY_RECORD,
            Self::Witnessed { .. } => row::CUSTODY_WITNESS,
            Self::ReleaseProposed(_) | Self::ReleaseApproved { .. } => row::CUSTODY_RELEASE,
            Self::FormRead(_) | Self::Compared(_) | Self::CopySeen(_) => row::CUSTODY_COMPARE,
            Self::Taken { .. } | Self::Resolved { .. } => row::CUSTODY_RESOLVE,
        }
    }

    /// What it answers, and under whose area it therefore stands.
    pub(crate) fn answers(&self) -> Option<EventRef> {
        match self {
            Self::Received(receipt) => Some(receipt.offer),
            Self::Declined { offer, .. } | Self::Recalled { offer, .. } => Some(*offer),
            Self::Witnessed { entry, .. } => Some(*entry),
            Self::ReleaseApproved { release, .. } => Some(*release),
            Self::Compared(compared) => compared.first,
            Self::Registered { .. }
            | Self::SealsIssued { .. }
            | Self::Offered(_)
            | Self::Departed(_)
            | Self::Arrived(_)
            | Self::Recorded(_)
            | Self::Split(_)
            | Self::Joined(_)
            | Self::ReleaseProposed(_)
            | Self::Destroyed(_)
            | Self::Counted(_)
            | Self::FormRead(_)
            | Self::CopySeen(_)
            | Self::Taken { .. }
            | Self::Resolved { .. } => None,
        }
    }

    /// The first person's act that this one signs as the second.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        match self {
            Self::Received(_) | Self::ReleaseApproved { .. } | Self::Compared(_) => self.answers(),
            Self::Registered { .. }
            | Self::SealsIssued { .. }
            | Self::Offered(_)
            | Self::Declined { .. }
            | Self::Recalled { .. }
            | Self::Departed(_)
            | Self::Arrived(_)
            | Self::Recorded(_)
            | Self::Split(_)
            | Self::Joined(_)
            | Self::Witnessed { .. }
            | Self::ReleaseProposed(_)
            | Self::Destroyed(_)
            | Self::Counted(_)
            | Self::FormRead(_)
            | Self::CopySeen(_)
            | Self::Taken { .. }
            | Self::Resolved { .. } => None,
        }
    }

    /// When it happened, as its author says; none for what has no hour of its own.
    #[must_use]
    pub fn at(&self) -> Option<UnixMs> {
        Some(match self {
            Self::Offered(offer) => offer.at,
            Self::Received(receipt) => receipt.at,
            Self::Departed(passage) | Self::Arrived(passage) => passage.at,
            Self::Recorded(note) => note.at,
            Self::Split(parting) | Self::Joined(parting) => parting.at,
            Self::ReleaseProposed(release) => release.at,
            Self::Destroyed(ending) => ending.at,
            Self::Counted(counted) => counted.at,
            Self::FormRead(read) => read.at,
            Self::Compared(compared) => compared.at,
            Self::CopySeen(seen) => seen.at,
            Self::Registered { at, .. }
            | Self::Declined { at, .. }
            | Self::Recalled { at, .. }
            | Self::Witnessed { at, .. }
            | Self::ReleaseApproved { at, .. }
            | Self::Taken { at, .. }
            | Self::Resolved { at, .. } => *at,
            Self::SealsIssued { .. } => return None,
        })
    }

    /// The step that it completed. An offer completes nothing: it waits for a receiver.
    #[must_use]
    pub fn completed(&self) -> Option<Step> {
        if matches!(self, Self::Offered(_)) { None } else { self.step() }
    }

    /// The step it belongs to, where it belongs to one.
    #[must_use]
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Offered(offer) => Some(offer.step),
            Self::Received(receipt) => Some(receipt.step),
            Self::Departed(passage) | Self::Arrived(passage) => Some(passage.step),
            Self::Recorded(note) => Some(note.step),
            Self::Counted(_) => Some(Step::C10),
            Self::Destroyed(_) => Some(Step::C17),
            Self::Registered { .. }
            | Self::SealsIssued { .. }
            | Self::Declined { .. }
            | Self::Recalled { .. }
            | Self::Split(_)
            | Self::Joined(_)
            | Self::Witnessed { .. }
            | Self::ReleaseProposed(_)
            | Self::ReleaseApproved { .. }
            | Self::FormRead(_)
            | Self::Compared(_)
            | Self::CopySeen(_)
            | Self::Taken { .. }
            | Self::Resolved { .. } => None,
        }
    }

    /// The station and contest whose forms it is about.
    #[must_use]
    pub fn form_key(&self) -> Option<(StationId, ConstituencyId)> {
        self.form_of().map(|(station, contest)| (station.clone(), contest.clone()))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other act is about items")]
    fn form_of(&self) -> Option<(&StationId, &ConstituencyId)> {
        Some(match self {
            Self::Counted(it) => (&it.station, &it.contest),
            Self::FormRead(it) => (&it.station, &it.contest),
            Self::Compared(it) => (&it.station, &it.contest),
            Self::CopySeen(it) => (&it.station, &it.contest),
            _ => return None,
        })
    }

    /// Whether somebody in this role does this part of the step. Guards do none: they witness.
    pub(crate) fn check_role(&self, role: &Role) -> Result<(), Refusal> {
        use super::step::Part;
        let (step, part) = match self {
            Self::Offered(offer) => (offer.step, Part::Give),
            Self::Received(receipt) => (receipt.step, Part::Receive),
            Self::Departed(passage) | Self::Arrived(passage) => (passage.step, Part::Keep),
            Self::Recorded(note) => (note.step, Part::Keep),
            Self::Counted(_) => (Step::C10, Part::Keep),
            Self::Destroyed(_) => (Step::C17, Part::Keep),
            Self::Witnessed { witness, .. } => {
                let own = match witness {
                    super::Witness::Guard => matches!(role.as_str(), "SECTOR" | "STN-SEC"),
                    super::Witness::Observer => role.as_str() == "OBS",
                };
                return if own {
                    Ok(())
                } else {
                    Err(Refusal::of(RefusalCode::WitnessDiffers, witness.name()))
                };
            }
            Self::Registered { .. }
            | Self::SealsIssued { .. }
            | Self::Declined { .. }
            | Self::Recalled { .. }
            | Self::Split(_)
            | Self::Joined(_)
            | Self::ReleaseProposed(_)
            | Self::ReleaseApproved { .. }
            | Self::FormRead(_)
            | Self::Compared(_)
            | Self::CopySeen(_)
            | Self::Taken { .. }
            | Self::Resolved { .. } => return Ok(()),
        };
        if step.allows(part, role.as_str()) {
            Ok(())
        } else {
            Err(Refusal::of(RefusalCode::StepNotYours, step.name()))
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Registered { items, .. } => {
                for one in items {
                    see(Piece::item(&one.item));
                    one.station.iter().for_each(|id| see(Piece::station(id)));
                    one.contest.iter().for_each(|id| see(Piece::constituency(id)));
                    one.within.iter().for_each(|id| see(Piece::item(id)));
                    one.serials.iter().for_each(|it| see(Piece::Optional(&it.prefix)));
                    one.seals.iter().for_each(|seal| see(Piece::Name(seal)));
                }
            }
            Self::SealsIssued { issues } => {
                for issue in issues {
                    see(Piece::Optional(&issue.seals.prefix));
                    issue.station.iter().for_each(|id| see(Piece::station(id)));
                }
            }
            Self::Offered(offer) => {
                of_items(&offer.items, see);
                see(Piece::role(&offer.to));
                see(Piece::Optional(&offer.place));
            }
            Self::Received(receipt) => {
                of_readings(&receipt.read, see);
                of_items(&receipt.missing, see);
                see(Piece::Optional(&receipt.place));
            }
            Self::Declined { reason, .. } | Self::Recalled { reason, .. } => {
                see(Piece::Required(reason));
            }
            Self::Departed(passage) | Self::Arrived(passage) => {
                of_items(&passage.items, see);
                see(Piece::Optional(&passage.vehicle));
            }
            Self::Recorded(note) => {
                of_items(&note.items, see);
                of_readings(&note.found, see);
                of_readings(&note.sealed, see);
                see(Piece::Optional(&note.reference));
                see(Piece::Optional(&note.note));
            }
            Self::Split(parting) | Self::Joined(parting) => {
                see(Piece::item(&parting.whole));
                of_items(&parting.parts, see);
                see(Piece::Required(&parting.reason));
            }
            Self::Witnessed { note, .. } => see(Piece::Optional(note)),
            Self::ReleaseProposed(release) => {
                of_items(&release.items, see);
                see(Piece::role(&release.absent));
                see(Piece::Required(&release.reason));
            }
            Self::ReleaseApproved { read, .. } => of_readings(read, see),
            Self::Destroyed(ending) => {
                of_items(&ending.items, see);
                see(Piece::Required(&ending.order));
                see(Piece::Required(&ending.method));
            }
            Self::Counted(_) | Self::FormRead(_) | Self::Compared(_) | Self::CopySeen(_) => {
                self.form_pieces(see);
            }
            Self::Taken { exception, .. } => see(Piece::Name(exception)),
            Self::Resolved { exception, note, .. } => {
                see(Piece::Name(exception));
                see(Piece::Required(note));
            }
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a part of the list above")]
    fn form_pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        let Some((station, contest)) = self.form_of() else { return };
        see(Piece::station(station));
        see(Piece::constituency(contest));
        match self {
            Self::Counted(it) => {
                it.sheets.iter().for_each(|Sheet { code, .. }| see(Piece::Name(code)));
                see(Piece::Optional(&it.unsigned_reason));
            }
            Self::FormRead(it) => it.codes.iter().for_each(|(_, code)| see(Piece::Name(code))),
            Self::CopySeen(it) => see(Piece::Optional(&it.note)),
            _ => {}
        }
    }
}

fn of_items<'a>(items: &'a [ItemId], see: &mut dyn FnMut(Piece<'a>)) {
    items.iter().for_each(|item| see(Piece::item(item)));
}

fn of_readings<'a>(readings: &'a [Reading], see: &mut dyn FnMut(Piece<'a>)) {
    for reading in readings {
        see(Piece::item(&reading.item));
        reading.seals.iter().for_each(|seal| see(Piece::Name(seal)));
    }
}
