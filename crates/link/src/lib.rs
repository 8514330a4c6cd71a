//! What travels over thin channels and sticks: frames, fountain and QR codes, radio, SMS, bundles, queues.
//!
//! Invariants: everything here is bytes and state machines. There is no socket, serial port, camera, clock, disk or
//! ambient chance; time and chance arrive as arguments, and the carriers themselves stand in `pehra::link`. Every
//! decoder takes any bytes and answers with a value or a named refusal, within stated memory. No frame, tag or
//! address is evidence: only a signed entry is. The formats are described in `docs/formats/`, the reasons in
//! `docs/adr/0043-thin-channels.md`.

pub mod admission;
pub mod attest;
pub mod ax25;
pub mod broadcast;
pub mod bundle;
pub mod compact;
pub mod crc;
pub mod fountain;
pub mod kiss;
pub mod mac;
mod octets;
pub mod parcel;
pub mod path;
pub mod pdu;
pub mod queue;
pub mod receipt;
pub mod screen;
pub mod serial;
pub mod sms;
pub mod thin;

#[cfg(test)]
mod sample;

pub use octets::FrameUnreadable;
