//! The codes in a photograph of another device's screen or of paper, given as one byte of brightness for each pixel.

use crate::http::problem::{Code, Problem};
use pehra_ledger::armour::Piece;

/// Most pixels of a photograph: what an ordinary request may carry. The browser draws larger pictures smaller.
const PIXELS_MAX: usize = 1024 * 1024;
/// The smallest code has so many modules in a row; a picture with fewer pixels holds none.
const SIDE_MIN: usize = 21;
/// Parts of a pixel, and of one, in the arithmetic of turning.
const ONE: i64 = 1024;

/// A picture in brightness, row by row.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How a picture is looked at: larger, and turned by an angle with this cosine and sine.
struct Look {
    larger: i64,
    cos: i64,
    sin: i64,
}

/// Of a pattern of 65 modules, 3.5 pixels each, the reader finds half when it looks once, for it judges light and dark row
/// by row and takes grain for patterns; with its own light and dark, drawn larger and turned, it finds all.
const LOOKS: [Look; 4] = [
    Look { larger: 2, cos: ONE, sin: 0 },
    Look { larger: 3, cos: ONE, sin: 0 },
    Look { larger: 2, cos: 724, sin: 724 },
    Look { larger: 2, cos: 946, sin: 392 },
];
/// Most pixels of a picture that was drawn larger.
const DRAWN_MAX: usize = 4 * PIXELS_MAX;

/// Reads the codes, however they are turned, and puts what they say together as text.
///
/// # Errors
/// [`Code::TooLarge`], [`Code::PictureBroken`] when the bytes are not rows of this width, or [`Code::NothingRead`] when no
/// code of this house can be read.
pub(super) fn read(brightness: &[u8], width: usize) -> Result<String, Problem> {
    if brightness.len() > PIXELS_MAX {
        return Err(too_large());
    }
    let height = brightness.len().checked_div(width).unwrap_or(0);
    if width < SIDE_MIN || height < SIDE_MIN || width * height != brightness.len() {
        let given = format!("{} bytes, width {width}", brightness.len());
        return Err(Problem::about(Code::PictureBroken, given));
    }
    let picture = Grey { width, height, pixels: brightness.to_vec() };
    let mut foreign = 0;
    let drawn = LOOKS.iter().filter_map(|look| Some(picture.drawn(look)?.black_and_white()));
    for seen in std::iter::once(None).chain(drawn.map(Some)) {
        let read = seen.as_ref().unwrap_or(&picture).codes();
        let pieces = read.iter().filter_map(|text| Piece::all(text).ok()).flatten();
        let text: String = pieces.map(|piece| piece.to_text("")).collect();
        if !text.is_empty() {
            return Ok(text);
        }
        foreign = read.len().max(foreign);
    }
    Err(Problem::about(Code::NothingRead, format!("codes of other programs: {foreign}")))
}

/// A picture of more pixels than are read.
pub(super) fn too_large() -> Problem {
    Problem::about(Code::TooLarge, format!("at most {PIXELS_MAX} pixels"))
}

impl Grey {
    fn codes(&self) -> Vec<String> {
        let at = |x: usize, y: usize| self.pixels.get(y * self.width + x).copied().unwrap_or(255);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, at);
        let grids = prepared.detect_grids().into_iter();
        grids.filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
    }

    /// The brightness of a pixel; around the picture all is white.
    fn at(&self, x: i64, y: i64) -> i64 {
        let inside = |at: i64, side: usize| usize::try_from(at).ok().filter(|at| *at < side);
        let at = inside(x, self.width).zip(inside(y, self.height));
        let pixel = at.and_then(|(x, y)| self.pixels.get(y * self.width + x));
        i64::from(pixel.copied().unwrap_or(255))
    }

    /// Between pixels, what lies nearest counts most; in parts of a pixel.
    fn between(&self, x: i64, y: i64) -> u8 {
        let (left, top) = (x.div_euclid(ONE), y.div_euclid(ONE));
        let (right, low) = (x.rem_euclid(ONE), y.rem_euclid(ONE));
        let row = |y| self.at(left, y) * (ONE - right) + self.at(left + 1, y) * right;
        let sum = row(top) * (ONE - low) + row(top + 1) * low;
        u8::try_from(sum / (ONE * ONE)).unwrap_or(255)
    }

    /// The picture as it is looked at; none when it would become too large.
    fn drawn(&self, look: &Look) -> Option<Self> {
        let side = |along: usize, across: usize| {
            let (along, across) = (i64::try_from(along).ok()?, i64::try_from(across).ok()?);
            Some((along * look.cos + across * look.sin) * look.larger / ONE)
        };
        let (wide, high) = (side(self.width, self.height)?, side(self.height, self.width)?);
        let (width, height) = (usize::try_from(wide).ok()?, usize::try_from(high).ok()?);
        if width.checked_mul(height)? > DRAWN_MAX {
            return None;
        }
        let middle = |side: usize| Some((i64::try_from(side).ok()? - 1) * ONE / 2);
        let (across, down) = (middle(self.width)?, middle(self.height)?);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..high {
            for x in 0..wide {
                let dx = (2 * x + 1 - wide) * ONE / 2 / look.larger;
                let dy = (2 * y + 1 - high) * ONE / 2 / look.larger;
                let from_x = (look.cos * dx + look.sin * dy) / ONE + across;
                let from_y = (look.cos * dy - look.sin * dx) / ONE + down;
                pixels.push(self.between(from_x, from_y));
            }
        }
        Some(Self { width, height, pixels })
    }

    /// Black is what is clearly darker than what lies around it: grain and shadows are not.
    fn black_and_white(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let reach = (width.min(height) / 16).max(8);
        let stride = width + 1;
        // Sums over all that lies above and to the left.
        let mut sums = vec![0_u64; stride * (height + 1)];
        for (y, row) in self.pixels.chunks_exact(width).enumerate() {
            let mut sum = 0;
            for (x, pixel) in row.iter().enumerate() {
                sum += u64::from(*pixel);
                let above = sums.get(y * stride + x + 1).copied().unwrap_or(0);
                if let Some(here) = sums.get_mut((y + 1) * stride + x + 1) {
                    *here = above + sum;
                }
            }
        }
        let sum = |x: usize, y: usize| sums.get(y * stride + x).copied().unwrap_or(0);
        let pixels = self.pixels.iter().enumerate().map(|(at, pixel)| {
            let (x, y) = (at % width, at / width);
            let (left, top) = (x.saturating_sub(reach), y.saturating_sub(reach));
            let (right, low) = ((x + reach + 1).min(width), (y + reach + 1).min(height));
            let around = sum(right, low) + sum(left, top) - sum(right, top) - sum(left, low);
            let count = u64::try_from((right - left) * (low - top)).unwrap_or(1);
            if u64::from(*pixel) * count * 100 < around * 85 { 0 } else { 255 }
        });
        Self { width, height, pixels: pixels.collect() }
    }
}
