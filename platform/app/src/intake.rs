//! Bytes on their way in, as documents and photos take them: what their file may be called, how long a silent sender is waited for,
//! and what becomes of an object that nobody needs.

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{Caller, Problem, Result};
use std::{io, time::Duration};
use tenants::ObjectRef;

/// A sender that sends nothing for this long has gone.
const SILENCE: Duration = Duration::from_secs(60);
/// When an upload's objects are looked at: by then the upload has ended, one way or the other.
pub const SWEEP_AFTER: chrono::Duration = chrono::Duration::hours(24);

/// The stream, ended with an error when its sender falls silent.
pub fn patient(body: impl Stream<Item = io::Result<Bytes>> + Send) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(Box::pin(body), |mut body| async move {
        match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(chunk) => Ok(chunk.transpose()?.map(|bytes| (bytes, body))),
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut)),
        }
    })
}

/// Removes an object at once; where that fails the sweep does it later.
pub async fn remove(caller: &Caller, object: &ObjectRef) {
    if let Err(error) = caller.app.tenants.files().delete(&caller.tenant, object).await {
        tracing::warn!(%error, object = %object.object, "an upload that was refused is still in the store; it is swept tomorrow");
    }
}

const NAME_LENGTH: usize = 200;
const EXTENSION_LENGTH: usize = 20;

/// A file's name as it is kept: without folders, without characters that mean something to a file system or turn the reading
/// direction, at most 200 characters of which the extension stays.
pub fn clean_file_name(name: &str) -> Result<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = name.chars().filter(|c| !c.is_control() && !is_invisible(*c));
    let name: String = kept.map(|c| if "\"<>:|?*".contains(c) { '_' } else { c }).collect();
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let length = name.chars().count();
    if length == 0 {
        return Err(Problem::invalid("file_name", "missing", "The file needs a name, for example \"contract.pdf\"."));
    }
    if length <= NAME_LENGTH {
        return Ok(name.to_owned());
    }
    let extension =
        name.rsplit_once('.').map(|(_, e)| format!(".{e}")).filter(|e| e.chars().count() <= EXTENSION_LENGTH).unwrap_or_default();
    let stem: String = name.chars().take(NAME_LENGTH - extension.chars().count()).collect();
    Ok(stem + &extension)
}

/// Zero-width characters, and those that turn the reading direction (`photo<202E>fdp.exe` reads as `photoexe.pdf`).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A claimed media type as it is kept until the bytes tell.
pub fn clean_media_type(claimed: &str) -> String {
    let plain = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = plain.len() <= 100 && plain.contains('/') && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b));
    if fits { plain } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_loses_what_is_dangerous_and_keeps_what_is_not() {
        let cases = [
            ("Roof contract.pdf", "Roof contract.pdf"),
            ("Übergabe – Dach.pdf", "Übergabe – Dach.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\dana\\permit.pdf", "permit.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("photo\u{202e}fdp.exe", "photofdp.exe"),
            ("what?\".txt", "what__.txt"),
            (" .hidden. ", "hidden"),
        ];
        for (given, kept) in cases {
            assert_eq!(clean_file_name(given).unwrap(), kept);
        }
        for empty in ["", "  ", "...", "folder/", "\u{200b}"] {
            assert_eq!(clean_file_name(empty).unwrap_err().code(), "missing", "{empty:?}");
        }
    }

    #[test]
    fn a_long_file_name_keeps_its_extension() {
        let long = clean_file_name(&format!("{}.pdf", "ä".repeat(400))).unwrap();
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("ä.pdf"));
        let odd = clean_file_name(&format!("a.{}", "b".repeat(400))).unwrap();
        assert_eq!(odd.chars().count(), 200);
    }

    #[test]
    fn a_media_type_is_plain_or_nothing() {
        assert_eq!(clean_media_type("Text/CSV; charset=utf-8"), "text/csv");
        for odd in ["", "pdf", "text/<b>", "a/b\r\nx: y"] {
            assert_eq!(clean_media_type(odd), "application/octet-stream", "{odd:?}");
        }
    }
}
