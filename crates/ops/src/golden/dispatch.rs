//! One of each act about units.

use super::{DAY, ENTRY, MOMENT, district, text};
use crate::{
    Event,
    dispatch::{Basis, Duty, Event as E, Floor, Fresh, Goal, Kind, On, Reserve, Sending, Travel},
};
use pehra_domain::{IncidentId, PersonId, Point, UnitId, UnixMs, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let unit = || UnitId::try_new("QRF-7");
    let on = || {
        Ok::<_, IdError>(On { unit: unit()?, at: MOMENT, note: text("by radio · وائرلیس") })
    };
    let goal = || {
        let incident = IncidentId::try_new("I-7Q2M4K9D")?;
        Ok::<_, IdError>(Goal { area: district()?, incident })
    };
    let point = Point { lat_e7: 248_600_000, lon_e7: 670_100_000 };
    let duty = Duty {
        unit: unit()?,
        kind: Kind::Patrol,
        crew: 14,
        base: text("Sharifabad police station"),
        point,
        vehicle: text("SPD-117"),
        ready_minutes: 3,
        since: UnixMs(MOMENT.0 - 3_600_000),
    };
    let sending = |kept: &[&str], floor| {
        let kept = kept.iter().map(|name| UnitId::try_new(*name)).collect::<Result<_, _>>()?;
        let reserve = Reserve { on_duty: 22, floor, set_by: Some(ENTRY), kept };
        let travel = Travel { seconds: 840, basis: Basis::Estimated };
        Ok::<_, IdError>(Sending { goal: goal()?, duty: ENTRY, travel, reserve })
    };
    let rested = UnixMs(DAY.plus_days(1).midnight_pkt().0);
    let fresh = Fresh { rest: ENTRY, duty: Duty { since: rested, ..duty.clone() } };
    let events = [
        E::WentOnDuty { at: MOMENT, duty },
        E::Sent { on: on()?, sending: sending(&["QRF-1", "QRF-2"], 2)? },
        E::Asked { on: on()?, sending: sending(&["QRF-1"], 2)? },
        E::Approved {
            on: on()?,
            ask: ENTRY,
            asked_by: PersonId::try_new("desk-1")?,
            goal: goal()?,
        },
        E::Declined { ask: ENTRY, at: MOMENT, note: text("the bridge is worse") },
        E::Departed { on: on()?, goal: goal()? },
        E::Arrived { on: on()?, goal: goal()? },
        E::Contained { on: on()?, goal: goal()? },
        E::Released { on: on()? },
        E::HandedOver { on: on()?, to: UnitId::try_new("QRF-8")? },
        E::Readied { on: On { at: rested, ..on()? }, fresh: Some(fresh) },
        E::Rested { on: on()? },
        E::TakenOut { on: on()? },
        E::WentOffDuty { on: on()? },
        E::Placed { on: on()?, point },
        E::FloorSet { at: MOMENT, floor: Floor { teams: 2, reason: text("four rallies") } },
    ];
    Ok(events.map(Event::Dispatch).into())
}
