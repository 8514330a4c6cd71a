//! Communications: who hears whom on the day, over what, how old the picture is, and what is left when a network is cut.
//!
//! Stations speak to a sector, sectors to the district. A means of communication is a *bearer*; what a station can use in
//! turn are its *rungs*. A rung counts only when it fails for another reason than the rungs before it and when a test within
//! its validity proved it. Nothing here can switch a network on or off: cuts are lived through, not made.

pub mod airtime;
pub mod bearer;
pub mod channel;
pub mod courier;
pub mod field;
pub mod proof;
pub mod relay;
pub mod scarce;
pub mod schedule;
pub mod scheme;
pub mod sector;
pub mod suspension;

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
