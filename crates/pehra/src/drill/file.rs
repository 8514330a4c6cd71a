//! Scenarios and injects as people write them: stations by their ids, times by the clock, words of the closed lists.

use super::repoll::Repoll;
use pehra_domain::{AreaId, ConstituencyId, Date, StationId};
use pehra_drill::day::{
    Between, Cause, Channel, Cut, Event, Parameters, Place, Plan, Scenario, Scripted, Second,
    Service, Statement, Tamper, Trouble, Truth,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Something that shall happen, in words. What is not needed by its kind stays away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrillWish)]
pub struct Wish {
    /// `09:30`, `D-1 21:00`, `D+1 02:00`; none: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What the director calls it.
    #[serde(default)]
    pub name: String,
    /// `incident`, `citizen`, `tip`, `outage`, `not-open`, `snatch`, `burn`, `tamper` or `guards-leave`.
    pub kind: String,
    /// A station's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// A district's area, for what happens at no station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// A code of the incidents' taxonomy: `ARM.PST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<u8>,
    #[serde(default)]
    pub killed: u32,
    #[serde(default)]
    pub injured: u32,
    /// How long it lasts, or the poll stands still.
    #[serde(default)]
    pub minutes: i32,
    /// A word of its kind's list: a service, a cause, a deed in secret, `true`, `mistaken` or `malicious`. Of a tip the name
    /// of its root, whatever it is: tips of one name are echoes of each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    #[serde(default)]
    pub count: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    name: String,
    #[serde(default)]
    calm: bool,
    seed: Option<u64>,
    /// None: as on 8 February 2024. An empty list: no cut.
    cut: Option<Vec<WrittenCut>>,
    #[serde(default)]
    event: Vec<Wish>,
    /// From which likelihood on a warning becomes an order, in ten-thousandths; above 10,000 none does.
    order_from_e4: Option<u32>,
    #[serde(default)]
    repoll: Vec<WrittenRepoll>,
    #[serde(default)]
    parameter: BTreeMap<String, i64>,
}

/// Stations at which the commission orders the poll to be held again, and what happens there then.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRepoll {
    seat: String,
    stations: Vec<String>,
    ordered: String,
    on: String,
    #[serde(default)]
    instrument: String,
    #[serde(default)]
    event: Vec<Wish>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCut {
    services: Vec<String>,
    from: String,
    until: Option<String>,
    #[serde(default)]
    areas: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    authority: String,
}

/// A scenario with events that are still words: they are resolved on the plan.
#[derive(Clone, Debug)]
pub struct Draft {
    pub scenario: Scenario,
    pub events: Vec<Wish>,
    /// From which likelihood on a warning becomes an order, in ten-thousandths.
    pub order_from_e4: u32,
    pub repolls: Vec<Repoll>,
    /// What happens on the days of the repolls.
    pub later: Vec<(Date, Wish)>,
}

/// Reads `05:39`, `D 05:39`, `D-1 21:00`, `D+1 02:00`.
#[must_use]
pub fn time(text: &str) -> Option<Second> {
    let text = text.trim();
    let (day, clock) = match text.strip_prefix('D') {
        None => (0, text),
        Some(rest) => {
            let (day, clock) = rest.split_once(' ')?;
            (if day.is_empty() { 0 } else { day.parse().ok()? }, clock)
        }
    };
    let (hour, minute) = clock.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    let fits = (-3..=3).contains(&day) && (0..24).contains(&hour) && (0..60).contains(&minute);
    fits.then(|| Second::on(day, hour, minute))
}

/// Reads a scenario's TOML.
///
/// # Errors
/// A sentence that names what cannot be read.
pub fn read(text: &str, seed: Option<u64>, parameters: Parameters) -> Result<Draft, String> {
    let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
    let seed = seed.or(written.seed).unwrap_or(1);
    let mut scenario = if written.calm {
        Scenario::calm(seed, parameters)
    } else {
        Scenario::usual(seed, parameters)
    };
    if !written.name.is_empty() {
        scenario.name = written.name;
    }
    if let Some(cuts) = &written.cut {
        scenario.cuts = cuts.iter().map(cut).collect::<Result<_, _>>()?;
    }
    for (key, value) in &written.parameter {
        if !scenario.parameters.set(key, *value) {
            return Err(format!("`{key}` is no figure of the day, or {value} is none for it"));
        }
    }
    let order_from_e4 = written.order_from_e4.unwrap_or(super::tip::ORDER_FROM_E4);
    let (mut repolls, mut later) = (Vec::new(), Vec::new());
    for one in written.repoll {
        let (repoll, events) = repoll(one)?;
        later.extend(events.into_iter().map(|event| (repoll.on, event)));
        repolls.push(repoll);
    }
    Ok(Draft { scenario, events: written.event, order_from_e4, repolls, later })
}

fn repoll(written: WrittenRepoll) -> Result<(Repoll, Vec<Wish>), String> {
    let WrittenRepoll { seat, stations, ordered, on, instrument, event } = written;
    let station = |id: &String| {
        StationId::try_new(id.as_str()).map_err(|_no| format!("`{id}` is no station"))
    };
    if stations.is_empty() {
        return Err(format!("the repoll of {seat} on {on} names no station"));
    }
    let repoll = Repoll {
        stations: stations.iter().map(station).collect::<Result<_, _>>()?,
        ordered: time(&ordered).ok_or_else(|| no_time(&ordered))?,
        on: Date::parse(&on).ok_or_else(|| format!("`{on}` is no day: write 2024-02-19"))?,
        seat: ConstituencyId::try_new(seat.as_str())
            .map_err(|_no| format!("`{seat}` is no seat"))?,
        instrument,
    };
    Ok((repoll, event))
}

fn cut(written: &WrittenCut) -> Result<Cut, String> {
    let moment = |text: &str| time(text).ok_or_else(|| no_time(text));
    let areas = |names: &[String]| -> Result<Vec<AreaId>, String> {
        let area = |name: &String| {
            AreaId::try_new(name.as_str()).map_err(|_invalid| format!("`{name}` is no area"))
        };
        names.iter().map(area).collect()
    };
    let service = |word: &String| {
        Service::from_word(word).ok_or_else(|| {
            format!("`{word}` is no service; there are {}", words(Service::ALL, Service::word))
        })
    };
    Ok(Cut {
        services: written.services.iter().map(service).collect::<Result<_, _>>()?,
        areas: areas(&written.areas)?,
        except: areas(&written.except)?,
        from: moment(&written.from)?,
        until: written.until.as_deref().map(moment).transpose()?,
        earlier: Vec::new(),
        authority: written.authority.clone(),
    })
}

fn no_time(text: &str) -> String {
    format!("`{text}` is no time: write 09:30, D-1 21:00 or D+1 02:00")
}

fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|&it| word(it)).collect::<Vec<_>>().join(", ")
}

impl Wish {
    /// What it is on a plan, from `now` on.
    ///
    /// # Errors
    /// A sentence that names what is unknown, and what there is.
    pub fn on(&self, plan: &Plan, now: Second) -> Result<Scripted, String> {
        let at = match &self.at {
            Some(text) => time(text).ok_or_else(|| no_time(text))?,
            None => now,
        };
        let event = self.event(plan, at)?;
        let name = if self.name.is_empty() { self.kind.clone() } else { self.name.clone() };
        Ok(Scripted { at, name, event })
    }

    fn event(&self, plan: &Plan, at: Second) -> Result<Event, String> {
        let seconds = self.minutes.saturating_mul(60);
        Ok(match self.kind.as_str() {
            "incident" => {
                let trouble = self.trouble()?;
                let (killed, injured) = (self.killed, self.injured);
                Event::Incident {
                    trouble,
                    severity: self.severity.unwrap_or_else(|| trouble.severity()),
                    place: self.place(plan)?,
                    killed,
                    injured,
                    statements: statements(killed, injured),
                    stops_s: seconds,
                }
            }
            "citizen" => Event::Citizen {
                trouble: self.trouble()?,
                place: self.place(plan)?,
                channel: Channel::Telephone,
                truth: self.word_of("report", Truth::ALL, Truth::word, Truth::Mistaken)?,
            },
            "tip" => Event::Tip {
                root: self.root(at),
                source: 2,
                credibility: 2,
                place: self.place(plan)?,
                trouble: self.trouble()?,
                from: at,
                until: at.plus(seconds.max(3_600)),
            },
            "outage" => Event::Outage {
                district: self.district_of(plan)?,
                service: self.word_of("service", Service::ALL, Service::word, Service::Exchange)?,
                seconds: seconds.max(60),
            },
            "not-open" => Event::NotOpen {
                stations: vec![self.station_of(plan)?],
                cause: self.word_of("cause", Cause::ALL, Cause::word, Cause::Material)?,
                until: at.plus(seconds.max(60)),
            },
            "snatch" => Event::Snatch { stations: vec![self.station_of(plan)?] },
            "burn" => Event::Burn { stations: vec![self.station_of(plan)?] },
            "tamper" => Event::Tamper {
                station: self.station_of(plan)?,
                how: self.word_of("deed", Tamper::ALL, Tamper::word, Tamper::SealSwapped)?,
            },
            "guards-leave" => {
                let station = self.station_of(plan)?;
                let building = plan.stations.get(station as usize).map_or(0, |it| it.building);
                Event::GuardsLeave { building, count: self.count.max(1), cause: Cause::Fear }
            }
            other => {
                return Err(format!(
                    "`{other}` is no kind of event; there are incident, citizen, tip, outage, not-open, snatch, \
                     burn, tamper and guards-leave"
                ));
            }
        })
    }

    /// Of one name one root; without a name every moment has its own.
    fn root(&self, at: Second) -> u32 {
        let own = match self.word.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => {
                let [high, low, ..]: [u8; 32] = Sha256::digest(name.as_bytes()).into();
                0x1_0000 | u32::from(u16::from_be_bytes([high, low]))
            }
            None => u32::try_from(at.0.rem_euclid(65_536)).unwrap_or(0),
        };
        0x7ffe_0000 + own
    }

    fn trouble(&self) -> Result<Trouble, String> {
        let word = self.trouble.as_deref().unwrap_or_default();
        Trouble::from_word(word).ok_or_else(|| {
            format!("`{word}` is no code; there are {}", words(Trouble::ALL, Trouble::word))
        })
    }

    fn word_of<T: Copy>(
        &self,
        what: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
        usual: T,
    ) -> Result<T, String> {
        let Some(wanted) = self.word.as_deref().filter(|wanted| !wanted.is_empty()) else {
            return Ok(usual);
        };
        all.iter()
            .copied()
            .find(|&it| word(it) == wanted)
            .ok_or_else(|| format!("`{wanted}` is no {what}; there are {}", words(all, &word)))
    }

    fn place(&self, plan: &Plan) -> Result<Place, String> {
        if self.station.as_deref().is_some_and(|it| !it.is_empty()) {
            self.station_of(plan).map(Place::Station)
        } else {
            self.district_of(plan).map(Place::District)
        }
    }

    fn station_of(&self, plan: &Plan) -> Result<u32, String> {
        let wanted = self.station.as_deref().unwrap_or_default();
        let found = (0_u32..).zip(&plan.stations).find(|(_, it)| it.id.as_str() == wanted);
        found.map(|(at, _)| at).ok_or_else(|| format!("`{wanted}` is no station of this day"))
    }

    fn district_of(&self, plan: &Plan) -> Result<u32, String> {
        let wanted = self.district.as_deref().unwrap_or_default();
        let found = (0_u32..).zip(&plan.districts).find(|(_, it)| it.area.as_str() == wanted);
        found.map(|(at, _)| at).ok_or_else(|| format!("`{wanted}` is no district of this day"))
    }
}

/// What is said of a toll: less at first, all of it within the hour.
fn statements(killed: u32, injured: u32) -> Vec<Statement> {
    if killed + injured == 0 {
        return Vec::new();
    }
    let between = |low: u32, high: u32| Between { low, high };
    let half = |number: u32| number.div_ceil(2);
    vec![
        Statement {
            after_s: 900,
            killed: between(half(killed), killed),
            injured: between(half(injured), injured),
        },
        Statement {
            after_s: 3_600,
            killed: between(killed, killed),
            injured: between(injured, injured),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(time("05:39"), Some(Second::on(0, 5, 39)));
        assert_eq!(time("D-1 21:00"), Some(Second::on(-1, 21, 0)));
        assert_eq!(time("D+1 02:00"), Some(Second::on(1, 2, 0)));
        for wrong in ["", "24:00", "9", "D9 10:00", "D 10:60", "noon"] {
            assert_eq!(time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_scenario_is_read_whole_or_not_at_all() {
        let shipped = || Parameters::shipped().unwrap();
        let text = "name = \"dark\"\nseed = 9\n[[cut]]\nservices = [\"voice\", \"data\"]\nfrom = \"04:00\"\n\
            [[event]]\nat = \"09:30\"\nkind = \"incident\"\ntrouble = \"ARM.PST\"\nstation = \"SYN-1\"\n\
            [parameter]\nradio_fails_ppm = 9\n";
        let draft = read(text, None, shipped()).unwrap();
        assert_eq!((draft.scenario.name.as_str(), draft.scenario.seed), ("dark", 9));
        assert_eq!(draft.scenario.cuts[0].from, Second::on(0, 4, 0));
        assert_eq!((draft.events.len(), draft.scenario.parameters.radio_fails_ppm), (1, 9));
        assert_eq!(read(text, Some(3), shipped()).unwrap().scenario.seed, 3);
        for (was, now, says) in [
            ("radio_fails_ppm", "luck", "no figure"),
            ("\"voice\"", "\"post\"", "no service"),
            ("04:00", "late", "no time"),
            ("seed", "sead", "unknown field"),
        ] {
            let refused = read(&text.replace(was, now), None, shipped()).unwrap_err();
            assert!(refused.contains(says), "{refused}");
        }
        assert!(read("cut = []", None, shipped()).unwrap().scenario.cuts.is_empty());
    }
}
