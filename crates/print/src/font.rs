//! The fonts in the binary, and the promise that no letter is left out: a letter that none of them has stops the sheet.

use typst::{
    foundations::Bytes,
    layout::{Frame, FrameItem},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// Under the SIL Open Font Licence, see `fonts/OFL.txt`.
const FILES: [&[u8]; 5] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/NotoNaskhArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoNaskhArabic-Bold.ttf"),
    include_bytes!("../fonts/NotoNastaliqUrdu-Regular.ttf"),
];

/// All fonts with their index; nothing of the machine's is looked at.
pub struct Fonts {
    pub book: LazyHash<FontBook>,
    pub all: Vec<Font>,
}

impl Fonts {
    #[must_use]
    pub fn embedded() -> Self {
        let all: Vec<Font> =
            FILES.iter().filter_map(|file| Font::new(Bytes::new(*file), 0)).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all }
    }
}

/// The first letter on a page for which its font has no shape.
#[must_use]
pub fn missing(frame: &Frame) -> Option<String> {
    frame.items().find_map(|(_, item)| match item {
        FrameItem::Group(group) => missing(&group.frame),
        FrameItem::Text(text) => {
            let glyph = text.glyphs.iter().find(|glyph| glyph.id == 0)?;
            Some(text.text.get(glyph.range()).unwrap_or(&text.text).to_owned())
        }
        FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {
            None
        }
    })
}
