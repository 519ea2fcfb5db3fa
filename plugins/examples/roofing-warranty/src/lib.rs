//! An example: a roofing warranty with a table of serial numbers.

use plumbline_plugin::{
    Block, Column, Content, Document, DocumentGenerator, Fact, Project, Request, Section, Signature, Table, document_generator, info,
    projects::{self, Milestone, Role},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    manufacturer: String,
    product: String,
    workmanship_years: i32,
    material_years: i32,
    bundles: Vec<String>,
}

struct RoofingWarranty;

impl DocumentGenerator for RoofingWarranty {
    fn generate(request: Request, project: &Project) -> Result<Document, String> {
        let settings: Settings = plumbline_plugin::settings(&request.settings)?;
        let company = projects::company().map_err(|e| e.message)?;
        let details = project.details().map_err(|e| e.message)?;
        let finished =
            finished(&project.milestones().map_err(|e| e.message)?).ok_or("The work is not finished: no milestone has an end.")?;
        let rows = settings.bundles.iter().enumerate().map(|(n, line)| bundle(n, line)).collect::<Result<Vec<_>, _>>()?;
        info!("{} rows, finished on {finished}", rows.len());
        let content = Content {
            title: "Roofing warranty".into(),
            subtitle: details.name.clone(),
            intro: vec![format!(
                "{} warrants the roof at {} for {} years from the day that the work was finished, under the terms below.",
                company.name, details.address, settings.workmanship_years
            )],
            facts: vec![
                Fact::new("Warranty number", request.number),
                Fact::new("Owner", details.household.clone()),
                Fact::new("House", details.address),
                Fact::new("Shingles", format!("{}, {}", settings.manufacturer, settings.product)),
                Fact::new("Work finished", finished.clone()),
                Fact::new("Work is covered until", years_after(&finished, settings.workmanship_years)?),
                Fact::new("Material is covered until", years_after(&finished, settings.material_years)?),
            ],
            covered: vec![
                "Leaks that come from how the roof was laid, with the repair of what they damaged inside".into(),
                "Flashing, valleys, ridge and penetrations that we made".into(),
                format!("Shingles that fail, by the manufacturer's warranty of {} years", settings.material_years),
            ],
            not_covered: vec![
                "Damage by storm, hail or fallen trees".into(),
                "Work on the roof by others".into(),
                "Wear from foot traffic or pressure washing".into(),
            ],
            sections: vec![serials(rows), care(&company.phone)],
            signatures: signatures(project, company.name)?,
        };
        Ok(content.into())
    }
}

/// The last day of the last finished milestone.
fn finished(milestones: &[Milestone]) -> Option<String> {
    milestones.iter().filter_map(|m| m.actual_end.clone()).max()
}

/// "North slope; RL50-77120-A; 18"
fn bundle(n: usize, line: &str) -> Result<Vec<String>, String> {
    let cells: Vec<String> = line.split(';').map(|cell| cell.trim().to_owned()).collect();
    match cells.len() == 3 && cells.iter().all(|cell| !cell.is_empty()) {
        true => Ok(cells),
        false => Err(format!("Bundle {} has to be written as: slope; serial number; count", n + 1)),
    }
}

fn serials(rows: Vec<Vec<String>>) -> Section {
    let columns = vec![Column::new("Where"), Column::new("Serial number"), Column::numbers("Bundles")];
    let table = Table { caption: "Keep this list: the manufacturer asks for it".into(), columns, rows };
    Section { title: "Serial numbers".into(), blocks: vec![Block::Table(table)] }
}

fn care(phone: &str) -> Section {
    Section {
        title: "So that it stays in force".into(),
        blocks: vec![
            Block::Bullets(vec![
                "Keep gutters and valleys free of leaves".into(),
                "Have somebody look at the roof after a hailstorm".into(),
                "Tell us of a leak within 30 days".into(),
            ]),
            Block::Paragraph(format!("To claim, call {phone}.")),
        ],
    }
}

fn signatures(project: &Project, company: String) -> Result<Vec<Signature>, String> {
    let people = project.household().map_err(|e| e.message)?;
    let owners = people.into_iter().filter(|p| p.role == Role::Signer);
    let mut signatures = vec![Signature { role: "Contractor".into(), name: company }];
    signatures.extend(owners.map(|p| Signature { role: "Owner".into(), name: p.name }));
    Ok(signatures)
}

/// The same day so many years on; the last of February stands in for a 29th that is not there.
fn years_after(day: &str, years: i32) -> Result<String, String> {
    let wrong = || format!("{day} is no day");
    let (year, rest) = day.split_once('-').ok_or_else(wrong)?;
    let year = year.parse::<i32>().map_err(|_| wrong())? + years;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    Ok(format!("{year:04}-{}", if rest == "02-29" && !leap { "02-28" } else { rest }))
}

document_generator!(RoofingWarranty);
