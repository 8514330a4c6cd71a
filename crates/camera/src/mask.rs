//! What nobody may see is painted over, and a little more: a pixel is painted when any of its corners lies inside.

use crate::picture::{GREY_HEIGHT, GREY_WIDTH, HEIGHT, Picture, WIDTH};

/// Corners are in thousandths of the picture's width and height.
const WHOLE: u32 = 1_000;

/// Polygons whose inside is painted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    polygons: Vec<Vec<(u16, u16)>>,
}

impl Mask {
    #[must_use]
    pub fn of(polygons: Vec<Vec<(u16, u16)>>) -> Self {
        Self { polygons }
    }

    /// Paints a picture. What is left carries nothing of what was there.
    pub fn paint(&self, picture: &mut Picture) {
        let touched = self.touched(WIDTH, HEIGHT).into_iter().enumerate();
        for (at, _) in touched.filter(|(_, touched)| *touched) {
            picture.paint(at % WIDTH, at / WIDTH);
        }
    }

    /// Which pixels of the small picture are left to judge.
    #[must_use]
    pub fn open(&self) -> Vec<bool> {
        self.touched(GREY_WIDTH, GREY_HEIGHT).into_iter().map(|touched| !touched).collect()
    }

    /// Row by row, which pixels have a corner inside. Four pixels meet in a corner: it is looked at once.
    fn touched(&self, width: usize, height: usize) -> Vec<bool> {
        let corners = |y: usize| -> Vec<bool> {
            let points = (0..=width).map(|x| (scaled(x, width), scaled(y, height)));
            points.map(|point| self.polygons.iter().any(|it| holds(it, point))).collect()
        };
        let mut touched = Vec::with_capacity(width * height);
        let mut above = corners(0);
        for y in 1..=height {
            let below = corners(y);
            let pixels = above.windows(2).zip(below.windows(2));
            let any = |(above, below): (&[bool], &[bool])| above.iter().chain(below).any(|it| *it);
            touched.extend(pixels.map(any));
            above = below;
        }
        touched
    }
}

/// In millionths of the picture, so that a thousandth of a polygon and a pixel meet on one scale.
fn scaled(at: usize, of: usize) -> i64 {
    i64::try_from(at * 1_000_000 / of.max(1)).unwrap_or(i64::MAX)
}

/// Even and odd crossings to the right; the edge counts as inside.
fn holds(polygon: &[(u16, u16)], (x, y): (i64, i64)) -> bool {
    let wide = |part: u16| i64::from(u32::from(part) * WHOLE);
    let mut inside = false;
    let ends = polygon.iter().skip(1).chain(polygon.first());
    for ((x1, y1), (x2, y2)) in polygon.iter().zip(ends) {
        let (x1, y1, x2, y2) = (wide(*x1), wide(*y1), wide(*x2), wide(*y2));
        let cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
        let between = x >= x1.min(x2) && x <= x1.max(x2) && y >= y1.min(y2) && y <= y1.max(y2);
        if cross == 0 && between {
            return true;
        }
        if (y1 > y) != (y2 > y) && (cross > 0) == (y2 > y1) {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn white() -> Picture {
        Picture::of(vec![255; Picture::BYTES]).unwrap()
    }

    fn painted(picture: &Picture, x: usize, y: usize) -> bool {
        let at = (y * WIDTH + x) * 3;
        picture.bytes()[at..at + 3] == [0, 0, 0]
    }

    #[test]
    fn a_rectangle_is_painted_whole_and_with_its_edge() {
        let mut picture = white();
        Mask::of(vec![vec![(250, 250), (500, 250), (500, 750), (250, 750)]]).paint(&mut picture);
        for (x, y, expected) in [
            (160, 90, true),
            (319, 269, true),
            (320, 270, true),
            (240, 180, true),
            (158, 180, false),
            (322, 180, false),
            (240, 88, false),
            (240, 272, false),
        ] {
            assert_eq!(painted(&picture, x, y), expected, "{x} {y}");
        }
        let count = picture.bytes().chunks_exact(3).filter(|pixel| pixel == &[0, 0, 0]).count();
        assert!((160 * 180..=163 * 183).contains(&count), "{count}");
    }

    #[test]
    fn the_whole_picture_and_a_notched_shape_are_painted_as_drawn() {
        let mut picture = white();
        Mask::of(vec![vec![(0, 0), (1_000, 0), (1_000, 1_000), (0, 1_000)]]).paint(&mut picture);
        assert!(picture.bytes().iter().all(|byte| *byte == 0));
        let notched = vec![(0, 0), (1_000, 0), (1_000, 1_000), (500, 300), (0, 1_000)];
        let mut picture = white();
        Mask::of(vec![notched]).paint(&mut picture);
        assert!(painted(&picture, 20, 200) && painted(&picture, 620, 200));
        assert!(!painted(&picture, 320, 200), "the notch stays open");
    }

    /// What a touched pixel is, said pixel by pixel.
    fn touches(mask: &Mask, (x, y): (usize, usize), (width, height): (usize, usize)) -> bool {
        let corners = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
        corners.iter().any(|(x, y)| {
            let point = (scaled(*x, width), scaled(*y, height));
            mask.polygons.iter().any(|polygon| holds(polygon, point))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_of_what_was_masked_is_left(
            corners in prop::collection::vec((0_u16..=1_000, 0_u16..=1_000), 3..9),
            secret in any::<u8>(),
        ) {
            let mask = Mask::of(vec![corners]);
            let mut one = Picture::of(vec![200; Picture::BYTES]).unwrap();
            let open: Vec<bool> = (0..HEIGHT)
                .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
                .map(|at| !touches(&mask, at, (WIDTH, HEIGHT)))
                .collect();
            // Whatever stood inside, the result is the same.
            let inside = |at: usize| if open[at / 3] { 200 } else { secret };
            let mut other = Picture::of((0..Picture::BYTES).map(inside).collect()).unwrap();
            mask.paint(&mut one);
            mask.paint(&mut other);
            prop_assert!(one == other);
            let small = (0..GREY_HEIGHT).flat_map(|y| (0..GREY_WIDTH).map(move |x| (x, y)));
            let left = small.map(|at| !touches(&mask, at, (GREY_WIDTH, GREY_HEIGHT)));
            prop_assert_eq!(mask.open(), left.collect::<Vec<_>>());
        }
    }
}
