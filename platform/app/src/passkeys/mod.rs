//! Passkeys of staff and operators: a second, phishing-proof way in. The protocol is webauthn-rs's; here are its states.

pub mod api;
pub mod ops;
