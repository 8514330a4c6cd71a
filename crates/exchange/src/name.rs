//! Names of stations: damage, marks of kind, and the stem that says which building is meant.

use encoding_rs::{WINDOWS_1252, WINDOWS_1256};
use pehra_domain::station::StationKind;

/// A name made readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    pub name: String,
    /// The text was damaged; `name` may still hold the damage when it has no certain reading.
    pub garbled: bool,
    pub mended: bool,
}

/// Collapses spaces, removes control marks, and mends two damages with one reading: `©` where a word processor
/// replaced `(c)`, and UTF-8 that was read as Windows-1252 or 1256.
#[must_use]
pub fn clean(given: &str) -> Cleaned {
    let tidy =
        !given.contains("  ") && given.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'?');
    if tidy {
        return Cleaned { name: given.to_owned(), garbled: false, mended: false };
    }
    let mut text = given.to_owned();
    let mut mended = false;
    if let Some(better) = undo_wrong_decoding(&text) {
        text = better;
        mended = true;
    }
    if text.contains('©') {
        text = text.replace('©', " (C)");
        mended = true;
    }
    let had_controls = text.chars().any(|c| c.is_control() && !c.is_whitespace());
    let text: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let damaged = name.contains(['?', '\u{fffd}']);
    Cleaned { garbled: mended || damaged || had_controls, mended: mended || had_controls, name }
}

/// `Ø²Ù†Ø§Ù†Û` back to `زنانہ`: only when the bytes are well-formed UTF-8 and give Arabic letters.
fn undo_wrong_decoding(text: &str) -> Option<String> {
    if !text.contains(['Ø', 'Ù', 'Û', 'ط', 'ظ', 'غ', 'Ã', 'â']) {
        return None;
    }
    [WINDOWS_1252, WINDOWS_1256].into_iter().find_map(|encoding| {
        let (bytes, _, lossy) = encoding.encode(text);
        if lossy || bytes.is_ascii() {
            return None;
        }
        let better = std::str::from_utf8(&bytes).ok()?;
        let arabic = better.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
        (arabic && better.chars().count() < text.chars().count()).then(|| better.to_owned())
    })
}

/// The kind a text says, if it is one of the words lists use.
#[must_use]
pub fn kind_word(text: &str) -> Option<StationKind> {
    let lower = text.trim().to_lowercase();
    match lower.trim_matches([' ', '.', ':', '*', ',', '-']) {
        "male" | "m" | "men" | "gents" | "mardana" | "mens" | "males" | "man" | "مردانہ"
        | "مرد" => Some(StationKind::Men),
        "female" | "f" | "women" | "ladies" | "zanana" | "famale" | "femal" | "femae" | "fmale"
        | "females" | "woman" | "w" | "زنانہ" | "زنانه" | "خواتین" | "عورت" => {
            Some(StationKind::Women)
        }
        "combined" | "comb" | "com" | "c" | "combine" | "combind" | "combiend" | "combind)"
        | "m/f" | "m&f" | "m & f" | "male/female" | "male & female" | "male and female"
        | "both" | "mixed" | "joint" | "mushtarka" | "مشترکہ" | "مخلوط" | "cobined" | "combned" => {
            Some(StationKind::Combined)
        }
        _ => None,
    }
}

/// The kind a name's marks say: bracketed words, or a whole word at the very end. `(B)`, `(G)`, `Boys` and
/// `Girls` name the school, not the station; `(P)`, `(T)` and `*` are the list's marks for permanent, temporary
/// and improvised places.
#[must_use]
pub fn kind_in_name(name: &str) -> Option<StationKind> {
    let mut found = None;
    let mut rest = name;
    while let Some((_, after)) = rest.split_once('(') {
        let (inside, tail) = after.split_once(')').unwrap_or((after, ""));
        found = kind_word(inside).or(found);
        rest = tail;
    }
    if found.is_some() {
        return found;
    }
    let bare = name.trim_end_matches(['*', ' ', '.', ',', '-', ')']);
    let last = bare.rsplit([' ', '.', ',', '-', '(']).next().unwrap_or_default();
    if last.chars().count() < 3 || last == name {
        return None;
    }
    kind_word(last)
}

/// What a name says about where: `building` for the house, `part` for the station in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stem {
    pub building: String,
    pub part: String,
}

/// Words that say how the place is set up, not which it is.
const SET_UP: &[&str] = &[
    "improvised",
    "improvise",
    "improivsed",
    "impromised",
    "imp",
    "partially",
    "partialy",
    "partly",
    "partial",
    "fully",
    "full",
    "temporary",
    "permanent",
    "with",
    "booth",
    "booths",
    "male",
    "female",
    "famale",
    "combined",
    "combine",
    "combind",
    "combiend",
    "comb",
    "mardana",
    "zanana",
    "مردانہ",
    "زنانہ",
    "مشترکہ",
];

/// Lower case, usual abbreviations written out, marks of kind and set-up removed, the number of the station in
/// its building taken apart. Equal stems mean the same name for practical purposes.
#[must_use]
pub fn stem(name: &str) -> Stem {
    let words = words(name);
    let mut building = String::with_capacity(name.len() + 8);
    let mut part = String::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        if let Some((number, used)) = part_at(rest) {
            part.push_str(&number);
            part.push('/');
            at += used;
            continue;
        }
        at += 1;
        if SET_UP.contains(&word.as_str()) {
            continue;
        }
        push_written_out(word, &mut building);
    }
    Stem { building, part }
}

/// Words of a name; bracketed marks of one letter and a serial number before the name are left out.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let mut out: Vec<String> = Vec::with_capacity(8);
    let mut word = String::new();
    let mut bracket: Option<usize> = None;
    for c in lower.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if c == '(' {
            bracket = Some(out.len());
        } else if c == ')'
            && let Some(start) = bracket.take()
        {
            let inside = out.get(start..).unwrap_or_default();
            let mark = matches!(inside, [one] if matches!(one.as_str(), "m" | "f" | "c" | "p" | "t" | "com"));
            let both = matches!(inside, [m, f] if m == "m" && f == "f");
            if mark || both {
                out.truncate(start);
            }
        }
    }
    let serial = out.len() > 1
        && out
            .first()
            .is_some_and(|first| first.len() <= 3 && first.bytes().all(|b| b.is_ascii_digit()));
    if serial {
        out.remove(0);
    }
    out
}

/// A marker of the station within its building at the start of `words`: its number and how many words it took.
fn part_at(words: &[String]) -> Option<(String, usize)> {
    let word = |index: usize| words.get(index).map_or("", String::as_str);
    let after_marker = |from: usize| -> Option<(String, usize)> {
        let skip = usize::from(matches!(word(from), "no" | "number" | "nos"));
        ordinal(word(from + skip)).map(|number| (number, from + skip + 1))
    };
    match (word(0), word(1)) {
        ("ps", _) | ("part", _) | ("portion", _) => after_marker(1),
        ("p", "s") | ("polling", "station") => after_marker(2).or(Some((String::new(), 2))),
        (first, "ps" | "portion" | "part") => ordinal(first).map(|number| (number, 2)),
        (first, "p") if word(2) == "s" => ordinal(first).map(|number| (number, 3)),
        (first, _) => first
            .strip_prefix("ps")
            .filter(|tail| !tail.is_empty())
            .and_then(ordinal)
            .map(|number| (number, 1)),
    }
}

/// `2`, `ii`, `2nd`, `second` → `2`.
fn ordinal(word: &str) -> Option<String> {
    const NAMES: &[(&str, &str)] = &[
        ("i", "1"),
        ("ii", "2"),
        ("iii", "3"),
        ("iv", "4"),
        ("v", "5"),
        ("vi", "6"),
        ("vii", "7"),
        ("viii", "8"),
        ("ix", "9"),
        ("x", "10"),
        ("1st", "1"),
        ("2nd", "2"),
        ("3rd", "3"),
        ("4th", "4"),
        ("5th", "5"),
        ("first", "1"),
        ("second", "2"),
        ("third", "3"),
        ("thrid", "3"),
        ("fourth", "4"),
        ("fifth", "5"),
        ("a", "a"),
        ("b", "b"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
    ];
    if !word.is_empty() && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit()) {
        let plain = word.trim_start_matches('0');
        return Some(if plain.is_empty() { "0".to_owned() } else { plain.to_owned() });
    }
    NAMES.iter().find(|(name, _)| *name == word).map(|(_, number)| (*number).to_owned())
}

fn push_written_out(word: &str, out: &mut String) {
    const SHORT: &[(&str, &str)] = &[
        ("gps", "govtprimaryschool"),
        ("ggps", "govtgirlsprimaryschool"),
        ("gbps", "govtboysprimaryschool"),
        ("gms", "govtmiddleschool"),
        ("ggms", "govtgirlsmiddleschool"),
        ("gbms", "govtboysmiddleschool"),
        ("ghs", "govthighschool"),
        ("gghs", "govtgirlshighschool"),
        ("gbhs", "govtboyshighschool"),
        ("ghss", "govthighersecondaryschool"),
        ("gghss", "govtgirlshighersecondaryschool"),
        ("gbhss", "govtboyshighersecondaryschool"),
        ("gbpss", "govtboysprimaryschool"),
        ("ggpss", "govtgirlsprimaryschool"),
        ("gcms", "govtcommunitymodelschool"),
        ("bhu", "basichealthunit"),
        ("rhc", "ruralhealthcentre"),
        ("gov", "govt"),
        ("government", "govt"),
        ("goverment", "govt"),
        ("governmnet", "govt"),
        ("governmet", "govt"),
        ("govtprimary", "govtprimary"),
        ("pry", "primary"),
        ("prim", "primary"),
        ("pri", "primary"),
        ("primery", "primary"),
        ("sch", "school"),
        ("schl", "school"),
        ("scool", "school"),
        ("secondry", "secondary"),
        ("secondery", "secondary"),
        ("sec", "secondary"),
        ("elementry", "elementary"),
        ("ele", "elementary"),
        ("grammer", "grammar"),
        ("collage", "college"),
        ("muhammed", "muhammad"),
        ("mohammad", "muhammad"),
        ("mohd", "muhammad"),
        ("center", "centre"),
        ("girl", "girls"),
        ("boy", "boys"),
        ("dispensery", "dispensary"),
        ("no", ""),
        ("number", ""),
    ];
    if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == word) {
        out.push_str(long);
        return;
    }
    match ordinal(word) {
        // Roman numbers of schools ("Lakhi-II"); a single letter is a name, not a number.
        Some(number) if word.len() > 1 || word.bytes().all(|b| b.is_ascii_digit() || b == b'i') => {
            out.push_str(&number);
        }
        _ => out.push_str(word),
    }
}

/// Whether two building stems are one name with up to two letters written differently: both of 12 bytes or
/// more, and the same digits in the same order.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if one.len() < 12 || other.len() < 12 || one.len().abs_diff(other.len()) > 2 {
        return false;
    }
    let digits = |text: &str| -> Vec<u8> { text.bytes().filter(u8::is_ascii_digit).collect() };
    // A school for girls is not the one for boys next door, though the names may be close.
    let girls = |text: &str| text.contains("girls");
    digits(one) == digits(other)
        && girls(one) == girls(other)
        && distance_at_most_two(one.as_bytes(), other.as_bytes())
}

/// Whether at most two insertions, removals or exchanges of a byte lead from one to the other (a band of five
/// around the diagonal of the usual table).
fn distance_at_most_two(one: &[u8], other: &[u8]) -> bool {
    const FAR: u8 = 9;
    let mut before = [FAR, FAR, 0, 1, 2];
    for (i, &byte) in one.iter().enumerate() {
        let mut now = [FAR; 5];
        for k in 0..5_usize {
            // Column of the table: i + 1 + (k - 2).
            let Some(j) = (i + 1 + k).checked_sub(2) else { continue };
            if j > other.len() {
                continue;
            }
            let above = before.get(k + 1).copied().unwrap_or(FAR).saturating_add(1);
            let left = if k > 0 { now[k - 1].saturating_add(1) } else { FAR };
            let diagonal = match j.checked_sub(1).and_then(|at| other.get(at)) {
                Some(&b) => before[k].saturating_add(u8::from(b != byte)),
                None => FAR,
            };
            now[k] = if j == 0 {
                u8::try_from(i + 1).unwrap_or(FAR)
            } else {
                above.min(left).min(diagonal)
            };
        }
        if now.iter().all(|&cost| cost > 2) {
            return false;
        }
        before = now;
    }
    let last = (other.len() + 2).checked_sub(one.len());
    last.and_then(|k| before.get(k)).is_some_and(|&cost| cost <= 2)
}

#[cfg(test)]
mod tests;
