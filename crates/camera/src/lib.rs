//! Looks through a camera: one key frame over RTSP, the mask painted over it before anything else happens, and what the
//! picture says of the camera: frozen, covered, moved, black. Never what it says of people: there is no detector, no
//! tracker and no word for a person here.
//!
//! [`picture`], [`mask`] and [`judge`] are pure. [`rtsp`] holds the connection, [`ffmpeg`] the decoder, which is a child
//! process: bytes of strangers are never decoded inside the node.

pub mod ffmpeg;
pub mod judge;
pub mod mask;
pub mod picture;
pub mod rtsp;

pub use judge::{Memory, Verdict};
pub use mask::Mask;
pub use picture::{Grey, Picture};
pub use rtsp::{Address, Failure, Take};
