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
    (Bug::FullDiskUnnoticed, 1),
    (Bug::LastRecordForgotten, 0),
    (Bug::FirstRecordForgotten, 17),
    (Bug::ForksForgotten, 24),
    (Bug::StatementsForgotten, 1),
    (Bug::RotUnnoticed, 9),
    (Bug::OldEpochAfterRestore, 1),
    (Bug::SameEpochTwice, 1),
    (Bug::PlaceFromMemory, 1),
    (Bug::UnlinkedEntry, 0),
    (Bug::SignaturesUnchecked, 0),
    (Bug::OtherElectionTaken, 0),
    (Bug::StrangersTaken, 6),
    (Bug::ForkDropped, 7),
    (Bug::ForkOverwrites, 7),
    (Bug::ForkOffByOne, 7),
    (Bug::ForkedStillClean, 7),
    (Bug::ForksUntold, 2),
    (Bug::ForkBeginsWhereFound, 20),
    (Bug::ForkProofUnchecked, 2),
    (Bug::RevocationIgnored, 4),
    (Bug::RevocationOneLate, 24),
    (Bug::RevocationOneEarly, 14),
    (Bug::RevocationDeletes, 4),
    (Bug::RevocationOfAnybody, 1),
    (Bug::CertificateOfAnybody, 1),
    (Bug::ExpiryIgnored, 2),
    (Bug::AreaIgnored, 0),
    (Bug::RoleIgnored, 0),
    (Bug::ClockAheadDropped, 2),
    (Bug::LaterEpochsUntold, 2),
    (Bug::StatementsUntold, 4),
    (Bug::ScopeIgnored, 0),
    (Bug::PayloadsLeak, 0),
    (Bug::ScopeUnasked, 0),
    (Bug::KnownCountsAgain, 0),
    (Bug::OrderOfArrival, 0),
];
