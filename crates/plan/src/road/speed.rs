//! What a stretch costs: kilometres an hour by class and terrain, factors by surface and season, waits at gates. All of it
//! stands in a table with its sources; nothing is written into code.

use super::{NO_WAY, narrow};
use crate::allocate::Terrain;
use pehra_domain::{
    Point,
    road::{RoadClass, RoadNetwork, Stretch, Surface},
};

fn column(terrain: Terrain) -> usize {
    match terrain {
        Terrain::Plain => 0,
        Terrain::Hill => 1,
        Terrain::Mountain => 2,
    }
}

/// When it is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Season {
    Dry,
    Wet,
    Winter,
}

impl Season {
    pub const ALL: [Self; 3] = [Self::Dry, Self::Wet, Self::Winter];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dry => "dry",
            Self::Wet => "wet",
            Self::Winter => "winter",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|season| season.word() == word)
    }

    fn index(self) -> usize {
        match self {
            Self::Dry => 0,
            Self::Wet => 1,
            Self::Winter => 2,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeedError {
    #[error("line {line} of the speed table: {what}")]
    Line { line: usize, what: &'static str },
    #[error("the speed table has no line for {0}")]
    Missing(String),
}

/// The whole table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speeds {
    /// km/h by class, then by plain, hill, mountain.
    class_kmh: Vec<[u32; 3]>,
    /// Thousandths by surface, then by season.
    surface_permille: Vec<[u32; 3]>,
    gate_s: [u32; 3],
    private_s: [u32; 3],
    ford_open: [bool; 3],
    detour_permille: [u32; 3],
    estimate_kmh: [u32; 3],
}

impl Speeds {
    /// Reads `what,key,plain_or_dry,hill_or_wet,mountain_or_winter,source`.
    ///
    /// # Errors
    /// [`SpeedError`] names the line, or what has no line.
    pub fn parse(text: &str) -> Result<Self, SpeedError> {
        let mut rows: Vec<(&str, &str, [u32; 3])> = Vec::new();
        for (at, row) in text.lines().enumerate().skip(1) {
            let wrong = |what| SpeedError::Line { line: at + 1, what };
            let mut cells = row.splitn(6, ',');
            let mut next = || cells.next().map(str::trim).unwrap_or_default();
            let (what, key) = (next(), next());
            let mut values = [0; 3];
            for value in &mut values {
                *value = next()
                    .parse()
                    .map_err(|_not| wrong("three whole numbers must follow the key"))?;
            }
            if next().is_empty() {
                return Err(wrong("every value needs its source"));
            }
            rows.push((what, key, values));
        }
        let row = |what: &str, key: &str| {
            let found = rows.iter().find(|(w, k, _)| *w == what && *k == key);
            found
                .map(|(.., values)| *values)
                .ok_or_else(|| SpeedError::Missing(format!("{what} {key}")))
        };
        let positive = |what: &str, key: &str| match row(what, key)? {
            [0, ..] | [_, 0, _] | [.., 0] => {
                Err(SpeedError::Missing(format!("{what} {key} above 0")))
            }
            values => Ok(values.map(|value| value.min(2_000))),
        };
        Ok(Self {
            class_kmh: RoadClass::ALL
                .iter()
                .map(|c| positive("class", c.word()))
                .collect::<Result<_, _>>()?,
            surface_permille: Surface::ALL
                .iter()
                .map(|s| positive("surface", s.word()))
                .collect::<Result<_, _>>()?,
            gate_s: row("wait", "gate")?,
            private_s: row("wait", "private")?,
            ford_open: row("open", "ford")?.map(|open| open > 0),
            detour_permille: positive("estimate", "detour")?,
            estimate_kmh: positive("estimate", "speed")?,
        })
    }

    /// Detour in thousandths of the great circle and speed in metres an hour, where no roads are known.
    #[must_use]
    pub fn estimate(&self, terrain: Terrain) -> (u32, u32) {
        let at = column(terrain);
        (self.detour_permille[at], self.estimate_kmh[at] * 1_000)
    }

    /// Milliseconds for a stretch, the same in both directions; [`NO_WAY`] where the season closes it.
    #[must_use]
    pub fn time_ms(&self, stretch: &Stretch, terrain: Terrain, season: Season) -> u32 {
        let season = season.index();
        if stretch.ford && !self.ford_open[season] {
            return NO_WAY;
        }
        let waits = u64::from(stretch.gates) * u64::from(self.gate_s[season])
            + u64::from(stretch.private) * u64::from(self.private_s[season]);
        let driven_ms = if stretch.duration_s > 0 {
            u64::from(stretch.duration_s) * 1_000
        } else {
            let table = self.class_kmh[stretch.class.index()][column(terrain)]
                * self.surface_permille[stretch.surface.index()][season];
            let limit = if stretch.limit_kmh == 0 {
                u32::MAX
            } else {
                u32::from(stretch.limit_kmh) * 1_000
            };
            // A decimetre at one thousandth of a km/h takes 360,000 ms.
            stretch.decimetres() * 360_000 / u64::from(table.min(limit).max(1))
        };
        let time = (driven_ms + waits * 1_000).max(1);
        u32::try_from(time).unwrap_or(NO_WAY).min(NO_WAY)
    }

    /// Times of all stretches, forth and back. `terrain` answers for the first junction of each.
    #[must_use]
    pub fn weigh(
        &self,
        network: &RoadNetwork,
        season: Season,
        terrain: &dyn Fn(Point) -> Terrain,
    ) -> Vec<[u32; 2]> {
        let mut last = (u32::MAX, Terrain::Plain);
        let mut times = Vec::with_capacity(network.stretches.len());
        for stretch in &network.stretches {
            if stretch.from != last.0 {
                let place = network.junctions.get(stretch.from as usize);
                last = (stretch.from, place.map_or(Terrain::Plain, |place| terrain(*place)));
            }
            let time = self.time_ms(stretch, last.1, season);
            let open = |open: bool| if open { time } else { NO_WAY };
            times.push([open(stretch.direction.forth()), open(stretch.direction.back())]);
        }
        debug_assert_eq!(narrow(times.len()), narrow(network.stretches.len()));
        times
    }
}
