//! A word of the imagined day as a service writes it down: what stands in the clear is place, window and threat; the
//! source is a category, the root a number, and nobody is named.

use super::Tip;
use pehra_domain::{Point, exercise::EXERCISE_MARK};
use pehra_drill::day::{Happening, Place as Where, Plan, Second, Trouble, What};
use pehra_ops::{
    check_in::Subject,
    intelligence::{
        Caveat, Compartment, Credibility, Grade, Handling, Horizon, Place, Reliability, Report,
        Service, SourceKind, Target, Threat, Window,
    },
};

/// Services that pass a root on, one after the other.
pub(in crate::drill) const SERVICES: [Service; 8] = [
    Service::Police,
    Service::CounterTerrorism,
    Service::SpecialBranch,
    Service::IntelligenceBureau,
    Service::CivilArmedForces,
    Service::InterServices,
    Service::Army,
    Service::CivilAdministration,
];
const SOURCES: [SourceKind; 4] =
    [SourceKind::Human, SourceKind::Technical, SourceKind::Open, SourceKind::Liaison];
/// Around a spot, in metres.
const AROUND_M: u32 = 500;
/// A word of what comes within so long is of what is imminent.
const IMMINENT_S: i32 = 86_400;

/// The root's name on record.
#[must_use]
pub(super) fn root(number: u32) -> String {
    format!("EX-R{number}")
}

/// The word as one more service passes it on; `before`: how many did. None where the plan has no such place.
pub(super) fn tip(plan: &Plan, happening: &Happening, before: u32) -> Option<Tip> {
    let What::Intelligence { report, root, source, credibility, place, trouble, from, until } =
        happening.what
    else {
        return None;
    };
    let district = happening.district.or_else(|| district_of(plan, place))?;
    let area = &plan.districts.get(district as usize)?.area;
    let service = *SERVICES.get((root.wrapping_add(before)) as usize % SERVICES.len())?;
    let (compartment, handling, caveats) = handled(service);
    let (grade, threat) = (graded(source, credibility)?, threat(trouble));
    let at = |second: Second| second.unix_ms(plan.day);
    let window = Window { from: at(from), until: at(until.max(from.plus(1))) };
    let written = Report {
        service,
        source: *SOURCES.get(root as usize % SOURCES.len())?,
        root: self::root(root),
        obtained: at(happening.at),
        window,
        place: placed(plan, place),
        target: target(trouble, place),
        threat,
        horizon: if from.since(happening.at) <= IMMINENT_S {
            Horizon::Imminent
        } else {
            Horizon::Planning
        },
        handling,
        caveats,
        compartment,
        expires: window.until,
        sealed: Vec::new(),
        task: None,
    };
    let named = match &written.place.subject {
        Some(Subject::Station(id)) => format!("{area} {id}"),
        Some(Subject::Sector(name) | Subject::Convoy(name)) => format!("{area} {name}"),
        None => area.to_string(),
    };
    let (english, urdu) = said(trouble);
    let when = format!("{from} – {until}");
    let text = format!("{EXERCISE_MARK} · {} · {english} · {named} · {when}", service.code());
    let warning = format!("{EXERCISE_MARK} · {english} · {urdu} · {named} · {when}");
    let number = report;
    Some(Tip {
        number,
        root,
        district,
        trouble,
        place,
        from,
        until,
        report: written,
        text,
        warning,
        grade,
    })
}

/// The taxonomy's name of it, in both languages.
fn said(trouble: Trouble) -> (String, String) {
    let kinds = crate::day::taxonomy().map(|it| it.kinds()).unwrap_or_default();
    let kind = kinds.iter().find(|kind| kind.code.name() == trouble.word());
    kind.map_or_else(
        || (trouble.word().to_owned(), trouble.word().to_owned()),
        |kind| (kind.title.clone(), kind.title_ur.clone()),
    )
}

/// Services that work with sources in secret write into their own compartments, under conditions.
fn handled(service: Service) -> (Compartment, Handling, Vec<Caveat>) {
    match service {
        Service::CounterTerrorism | Service::CounterTerrorismAuthority => {
            (Compartment::CounterTerrorism, Handling::Conditions, vec![Caveat::AskOriginator])
        }
        Service::IntelligenceBureau | Service::InterServices => {
            (Compartment::Source, Handling::Conditions, vec![Caveat::SourceAtRisk, Caveat::NoCopy])
        }
        Service::Police
        | Service::SpecialBranch
        | Service::CivilArmedForces
        | Service::Army
        | Service::CivilAdministration
        | Service::Commission => (Compartment::Open, Handling::Share, Vec::new()),
    }
}

/// A1 to F6 as 1 to 6 and 1 to 6.
fn graded(source: u8, credibility: u8) -> Option<Grade> {
    let at = |number: u8| usize::from(number).checked_sub(1);
    let source = *Reliability::ALL.get(at(source)?)?;
    let item = *Credibility::ALL.get(at(credibility)?)?;
    Some(Grade { source, item })
}

fn threat(trouble: Trouble) -> Threat {
    use Trouble as T;
    match trouble {
        T::ArmPst | T::ArmCon | T::CanKil | T::CanAtt => Threat::ArmedAttack,
        T::IedPst | T::IedCam | T::IedEmb => Threat::Explosive,
        T::IedRte => Threat::RoadsideDevice,
        T::GrePst | T::GreOff => Threat::Grenade,
        T::CapPst | T::CapCnt | T::CusSna => Threat::Capture,
        T::CusDes => Threat::Arson,
        T::PubCla | T::PubCro | T::PubFir | T::InfRum => Threat::Unrest,
        T::VotInt | T::VotWom | T::VotAcc | T::StfThr | T::StfMis => Threat::Intimidation,
        T::CusGap
        | T::CusSea
        | T::CusCnt
        | T::LogMat
        | T::LogOpn
        | T::LogRes
        | T::ComChk
        | T::ComSus
        | T::ComNet
        | T::ComRes
        | T::DevCam
        | T::DevRad
        | T::MedCas
        | T::NatHaz
        | T::SysSec => Threat::Sabotage,
    }
}

fn target(trouble: Trouble, place: Where) -> Target {
    match (place, trouble) {
        (Where::Station(_), _) => Target::Station,
        (Where::Office(_), _) | (_, Trouble::IedEmb | Trouble::GreOff) => Target::Office,
        (_, Trouble::IedRte) => Target::Route,
        (Where::Convoy(_), _) | (_, Trouble::ArmCon) => Target::Convoy,
        (_, Trouble::IedCam | Trouble::CanAtt | Trouble::CanKil) => Target::Gathering,
        (Where::Ground(..) | Where::District(_) | Where::Nation, _) => Target::Area,
    }
}

fn placed(plan: &Plan, place: Where) -> Place {
    let spot = |point: Option<Point>| point.into_iter().collect::<Vec<_>>();
    let (subject, points) = match place {
        Where::Station(at) => {
            let station = plan.stations.get(at as usize);
            let house = station.and_then(|it| plan.buildings.get(it.building as usize));
            (station.map(|it| Subject::Station(it.id.clone())), spot(house.map(|it| it.point)))
        }
        Where::Convoy(at) => (Some(Subject::Convoy(format!("{at}"))), Vec::new()),
        Where::Office(at) => (None, spot(plan.offices.get(at as usize).map(|it| it.point))),
        Where::Ground(_, point) => (None, vec![point]),
        Where::District(_) | Where::Nation => (None, Vec::new()),
    };
    let radius_m = if points.is_empty() { 0 } else { AROUND_M };
    Place { subject, points, radius_m }
}

fn district_of(plan: &Plan, place: Where) -> Option<u32> {
    match place {
        Where::Station(at) => plan.stations.get(at as usize).map(|it| it.district),
        Where::Convoy(at) => plan.convoys.get(at as usize).map(|it| it.district),
        Where::Office(at) => plan.offices.get(at as usize).map(|it| it.district),
        Where::Ground(district, _) | Where::District(district) => Some(district),
        Where::Nation => None,
    }
}
