//! From a file's bytes to small pictures of it: told by its first bytes, measured before it is unpacked, made small, turned upright,
//! in the colours of screens, and written anew with nothing beside the picture.

use super::{
    camera::{self, Notes},
    flaw::Flaw,
    strip,
};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, metadata::Orientation};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::io::Cursor;

/// The most pixels that are unpacked.
const MOST_PIXELS: u64 = 50_000_000;
/// The most memory that unpacking one picture may take.
const MEMORY: u64 = 400 << 20;
/// What the renditions are compressed with: small, and nothing to be seen of it on a phone.
const QUALITY: f32 = 78.0;

/// The formats that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// What phones send.
    Jpeg,
    /// Screenshots.
    Png,
    /// What browsers save.
    WebP,
    /// Its first picture.
    Gif,
}

impl Format {
    /// Told by the first bytes; what the sender says does not count.
    pub fn of(bytes: &[u8]) -> Result<Self, Flaw> {
        match bytes {
            [] => Err(Flaw::Empty),
            [0xff, 0xd8, 0xff, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Self::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Self::Gif),
            [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', ..]
            | [_, _, _, _, b'f', b't', b'y', b'p', b'm' | b'M', b'i' | b's', b'f', b'1', ..] => Err(Flaw::Heic),
            _ => Err(Flaw::NotAPicture),
        }
    }

    /// As it is kept in the row.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    fn decoder(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
            Self::Gif => ImageFormat::Gif,
        }
    }
}

/// A file that is a photo.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What its bytes are.
    pub format: Format,
    /// Upright.
    pub width: u32,
    /// Upright.
    pub height: u32,
    /// What the camera wrote.
    pub notes: Notes,
    /// The small pictures, in the order they were asked for.
    pub renditions: Vec<Rendition>,
}

/// A small picture, as WebP.
#[derive(Clone, Debug)]
pub struct Rendition {
    /// The longest side that it was made for.
    pub size: u32,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Reads a photo and makes these sizes of it, the largest first. None is larger than the photo: of the sizes that it does not
/// reach only the smallest is made.
pub fn develop(bytes: &[u8], sizes: &[u32]) -> Result<Picture, Flaw> {
    let format = Format::of(bytes)?;
    let (decoder, (width, height)) = measured(format, bytes)?;
    if !strip::is_whole(format, bytes) {
        return Err(Flaw::Damaged);
    }
    let notes = camera::notes(bytes);
    let mut picture = unpacked(decoder)?;
    let mut renditions = Vec::new();
    for size in sizes.iter().copied() {
        let smaller_ones = sizes.iter().filter(|other| **other < size).max();
        if smaller_ones.is_some_and(|smaller| width.max(height) <= *smaller) {
            continue;
        }
        picture.image = shrunk(picture.image, size)?;
        renditions.push(rendition(&picture, size, notes.orientation)?);
    }
    let (width, height) = if notes.orientation >= 5 { (height, width) } else { (width, height) };
    Ok(Picture { format, width, height, notes, renditions })
}

/// The decoder, and width and height as they are stored, before a pixel is unpacked.
fn measured(format: Format, bytes: &[u8]) -> Result<(impl ImageDecoder + '_, (u32, u32)), Flaw> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format.decoder());
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| Flaw::Damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MEMORY {
        return Err(Flaw::TooManyPixels { width, height });
    }
    if width == 0 || height == 0 { Err(Flaw::Damaged) } else { Ok((decoder, (width, height))) }
}

/// Pixels, 8 bits a colour, and the profile that says what the colours are.
struct Unpacked {
    image: DynamicImage,
    profile: Option<Vec<u8>>,
}

fn unpacked(mut decoder: impl ImageDecoder) -> Result<Unpacked, Flaw> {
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(|_| Flaw::Damaged)?;
    let image = if image.color().has_alpha() { image.into_rgba8().into() } else { image.into_rgb8().into() };
    Ok(Unpacked { image, profile })
}

/// The picture with no side longer than `size`; a smaller one as it is.
fn shrunk(image: DynamicImage, size: u32) -> Result<DynamicImage, Flaw> {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= size {
        return Ok(image);
    }
    let side = |side: u32| {
        let scaled = (u64::from(side) * u64::from(size) + u64::from(longest) / 2) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(size).max(1)
    };
    let mut small = DynamicImage::new(side(width), side(height), image.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&image, &mut small, &options).map_err(|_| Flaw::Damaged)?;
    Ok(small)
}

fn rendition(picture: &Unpacked, size: u32, orientation: u8) -> Result<Rendition, Flaw> {
    let mut image = picture.image.clone();
    if let Some(screen) = picture.profile.as_deref().and_then(|profile| on_screen(&image, profile)) {
        image = screen;
    }
    image.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    let (width, height) = (image.width(), image.height());
    let encoder = match &image {
        DynamicImage::ImageRgba8(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        _ => webp::Encoder::from_rgb(image.as_bytes(), width, height),
    };
    let bytes = encoder.encode_simple(false, QUALITY).map_err(|_| Flaw::Damaged)?.to_vec();
    Ok(Rendition { size, width, height, bytes })
}

/// The same picture in sRGB: phones photograph in wider colours, and without its profile such a picture looks pale.
fn on_screen(image: &DynamicImage, profile: &[u8]) -> Option<DynamicImage> {
    let profile = ColorProfile::new_from_slice(profile).ok().filter(|p| p.color_space == DataColorSpace::Rgb)?;
    let layout = if image.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let transform = profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), layout, TransformOptions::default()).ok()?;
    let mut out = DynamicImage::new(image.width(), image.height(), image.color());
    let pixels: &mut [u8] = match &mut out {
        DynamicImage::ImageRgba8(pixels) => pixels,
        DynamicImage::ImageRgb8(pixels) => pixels,
        _ => return None,
    };
    transform.transform(image.as_bytes(), pixels).ok()?;
    Some(out)
}
