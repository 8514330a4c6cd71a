use super::*;
use crate::{
    Command as Any, RefusalCode, decide as decide_any,
    incident::{Basis, Deed, Finding},
    testing::{
        apply, area, campaigns as c, context, date, day, early, fold, late, machine, opened, person,
    },
};
use pehra_domain::UnixMs;

fn drafted() -> (State, EventRef) {
    let mut state = opened();
    let at = machine::must(&mut state, 1, 20, &c::draft(40));
    (state, at)
}

fn phase(state: &State, at: EventRef, day: &str) -> Phase {
    state.campaigns.get(at).map_or(Phase::Unknown, |record| record.phase(date(day)))
}

fn language(state: &State, at: EventRef, language: Language) -> LanguageState {
    state.campaigns.get(at).unwrap().language(language)
}

fn say(state: &mut State, person: u8, command: &Any) -> Result<usize, RefusalCode> {
    let done = apply(state, &context(person, "PEC", early()), person, command);
    done.map(|entries| entries.len()).map_err(|refusal| refusal.code)
}

fn out(state: &State, at: EventRef) -> Vec<Language> {
    let record = state.campaigns.get(at).unwrap();
    record.out(state, date("2024-01-08")).into_iter().map(|(language, _)| language).collect()
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| match state.campaigns.all().next() {
        None => vec![machine::offer("draft", 1, c::draft(40))],
        Some((at, ..)) => vec![
            machine::offer("write", 1, c::write(at, Language::Urdu, "قطار میں کھڑے ہوں۔")),
            machine::offer("sign", 2, c::sign(at, Language::Urdu)),
            machine::offer("sign", 3, c::sign(at, Language::Urdu)),
            machine::offer("fault", 2, c::fault(at, Language::Urdu)),
            machine::offer("approve", 4, c::approve(at)),
            machine::offer("refuse", 4, c::refuse(at)),
            machine::offer("stop", 4, c::stop(at)),
            machine::offer("measure", 1, c::measure(at, date("2024-01-07"), 31_500)),
        ],
    };
    let phase = |state: &State, moment: UnixMs| {
        let first = state.campaigns.all().next();
        let phase = first.map_or(Phase::Unknown, |(.., record)| record.phase(Date::of_pkt(moment)));
        format!("{phase:?}")
    };
    let ahead = |state: &State| match state.campaigns.all().next() {
        None => vec![machine::offer("draft", 1, c::draft(2))],
        Some((at, ..)) => vec![
            machine::offer("sign", 2, c::sign(at, Language::Urdu)),
            machine::offer("sign", 3, c::sign(at, Language::Urdu)),
            machine::offer("approve", 4, c::approve(at)),
            machine::offer("stop", 4, c::stop(at)),
            machine::offer("measure", 1, c::measure(at, date("2024-01-07"), 31_500)),
        ],
    };
    let now = machine::Machine { start: opened(), offers, phase };
    let later = machine::Machine { start: opened(), offers: ahead, phase };
    machine::assert_drawn(crate::Noun::Campaign, &[now, later]);
}

#[test]
fn a_language_goes_out_when_two_others_have_read_it_and_a_third_approves() {
    let (mut state, at) = drafted();
    assert_eq!(say(&mut state, 2, &c::approve(at)), Err(RefusalCode::CampaignUnsigned));
    assert_eq!(say(&mut state, 1, &c::sign(at, Language::Urdu)), Err(RefusalCode::SamePersonTwice));
    say(&mut state, 2, &c::sign(at, Language::Urdu)).unwrap();
    assert_eq!(say(&mut state, 2, &c::sign(at, Language::Urdu)), Ok(0), "one person is one reader");
    assert_eq!(language(&state, at, Language::Urdu), LanguageState::Unsigned(1));
    say(&mut state, 3, &c::sign(at, Language::Urdu)).unwrap();
    assert_eq!(phase(&state, at, "2024-01-08"), Phase::Read);
    assert_eq!(say(&mut state, 1, &c::approve(at)), Err(RefusalCode::SamePersonTwice));
    say(&mut state, 4, &c::approve(at)).unwrap();
    assert_eq!(out(&state, at), [Language::Urdu], "English has no readers and stays blocked");
    assert_eq!(language(&state, at, Language::English), LanguageState::Unsigned(0));
    assert_eq!(language(&state, at, Language::Pashto), LanguageState::Missing);
    assert_eq!(say(&mut state, 4, &c::approve(at)), Ok(0), "nothing new is nothing written");
    assert_eq!(
        say(&mut state, 1, &c::sign(at, Language::Pashto)),
        Err(RefusalCode::CampaignUnknown)
    );
}

#[test]
fn a_text_that_changes_is_read_and_approved_anew() {
    let (mut state, at) = drafted();
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    say(&mut state, 4, &c::approve(at)).unwrap();
    say(&mut state, 1, &c::write(at, Language::Urdu, "ووٹ راز ہے۔")).unwrap();
    assert_eq!(out(&state, at), []);
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    assert_eq!(language(&state, at, Language::Urdu), LanguageState::Signed);
    assert_eq!(out(&state, at), [], "signed, and not yet let out");
    say(&mut state, 4, &c::approve(at)).unwrap();
    assert_eq!(out(&state, at), [Language::Urdu]);
    say(&mut state, 2, &c::fault(at, Language::Urdu)).unwrap();
    assert_eq!(language(&state, at, Language::Urdu), LanguageState::Faulty);
    assert_eq!(out(&state, at), []);
    let refused = say(&mut state, 0, &c::sign(at, Language::Urdu));
    assert_eq!(refused, Err(RefusalCode::CampaignFaulted));
}

#[test]
fn whoever_wrote_a_text_does_not_let_it_out() {
    let (mut state, at) = drafted();
    say(&mut state, 4, &c::write(at, Language::Urdu, "ووٹ راز ہے۔")).unwrap();
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    assert_eq!(say(&mut state, 4, &c::approve(at)), Err(RefusalCode::CampaignUnsigned));
    say(&mut state, 2, &c::approve(at)).unwrap();
    assert_eq!(out(&state, at), [Language::Urdu]);
}

#[test]
fn texts_written_apart_block_their_language_until_somebody_writes_it_anew() {
    let (mut state, at) = drafted();
    let who = context(1, "PUBDESK", early());
    let write = |words| decide_any(&state, &who, &c::write(at, Language::Urdu, words)).unwrap();
    let (here, there) = (write("پانی لائیں۔"), write("قطار میں رہیں۔"));
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    assert_eq!(language(&state, at, Language::Urdu), LanguageState::Disputed);
    assert_eq!(state.conflicts().len(), 1);
    assert_eq!(say(&mut state, 2, &c::sign(at, Language::Urdu)), Err(RefusalCode::Disputed));
    apply(&mut state, &who, 1, &c::write(at, Language::Urdu, "پانی لائیں۔")).unwrap();
    assert_eq!(state.conflicts(), []);
    assert_eq!(language(&state, at, Language::Urdu), LanguageState::Unsigned(0));
}

#[test]
fn a_text_that_takes_sides_is_refused_by_its_kind_and_not_repeated() {
    let mut state = opened();
    let with = |words: &str| {
        let mut draft = c::a_draft(40);
        draft.texts = vec![c::text(Language::English, words)];
        Any::Campaign(Command::Draft { area: area("pk"), draft: Box::new(draft) })
    };
    let who = context(1, "PUBDESK", early());
    let refused = apply(&mut state, &who, 1, &with("Vote for peace.")).unwrap_err();
    assert_eq!(refused.code, RefusalCode::CampaignNotNeutral);
    assert_eq!(refused.detail, "persuasion");
    let at = machine::must(&mut state, 1, 20, &with("Bring water."));
    let refused = say(&mut state, 1, &c::write(at, Language::Urdu, "مولانا نے کہا"));
    assert_eq!(refused, Err(RefusalCode::CampaignNotNeutral));
    let named = say(&mut state, 1, &c::write(at, Language::Urdu, "42101-1234567-1"));
    assert!(named.is_err());
}

/// A correction about an incident that somebody may have judged.
fn correction(matter: incident::Matter) -> Any {
    let mut draft = c::a_draft(40);
    draft.topic = Topic::Correction;
    draft.fact = Some(Fact::Incident(incident::Key { matter, ..day::key(1) }));
    Any::Campaign(Command::Draft { area: area("pk"), draft: Box::new(draft) })
}

fn judge(state: &mut State, finding: Finding, minute: i64) {
    let at = UnixMs(early().0 - 60_000 + minute);
    let deed = Deed::Judge { finding, basis: Basis::OfficialOnScene };
    let command = day::act(day::on(1, at), deed);
    apply(state, &context(5, "CTRL-D", early()), 50, &command).unwrap();
}

#[test]
fn a_correction_rests_on_what_somebody_found_out_and_is_silent_without_it() {
    use crate::incident::{Code, Matter};
    let mut state = opened();
    let wish = correction(Matter::Incident);
    assert_eq!(say(&mut state, 1, &wish), Err(RefusalCode::CampaignFactUnknown));
    let reported = day::reported(day::report(1, Code::IedPst, UnixMs(early().0 - 120_000)));
    apply(&mut state, &context(5, "CTRL-D", early()), 50, &reported).unwrap();
    assert_eq!(say(&mut state, 1, &wish), Err(RefusalCode::CampaignFactUnknown));
    judge(&mut state, Finding::False, 1);
    let at = machine::must(&mut state, 1, 20, &wish);
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    say(&mut state, 4, &c::approve(at)).unwrap();
    assert_eq!(out(&state, at), [Language::Urdu]);
    judge(&mut state, Finding::Unverified, 2);
    assert_eq!(out(&state, at), [], "nobody knows any more");
    let complaint = say(&mut state, 1, &correction(Matter::Complaint));
    assert!(complaint.is_err(), "what is told of guards is for their own office");
}

#[test]
fn what_was_measured_is_the_latest_word_of_each_channel_and_place() {
    let (mut state, at) = drafted();
    assert_eq!(
        say(&mut state, 1, &c::measure(at, date("2024-01-07"), 5)),
        Err(RefusalCode::CampaignStateForbids)
    );
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    say(&mut state, 4, &c::approve(at)).unwrap();
    assert_eq!(
        say(&mut state, 1, &c::measure(at, date("2024-02-01"), 5)),
        Err(RefusalCode::TimeAhead)
    );
    for (day, reached) in [("2024-01-07", 20_000), ("2024-01-05", 9_000)] {
        say(&mut state, 1, &c::measure(at, date(day), reached)).unwrap();
    }
    assert_eq!(state.campaigns.get(at).unwrap().measured(), (20_000, 300_000));
    assert_eq!(phase(&state, at, "2024-01-08"), Phase::Running);
    assert_eq!(phase(&state, at, "2024-02-08"), Phase::Measured);
    let far = Command::Measure {
        area: area("pk/punjab/lahore"),
        campaign: at,
        measure: Measure {
            channel: Channel::Radio,
            reached: 1,
            spent_rs: 1,
            on: date("2024-01-07"),
            how: "x".to_owned(),
        },
    };
    assert_eq!(say(&mut state, 1, &Any::Campaign(far)), Err(RefusalCode::AreaMismatch));
}

#[test]
fn approvals_given_apart_agree_and_a_refusal_beside_one_is_a_conflict() {
    let (mut state, at) = drafted();
    for reader in [2, 3] {
        say(&mut state, reader, &c::sign(at, Language::Urdu)).unwrap();
    }
    let who = context(4, "PEC", early());
    let here = decide_any(&state, &who, &c::approve(at)).unwrap();
    let there = decide_any(&state, &who, &c::approve(at)).unwrap();
    let refused = decide_any(&state, &who, &c::refuse(at)).unwrap();
    fold(&mut state, &who, 1, here);
    fold(&mut state, &who, 2, there);
    assert_eq!(out(&state, at), [Language::Urdu]);
    fold(&mut state, &who, 3, refused);
    assert_eq!(phase(&state, at, "2024-01-08"), Phase::Disputed);
    assert_eq!(out(&state, at), []);
    apply(&mut state, &context(4, "PEC", late()), 1, &c::stop(at)).unwrap();
    assert_eq!(phase(&state, at, "2024-02-06"), Phase::Stopped);
}

#[test]
fn a_draft_that_does_not_hold_together_says_what() {
    let mut state = opened();
    let mut wrong = |change: &dyn Fn(&mut Draft)| {
        let mut draft = c::a_draft(40);
        change(&mut draft);
        let command = Any::Campaign(Command::Draft { area: area("pk"), draft: Box::new(draft) });
        let refused = apply(&mut state, &context(1, "PUBDESK", early()), 1, &command).unwrap_err();
        assert_eq!(refused.code, RefusalCode::CampaignMalformed);
        refused.detail
    };
    assert_eq!(wrong(&|draft| draft.channels.clear()), "channels");
    assert_eq!(wrong(&|draft| draft.channels.push(Channel::Radio)), "channels");
    assert_eq!(wrong(&|draft| draft.texts.push(draft.texts[0].clone())), "texts");
    assert_eq!(wrong(&|draft| draft.from = date("2023-09-01")), "window");
    assert_eq!(wrong(&|draft| draft.reach_planned = COUNT_MAX + 1), "count");
    assert_eq!(wrong(&|draft| draft.topic = Topic::Correction), "fact");
    assert_eq!(wrong(&|draft| draft.until = date("2024-01-07")), "until");
    assert_eq!(person(1).as_str(), "desk-1");
}
