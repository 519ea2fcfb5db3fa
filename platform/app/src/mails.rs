//! The mails the product writes, in the sender's brand.
use chrono::{DateTime, Utc};
use kernel::pages::{Face, Mail};
use serde::Serialize;

use crate::pages::sample_now;

fn in_minutes(minutes: i64) -> DateTime<Utc> {
    sample_now() + chrono::Duration::minutes(minutes)
}

/// To a customer who asked to sign in: a button and a code.
#[derive(Debug, Serialize)]
pub struct SignInMail {
    /// How the customer is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for SignInMail {
    const NAME: &'static str = "sign_in";
    fn samples() -> Vec<SignInMail> {
        vec![SignInMail {
            first_name: "Margaret".to_owned(),
            link: "https://larkrise.plumbline.example/sign-in/sample".to_owned(),
            code: "407182".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}

/// To somebody of the staff who asked to sign in to the console.
#[derive(Debug, Serialize)]
pub struct StaffSignInMail {
    /// How the person is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for StaffSignInMail {
    const NAME: &'static str = "staff_sign_in";
    fn samples() -> Vec<StaffSignInMail> {
        vec![StaffSignInMail {
            first_name: "Dana".to_owned(),
            link: "https://larkrise.plumbline.example/console/sign-in/sample".to_owned(),
            code: "530914".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}

/// Invites a customer to the portal. The link is no key: it leads to a page that offers the sign-in mail.
#[derive(Debug, Serialize)]
pub struct InvitationMail {
    /// How the customer is called.
    pub first_name: String,
    /// The invitation page.
    pub link: String,
    /// The name of a project they will find there.
    pub project: Option<String>,
}

impl Mail for InvitationMail {
    const NAME: &'static str = "invitation";
    fn samples() -> Vec<InvitationMail> {
        let mail = |project: Option<&str>| InvitationMail {
            first_name: "Margaret".to_owned(),
            link: "https://larkrise.plumbline.example/invitation/01985b2e".to_owned(),
            project: project.map(str::to_owned),
        };
        vec![mail(Some("New roof")), mail(None)]
    }
}

/// Invites somebody to the team.
#[derive(Debug, Serialize)]
pub struct StaffInvitationMail {
    /// How the invited person is called.
    pub first_name: String,
    /// Who invites.
    pub inviter: String,
    /// `owner`, `manager` or `member`.
    pub role: String,
    /// The console's sign-in page.
    pub link: String,
}

impl Mail for StaffInvitationMail {
    const NAME: &'static str = "staff_invitation";
    fn samples() -> Vec<StaffInvitationMail> {
        vec![StaffInvitationMail {
            first_name: "Joss".to_owned(),
            inviter: "Dana Whitlock".to_owned(),
            role: "manager".to_owned(),
            link: "https://larkrise.plumbline.example/console/sign-in".to_owned(),
        }]
    }
}

/// To the owner of a new company: confirms the address, and by it the signup.
#[derive(Debug, Serialize)]
pub struct SignupConfirmMail {
    /// How the owner is called.
    pub first_name: String,
    /// The company's name.
    pub company: String,
    /// Its address, `larkrise.plumbline.example`.
    pub host: String,
    /// The button's address.
    pub link: String,
    /// Until when it works.
    pub link_until: DateTime<Utc>,
}

impl Mail for SignupConfirmMail {
    const NAME: &'static str = "signup_confirm";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupConfirmMail> {
        vec![SignupConfirmMail {
            first_name: "Dana".to_owned(),
            company: "Larkrise Roofing".to_owned(),
            host: "larkrise.plumbline.example".to_owned(),
            link: "https://plumbline.example/signup/confirm/sample".to_owned(),
            link_until: in_minutes(60),
        }]
    }
}

/// To an operator who asked to sign in.
#[derive(Debug, Serialize)]
pub struct OperatorSignInMail {
    /// How the operator is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for OperatorSignInMail {
    const NAME: &'static str = "operator_sign_in";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<OperatorSignInMail> {
        vec![OperatorSignInMail {
            first_name: "Robin".to_owned(),
            link: "https://plumbline.example/operator/sign-in/sample".to_owned(),
            code: "218640".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}
