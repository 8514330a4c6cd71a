//! Pictures of two fixed sizes: what is kept and shown, and what is judged.

/// Width and height of a picture that is kept, in pixels; three bytes each.
pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 360;
/// One judged pixel stands for so many by so many.
const STEP: usize = 4;
/// Width and height of what is judged.
pub const GREY_WIDTH: usize = WIDTH / STEP;
pub const GREY_HEIGHT: usize = HEIGHT / STEP;

/// Red, green and blue, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pixels: Vec<u8>,
}

impl Picture {
    pub const BYTES: usize = WIDTH * HEIGHT * 3;

    /// None when the bytes are not exactly one picture.
    #[must_use]
    pub fn of(pixels: Vec<u8>) -> Option<Self> {
        (pixels.len() == Self::BYTES).then_some(Self { pixels })
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.pixels
    }

    pub(crate) fn paint(&mut self, x: usize, y: usize) {
        let at = (y * WIDTH + x) * 3;
        if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
            pixel.fill(0);
        }
    }

    /// The mean brightness of every four by four pixels.
    #[must_use]
    pub fn grey(&self) -> Grey {
        let mut sums = vec![0_u32; GREY_WIDTH * GREY_HEIGHT];
        for (at, pixel) in self.pixels.chunks_exact(3).enumerate() {
            let (x, y) = (at % WIDTH / STEP, at / WIDTH / STEP);
            // Of thousand parts of brightness, as the eye weighs them (BT.601).
            let weights = [299, 587, 114];
            let light: u32 =
                pixel.iter().zip(weights).map(|(part, by)| u32::from(*part) * by).sum();
            if let Some(sum) = sums.get_mut(y * GREY_WIDTH + x) {
                *sum += light / 1_000;
            }
        }
        let parts = u32::try_from(STEP * STEP).unwrap_or(1);
        let mean = |sum: u32| u8::try_from(sum / parts).unwrap_or(u8::MAX);
        Grey { pixels: sums.into_iter().map(mean).collect() }
    }
}

/// A small picture without colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey {
    pixels: Vec<u8>,
}

impl Grey {
    /// None when the bytes are not exactly one small picture.
    #[must_use]
    pub fn of(pixels: Vec<u8>) -> Option<Self> {
        (pixels.len() == GREY_WIDTH * GREY_HEIGHT).then_some(Self { pixels })
    }

    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.pixels.get(y * GREY_WIDTH + x).copied().unwrap_or(0)
    }

    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}
