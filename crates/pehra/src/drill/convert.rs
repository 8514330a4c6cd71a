//! From what happens in the imagined day to what a desk enters. What the room may not know (who is malicious, which
//! seal was swapped, what never arrived) is not converted.

use super::{
    material::{self, Thread},
    operator::{Deed as Operation, Due},
    team::{self, TeamAct},
    tip,
};
use pehra_domain::exercise::EXERCISE_MARK;
use pehra_domain::{Date, IncidentId, Point, UnixMs};
use pehra_drill::day::{
    Content, Happening, Path, Place as Where, Plan, Role, Second, Trouble, What,
    content::Code as Said,
};
use pehra_ops::{
    Command,
    check_in::{Code, Counts, Item, Rung, Subject, Word},
    dispatch::Goal,
    incident::{
        self, Code as Kind, Deed, Level, On, Outcome, Place, Report, Severity, Source, Terrain,
        Toll,
    },
};
use pehra_plan::allocate::Terrain as Ground;

/// One thing that a district's desk enters.
#[derive(Clone, Debug)]
pub struct Entered {
    pub district: u32,
    pub role: &'static str,
    pub what: Matter,
}

#[derive(Clone, Debug)]
pub enum Matter {
    /// Goes together with others of its district into one entry.
    CheckIn(Item),
    /// Its incident's number, for what follows from it.
    Incident(u32, Box<Command>),
    /// What a team does for an incident of that number.
    Team(u32, TeamAct),
    /// A team's crew goes on duty, where it may.
    Duty(u32, UnixMs),
    /// What is done with material.
    Material(Thread, Box<material::Deed>),
    /// What is done about a word of a service.
    Tip(Box<tip::Deed>),
    /// A desk's own word, after the others of its thread.
    Said(Thread, Box<Command>),
}

/// Knows the plan and the day, and nothing of the record.
pub struct Convert<'a> {
    pub plan: &'a Plan,
    pub day: Date,
}

impl Convert<'_> {
    /// What the desk enters; none where the room hears nothing of it.
    #[must_use]
    pub fn entered(&self, happening: &Happening) -> Option<Entered> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens says nothing to this"
        )]
        match &happening.what {
            What::CheckInDelivered { station, code, content, path, made_at } => {
                let listed = self.plan.stations.get(*station as usize)?;
                let item = Item {
                    subject: Subject::Station(listed.id.clone()),
                    code: code_of(*code)?,
                    at: self.at(*made_at),
                    word: word_of(content),
                    counts: counts_of(content),
                    rung: rung_of(*path),
                    note: String::new(),
                };
                let what = Matter::CheckIn(item);
                Some(Entered { district: listed.district, role: "CTRL-D", what })
            }
            What::IncidentReported { incident, trouble, severity, place, by, path, .. } => {
                let source = match by {
                    Role::Citizen => Source::Public,
                    Role::StationGuard | Role::PresidingOfficer | Role::AssistantOfficer => {
                        Source::OnScene
                    }
                    Role::ReturningOfficer
                    | Role::DeputyOfficer
                    | Role::SectorOfficer
                    | Role::Escort
                    | Role::Courier
                    | Role::Team
                    | Role::Unknown
                    | Role::Service => Source::Desk,
                };
                let text = format!("{EXERCISE_MARK} · {} · {}", by.word(), path.word());
                let told = Told { number: *incident, trouble: *trouble, severity: *severity };
                self.report(happening, told, *place, source, text)
            }
            What::CitizenReport { report, trouble, place, channel, .. } => {
                let text = format!("{EXERCISE_MARK} · citizen · {}", channel.word());
                // Reports and incidents are numbered apart.
                let told = Told {
                    number: *report | CITIZEN,
                    trouble: *trouble,
                    severity: trouble.severity(),
                };
                self.report(happening, told, *place, Source::Public, text)
            }
            _ => None,
        }
    }

    /// What is said of a toll, entered on what was reported.
    #[must_use]
    pub fn toll(&self, happening: &Happening, trouble: Trouble) -> Option<Entered> {
        let What::TollStated { incident, killed, injured, by } = &happening.what else {
            return None;
        };
        let toll = Toll {
            killed_min: killed.low,
            killed_max: killed.high,
            hurt_min: injured.low,
            hurt_max: injured.high,
            source: by.word().to_owned(),
        };
        let deed = Deed::CountToll { toll };
        self.act(happening.district?, *incident, trouble, happening.at, deed)
    }

    /// Every team with its crew, as the day begins: those of districts in which somebody plays, too.
    pub fn on_duty(&self, at: Second) -> impl Iterator<Item = Entered> {
        let at = self.at(at);
        (0_u32..).zip(&self.plan.teams).map(move |(number, listed)| {
            let what = Matter::Duty(number, at);
            Entered { district: listed.district, role: "CTRL-D", what }
        })
    }

    /// What a simulated operator enters. The matter is the report's.
    #[must_use]
    pub fn operated(&self, at: Second, due: &Due, trouble: Trouble) -> Option<Entered> {
        let code = Kind::parse(trouble.word())?;
        if let Some(team) = due.team.filter(|_| code.matter() == incident::Matter::Incident) {
            let area = self.plan.districts.get(due.district as usize)?.area.clone();
            let goal = Goal { area, incident: incident_id(due.incident)? };
            let act = TeamAct { team, goal, deed: due.deed, at: self.at(at) };
            let what = Matter::Team(due.incident, act);
            return Some(Entered { district: due.district, role: "CTRL-D", what });
        }
        // Nobody is sent to a complaint as a unit: its own record says who goes.
        let unit = due.team.and_then(|team| team::name(self.plan, team));
        let role = Kind::parse(trouble.word()).map_or("CTRL-D", role_of);
        let deed = match due.deed {
            Operation::Acknowledge => Deed::Acknowledge { by: Level::of_role(role)? },
            Operation::Assign => Deed::Assign { units: vec![unit?] },
            Operation::Depart => Deed::Depart,
            Operation::Arrive => Deed::Arrive,
            Operation::Contain => Deed::Contain,
            Operation::Close if due.incident & CITIZEN != 0 => {
                Deed::Close { outcome: Outcome::Noted }
            }
            Operation::Close => Deed::Close { outcome: Outcome::Contained },
            Operation::Back => return None,
        };
        self.act(due.district, due.incident, trouble, at, deed)
    }

    fn report(
        &self,
        happening: &Happening,
        told: Told,
        place: Where,
        source: Source,
        text: String,
    ) -> Option<Entered> {
        let district = happening.district.or_else(|| self.district_of(place))?;
        let area = self.plan.districts.get(district as usize)?.area.clone();
        let code = Kind::parse(told.trouble.word())?;
        let report = Report {
            incident: incident_id(told.number)?,
            code,
            severity: Severity::of(told.severity)?,
            at: self.at(happening.at),
            place: self.place(district, place),
            source,
            text,
        };
        let role = role_of(code);
        let command = Command::Incident(incident::Command::Report { area, report });
        Some(Entered { district, role, what: Matter::Incident(told.number, Box::new(command)) })
    }

    fn act(
        &self,
        district: u32,
        number: u32,
        trouble: Trouble,
        at: Second,
        deed: Deed,
    ) -> Option<Entered> {
        let area = self.plan.districts.get(district as usize)?.area.clone();
        let code = Kind::parse(trouble.word())?;
        let matter = code.matter();
        let note = String::new();
        let on = On { incident: incident_id(number)?, matter, at: self.at(at), note };
        let command = Command::Incident(incident::Command::Act { area, on, deed });
        let role = role_of(code);
        Some(Entered { district, role, what: Matter::Incident(number, Box::new(command)) })
    }

    fn at(&self, second: Second) -> UnixMs {
        second.unix_ms(self.day)
    }

    fn district_of(&self, place: Where) -> Option<u32> {
        match place {
            Where::Station(at) => self.plan.stations.get(at as usize).map(|it| it.district),
            Where::Convoy(at) => self.plan.convoys.get(at as usize).map(|it| it.district),
            Where::Office(at) => self.plan.offices.get(at as usize).map(|it| it.district),
            Where::Ground(district, _) | Where::District(district) => Some(district),
            Where::Nation => None,
        }
    }

    fn place(&self, district: u32, place: Where) -> Place {
        let terrain = self.plan.districts.get(district as usize).map(|it| it.terrain);
        let (subject, point, words): (Option<Subject>, Option<Point>, String) = match place {
            Where::Station(at) => {
                let listed = self.plan.stations.get(at as usize);
                let house = listed.and_then(|it| self.plan.buildings.get(it.building as usize));
                let subject = listed.map(|it| Subject::Station(it.id.clone()));
                (subject, house.map(|it| it.point), String::new())
            }
            Where::Convoy(at) => {
                (Some(Subject::Convoy(format!("{at}"))), None, format!("convoy {at}"))
            }
            Where::Office(at) => {
                let office = self.plan.offices.get(at as usize);
                (
                    None,
                    office.map(|it| it.point),
                    office.map_or_else(String::new, |it| it.id.to_string()),
                )
            }
            Where::Ground(_, point) => (None, Some(point), String::new()),
            Where::District(_) | Where::Nation => (None, None, String::new()),
        };
        let terrain = match terrain {
            Some(Ground::Plain) => Terrain::Urban,
            Some(Ground::Hill) | None => Terrain::Rural,
            Some(Ground::Mountain) => Terrain::Remote,
        };
        Place { subject, point, terrain, words }
    }
}

/// Marks the number of a citizen's report, which is counted apart from incidents.
pub const CITIZEN: u32 = 1 << 31;

#[derive(Clone, Copy)]
struct Told {
    number: u32,
    trouble: Trouble,
    severity: u8,
}

/// As the room names it; a name says nothing of what is true.
#[must_use]
pub fn incident_id(number: u32) -> Option<IncidentId> {
    let (letter, number) =
        if number & CITIZEN == 0 { ("E", number) } else { ("C", number & !CITIZEN) };
    IncidentId::try_new(format!("EX-{letter}{number}")).ok()
}

/// Complaints about those who guard never pass their control room.
fn role_of(code: Kind) -> &'static str {
    match code.matter() {
        incident::Matter::Incident => "CTRL-D",
        incident::Matter::Complaint => "DRO",
    }
}

fn code_of(code: Said) -> Option<Code> {
    Code::ALL.get(usize::from(code.number()).checked_sub(1)?).copied()
}

fn word_of(content: &Content) -> Word {
    if content.is_trouble() { Word::Trouble } else { Word::Well }
}

fn counts_of(content: &Content) -> Counts {
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let [first, second, third] = content.figures().map(|figure| figure.map(short));
    Counts { first, second, third }
}

fn rung_of(path: Path) -> Rung {
    match path {
        Path::Uhf | Path::Vhf | Path::VhfBase | Path::Hf => Rung::Radio,
        Path::FixedLine | Path::Fibre => Rung::Fixed,
        Path::Satellite => Rung::Satellite,
        Path::Courier => Rung::Courier,
        Path::Runner | Path::SectorCar | Path::ByHand => Rung::InPerson,
        Path::CellularVoice | Path::CellularData => Rung::Cellular,
    }
}

/// When an entry was signed, by the wall.
#[must_use]
pub fn wall_ms(header: &pehra_ledger::Header) -> i64 {
    i64::try_from(header.clock.ms).unwrap_or(i64::MAX)
}
