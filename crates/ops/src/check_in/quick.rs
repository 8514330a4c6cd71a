//! The radio operator's quick entry: a call sign, a code, and what was said with it, in one line without the mouse.
//!
//! ```text
//! D012 S03 07 A8 12 9 40      the whole call sign; men and women who wait, women counted
//! 7 a7 !                      the station of the net that is open, with trouble
//! 3 07 ARM.PST / at the gate  the sector's number too; an incident, and words
//! S03 A4                      a sector's own post; its letter is never left out
//! ```
//!
//! A line that is the name of a net and nothing else (`S04`, `D012 S04`) opens that net ([`net`]).
//!
//! Letters may be small, the letters of a call sign and the dot of an incident's code may be left out, and digits may be
//! Latin, Arabic or Persian: whoever listens to a net types with whatever keyboard there is.

use super::{Code, Counts};
use crate::{incident, report::receipt::digit};

/// What a station says on the air of itself. What is left out is the open net's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallSign {
    pub district: Option<u16>,
    pub sector: Option<u16>,
    pub place: u16,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Station(CallSign),
    /// A sector's post.
    Post {
        district: Option<u16>,
        sector: u16,
    },
}

/// What was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    CheckIn { code: Code, trouble: bool, counts: Counts },
    Incident(incident::Code),
}

/// One line, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quick {
    pub who: Who,
    pub matter: Matter,
    pub note: String,
}

/// Why a line is no entry. The words name what is missing in the order in which it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("a call sign comes first: up to three numbers, as D012 S03 07")]
    CallSign,
    #[error("a code comes after the call sign: A1 to A17, or an incident's as ARM.PST")]
    Code,
    #[error(
        "after the code come at most three whole numbers, `!` for trouble, and words after `/`"
    )]
    Figures,
}

impl Unreadable {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CallSign => "call-sign",
            Self::Code => "code",
            Self::Figures => "figures",
        }
    }
}

impl CallSign {
    /// The same with what was left out taken from the open net.
    #[must_use]
    pub fn on_net(self, district: u16, sector: u16) -> (u16, u16, u16) {
        (self.district.unwrap_or(district), self.sector.unwrap_or(sector), self.place)
    }
}

/// Reads one line.
///
/// # Errors
/// [`Unreadable`]: which part could not be read. Nothing is guessed.
pub fn read(line: &str) -> Result<Quick, Unreadable> {
    let (said, note) = line.split_once('/').unwrap_or((line, ""));
    let said: String = said.chars().map(latin).collect();
    let mut words = said.split(|sign: char| sign.is_whitespace() || sign == ',');
    let mut numbers: Vec<(Option<char>, u16)> = Vec::new();
    let mut code = None;
    for word in words.by_ref().filter(|word| !word.is_empty()) {
        match call_number(word) {
            Some(number) if numbers.len() < 3 => numbers.push(number),
            Some(_) | None => {
                code = Some(word);
                break;
            }
        }
    }
    // A letter that does not stand at its own place is a slip of the hand.
    let who = match numbers.as_slice() {
        [(None, place)] => Who::Station(CallSign { district: None, sector: None, place: *place }),
        [(None | Some('S'), sector), (None, place)] => {
            Who::Station(CallSign { district: None, sector: Some(*sector), place: *place })
        }
        [(None | Some('D'), district), (None | Some('S'), sector), (None, place)] => {
            let (district, sector) = (Some(*district), Some(*sector));
            Who::Station(CallSign { district, sector, place: *place })
        }
        numbers => {
            let (district, sector) = post(numbers).ok_or(Unreadable::CallSign)?;
            Who::Post { district, sector }
        }
    };
    let word = code.ok_or(Unreadable::Code)?;
    let (word, mut trouble) = word.strip_suffix('!').map_or((word, false), |word| (word, true));
    let (check_in, incident) = (Code::parse(word), incident_code(word));
    if check_in.is_none() && incident.is_none() {
        return Err(Unreadable::Code);
    }
    let mut figures = [None; 3];
    let mut count = 0;
    for word in words.filter(|word| !word.is_empty()) {
        if word == "!" {
            trouble = true;
            continue;
        }
        let figure = figures.get_mut(count).ok_or(Unreadable::Figures)?;
        *figure = Some(word.parse().map_err(|_no_number| Unreadable::Figures)?);
        count += 1;
    }
    let matter = match (check_in, incident) {
        (Some(code), _) => {
            let [first, second, third] = figures;
            Matter::CheckIn { code, trouble, counts: Counts { first, second, third } }
        }
        (None, Some(code)) if count == 0 && !trouble => Matter::Incident(code),
        (None, _) => return Err(Unreadable::Figures),
    };
    Ok(Quick { who, matter, note: note.trim().to_owned() })
}

/// The net that a line names and says nothing of: district, where it is named, and sector.
#[must_use]
pub fn net(line: &str) -> Option<(Option<u16>, u16)> {
    let line: String = line.chars().map(latin).collect();
    let words = line.split(|sign: char| sign.is_whitespace() || sign == ',');
    let words = words.filter(|word| !word.is_empty());
    let numbers: Option<Vec<(Option<char>, u16)>> = words.map(call_number).collect();
    post(&numbers?)
}

/// `S03` or `D012 S03`.
fn post(numbers: &[(Option<char>, u16)]) -> Option<(Option<u16>, u16)> {
    match numbers {
        [(Some('S'), sector)] => Some((None, *sector)),
        [(Some('D'), district), (Some('S'), sector)] => Some((Some(*district), *sector)),
        _ => None,
    }
}

/// `D012`, `S03`, `07`: the letter, if there is one, and the number.
fn call_number(word: &str) -> Option<(Option<char>, u16)> {
    let first = word.chars().next()?.to_ascii_uppercase();
    let letter = Some(first).filter(|it| matches!(it, 'D' | 'S'));
    let digits = if letter.is_some() { word.get(1..)? } else { word };
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    Some((letter, digits.parse().ok()?))
}

fn incident_code(word: &str) -> Option<incident::Code> {
    let plain = |text: &str| text.replace('.', "").to_ascii_uppercase();
    let wanted = plain(word);
    incident::Code::ALL.iter().copied().find(|code| plain(code.name()) == wanted)
}

/// Arabic and Persian digits as Latin ones; the Urdu comma and the full stop as theirs.
fn latin(sign: char) -> char {
    match sign {
        '،' => ',',
        '۔' => '.',
        other => digit(other).and_then(|it| char::from_digit(it.into(), 10)).unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(code: Code, trouble: bool, counts: [Option<u16>; 3]) -> Matter {
        let [first, second, third] = counts;
        Matter::CheckIn { code, trouble, counts: Counts { first, second, third } }
    }

    fn sign(district: Option<u16>, sector: Option<u16>, place: u16) -> Who {
        Who::Station(CallSign { district, sector, place })
    }

    fn post(district: Option<u16>, sector: u16) -> Who {
        Who::Post { district, sector }
    }

    #[test]
    fn a_line_is_a_call_sign_a_code_and_what_was_said_with_it() {
        for (line, who, matter, note) in [
            ("7 a7", sign(None, None, 7), check(Code::A7, false, [None; 3]), ""),
            ("07 A7!", sign(None, None, 7), check(Code::A7, true, [None; 3]), ""),
            (
                "7 A7 ! / no boxes",
                sign(None, None, 7),
                check(Code::A7, true, [None; 3]),
                "no boxes",
            ),
            (
                "D012 S03 07 A8 12 9 40",
                sign(Some(12), Some(3), 7),
                check(Code::A8, false, [Some(12), Some(9), Some(40)]),
                "",
            ),
            ("12, 3, 7 a17", sign(Some(12), Some(3), 7), check(Code::A17, false, [None; 3]), ""),
            (
                "s03 7 a5 9 11",
                sign(None, Some(3), 7),
                check(Code::A5, false, [Some(9), Some(11), None]),
                "",
            ),
            (
                "۳ ۰۷ a12 ۱۴",
                sign(None, Some(3), 7),
                check(Code::A12, false, [Some(14), None, None]),
                "",
            ),
            (
                "3 7 arm.pst / at the gate",
                sign(None, Some(3), 7),
                Matter::Incident(incident::Code::ArmPst),
                "at the gate",
            ),
            ("7 PUBCLA", sign(None, None, 7), Matter::Incident(incident::Code::PubCla), ""),
            ("s03 a4", post(None, 3), check(Code::A4, false, [None; 3]), ""),
            ("d۱۲ s۰۳ a4!", post(Some(12), 3), check(Code::A4, true, [None; 3]), ""),
        ] {
            assert_eq!(read(line), Ok(Quick { who, matter, note: note.to_owned() }), "{line}");
        }
    }

    #[test]
    fn what_is_no_entry_says_which_part_is_missing() {
        for (line, why) in [
            ("", Unreadable::CallSign),
            ("a7", Unreadable::CallSign),
            ("7", Unreadable::Code),
            ("7 A18", Unreadable::Code),
            ("7 XYZ", Unreadable::Code),
            ("1 2 3 4 A7", Unreadable::Code),
            ("1234 A7", Unreadable::CallSign),
            ("D7 A7", Unreadable::CallSign),
            ("D12 7 A7", Unreadable::CallSign),
            ("S12 3 7 A7", Unreadable::CallSign),
            ("7 S3 A7", Unreadable::CallSign),
            ("7 A8 1 2 3 4", Unreadable::Figures),
            ("7 A8 many", Unreadable::Figures),
            ("7 A8 70000", Unreadable::Figures),
            ("7 ARM.PST 2", Unreadable::Figures),
        ] {
            assert_eq!(read(line), Err(why), "{line}");
        }
        let sign = CallSign { district: None, sector: Some(4), place: 7 };
        assert_eq!(sign.on_net(12, 3), (12, 4, 7));
    }

    #[test]
    fn a_line_that_only_names_a_net_opens_it() {
        for (line, named) in [
            ("S04", Some((None, 4))),
            (" d012 ,s۰۴ ", Some((Some(12), 4))),
            ("12 S4", None),
            ("4", None),
            ("12 4", None),
            ("S04 7", None),
            ("S04 A4", None),
            ("", None),
        ] {
            assert_eq!(net(line), named, "{line}");
        }
    }

    proptest! {
        #[test]
        fn every_code_is_read_back_as_it_is_written_and_no_line_breaks_the_reader(
            parts in (1_u16..999, 1_u16..99, 1_u16..99), code in 0..17_usize, counts in proptest::array::uniform3(0_u16..9_999),
            other in ".{0,40}",
        ) {
            let (district, sector, place) = parts;
            let [first, second, third] = counts;
            let code = Code::ALL[code];
            let line = format!("D{district:03} S{sector:02} {place:02} {} {first} {second} {third}", code.name());
            let read_back = read(&line).unwrap();
            prop_assert_eq!(read_back.who, sign(Some(district), Some(sector), place));
            prop_assert_eq!(read_back.matter, check(code, false, [Some(first), Some(second), Some(third)]));
            let _never_panics = (read(&other), net(&other));
        }
    }
}
