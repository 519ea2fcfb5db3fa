//! The drawings that stand for photos, and the time that a camera would have written into them.

use anyhow::{Context, Result};
use chrono::NaiveDateTime;

macro_rules! drawings {
    ($($name:literal)*) => { &[$(($name, include_bytes!(concat!("photos/", $name, ".jpg")))),*] };
}

static ALL: &[(&str, &[u8])] = drawings! {
    "roof-before" "roof-moss" "roof-deck" "roof-boards" "roof-underlay" "roof-skylight" "roof-half" "roof-courses" "roof-chimney"
    "roof-eave" "roof-after" "kitchen-before" "kitchen-oak" "kitchen-sink" "kitchen-drawers" "kitchen-plant" "kitchen-tiles"
    "kitchen-tap" "kitchen-window" "kitchen-after"
};

/// A drawing, taken at this time.
pub(super) fn taken(name: &str, at: NaiveDateTime) -> Result<Vec<u8>> {
    let (_, jpeg) = ALL.iter().find(|(known, _)| *known == name).with_context(|| format!("there is no drawing {name}"))?;
    // One folder with one entry, the place of the next folder; there one entry, the time's place; then the time.
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
    for entry in [b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0", b"\0\x01\x90\x03\0\x02\0\0\0\x14\0\0\0\x2c\0\0\0\0"] {
        exif.extend_from_slice(entry);
    }
    exif.extend_from_slice(format!("{}\0", at.format("%Y:%m:%d %H:%M:%S")).as_bytes());
    let length = u16::try_from(exif.len() + 2)?.to_be_bytes();
    Ok([&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat())
}
