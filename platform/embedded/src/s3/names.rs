//! Which bucket names and object keys may become paths, and which files belong to an object.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A bucket is one plain folder name.
pub fn bucket(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (3..=63).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('-') && !name.ends_with('-')
}

/// A key is a relative path that stays below its bucket whoever reads it.
pub fn key(bucket: &str, key: &str) -> bool {
    let closed = |c: char| c == '\\' || c.is_control();
    let segment = |segment: &str| !segment.is_empty() && segment != "." && segment != ".." && segment.len() <= 255;
    !key.chars().any(closed) && key.split('/').all(segment) && fits(bucket, key)
}

/// The files beside an object carry bucket and key, encoded, in one file name of at most 255 bytes.
fn fits(bucket: &str, key: &str) -> bool {
    let upload = ".upload-00000000-0000-0000-0000-000000000000";
    beside(bucket, key, "metadata").len() + upload.len() <= 255
}

fn beside(bucket: &str, key: &str, what: &str) -> String {
    let (bucket, key) = (URL_SAFE_NO_PAD.encode(bucket), URL_SAFE_NO_PAD.encode(key));
    format!(".bucket-{bucket}.object-{key}.{what}.json")
}

/// The files beside an object: its headers and its checksums.
pub fn companions(root: &Path, bucket: &str, key: &str) -> [PathBuf; 2] {
    [root.join(beside(bucket, key, "metadata")), root.join(beside(bucket, key, "internal"))]
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_keys_that_stay_below_pass() {
        for good in ["a", "t_abc/019f/1", "a.b/..c/d..", "ä/ö x"] {
            assert!(super::key("files", good), "{good}");
        }
        let long = "k".repeat(200);
        for bad in ["", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "a/./b", "a\\b", "..\\a", "a\0b", "a\nb", &long] {
            assert!(!super::key("files", bad), "{bad:?}");
        }
    }

    #[test]
    fn only_plain_buckets_pass() {
        assert!(super::bucket("plumbline-files"));
        for bad in ["", "ab", "..", "a/b", "a.b.c", "-abc", "ABC", ".abc", "a_bc"] {
            assert!(!super::bucket(bad), "{bad:?}");
        }
    }
}
