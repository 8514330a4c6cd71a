//! One of each act about alerts.

use super::{DAY, ENTRY, MOMENT, district, text};
use crate::{
    Event,
    alert::{
        Basis, Category, Certainty, Circle, Draft, Event as E, Response, Scope, Severity, Urgency,
        Words,
    },
    incident,
};
use pehra_domain::{IncidentId, PersonId, Point, UnixMs, id::IdError};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let corner = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
    let key = incident::Key {
        area: district()?,
        matter: incident::Matter::Incident,
        incident: IncidentId::try_new("I-7Q2M4K9D")?,
    };
    let draft = Draft {
        category: Category::Security,
        response: Response::Avoid,
        urgency: Urgency::Immediate,
        severity: Severity::Severe,
        certainty: Certainty::Observed,
        scope: Scope::Private,
        restriction: String::new(),
        addresses: vec![text("Rescue 1122"), text("PDMA")],
        english: Words {
            event: text("Explosive device at a polling station"),
            place: text("Karachi East"),
            office: text("District returning officer, Karachi East"),
            headline: text("Keep away from Sharifabad Road"),
            description: text("The road is closed between the bridge and the school."),
            instruction: text("Use another road.\nAsk at the cordon."),
        },
        urdu: Words {
            event: text("پولنگ سٹیشن پر دھماکہ خیز شے"),
            place: text("کراچی شرقی"),
            office: text("ضلعی ریٹرننگ افسر، کراچی شرقی"),
            headline: text("شریف آباد روڈ سے دور رہیں"),
            description: text("پل اور سکول کے درمیان سڑک بند ہے۔"),
            instruction: text("دوسری سڑک سے جائیں۔"),
        },
        onset: Some(MOMENT),
        expires: UnixMs(DAY.plus_days(1).midnight_pkt().0),
        polygons: vec![vec![
            corner(248_600_000, 670_100_000),
            corner(248_600_000, 671_100_000),
            corner(249_600_000, 671_100_000),
        ]],
        circles: vec![Circle { centre: corner(248_700_000, 670_200_000), radius_m: 1_500 }],
        basis: Some(Basis::Incident(key)),
        follows: Some(ENTRY),
    };
    let events = [
        E::Drafted(Box::new(draft)),
        E::Released { draft: ENTRY, drafted_by: PersonId::try_new("desk-1")?, public: false },
        E::Discarded {
            draft: ENTRY, reason: text("the object was a school bag · بستہ نکلا")
        },
        E::Cancelled {
            draft: ENTRY,
            public: false,
            english: text("The road is open again."),
            urdu: text("سڑک دوبارہ کھل گئی ہے۔"),
        },
    ];
    Ok(events.map(Event::Alert).into())
}
