//! What the mails would say of a real project. What it has none of is taken from the samples, and that is said.

use crate::{
    email::first_name,
    mails::{InvitationMail, NewsLine, NewsMail, SignInMail, VisitMail, VisitTime, WeatherBackMail, WeatherDelayMail},
    people::ops::HouseholdMember,
    projects::{self, ProjectId},
    schedule,
    template_overrides::published::Published,
    updates, urls,
    visits::{self, ops::Occasion},
    weather,
};
use chrono::Duration;
use kernel::{
    Cx, Problem, Result,
    pages::{Context, Mail, context_of},
};

/// How many updates the mail begins.
const LINES: u64 = 5;

/// A mail's context, and what of it is made up.
pub async fn context(cx: &Cx, published: &Published, project: ProjectId, member: &HouseholdMember) -> Result<(Context, &'static str)> {
    let found = projects::ops::find_mine(cx, project).await?;
    let first_name = first_name(&member.name).to_owned();
    let home = urls::home(cx.caller());
    let page = format!("{home}/projects/{project}");
    Ok(match published.key {
        "mail_sign_in" => {
            let (code_until, link_until) = (cx.now() + Duration::minutes(10), cx.now() + Duration::minutes(15));
            let mail =
                SignInMail { first_name, link: format!("{home}/sign-in/preview"), code: "407182".to_owned(), code_until, link_until };
            (context_of(&mail), "The button and the numbers are made up.")
        }
        "mail_invitation" => {
            let mail = InvitationMail { first_name, link: format!("{home}/invitation/preview"), project: Some(found.name) };
            (context_of(&mail), "The button leads nowhere.")
        }
        "mail_news" => news(cx, project, first_name, found.name, page).await?,
        "mail_visit" => visit(cx, project, first_name, found.name, page).await?,
        "mail_weather_delay" => {
            let sample = sample::<WeatherDelayMail>()?;
            match cx.ask(weather::ops::mine(cx, project)).await?.into_iter().find(|delay| !delay.withdrawn) {
                Some(delay) => {
                    let (title, reason) = (delay.title(), delay.reason());
                    let (was, now) = ((delay.from_start, delay.from_end).into(), (delay.to_start, delay.to_end).into());
                    (context_of(&WeatherDelayMail { first_name, project: found.name, title, reason, was, now, link: page }), "")
                }
                None => (
                    context_of(&WeatherDelayMail { first_name, project: found.name, link: page, ..sample }),
                    "The weather has moved nothing here: the delay is made up.",
                ),
            }
        }
        "mail_weather_back" => {
            let sample = sample::<WeatherBackMail>()?;
            let mail = WeatherBackMail { first_name, project: found.name, link: page, ..sample };
            (context_of(&mail), "The delay is made up.")
        }
        other => return Err(Problem::internal(anyhow::anyhow!("no preview of the mail {other}"))),
    })
}

fn sample<M: Mail>() -> Result<M> {
    M::samples().into_iter().next().ok_or_else(|| Problem::internal(anyhow::anyhow!("{} has no sample", M::NAME)))
}

async fn news(cx: &Cx, project: ProjectId, first_name: String, name: String, link: String) -> Result<(Context, &'static str)> {
    let rows = cx.ask(updates::ops::mine(project, LINES)).await?;
    let line = |body: &str| body.lines().next().unwrap_or_default().chars().take(200).collect();
    let lines: Vec<NewsLine> = rows.iter().map(|update| NewsLine { day: update.day, words: line(&update.body) }).collect();
    let done = cx.ask(schedule::ops::mine(project)).await?;
    let finished = done.milestones.iter().filter(|milestone| milestone.state == schedule::MilestoneState::Done);
    let steps: Vec<String> = finished.map(|milestone| milestone.name.clone()).rev().take(2).collect();
    let papers = cx.ask(crate::documents::ops::mine(project, 1)).await?.documents.into_iter().map(|paper| paper.title).collect();
    let mail = NewsMail { first_name, project: name, link, photos: 3, more_updates: 0, updates: lines, steps, papers };
    match mail.updates.is_empty() && mail.steps.is_empty() {
        true => {
            let NewsMail { first_name, project, link, .. } = mail;
            Ok((context_of(&NewsMail { first_name, project, link, ..sample()? }), "Nothing is new on this project: the news are made up."))
        }
        false => Ok((context_of(&mail), "The number of photos is made up.")),
    }
}

async fn visit(cx: &Cx, project: ProjectId, first_name: String, name: String, link: String) -> Result<(Context, &'static str)> {
    let link = format!("{link}/visits");
    let Some(visit) = cx.ask(visits::ops::mine(cx, Some(project), 1)).await?.pop() else {
        let mail = VisitMail { first_name, project: name, link, ..sample()? };
        return Ok((context_of(&mail), "No visit is planned here: this one is made up."));
    };
    let time = |window: visits::when::Window| VisitTime { day: window.day, hours: visits::when::words(window.from, window.until) };
    let mail = VisitMail {
        occasion: if visit.was.is_some() { Occasion::Moved } else { Occasion::Proposed },
        first_name,
        project: name,
        title: visit.title,
        time: time(visit.window),
        was: visit.was.map(time),
        who: visit.who,
        prepare: visit.prepare,
        unanswered: visit.answerable && visit.state == visits::AppointmentState::Proposed,
        link,
    };
    Ok((context_of(&mail), ""))
}
