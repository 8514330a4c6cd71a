//! The door for station phones: one address, two ways to speak. Whoever speaks TLS gets the phone's page, signed by the
//! node's own authority ([`authority`]), and the few requests behind it; whoever does not gets one page that hands the
//! authority out and says what to compare.
//!
//! The door knows no session. Entries prove themselves; what is told to one phone alone is told to whoever signs a number of
//! this node's with that phone's key.

pub mod authority;
mod door;
mod look;
mod page;
mod routes;

pub use door::{Door, DoorError};
pub use look::{
    PhoneHead, PhoneHello, PhoneItem, PhoneKind, PhoneOffer, PhoneOrder, PhoneOwn, PhoneReport,
    PhoneSaid, PhoneSchedule, PhoneStation, PhoneTaken, PhoneVerdict, PhoneWish, shapes,
};
