use super::*;
use proptest::prelude::*;

fn chance(seed: u8) -> Chance {
    Chance::from_bytes([seed; 32])
}

fn key(seed: u8) -> OpeningKey {
    OpeningKey::from_secret([seed; 32])
}

fn custodians(seeds: std::ops::Range<u8>) -> Vec<Custodian> {
    seeds
        .map(|seed| Custodian { name: format!("custodian {seed}"), key: key(seed).public() })
        .collect()
}

fn officer() -> Credential {
    Credential::generate(chance(77))
}

fn deposit() -> Deposit {
    Deposit::lodge([1; 16], "RO NA-220", &officer(), 2, &custodians(10..13), chance(5)).unwrap()
}

fn contribution(deposit: &Deposit, who: u8) -> Contribution {
    let made = deposit.contribute(&key(who), key(99).public(), chance(who)).unwrap();
    Contribution::decode(&made.encode()).unwrap()
}

#[test]
fn any_two_custodians_release_the_sick_officers_credential() {
    let deposit = Deposit::decode(&deposit().encode()).unwrap();
    for (one, other) in [(10, 11), (10, 12), (11, 12), (12, 10)] {
        let both = [contribution(&deposit, one), contribution(&deposit, other)];
        assert_eq!(deposit.release(&both, &key(99)), Ok(officer()));
    }
    let all = [10, 11, 12].map(|who| contribution(&deposit, who));
    assert_eq!(deposit.release(&all, &key(99)), Ok(officer()));
}

#[test]
fn deposit_and_contributions_travel_as_text() {
    let text = deposit().to_text();
    assert!(text.contains("# Credential of RO NA-220."), "{text}");
    assert!(text.contains("# Released by 2 of: custodian "), "{text}");
    let deposit = Deposit::from_text(&text).unwrap();
    let both = [10, 12].map(|who| contribution(&deposit, who).to_text());
    let both = both.map(|text| Contribution::from_text(&text).unwrap());
    assert_eq!(deposit.release(&both, &key(99)), Ok(officer()));
    let error = Contribution::from_text(&text);
    assert_eq!(error, Err(ReleaseError::Text(TextError::Absent { kind: "contribution-1" })));
}

#[test]
fn one_person_alone_is_refused() {
    let deposit = deposit();
    let mine = contribution(&deposit, 10);
    let alone = deposit.release(std::slice::from_ref(&mine), &key(99));
    assert_eq!(alone, Err(ReleaseError::TooFew { have: 1, need: 2 }));
    let twice = deposit.release(&[mine.clone(), mine.clone()], &key(99));
    let name = |place: u8| deposit.custodian(place).unwrap().custodian.name.clone();
    assert_eq!(twice, Err(ReleaseError::Twice(name(mine.place))));
    // The same share given out as another custodian's.
    for place in (1..=3).filter(|&place| place != mine.place) {
        let posing = Contribution { place, ..mine.clone() };
        let error = deposit.release(&[mine.clone(), posing], &key(99));
        assert_eq!(error, Err(ReleaseError::BadShare(name(place))));
    }
}

#[test]
fn one_person_alone_has_no_key_even_with_a_program_that_asks_for_no_second() {
    // A changed program that leaves every check out and puts together what it has.
    let deposit = deposit();
    let mine = deposit.point(&contribution(&deposit, 10), &key(99)).unwrap();
    let alone = std::slice::from_ref(&mine);
    assert_eq!(deposit.unlock(&join(alone)), Err(ReleaseError::Altered));
    // Nor does a lowered threshold help: the deposit is tied to its own.
    let mut lowered = deposit.clone();
    lowered.threshold = 1;
    assert_eq!(lowered.unlock(&join(alone)), Err(ReleaseError::Altered));
    // That one share leaves every key equally possible is counted out in the tests of the sharing itself.
}

#[test]
fn a_wrong_share_is_named() {
    let deposit = deposit();
    let [one, mut other] = [contribution(&deposit, 10), contribution(&deposit, 12)];
    let mut draw = chance(3).draw("test", []);
    let tie = handed_over(&other.deposit, other.place);
    other.envelope = Envelope::wrap(key(99).public(), &tie, &[4; 32], &mut draw).unwrap();
    let name = deposit.custodian(other.place).unwrap().custodian.name.clone();
    assert_eq!(name, "custodian 12");
    assert_eq!(deposit.release(&[one, other], &key(99)), Err(ReleaseError::BadShare(name)));
}

#[test]
fn a_contribution_is_of_use_to_its_receiver_and_deposit_only() {
    let deposit = deposit();
    let both = [contribution(&deposit, 10), contribution(&deposit, 11)];
    assert!(matches!(deposit.release(&both, &key(98)), Err(ReleaseError::BadShare(_))));
    let other = Deposit::lodge([1; 16], "RO NA-221", &officer(), 2, &custodians(10..13), chance(5))
        .unwrap();
    assert_eq!(other.release(&both, &key(99)), Err(ReleaseError::OtherDeposit));
    let nowhere = Contribution { place: 9, ..both[0].clone() };
    assert_eq!(deposit.release(&[nowhere], &key(99)), Err(ReleaseError::NoSuchPlace));
}

#[test]
fn nobody_else_contributes() {
    let error = deposit().contribute(&key(50), key(99).public(), chance(1));
    assert_eq!(error, Err(ReleaseError::NotACustodian));
}

#[test]
fn custodians_are_different_persons_and_at_least_two() {
    let lodge = |threshold, all: &[Custodian]| {
        Deposit::lodge([1; 16], "RO", &officer(), threshold, all, chance(5)).unwrap_err()
    };
    for (threshold, count) in [(1, 2), (0, 2), (2, 1), (3, 2), (2, 17)] {
        let error = lodge(threshold, &custodians(10..10 + count));
        let custodians = usize::from(count);
        assert_eq!(error, ReleaseError::Threshold { threshold, custodians });
    }
    let mut all = custodians(10..12);
    all[1].key = all[0].key;
    assert!(matches!(lodge(2, &all), ReleaseError::SameCustodian { .. }));
    let mut all = custodians(10..12);
    all[1].name = all[0].name.clone();
    assert!(matches!(lodge(2, &all), ReleaseError::SameCustodian { .. }));
}

#[test]
fn exchanged_custodians_or_names_do_not_release() {
    let deposit = deposit();
    let both = [contribution(&deposit, 10), contribution(&deposit, 11)];
    let points: Vec<Point> = both.iter().map(|one| deposit.point(one, &key(99)).unwrap()).collect();
    let secret = join(&points);
    assert_eq!(deposit.unlock(&secret), Ok(officer()));
    let mut renamed = deposit.clone();
    renamed.name = "RO NA-221".to_owned();
    let mut exchanged = deposit.clone();
    exchanged.shares[2].custodian.name = "somebody".to_owned();
    for altered in [renamed, exchanged] {
        assert_eq!(altered.unlock(&secret), Err(ReleaseError::Altered));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_byte_never_releases_another_credential(at: prop::sample::Index, flip in 1_u8..) {
        let mut bytes = deposit().encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = Deposit::decode(&bytes) {
            prop_assert_eq!(&read.encode(), &bytes, "one value, one spelling");
            let both = [10, 11].map(|who| read.contribute(&key(who), key(99).public(), chance(who)));
            if let [Ok(one), Ok(other)] = both {
                prop_assert_ne!(read.release(&[one, other], &key(99)).ok(), Some(officer()));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        if let Ok(read) = Deposit::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
        if let Ok(read) = Contribution::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
    }
}

#[test]
fn that_something_was_released_comes_back_as_it_was_written() {
    let released = Released {
        deposit: Hash::of(b"deposit"),
        name: "RO NA-220".to_owned(),
        custodians: vec!["commissioner".to_owned(), "judge".to_owned()],
        reason: "in hospital since the morning".to_owned(),
    };
    assert_eq!(Released::decode(&released.encode()), Ok(released.clone()));
    let twice = Released { custodians: vec!["judge".to_owned(), "judge".to_owned()], ..released };
    assert!(Released::decode(&twice.encode()).is_err());
}
