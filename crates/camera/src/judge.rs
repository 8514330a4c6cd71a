//! What a picture says of its camera, from small pictures without colours and what was remembered of earlier ones.
//!
//! Black: hardly any light. Covered: light, and hardly an edge left. Moved: edges, and not where they were at the
//! installation. Frozen: the very same picture for the third time. People who pass, lamps that go on and a day that ends are
//! none of these.

use crate::picture::{GREY_HEIGHT, GREY_WIDTH, Grey};

/// Of 255: below this in the mean, and nine tenths below three times this, it is black.
const BLACK: u32 = 14;
/// Mean difference of neighbours, in hundredths: less is no picture of a room.
const EDGES_MIN: u32 = 160;
/// And less than this part in a hundred of the edges of the installation.
const EDGES_LEFT_PERCENT: u32 = 22;
/// Two pictures of a real sensor differ by more, in thousandths of a step in the mean.
const SAME_MILLI: u32 = 15;
/// So many pictures that are the same are frozen.
pub const SAME_MIN: u32 = 3;
/// Blocks of the picture that are compared with the installation.
const BLOCK: usize = 10;
/// In a hundred of the blocks that had edges: so many must look as they did.
const KEPT_PERCENT: usize = 50;
/// Likeness in thousandths from which a block looks as it did.
const LIKE_MILLI: i64 = 550;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Live,
    Frozen,
    Covered,
    Moved,
    Black,
}

/// What is remembered of one camera: how it looked at the installation, and the last picture.
#[derive(Clone, Debug)]
pub struct Memory {
    open: Vec<bool>,
    reference: Option<Grey>,
    last: Option<Grey>,
    same: u32,
}

impl Memory {
    /// `open` says which pixels the mask leaves.
    #[must_use]
    pub fn new(open: Vec<bool>, reference: Option<Grey>) -> Self {
        Self { open, reference, last: None, same: 1 }
    }

    #[must_use]
    pub fn reference(&self) -> Option<&Grey> {
        self.reference.as_ref()
    }

    /// Judges the next picture. The first one that shows anything becomes the look of the installation, if none was given.
    pub fn judge(&mut self, grey: &Grey) -> Verdict {
        let same = self.last.as_ref().is_some_and(|last| self.is_same(last, grey));
        self.same = if same { self.same + 1 } else { 1 };
        self.last = Some(grey.clone());
        if self.is_black(grey) {
            return Verdict::Black;
        }
        let edges = self.edges(grey);
        let before = self.reference.as_ref().map(|reference| self.edges(reference));
        let few = before.is_none_or(|before| edges * 100 < before * EDGES_LEFT_PERCENT);
        if few && (before.is_some() || edges < EDGES_MIN) {
            return Verdict::Covered;
        }
        match &self.reference {
            None => self.reference = Some(grey.clone()),
            Some(reference) if self.has_moved(reference, grey) => return Verdict::Moved,
            Some(_) => {}
        }
        if self.same >= SAME_MIN { Verdict::Frozen } else { Verdict::Live }
    }

    fn open(&self, x: usize, y: usize) -> bool {
        self.open.get(y * GREY_WIDTH + x).copied().unwrap_or(false)
    }

    fn lights<'a>(&'a self, grey: &'a Grey) -> impl Iterator<Item = u8> + 'a {
        grey.pixels().iter().zip(&self.open).filter(|(_, open)| **open).map(|(light, _)| *light)
    }

    fn is_black(&self, grey: &Grey) -> bool {
        let (mut count, mut sum, mut low) = (0_u32, 0_u32, 0_u32);
        for light in self.lights(grey) {
            count += 1;
            sum += u32::from(light);
            low += u32::from(u32::from(light) < BLACK * 3);
        }
        sum < BLACK * count && low * 10 >= count * 9
    }

    fn is_same(&self, last: &Grey, grey: &Grey) -> bool {
        let pairs = self.lights(last).zip(self.lights(grey));
        let (count, sum) = pairs.fold((0_u32, 0_u32), |(count, sum), (a, b)| {
            (count + 1, sum + u32::from(a.abs_diff(b)))
        });
        sum * 1_000 < SAME_MILLI * count
    }

    /// The mean difference of neighbours, in hundredths of a step, of a picture smoothed against the sensor's noise.
    fn edges(&self, grey: &Grey) -> u32 {
        let smooth = smoothed(grey);
        let (mut count, mut sum) = (0_u32, 0_u32);
        for y in 1..GREY_HEIGHT - 2 {
            for x in 1..GREY_WIDTH - 2 {
                if self.open(x, y) && self.open(x + 1, y) && self.open(x, y + 1) {
                    let here = smooth.at(x, y);
                    count += 1;
                    sum += u32::from(here.abs_diff(smooth.at(x + 1, y)));
                    sum += u32::from(here.abs_diff(smooth.at(x, y + 1)));
                }
            }
        }
        (sum * 100).checked_div(count).unwrap_or(0)
    }

    /// Block by block: how many of those that had edges look as they did. Somebody in front of the camera hides some of
    /// them; a camera that looks elsewhere loses nearly all.
    fn has_moved(&self, reference: &Grey, grey: &Grey) -> bool {
        let (mut of, mut kept) = (0_usize, 0_usize);
        for top in (0..GREY_HEIGHT).step_by(BLOCK) {
            for left in (0..GREY_WIDTH).step_by(BLOCK) {
                if let Some(like) = self.likeness(reference, grey, left, top) {
                    of += 1;
                    kept += usize::from(like >= LIKE_MILLI);
                }
            }
        }
        of > 0 && kept * 100 < of * KEPT_PERCENT
    }

    /// How alike a block is, in thousandths, whatever the light: the correlation of its pixels. None when the block is masked
    /// or had nothing to see.
    fn likeness(&self, reference: &Grey, grey: &Grey, left: usize, top: usize) -> Option<i64> {
        let (mut n, mut a1, mut b1, mut aa, mut bb, mut ab) = (0_i64, 0, 0, 0, 0, 0);
        for y in top..(top + BLOCK).min(GREY_HEIGHT) {
            for x in left..(left + BLOCK).min(GREY_WIDTH) {
                if !self.open(x, y) {
                    return None;
                }
                let (a, b) = (i64::from(reference.at(x, y)), i64::from(grey.at(x, y)));
                n += 1;
                a1 += a;
                b1 += b;
                aa += a * a;
                bb += b * b;
                ab += a * b;
            }
        }
        let (spread_a, spread_b) = (n * aa - a1 * a1, n * bb - b1 * b1);
        // A spread of twelve steps: a wall has less.
        if spread_a < 144 * n * n {
            return None;
        }
        let together = n * ab - a1 * b1;
        let whole = (spread_a.isqrt()).saturating_mul(spread_b.isqrt());
        Some((together.max(0) * 1_000).checked_div(whole).unwrap_or(0))
    }
}

/// The mean of three by three.
fn smoothed(grey: &Grey) -> Grey {
    let mut pixels = Vec::with_capacity(GREY_WIDTH * GREY_HEIGHT);
    for y in 0..GREY_HEIGHT {
        for x in 0..GREY_WIDTH {
            let (mut sum, mut count) = (0_u32, 0_u32);
            for near_y in y.saturating_sub(1)..(y + 2).min(GREY_HEIGHT) {
                for near_x in x.saturating_sub(1)..(x + 2).min(GREY_WIDTH) {
                    sum += u32::from(grey.at(near_x, near_y));
                    count += 1;
                }
            }
            pixels.push(u8::try_from(sum / count).unwrap_or(u8::MAX));
        }
    }
    Grey::of(pixels).unwrap_or_else(|| grey.clone())
}

#[cfg(test)]
mod tests;
