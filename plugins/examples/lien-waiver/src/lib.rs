//! An example: a waiver of lien, as a PDF that this plugin writes itself.

mod font;
mod pdf;

use plumbline_plugin::{Document, DocumentGenerator, Project, Request, clock, document_generator, info, kv, projects};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    form: String,
    state: String,
    signer: String,
}

struct LienWaiver;

impl DocumentGenerator for LienWaiver {
    fn generate(request: Request, project: &Project) -> Result<Document, String> {
        let settings: Settings = plumbline_plugin::settings(&request.settings)?;
        let (company, details) = (projects::company().map_err(|e| e.message)?, project.details().map_err(|e| e.message)?);
        let milestones = project.milestones().map_err(|e| e.message)?;
        let through = milestones.iter().filter_map(|m| m.actual_end.clone()).max().ok_or("No work has been finished yet.")?;
        let last = request.kind == "lien_waiver_final";
        let count = next(&details.id)?;
        info!("waiver {count} of project {}", details.number);

        let kind = if last { "final" } else { "progress" };
        let mut page = pdf::Page::new()?;
        page.title(&format!("{} waiver and release on {kind} payment", capital(&settings.form)));
        page.line(&format!("Number {} / {count}, made on {}", request.number, clock::now().today));
        page.gap();
        page.field("Claimant", &format!("{}, {}", company.name, company.address));
        page.field("Owner", &details.household);
        page.field("Property", &details.address);
        page.field("Project", &format!("{} {}", details.number, details.name));
        page.field("Through", &through);
        page.gap();
        page.text(&terms(&settings, &company.name, last, &through));
        page.gap();
        page.text("This form is an example. Some states prescribe the wording of a waiver; have a lawyer look at yours.");
        page.signature(&settings.signer, &company.name);
        Ok(Document::Pdf(page.finish(&request.number)))
    }
}

/// Counts the waivers of a project. What cannot be remembered is no reason to have no waiver.
fn next(project: &str) -> Result<u32, String> {
    let key = format!("count/{project}");
    let known = kv::get(&key).map_err(|e| e.message)?;
    let count = known.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| text.parse().ok()).unwrap_or(0_u32) + 1;
    kv::set(&key, count.to_string().as_bytes()).map_err(|e| e.message)?;
    Ok(count)
}

fn terms(settings: &Settings, company: &str, last: bool, through: &str) -> String {
    let scope = match last {
        true => "all labor, services, equipment and materials furnished to the property".to_owned(),
        false => format!("labor, services, equipment and materials furnished to the property through {through}"),
    };
    let when = match settings.form.as_str() {
        "unconditional" => "The claimant has been paid.",
        _ => "This release takes effect when the claimant has received the payment, and its check or transfer has cleared.",
    };
    format!(
        "{company} waives and releases any mechanic's lien, stop notice and right to a payment bond that it has under the law of {} for \
         {scope}. {when} It does not cover retention, disputed change orders, or items named in writing before this date.",
        settings.state
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

document_generator!(LienWaiver);
