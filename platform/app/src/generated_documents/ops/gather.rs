//! What a document says, out of what its household may see and nothing else. Everything here comes from the operations that serve
//! customers' pages, or is a text that the company wrote for its documents.

mod papers;

use crate::{
    branding::{self, BrandFont},
    generated_documents::{DocumentLocale, DocumentSettings, GeneratedKind, PaperSize, model::entries},
    people,
    photos::{self, ops::Look},
    projects::{self, ProjectId, ops::CustomerProject},
    schedule::{self, ops::CustomerSchedule},
};
use chrono::NaiveDate;
use kernel::{Caller, Cx, Result};
use typeset::{Brand, Content, Font, Locale, Order, Paper, Photo, Picture};

/// The most photos of a report.
const MOST_PHOTOS: u64 = 6;
/// The most names of a household.
const MOST_NAMES: usize = 8;
/// The longest side of a photo on paper, in pixels.
const PHOTO_SIZE: i32 = 800;

/// Which document it is, and for which day.
pub(super) struct Stamp {
    /// Its number.
    pub number: String,
    /// The day on it.
    pub issued: NaiveDate,
    /// Where anybody can ask whether a file is it.
    pub verify_url: String,
}

/// A document as it was gathered; its photos are still to be opened.
pub(super) struct Draft {
    locale: &'static str,
    order: Order,
    photos: Vec<Sight>,
}

/// A photo that goes into a document.
struct Sight {
    look: Look,
    caption: String,
    taken: Option<NaiveDate>,
}

/// All that is known of a project by those who live there.
struct Known {
    project: CustomerProject,
    customers: Vec<String>,
    /// Of a household of one; of several nobody can say whose.
    email: String,
    details: projects::ProjectDetails,
    schedule: CustomerSchedule,
    phone: String,
    company: String,
    portal_url: String,
    today: NaiveDate,
}

/// Gathers a document.
pub(super) async fn draft(cx: &Cx, project: ProjectId, kind: GeneratedKind, settings: &DocumentSettings, stamp: Stamp) -> Result<Draft> {
    let (brand, known) = known(cx, project, settings).await?;
    let mut photos = Vec::new();
    let content = match kind {
        GeneratedKind::WelcomePacket => Content::WelcomePacket(papers::welcome_packet(known, settings)),
        GeneratedKind::ProgressReport => {
            photos = sights(cx, project, &known.project.name).await?;
            Content::ProgressReport(papers::progress_report(cx, project, known, settings).await?)
        }
        GeneratedKind::CompletionCertificate => Content::CompletionCertificate(papers::completion_certificate(known, settings)),
        GeneratedKind::Warranty => Content::Warranty(papers::warranty(known, settings)),
        GeneratedKind::Plugin => Content::Custom(papers::blank(known)),
    };
    let Stamp { number, issued, verify_url } = stamp;
    let (locale, paper, currency) = (locale(settings.locale), paper(settings.paper), settings.currency.clone());
    let order = Order { content, number, issued, brand, locale, paper, currency, verify_url };
    Ok(Draft { locale: settings.locale.name(), order, photos })
}

impl Draft {
    /// How days and numbers are written, as `en-US`.
    pub fn locale(&self) -> &'static str {
        self.locale
    }

    /// Opens the photos; no transaction is open meanwhile. One that cannot be unpacked is left out.
    pub async fn with_photos(self, caller: &Caller) -> Result<Order> {
        let mut order = self.order;
        let Content::ProgressReport(report) = &mut order.content else { return Ok(order) };
        for sight in self.photos {
            let Some(jpeg) = sight.look.jpeg(caller).await? else { continue };
            report.photos.push(Photo { picture: Picture::from(jpeg), caption: sight.caption, taken: sight.taken });
        }
        Ok(order)
    }
}

async fn known(cx: &Cx, id: ProjectId, settings: &DocumentSettings) -> Result<(Brand, Known)> {
    let project = projects::ops::find_mine(cx, id).await?;
    let household = projects::ops::household_of(cx, id).await?;
    let household = people::ops::find_household(cx, household).await?;
    let members = household.members;
    let brand = branding::ops::get(cx).await?;
    let known = Known {
        email: if let [only] = members.as_slice() { only.email.clone() } else { String::new() },
        customers: customers(members.into_iter().map(|member| member.name).collect(), household.name),
        details: projects::ops::details(cx, id).await?,
        schedule: cx.ask(schedule::ops::mine(id)).await?,
        phone: brand.phone.clone(),
        company: brand.name.clone(),
        portal_url: crate::urls::home(cx.caller()),
        today: cx.today(),
        project: CustomerProject { address: one_line(&project.address, 200), ..project },
    };
    let logo = branding::ops::logo(cx).await?.map(|logo| Picture::from(logo.png));
    Ok((
        Brand {
            company: brand.name,
            color: brand.color,
            font: font(brand.font),
            logo_png: logo,
            address_lines: entries(&settings.address),
            phone: brand.phone,
            email: settings.email.clone(),
            website: settings.website.clone(),
            footer: settings.footer.clone(),
        },
        known,
    ))
}

/// The household's people by name; its own name while nobody is in it.
fn customers(names: Vec<String>, household: String) -> Vec<String> {
    if names.is_empty() { vec![household] } else { names.into_iter().take(MOST_NAMES).collect() }
}

/// A text on one line, cut at so many characters.
fn one_line(text: &str, most: usize) -> String {
    let line = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    match line.char_indices().nth(most) {
        Some(_) => line.chars().take(most - 1).chain(['…']).collect(),
        None => line,
    }
}

/// The newest photos that the household may see, under the project's name where they have no words of their own. What is drawn over a
/// photo does not come along.
async fn sights(cx: &Cx, project: ProjectId, name: &str) -> Result<Vec<Sight>> {
    let (photos, ..) = cx.ask(photos::ops::newest_mine(cx, project, MOST_PHOTOS)).await?;
    let mut sights = Vec::new();
    for photo in photos {
        let look = photos::ops::rendition(cx, photo.id, PHOTO_SIZE).await?;
        let words = [photo.caption.as_str(), photo.room.as_str(), name].into_iter().find(|words| !words.is_empty());
        let caption = one_line(words.unwrap_or_default(), 200);
        sights.push(Sight { look, caption, taken: photo.taken_at.map(|at| at.date()) });
    }
    Ok(sights)
}

fn font(font: BrandFont) -> Font {
    match font {
        BrandFont::Figtree => Font::Figtree,
        BrandFont::Archivo => Font::Archivo,
        BrandFont::Bitter => Font::Bitter,
        BrandFont::SourceSerif => Font::SourceSerif,
        BrandFont::Atkinson => Font::Atkinson,
    }
}

fn paper(paper: PaperSize) -> Paper {
    match paper {
        PaperSize::A4 => Paper::A4,
        PaperSize::Letter => Paper::Letter,
    }
}

fn locale(locale: DocumentLocale) -> Locale {
    match locale {
        DocumentLocale::EnUs => Locale::EnUs,
        DocumentLocale::EnGb => Locale::EnGb,
        DocumentLocale::EnCa => Locale::EnCa,
        DocumentLocale::EnAu => Locale::EnAu,
        DocumentLocale::DeDe => Locale::DeDe,
        DocumentLocale::EsUs => Locale::EsUs,
        DocumentLocale::FrCa => Locale::FrCa,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable;

    #[test]
    fn a_text_fits_on_a_line() {
        assert_eq!(one_line("1 Sample Street \n\n Sampleton", 200), "1 Sample Street, Sampleton");
        assert_eq!(one_line("ääää", 4), "ääää");
        assert_eq!(one_line("äääää", 4), "äää…");
    }

    #[test]
    fn every_font_of_a_brand_is_there_on_paper() {
        let fonts: std::collections::HashSet<Font> = branding::BrandFont::iter().map(font).collect();
        assert_eq!(fonts.len(), branding::BrandFont::iter().count());
    }
}
