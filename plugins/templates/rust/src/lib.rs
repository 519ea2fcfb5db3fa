//! {{title}}: a warranty for finished work.

use plumbline_plugin::{Content, Document, DocumentGenerator, Fact, Project, Request, document_generator, info, projects};
use serde::Deserialize;

/// What plugin.toml's settings hold.
#[derive(Deserialize)]
struct Settings {
    years: u32,
}

struct Plugin;

impl DocumentGenerator for Plugin {
    fn generate(request: Request, project: &Project) -> Result<Document, String> {
        let settings: Settings = plumbline_plugin::settings(&request.settings)?;
        let company = projects::company().map_err(|e| e.message)?;
        let details = project.details().map_err(|e| e.message)?;
        let finished = details.ends_on.ok_or("The work has no last day yet.")?;
        info!("a warranty of {} years for project {}", settings.years, details.number);
        let content = Content {
            title: "{{title}}".into(),
            subtitle: details.name,
            intro: vec![format!("{} warrants its work at {} for {} years.", company.name, details.address, settings.years)],
            facts: vec![Fact::new("Number", request.number), Fact::new("Owner", details.household), Fact::new("Work finished", finished)],
            covered: vec!["Faults that come from how the work was done".into()],
            not_covered: vec!["Wear, and work by others".into()],
            ..Content::default()
        };
        Ok(content.into())
    }
}

document_generator!(Plugin);
