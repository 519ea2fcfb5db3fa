//! The sign-in mail, and the removal of old links.

use super::ops;
use crate::{
    email::first_name,
    mails::{OperatorSignInMail, SignInMail, StaffSignInMail},
    outbox::{self, Recipient},
};
use chrono::Duration;
use kernel::{
    Caller, Problem, Result,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};

/// Sends a sign-in mail to whoever has this address, if anybody has.
#[derive(Serialize, Deserialize)]
pub struct SendLink {
    /// Who is meant.
    pub kind: PersonKind,
    /// Where to.
    pub email: String,
    /// SHA-256 of the asking browser's cookie, in hex.
    pub browser_hash: String,
}

impl Job for SendLink {
    const KIND: &'static str = "signin.send_link";
    // A link that comes an hour late helps nobody.
    const MAX_ATTEMPTS: i32 = 5;

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let Some((person, path, code)) = ops::make_link(&cx, &self).await? else { return Ok(()) };
        let now = cx.now();
        cx.commit().await?;
        let config = &caller.app.config;
        let link = format!("{}{path}", crate::urls::home(&caller));
        let until = |minutes: u32| now + Duration::minutes(i64::from(minutes));
        let (code_until, link_until) = (until(config.auth.code_minutes), until(config.auth.link_minutes));
        let name = first_name(&person.name).to_owned();
        let to = Recipient { kind: self.kind.name(), id: Some(person.id), name: person.name, email: person.email };
        match self.kind {
            PersonKind::Customer => {
                outbox::send(&caller, &attempt, to, &SignInMail { first_name: name, link, code, code_until, link_until }).await
            }
            PersonKind::Staff => {
                outbox::send(&caller, &attempt, to, &StaffSignInMail { first_name: name, link, code, code_until, link_until }).await
            }
            PersonKind::Operator => {
                outbox::send(&caller, &attempt, to, &OperatorSignInMail { first_name: name, link, code, code_until, link_until }).await
            }
        }
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}
