//! A request's code, photographed from another screen and read by the node.

use crate::{
    client::{Answer, Browser},
    house::House,
};
use pehra_ledger::{armour::Piece, request::PIECE};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::json;

/// A picture in brightness.
struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A grey wall, brighter to the right, with the same grain every time.
    fn wall(width: usize, height: usize) -> Self {
        let mut grain = 7_u32;
        let pixels = (0..width * height).map(|at| {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let bright = 150 + at % width * 50 / width;
            u8::try_from(bright).unwrap() + (grain >> 28).to_le_bytes()[0]
        });
        Self { width, pixels: pixels.collect() }
    }

    /// A code on it with its middle at a place, turned by an angle of this cosine and sine in thousandths, so many tenths
    /// of a pixel to a module, a little out of focus.
    fn shows(
        mut self,
        text: &str,
        middle: (i64, i64),
        (cos, sin): (i64, i64),
        module: i64,
    ) -> Self {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
        let (side, colors) = (i64::try_from(code.width()).unwrap(), code.to_colors());
        // Whether a point, in quarters of a pixel from the middle, is dark; none beside the paper.
        let dark = |x: i64, y: i64| {
            let module_of =
                |turned: i64| (turned * 10 + side * 2_000 * module).div_euclid(4_000 * module);
            let (u, v) = (module_of(cos * x + sin * y), module_of(cos * y - sin * x));
            let paper = -4..side + 4;
            let printed = (0..side).contains(&u) && (0..side).contains(&v);
            let at = usize::try_from(v * side + u).ok().filter(|_| printed);
            let on_paper = paper.contains(&u) && paper.contains(&v);
            on_paper.then(|| u16::from(at.is_some_and(|at| colors[at] == Color::Dark)))
        };
        let width = i64::try_from(self.width).unwrap();
        for (at, pixel) in (0_i64..).zip(self.pixels.iter_mut()) {
            let (x, y) = ((at % width - middle.0) * 4, (at / width - middle.1) * 4);
            let near = [(1, 1), (3, 1), (1, 3), (3, 3)];
            let seen: Vec<u16> = near.iter().filter_map(|(a, b)| dark(x + a, y + b)).collect();
            if seen.len() == near.len() {
                let light = u16::from(*pixel) + 40;
                let shade = light - seen.iter().sum::<u16>() * (light - 50) / 4;
                *pixel = u8::try_from(shade).unwrap();
            }
        }
        self
    }

    fn read_by(&self, browser: &Browser) -> Answer {
        read(browser, &format!("?width={}", self.width), &self.pixels)
    }
}

fn read(browser: &Browser, query: &str, body: &[u8]) -> Answer {
    let kind = [("content-type", "application/octet-stream")];
    browser.send("POST", &format!("/api/trust/code/read{query}"), &kind, body)
}

fn refused(answer: &Answer) -> (u16, String, String) {
    let fault = answer.json();
    for text in ["text_en", "text_ur"] {
        assert!(fault[text].as_str().is_some_and(|it| it.len() > 40), "{fault}");
    }
    (answer.status, answer.code(), fault["field"].as_str().unwrap_or_default().to_owned())
}

/// The text of a device's request, and the code that its screen shows.
fn request(house: &House, browser: &Browser) -> (String, String) {
    let area = pehra_domain::AreaId::nation();
    let request = house.node.request("phone", &area, &["PRO".to_owned()]).unwrap();
    let text = Piece { kind: PIECE.to_owned(), bytes: request.encode() }.to_text("");
    let drawn = browser.post("/api/trust/code", &json!({ "text": text }));
    assert_eq!(drawn.status, 200, "{}", drawn.text());
    (text, drawn.json()["code"].as_str().unwrap().to_owned())
}

#[test]
fn a_request_is_read_from_a_picture_of_its_code_however_it_is_turned() {
    let house = House::empty();
    let browser = house.first();
    let (text, code) = request(&house, &browser);
    let asked = Piece::all(&text).unwrap();
    assert_eq!(asked[0].kind, PIECE);
    let turns = [(1_000, 0), (0, 1_000), (-1_000, 0), (0, -1_000), (956, 292), (788, -616)];
    for (turn, module) in turns.into_iter().zip([45, 45, 45, 45, 40, 40]) {
        let picture = Picture::wall(640, 560).shows(&code, (330, 270), turn, module);
        let answer = picture.read_by(&browser);
        assert_eq!(answer.status, 200, "at {turn:?}: {}", answer.text());
        let read = Piece::all(answer.json()["text"].as_str().unwrap()).unwrap();
        assert_eq!(read, asked, "at {turn:?}");
    }
}

#[test]
fn what_is_no_picture_of_a_code_is_refused_and_says_why() {
    let house = House::empty();
    let browser = house.first();
    let (_, code) = request(&house, &browser);
    let unreadable = |answer: &Answer, found: &str| {
        let of_other_programs = format!("codes of other programs: {found}");
        assert_eq!(refused(answer), (422, "no-code".to_owned(), of_other_programs));
    };
    unreadable(&Picture::wall(400, 300).read_by(&browser), "0");
    let foreign = Picture::wall(400, 300).shows("https://example.org/a", (200, 150), (996, 87), 50);
    unreadable(&foreign.read_by(&browser), "1");
    let mut torn = Picture::wall(640, 560).shows(&code, (330, 270), (1_000, 0), 45);
    torn.pixels.truncate(640 * 250);
    unreadable(&torn.read_by(&browser), "0");
    // A file as it lies on the disk, and rows that are not whole.
    let png = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0x5a; 5_003]].concat();
    for (query, body) in [
        ("?width=640", png.as_slice()),
        ("?width=0", &[255; 441]),
        ("?width=18446744073709551615", &[255; 441]),
        ("?width=20", &[255; 400]),
        ("?width=640", b""),
    ] {
        let (status, reason, field) = refused(&read(&browser, query, body));
        assert_eq!((status, reason.as_str()), (422, "picture-broken"), "{query}");
        assert!(field.contains(&body.len().to_string()), "{field}");
    }
    for query in ["", "?width=-3", "?width=wide"] {
        let malformed = (400, "malformed".to_owned(), "width".to_owned());
        assert_eq!(refused(&read(&browser, query, &[255; 441])), malformed, "{query}");
    }
    let huge = refused(&read(&browser, "?width=4000", &vec![255; 4_000 * 3_000]));
    assert_eq!((huge.0, huge.1.as_str()), (413, "too-large"));
    let just = vec![255; 1_024 * 1_024];
    unreadable(&read(&browser, "?width=1024", &just), "0");
    // Nobody who is not signed in has pictures read.
    let stranger = Browser::new(browser.address);
    let foreign = read(&stranger, "?width=21", &[255; 441]);
    assert!([401, 403].contains(&foreign.status), "{}", foreign.status);
}
