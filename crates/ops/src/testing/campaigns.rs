//! Commands about campaigns for devices that decide apart.

use super::{date, east, pick};
use crate::{
    Command, EventRef, State,
    campaign::{Command as C, Draft, Measure, Phase, Text, Topic},
};
use pehra_domain::{
    Date,
    campaign::{Channel, Language},
};

pub(crate) const TEXT: &str = "Your vote is secret.";

pub(crate) fn text(language: Language, words: &str) -> Text {
    Text { language, text: words.to_owned() }
}

/// Runs from so many days before the poll until the day before it.
pub(crate) fn a_draft(before: i32) -> Draft {
    let poll = date(super::POLL_DAY);
    Draft {
        topic: Topic::Safety,
        name: "Safe voting".to_owned(),
        channels: vec![Channel::Radio, Channel::Poster],
        from: Date(poll.0 - before),
        until: Date(poll.0 - 1),
        reach_planned: 90_000,
        cost_rs: 400_000,
        fact: None,
        texts: vec![text(Language::Urdu, "آپ کا ووٹ راز ہے۔"), text(Language::English, TEXT)],
    }
}

pub(crate) fn draft(before: i32) -> Command {
    Command::Campaign(C::Draft { area: east(), draft: Box::new(a_draft(before)) })
}

pub(crate) fn write(campaign: EventRef, language: Language, words: &str) -> Command {
    Command::Campaign(C::Write { campaign, text: text(language, words) })
}

pub(crate) fn sign(campaign: EventRef, language: Language) -> Command {
    Command::Campaign(C::Sign { area: east(), campaign, language })
}

pub(crate) fn fault(campaign: EventRef, language: Language) -> Command {
    let note = "nobody says it so".to_owned();
    Command::Campaign(C::Fault { area: east(), campaign, language, note })
}

pub(crate) fn approve(campaign: EventRef) -> Command {
    Command::Campaign(C::Approve { campaign })
}

pub(crate) fn refuse(campaign: EventRef) -> Command {
    Command::Campaign(C::Refuse { campaign, reason: "too long".to_owned() })
}

pub(crate) fn stop(campaign: EventRef) -> Command {
    Command::Campaign(C::Stop { campaign, reason: "the place moved".to_owned() })
}

pub(crate) fn measure(campaign: EventRef, on: Date, reached: u64) -> Command {
    let how = "survey of 400 households".to_owned();
    let measure = Measure { channel: Channel::Radio, reached, spent_rs: 300_000, on, how };
    Command::Campaign(C::Measure { area: east(), campaign, measure })
}

pub(crate) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let known = pick(state.campaigns.all().map(|(at, .., record)| (at, record)), a % 2);
    let language = [Language::Urdu, Language::Urdu, Language::English][usize::from(b) % 3];
    let Some((at, record)) = known else { return draft(40 - i32::from(c % 2) * 38) };
    match which % 16 {
        0 => draft(40),
        1 => write(at, language, ["Bring water.", "The queue moves."][usize::from(c) % 2]),
        2 | 3 => sign(at, language),
        4 if c % 2 == 0 => fault(at, language),
        5 => approve(at),
        6 => refuse(at),
        7 => stop(at),
        // The step that comes next in most lives of a campaign, so that stories get far.
        _ => match record.phase(Date::of_pkt(super::early())) {
            Phase::Drafted | Phase::Unknown => sign(at, Language::Urdu),
            Phase::Read => approve(at),
            Phase::Disputed => stop(at),
            Phase::Running if c % 4 == 0 => stop(at),
            Phase::Running
            | Phase::Approved
            | Phase::Over
            | Phase::Measured
            | Phase::Refused
            | Phase::Stopped => measure(at, date("2024-01-07"), u64::from(c)),
        },
    }
}
