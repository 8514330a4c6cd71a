//! What was decided apart and contradicts itself, and what was kept without effect. Both stay visible.

use crate::{
    http::{room::Room, sight::Sight, who::Access},
    node::Node,
};
use axum::{Json, extract::State};
use pehra_ops::Noun;
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConflictSide {
    /// Device, log epoch and number of the entry.
    pub entry: String,
    pub person: String,
    pub role: String,
    pub area: String,
    pub at_ms: i64,
    /// What was done, as a stable word: `adopted`, `withdrawn`, `pinned`.
    pub word: String,
    pub detail: String,
    pub note: String,
    /// The node signed for the person, who has no key of their own yet.
    pub attested_by_node: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConflictView {
    /// `plan`, `lock`, `parameter`, …
    pub noun: String,
    /// `decided-apart` or `beyond-strength`.
    pub kind: String,
    pub subject: String,
    pub sides: Vec<ConflictSide>,
}

/// An entry that is kept and shown and has no effect.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WithheldView {
    pub entry: String,
    pub person: String,
    pub role: String,
    pub area: String,
    /// Number of the entry's kind; this version may not know it.
    pub kind: u32,
    pub at_ms: i64,
    pub text_en: String,
    pub text_ur: String,
}

/// Number of conflicts.
#[must_use]
pub fn count(node: &Node) -> usize {
    node.ops(|state| state.conflicts().len())
}

/// Contradictions that wait to be settled, of areas within reach.
#[utoipa::path(get, path = "/api/conflicts", tag = "conflicts", responses((status = 200, body = Vec<ConflictView>)))]
pub async fn conflicts(State(room): State<Room>, access: Access) -> Json<Vec<ConflictView>> {
    let conflicts = room.node().ops(|state| state.conflicts());
    let sight = Sight::of(room.node(), access);
    let seen = conflicts.into_iter().filter(|conflict| {
        let about_guards = || conflict.subject.starts_with(pehra_ops::incident::COMPLAINT_PREFIX);
        conflict.sides.iter().any(|side| {
            let area = &side.mark.area;
            // What is said of a tip is for the desk, not for auditors.
            if conflict.noun == Noun::Intelligence {
                sight.intelligence(area)
            } else {
                sight.noun(conflict.noun.name(), area, about_guards)
            }
        })
    });
    let views = seen.map(|conflict| ConflictView {
        noun: conflict.noun.name().to_owned(),
        kind: conflict.kind.code().to_owned(),
        subject: conflict.subject,
        sides: conflict
            .sides
            .into_iter()
            .map(|side| ConflictSide {
                entry: side.at.to_string(),
                person: side.mark.person.to_string(),
                role: side.mark.role.as_str().to_owned(),
                area: side.mark.area.to_string(),
                at_ms: side.mark.clock_ms.0,
                word: side.word.to_owned(),
                detail: side.detail,
                note: side.note,
                attested_by_node: side.mark.attested_by_node,
            })
            .collect(),
    });
    Json(views.collect())
}

/// Entries that are kept without effect, of areas within reach and of what the record would list.
#[utoipa::path(get, path = "/api/withheld", tag = "conflicts", responses((status = 200, body = Vec<WithheldView>)))]
pub async fn withheld(State(room): State<Room>, access: Access) -> Json<Vec<WithheldView>> {
    let sight = Sight::of(room.node(), access);
    let withheld = room.node().withheld().into_iter();
    let seen = withheld.filter(|one| sight.header(one.kind, &one.area, || one.about_guards));
    let views = seen.map(|one| WithheldView {
        entry: one.place.to_string(),
        person: one.person,
        role: one.role,
        area: one.area,
        kind: one.kind,
        at_ms: one.at.0,
        text_en: one.reason_en,
        text_ur: one.reason_ur,
    });
    Json(views.collect())
}
