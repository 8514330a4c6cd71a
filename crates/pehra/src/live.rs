//! What changed, told to every open screen as it happens.
