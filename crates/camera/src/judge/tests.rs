use super::*;
use crate::Mask;

/// A small generator of noise, so that every run sees the same pictures.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// A room: wall, floor, a door, a table, a notice board with lines, a window; a place of the view in it, a light in
/// percent, somebody who stands at `person`, and a sensor's noise.
struct Scene {
    dx: i64,
    dy: i64,
    light: i64,
    person: Option<i64>,
    noise: u64,
}

const CALM: Scene = Scene { dx: 0, dy: 0, light: 100, person: None, noise: 1 };

impl Scene {
    fn grey(&self) -> Grey {
        let mut noise = Noise(self.noise);
        let mut pixels = Vec::new();
        for y in 0..GREY_HEIGHT {
            for x in 0..GREY_WIDTH {
                let (x, y) = (i64::try_from(x).unwrap(), i64::try_from(y).unwrap());
                let stands = self.person.is_some_and(|at| (at..at + 14).contains(&x) && y > 25);
                let light = if stands { 70 } else { room(x + self.dx, y + self.dy) };
                let grain = i64::try_from(noise.next() % 5).unwrap() - 2;
                let value = light * self.light / 100 + grain;
                pixels.push(u8::try_from(value.clamp(0, 255)).unwrap());
            }
        }
        Grey::of(pixels).unwrap()
    }
}

fn room(x: i64, y: i64) -> i64 {
    let within = |left: i64, top: i64, right: i64, bottom: i64| {
        (left..right).contains(&x) && (top..bottom).contains(&y)
    };
    if within(20, 20, 42, 70) {
        if within(37, 44, 40, 47) { 230 } else { 95 }
    } else if within(60, 12, 95, 36) {
        if (y / 3) % 2 == 0 { 60 } else { 220 }
    } else if within(110, 10, 150, 40) {
        if x % 20 < 2 || y % 15 < 2 { 90 } else { 245 }
    } else if within(70, 55, 130, 62) {
        150
    } else if within(74, 62, 78, 85) || within(122, 62, 126, 85) {
        55
    } else if y > 70 {
        if (x / 8 + y / 6) % 2 == 0 { 120 } else { 140 }
    } else {
        185 - x / 10
    }
}

fn memory() -> Memory {
    let mut memory = Memory::new(Mask::default().open(), None);
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Live);
    memory
}

#[test]
fn a_room_is_live_whoever_passes_and_however_the_light_changes() {
    let mut memory = memory();
    for (noise, light, person) in [
        (2, 100, None),
        (3, 100, Some(80)),
        (4, 60, None),
        (5, 35, Some(20)),
        (6, 120, Some(110)),
        (7, 100, None),
    ] {
        let scene = Scene { light, person, noise, ..CALM };
        assert_eq!(memory.judge(&scene.grey()), Verdict::Live, "light {light}, {person:?}");
    }
}

#[test]
fn a_lamp_that_goes_out_is_black_and_a_dim_room_is_not() {
    for (light, expected) in [(0, Verdict::Black), (4, Verdict::Black), (20, Verdict::Live)] {
        let scene = Scene { light, noise: 9, ..CALM };
        assert_eq!(memory().judge(&scene.grey()), expected, "light {light}");
    }
}

#[test]
fn a_hand_a_bag_or_paint_over_the_lens_is_covered() {
    for shade in [40, 90, 200, 250] {
        let mut noise = Noise(shade);
        let pixels = (0..GREY_WIDTH * GREY_HEIGHT)
            .map(|at| {
                u8::try_from(shade + noise.next() % 4 + u64::from(at % GREY_WIDTH > 80)).unwrap()
            })
            .collect();
        assert_eq!(memory().judge(&Grey::of(pixels).unwrap()), Verdict::Covered, "shade {shade}");
    }
    let mut blurred = CALM.grey();
    for _ in 0..220 {
        blurred = smoothed(&blurred);
    }
    assert_eq!(memory().judge(&blurred), Verdict::Covered, "a film of grease");
}

#[test]
fn a_camera_that_looks_elsewhere_has_moved_and_one_that_trembles_has_not() {
    for (dx, dy, expected) in [
        (14, 0, Verdict::Moved),
        (-25, 5, Verdict::Moved),
        (0, 20, Verdict::Moved),
        (60, 30, Verdict::Moved),
        (1, 0, Verdict::Live),
        (0, -1, Verdict::Live),
    ] {
        let scene = Scene { dx, dy, noise: 11, ..CALM };
        assert_eq!(memory().judge(&scene.grey()), expected, "{dx} {dy}");
    }
    let mut memory = memory();
    let away = Scene { dx: 40, noise: 12, ..CALM };
    assert_eq!(memory.judge(&away.grey()), Verdict::Moved);
    assert_eq!(memory.judge(&Scene { noise: 13, ..CALM }.grey()), Verdict::Live, "turned back");
}

#[test]
fn the_very_same_picture_for_the_third_time_is_frozen_and_the_next_other_one_is_not() {
    let mut memory = memory();
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Live);
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Frozen);
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Frozen);
    assert_eq!(memory.judge(&Scene { noise: 2, ..CALM }.grey()), Verdict::Live);
}

#[test]
fn what_the_mask_hides_is_not_judged() {
    let half = Mask::of(vec![vec![(0, 0), (500, 0), (500, 1_000), (0, 1_000)]]);
    let mut memory = Memory::new(half.open(), None);
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Live);
    let mut pixels = Scene { noise: 4, ..CALM }.grey().pixels().to_vec();
    for (at, pixel) in pixels.iter_mut().enumerate() {
        if at % GREY_WIDTH < GREY_WIDTH / 2 {
            *pixel = 255 - *pixel;
        }
    }
    assert_eq!(memory.judge(&Grey::of(pixels).unwrap()), Verdict::Live);
}

#[test]
fn a_first_picture_without_anything_to_see_is_no_look_of_the_installation() {
    let mut memory = Memory::new(Mask::default().open(), None);
    let dark = Scene { light: 2, ..CALM };
    assert_eq!(memory.judge(&dark.grey()), Verdict::Black);
    assert!(memory.reference().is_none());
    assert_eq!(memory.judge(&CALM.grey()), Verdict::Live);
    assert!(memory.reference().is_some());
}
