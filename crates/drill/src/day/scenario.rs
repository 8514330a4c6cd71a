//! What is imagined beyond the plan: the seed, the window, cuts of services, scripted events, and the figures by which
//! chance falls. A scenario that cannot be is refused with all reasons at once ([`Scenario::check`]).

pub mod check;
pub mod replay;
pub mod repoll;

use super::{
    Second,
    list::{Cause, Channel, Service, Trouble, Truth},
    parameter::Parameters,
    what::{Between, Place, Tamper},
};
use pehra_domain::AreaId;
use serde::{Deserialize, Serialize};

/// One imagined day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub name: String,
    pub seed: u64,
    /// From D-1 12:00 to D+1 12:00 if nothing else is said; the second is not part of it.
    pub from: Second,
    pub until: Second,
    pub cuts: Vec<Cut>,
    pub script: Vec<Scripted>,
    /// Whether incidents, outages, human failings and tips fall by chance besides the script.
    pub chance: bool,
    pub parameters: Parameters,
}

/// Services gone in some areas. `until` none: not back within the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    pub services: Vec<Service>,
    /// Empty: everywhere.
    pub areas: Vec<AreaId>,
    /// Areas that keep the service.
    pub except: Vec<AreaId>,
    pub from: Second,
    pub until: Option<Second>,
    /// Areas where it comes back earlier.
    pub earlier: Vec<(AreaId, Second)>,
    /// Who ordered it; empty when it simply fails.
    pub authority: String,
}

/// An event that is to happen whatever chance says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scripted {
    pub at: Second,
    /// Where it comes from: `RC24`, an inject of the director.
    pub name: String,
    pub event: Event,
}

/// What a script can ask for. Places are positions in the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An incident with its final toll and what is said of it from time to time, in seconds after it.
    Incident {
        trouble: Trouble,
        severity: u8,
        place: Place,
        killed: u32,
        injured: u32,
        statements: Vec<Statement>,
        /// A stop of the poll there, in seconds; 0 without.
        stops_s: i32,
    },
    /// The material of these stations burns where it is.
    Burn { stations: Vec<u32> },
    /// The material of these stations is taken.
    Snatch { stations: Vec<u32> },
    /// The returning officer cannot act: nothing is handed out or received there until then.
    OfficeParalysed { office: u32, until: Second },
    /// The material of so many stations that lies in an office burns there.
    BurnOffice { office: u32, count: u32 },
    /// Stations cannot open before then.
    NotOpen { stations: Vec<u32>, cause: Cause, until: Second },
    /// Somebody does this in secret at a station.
    Tamper { station: u32, how: Tamper },
    /// A convoy stands still for so long.
    Halt { convoy: u32, cause: Cause, seconds: i32 },
    /// A service fails in a district.
    Outage { district: u32, service: Service, seconds: i32 },
    /// So many guards of a building leave.
    GuardsLeave { building: u32, count: u32, cause: Cause },
    /// Word from a service: A1 to F6 as 1 to 6 and 1 to 6. Words of one root are one piece of knowledge.
    Tip {
        root: u32,
        source: u8,
        credibility: u8,
        place: Place,
        trouble: Trouble,
        from: Second,
        until: Second,
    },
    /// Somebody reports something that did not happen, or not so.
    Citizen { trouble: Trouble, place: Place, channel: Channel, truth: Truth },
}

/// What is said of a toll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub after_s: i32,
    pub killed: Between,
    pub injured: Between,
}

/// The window of a whole day.
pub const FROM: Second = Second::on(-1, 12, 0);
pub const UNTIL: Second = Second::on(1, 12, 0);
/// When mobile service went on 8 February 2024 (dawn 1819511).
pub const CUT_2024: Second = Second::on(0, 5, 39);

impl Scenario {
    /// The day as it comes if nothing is scripted: mobile voice, SMS and data go everywhere at 05:39 without a word and
    /// come back 24 hours later.
    #[must_use]
    pub fn usual(seed: u64, parameters: Parameters) -> Self {
        Self {
            name: "usual".to_owned(),
            seed,
            from: FROM,
            until: UNTIL,
            cuts: vec![Cut::mobile(CUT_2024, Some(CUT_2024.plus(24 * 3_600)))],
            script: Vec::new(),
            chance: true,
            parameters,
        }
    }

    /// A day in which nothing goes wrong by chance and nothing is cut.
    #[must_use]
    pub fn calm(seed: u64, parameters: Parameters) -> Self {
        let usual = Self::usual(seed, parameters);
        Self { name: "calm".to_owned(), cuts: Vec::new(), chance: false, ..usual }
    }
}

impl Cut {
    /// Mobile voice, SMS and data everywhere, ordered by an authority.
    #[must_use]
    pub fn mobile(from: Second, until: Option<Second>) -> Self {
        Self {
            services: vec![Service::Voice, Service::Sms, Service::Data],
            areas: Vec::new(),
            except: Vec::new(),
            from,
            until,
            earlier: Vec::new(),
            authority: "Ministry of Interior, through the telecommunication authority".to_owned(),
        }
    }

    /// When it holds in an area: from, and until if it ends.
    #[must_use]
    pub fn window(&self, area: &AreaId) -> Option<(Second, Option<Second>)> {
        let named = self.areas.is_empty() || self.areas.iter().any(|cut| cut.contains(area));
        if !named || self.except.iter().any(|kept| kept.contains(area)) {
            return None;
        }
        let earlier = self.earlier.iter().filter(|(back, _)| back.contains(area));
        let earliest = earlier.map(|&(_, at)| at).min();
        let until = match (self.until, earliest) {
            (Some(until), Some(earliest)) => Some(until.min(earliest)),
            (until, earliest) => until.or(earliest),
        };
        Some((self.from, until))
    }
}
