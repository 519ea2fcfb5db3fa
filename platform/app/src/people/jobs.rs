//! The invitation mail.

use super::ops;
use crate::{
    email::first_name,
    mails::InvitationMail,
    outbox::{self, Recipient},
    urls,
};
use kernel::{
    Caller, Problem, Result,
    ids::CustomerId,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};

/// Sends a customer the mail that leads to their invitation page. No credential is in it.
#[derive(Serialize, Deserialize)]
pub struct SendInvitation {
    /// To whom.
    pub customer: CustomerId,
}

impl Job for SendInvitation {
    const KIND: &'static str = "people.send_invitation";

    fn dedupe(&self) -> Option<String> {
        Some(self.customer.to_string())
    }

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let found = ops::invitation(&cx, self.customer).await?;
        cx.commit().await?;
        let Some((person, invitation)) = found else { return Ok(()) };
        let link = format!("{}/invitation/{invitation}", urls::home(&caller));
        let mail = InvitationMail { first_name: first_name(&person.name).to_owned(), link, project: None };
        let to = Recipient { kind: PersonKind::Customer.name(), id: Some(person.id.0), name: person.name, email: person.email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}
