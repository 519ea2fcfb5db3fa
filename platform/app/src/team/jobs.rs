//! The mail that asks somebody to join the team.

use super::ops;
use crate::{
    audit,
    email::first_name,
    mails::StaffInvitationMail,
    outbox::{self, Recipient},
    urls,
};
use kernel::{
    Caller, Problem, Result,
    ids::StaffId,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use sea_orm::ActiveEnum;
use serde::{Deserialize, Serialize};

/// Sends a team mate the mail that leads to the console's sign-in. No credential is in it.
#[derive(Serialize, Deserialize)]
pub struct SendStaffInvitation {
    /// To whom.
    pub staff: StaffId,
}

impl Job for SendStaffInvitation {
    const KIND: &'static str = "team.send_invitation";

    fn dedupe(&self) -> Option<String> {
        Some(self.staff.to_string())
    }

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let staff = ops::active(&cx, self.staff).await?;
        let inviter = audit::ops::last_person(&cx, "staff.invited", self.staff.0).await?;
        cx.commit().await?;
        let Some(staff) = staff else { return Ok(()) };
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("email", &staff.email).finish();
        let mail = StaffInvitationMail {
            first_name: first_name(&staff.name).to_owned(),
            inviter: inviter.unwrap_or_else(|| caller.tenant.name.clone()),
            role: staff.role.to_value(),
            link: format!("{}/console/sign-in?{query}", urls::home(&caller)),
        };
        let to = Recipient { kind: PersonKind::Staff.name(), id: Some(staff.id.0), name: staff.name, email: staff.email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}
