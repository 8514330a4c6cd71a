//! Stories of a store on a real folder.

#[cfg(test)]
mod append;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod data;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod find;
#[cfg(test)]
mod flip;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod model;
mod moment;
#[cfg(test)]
mod power;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tree;
