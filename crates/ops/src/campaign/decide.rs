//! Whether a step about a campaign can be taken.

use super::{
    COUNT_MAX, Command, DAYS_MAX, Draft, Event, Fact, Measure, Phase, Record, Released, Text,
    Topic, neutral,
    record::{Language as Side, Standing},
};
use crate::{
    content::each_once,
    event,
    incident::Matter,
    refusal::{Refusal, RefusalCode},
    register::heads_or,
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::{
    AreaId, Date, PersonId,
    campaign::{Channel, Language},
};

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let today = Date::of_pkt(context.at);
    match command {
        Command::Draft { area, draft } => write_draft(state, context, area, draft),
        Command::Write { campaign, text } => write(state, today, *campaign, text),
        Command::Sign { area, campaign, language } => {
            let (record, _) = open(state, *campaign, today)?;
            let (at, by) = standing_text(record, *campaign, *language)?;
            let person = &context.actor.person;
            if by.person == *person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, person));
            }
            if record.fault(*language).is_some() {
                return Err(Refusal::of(RefusalCode::CampaignFaulted, language.code()));
            }
            if record.has_signed(*language, person) {
                return Ok(Vec::new());
            }
            let (language, written_by) = (*language, by.person.clone());
            let event = Event::Signed { campaign: *campaign, language, text: at, written_by };
            Ok(said(event, area, &[at]))
        }
        Command::Fault { area, campaign, language, note } => {
            let (record, _) = open(state, *campaign, today)?;
            let (at, _) = standing_text(record, *campaign, *language)?;
            if record.fault(*language).is_some() {
                return Ok(Vec::new());
            }
            let (language, note) = (*language, note.clone());
            Ok(said(Event::Faulted { campaign: *campaign, language, text: at, note }, area, &[at]))
        }
        Command::Approve { campaign } => approve(state, context, *campaign, today),
        Command::Refuse { campaign, reason } => {
            let (record, mark) = known(state, *campaign)?;
            match record.phase(today) {
                Phase::Refused => return Ok(Vec::new()),
                Phase::Drafted | Phase::Read | Phase::Disputed => {}
                Phase::Unknown
                | Phase::Approved
                | Phase::Running
                | Phase::Over
                | Phase::Measured
                | Phase::Stopped => return Err(forbidden(*campaign)),
            }
            let event = Event::Refused { campaign: *campaign, reason: reason.clone() };
            Ok(over(record, *campaign, event, &mark.area))
        }
        Command::Stop { campaign, reason } => {
            let (record, mark) = known(state, *campaign)?;
            match record.phase(today) {
                Phase::Stopped => return Ok(Vec::new()),
                Phase::Approved | Phase::Running | Phase::Disputed => {}
                Phase::Unknown
                | Phase::Drafted
                | Phase::Read
                | Phase::Over
                | Phase::Measured
                | Phase::Refused => return Err(forbidden(*campaign)),
            }
            let event = Event::Stopped { campaign: *campaign, reason: reason.clone() };
            Ok(over(record, *campaign, event, &mark.area))
        }
        Command::Measure { area, campaign, measure } => {
            measured(state, today, *campaign, area, measure)
        }
    }
}

fn write_draft(
    state: &State,
    context: &Context,
    area: &AreaId,
    draft: &Draft,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    for text in &draft.texts {
        must_be_neutral(&text.text)?;
    }
    if draft.until < Date::of_pkt(context.at) {
        return Err(Refusal::of(RefusalCode::CampaignMalformed, "until"));
    }
    let mut causes = Vec::new();
    if let Some(fact) = &draft.fact {
        if !fact.is_known(state) {
            return Err(Refusal::of(RefusalCode::CampaignFactUnknown, ""));
        }
        if let Fact::Report(at) = fact {
            causes.push(*at);
        }
    }
    let event = event::Event::Campaign(Event::Drafted(Box::new(draft.clone())));
    Ok(Decided::after(&event, area, &[], &causes))
}

fn write(
    state: &State,
    today: Date,
    campaign: EventRef,
    text: &Text,
) -> Result<Vec<Decided>, Refusal> {
    let (record, mark) = open(state, campaign, today)?;
    must_be_neutral(&text.text)?;
    if record.text(text.language) == Some(text.text.as_str())
        && record.fault(text.language).is_none()
    {
        return Ok(Vec::new());
    }
    let heads = heads_or(record.text_heads(text.language), campaign);
    let event = Event::Written { campaign, text: text.clone() };
    Ok(Decided::over(&event::Event::Campaign(event), &mark.area, &heads))
}

/// Every language that two readers have signed and that whoever approves did not write is let out.
fn approve(
    state: &State,
    context: &Context,
    campaign: EventRef,
    today: Date,
) -> Result<Vec<Decided>, Refusal> {
    let (record, mark) = open(state, campaign, today)?;
    let person = &context.actor.person;
    if mark.person == *person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, person));
    }
    if !record.is_grounded(state) {
        return Err(Refusal::of(RefusalCode::CampaignFactUnknown, campaign));
    }
    let signed = record.signed().filter_map(|language| {
        let (text, by) = record.standing_text(language)?;
        (by.person != *person).then_some(Released { language, text })
    });
    let texts: Vec<Released> = signed.collect();
    if texts.is_empty() {
        return Err(Refusal::of(RefusalCode::CampaignUnsigned, campaign));
    }
    if record.lets_out(&texts) {
        return Ok(Vec::new());
    }
    let event = Event::Approved { campaign, drafted_by: mark.person.clone(), texts };
    Ok(over(record, campaign, event, &mark.area))
}

fn measured(
    state: &State,
    today: Date,
    campaign: EventRef,
    area: &AreaId,
    measure: &Measure,
) -> Result<Vec<Decided>, Refusal> {
    let (record, mark) = known(state, campaign)?;
    within(&mark.area, area)?;
    match record.phase(today) {
        Phase::Running | Phase::Over | Phase::Measured | Phase::Stopped => {}
        Phase::Unknown
        | Phase::Drafted
        | Phase::Read
        | Phase::Approved
        | Phase::Refused
        | Phase::Disputed => return Err(forbidden(campaign)),
    }
    if measure.on > today {
        return Err(Refusal::of(RefusalCode::TimeAhead, measure.on));
    }
    let same = |(one, by): &(&Measure, &Mark)| *one == measure && by.area == *area;
    if record.measures().iter().any(same) {
        return Ok(Vec::new());
    }
    Ok(said(Event::Measured { campaign, measure: measure.clone() }, area, &[campaign]))
}

fn within(campaign: &AreaId, area: &AreaId) -> Result<(), Refusal> {
    if campaign.contains(area) { Ok(()) } else { Err(Refusal::of(RefusalCode::AreaMismatch, area)) }
}

/// What writes no register, after what it speaks of.
fn said(event: Event, area: &AreaId, after: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Campaign(event), area, after)
}

/// A step of the whole campaign, over everything that stands.
fn over(record: &Record, campaign: EventRef, event: Event, area: &AreaId) -> Vec<Decided> {
    let heads = heads_or(record.standing().refs(), campaign);
    Decided::over(&event::Event::Campaign(event), area, &heads)
}

fn known(state: &State, campaign: EventRef) -> Result<(&Record, &Mark), Refusal> {
    let record = state.campaigns.get(campaign);
    record
        .and_then(|record| Some((record, &record.told()?.1)))
        .ok_or_else(|| Refusal::of(RefusalCode::CampaignUnknown, campaign))
}

/// A campaign that is still to run, or runs.
fn open(state: &State, campaign: EventRef, today: Date) -> Result<(&Record, &Mark), Refusal> {
    let (record, mark) = known(state, campaign)?;
    match record.phase(today) {
        Phase::Drafted | Phase::Read | Phase::Approved | Phase::Running => Ok((record, mark)),
        Phase::Disputed
            if record.standing().heads().any(|(_, it)| it.value == Standing::Approved) =>
        {
            Ok((record, mark))
        }
        Phase::Unknown
        | Phase::Over
        | Phase::Measured
        | Phase::Refused
        | Phase::Stopped
        | Phase::Disputed => Err(forbidden(campaign)),
    }
}

fn forbidden(campaign: EventRef) -> Refusal {
    Refusal::of(RefusalCode::CampaignStateForbids, campaign)
}

fn standing_text(
    record: &Record,
    campaign: EventRef,
    language: Language,
) -> Result<(EventRef, &Mark), Refusal> {
    if record.language(language) == Side::Disputed {
        return Err(Refusal::of(RefusalCode::Disputed, language.code()));
    }
    let text = record.standing_text(language);
    text.ok_or_else(|| {
        Refusal::of(RefusalCode::CampaignUnknown, format!("{campaign} {}", language.code()))
    })
}

fn must_be_neutral(text: &str) -> Result<(), Refusal> {
    let broken = neutral::breaks(text);
    if broken.is_empty() {
        return Ok(());
    }
    let kinds: Vec<&str> = broken.into_iter().map(neutral::Kind::word).collect();
    Err(Refusal::of(RefusalCode::CampaignNotNeutral, kinds.join(", ")))
}

/// What an entry refers to is what it says, wherever it was written.
pub(crate) fn check_references(
    state: &State,
    event: &Event,
    two_who_acted: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Some(campaign) = event.campaign() else { return Ok(()) };
    let (record, mark) = known(state, campaign)?;
    match event {
        Event::Signed { language, text, written_by, .. } => {
            let by = record.writer(*language, *text);
            two_who_acted(written_by, by.map(|mark| &mark.person))
        }
        Event::Faulted { language, text, .. } => match record.writer(*language, *text) {
            Some(_) => Ok(()),
            None => Err(Refusal::of(RefusalCode::NotKnown, text)),
        },
        Event::Approved { drafted_by, .. } => two_who_acted(drafted_by, Some(&mark.person)),
        Event::Measured { .. }
        | Event::Drafted(_)
        | Event::Written { .. }
        | Event::Refused { .. }
        | Event::Stopped { .. } => Ok(()),
    }
}

/// Somebody measures a campaign in its own area.
pub(crate) fn check_area(
    state: &State,
    event: &event::Event,
    area: &AreaId,
) -> Result<(), Refusal> {
    let event::Event::Campaign(Event::Measured { campaign, .. }) = event else { return Ok(()) };
    within(&known(state, *campaign)?.1.area, area)
}

/// What holds of a draft, an approval and a measure, whoever sent it. Neutrality is not judged here: words that one version
/// of the table knows another does not, and nodes must agree.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let wrong = match event {
        Event::Drafted(draft) => fault(draft),
        Event::Written { text, .. } => (text.text.len() > super::TEXT_BYTES_MAX).then_some("text"),
        Event::Approved { texts, .. } => {
            let languages = texts.iter().map(|text| text.language);
            (texts.is_empty() || !each_once(languages)).then_some("texts")
        }
        Event::Measured { measure, .. } => {
            (measure.reached > COUNT_MAX || measure.spent_rs > COUNT_MAX).then_some("count")
        }
        Event::Signed { .. }
        | Event::Faulted { .. }
        | Event::Refused { .. }
        | Event::Stopped { .. } => None,
    };
    wrong.map_or(Ok(()), |what| Err(Refusal::of(RefusalCode::CampaignMalformed, what)))
}

/// What is wrong with a draft.
fn fault(draft: &Draft) -> Option<&'static str> {
    let days = draft.until.0.checked_sub(draft.from.0);
    let complaint =
        matches!(&draft.fact, Some(Fact::Incident(key)) if key.matter == Matter::Complaint);
    let channels: &[Channel] = &draft.channels;
    if channels.is_empty() || !each_once(channels) {
        Some("channels")
    } else if !each_once(draft.texts.iter().map(|text| text.language)) {
        Some("texts")
    } else if !days.is_some_and(|days| (0..DAYS_MAX).contains(&days)) {
        Some("window")
    } else if draft.reach_planned > COUNT_MAX || draft.cost_rs > COUNT_MAX {
        Some("count")
    } else if (draft.topic == Topic::Correction) != draft.fact.is_some() || complaint {
        // What is told of guards is told to their own office, not to everybody.
        Some("fact")
    } else {
        None
    }
}
