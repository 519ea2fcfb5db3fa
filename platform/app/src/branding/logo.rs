//! A logo from an upload: sniffed, decoded within limits, made small, written anew as PNG.

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, imageops::FilterType};
use kernel::{Problem, Result};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// The most bytes of an upload.
pub const MAX_UPLOAD: usize = 2 << 20;
/// The longest side that is decoded, and the longest that is kept.
const MAX_SIDE: u32 = 4096;
const KEPT_SIDE: u32 = 512;
/// Four bytes a pixel of the largest picture, and as much again for the decoder.
const MAX_ALLOC: u64 = 2 * 4 * MAX_SIDE as u64 * MAX_SIDE as u64;
/// Pictures that are decoded at the same time, so that the memory for them is bounded.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// A picture of ours: PNG, at most 512 x 512, nothing in it but pixels.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The file.
    pub png: Vec<u8>,
    /// The beginning of its SHA-256 in hex: its version in addresses.
    pub hash: String,
}

impl Logo {
    /// Makes a logo from what was uploaded. Takes a while on a thread of its own; open no transaction before.
    pub async fn prepare(upload: Bytes) -> Result<Self> {
        let _turn = AT_WORK.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(move || Self::make(&upload)).await.map_err(Problem::internal)?
    }

    fn make(upload: &[u8]) -> Result<Self> {
        if upload.len() > MAX_UPLOAD {
            return Err(too_large());
        }
        let format = image::guess_format(upload).ok();
        let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];
        let format = format.filter(|f| known.contains(f)).ok_or_else(|| {
            Problem::invalid("logo", "logo_format", "This is not a picture that we can read. Use a PNG, JPEG, WebP or GIF file.")
        })?;
        let picture = decode(upload, format).map_err(unreadable)?;
        let small = picture.width() <= KEPT_SIDE && picture.height() <= KEPT_SIDE;
        let picture = if small { picture } else { picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Lanczos3) };
        let mut png = Vec::new();
        picture.to_rgba8().write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(Problem::internal)?;
        let hash = HEXLOWER.encode(&digest(&SHA256, &png).as_ref()[..8]);
        Ok(Self { png, hash })
    }
}

/// An upload of more than [`MAX_UPLOAD`].
pub fn too_large() -> Problem {
    Problem::too_large("logo_too_large", "The file is larger than 2 MB. Use a smaller picture.")
}

fn decode(upload: &[u8], format: ImageFormat) -> Result<DynamicImage, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn unreadable(error: ImageError) -> Problem {
    match error {
        ImageError::Limits(_) => {
            Problem::invalid("logo", "logo_dimensions", format!("The picture is too large. Its sides may have at most {MAX_SIDE} pixels."))
        }
        error => Problem::invalid("logo", "logo_damaged", "This picture is damaged. Save it again and try once more.").caused_by(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbaImage;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = Vec::new();
        RgbaImage::from_pixel(width, height, image::Rgba([31, 91, 63, 255]))
            .write_to(&mut Cursor::new(&mut file), ImageFormat::Png)
            .unwrap();
        file
    }

    fn size(logo: &Logo) -> (u32, u32) {
        let picture = image::load_from_memory_with_format(&logo.png, ImageFormat::Png).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn a_logo_is_small_and_ours() {
        let logo = Logo::make(&png(1024, 300)).unwrap();
        assert_eq!(size(&logo), (512, 150));
        assert_eq!(logo.hash.len(), 16);
        let kept = Logo::make(&png(40, 20)).unwrap();
        assert_eq!(size(&kept), (40, 20));
    }

    #[test]
    fn what_follows_the_picture_is_dropped() {
        let mut file = png(20, 20);
        file.extend_from_slice(b"<script>alert(1)</script>");
        let logo = Logo::make(&file).unwrap();
        assert!(!logo.png.windows(7).any(|w| w == b"<script"));
    }

    #[test]
    fn hostile_files_are_refused() {
        let code = |file: &[u8]| Logo::make(file).unwrap_err().code().to_owned();
        assert_eq!(code(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "logo_format");
        assert_eq!(code(b""), "logo_format");
        assert_eq!(code(&png(MAX_SIDE + 1, 1)), "logo_dimensions");
        // A header that claims 60,000 x 60,000 pixels.
        let mut bomb = png(10, 10);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        assert!(["logo_dimensions", "logo_damaged"].contains(&code(&bomb).as_str()));
        let cut = png(300, 300);
        assert_eq!(code(&cut[..cut.len() / 2]), "logo_damaged");
        assert_eq!(code(&vec![0; MAX_UPLOAD + 1]), "logo_too_large");
    }
}
