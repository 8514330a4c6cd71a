//! Rows that bear one key: repeats are set aside, different stations under one number are both kept.

use super::Drafts;
use super::place::show;
use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::name::stem;

/// Farthest two careful readings of one place lie apart, in metres.
const SAME_PLACE_M: f64 = 2_000.0;

/// Settles repeated keys and removes the rows set aside; gives their number.
///
/// Rows with the key, voters, booths and name stem of another repeat it: of these the one with a usable point
/// stays. Rows that differ in one of them are different stations with one number: the later ones in the order of
/// voters and name (not of rows) get `~2`, `~3` after their number. Of several points the southernmost stays, so
/// that the order of rows has no say; one that lies more than 2 km from another is told.
pub(super) fn settle(drafts: &mut Drafts, findings: &mut Findings) -> u64 {
    let mut order: Vec<usize> = (0..drafts.list.len()).collect();
    let key = |drafts: &Drafts, index: usize| {
        let draft = &drafts.list[index];
        (drafts.seats[draft.seat].id.clone(), draft.station_no.clone())
    };
    {
        let list = &drafts.list;
        let seats = &drafts.seats;
        order.sort_by(|&a, &b| {
            let (a, b) = (&list[a], &list[b]);
            let by_key =
                (&seats[a.seat].id, &a.station_no).cmp(&(&seats[b.seat].id, &b.station_no));
            by_key.then(a.row.cmp(&b.row))
        });
    }
    let mut removed = vec![false; drafts.list.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from + 1;
        if to < order.len() && same_key(drafts, order[from], order[to]) {
            let first = key(drafts, order[from]);
            while to < order.len() && key(drafts, order[to]) == first {
                to += 1;
            }
            settle_group(drafts, &order[from..to], findings, &mut removed);
        }
        from = to;
    }
    let count = removed.iter().filter(|gone| **gone).count();
    if count > 0 {
        let mut index = 0;
        drafts.list.retain(|_| {
            index += 1;
            !removed[index - 1]
        });
    }
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Two rows of one station with points more than 2 km apart: the one used is told with the other.
fn contradict(drafts: &Drafts, kept: Option<usize>, gone: usize, findings: &mut Findings) {
    let Some(kept) = kept.and_then(|kept| drafts.list.get(kept)) else { return };
    let (Some(used), Some(other)) = (kept.point, drafts.list[gone].point) else { return };
    if used.distance_m(other) > SAME_PLACE_M {
        let was = format!("{} / {}", show(used), show(other));
        let column = &drafts.coordinate_column;
        findings.push(Code::CoordinateContradicted, kept.row, column, &was, &show(used));
    }
}

fn same_key(drafts: &Drafts, a: usize, b: usize) -> bool {
    let (a, b) = (&drafts.list[a], &drafts.list[b]);
    a.station_no == b.station_no && drafts.seats[a.seat].id == drafts.seats[b.seat].id
}

fn settle_group(
    drafts: &mut Drafts,
    group: &[usize],
    findings: &mut Findings,
    removed: &mut [bool],
) {
    let mut members: Vec<_> = group
        .iter()
        .map(|&index| {
            let draft = &drafts.list[index];
            let content = (draft.voters, draft.booths, stem(&draft.name));
            let look = (draft.point.is_none(), draft.point, draft.name.clone(), draft.kind);
            (content, look, draft.row, index)
        })
        .collect();
    members.sort();
    let mut kept: Option<usize> = None;
    let mut different = 0_u32;
    for at in 0..members.len() {
        let (content, _, row, index) = &members[at];
        let key = drafts.key(&drafts.list[*index]);
        let column = "station-no";
        let repeats = at > 0 && members[at - 1].0 == *content;
        if repeats {
            let stays = kept.map_or(0, |kept| drafts.list[kept].row);
            let now = format!("it repeats row {stays}, which is kept, and is set aside");
            findings.push(Code::DuplicateStation, *row, column, &key, &now);
            contradict(drafts, kept, *index, findings);
            removed[*index] = true;
            continue;
        }
        different += 1;
        if different > 1 {
            let number = format!("{}~{different}", drafts.list[*index].station_no);
            let now = format!("it is another station and is kept with the number {number}");
            findings.push(Code::DuplicateStation, *row, column, &key, &now);
            findings.push(Code::DuplicateDiffers, *row, column, &key, &number);
            let draft = &mut drafts.list[*index];
            draft.station_no = number;
            draft.outcome = draft.outcome.max(Outcome::Repaired);
        }
        kept = Some(*index);
    }
}
