//! What the camera wrote beside the picture: which way up it was held, when, and where. Believed where it makes sense; a block that
//! cannot be read says nothing.

use chrono::{Datelike, NaiveDateTime};
use exif::{Exif, In, Reader, Tag, Value};
use std::io::Cursor;

/// What the camera wrote.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Notes {
    /// 1 to 8, as EXIF counts; 1 is upright.
    pub orientation: u8,
    /// By the camera's own clock.
    pub taken_at: Option<NaiveDateTime>,
    /// Latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
}

/// Reads the notes of a JPEG, PNG or WebP file.
pub fn notes(bytes: &[u8]) -> Notes {
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return Notes { orientation: 1, taken_at: None, place: None };
    };
    Notes { orientation: orientation(&exif), taken_at: taken_at(&exif), place: place(&exif) }
}

fn orientation(exif: &Exif) -> u8 {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|f| f.value.get_uint(0));
    value.and_then(|v| u8::try_from(v).ok()).filter(|v| (1..=8).contains(v)).unwrap_or(1)
}

fn taken_at(exif: &Exif) -> Option<NaiveDateTime> {
    let field = exif.get_field(Tag::DateTimeOriginal, In::PRIMARY)?;
    let Value::Ascii(texts) = &field.value else { return None };
    let text = std::str::from_utf8(texts.first()?.get(..19)?).ok()?;
    let time = NaiveDateTime::parse_from_str(text, "%Y:%m:%d %H:%M:%S").ok()?;
    (1990..2200).contains(&time.year()).then_some(time)
}

fn place(exif: &Exif) -> Option<(f64, f64)> {
    let latitude = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let longitude = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    let real = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) && (latitude, longitude) != (0.0, 0.0);
    real.then_some((latitude, longitude))
}

/// Degrees, minutes and seconds, turned round in the half that counts below zero.
fn degrees(exif: &Exif, tag: Tag, half: Tag, below: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
    if [degrees, minutes, seconds].iter().any(|part| part.denom == 0) {
        return None;
    }
    let size = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let Value::Ascii(letters) = &exif.get_field(half, In::PRIMARY)?.value else { return None };
    let turned = letters.first()?.first()?.eq_ignore_ascii_case(&below);
    Some(if turned { -size } else { size })
}
