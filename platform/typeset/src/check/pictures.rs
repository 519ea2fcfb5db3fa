//! Whether pictures are what they should be, before anything decodes them.

use super::Checked;
use crate::{Failure, Picture};
use image::{ImageFormat, ImageReader};
use std::io::Cursor;

/// Bytes of one file.
const MOST_BYTES: usize = 12 << 20;
/// A camera's 48 megapixels; what it takes decoded is bounded by the child's memory.
const PHOTO_PIXELS: u64 = 50_000_000;
const LOGO_PIXELS: u64 = 8_000_000;

/// A PNG or JPEG.
pub(super) fn photo(field: &str, picture: &Picture) -> Checked {
    look(field, picture, &[ImageFormat::Jpeg, ImageFormat::Png], PHOTO_PIXELS)
}

/// A PNG.
pub(super) fn logo(field: &str, picture: &Picture) -> Checked {
    look(field, picture, &[ImageFormat::Png], LOGO_PIXELS)
}

fn look(field: &str, picture: &Picture, formats: &[ImageFormat], most: u64) -> Checked {
    let bytes = picture.bytes();
    if bytes.len() > MOST_BYTES {
        return Err(Failure::order(field, "The picture is larger than 12 MB."));
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| unreadable(field))?;
    if !reader.format().is_some_and(|format| formats.contains(&format)) {
        return Err(Failure::order(field, "The picture is not of a format that can be printed."));
    }
    let (width, height) = reader.into_dimensions().map_err(|_| unreadable(field))?;
    match u64::from(width) * u64::from(height) {
        0 => Err(unreadable(field)),
        pixels if pixels > most => Err(Failure::order(field, "The picture has too many pixels.")),
        _ => Ok(()),
    }
}

fn unreadable(field: &str) -> Failure {
    Failure::order(field, "The picture cannot be read.")
}
