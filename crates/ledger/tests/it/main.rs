//! Stories of entries between devices that do not trust each other.

#[cfg(test)]
mod entry;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_v1;
#[cfg(test)]
mod ingest;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod proof_vectors;
#[cfg(test)]
mod roster;
#[cfg(test)]
mod sample;
