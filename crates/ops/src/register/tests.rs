use super::*;
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};

fn at(device: u8, seq: u64) -> EventRef {
    EventRef { device: [device; 16], epoch: 0, seq }
}

fn head(value: u32) -> Head<u32> {
    let mark = Mark {
        clock_ms: UnixMs(0),
        person: PersonId::try_new("desk-1").unwrap(),
        role: Role::try_new("DRO").unwrap(),
        area: AreaId::nation(),
        cosigners: Vec::new(),
        attested_by_node: true,
    };
    Head { mark, value, note: String::new() }
}

#[test]
fn a_write_that_names_its_elder_replaces_it() {
    let mut register = Register::default();
    assert_eq!(register.reading(), Reading::Empty);
    register.write(at(1, 1), &[], head(7));
    register.write(at(2, 1), &[at(1, 1)], head(8));
    assert_eq!(register.reading(), Reading::Agreed(&8));
    assert_eq!(register.refs(), vec![at(2, 1)]);
}

#[test]
fn different_values_written_apart_are_a_dispute_and_no_one_wins() {
    let mut register = Register::default();
    register.write(at(1, 1), &[], head(7));
    register.write(at(2, 1), &[], head(8));
    assert!(register.is_disputed());
    assert_eq!(register.agreed(), None);
    assert_eq!(register.heads().count(), 2);
}

#[test]
fn equal_values_written_apart_agree() {
    let mut register = Register::default();
    register.write(at(1, 1), &[], head(7));
    register.write(at(2, 1), &[], head(7));
    assert_eq!(register.reading(), Reading::Agreed(&7));
}

#[test]
fn a_dispute_of_nine_is_settled_by_equal_writes_of_four_each() {
    let mut register = Register::default();
    for device in 1..=9 {
        register.write(at(device, 1), &[], head(u32::from(device)));
    }
    let heads = register.refs();
    for (seq, four) in (2..).zip(heads.chunks(4)) {
        assert!(register.is_disputed());
        register.write(at(1, seq), four, head(5));
    }
    assert_eq!(register.reading(), Reading::Agreed(&5));
}
