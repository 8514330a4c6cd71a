//! Typesets sheets: PDF in English and Urdu, tagged, with the fonts inside, by Typst as a library.
//!
//! A house of its own beside the workspace, because Typst compiles for a quarter of an hour: whoever works on the rest
//! never pays for it. `pehra` starts it as a child, gives it a line for each sheet, and reads a line for each document.
//!
//! Invariants: it opens no network and reads no file; no font of the machine is used; what stands on a sheet is data for
//! the template, never a command; a letter without a shape is an error and not a box.

pub mod code;
pub mod desk;
pub mod font;
pub mod press;
