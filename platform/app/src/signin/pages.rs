//! The pages of signing in to a portal: ask for a mail, type its code, press its button.
use kernel::forms::Form;
use kernel::pages::Page;
use serde::Serialize;

/// `GET /sign-in`: the mail address. Fields: email, next (a path to come back to).
#[derive(Debug, Serialize)]
pub struct SignInPage {
    /// What was typed and what is wrong with it.
    pub form: Form,
    /// Said above the form: "You are signed out."
    pub notice: Option<String>,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "signin/form.html";
    fn samples() -> Vec<SignInPage> {
        let mut wrong = Form::new().with("email", "margaret.ellery");
        wrong.email("email", "Type your mail address.");
        vec![
            SignInPage { form: Form::new(), notice: None },
            SignInPage { form: wrong, notice: None },
            SignInPage { form: Form::new(), notice: Some("You are signed out on this device.".to_owned()) },
        ]
    }
}

/// After asking: the same answer for every address, known or not. The form posts code, email and trust_device to `/sign-in/code`.
#[derive(Debug, Serialize)]
pub struct SignInSentPage {
    /// The address that was typed; or, after an invitation, the address with its middle hidden.
    pub email: String,
    /// How long the code works.
    pub code_minutes: u32,
    /// The code that was typed, if it was wrong.
    pub form: Form,
}

impl Page for SignInSentPage {
    const TEMPLATE: &'static str = "signin/sent.html";
    fn samples() -> Vec<SignInSentPage> {
        let sent = |form| SignInSentPage { email: "margaret@ellery.example".to_owned(), code_minutes: 10, form };
        let mut short = Form::new().with("code", "407 18").with("trust_device", "on");
        short.code("code");
        let mut burnt = Form::new();
        burnt.refuse("That was the fifth wrong code, so it no longer works. Nothing is lost. Ask for a new mail below.");
        let invited = SignInSentPage { email: "m•••@ellery.example".to_owned(), ..sent(Form::new()) };
        vec![sent(Form::new()), sent(short), sent(burnt), invited]
    }
}

/// `GET /sign-in/{token}`, from the mail. Looking changes nothing; the browser that asked gets a button, any other one
/// types the code from the same mail.
#[derive(Debug, Serialize)]
pub struct SignInLinkPage {
    /// This is the browser that asked for the mail.
    pub same_browser: bool,
    /// Where the form posts to: the page's own address.
    pub action: String,
    /// The code that was typed, if it was wrong. Fields: code (other browsers), trust_device.
    pub form: Form,
}

impl Page for SignInLinkPage {
    const TEMPLATE: &'static str = "signin/link.html";
    fn samples() -> Vec<SignInLinkPage> {
        let page = |same_browser, form| SignInLinkPage { same_browser, action: "/sign-in/sample".to_owned(), form };
        let mut wrong = Form::new().with("code", "111 111");
        wrong.mistake("code", "This is not the number from the mail. You have 4 tries left.");
        vec![page(true, Form::new()), page(false, Form::new()), page(false, wrong)]
    }
}
