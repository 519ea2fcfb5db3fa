//! A page or a mail with the data of a real project, as one of its customers would see it. Read in a transaction of that customer, so
//! it shows what they may see; nothing is sent and nothing is kept.

mod mails;

use super::{
    TemplateText, ops,
    published::{Published, SampleFrame},
};
use crate::{
    branding, documents,
    email::first_name,
    face, home,
    pages::portal_nav,
    people, photos,
    projects::{self, ProjectId},
    updates, visits,
};
use kernel::{
    Actor, Caller, Cx, Problem, Result,
    pages::{Context, Face, Flaw, Frame, MailFrame, context_of},
};
use people::ops::HouseholdMember;

/// What a text is tried with.
pub struct Scene {
    /// As whom.
    pub reader: String,
    /// What of it is made up.
    pub note: &'static str,
    published: &'static Published,
    page: Context,
    frame: SceneFrame,
}

enum SceneFrame {
    Page(Box<Frame>),
    Mail(Box<MailFrame>),
}

/// What it comes to.
pub struct Shown {
    /// A mail's subject.
    pub subject: String,
    /// A mail's plain text.
    pub text: String,
    /// The whole page or mail.
    pub html: String,
}

impl Scene {
    /// Renders a text, or says what is wrong with it.
    pub fn show(&self, me: &Caller, text: &TemplateText) -> Result<Result<Shown, Flaw>> {
        let pages = &me.app.pages;
        let ready = match pages.prepare(&self.published.slot, &text.of_kind(self.published.slot.kind)) {
            Ok(ready) => ready,
            Err(flaws) => return Ok(flaws.into_iter().next().map_or_else(|| Err(nothing()), Err)),
        };
        Ok(match &self.frame {
            SceneFrame::Page(frame) => {
                let html = pages.overridden(&ready, self.page.clone(), frame)?;
                html.map(|html| Shown { subject: String::new(), text: String::new(), html: for_staff(&html) })
            }
            SceneFrame::Mail(frame) => {
                let mail = pages.overridden_mail(&ready, self.page.clone(), frame)?;
                mail.map(|mail| Shown { subject: mail.subject, text: mail.text, html: mail.html })
            }
        })
    }

    /// The frame of a page; none for a mail.
    pub fn frame(&self) -> Option<&Frame> {
        match &self.frame {
            SceneFrame::Page(frame) => Some(frame),
            SceneFrame::Mail(_) => None,
        }
    }
}

fn nothing() -> Flaw {
    Flaw { part: "html", line: None, column: None, words: "This cannot be read.".to_owned() }
}

/// Gathers what a customer of this project would see.
pub async fn scene(me: &Caller, key: &str, project: ProjectId) -> Result<Scene> {
    let published = ops::known(key)?;
    let member = member(me, project).await?;
    let reader = member.name.clone();
    let customer = me.acting_as(Actor::Customer { id: member.customer_id, name: member.name.clone() });
    let cx = customer.begin().await?;
    let brand = branding::ops::brand(&cx).await?;
    if matches!(published.frame, SampleFrame::Mail(_)) {
        let (page, note) = mails::context(&cx, published, project, &member).await?;
        let frame = MailFrame::new(Face::Portal, branding::ops::mail_brand(&cx).await?, cx.tenant().time_zone, cx.now());
        cx.commit().await?;
        return Ok(Scene { reader, note, published, page, frame: SceneFrame::Mail(Box::new(frame)) });
    }
    let (page, path) = page(&cx, published, project, &member).await?;
    cx.commit().await?;
    let id = project.to_string();
    let frame = Frame::new(Face::Portal, brand, me.tenant.time_zone, me.app.clock.now(), face::NO_REFERENCE);
    let frame = match published.key {
        "invitation_page" => frame,
        _ => frame.signed_in(reader.clone(), portal_nav(&path, Some(&id))).of_project(Some(&id)),
    };
    Ok(Scene { reader, note: "", published, page, frame: SceneFrame::Page(Box::new(frame)) })
}

/// Somebody of the project's household.
async fn member(me: &Caller, project: ProjectId) -> Result<HouseholdMember> {
    let cx = me.begin().await?;
    let household = projects::ops::household_of(&cx, project).await?;
    let members = people::ops::find_household(&cx, household).await?.members;
    cx.commit().await?;
    let nobody =
        || Problem::invalid("project_id", "nobody", "Nobody belongs to the household of this project yet. Choose another one to look at.");
    members.into_iter().next().ok_or_else(nobody)
}

/// A page's context, and its address.
async fn page(cx: &Cx, published: &Published, project: ProjectId, member: &HouseholdMember) -> Result<(Context, String)> {
    let path = |page: &str| format!("/projects/{project}{page}");
    Ok(match published.key {
        "home" => {
            let only = Some(home::dashboard::of(cx, project).await?);
            let first_name = first_name(&member.name).to_owned();
            let page = home::pages::HomePage { first_name, only, projects: Vec::new(), finished: Vec::new(), needs: Vec::new() };
            (context_of(&page), "/".to_owned())
        }
        "project" => {
            let several = projects::ops::visible(cx).await?.len() > 1;
            (context_of(&home::pages::ProjectPage { project: home::dashboard::of(cx, project).await?, several }), path(""))
        }
        "documents" => (context_of(&documents::screen::gather(cx, project).await?), path("/documents")),
        "photos" => (context_of(&photos::screen::gather(cx, &photos::screen::Wish::all(project), None).await?), path("/photos")),
        "updates" => (context_of(&updates::screen::gather(cx, project, None).await?), path("/updates")),
        "visits" => (context_of(&visits::screen::gather(cx, project, |_| None).await?), path("/visits")),
        "invitation_page" => {
            let email_hint = people::pages::hide_mail(&member.email);
            let page = people::pages::InvitationPage {
                name: first_name(&member.name).to_owned(),
                email_hint,
                action: "/invitation/preview".to_owned(),
            };
            (context_of(&page), "/".to_owned())
        }
        other => return Err(Problem::internal(anyhow::anyhow!("no preview of the page {other}"))),
    })
}

/// Customers' addresses of pictures as staff may ask for them.
fn for_staff(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("/photos/") {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let after = &here["/photos/".len()..];
        let id: String = after.chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
        let size: String = after[id.len()..].strip_prefix('/').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
        let begins = before.ends_with(['"', ' ', ',']);
        match begins && id.len() == 36 && !size.is_empty() {
            true => {
                out.push_str(&format!("/api/v1/photos/{id}/renditions/{size}"));
                rest = &after[id.len() + 1 + size.len()..];
            }
            false => {
                out.push_str("/photos/");
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::for_staff;

    #[test]
    fn pictures_are_asked_for_by_the_staffs_address() {
        let id = "01985b2e-0000-7000-8000-000000000000";
        let html = format!(
            "<a href=\"/projects/1/photos#photo-{id}\"><img src=\"/photos/{id}/800\" srcset=\"/photos/{id}/320 320w, /photos/{id}/800 800w\"></a>"
        );
        let staff = format!(
            "<a href=\"/projects/1/photos#photo-{id}\"><img src=\"/api/v1/photos/{id}/renditions/800\" srcset=\"/api/v1/photos/{id}/renditions/320 320w, /api/v1/photos/{id}/renditions/800 800w\"></a>"
        );
        assert_eq!(for_staff(&html), staff);
        assert_eq!(for_staff("<p>/photos/x</p>"), "<p>/photos/x</p>");
    }
}
