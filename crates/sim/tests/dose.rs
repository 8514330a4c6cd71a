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
    (Bug::FullDiskUnnoticed, 2),
    (Bug::LastRecordForgotten, 0),
    (Bug::FirstRecordForgotten, 50),
    (Bug::ForksForgotten, 49),
    (Bug::StatementsForgotten, 1),
    (Bug::RotUnnoticed, 4),
    (Bug::OldEpochAfterRestore, 1),
    (Bug::SameEpochTwice, 1),
    (Bug::PlaceFromMemory, 0),
    (Bug::EpochForgotten, 1),
    (Bug::UnlinkedEntry, 0),
    (Bug::SignaturesUnchecked, 0),
    (Bug::OtherElectionTaken, 1),
    (Bug::StrangersTaken, 0),
    (Bug::ForkDropped, 1),
    (Bug::ForkOverwrites, 2),
    (Bug::ForkOffByOne, 1),
    (Bug::ForkedStillClean, 1),
    (Bug::ForksUntold, 1),
    (Bug::ForkBeginsWhereFound, 40),
    (Bug::ForkProofUnchecked, 1),
    (Bug::RevocationIgnored, 0),
    (Bug::RevocationOneLate, 19),
    (Bug::RevocationOneEarly, 19),
    (Bug::RevocationDeletes, 0),
    (Bug::RevocationOfAnybody, 1),
    (Bug::CertificateOfAnybody, 1),
    (Bug::ExpiryIgnored, 12),
    (Bug::AreaIgnored, 0),
    (Bug::RoleIgnored, 0),
    (Bug::ClockAheadDropped, 12),
    (Bug::HeadsUncompared, 38),
    (Bug::LaterEpochsUntold, 0),
    (Bug::StatementsUntold, 0),
    (Bug::ScopeIgnored, 0),
    (Bug::PayloadsLeak, 0),
    (Bug::ScopeUnasked, 0),
    (Bug::KnownCountsAgain, 0),
    (Bug::WitnessForgets, 20),
    (Bug::WitnessUnproven, 20),
    (Bug::TreeForkUnseen, 20),
    (Bug::ReceiptUnchecked, 2),
    (Bug::OneWitnessEnough, 2),
    (Bug::LateWitnessEnough, 13),
    (Bug::OrderOfArrival, 0),
];
