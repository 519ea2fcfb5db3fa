//! A picture without what does not belong to the picture: places, times, owners, thumbnails, notes, and whatever hangs behind its end.
//!
//! The compressed picture itself is not touched, so nothing is lost. Of each format the parts that are needed to show it are listed;
//! all others go. The one thing that is written anew is which way up it is. Answers nothing where a file ends before its picture.

use super::picture::Format;
use std::ops::Range;

/// The file with nothing but its picture.
pub fn stripped(format: Format, bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    match format {
        Format::Jpeg => jpeg(bytes, orientation),
        Format::Png => png(bytes, orientation),
        Format::WebP => webp(bytes, orientation),
        Format::Gif => gif(bytes),
    }
}

/// Whether a file goes on to the end of its picture.
pub fn is_whole(format: Format, bytes: &[u8]) -> bool {
    stripped(format, bytes, 1).is_some()
}

/// The smallest EXIF block: one entry, the orientation.
fn upright(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    tiff
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn joined(bytes: &[u8], parts: &[Range<usize>]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(Range::len).sum::<usize>() + 64);
    for part in parts {
        out.extend_from_slice(&bytes[part.clone()]);
    }
    out
}

fn jpeg(bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    if orientation != 1 {
        let exif = [b"Exif\0\0".as_slice(), &upright(orientation)].concat();
        out.extend_from_slice(&[0xff, 0xe1]);
        out.extend_from_slice(&u16::try_from(exif.len() + 2).ok()?.to_be_bytes());
        out.extend_from_slice(&exif);
    }
    let (mut parts, mut at) = (Vec::new(), 2);
    loop {
        // What stands between two segments is nothing that a decoder reads.
        while *bytes.get(at)? != 0xff {
            at += 1;
        }
        let start = at;
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            0xd9 => break,
            0x00 | 0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(number(bytes, at)?));
        let (body, mut end) = (at + 2, at + length);
        if length < 2 || end > bytes.len() {
            return None;
        }
        if marker == 0xda {
            end = scan_end(bytes, end)?;
        }
        if belongs(marker, &bytes[body..]) {
            parts.push(start..end);
        }
        at = end;
    }
    out.extend_from_slice(&joined(bytes, &parts));
    out.extend_from_slice(&[0xff, 0xd9]);
    Some(out)
}

/// Whether a decoder needs the segment: tables, frames and scans, and of the rest what says how to read the colours.
fn belongs(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xc0..=0xcf | 0xda..=0xdf => true,
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        _ => false,
    }
}

/// Where the compressed bytes of a scan end: at the next marker that is no restart and no escaped byte.
fn scan_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

fn png(bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    const KEPT: [&[u8; 4]; 12] =
        [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"pHYs"];
    let (mut out, mut at) = (bytes.get(..8)?.to_vec(), 8);
    loop {
        let length = usize::try_from(u32::from_be_bytes(number(bytes, at)?)).ok()?;
        let kind: [u8; 4] = number(bytes, at + 4)?;
        let chunk = bytes.get(at..at.checked_add(length)?.checked_add(12)?)?;
        if KEPT.contains(&&kind) {
            out.extend_from_slice(chunk);
        }
        if &kind == b"IHDR" && orientation != 1 {
            let exif = [b"eXIf".as_slice(), &upright(orientation)].concat();
            out.extend_from_slice(&u32::try_from(exif.len() - 4).ok()?.to_be_bytes());
            out.extend_from_slice(&exif);
            out.extend_from_slice(&async_zip::base::write::crc32(&exif).to_be_bytes());
        }
        if &kind == b"IEND" {
            return Some(out);
        }
        at += chunk.len();
    }
}

fn webp(bytes: &[u8], orientation: u8) -> Option<Vec<u8>> {
    const EXIF: u8 = 0x08;
    const XMP: u8 = 0x04;
    let size = usize::try_from(u32::from_le_bytes(number(bytes, 4)?)).ok()?;
    let inside = bytes.get(12..8_usize.checked_add(size)?)?;
    let (mut out, mut at, mut extended, mut pictures) = (b"RIFF\0\0\0\0WEBP".to_vec(), 0, false, 0);
    while at < inside.len() {
        let kind: [u8; 4] = number(inside, at)?;
        let length = usize::try_from(u32::from_le_bytes(number(inside, at + 4)?)).ok()?;
        let body = at + 8..at.checked_add(8)?.checked_add(length)?;
        inside.get(body.clone())?;
        match &kind {
            b"VP8X" => {
                let mut head = inside.get(at..at + 18)?.to_vec();
                head[8] &= !(EXIF | XMP);
                head[8] |= if orientation == 1 { 0 } else { EXIF };
                out.extend_from_slice(&head);
                extended = true;
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ICCP" | b"ANIM" | b"ANMF" => {
                out.extend_from_slice(&inside[at..body.end]);
                out.resize(out.len() + length % 2, 0);
                pictures += usize::from(kind != *b"ICCP" && kind != *b"ANIM" && kind != *b"ALPH");
            }
            _ => {}
        }
        at = body.end + length % 2;
    }
    if extended && orientation != 1 {
        let exif = upright(orientation);
        out.extend_from_slice(b"EXIF");
        out.extend_from_slice(&u32::try_from(exif.len()).ok()?.to_le_bytes());
        out.extend_from_slice(&exif);
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    (pictures > 0).then_some(out)
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    bytes.get(..at)?;
    let mut parts = std::iter::once(0..at).collect::<Vec<_>>();
    loop {
        let start = at;
        match bytes.get(at)? {
            0x3b => {
                parts.push(at..at + 1);
                return Some(joined(bytes, &parts));
            }
            0x2c => {
                at = blocks_end(bytes, at + 10 + table(*bytes.get(at + 9)?) + 1)?;
                parts.push(start..at);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                let looped = bytes.get(at + 3..at + 14).is_some_and(|name| name == b"NETSCAPE2.0");
                at = blocks_end(bytes, at + 2)?;
                if label == 0xf9 || (label == 0xff && looped) {
                    parts.push(start..at);
                }
            }
            _ => return None,
        }
    }
}

/// Behind a chain of sub-blocks, each with its length in front, the last one empty.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
