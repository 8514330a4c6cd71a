//! One of each act about equipment.

use super::{DAY, ENTRY, MOMENT, text};
use crate::{
    Event, Hash32,
    equipment::{
        Change, Corner, Count, Event as E, Frame, Health, Installation, Kind, Listing, Mask, Place,
        Tally, Task, Test, View, Work,
    },
};
use pehra_domain::{EquipmentId, PersonId, StationId, UnixMs, id::IdError, role::Role};

pub(super) fn all() -> Result<Vec<Event>, IdError> {
    let camera = || EquipmentId::try_new("CAM-NA-40-15-1");
    let by = || PersonId::try_new("desk-1");
    let mut all = deeds(&camera()?)?;
    all.extend([
        E::Observed {
            from: UnixMs(MOMENT.0 - 600_000),
            until: MOMENT,
            watched: 412,
            changes: vec![Change { equipment: camera()?, at: MOMENT, health: Health::Frozen }],
        },
        E::Counted(vec![Count {
            equipment: EquipmentId::try_new("BVD-NA-40-15-2")?,
            at: MOMENT,
            tally: Tally {
                attempts: 212,
                verified: 190,
                failed: 20,
                fallback: 22,
                down_minutes: 7,
            },
        }]),
        E::MaskDrawn(Mask {
            equipment: camera()?,
            view: View::Queue,
            polygons: vec![vec![
                Corner { x: 600, y: 200 },
                Corner { x: 1_000, y: 200 },
                Corner { x: 1_000, y: 900 },
                Corner { x: 600, y: 900 },
            ]],
        }),
        E::MaskConfirmed { mask: ENTRY, drawn_by: by()? },
        E::TaskGiven(Task {
            equipment: vec![camera()?],
            work: Work::Repair,
            owner: Role::try_new("DEVICE")?,
            due: DAY.plus_days(1).midnight_pkt(),
            alarm: text("feeder@11 kV Gulshan 4"),
            note: text("bring a ladder · سیڑھی"),
        }),
        E::TaskClosed { task: ENTRY, note: text("new fuse") },
        E::FramesKept {
            mask: ENTRY,
            frames: vec![Frame { at: MOMENT, sha256: Hash32([8; 32]), health: Health::Covered }],
        },
        E::ExportOrdered {
            frames: vec![Hash32([8; 32])],
            instrument: text("E.P. 14/2024"),
            reason: text("tribunal asks for the gate at 14:10"),
        },
        E::ExportApproved { export: ENTRY, ordered_by: by()? },
    ]);
    Ok(all.into_iter().map(Event::Equipment).collect())
}

fn deeds(camera: &EquipmentId) -> Result<Vec<E>, IdError> {
    let at = MOMENT;
    let place = Place::Station(StationId::try_new("NA-40-15")?);
    let equipment = camera.clone();
    let listing = Listing {
        equipment: equipment.clone(),
        kind: Kind::Camera,
        place: Place::Store(text("district store")),
        serial: text("4C-0117"),
        owner: text("District Election Office"),
        feeder: text("11 kV Gulshan 4"),
        line: text("DVR-3"),
    };
    let test = Test { equipment: equipment.clone(), passed: true, note: text("sharp") };
    Ok(vec![
        E::Listed { at, items: vec![listing] },
        E::Installed { at, items: vec![Installation { equipment: equipment.clone(), place }] },
        E::Tested { at, items: vec![test] },
        E::Faulted {
            at, equipment: equipment.clone(), note: text("no picture · تصویر نہیں")
        },
        E::Repaired { at, equipment: equipment.clone(), note: text("cable") },
        E::Withdrawn { at, items: vec![equipment], reason: text("stolen") },
    ])
}
