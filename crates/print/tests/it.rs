//! What comes out on paper, read by another program: words in their order, fonts, tags, and pixels. Needs poppler's readers,
//! which `cargo xtask check` installs.

use pehra_domain::sheet::{
    Align, Block, Cell, Column, Fact, Issue, Job, Language, Mark, Reply, Sheet, Sketch, Table,
    Words,
};
use pehra_print::{
    code::Code,
    desk,
    press::{PressError, print},
};
use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const CODE: &str =
    "PEHRA1:1:1:0011AABB:THE CODE ON THE PAGE HOLDS SOME HUNDRED LETTERS AND DIGITS 0123456789";
const SENTENCE: &str =
    "کم سے کم ضروری طاقت استعمال کریں۔ پریزائیڈنگ افسر کے کہے بغیر بوتھ میں داخل نہ ہوں۔";

fn two(en: &str, ur: &str) -> Words {
    Words::two(en, ur)
}

fn sheet() -> Sheet {
    let column =
        |en: &str, ur: &str, weight| Column { head: two(en, ur), weight, align: Align::Start };
    let table = Table {
        name: "posts".into(),
        columns: vec![
            column("No.", "نمبر شمار", 0),
            column("Unit", "یونٹ", 2),
            column("Relief", "تبدیلی", 1),
        ],
        rows: (1..=40)
            .map(|n| {
                vec![
                    Cell::Number(n),
                    Cell::Words(Words::same(format!("PS Gulberg {n}"))),
                    Cell::Blank(()),
                ]
            })
            .collect(),
    };
    let mark = Mark { x: 500, y: 500, shape: 2, here: true, label: "07".into() };
    let sketch = Sketch {
        caption: two("Places", "مقامات"),
        height: 600,
        marks: vec![mark],
        scale: ("500 m".into(), 200),
    };
    Sheet {
        name: "order-b1".into(),
        title: two("Posting order", "تعیناتی کا حکم"),
        subtitle: two("Govt. School · Lahore", "\u{2066}Govt. School\u{2069} · لاہور"),
        landscape: false,
        blocks: vec![
            Block::Beside {
                first: vec![Block::Facts {
                    facts: vec![
                        Fact {
                            label: two("Call sign", "کال سائن"),
                            value: Some(Words::same("D001 S02 03")),
                        },
                        Fact { label: two("Name", "نام"), value: None },
                    ],
                }],
                second: vec![Block::Sketch { sketch }],
            },
            Block::Heading { words: two("Mission", "مقصد") },
            Block::Paragraph { words: two("Use the least force needed.", SENTENCE) },
            Block::Table { table },
            Block::List {
                items: vec![two("Ask nobody for papers.", "کاغذات نہ مانگیں۔")],
                numbered: true,
            },
            Block::Lines { label: two("Notes", "نوٹ"), count: 2 },
            Block::Signatures { labels: vec![two("In charge", "انچارج")] },
            Block::Codes { texts: vec![CODE.to_lowercase()], words: two("Proof", "ثبوت") },
            Block::Large {
                words: two("What guards may not do", "محافظ کیا نہیں کر سکتے")
            },
        ],
    }
}

fn issue(mark: Option<&str>) -> Issue {
    Issue {
        version: two("order-b1 · version 3", "order-b1 · نسخہ 3"),
        mark: mark.map(str::to_owned),
        code: Some(CODE.into()),
    }
}

fn kept(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a document in reading order, without line breaks and marks of direction.
fn words(path: &Path) -> String {
    let text = said("pdftotext", &["-enc", "UTF-8", path.to_str().unwrap(), "-"]);
    let unmarked: String = text
        .chars()
        .filter(|c| {
            !('\u{200e}'..='\u{200f}').contains(c)
                && !('\u{202a}'..='\u{202e}').contains(c)
                && !('\u{2066}'..='\u{2069}').contains(c)
        })
        .collect();
    unmarked.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Red, green and blue of a page at so many dots an inch.
struct Pixels {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Pixels {
    fn of(path: &Path, page: u32, dpi: u32) -> Self {
        let to = path.with_extension(format!("{page}-{dpi}"));
        let (page, dpi) = (page.to_string(), dpi.to_string());
        let (from, to) = (path.to_str().unwrap(), to.to_str().unwrap());
        said("pdftoppm", &["-r", &dpi, "-f", &page, "-l", &page, "-singlefile", from, to]);
        let bytes = fs::read(format!("{to}.ppm")).unwrap();
        let mut fields = Vec::new();
        let mut at = 0;
        while fields.len() < 4 {
            let end = bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
            fields.push(String::from_utf8_lossy(&bytes[at..at + end]).into_owned());
            at += end + 1;
        }
        assert_eq!(fields[0], "P6");
        Self {
            width: fields[1].parse().unwrap(),
            height: fields[2].parse().unwrap(),
            rgb: bytes[at..].to_vec(),
        }
    }

    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    fn count(&self, of: impl Fn([u8; 3]) -> bool) -> usize {
        self.rgb.chunks_exact(3).filter(|rgb| of([rgb[0], rgb[1], rgb[2]])).count()
    }
}

#[test]
fn english_and_urdu_are_read_back_word_by_word_in_their_order() {
    let english = print(&sheet(), &issue(None), Language::English).unwrap();
    let text = words(&kept("words-en.pdf", &english.bytes));
    assert!(text.contains("Posting order Govt. School · Lahore"), "{text}");
    assert!(text.contains("Mission Use the least force needed."), "{text}");
    assert!(text.contains("D001 S02 03") && text.contains("PS Gulberg 40"), "{text}");
    let urdu = print(&sheet(), &issue(None), Language::Urdu).unwrap();
    let text = words(&kept("words-ur.pdf", &urdu.bytes));
    assert!(text.contains(SENTENCE), "{text}");
    assert!(text.contains("کاغذات نہ مانگیں۔") && text.contains("D001 S02 03"), "{text}");
    assert!(text.contains("محافظ کیا نہیں کر سکتے"), "{text}");
}

#[test]
fn every_font_is_inside_and_every_document_is_tagged_and_says_its_language() {
    for language in Language::ALL {
        let printed = print(&sheet(), &issue(None), language).unwrap();
        let path = kept(&format!("fonts-{}.pdf", language.code()), &printed.bytes);
        let fonts = said("pdffonts", &[path.to_str().unwrap()]);
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(fonts.len() >= 2);
        // Name, type (two words), encoding, embedded, subset, with a table back to letters.
        assert!(fonts.iter().all(|font| font.contains(" yes yes yes ")), "{fonts:?}");
        assert!(fonts.iter().all(|font| font.contains("Noto")), "{fonts:?}");
        let info = said("pdfinfo", &[path.to_str().unwrap()]);
        assert!(info.contains("Tagged:          yes"), "{info}");
        assert!(info.contains(sheet().title.of(language)), "{info}");
        let meta = said("pdfinfo", &["-meta", path.to_str().unwrap()]);
        assert!(meta.contains("pdfuaid:part"), "{meta}");
        let tags = said("pdfinfo", &["-struct", path.to_str().unwrap()]);
        for tag in ["H1", "H2", "Table", "TH", "TD", "Figure"] {
            assert!(tags.lines().any(|line| line.trim().starts_with(tag)), "{tag}: {tags}");
        }
    }
}

/// The code lies 15 mm from the side and 8 mm from the top, 27 mm wide with its quiet zone: each module is looked at.
#[test]
fn the_code_on_every_page_is_the_one_that_was_given() {
    const DPI: u32 = 300;
    let code = Code::of(CODE).unwrap();
    for language in Language::ALL {
        let printed = print(&sheet(), &issue(None), language).unwrap();
        assert!(printed.pages >= 2);
        let path = kept(&format!("code-{}.pdf", language.code()), &printed.bytes);
        for page in 1..=u32::try_from(printed.pages).unwrap() {
            let pixels = Pixels::of(&path, page, DPI);
            let dots = |mm: f64| mm / 25.4 * f64::from(DPI);
            let left = match language {
                Language::English => pixels.width as f64 - dots(15.0 + 27.0),
                Language::Urdu => dots(15.0),
            };
            let module = dots(27.0) / code.width as f64;
            let mut wrong = 0;
            for (at, light) in code.pixels.iter().enumerate() {
                let (row, line) = (at % code.width, at / code.width);
                let x = left + (row as f64 + 0.5) * module;
                let y = dots(8.0) + (line as f64 + 0.5) * module;
                let dark = pixels.at(x as usize, y as usize)[1] < 128;
                wrong += usize::from(dark == (*light > 128));
            }
            assert_eq!(wrong, 0, "page {page} {}", language.code());
        }
    }
}

#[test]
fn an_exercise_stands_across_every_page_and_a_real_sheet_has_no_red() {
    let red =
        |rgb: [u8; 3]| rgb[0] > rgb[1].saturating_add(15) && rgb[0] > rgb[2].saturating_add(15);
    let mark = "EXERCISE · مشق · SYNTHETIC DATA";
    let plain = Sheet { blocks: vec![Block::Paragraph { words: two("a", "ا") }], ..sheet() };
    let marked = print(&plain, &issue(Some(mark)), Language::Urdu).unwrap();
    let path = kept("mark.pdf", &marked.bytes);
    assert!(words(&path).contains("SYNTHETIC DATA"));
    let pixels = Pixels::of(&path, 1, 60);
    assert!(pixels.count(red) > pixels.width * pixels.height / 400);
    let real = print(&plain, &issue(None), Language::Urdu).unwrap();
    let pixels = Pixels::of(&kept("real.pdf", &real.bytes), 1, 60);
    assert_eq!(pixels.count(red), 0);
    // Mostly white, and not empty.
    let dark = pixels.count(|rgb| rgb[0] < 128);
    assert!(dark > 200 && dark < pixels.width * pixels.height / 4, "{dark}");
}

#[test]
fn urdu_begins_at_the_right_and_english_at_the_left() {
    let plain = Sheet {
        blocks: vec![Block::Paragraph { words: two("Short.", "مختصر۔") }],
        ..sheet()
    };
    for (language, right) in [(Language::English, false), (Language::Urdu, true)] {
        let printed = print(&plain, &Issue { code: None, ..issue(None) }, language).unwrap();
        let pixels = Pixels::of(&kept(&format!("side-{right}.pdf"), &printed.bytes), 1, 60);
        let half = |from: usize, until: usize| {
            let rows = pixels.height / 12..pixels.height * 9 / 10;
            rows.flat_map(|y| (from..until).map(move |x| (x, y)))
                .filter(|&(x, y)| pixels.at(x, y)[0] < 128)
                .count()
        };
        let (left, far) = (half(0, pixels.width / 3), half(pixels.width * 2 / 3, pixels.width));
        assert_eq!(far > left, right, "{left} {far}");
    }
}

#[test]
fn a_poster_takes_one_page_and_fills_it() {
    let long = two(&"Ask nobody for papers. ".repeat(3), &"کاغذات نہ مانگیں۔ ".repeat(3));
    for many in [7, 11] {
        let rules = vec![Block::Large { words: long.clone() }; many];
        let poster = Sheet { blocks: rules, ..sheet() };
        for language in Language::ALL {
            let printed = print(&poster, &issue(None), language).unwrap();
            assert_eq!(printed.pages, 1, "{many} {}", language.code());
            let name = format!("poster-{many}-{}.pdf", language.code());
            let pixels = Pixels::of(&kept(&name, &printed.bytes), 1, 60);
            let lowest = (0..pixels.height * 9 / 10)
                .rfind(|&y| (0..pixels.width).any(|x| pixels.at(x, y)[0] < 128))
                .unwrap();
            assert!(lowest > pixels.height * 2 / 3, "{lowest} of {}", pixels.height);
        }
    }
}

#[test]
fn a_letter_that_no_font_has_stops_the_sheet_and_is_named() {
    let strange = Sheet { subtitle: Words::same("School 漢 1"), ..sheet() };
    let refused = print(&strange, &issue(None), Language::Urdu).map(|it| it.pages);
    assert_eq!(refused, Err(PressError::Letter { letter: "漢".into(), codes: "U+6F22".into() }));
}

#[test]
fn what_stands_on_a_sheet_is_never_a_command() {
    let text = "#panic(\"x\") *bold* $a$ @b <c> `d` #read(\"/etc/passwd\") \\ //";
    let sly = Sheet { blocks: vec![Block::Paragraph { words: Words::same(text) }], ..sheet() };
    let printed = print(&sly, &issue(None), Language::English).unwrap();
    assert!(words(&kept("sly.pdf", &printed.bytes)).contains(text));
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    for language in Language::ALL {
        let once = print(&sheet(), &issue(None), language).unwrap();
        let again = print(&sheet(), &issue(None), language).unwrap();
        assert_eq!(once.bytes, again.bytes);
    }
}

fn job(number: u64, to: &Path) -> String {
    let to = to.to_string_lossy().into_owned();
    let job = Job { number, sheet: sheet(), issue: issue(None), language: Language::English, to };
    serde_json::to_string(&job).unwrap()
}

fn replies(output: &[u8]) -> Vec<Reply> {
    output
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn every_job_is_answered_and_a_document_appears_whole_or_not_at_all() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (good, lost) = (folder.join("good.pdf"), folder.join("no-such-folder/lost.pdf"));
    let input = format!("{}\nnonsense\n{}\n", job(1, &good), job(2, &lost));
    let mut output = Vec::new();
    desk::serve(Cursor::new(input), &mut output, 2).unwrap();
    let replies = replies(&output);
    assert!(matches!(replies[0], Reply::Ready { protocol: 1, .. }));
    let done = replies.iter().any(|it| matches!(it, Reply::Done { number: 1, pages: 2.., .. }));
    let broken = replies.iter().any(|it| matches!(it, Reply::Failed { number: 0, .. }));
    let lost_too = replies.iter().any(|it| matches!(it, Reply::Failed { number: 2, .. }));
    assert!(done && broken && lost_too && replies.len() == 4, "{replies:?}");
    assert!(fs::read(&good).unwrap().starts_with(b"%PDF"));
    assert!(!good.with_extension("part").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_bound_on_memory_ends_the_program_and_nothing_else() {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bound.pdf");
    let run = |memory: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pehra-print"))
            .args(["--memory-mb", memory, "--hands", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let _gone = std::io::Write::write_all(&mut input, job(1, &to).as_bytes());
        drop(input);
        child.wait_with_output().unwrap()
    };
    let enough = run("600");
    assert!(enough.status.success());
    assert_eq!(replies(&enough.stdout).len(), 2);
    assert!(!run("6").status.success());
}
