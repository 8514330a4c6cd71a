//! A code for a camera, as grey pixels: one byte a module, so that a page carries it in some kilobytes.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around it, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// A square of grey pixels.
pub struct Code {
    pub width: usize,
    pub pixels: Vec<u8>,
}

impl Code {
    /// None for a text that no code can hold.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
        let width = code.width() + 2 * QUIET;
        let mut pixels = vec![u8::MAX; width * width];
        for y in 0..code.width() {
            for x in 0..code.width() {
                if code[(x, y)] == Color::Dark
                    && let Some(pixel) = pixels.get_mut((y + QUIET) * width + x + QUIET)
                {
                    *pixel = 0;
                }
            }
        }
        Some(Self { width, pixels })
    }
}
