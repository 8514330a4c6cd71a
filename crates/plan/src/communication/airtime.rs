//! How long it takes until everybody on a channel has spoken once.

/// One round of `senders`, each speaking for `message_ms`, over `channels` at once, in milliseconds.
#[must_use]
pub fn round_ms(senders: u64, message_ms: u64, channels: u64) -> u64 {
    senders.div_ceil(channels.max(1)).saturating_mul(message_ms)
}

/// Milliseconds of one data burst: keying the transmitter, then the bytes at the channel's speed.
#[must_use]
pub fn burst_ms(bytes: u64, baud: u64, key_up_ms: u64) -> u64 {
    key_up_ms + bytes * 8 * 1_000 / baud.max(1)
}

/// Keying up and the head of a frame before the first byte counts, as measured on narrow-band sets [P].
pub const KEY_UP_MS: u64 = 350;
