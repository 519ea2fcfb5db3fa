//! An example: letters about completed milestones, to the household and to the team's chat room.

use plumbline_plugin::{
    Audience, Event, Header, HttpMethod, HttpRequest, Mail, Message, Notice, Notifier, Project, SecretHeader, info, kv, notifier, projects,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Settings {
    greeting: String,
    chat: bool,
}

struct MilestoneLetter;

impl Notifier for MilestoneLetter {
    fn notify(event: Event, settings: &str) -> Result<Vec<Message>, String> {
        let settings: Settings = plumbline_plugin::settings(settings)?;
        let Some(id) = &event.project_id else { return Ok(Vec::new()) };
        let project = projects::open(id).map_err(|e| e.message)?;
        let name = project.details().map_err(|e| e.message)?.name;
        if event.kind != "milestone.completed" {
            let text = format!("{name}: {}", event.summary);
            return Ok(vec![Message::Notice(Notice { title: "A visit is confirmed".into(), text })]);
        }
        let data: serde_json::Value = serde_json::from_str(&event.data).map_err(|e| format!("The event cannot be read: {e}"))?;
        let key = format!("told/{}", data["milestone"].as_str().unwrap_or(&event.id));
        if kv::get(&key).map_err(|e| e.message)?.is_some() {
            info!("{key} was told before");
            return Ok(Vec::new());
        }
        kv::set(&key, event.at.as_bytes()).map_err(|e| e.message)?;
        let done = data["name"].as_str().unwrap_or("a step").to_owned();
        let mut messages = vec![Message::Mail(letter(&settings, &project, &name, &done)?)];
        if settings.chat {
            messages.push(Message::Webhook(chat(&name, &done)));
        }
        Ok(messages)
    }
}

fn letter(settings: &Settings, project: &Project, name: &str, done: &str) -> Result<Mail, String> {
    let milestones = project.milestones().map_err(|e| e.message)?;
    let next = milestones.iter().find(|m| m.actual_end.is_none()).map(|m| format!("Next is {}, planned for {}.", m.name, m.planned_start));
    let next = next.unwrap_or_else(|| "That was the last step.".into());
    let text = format!("{}\n\nDone: {done}.\n\n{next}", settings.greeting);
    Ok(Mail { to: Audience::Household, subject: format!("{name}: {done} is done"), text })
}

fn chat(name: &str, done: &str) -> HttpRequest {
    HttpRequest {
        method: HttpMethod::Post,
        url: "https://chat.example.com/rooms/site".into(),
        headers: vec![Header { name: "content-type".into(), value: "application/json".into() }],
        secret_headers: vec![SecretHeader { name: "authorization".into(), prefix: "Bearer ".into(), secret: "chat-token".into() }],
        body: json!({ "text": format!("{name}: {done} is done") }).to_string().into_bytes(),
    }
}

notifier!(MilestoneLetter);
