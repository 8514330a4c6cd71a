//! Log epochs: what a device writes after a restored backup is another log, never the old one continued.
//!
//! An epoch is 12 bits of generation above 20 bits of chance. The generation orders a device's epochs; the chance
//! keeps two restores of the same backup apart, which counting alone would let collide into a fork.

const CHANCE_BITS: u32 = 20;
const CHANCE_MASK: u32 = (1 << CHANCE_BITS) - 1;

/// The epoch a device starts its life in.
pub const FIRST: u32 = 0;

/// The epoch after `last`; `chance` is random. None after 4,095 restores: the device then needs a new key.
#[must_use]
pub fn next(last: u32, chance: u32) -> Option<u32> {
    let generation = (last >> CHANCE_BITS).checked_add(1)?;
    Some(
        generation.checked_shl(CHANCE_BITS).filter(|_| generation < 1 << 12)?
            | (chance & CHANCE_MASK),
    )
}

/// How many times the device's log was begun anew.
#[must_use]
pub fn generation(epoch: u32) -> u32 {
    epoch >> CHANCE_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_rise_and_two_restores_of_one_backup_differ() {
        let once = next(FIRST, 0xfff0_0001).unwrap();
        let again = next(FIRST, 0x0000_0002).unwrap();
        assert!(once > FIRST && again > FIRST && once != again);
        assert_eq!((generation(once), generation(again)), (1, 1));
        assert!(next(once, 0).unwrap() > again.max(once));
        assert_eq!(next(u32::MAX, 5), None);
        assert_eq!(next(0xffe0_0000, 5), Some(0xfff0_0005));
    }
}
