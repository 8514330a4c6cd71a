//! The short form in which a check-in or an incident's first report travels over a channel where a byte costs.
//!
//! It says all that the event says and nothing else: an event has one short form, and whoever has the short form and the
//! second in which it was signed has the event. Everything else has none and travels signed.

use crate::{
    check_in::{self, Counts, Item, Rung, Subject, Word},
    event::{Decoded, Event},
    incident::{self, Matter, Place, Report, Severity, Source, Terrain},
};
use minicbor::{Decode, Decoder, Encode, Encoder};
use pehra_domain::{Point, StationId, UnixMs};

/// Kinds that have a short form: check-ins sent and heard, and the report of an incident. A hand-over of custody is never
/// one of them.
pub const KINDS: [u32; 3] = [1200, 1201, 1300];

/// The short form of an event's bytes; none where there is none. `time_s` is the second of the entry's clock.
#[must_use]
pub fn shorten(kind: u32, bytes: &[u8], time_s: u32) -> Option<Vec<u8>> {
    let Ok(Decoded::Known(event)) = Event::decode(kind, bytes) else { return None };
    short_of(&event, time_s)
}

/// What a short form says; none when it is no short form of this kind.
#[must_use]
pub fn lengthen(kind: u32, short: &[u8], time_s: u32) -> Option<Event> {
    let mut from = Decoder::new(short);
    let event = match kind {
        1200 => Event::CheckIn(check_in::Event::Sent(items(&mut from, time_s)?)),
        1201 => Event::CheckIn(check_in::Event::Heard(items(&mut from, time_s)?)),
        1300 => Event::Incident(incident::Event::Reported(report(&mut from, time_s)?)),
        _ => return None,
    };
    // One event, one spelling.
    (short_of(&event, time_s).as_deref() == Some(short)).then_some(event)
}

fn short_of(event: &Event, time_s: u32) -> Option<Vec<u8>> {
    let mut short = Short(Vec::new());
    if let Event::CheckIn(check_in::Event::Sent(items) | check_in::Event::Heard(items)) = event {
        for item in items {
            short.item(item, time_s)?;
        }
        return Some(short.0);
    }
    let Event::Incident(incident::Event::Reported(report)) = event else { return None };
    // Everybody hears a radio: a complaint about those who guard travels sealed or not at all.
    if report.code.matter() != Matter::Incident {
        return None;
    }
    short.report(report, time_s)?;
    Some(short.0)
}

fn start_ms(time_s: u32) -> i64 {
    i64::from(time_s) * 1_000
}

/// What follows in an item, behind its rung (three bits) and its word (one).
const COUNTS: u8 = 1 << 4;
const NOTE: u8 = 1 << 5;
const OTHER_SUBJECT: u8 = 1 << 6;
const CONVOY: u8 = 1 << 7;

/// What follows in a report, behind its severity (three bits).
const SUBJECT: u8 = 1 << 3;
const POINT: u8 = 1 << 4;
const WORDS: u8 = 1 << 5;
const TEXT: u8 = 1 << 6;

struct Short(Vec<u8>);

impl Short {
    fn push(&mut self, value: &impl Encode<()>) -> Option<()> {
        // Writing to memory cannot fail: the error type of a vector is empty.
        Encoder::new(&mut self.0).encode(value).ok().map(drop)
    }

    fn subject(&mut self, subject: &Subject) -> Option<()> {
        self.push(&subject.name())
    }

    fn at(&mut self, at: UnixMs, time_s: u32) -> Option<()> {
        self.push(&at.0.checked_sub(start_ms(time_s))?)
    }

    fn item(&mut self, item: &Item, time_s: u32) -> Option<()> {
        let rung = Rung::ALL.iter().position(|one| *one == item.rung)?;
        let mut flags = u8::try_from(rung).ok()? | u8::from(item.word == Word::Trouble) << 3;
        let counted = item.counts != Counts::default();
        for (bit, is) in [
            (COUNTS, counted),
            (NOTE, !item.note.is_empty()),
            (OTHER_SUBJECT, !matches!(item.subject, Subject::Station(_))),
            (CONVOY, matches!(item.subject, Subject::Convoy(_))),
        ] {
            flags |= if is { bit } else { 0 };
        }
        self.0.push(flags);
        self.subject(&item.subject)?;
        self.push(&item.code)?;
        self.at(item.at, time_s)?;
        if counted {
            self.push(&item.counts)?;
        }
        if !item.note.is_empty() {
            self.push(&item.note)?;
        }
        Some(())
    }

    fn report(&mut self, report: &Report, time_s: u32) -> Option<()> {
        let place = &report.place;
        let mut flags = u8::try_from(report.severity as usize).ok()?;
        for (bit, is) in [
            (SUBJECT, place.subject.is_some()),
            (POINT, place.point.is_some()),
            (WORDS, !place.words.is_empty()),
            (TEXT, !report.text.is_empty()),
        ] {
            flags |= if is { bit } else { 0 };
        }
        let (terrain, source) = (place.terrain as u8, report.source as u8);
        let sort = match place.subject {
            Some(Subject::Sector(_)) => 1,
            Some(Subject::Convoy(_)) => 2,
            Some(Subject::Station(_)) | None => 0,
        };
        self.0.extend([flags, terrain | source << 2 | sort << 4]);
        self.push(&report.incident)?;
        self.push(&report.code)?;
        self.at(report.at, time_s)?;
        if let Some(subject) = &place.subject {
            self.subject(subject)?;
        }
        if let Some(point) = &place.point {
            self.push(&point.lat_e7)?;
            self.push(&point.lon_e7)?;
        }
        for text in [&place.words, &report.text] {
            if !text.is_empty() {
                self.push(text)?;
            }
        }
        Some(())
    }
}

fn byte(from: &mut Decoder<'_>) -> Option<u8> {
    let byte = from.input().get(from.position()).copied()?;
    from.set_position(from.position() + 1);
    Some(byte)
}

fn read<'a, T: Decode<'a, ()>>(from: &mut Decoder<'a>) -> Option<T> {
    from.decode().ok()
}

fn at(from: &mut Decoder<'_>, time_s: u32) -> Option<UnixMs> {
    Some(UnixMs(start_ms(time_s).checked_add(read::<i64>(from)?)?))
}

fn subject(from: &mut Decoder<'_>, sort: u8) -> Option<Subject> {
    let name: String = read(from)?;
    Some(match sort {
        0 => Subject::Station(StationId::try_new(name).ok()?),
        1 => Subject::Sector(name),
        2 => Subject::Convoy(name),
        _ => return None,
    })
}

fn items(from: &mut Decoder<'_>, time_s: u32) -> Option<Vec<Item>> {
    let mut items = Vec::new();
    while from.position() < from.input().len() {
        let flags = byte(from)?;
        let sort = flags >> 6 & 1 | (flags >> 7 & 1) << 1;
        // A convoy is no station: both bits, or the first alone, or none.
        let sort = [Some(0), Some(1), None, Some(2)].get(usize::from(sort)).copied()??;
        items.push(Item {
            subject: subject(from, sort)?,
            code: read(from)?,
            at: at(from, time_s)?,
            word: if flags & 8 == 0 { Word::Well } else { Word::Trouble },
            counts: if flags & COUNTS == 0 { Counts::default() } else { read(from)? },
            rung: Rung::ALL.get(usize::from(flags & 7)).copied()?,
            note: if flags & NOTE == 0 { String::new() } else { read(from)? },
        });
    }
    Some(items)
}

fn report(from: &mut Decoder<'_>, time_s: u32) -> Option<Report> {
    let (flags, more) = (byte(from)?, byte(from)?);
    let severity = Severity::of(flags & 7)?;
    let terrain = [Terrain::Urban, Terrain::Rural, Terrain::Remote];
    let source = [Source::OnScene, Source::Desk, Source::Public, Source::Derived];
    let text = |bit: u8, from: &mut Decoder<'_>| {
        if flags & bit == 0 { Some(String::new()) } else { read(from) }
    };
    let incident = read(from)?;
    let code = read(from)?;
    let at = at(from, time_s)?;
    let on = if flags & SUBJECT == 0 { None } else { Some(subject(from, more >> 4)?) };
    let point = if flags & POINT == 0 {
        None
    } else {
        Some(Point { lat_e7: read(from)?, lon_e7: read(from)? })
    };
    let place = Place {
        subject: on,
        point,
        terrain: terrain.get(usize::from(more & 3)).copied()?,
        words: text(WORDS, from)?,
    };
    let source = source.get(usize::from(more >> 2 & 3)).copied()?;
    let report = Report { incident, code, severity, at, place, source, text: text(TEXT, from)? };
    (from.position() == from.input().len()).then_some(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check_in::Code, golden};
    use pehra_domain::IncidentId;
    use proptest::prelude::*;

    const NOON_S: u32 = 1_707_379_200;

    fn said(name: &str, code: Code, rest: (Word, [Option<u16>; 3], Rung, &str), ms: i64) -> Item {
        let (word, [first, second, third], rung, note) = rest;
        Item {
            subject: Subject::Station(StationId::try_new(name).unwrap()),
            code,
            at: UnixMs(start_ms(NOON_S) + ms),
            word,
            counts: Counts { first, second, third },
            rung,
            note: note.to_owned(),
        }
    }

    fn simple(name: &str, code: Code) -> Item {
        said(name, code, (Word::Well, [None; 3], Rung::Radio, ""), 417)
    }

    fn short(event: &Event) -> Vec<u8> {
        let short = shorten(event.kind(), &event.encode(), NOON_S).unwrap();
        assert_eq!(lengthen(event.kind(), &short, NOON_S).as_ref(), Some(event));
        short
    }

    #[test]
    fn what_is_said_most_fits_beside_one_tag_and_beside_two() {
        let sent = |items: Vec<Item>| Event::CheckIn(check_in::Event::Sent(items));
        assert_eq!(short(&sent(vec![simple("NA-120-317", Code::A7)])).len(), 16);
        let counts = (Word::Trouble, [Some(3), Some(5), None], Rung::Radio, "");
        let staff = said("NA-120-317", Code::A5, counts, -61_000);
        assert!(short(&sent(vec![staff])).len() <= 30, "two tags");
        let two = vec![simple("NA-120-317", Code::A7), simple("NA-120-318", Code::A7)];
        assert!(short(&sent(two)).len() <= 38, "one tag");
        let report = Report {
            incident: IncidentId::try_new("I-7Q2M4K9D").unwrap(),
            code: incident::Code::IedPst,
            severity: Severity::Four,
            at: UnixMs(start_ms(NOON_S) + 250),
            place: Place {
                subject: Some(Subject::Station(StationId::try_new("NA-120-317").unwrap())),
                point: None,
                terrain: Terrain::Rural,
                words: String::new(),
            },
            source: Source::OnScene,
            text: "bag, gate".to_owned(),
        };
        let event = Event::Incident(incident::Event::Reported(report.clone()));
        assert!(short(&event).len() <= 38, "one tag: {}", short(&event).len());
        let complaint = Report { code: incident::Code::StfMis, ..report };
        let complaint = Event::Incident(incident::Event::Reported(complaint));
        assert_eq!(shorten(1300, &complaint.encode(), NOON_S), None, "everybody hears a radio");
    }

    #[test]
    fn every_golden_event_of_these_kinds_comes_back_and_no_other_has_a_short_form() {
        for event in golden::one_of_each().unwrap() {
            let short = shorten(event.kind(), &event.encode(), NOON_S);
            assert_eq!(short.is_some(), KINDS.contains(&event.kind()), "{}", event.kind());
            if let Some(short) = short {
                assert_eq!(lengthen(event.kind(), &short, NOON_S), Some(event));
            }
        }
    }

    #[test]
    fn a_second_spelling_is_no_short_form() {
        let event = Event::CheckIn(check_in::Event::Sent(vec![simple("NA-1-1", Code::A7)]));
        let short = short(&event);
        for bit in [COUNTS, NOTE] {
            let mut other = short.clone();
            other[0] |= bit;
            assert_eq!(lengthen(1200, &other, NOON_S), None);
        }
        let mut long = short.clone();
        long.push(0);
        assert_eq!(lengthen(1200, &long, NOON_S), None);
        assert_eq!(lengthen(1302, &short, NOON_S), None);
    }

    proptest! {
        #[test]
        fn check_ins_come_back(
            name in "[A-Z]{2}-[0-9]{1,3}-[0-9]{1,3}", code in 0usize..17, trouble: bool, rung in 0usize..6,
            counts: [Option<u16>; 3], note in "[a-zب-ے ]{0,20}", ms: i32, sort in 0u8..3, heard: bool,
        ) {
            let word = if trouble { Word::Trouble } else { Word::Well };
            let rest = (word, counts, Rung::ALL[rung], note.as_str());
            let mut item = said(&name, Code::ALL[code], rest, i64::from(ms));
            item.subject = match sort {
                0 => item.subject,
                1 => Subject::Sector(name),
                _ => Subject::Convoy(name),
            };
            let items = vec![item.clone(), item];
            short(&Event::CheckIn(if heard {
                check_in::Event::Heard(items)
            } else {
                check_in::Event::Sent(items)
            }));
        }

        #[test]
        fn any_bytes_are_read_without_harm(kind in 0usize..3, bytes: Vec<u8>, time_s: u32) {
            let kind = KINDS[kind];
            if let Some(event) = lengthen(kind, &bytes, time_s) {
                prop_assert_eq!(event.kind(), kind);
                prop_assert_eq!(shorten(kind, &event.encode(), time_s), Some(bytes));
            }
        }
    }
}
