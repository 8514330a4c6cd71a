use super::*;
use crate::sample::{CHECK_IN, NOON_MS, draft, entry, key};
use pehra_ledger::draft::Next;
use pehra_ledger::{Hlc, Payload};
use proptest::prelude::*;

const ORDER: Hash = Hash([5; 32]);
const DUE_MS: u64 = NOON_MS + 600_000;

fn person(name: &str) -> Addressee {
    Addressee::Person(name.to_owned())
}

fn order() -> Order {
    Order {
        entry: ORDER,
        from: key(1).id(),
        area: "PK-PB-LHR".to_owned(),
        to: [person("p-17"), person("p-18"), Addressee::Device(key(4).id())]
            .map(Recipient::from)
            .into(),
        given_ms: NOON_MS,
        due_ms: DUE_MS,
    }
}

fn receipt(device: u8, person: &str, stage: Stage, after_ms: u64) -> Entry {
    let mut draft = draft(RECEIPT, b"");
    draft.person = person.to_owned();
    draft.clock = Hlc { ms: NOON_MS + after_ms, counter: 0 };
    let body = Receipt { stage, orders: vec![ORDER] }.encode();
    draft.payload = Payload::try_new([1; 32], &body).unwrap();
    Entry::seal(&key(device), &draft, Next::FIRST).unwrap()
}

fn stages(receipts: &Receipts) -> Vec<Option<Stage>> {
    receipts.progress(&ORDER).map(|(_, progress)| progress.stage()).collect()
}

#[test]
fn an_order_moves_from_sent_to_acted_for_each_addressee_alone() {
    let mut receipts = Receipts::default();
    receipts.watch(order());
    assert_eq!(receipts.take(&receipt(1, "", Stage::Sent, 1)), Taken::News(1));
    assert_eq!(stages(&receipts), [Some(Stage::Sent); 3]);
    assert_eq!(receipts.take(&receipt(2, "p-17", Stage::Read, 2)), Taken::News(1));
    assert_eq!(receipts.take(&receipt(2, "p-17", Stage::Read, 2)), Taken::Known);
    assert_eq!(receipts.take(&receipt(4, "", Stage::Received, 3)), Taken::News(1));
    assert_eq!(stages(&receipts), [Some(Stage::Read), Some(Stage::Sent), Some(Stage::Received)]);
    assert_eq!(receipts.take(&receipt(2, "p-17", Stage::Acted, 9)), Taken::News(1));
    let (_, progress) = receipts.progress(&ORDER).next().unwrap();
    assert_eq!(progress.reached(Stage::Read).unwrap().at_ms, NOON_MS + 2);
    assert_eq!(progress.reached(Stage::Acted).unwrap().at_ms, NOON_MS + 9);
}

#[test]
fn nobody_reads_for_another_and_no_device_without_a_person() {
    let mut receipts = Receipts::default();
    receipts.watch(order());
    assert_eq!(receipts.take(&receipt(2, "p-99", Stage::Read, 1)), Taken::Known);
    assert_eq!(
        receipts.take(&receipt(3, "p-17", Stage::Sent, 1)),
        Taken::Known,
        "only the sender sends"
    );
    assert_eq!(receipts.take(&receipt(4, "", Stage::Read, 1)), Taken::Refused(Why::NoPerson));
    assert_eq!(receipts.take(&entry(&key(1), CHECK_IN, b"x")), Taken::NotAReceipt);
    let withheld = receipt(2, "p-17", Stage::Read, 1).withheld();
    assert_eq!(receipts.take(&withheld), Taken::Refused(Why::Unreadable));
    assert_eq!(stages(&receipts), [None; 3]);
}

#[test]
fn an_order_without_read_raises_its_hand_once_and_lowers_it_when_it_was_read() {
    let mut receipts = Receipts::default();
    receipts.watch(order());
    receipts.take(&receipt(2, "p-17", Stage::Acted, 5));
    receipts.take(&receipt(2, "p-18", Stage::Received, 5));
    assert_eq!(receipts.wake_ms(), Some(DUE_MS + 1));
    assert!(receipts.newly_raised(DUE_MS).is_empty());
    let raised = receipts.newly_raised(DUE_MS + 60_000);
    let shown: Vec<_> = raised.iter().map(|hand| (hand.addressee.clone(), hand.stage)).collect();
    assert_eq!(
        shown,
        [(person("p-18"), Some(Stage::Received)), (Addressee::Device(key(4).id()), None)]
    );
    assert_eq!(raised[0].late_ms, 60_000 - 5, "the time to read runs from delivery");
    assert_eq!(raised[1].late_ms, 60_000);
    assert_eq!([raised[0].is_undelivered(), raised[1].is_undelivered()], [false, true]);
    assert!(receipts.newly_raised(DUE_MS + 60_001).is_empty(), "the alarm sounds once");
    receipts.take(&receipt(2, "p-18", Stage::Read, 700_000));
    receipts.take(&receipt(4, "", Stage::Received, 700_000));
    assert!(receipts.hands(DUE_MS + 60_002).is_empty());
    assert_eq!(receipts.wake_ms(), None);
}

#[test]
fn a_receipt_that_comes_before_its_order_counts_once_the_order_is_here() {
    let mut receipts = Receipts::default();
    assert_eq!(receipts.take(&receipt(2, "p-17", Stage::Read, 5)), Taken::Early(1));
    assert_eq!(receipts.take(&receipt(2, "p-17", Stage::Read, 5)), Taken::Known);
    receipts.watch(order());
    assert_eq!(stages(&receipts), [Some(Stage::Read), None, None]);
    assert_eq!(receipts.early_count, 0);
}

#[test]
fn whoever_got_it_late_has_as_long_as_everybody_else() {
    let mut receipts = Receipts::default();
    receipts.watch(order());
    receipts.take(&receipt(2, "p-17", Stage::Received, 500_000));
    let up = |receipts: &Receipts, after_ms| {
        let hands = receipts.hands(NOON_MS + after_ms);
        hands.iter().any(|hand| hand.addressee == person("p-17"))
    };
    assert!(!up(&receipts, 600_001) && !up(&receipts, 1_100_000) && up(&receipts, 1_100_001));
    receipts.take(&receipt(2, "p-17", Stage::Read, 1_200_000));
    assert!(!up(&receipts, 9_000_000));
}

#[test]
fn a_post_is_answered_by_whoever_holds_its_role_and_served_by_its_devices() {
    let post = |role: &str, area: &str| Addressee::Post { role: role.into(), area: area.into() };
    let (sho, far) = (post("SHO", "pk/punjab/lahore"), post("SHO", "pk/sindh"));
    let at =
        |who: &Addressee, device| Recipient { who: who.clone(), devices: vec![key(device).id()] };
    let mut receipts = Receipts::default();
    receipts.watch(Order { to: vec![at(&sho, 4), at(&far, 1)], ..order() });
    assert_eq!(stages(&receipts), [None, Some(Stage::Received)], "given where it is read");
    assert_eq!(receipts.take(&receipt(4, "", Stage::Received, 5)), Taken::News(1));
    assert_eq!(receipts.take(&receipt(5, "", Stage::Received, 5)), Taken::Known, "not its device");
    let word = |role: &str, area: &str| Word {
        stage: Stage::Read,
        device: key(2).id(),
        person: "p-17".to_owned(),
        role: role.to_owned(),
        area: area.to_owned(),
        reached: Reached { at_ms: NOON_MS + 9, by: Hash([8; 32]) },
    };
    assert_eq!(receipts.say(ORDER, word("DRO", "pk/punjab/lahore")), Taken::Known);
    assert_eq!(receipts.say(ORDER, word("SHO", "pk/punjab/lahore/7")), Taken::News(1));
    assert_eq!(stages(&receipts), [Some(Stage::Read), Some(Stage::Received)]);
    assert_eq!(receipts.hands(u64::MAX).len(), 1);
}

#[test]
fn bodies_have_one_spelling() {
    let receipt = Receipt { stage: Stage::Acted, orders: vec![Hash([1; 32]), Hash([2; 32])] };
    let bytes = receipt.encode();
    assert_eq!(Receipt::decode(&bytes), Ok(receipt));
    for at in 0..bytes.len() {
        assert!(Receipt::decode(&bytes[..at]).is_err());
    }
    let twice = Receipt { stage: Stage::Read, orders: vec![Hash([1; 32]); 2] };
    assert!(Receipt::decode(&twice.encode()).is_err());
    assert!(Receipt::decode(&Receipt { stage: Stage::Read, orders: vec![] }.encode()).is_err());
}

proptest! {
    #[test]
    fn every_order_of_delivery_ends_in_one_picture(
        words in proptest::collection::vec((1u8..5, 0usize..4, 0usize..4, 0u64..50), 1..14),
        turns in proptest::collection::vec(any::<prop::sample::Index>(), 14),
        at: prop::sample::Index,
    ) {
        let names = ["p-17", "p-18", "p-99", ""];
        let entries: Vec<Entry> = words
            .iter()
            .map(|(device, name, stage, ms)| receipt(*device, names[*name], Stage::ALL[*stage], *ms))
            .collect();
        let mut straight = Receipts::default();
        straight.watch(order());
        for entry in &entries {
            straight.take(entry);
        }
        let mut shuffled = entries.clone();
        for (at, turn) in turns.iter().enumerate().take(entries.len()) {
            shuffled.swap(at, turn.index(entries.len()));
        }
        let watch_at = at.index(entries.len());
        let mut crooked = Receipts::default();
        for (at, entry) in shuffled.iter().enumerate() {
            if at == watch_at {
                crooked.watch(order());
            }
            crooked.take(entry);
            crooked.take(entry);
        }
        let picture = |it: &Receipts| it.progress(&ORDER).map(|(to, p)| (to.clone(), p)).collect::<Vec<_>>();
        prop_assert_eq!(picture(&straight), picture(&crooked));
        prop_assert_eq!(straight.hands(u64::MAX), crooked.hands(u64::MAX));
    }

    #[test]
    fn any_bytes_are_no_receipt_or_spelt_as_written(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(receipt) = Receipt::decode(&bytes) {
            prop_assert_eq!(receipt.encode(), bytes);
        }
    }
}
