//! The list of every page and mail there is, the embedded templates and files, and the page that every error ends in.
use kernel::assets::Assets;
use kernel::pages::{Face, Frame, MailFrame, NavItem, Page, Pages, Sample, mail_samples, samples};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::{
    branding, callers::Visitor, documents, face, generated_documents, home, mails, people, photos, sessions, signin, signup, updates,
    visits,
};

/// The templates of pages and mails, and the drawings of the icons.
#[derive(RustEmbed)]
#[folder = "templates"]
pub struct Templates;

/// What `npm run build` made of assets/.
#[derive(RustEmbed)]
#[folder = "assets/dist"]
pub struct PortalFiles;

/// What `npm run build` made of admin-ui/.
#[derive(RustEmbed)]
#[folder = "../../admin-ui/dist"]
pub struct AdminFiles;

/// `GET /brand/icon.svg`
#[poem::handler]
pub async fn brand_icon(Visitor(me): Visitor, request: &poem::Request) -> kernel::Result<poem::Response> {
    let frame = face::frame(&me, request, face::brand(&me).await?);
    Ok(me.app.pages.icon(&frame)?)
}

/// `GET /manifest.webmanifest`
#[poem::handler]
pub async fn manifest(Visitor(me): Visitor, request: &poem::Request) -> kernel::Result<poem::Response> {
    let frame = face::frame(&me, request, face::brand(&me).await?);
    Ok(me.app.pages.manifest(&frame)?)
}

/// The page environment of the product.
pub fn load(assets: &Assets) -> anyhow::Result<Pages> {
    Pages::new::<Templates>(assets)
}

/// Every sample of every page and mail: one test renders them all.
pub fn all() -> Vec<Sample> {
    let pages = [
        samples::<signup::pages::SignupPage>(sample_frame),
        samples::<signup::pages::SignupSentPage>(sample_frame),
        samples::<signup::pages::SignupConfirmPage>(sample_frame),
        samples::<signup::pages::SignupProgressPage>(sample_frame),
        samples::<signup::pages::SignupProgressPart>(sample_frame),
        samples::<signin::pages::SignInPage>(sample_frame),
        samples::<signin::pages::SignInSentPage>(sample_frame),
        samples::<signin::pages::SignInLinkPage>(sample_frame),
        samples::<people::pages::InvitationPage>(sample_frame),
        samples::<home::pages::HomePage>(signed_in_frame),
        samples::<home::pages::ProjectPage>(signed_in_frame),
        samples::<documents::pages::DocumentsPage>(papers_frame),
        samples::<generated_documents::pages::VerifyPage>(sample_frame),
        samples::<updates::pages::UpdatesPage>(signed_in_frame),
        samples::<visits::pages::VisitsPage>(visits_frame),
        samples::<visits::pages::MovePage>(visits_frame),
        samples::<visits::pages::CalendarPage>(calendar_frame),
        samples::<photos::pages::PhotosPage>(photos_frame),
        samples::<sessions::pages::DevicesPage>(devices_frame),
        samples::<ErrorPage>(sample_frame),
        samples::<ApexErrorPage>(sample_frame),
    ];
    let mails = [
        mail_samples::<mails::SignInMail>(sample_mail_frame),
        mail_samples::<mails::StaffSignInMail>(sample_mail_frame),
        mail_samples::<mails::InvitationMail>(sample_mail_frame),
        mail_samples::<mails::StaffInvitationMail>(sample_mail_frame),
        mail_samples::<mails::SignupConfirmMail>(sample_mail_frame),
        mail_samples::<mails::OperatorSignInMail>(sample_mail_frame),
        mail_samples::<mails::NewsMail>(sample_mail_frame),
        mail_samples::<mails::WeatherDelayMail>(sample_mail_frame),
        mail_samples::<mails::WeatherBackMail>(sample_mail_frame),
        mail_samples::<mails::VisitMail>(sample_mail_frame),
        mail_samples::<mails::PluginMail>(sample_mail_frame),
        mail_samples::<mails::PluginOffMail>(sample_mail_frame),
    ];
    pages.into_iter().chain(mails).flatten().collect()
}

/// The portal's navigation: home, what there is of the project being looked at, the devices.
pub fn portal_nav(path: &str, project: Option<&str>) -> Vec<NavItem> {
    let of_project = |label, page: &str, icon| project.map(|id| (label, format!("/projects/{id}/{page}"), icon));
    let entries = [
        Some(("Home", "/".to_owned(), "house")),
        of_project("Visits", "visits", "calendar"),
        of_project("Photos", "photos", "image"),
        of_project("Documents", "documents", "file-text"),
        Some(("Devices", "/devices".to_owned(), "monitor-smartphone")),
    ];
    let item =
        |(label, href, icon): (&str, String, &str)| NavItem { label: label.to_owned(), current: path == href, href, icon: icon.to_owned() };
    entries.into_iter().flatten().map(item).collect()
}

/// What went wrong, what was kept, what to do, and the number to read out.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// The page's heading.
    pub title: String,
    /// What it means and what to do, in one or two sentences.
    pub words: String,
    /// The one way on: a label and an address.
    pub act: Option<(String, String)>,
    /// Offer the phone number as the second way.
    pub call: bool,
}

impl ErrorPage {
    /// The page for a status. Words of a problem (`Some`) replace the usual ones.
    pub fn of_status(status: u16, words: Option<&str>) -> ErrorPage {
        let home = Some(("Go to the start page".to_owned(), "/".to_owned()));
        let again = Some(("Send me a new link".to_owned(), "/sign-in".to_owned()));
        let (title, usual, act) = match status {
            400 | 405 | 411 | 415 | 416 | 422 => {
                ("Something in there could not be read", "Nothing was changed. Please go back and try once more.", home)
            }
            401 => (
                "Please sign in first",
                "Your visit has ended, to keep your project private. Sign in again and you are back.",
                Some(("Sign in".to_owned(), "/sign-in".to_owned())),
            ),
            403 => (
                "This is not open to you",
                "You are signed in, but this part belongs to somebody else. If you need it, please call us.",
                home,
            ),
            404 => {
                ("There is nothing here", "The address may be mistyped, or what was here has moved. Your papers are where they were.", home)
            }
            409 => ("Somebody was faster", "This has changed in the meantime. Nothing was lost. Look again and then decide.", home),
            410 => (
                "This link no longer works",
                "Links in our mails stop working after a while to keep your project private. Nothing is lost. We can send you a fresh one now.",
                again,
            ),
            413 => ("That is too large", "Nothing was saved. Please send something smaller.", home),
            429 => (
                "That was a little too fast",
                "We slow down when there are many tries in a row. Nothing is lost. Wait a minute and try again.",
                home,
            ),
            503 => (
                "We are closed for a moment",
                "A part of our system is not answering. Nothing is lost. Please try again in a minute.",
                Some(("Try again".to_owned(), "".to_owned())),
            ),
            _ => (
                "Something went wrong on our side",
                "Nothing you did caused this, and nothing is lost. We have a record of it. Please try again.",
                home,
            ),
        };
        let words = words.unwrap_or(usual).to_owned();
        ErrorPage { status, title: title.to_owned(), words, act, call: true }
    }

    fn with_every_status() -> Vec<ErrorPage> {
        [404, 403, 410, 429, 503, 500].into_iter().map(|status| ErrorPage::of_status(status, None)).collect()
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
    fn samples() -> Vec<ErrorPage> {
        ErrorPage::with_every_status()
    }
}

/// The same page on the bare domain, where nobody has a project yet.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct ApexErrorPage(pub ErrorPage);

impl ApexErrorPage {
    /// The page for a status; the ways on lead to the signup instead of the sign-in.
    pub fn of_status(status: u16, words: Option<&str>) -> ApexErrorPage {
        let mut page = ErrorPage::of_status(status, words);
        page.call = false;
        match status {
            404 if words.is_none() => page.words = "No company has this address. Look for a typing mistake, or go to the start page.".to_owned(),
            410 if words.is_none() => page.words = "Links in our mails stop working after a while. Nothing is lost. Sign up again with the same address and we send a fresh one.".to_owned(),
            _ => {}
        }
        if matches!(status, 401 | 410) {
            page.act = Some(("Go to the start page".to_owned(), "/".to_owned()));
        }
        ApexErrorPage(page)
    }
}

impl Page for ApexErrorPage {
    const TEMPLATE: &'static str = "error.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<ApexErrorPage> {
        [404, 410, 500].into_iter().map(|status| ApexErrorPage::of_status(status, None)).collect()
    }
}

/// A fixed moment for samples: Monday, June 8, 2026, 3:42 pm in New York.
pub fn sample_now() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_780_947_720, 0).expect("a valid moment")
}

/// A time some hours before `sample_now`.
pub fn hours_ago(hours: i64) -> chrono::DateTime<chrono::Utc> {
    sample_now() - chrono::Duration::hours(hours)
}

/// A frame for samples.
pub(crate) fn sample_frame(face: Face) -> Frame {
    let brand = match face {
        Face::Apex => branding::view::plumbline(),
        Face::Portal => branding::view::sample(),
    };
    Frame::new(face, brand, chrono_tz::America::New_York, sample_now(), "7Q2-418")
}

fn signed_in_at(face: Face, path: &str) -> Frame {
    sample_frame(face).signed_in("Margaret Ellery", portal_nav(path, Some("01985b2e")))
}

/// A frame for samples.
pub(crate) fn signed_in_frame(face: Face) -> Frame {
    signed_in_at(face, "/")
}

/// A frame for samples.
pub(crate) fn papers_frame(face: Face) -> Frame {
    signed_in_at(face, "/projects/01985b2e/documents")
}

/// A frame for samples.
pub(crate) fn visits_frame(face: Face) -> Frame {
    signed_in_at(face, "/projects/01985b2e/visits")
}

fn calendar_frame(face: Face) -> Frame {
    signed_in_at(face, "/calendar")
}

/// A frame for samples.
pub(crate) fn photos_frame(face: Face) -> Frame {
    signed_in_at(face, "/projects/01985b2e/photos")
}

fn devices_frame(face: Face) -> Frame {
    signed_in_at(face, "/devices")
}

/// A frame for samples.
pub(crate) fn sample_mail_frame(face: Face) -> MailFrame {
    let frame = sample_frame(face);
    MailFrame::new(face, frame.brand, frame.time_zone, frame.now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_and_mail_renders_with_every_sample() {
        let pages = load(&Assets::default().with::<PortalFiles>("", None)).expect("templates load");
        let samples = all();
        let wrong: Vec<String> =
            samples.iter().filter_map(|sample| (sample.render)(&pages).err().map(|error| format!("{}: {error:#}", sample.name))).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(samples.len() > 30);
    }

    #[test]
    fn side_files_are_well_formed() {
        let pages = load(&Assets::default()).expect("templates load");
        let mut frame = sample_frame(Face::Portal);
        frame.brand.name = "A \"quoted\" <name> & sons".to_owned();
        pages.icon(&frame).expect("an icon");
        pages.manifest(&frame).expect("a manifest");
    }
}
