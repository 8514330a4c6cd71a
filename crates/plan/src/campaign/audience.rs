//! The tables: what people of a district speak and hear, what a channel reaches and costs, and who understands whom.

use crate::training::module::cells;
use pehra_domain::campaign::{Channel, Language};
use std::{collections::BTreeMap, str::FromStr};

/// What is wrong with a table, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of {table}: {what}")]
pub struct AudienceError {
    pub table: &'static str,
    pub line: usize,
    pub what: &'static str,
}

/// Town or country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Town,
    Country,
}

/// What the households of one part of a district have, and what is spoken there, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    pub radio: u32,
    pub tv: u32,
    pub mobile: u32,
    pub internet: u32,
    /// What is spoken at home; the rest speaks another language.
    pub speaks: BTreeMap<Language, u32>,
    pub basis: String,
}

/// Whom a channel reaches before anything is subtracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hears {
    Everybody,
    Radio,
    Tv,
    Mobile,
    Internet,
}

impl Audience {
    /// Thousandths of the households.
    #[must_use]
    pub fn hears(&self, what: Hears) -> u32 {
        match what {
            Hears::Everybody => 1_000,
            Hears::Radio => self.radio,
            Hears::Tv => self.tv,
            Hears::Mobile => self.mobile,
            Hears::Internet => self.internet,
        }
    }
}

/// What one channel reaches, what it costs, and what of it survives while mobile networks are off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Means {
    pub channel: Channel,
    /// One offer covers the whole nation, not one district.
    pub national: bool,
    pub hears: Hears,
    /// Thousandths of its reach.
    pub survives: u32,
    /// Thousandths of those who can hear it: men in town, women in town, men in the country, women in the country.
    pub reach: [u32; 4],
    pub fixed_rs: u64,
    pub per_1000_rs: u64,
    pub languages: Vec<Language>,
    pub basis: String,
}

impl Means {
    #[must_use]
    pub fn reach(&self, setting: Setting, woman: bool) -> u32 {
        let [town_men, town_women, country_men, country_women] = self.reach;
        match (setting, woman) {
            (Setting::Town, false) => town_men,
            (Setting::Town, true) => town_women,
            (Setting::Country, false) => country_men,
            (Setting::Country, true) => country_women,
        }
    }
}

/// Who understands a message: by its language and by what is spoken at home (none for all other languages), in
/// thousandths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood(BTreeMap<(Language, Option<Language>), u32>);

impl Understood {
    #[must_use]
    pub fn share(&self, message: Language, speaks: Option<Language>) -> u32 {
        if speaks == Some(message) {
            return 1_000;
        }
        self.0.get(&(message, speaks)).copied().unwrap_or(0)
    }

    /// # Errors
    /// [`AudienceError`] names the line.
    pub fn parse(text: &str) -> Result<Self, AudienceError> {
        let mut found = BTreeMap::new();
        for_rows("understood languages", "message,", text, |cells| {
            let [message, speaks, share, basis] = cells else {
                return Err("four cells are needed");
            };
            sourced(basis)?;
            let message = language(message)?;
            let speaks = if speaks == "other" { None } else { Some(language(speaks)?) };
            if speaks == Some(message)
                || found.insert((message, speaks), share_of(share)?).is_some()
            {
                return Err("who speaks a language understands it, and no pair stands twice");
            }
            Ok(())
        })?;
        Ok(Self(found))
    }
}

/// By district's name and part.
pub type Audiences = BTreeMap<(String, Setting), Audience>;

/// Reads `district,place,radio,tv,mobile,internet,ur,pa,sd,ps,bal,skr,basis`.
///
/// # Errors
/// [`AudienceError`] names the line.
pub fn parse_audiences(text: &str) -> Result<Audiences, AudienceError> {
    const ORDER: [Language; 6] = [
        Language::Urdu,
        Language::Punjabi,
        Language::Sindhi,
        Language::Pashto,
        Language::Balochi,
        Language::Saraiki,
    ];
    let mut found = BTreeMap::new();
    for_rows("audiences", "district,", text, |cells| {
        let [district, place, radio, tv, mobile, internet, rest @ ..] = cells else {
            return Err("thirteen cells are needed");
        };
        let [spoken @ .., basis] = rest else { return Err("thirteen cells are needed") };
        if spoken.len() != ORDER.len() {
            return Err("thirteen cells are needed");
        }
        sourced(basis)?;
        let setting = match place.as_str() {
            "town" => Setting::Town,
            "country" => Setting::Country,
            _ => return Err("a place is `town` or `country`"),
        };
        let shares: Result<BTreeMap<Language, u32>, &'static str> =
            ORDER.iter().zip(spoken).map(|(one, cell)| Ok((*one, share_of(cell)?))).collect();
        let speaks = shares?;
        if speaks.values().sum::<u32>() > 1_000 {
            return Err("more is spoken than there are people");
        }
        let audience = Audience {
            radio: share_of(radio)?,
            tv: share_of(tv)?,
            mobile: share_of(mobile)?,
            internet: share_of(internet)?,
            speaks,
            basis: basis.clone(),
        };
        match found.insert((district.clone(), setting), audience) {
            None => Ok(()),
            Some(_) => Err("this part of the district stands twice"),
        }
    })?;
    Ok(found)
}

/// Reads the channels, each once, in their own order.
///
/// # Errors
/// [`AudienceError`] names the line.
pub fn parse_channels(text: &str) -> Result<Vec<Means>, AudienceError> {
    let mut found: Vec<Means> = Vec::new();
    for_rows("channels", "channel,", text, |cells| {
        let [
            channel,
            scope,
            hears,
            survives,
            town_men,
            town_women,
            country_men,
            country_women,
            fixed_rs,
            per_1000_rs,
            languages,
            basis,
        ] = cells
        else {
            return Err("twelve cells are needed");
        };
        sourced(basis)?;
        let channel = Channel::parse(channel).ok_or("nobody knows this channel")?;
        if found.iter().any(|known| known.channel == channel) {
            return Err("this channel stands twice");
        }
        let languages: Result<Vec<Language>, &'static str> =
            languages.split_whitespace().map(language).collect();
        let fixed_rs: u64 = number(fixed_rs)?;
        if fixed_rs == 0 {
            return Err("no channel is free of cost");
        }
        found.push(Means {
            channel,
            national: match scope.as_str() {
                "nation" => true,
                "district" => false,
                _ => return Err("a scope is `district` or `nation`"),
            },
            hears: match hears.as_str() {
                "all" => Hears::Everybody,
                "radio" => Hears::Radio,
                "tv" => Hears::Tv,
                "mobile" => Hears::Mobile,
                "internet" => Hears::Internet,
                _ => return Err("it is heard by `all`, or through radio, tv, mobile, internet"),
            },
            survives: share_of(survives)?,
            reach: [
                share_of(town_men)?,
                share_of(town_women)?,
                share_of(country_men)?,
                share_of(country_women)?,
            ],
            fixed_rs,
            per_1000_rs: number(per_1000_rs)?,
            languages: languages?,
            basis: basis.clone(),
        });
        Ok(())
    })?;
    Ok(found)
}

/// Reads the rows below the header, which begins with its first name.
fn for_rows(
    table: &'static str,
    header: &str,
    text: &str,
    mut read: impl FnMut(&[String]) -> Result<(), &'static str>,
) -> Result<(), AudienceError> {
    for (at, row) in text.lines().enumerate() {
        let line = at + 1;
        if at == 0 {
            if row.starts_with(header) {
                continue;
            }
            return Err(AudienceError { table, line, what: "the header is missing" });
        }
        read(&cells(row)).map_err(|what| AudienceError { table, line, what })?;
    }
    Ok(())
}

fn number<T: FromStr>(cell: &str) -> Result<T, &'static str> {
    cell.parse().map_err(|_not| "a number is a whole number without signs")
}

fn share_of(cell: &str) -> Result<u32, &'static str> {
    let share = number(cell)?;
    if share <= 1_000 { Ok(share) } else { Err("a share is at most a thousand thousandths") }
}

fn language(code: &str) -> Result<Language, &'static str> {
    Language::parse(code).ok_or("nobody knows this language")
}

fn sourced(basis: &str) -> Result<(), &'static str> {
    if basis.is_empty() { Err("a figure has a source, or is `assumed`") } else { Ok(()) }
}
