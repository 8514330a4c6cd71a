//! Means of communication as data: why each fails, how long a message takes, how far it carries, how long a test holds.

use crate::allocate::Terrain;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bearer {
    Uhf,
    Vhf,
    /// Sector to district.
    VhfBase,
    Hf,
    FixedLine,
    Fibre,
    Satellite,
    Courier,
    Runner,
    CellularVoice,
    CellularData,
}

impl Bearer {
    pub const ALL: [Self; 11] = [
        Self::Uhf,
        Self::Vhf,
        Self::VhfBase,
        Self::Hf,
        Self::FixedLine,
        Self::Fibre,
        Self::Satellite,
        Self::Courier,
        Self::Runner,
        Self::CellularVoice,
        Self::CellularData,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Uhf => "uhf",
            Self::Vhf => "vhf",
            Self::VhfBase => "vhf-base",
            Self::Hf => "hf",
            Self::FixedLine => "fixed-line",
            Self::Fibre => "fibre",
            Self::Satellite => "satellite",
            Self::Courier => "courier",
            Self::Runner => "runner",
            Self::CellularVoice => "cellular-voice",
            Self::CellularData => "cellular-data",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bearer| bearer.word() == word)
    }

    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|bearer| *bearer == self).unwrap_or_default()
    }
}

/// A service that an authority can have suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    Voice,
    Sms,
    Data,
    Broadband,
}

impl Service {
    pub const ALL: [Self; 4] = [Self::Voice, Self::Sms, Self::Data, Self::Broadband];

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "voice" => Self::Voice,
            "sms" => Self::Sms,
            "data" => Self::Data,
            "broadband" => Self::Broadband,
            _ => return None,
        })
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Means {
    pub bearer: Bearer,
    /// Why it fails. Two bearers of one cause are one rung.
    pub cause: String,
    /// The public service that it needs, if any.
    pub service: Option<Service>,
    pub message_s: u32,
    /// Plain, hill, mountain; 0 where distance does not matter.
    pub range_m: [u32; 3],
    /// Two nets on one channel closer than this hear each other.
    pub reuse_m: u32,
    /// Channels, lines or terminals at hand where it is shared.
    pub channels: u32,
    /// A test proves it for so many days.
    pub valid_days: u32,
    /// Cost of one, in units of one handheld set's half price.
    pub cost: u32,
    /// The survey's question that proves it, if any.
    pub survey: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    #[error("line {line} of the table of bearers: {what}")]
    Line { line: usize, what: &'static str },
    #[error("the table of bearers has no line for {0}")]
    Missing(&'static str),
}

/// All lines, in the order of [`Bearer::ALL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearers {
    means: Vec<Means>,
}

impl Bearers {
    /// # Errors
    /// [`BearerError`] names the line, or the bearer that has none.
    pub fn parse(text: &str) -> Result<Self, BearerError> {
        let mut read = Vec::new();
        for (at, row) in text.lines().enumerate().skip(1) {
            read.push(means(row).map_err(|what| BearerError::Line { line: at + 1, what })?);
        }
        let find = |bearer: Bearer| {
            let found = read.iter().find(|means| means.bearer == bearer);
            found.cloned().ok_or(BearerError::Missing(bearer.word()))
        };
        Ok(Self { means: Bearer::ALL.into_iter().map(find).collect::<Result<_, _>>()? })
    }

    #[must_use]
    pub fn of(&self, bearer: Bearer) -> &Means {
        &self.means[bearer.index()]
    }

    #[must_use]
    pub fn range_m(&self, bearer: Bearer, terrain: Terrain) -> u32 {
        terrain.of(self.of(bearer).range_m)
    }
}

fn means(row: &str) -> Result<Means, &'static str> {
    let cells: Vec<&str> = row.splitn(13, ',').map(str::trim).collect();
    let [
        key,
        cause,
        service,
        message,
        plain,
        hill,
        mountain,
        reuse,
        channels,
        valid,
        cost,
        survey,
        source,
    ] = cells.as_slice()
    else {
        return Err("thirteen cells are needed");
    };
    let number = |cell: &str| cell.parse::<u32>().map_err(|_not| "a whole number is needed");
    if cause.is_empty() || source.is_empty() {
        return Err("every bearer needs a cause of failure and a source");
    }
    let service = match *service {
        "" => None,
        word => Some(Service::from_word(word).ok_or("the service is not known")?),
    };
    Ok(Means {
        bearer: Bearer::from_word(key).ok_or("the bearer is not known")?,
        cause: (*cause).to_owned(),
        service,
        message_s: number(message)?,
        range_m: [number(plain)?, number(hill)?, number(mountain)?],
        reuse_m: number(reuse)?,
        channels: number(channels)?,
        valid_days: number(valid)?,
        cost: number(cost)?,
        survey: (*survey).to_owned(),
    })
}
