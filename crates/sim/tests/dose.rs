//! The fixed dose: small, quick, and the same on every machine.

use pehra_sim::{bug::Bug, fault::Fault, run::run};
use std::collections::BTreeSet;

/// Seeds of every run of the tests.
const DOSE: u64 = 16;

#[test]
fn every_invariant_holds_in_the_fixed_dose() {
    let mut faults: BTreeSet<Fault> = BTreeSet::new();
    for seed in 0..DOSE {
        let outcome = run(seed, None, false);
        assert!(outcome.problems.is_empty(), "seed {seed}: {:?}", outcome.problems);
        faults.extend(Fault::ALL.iter().filter(|fault| outcome.faults.has(**fault)).copied());
    }
    assert_eq!(faults.len(), Fault::ALL.len(), "the dose knows every fault");
}

/// Seeds that once broke, and for what.
const MENDED: [u64; 13] = [
    // Devices hold headers whose payloads only a peer has that never dials: who is asked must ask in its turn.
    251, 363, 379, // The other side of a fork at a place whose payload was deleted.
    731, 939, 955, // A thief's tree, of leaves that nobody has.
    494,
    // A fork of which one side, or both, lie only with a device whose office for that area was taken away.
    917, 1_182,
    // A device whose log ends where its fork begins: equal to nobody, it never asked for the payloads that it lacked.
    2_155,
    // A fork whose proof points back to another entry than the one that is held there.
    51_172,
    // A hub that was down wrote for the others, and what its disk had not synced was kept with it.
    96_786,
    // A fork that began before the last place of which anybody still has a header.
    99_074,
];

#[test]
fn what_broke_once_holds() {
    for seed in MENDED {
        let outcome = run(seed, None, false);
        assert!(outcome.problems.is_empty(), "seed {seed}: {:?}", outcome.problems);
    }
}

#[test]
fn one_seed_is_one_story() {
    for seed in [3, 11] {
        assert_eq!(run(seed, None, true), run(seed, None, true));
    }
    assert_ne!(run(3, None, false).trace, run(4, None, false).trace);
}

#[test]
fn every_planted_bug_is_noticed() {
    assert!(Bug::ALL.len() >= 30);
    let seeds: BTreeSet<u64> = NOTICED.iter().map(|(_, seed)| *seed).collect();
    for seed in seeds {
        assert!(run(seed, None, false).problems.is_empty(), "seed {seed} is sound without a bug");
    }
    for (bug, seed) in NOTICED {
        let outcome = run(*seed, Some(*bug), false);
        assert!(!outcome.problems.is_empty(), "{bug:?} is not noticed by seed {seed}");
    }
    let noticed: BTreeSet<Bug> = NOTICED.iter().map(|(bug, _)| *bug).collect();
    let missing: Vec<&Bug> = Bug::ALL.iter().filter(|bug| !noticed.contains(bug)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The first seed that notices each bug, as `cargo xtask simulate --bugs` prints it.
const NOTICED: &[(Bug, u64)] = &[
    (Bug::AnswerBeforeSync, 0),
    (Bug::FullDiskUnnoticed, 7),
    (Bug::LastRecordForgotten, 0),
    (Bug::FirstRecordForgotten, 1),
    (Bug::ForksForgotten, 10),
    (Bug::StatementsForgotten, 0),
    (Bug::RotUnnoticed, 5),
    (Bug::OldEpochAfterRestore, 38),
    (Bug::SameEpochTwice, 77),
    (Bug::PlaceFromMemory, 0),
    (Bug::EpochForgotten, 38),
    (Bug::UnlinkedEntry, 0),
    (Bug::SignaturesUnchecked, 2),
    (Bug::OtherElectionTaken, 4),
    (Bug::StrangersTaken, 20),
    (Bug::ForkDropped, 0),
    (Bug::ForkOverwrites, 0),
    (Bug::ForkOffByOne, 0),
    (Bug::ForkedStillClean, 0),
    (Bug::ForksUntold, 0),
    (Bug::ForkBeginsWhereFound, 0),
    (Bug::ForkProofUnchecked, 0),
    (Bug::RevocationIgnored, 1),
    (Bug::RevocationOneLate, 1),
    (Bug::RevocationOneEarly, 7),
    (Bug::RevocationDeletes, 0),
    (Bug::RevocationOfAnybody, 15),
    (Bug::CertificateOfAnybody, 1),
    (Bug::ExpiryIgnored, 23),
    (Bug::AreaIgnored, 0),
    (Bug::RoleIgnored, 0),
    (Bug::ClockAheadDropped, 23),
    (Bug::HeadsUncompared, 40),
    (Bug::LaterEpochsUntold, 13),
    (Bug::StatementsUntold, 0),
    (Bug::ScopeIgnored, 0),
    (Bug::PayloadsLeak, 0),
    (Bug::ScopeUnasked, 0),
    (Bug::KnownCountsAgain, 0),
    (Bug::WitnessForgets, 25),
    (Bug::WitnessUnproven, 25),
    (Bug::TreeForkUnseen, 25),
    (Bug::ReceiptUnchecked, 2),
    (Bug::OneWitnessEnough, 2),
    (Bug::LateWitnessEnough, 2),
    (Bug::WitnessesScoped, 9),
    (Bug::OfficesScoped, 0),
    (Bug::TakenAwayScoped, 1),
    (Bug::OneCertificateTold, 0),
    (Bug::ProvenOnce, 70),
    (Bug::DeletionKeptOnDisk, 3),
    (Bug::DeletedComesBack, 163),
    (Bug::DeletionOfAnybody, 3),
    (Bug::DeletionOfNeighbour, 3),
    (Bug::DeletionByPlace, 27),
    (Bug::DeletionLeavesProofs, 131),
    (Bug::AsksNever, 251),
    (Bug::OrderOfArrival, 2),
];
