use super::*;
use crate::fountain::{Binding, Limits, Progress, Receiver, Sender};
use proptest::prelude::*;

#[test]
fn the_examples_of_the_standard() {
    // RFC 9285 §4.3 and §4.4.
    assert_eq!(to_text(b"AB"), "PEHRA:BB8");
    assert_eq!(to_text(b"Hello!!"), "PEHRA:%69 VD92EX0");
    assert_eq!(to_text(b"base-45"), "PEHRA:UJCLQE7W581");
    assert_eq!(from_text("PEHRA:QED8WEX0"), Ok(Some(b"ietf!".to_vec())));
    assert_eq!(from_text("PEHRA:FGW"), Ok(Some(vec![0xff, 0xff])));
    assert_eq!(from_text("PEHRA:GGW"), Err(FrameUnreadable::Number), "65,536 is no pair of bytes");
    assert_eq!(from_text("PEHRA:0"), Err(FrameUnreadable::Number));
    assert_eq!(from_text("PEHRA:aa0"), Err(FrameUnreadable::Text));
    assert_eq!(from_text("https://example.org"), Ok(None));
}

#[test]
fn a_frame_of_the_stated_size_fits_version_fifteen_and_one_byte_more_does_not() {
    assert_eq!(symbol(&[0xff; FRAME_BYTES]).unwrap().side, 77);
    let text = to_text(&[0xff; FRAME_BYTES + 4]);
    assert!(QrCode::with_version(text, Version::Normal(15), EcLevel::M).is_err());
    assert!(symbol(&[1; 2_200]).is_ok());
    assert_eq!(symbol(&[1; 2_300]).err(), Some(TooLarge(2_300)));
}

/// A picture as a camera takes it: turned, out of focus, in poor light, with noise.
struct Camera {
    /// Cosine and sine, in thousandths.
    turned: (i32, i32),
    blur: usize,
    noise: i32,
}

/// Pixels of one module, and of the picture's side.
const MODULE: i32 = 8;
const WIDTH: usize = 900;
const DARK: i32 = 40;
const LIGHT: i32 = 215;

impl Camera {
    fn photograph(&self, symbol: &Symbol, seed: u32) -> Vec<u8> {
        let side = i32::try_from(symbol.side).unwrap();
        let (cosine, sine) = self.turned;
        let at = |x: usize, y: usize| {
            let (dx, dy) = (i32::try_from(x).unwrap() - 450, i32::try_from(y).unwrap() - 450);
            let module = |along: i32| (along + side * MODULE * 500).div_euclid(MODULE * 1_000);
            let (column, row) = (module(dx * cosine + dy * sine), module(dy * cosine - dx * sine));
            let inside = (0..side).contains(&column) && (0..side).contains(&row);
            let dark = inside && symbol.dark[usize::try_from(row * side + column).unwrap()];
            if dark { DARK } else { LIGHT }
        };
        let sharp: Vec<i32> = (0..WIDTH * WIDTH).map(|it| at(it % WIDTH, it / WIDTH)).collect();
        let mut state = seed;
        blurred(&blurred(&sharp, self.blur, 1), self.blur, WIDTH)
            .into_iter()
            .map(|light| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = i32::from(state.to_be_bytes()[0]) - 128;
                u8::try_from((light + noise * self.noise / 128).clamp(0, 255)).unwrap()
            })
            .collect()
    }
}

/// The mean of neighbours along one direction.
fn blurred(picture: &[i32], radius: usize, step: usize) -> Vec<i32> {
    (0..picture.len())
        .map(|at| {
            let near =
                (0..=2 * radius).filter_map(|it| (at + it * step).checked_sub(radius * step));
            let (sum, count) = near
                .filter_map(|it| picture.get(it))
                .fold((0, 0), |(sum, count), light| (sum + light, count + 1));
            sum / count
        })
        .collect()
}

fn read(picture: &[u8]) -> Option<String> {
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(WIDTH, WIDTH, |x, y| picture[y * WIDTH + x]);
    image.detect_grids().into_iter().find_map(|grid| grid.decode().ok().map(|(_, text)| text))
}

#[test]
fn another_program_reads_codes_that_are_turned_blurred_and_noisy() {
    let object: Vec<u8> = (0..1_500u32).map(|n| n.to_le_bytes()[0].wrapping_mul(37)).collect();
    let sender = Sender::try_new(&object, FRAME_BYTES, Binding::Open).unwrap();
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    let cameras = [
        Camera { turned: (1_000, 0), blur: 1, noise: 10 },
        Camera { turned: (993, 122), blur: 1, noise: 10 },
        Camera { turned: (974, -225), blur: 1, noise: 20 },
        Camera { turned: (-87, 996), blur: 1, noise: 20 },
    ];
    let mut missed = 0;
    let done = (3u32..30).zip(cameras.iter().cycle()).find_map(|(number, camera)| {
        let picture = camera.photograph(&symbol(&sender.frame(number)).unwrap(), number);
        let Some(text) = read(&picture) else {
            missed += 1;
            return None;
        };
        let frame = from_text(&text).unwrap().unwrap();
        match receiver.receive(&frame).unwrap() {
            Progress::Done { object, .. } => Some(object),
            Progress::Waiting { .. } | Progress::DoneBefore { .. } | Progress::Spoilt { .. } => {
                None
            }
        }
    });
    assert_eq!(done, Some(object), "{missed} pictures were not read");
    assert!(missed <= 8, "{missed} pictures were not read");
}

proptest! {
    #[test]
    fn frames_come_back(frame in proptest::collection::vec(any::<u8>(), 0..500)) {
        prop_assert_eq!(from_text(&to_text(&frame)), Ok(Some(frame)));
    }

    #[test]
    fn any_text_is_read_without_harm(text in "[0-9A-Z $%*+./:a-z-]{0,60}") {
        let text = format!("PEHRA:{text}");
        if let Ok(Some(frame)) = from_text(&text) {
            prop_assert_eq!(to_text(&frame), text);
        }
    }
}
