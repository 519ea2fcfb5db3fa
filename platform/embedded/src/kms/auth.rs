//! Refuses requests that carry no Signature Version 4 of the one access key that is let in.

use chrono::NaiveDateTime;
use poem::Request;

use super::wire::Failure;
use crate::machine::now;

/// The presence and shape of the signature; what it signs is the client library's business.
pub fn check(request: &Request, access_key: &str, region: &str) -> Result<(), Failure> {
    let Some(header) = request.header("authorization") else {
        return Err(Failure::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    };
    let incomplete = || Failure::new("IncompleteSignatureException", "the Authorization header is not complete");
    let fields = header.strip_prefix("AWS4-HMAC-SHA256 ").ok_or_else(incomplete)?;
    let field = |name: &str| fields.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=')).ok_or_else(incomplete);
    let date = request.header("x-amz-date").ok_or_else(incomplete)?;

    let credential: Vec<&str> = field("Credential")?.split('/').collect();
    let [key, day, signed_region, "kms", "aws4_request"] = credential[..] else {
        return Err(incomplete());
    };
    let signed_headers: Vec<&str> = field("SignedHeaders")?.split(';').collect();
    let signature = field("Signature")?;
    let hex = signature.len() == 64 && signature.bytes().all(|b| b.is_ascii_hexdigit());
    if !hex || !signed_headers.contains(&"host") || !signed_headers.contains(&"x-amz-date") || !date.starts_with(day) {
        return Err(incomplete());
    }
    if key != access_key {
        return Err(Failure::new("UnrecognizedClientException", "The security token included in the request is invalid."));
    }
    if signed_region != region {
        return Err(Failure::new(
            "InvalidSignatureException",
            format!("Credential should be scoped to a valid region, not '{signed_region}'."),
        ));
    }
    fresh(date)
}

/// As AWS does, a signature is good for a quarter of an hour around now.
fn fresh(date: &str) -> Result<(), Failure> {
    let signed = NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ")
        .map_err(|_| Failure::new("IncompleteSignatureException", "X-Amz-Date is not a time"))?;
    let away = (now().naive_utc() - signed).num_seconds().abs();
    if away > 15 * 60 {
        return Err(Failure::new("InvalidSignatureException", "Signature expired: the clocks differ too much"));
    }
    Ok(())
}
