//! Why a file does not become a photo: a code that is kept, and words that say what to do.

use super::model::MAX_BYTES;
use kernel::Problem;

/// Why a file does not become a photo. Sending it again would not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No bytes.
    Empty,
    /// More bytes than a photo may have.
    TooLarge,
    /// No format that we read.
    NotAPicture,
    /// Apple's format, which browsers do not show.
    Heic,
    /// More pixels than we decode.
    TooManyPixels {
        /// As the file says.
        width: u32,
        /// As the file says.
        height: u32,
    },
    /// Cut off, or broken inside.
    Damaged,
    /// The bytes did not come within a day.
    Expired,
}

impl Flaw {
    /// Stable; in the row and the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "photo_empty",
            Self::TooLarge => "photo_too_large",
            Self::NotAPicture => "photo_not_a_picture",
            Self::Heic => "photo_heic",
            Self::TooManyPixels { .. } => "photo_too_many_pixels",
            Self::Damaged => "photo_damaged",
            Self::Expired => "upload_expired",
        }
    }

    /// Out of the row.
    pub fn of(code: &str, width: Option<i32>, height: Option<i32>) -> Self {
        let side = |side: Option<i32>| side.and_then(|s| s.try_into().ok()).unwrap_or(0);
        match code {
            "photo_empty" => Self::Empty,
            "photo_too_large" => Self::TooLarge,
            "photo_not_a_picture" => Self::NotAPicture,
            "photo_heic" => Self::Heic,
            "photo_too_many_pixels" => Self::TooManyPixels { width: side(width), height: side(height) },
            "upload_expired" => Self::Expired,
            _ => Self::Damaged,
        }
    }

    /// What happened and what to do.
    pub fn words(self) -> String {
        match self {
            Self::Empty => "The file is empty. Open it on your side to see whether it is damaged.".into(),
            Self::TooLarge => {
                format!("The file is larger than {} MB, the most that a photo may have. Send a smaller copy.", MAX_BYTES >> 20)
            }
            Self::NotAPicture => "This file is not a photo. Photos are JPEG, PNG, WebP or GIF files.".into(),
            Self::Heic => {
                "Your phone sent HEIC, which web browsers do not show. Send the photo as JPEG: on an iPhone under Settings, Camera, \
                           Formats, choose Most Compatible."
                    .into()
            }
            Self::TooManyPixels { width, height } => {
                let mega = (u64::from(width) * u64::from(height)).div_ceil(1_000_000);
                format!("The picture has {mega} megapixels ({width} by {height}); at most 50 are read. Send a smaller copy.")
            }
            Self::Damaged => {
                "The file is damaged or was cut off. Open it on your side; if it looks right there, save it anew and send that.".into()
            }
            Self::Expired => "The file did not come within a day. Add the photo again.".into(),
        }
    }

    /// The answer to whoever sent the bytes.
    pub fn problem(self) -> Problem {
        match self {
            Self::TooLarge => Problem::too_large(self.code(), self.words()),
            _ => Problem::invalid("file", self.code(), self.words()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_code_finds_its_words_again() {
        let all = [Flaw::Empty, Flaw::TooLarge, Flaw::NotAPicture, Flaw::Heic, Flaw::Damaged, Flaw::Expired];
        for flaw in all.into_iter().chain([Flaw::TooManyPixels { width: 20_000, height: 10_000 }]) {
            assert_eq!(Flaw::of(flaw.code(), Some(20_000), Some(10_000)), flaw);
        }
        assert!(Flaw::of("photo_too_many_pixels", Some(20_000), Some(10_000)).words().contains("200 megapixels (20000 by 10000)"));
    }
}
