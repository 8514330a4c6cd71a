//! The radio operator's net: the plan's own call signs, and what a line of theirs says of whom.
//!
//! Invariant. What a line means depends on the line, the open net and the plan alone; nothing is guessed, and what cannot be
//! resolved says what was heard and what to ask on the air.

use crate::{
    last::Last,
    node::Node,
    work::{WorkError, communication::call_signs},
};
use pehra_domain::{AreaId, Date, StationId};
use pehra_ops::check_in::{
    Sender, Subject,
    quick::{self, Matter, Unreadable, Who},
};
use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

/// Districts whose call signs are kept: the nation's.
const DISTRICTS_KEPT: usize = 160;
/// Longest line: a call sign, a code, three figures and the longest words that an entry bears.
pub const LINE_CHARS_MAX: usize = 600;

/// The call signs of one district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    pub area: AreaId,
    /// As it is said on the air, from 1.
    pub number: u16,
    /// Sector, then place in it, each from 1.
    nets: BTreeMap<u16, BTreeMap<u16, StationId>>,
}

impl District {
    /// The stations of a sector by their places; none where the district has no such sector.
    #[must_use]
    pub fn net(&self, sector: u16) -> Option<&BTreeMap<u16, StationId>> {
        self.nets.get(&sector)
    }

    /// Sectors in order.
    pub fn sectors(&self) -> impl Iterator<Item = u16> {
        self.nets.keys().copied()
    }

    /// `D012 S03 07`.
    #[must_use]
    pub fn sign(&self, sector: u16, place: u16) -> String {
        format!("{} {place:02}", self.post(sector))
    }

    /// `D012 S03`: a net, and the call sign of its sector's post.
    #[must_use]
    pub fn post(&self, sector: u16) -> String {
        format!("D{:03} S{sector:02}", self.number)
    }
}

/// Of which lists call signs were made.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    area: AreaId,
    lists: [Option<[u8; 32]>; 4],
    poll: Date,
}

/// Call signs of the districts that were asked for last.
#[derive(Default)]
pub struct Kept(Last<Stamp, District>);

impl Kept {
    /// A district's call signs. Those of a nation's district take some tenths of a second once: call it off the async threads.
    ///
    /// # Errors
    /// [`WorkError`]: no stations, none in this area, or a table that cannot be read.
    pub fn district(&self, node: &Node, area: &AreaId) -> Result<Arc<District>, WorkError> {
        let world = node.world();
        let stations = world.stations.as_ref().map(|it| &it.provenance);
        let lists = [
            stations,
            world.assessment.as_ref().map(|it| &it.provenance),
            world.surveys.as_ref().map(|it| &it.provenance),
            world.places.as_ref().map(|it| &it.provenance),
        ];
        let stamp = Stamp {
            area: area.clone(),
            lists: lists.map(|it| it.map(|it| it.manifest)),
            poll: node.poll_date(),
        };
        self.0.get(stamp, DISTRICTS_KEPT, || {
            let signs = call_signs(node, area, &mut |_| ControlFlow::Continue(()))?;
            let mut nets: BTreeMap<u16, BTreeMap<u16, StationId>> = BTreeMap::new();
            let mut number = 0;
            for (station, (district, sector, place)) in signs {
                number = district;
                nets.entry(sector).or_default().insert(place, station);
            }
            Ok(District { area: area.clone(), number, nets })
        })
    }
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Another net is to be opened.
    Net {
        area: AreaId,
        sector: u16,
        sign: String,
    },
    Entry(Entry),
}

/// What a line says of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub area: AreaId,
    pub subject: Subject,
    /// The whole call sign.
    pub sign: String,
    pub matter: Matter,
    pub note: String,
}

/// Why a line says nothing that could be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unheard {
    Unreadable(Unreadable),
    TooLong,
    District(u16),
    Outside(u16),
    Sector { district: String, sector: u16, last: u16 },
    Place { net: String, place: u16, last: u16 },
    Post,
}

impl From<Unreadable> for Unheard {
    fn from(why: Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

impl Unheard {
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(why) => why.name(),
            Self::TooLong => "too-long",
            Self::District(_) => "district-unknown",
            Self::Outside(_) => "district-outside",
            Self::Sector { .. } => "sector-unknown",
            Self::Place { .. } => "place-unknown",
            Self::Post => "post-code",
        }
    }

    /// What is wrong, and what to do.
    #[must_use]
    pub fn english(&self) -> String {
        match self {
            Self::Unreadable(Unreadable::CallSign) => "No call sign was heard. It comes first: 7, S03 07 or D012 S03 07. Ask: say again your call sign.".to_owned(),
            Self::Unreadable(Unreadable::Code) => "No code was heard that exists. After the call sign comes A1 to A17, or an incident's as ARM.PST. Ask: say again your code.".to_owned(),
            Self::Unreadable(Unreadable::Figures) => "After the code come at most three whole numbers, ! for trouble, and words after /; an incident has words alone. Ask: say again all after the code.".to_owned(),
            Self::TooLong => format!("The line is longer than {LINE_CHARS_MAX} characters. Shorten the words after /."),
            Self::District(number) => format!("There is no district D{number:03}. Ask: say again your whole call sign."),
            Self::Outside(number) => format!("District D{number:03} is not yours. Give the message to the room of that district."),
            Self::Sector { district, sector, last } => format!("{district} has no sector S{sector:02}; its last is S{last:02}. Ask: say again your whole call sign."),
            Self::Place { net, place, last } => format!("Nobody on {net} is {place:02}; its last is {last:02}. Ask: say again your whole call sign."),
            Self::Post => "A sector's post reports A4 or an incident. For another code a station must be named: S03 07 A8.".to_owned(),
        }
    }

    /// The same in Urdu.
    #[must_use]
    pub fn urdu(&self) -> String {
        match self {
            Self::Unreadable(Unreadable::CallSign) => "کوئی کال سائن نہیں ملا۔ پہلے کال سائن آتا ہے، جیسے 7 یا S03 07 یا D012 S03 07۔ کہیں: اپنا کال سائن دہرائیں۔".to_owned(),
            Self::Unreadable(Unreadable::Code) => "کوئی موجود کوڈ نہیں ملا۔ کال سائن کے بعد A1 سے A17 یا واقعے کا کوڈ آتا ہے، جیسے ARM.PST۔ کہیں: اپنا کوڈ دہرائیں۔".to_owned(),
            Self::Unreadable(Unreadable::Figures) => "کوڈ کے بعد زیادہ سے زیادہ تین پورے عدد، مسئلے کے لیے ! اور / کے بعد الفاظ آتے ہیں؛ واقعے کے ساتھ صرف الفاظ۔ کہیں: کوڈ کے بعد سب دہرائیں۔".to_owned(),
            Self::TooLong => format!("سطر {LINE_CHARS_MAX} حروف سے لمبی ہے۔ / کے بعد کے الفاظ مختصر کریں۔"),
            Self::District(number) => format!("ضلع D{number:03} موجود نہیں۔ کہیں: پورا کال سائن دہرائیں۔"),
            Self::Outside(number) => format!("ضلع D{number:03} آپ کا نہیں۔ پیغام اُس ضلع کے کمرے کو دیں۔"),
            Self::Sector { district, sector, last } => format!("{district} میں سیکٹر S{sector:02} نہیں؛ آخری S{last:02} ہے۔ کہیں: پورا کال سائن دہرائیں۔"),
            Self::Place { net, place, last } => format!("{net} پر {place:02} کوئی نہیں؛ آخری {last:02} ہے۔ کہیں: پورا کال سائن دہرائیں۔"),
            Self::Post => "سیکٹر کی چوکی صرف A4 یا واقعہ بتاتی ہے۔ دوسرے کوڈ کے لیے اسٹیشن کا نام لیں: S03 07 A8۔".to_owned(),
        }
    }
}

/// Reads one line. `find` gives the district of a number as it is said on the air, and the open net's without one.
///
/// # Errors
/// [`Unheard`]: what of it cannot be read or found. Nothing is guessed.
pub fn read(
    line: &str,
    sector: u16,
    find: impl Fn(Option<u16>) -> Result<Arc<District>, Unheard>,
) -> Result<Said, Unheard> {
    if line.chars().count() > LINE_CHARS_MAX {
        return Err(Unheard::TooLong);
    }
    if let Some((district, sector)) = quick::net(line) {
        let district = find(district)?;
        known(&district, sector)?;
        let (area, sign) = (district.area.clone(), district.post(sector));
        return Ok(Said::Net { area, sector, sign });
    }
    let quick = quick::read(line)?;
    let (district, subject, sign) = match quick.who {
        Who::Station(named) => {
            let (district, sector) = (find(named.district)?, named.sector.unwrap_or(sector));
            let net = known(&district, sector)?;
            let station = net.get(&named.place).cloned().ok_or_else(|| Unheard::Place {
                net: district.post(sector),
                place: named.place,
                last: net.keys().next_back().copied().unwrap_or_default(),
            })?;
            let sign = district.sign(sector, named.place);
            (district, Subject::Station(station), sign)
        }
        Who::Post { district, sector } => {
            let district = find(district)?;
            known(&district, sector)?;
            if matches!(quick.matter, Matter::CheckIn { code, .. } if code.sender() != Sender::Sector)
            {
                return Err(Unheard::Post);
            }
            let sign = district.post(sector);
            (district, Subject::Sector(sign.clone()), sign)
        }
    };
    let area = district.area.clone();
    Ok(Said::Entry(Entry { area, subject, sign, matter: quick.matter, note: quick.note }))
}

fn known(district: &District, sector: u16) -> Result<&BTreeMap<u16, StationId>, Unheard> {
    district.net(sector).ok_or_else(|| Unheard::Sector {
        district: format!("D{:03}", district.number),
        sector,
        last: district.sectors().last().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_ops::check_in::{Code, Counts};

    fn district(number: u16, area: &str) -> Arc<District> {
        let station = |name: &str| StationId::try_new(name).unwrap();
        let net = |names: &[&str]| (1..).zip(names.iter().map(|name| station(name))).collect();
        let nets = BTreeMap::from([(1, net(&["P-1", "P-2"])), (3, net(&["P-3"]))]);
        Arc::new(District { area: AreaId::try_new(area).unwrap(), number, nets })
    }

    fn find(number: Option<u16>) -> Result<Arc<District>, Unheard> {
        match number {
            None | Some(12) => Ok(district(12, "pk/sindh/thatta")),
            Some(13) => Err(Unheard::Outside(13)),
            Some(number) => Err(Unheard::District(number)),
        }
    }

    #[test]
    fn a_line_is_resolved_to_a_station_a_post_or_another_net() {
        let entry = |line: &str| match read(line, 1, find) {
            Ok(Said::Entry(entry)) => (entry.subject.name().to_owned(), entry.sign, entry.note),
            other => panic!("{line}: {other:?}"),
        };
        let said = |subject: &str, sign: &str, note: &str| {
            (subject.to_owned(), sign.to_owned(), note.to_owned())
        };
        assert_eq!(entry("2 a7"), said("P-2", "D012 S01 02", ""));
        assert_eq!(entry("s3 1 ARM.PST / gate"), said("P-3", "D012 S03 01", "gate"));
        assert_eq!(entry("d12 ۳ ۱ a8 12 9"), said("P-3", "D012 S03 01", ""));
        assert_eq!(entry("S03 A4"), said("D012 S03", "D012 S03", ""));
        let net = read("s3", 1, find).unwrap();
        assert!(matches!(net, Said::Net { sector: 3, sign, .. } if sign == "D012 S03"));
        let Ok(Said::Entry(one)) = read("1 a8! 5", 1, find) else { panic!("an entry") };
        let counts = Counts { first: Some(5), ..Counts::default() };
        assert_eq!(one.matter, Matter::CheckIn { code: Code::A8, trouble: true, counts });
    }

    #[test]
    fn what_cannot_be_found_says_in_both_languages_what_to_ask() {
        for (line, code) in [
            ("hello", "call-sign"),
            ("2", "code"),
            ("2 a7 many", "figures"),
            ("3 a7", "place-unknown"),
            ("S02 1 a7", "sector-unknown"),
            ("S09", "sector-unknown"),
            ("D013 S01 1 a7", "district-outside"),
            ("D900 S01 1 a7", "district-unknown"),
            ("S03 A8", "post-code"),
            (&"7 a7 / word ".repeat(80), "too-long"),
        ] {
            let why = read(line, 1, find).unwrap_err();
            assert_eq!(why.code(), code, "{line}");
            let (english, urdu) = (why.english(), why.urdu());
            assert!(english.is_ascii() && english.len() > 30, "{english}");
            assert!(urdu.chars().any(|sign| ('\u{0600}'..='\u{06ff}').contains(&sign)), "{urdu}");
        }
    }
}
