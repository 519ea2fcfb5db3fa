//! What a file is, told by its first bytes. What its sender says is only compared.

use kernel::{Problem, Result};

const PDF: &str = "application/pdf";
const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";
const WEBP: &str = "image/webp";
const GIF: &str = "image/gif";
/// Types that are known for certain by their first bytes: whoever claims one of them must bring it.
const CERTAIN: [&str; 5] = [PDF, PNG, JPEG, WEBP, GIF];
const UNKNOWN: &str = "application/octet-stream";
/// How far into a file its PDF mark may stand; readers accept that too.
const PDF_WITHIN: usize = 1024;

/// The media type of a file that begins with `head`. A claim to be a PDF or an image that the bytes contradict is refused.
pub fn media_type(head: &[u8], file_name: &str, claimed: &str) -> Result<&'static str> {
    let extension = file_name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let found = found(head, &extension);
    match claim(claimed, &extension) {
        Some(claim) if claim != found => Err(Problem::invalid(
            "file",
            "file_type_mismatch",
            format!("The file says that it is {}, but it is not. Open it on your side to see whether it is damaged.", words(claim)),
        )),
        _ => Ok(found),
    }
}

fn words(media_type: &str) -> &'static str {
    match media_type {
        PDF => "a PDF",
        PNG => "a PNG image",
        JPEG => "a JPEG image",
        WEBP => "a WebP image",
        _ => "a GIF image",
    }
}

/// The certain type that the sender means, by media type or, where there is none, by extension.
fn claim(claimed: &str, extension: &str) -> Option<&'static str> {
    match claimed {
        "image/jpg" => Some(JPEG),
        "" | UNKNOWN => match extension {
            "pdf" => Some(PDF),
            "png" => Some(PNG),
            "jpg" | "jpeg" => Some(JPEG),
            "webp" => Some(WEBP),
            "gif" => Some(GIF),
            _ => None,
        },
        claimed => CERTAIN.into_iter().find(|known| *known == claimed),
    }
}

fn found(head: &[u8], extension: &str) -> &'static str {
    match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => PDF,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => PNG,
        [0xff, 0xd8, 0xff, ..] => JPEG,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => WEBP,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => GIF,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zipped(extension),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => old_office(extension),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', b'i' | b'v', ..]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'm', b'i', b'f', b'1', ..] => "image/heic",
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => "image/tiff",
        [b'A', b'C', b'1', b'0', ..] => "image/vnd.dwg",
        _ if head[..head.len().min(PDF_WITHIN)].windows(5).any(|w| w == b"%PDF-") => PDF,
        _ if is_text(head) && extension == "csv" => "text/csv",
        _ if is_text(head) => "text/plain",
        _ => UNKNOWN,
    }
}

fn zipped(extension: &str) -> &'static str {
    match extension {
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        _ => "application/zip",
    }
}

fn old_office(extension: &str) -> &'static str {
    match extension {
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "msg" => "application/vnd.ms-outlook",
        _ => UNKNOWN,
    }
}

/// UTF-8 without control characters; the last character may be cut off.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !"\t\n\r\u{c}".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG_HEAD: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn the_bytes_tell() {
        let cases: [(&[u8], &str, &str); 14] = [
            (b"%PDF-1.7\n%\xe2\xe3", "a.pdf", PDF),
            (b"\xef\xbb\xbf\n%PDF-1.4", "a.pdf", PDF),
            (PNG_HEAD, "a.png", PNG),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "a", JPEG),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "a", WEBP),
            (b"GIF89a\x01", "a", GIF),
            (b"PK\x03\x04\x14", "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            (b"PK\x03\x04\x14", "a.zip", "application/zip"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "A.XLS", "application/vnd.ms-excel"),
            (b"\0\0\0\x18ftypheic\0", "a.heic", "image/heic"),
            (b"name,sum\n", "a.csv", "text/csv"),
            (b"<script>alert(1)</script>", "a.html", "text/plain"),
            ("Gr\u{fc}".as_bytes().split_last().unwrap().1, "a.txt", "text/plain"),
            (b"MZ\x90\0\x03", "a.exe", UNKNOWN),
        ];
        for (head, name, expected) in cases {
            assert_eq!(media_type(head, name, "").unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn a_claim_that_the_bytes_contradict_is_refused() {
        for (head, name, claimed) in [
            (&b"MZ\x90\0"[..], "contract.pdf", PDF),
            (&b"MZ\x90\0"[..], "contract.pdf", UNKNOWN),
            (PNG_HEAD, "contract", PDF),
            (&b"%PDF-1.7"[..], "photo", "image/jpg"),
            (&b"<svg onload=alert(1)>"[..], "photo.png", PNG),
        ] {
            assert_eq!(media_type(head, name, claimed).unwrap_err().code(), "file_type_mismatch", "{name} as {claimed}");
        }
    }

    #[test]
    fn other_claims_are_not_believed_and_not_refused() {
        assert_eq!(media_type(PNG_HEAD, "a.heic", "image/heic").unwrap(), PNG);
        assert_eq!(media_type(b"<html>", "a.html", "text/html").unwrap(), "text/plain");
        assert_eq!(media_type(PNG_HEAD, "a.bin", UNKNOWN).unwrap(), PNG);
    }
}
