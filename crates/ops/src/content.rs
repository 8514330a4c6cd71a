//! What a text in an event may hold: one gate for local and remote words alike.

use crate::{
    event::Event,
    refusal::{Refusal, RefusalCode},
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, EquipmentId, IncidentId, ItemId, PersonId, StationId,
    SuspensionId, UnitId, role::Role,
};
use std::collections::BTreeSet;

/// Longest reason, note or parameter, in bytes (a letter of Urdu takes two).
pub const TEXT_BYTES_MAX: usize = 4_096;
/// Longest name, title or key, in bytes.
pub const NAME_BYTES_MAX: usize = 256;

/// One thing inside an event that has to be looked at.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    /// Must be written: a reason, a source, an authority.
    Required(&'a str),
    /// May be empty.
    Optional(&'a str),
    /// A short required name.
    Name(&'a str),
    Area(&'a AreaId),
    /// An id, and whether it is well formed.
    Id(&'a str, bool),
}

impl<'a> Piece<'a> {
    pub(crate) fn station(id: &'a StationId) -> Self {
        Self::Id(id.as_str(), StationId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn building(id: &'a BuildingId) -> Self {
        Self::Id(id.as_str(), BuildingId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn unit(id: &'a UnitId) -> Self {
        Self::Id(id.as_str(), UnitId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn incident(id: &'a IncidentId) -> Self {
        Self::Id(id.as_str(), IncidentId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn item(id: &'a ItemId) -> Self {
        Self::Id(id.as_str(), ItemId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn equipment(id: &'a EquipmentId) -> Self {
        Self::Id(id.as_str(), EquipmentId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn suspension(id: &'a SuspensionId) -> Self {
        Self::Id(id.as_str(), SuspensionId::try_new(id.as_str()).is_ok())
    }
    pub(crate) fn constituency(id: &'a ConstituencyId) -> Self {
        Self::Id(id.as_str(), ConstituencyId::try_new(id.as_str()).is_ok())
    }
    /// A person's name is an account or service name; a national identity number is none.
    pub(crate) fn person(id: &'a PersonId) -> Self {
        if PersonId::try_new(id.as_str()).is_ok() {
            Self::Name(id.as_str())
        } else {
            Self::Id(id.as_str(), false)
        }
    }
    /// As [`Self::person`], of a service number that stands in a roll.
    pub(crate) fn number(number: &'a str) -> Self {
        if PersonId::try_new(number).is_ok() { Self::Name(number) } else { Self::Id(number, false) }
    }
    pub(crate) fn role(role: &'a Role) -> Self {
        Self::Id(role.as_str(), Role::try_new(role.as_str()).is_ok())
    }
}

/// Whether an event's words and numbers may be kept and shown.
///
/// # Errors
/// [`RefusalCode::TextEmpty`], [`RefusalCode::TextTooLong`], [`RefusalCode::IdentityNumber`] or
/// [`RefusalCode::NameMalformed`], and the codes of numbers out of their range. The text itself is never repeated.
pub fn check(event: &Event) -> Result<(), Refusal> {
    let mut first: Result<(), Refusal> = Ok(());
    event.pieces(&mut |piece| {
        if first.is_ok() {
            first = check_piece(piece).map_err(|code| Refusal::of(code, event.name()));
        }
    });
    first?;
    event.check_values()
}

/// Whether no thing stands twice.
pub(crate) fn each_once<T: Ord>(things: impl IntoIterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    things.into_iter().all(|thing| seen.insert(thing))
}

/// Whether a text that is sealed before it becomes an event may be kept.
///
/// # Errors
/// As [`check`].
pub fn check_text(text: &str) -> Result<(), Refusal> {
    check_piece(Piece::Required(text)).map_err(|code| Refusal::of(code, "text"))
}

fn check_piece(piece: Piece<'_>) -> Result<(), RefusalCode> {
    let (text, bytes_max, required) = match piece {
        Piece::Required(text) => (text, TEXT_BYTES_MAX, true),
        Piece::Optional(text) => (text, TEXT_BYTES_MAX, false),
        Piece::Name(text) => (text, NAME_BYTES_MAX, true),
        Piece::Area(area) => {
            return if AreaId::try_new(area.as_str()).is_ok() {
                Ok(())
            } else {
                Err(RefusalCode::NameMalformed)
            };
        }
        Piece::Id(_, well_formed) => {
            return if well_formed { Ok(()) } else { Err(RefusalCode::NameMalformed) };
        }
    };
    if required && text.trim().is_empty() {
        return Err(RefusalCode::TextEmpty);
    }
    if text.len() > bytes_max {
        return Err(RefusalCode::TextTooLong);
    }
    if holds_identity_number(text) {
        return Err(RefusalCode::IdentityNumber);
    }
    Ok(())
}

/// Whether thirteen digits stand together as a national identity number is written: unbroken, or parted by
/// hyphens, or in groups of five, seven and one. Western, Arabic and Urdu digits count alike.
#[must_use]
pub fn holds_identity_number(text: &str) -> bool {
    let mut hyphenated = 0_usize;
    let mut groups = [0_usize; 3];
    let mut in_group = false;
    let mut after_hyphen = false;
    for c in text.chars().chain(['.']) {
        if is_digit(c) {
            if !in_group {
                groups.rotate_left(1);
                groups[2] = 0;
                in_group = true;
            }
            groups[2] += 1;
            hyphenated += 1;
            after_hyphen = false;
            continue;
        }
        if in_group && (groups == [5, 7, 1] || groups[2] == 13) {
            return true;
        }
        in_group = false;
        let joins = is_hyphen(c) && !after_hyphen;
        after_hyphen = is_hyphen(c);
        if !joins {
            if hyphenated == 13 {
                return true;
            }
            hyphenated = 0;
            if !c.is_whitespace() {
                groups = [0; 3];
            }
        }
    }
    false
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
        || ('\u{0660}'..='\u{0669}').contains(&c)
        || ('\u{06f0}'..='\u{06f9}').contains(&c)
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_is_found_however_it_is_written() {
        for text in [
            "1234512345671",
            "see 12345-1234567-1.",
            "12345 1234567 1",
            "۱۲۳۴۵-۱۲۳۴۵۶۷-۱",
            "١٢٣٤٥١٢٣٤٥٦٧١",
            "no 12345-12345671 today",
            "1 12345 1234567 1",
        ] {
            assert!(holds_identity_number(text), "{text}");
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all but texts and what holds them")]
    fn texts_in(bytes: &mut minicbor::Decoder<'_>) -> usize {
        use minicbor::data::Type;
        let items = match bytes.datatype().unwrap() {
            Type::String => {
                bytes.skip().unwrap();
                return 1;
            }
            Type::Array => bytes.array().unwrap().unwrap(),
            Type::Map => 2 * bytes.map().unwrap().unwrap(),
            _ => {
                bytes.skip().unwrap();
                0
            }
        };
        (0..items).map(|_| texts_in(bytes)).sum()
    }

    #[test]
    fn no_text_of_any_event_passes_the_gate_unseen() {
        for event in crate::golden::one_of_each().unwrap() {
            let bytes = event.encode();
            let written = texts_in(&mut minicbor::Decoder::new(&bytes));
            let mut seen = 0;
            event.pieces(&mut |_| seen += 1);
            assert_eq!(seen, written, "{}", event.name());
        }
    }

    #[test]
    fn what_may_not_be_kept_is_refused_without_being_repeated() {
        fn refusal(piece: Piece<'_>) -> RefusalCode {
            check_piece(piece).unwrap_err()
        }
        assert_eq!(refusal(Piece::Required("  ")), RefusalCode::TextEmpty);
        assert_eq!(refusal(Piece::Name(&"x".repeat(257))), RefusalCode::TextTooLong);
        assert_eq!(refusal(Piece::Optional(&"x".repeat(4_097))), RefusalCode::TextTooLong);
        assert_eq!(refusal(Piece::Optional("42101-1234567-1")), RefusalCode::IdentityNumber);
        assert_eq!(check_piece(Piece::Optional("")), Ok(()));
        let person = PersonId::try_new("4210112345671").unwrap();
        assert_eq!(refusal(Piece::person(&person)), RefusalCode::IdentityNumber);
        let area: AreaId = minicbor::decode(b"\x62PK").unwrap();
        assert_eq!(refusal(Piece::Area(&area)), RefusalCode::NameMalformed);
        let station: StationId = minicbor::decode(b"\x60").unwrap();
        assert_eq!(refusal(Piece::station(&station)), RefusalCode::NameMalformed);
    }

    #[test]
    fn telephone_numbers_dates_and_hashes_are_not_identity_numbers() {
        for text in [
            "",
            "2024-02-08 13:00",
            "0300-1234567",
            "ref 5657/6550/6801",
            "12345678901234",
            "NA-40-15",
            "12345, 1234567, 1",
        ] {
            assert!(!holds_identity_number(text), "{text}");
        }
    }
}
