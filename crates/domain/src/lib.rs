//! The nouns of an election's security, and the shapes of results.
//!
//! Invariants: nothing here acts. There is no clock, disk, network, chance or floating point: places are whole
//! ten-millionths of a degree, scores whole hundredths, shares whole thousandths, so that equal values have
//! equal canonical bytes on every machine.
//!
//! By schema there is no field for a vote per candidate, a party, a person's identity number, a face or a
//! biometric. A field of that kind is not added here, whoever asks.

pub mod area;
pub mod booth;
pub mod building;
pub mod campaign;
pub mod contest;
pub mod date;
pub mod duty;
pub mod exercise;
pub mod figure;
pub mod finding;
pub mod force;
pub mod gazetteer;
pub mod id;
pub mod incident_record;
pub mod member;
pub mod norm;
pub mod override_record;
pub mod plan;
pub mod point;
pub mod poll;
pub mod progress;
pub mod risk;
pub mod road;
pub mod role;
pub mod seed;
pub mod severity;
pub mod sheet;
pub mod station;
pub mod survey;
pub mod training;

pub use area::AreaId;
pub use date::{Date, TimeWindow, UnixMs};
pub use id::{
    BuildingId, ConstituencyId, EquipmentId, IncidentId, ItemId, PersonId, StationId, SuspensionId,
    UnitId,
};
pub use point::Point;
