//! Commands about plans for devices that decide apart.

use super::{POLL_DAY, date, east, hash, unit};
use crate::{Command, EventRef, plan};

pub(crate) fn a_proposal(number: u8) -> plan::Proposal {
    plan::Proposal {
        area: east(),
        poll_date: date(POLL_DAY),
        name: format!("plan {number}"),
        manifest: hash(number),
        summary: plan::Summary {
            input_hash: hash(50),
            seed: 7,
            engine: "flow-1".to_owned(),
            objective: 1_000,
            dual_bound: 990,
            posts_due: 640,
            posts_filled: 600,
            relaxed: 2,
        },
        note: String::new(),
    }
}

/// A plan of reserves of which the second base depends on a number.
pub(crate) fn a_reserve(number: u8) -> (plan::Proposal, plan::Reserve) {
    let base = |number| plan::Base { unit: unit(number), teams: 1 };
    let reach =
        plan::Reach { stations: 20, reached: 18, twice: 9, guaranteed: 20, worst_s: Some(2_000) };
    let reserve = plan::Reserve {
        bases: vec![base(0), base(1 + number % 8)],
        terms: plan::Terms {
            target_s: [[1_800; 3], [1_200; 3], [900; 3]],
            guarantee_s: [7_200, 5_400, 3_600],
            weight: [100, 300, 800],
            backup_percent: 30,
            guarantee_factor: 4,
        },
        reach: [reach; 3],
        by_road: 0,
        estimated: 60,
        roads: None,
    };
    let mut proposal = a_proposal(number);
    proposal.name = format!("reserves {number}");
    proposal.manifest = reserve.manifest();
    (proposal.summary.objective, proposal.summary.dual_bound) = (990, 1_000);
    (proposal, reserve)
}

pub(crate) fn command(which: u8, (a, b): (u8, u8), plan: EventRef) -> Command {
    Command::Plan(match which % 8 {
        0 => plan::Command::Propose { proposal: a_proposal(b % 3) },
        1 => {
            let (proposal, reserve) = a_reserve(b % 3);
            plan::Command::ProposeReserve { proposal, reserve: Box::new(reserve) }
        }
        2 | 3 => plan::Command::Approve { plan },
        4 | 5 => plan::Command::Adopt { plan },
        6 if a % 2 == 0 => plan::Command::Reject { plan, reason: "too thin".to_owned() },
        _ => plan::Command::Withdraw { plan, reason: "new data".to_owned() },
    })
}
