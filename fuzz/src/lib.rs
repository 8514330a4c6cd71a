//! The decoders that are fed with anything. `cargo test -p pehra --test it decoder` asks the same of the kept corpus.

mod target;

/// Feeds one decoder; a name that is none feeds nothing.
pub fn feed(name: &str, bytes: &[u8]) {
    if let Some((_, run)) = target::TARGETS.iter().find(|(known, _)| *known == name) {
        run(bytes);
    }
}
