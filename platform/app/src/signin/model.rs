//! A login link's row and the pure rules of links and codes.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use kernel::{
    caller::Role,
    ids::{CustomerId, OperatorId, StaffId},
    session::PersonKind,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// This many wrong codes end a link's code.
pub(super) const WRONG_CODES: i32 = 5;

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Link {
    pub id: Uuid,
    pub purpose: String,
    pub person_kind: String,
    pub person_id: Uuid,
    pub browser_hash: Option<Vec<u8>>,
    pub code_hash: Option<Vec<u8>>,
    pub wrong_codes: i32,
    pub expires_at: DateTime<Utc>,
    pub code_expires_at: Option<DateTime<Utc>>,
    pub used_at: Option<DateTime<Utc>>,
}

impl Link {
    pub fn kind(&self) -> Option<PersonKind> {
        PersonKind::parse(&self.person_kind)
    }

    /// Whether the asking browser is the one that asked for the mail.
    pub fn is_from(&self, browser: Option<&[u8]>) -> bool {
        matches!((&self.browser_hash, browser), (Some(kept), Some(now)) if kept == now)
    }

    pub fn code_lives(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.wrong_codes < WRONG_CODES && self.code_expires_at.is_some_and(|at| at > now)
    }

    /// Compares in constant time.
    pub fn code_is(&self, pepper: &[u8], code: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, pepper);
        self.code_hash.as_deref().is_some_and(|kept| hmac::verify(&key, &code_text(self.id, code), kept).is_ok())
    }
}

/// What is kept of a code. Six digits could be tried through in a moment, so the hash takes a key that the database has not.
pub(super) fn code_hash(pepper: &[u8], link: Uuid, code: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, pepper);
    hmac::sign(&key, &code_text(link, code)).as_ref().to_vec()
}

fn code_text(link: Uuid, code: &str) -> Vec<u8> {
    [link.as_bytes().as_slice(), code.as_bytes()].concat()
}

/// Six digits from random bytes, evenly: the remainder of 64 bits by a million is off by less than one in 10^13.
pub(super) fn new_code(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}

/// The digits of what was typed: spaces and dashes are fine.
pub(super) fn digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Where the page of a link is, for each kind of person.
pub(super) fn link_path(kind: PersonKind, token: &str) -> String {
    match kind {
        PersonKind::Staff => format!("/console/sign-in/{token}"),
        PersonKind::Customer => format!("/sign-in/{token}"),
        PersonKind::Operator => format!("/operator/sign-in/{token}"),
    }
}

/// What staff of this role may do, in the screens' words; the operations hold the rules themselves (`cx.require`).
pub(super) fn permissions(role: Role) -> Vec<String> {
    let mut all = vec!["people.write", "projects.write", "documents.write"];
    if role >= Role::Manager {
        all.extend(["documents.delete", "branding.write", "audit.read", "team.manage"]);
    }
    all.into_iter().map(str::to_owned).collect()
}

/// A person whose address asked for a link.
pub(super) struct Found {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

impl Found {
    pub fn staff(id: StaffId, name: String, email: String) -> Self {
        Self { id: id.0, name, email }
    }
    pub fn customer(id: CustomerId, name: String, email: String) -> Self {
        Self { id: id.0, name, email }
    }
    pub fn operator(id: OperatorId, name: String, email: String) -> Self {
        Self { id: id.0, name, email }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_however_they_are_typed() {
        assert_eq!(new_code([0; 8]), "000000");
        assert_eq!(digits(" 407-182 ").as_deref(), Some("407182"));
        assert_eq!(digits("407 18"), None);
        assert_eq!(digits("40718x"), None);
    }

    #[test]
    fn a_code_is_bound_to_its_link() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_ne!(code_hash(b"pepper", a, "407182"), code_hash(b"pepper", b, "407182"));
        assert_ne!(code_hash(b"pepper", a, "407182"), code_hash(b"other", a, "407182"));
    }
}
