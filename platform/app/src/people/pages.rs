//! The page an invitation mail leads to. Its address is no key: it only offers to send the sign-in mail.
use kernel::pages::Page;
use schemars::JsonSchema;
use serde::Serialize;

/// `GET /invitation/{id}`; the button's POST sends a sign-in mail to the invited address.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvitationPage {
    /// How the invited person is called.
    pub name: String,
    /// The address with its middle hidden: `m•••@ellery.example`.
    pub email_hint: String,
    /// Where the button posts to.
    pub action: String,
}

/// A mail address of which a stranger learns little: `m•••@ellery.example`.
pub fn hide_mail(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => format!("{}•••@{domain}", local.chars().next().unwrap_or('•')),
        None => "•••".to_owned(),
    }
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "people/invitation.html";
    fn samples() -> Vec<InvitationPage> {
        vec![InvitationPage {
            name: "Margaret".to_owned(),
            email_hint: hide_mail("margaret@ellery.example"),
            action: "/invitation/01985b2e".to_owned(),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_address_shows_its_first_letter_and_domain() {
        assert_eq!(hide_mail("margaret@ellery.example"), "m•••@ellery.example");
        assert_eq!(hide_mail(""), "•••");
        assert_eq!(hide_mail("@x"), "••••@x");
    }
}
