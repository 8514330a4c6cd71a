//! QR codes for paper and for the terminal: as SVG, as PNG, as half blocks.

use flate2::{Compression, Crc, write::ZlibEncoder};
use qrcode::{Color, EcLevel, QrCode};
use std::{io::Write, path::Path};

/// Light modules around a code, as ISO/IEC 18004 asks for.
const QUIET: usize = 4;
/// Pixels of one module in a PNG: 300 dpi make a module 0.5 mm wide.
const MODULE_PIXELS: usize = 6;
/// Light modules between two codes on one sheet.
const GAP: usize = 8;

/// Codes side by side: rows of dark and light modules with their quiet zone.
pub(super) struct Sheet {
    rows: Vec<Vec<bool>>,
}

impl Sheet {
    /// # Errors
    /// When a text is longer than a code can hold.
    pub(super) fn of(texts: &[String]) -> anyhow::Result<Self> {
        let codes: Vec<QrCode> = texts
            .iter()
            .map(|text| QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M))
            .collect::<Result<_, _>>()?;
        let tallest = codes.iter().map(QrCode::width).max().unwrap_or(0);
        let row = |y: usize| {
            let mut row = vec![false; QUIET];
            for (n, code) in codes.iter().enumerate() {
                if n > 0 {
                    row.extend([false; GAP]);
                }
                let dark = |x: usize| {
                    y >= QUIET && y - QUIET < code.width() && code[(x, y - QUIET)] == Color::Dark
                };
                row.extend((0..code.width()).map(dark));
            }
            row.extend([false; QUIET]);
            row
        };
        Ok(Self { rows: (0..tallest + 2 * QUIET).map(row).collect() })
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }

    /// Two rows of modules in one line of text, dark on light whatever the terminal's colours are.
    pub(super) fn to_terminal(&self) -> String {
        let mut text = String::new();
        for pair in self.rows.chunks(2) {
            text.push_str("\u{1b}[30;107m");
            for x in 0..self.width() {
                let dark = |y: usize| pair.get(y).and_then(|row| row.get(x)).is_some_and(|&it| it);
                text.push(match (dark(0), dark(1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push_str("\u{1b}[0m\n");
        }
        text
    }

    pub(super) fn to_svg(&self) -> String {
        let (width, height) = (self.width(), self.rows.len());
        let mut path = String::new();
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&true) {
                    let length = run.len();
                    path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             shape-rendering=\"crispEdges\"><rect width=\"{width}\" height=\"{height}\" \
             fill=\"#fff\"/><path d=\"{path}\"/></svg>\n"
        )
    }

    /// One bit a pixel, as the PNG specification's colour type 0 (grey).
    ///
    /// # Errors
    /// When compression fails, which it does not in memory.
    pub(super) fn to_png(&self) -> anyhow::Result<Vec<u8>> {
        let width = self.width() * MODULE_PIXELS;
        let height = self.rows.len() * MODULE_PIXELS;
        let mut deflate = ZlibEncoder::new(Vec::new(), Compression::best());
        for row in &self.rows {
            let light = row.iter().flat_map(|dark| [!dark; MODULE_PIXELS]).collect::<Vec<bool>>();
            let byte = |bits: &[bool]| {
                let set = |(n, &bit): (usize, &bool)| if bit { 0x80_u8 >> n } else { 0 };
                bits.iter().enumerate().map(set).sum::<u8>()
            };
            let mut line = vec![0];
            line.extend(light.chunks(8).map(byte));
            for _ in 0..MODULE_PIXELS {
                deflate.write_all(&line)?;
            }
        }
        let mut head = u32::try_from(width)?.to_be_bytes().to_vec();
        head.extend(u32::try_from(height)?.to_be_bytes());
        head.extend([1, 0, 0, 0, 0]);
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, data) in [(b"IHDR", head), (b"IDAT", deflate.finish()?), (b"IEND", Vec::new())] {
            let mut sum = Crc::new();
            sum.update(name);
            sum.update(&data);
            png.extend(u32::try_from(data.len())?.to_be_bytes());
            png.extend_from_slice(name);
            png.extend_from_slice(&data);
            png.extend(sum.sum().to_be_bytes());
        }
        Ok(png)
    }

    /// # Errors
    /// What the disk said.
    pub(super) fn write_png(&self, to: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(to, self.to_png()?)?)
    }

    /// # Errors
    /// What the disk said.
    pub(super) fn write_svg(&self, to: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(to, self.to_svg())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::ZlibDecoder;
    use pehra_ledger::paper;
    use std::io::Read;

    /// The pixels of a PNG of ours: light or dark.
    fn pixels(png: &[u8]) -> (usize, usize, Vec<u8>) {
        let number = |at: usize| {
            usize::try_from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap())).unwrap()
        };
        let (width, height, length) = (number(16), number(20), number(33));
        assert_eq!(&png[37..41], b"IDAT");
        let mut raw = Vec::new();
        ZlibDecoder::new(&png[41..41 + length]).read_to_end(&mut raw).unwrap();
        let stride = width.div_ceil(8) + 1;
        assert_eq!(raw.len(), stride * height);
        let mut grey = Vec::new();
        for line in raw.chunks(stride) {
            assert_eq!(line[0], 0);
            grey.extend(
                (0..width).map(|x| if line[1 + x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 }),
            );
        }
        (width, height, grey)
    }

    #[test]
    fn another_programs_reader_scans_the_sheet() {
        let bytes: Vec<u8> = (0..2_500_u32).map(|n| u8::try_from(n * n % 253).unwrap()).collect();
        let sheet = Sheet::of(&paper::parts(&bytes)).unwrap();
        let (width, height, grey) = pixels(&sheet.to_png().unwrap());
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| grey[y * width + x]);
        let mut lines: Vec<String> =
            image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
        lines.reverse();
        assert_eq!(lines.len(), 3);
        assert_eq!(paper::join(&lines.join("\n")), Ok(bytes));
        let svg = sheet.to_svg();
        assert!(svg.starts_with("<svg") && svg.matches('M').count() > 1_000);
        assert_eq!(sheet.to_terminal().lines().count(), sheet.rows.len().div_ceil(2));
    }
}
