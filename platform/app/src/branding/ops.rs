//! The verbs and questions of the brand. The only writer of the table `branding`.

use super::{
    Logo,
    model::{ActiveModel, BrandFont, BrandingInput, Entity, Model, StoredPalette, no_color},
    palette::{self, Roles},
    view, words,
};
use crate::{events::Event, urls};
use chrono::{DateTime, Utc};
use kernel::{Cx, Question, Result, caller::Role, pages::BrandView};
use poem_openapi::Object;
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Statement};
use serde::{Deserialize, Serialize};

/// A brand as the console sees it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
#[oai(rename = "Branding")]
pub struct BrandingView {
    /// The company's name as customers know it.
    pub name: String,
    /// One line under the name; may be empty.
    pub tagline: String,
    /// `#rrggbb`, as it was asked for.
    pub color: String,
    /// One of ours.
    pub font: BrandFont,
    /// As people write it; may be empty.
    pub phone: String,
    /// Opening hours in words; may be empty.
    pub hours: String,
    /// A greeting for the invitation; may be empty.
    pub welcome: String,
    /// How mails are signed; may be empty.
    pub signature: String,
    /// Where the logo is, if there is one.
    pub logo_url: Option<String>,
    /// What became of the colour.
    pub palette: Palette,
}

/// Roles to `#rrggbb`.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct Palette {
    /// In light mode.
    pub light: Roles,
    /// In dark mode.
    pub dark: Roles,
}

/// What would become of a colour.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct PalettePreview {
    /// The colours.
    pub palette: Palette,
    /// The colour itself had to change.
    pub adjusted: bool,
    /// What we changed and why.
    pub words: String,
    /// It is close to the red of warnings.
    pub near_danger: bool,
}

/// A logo as it is served.
pub struct LogoFile {
    /// PNG.
    pub png: Vec<u8>,
    /// Its version in addresses.
    pub hash: String,
}

/// Whoever may change the brand.
pub const MAY_CHANGE: Role = Role::Manager;

/// The brand for pages of this host; on the bare domain our own.
pub async fn brand(cx: &Cx) -> Result<BrandView> {
    if cx.tenant().is_platform() {
        return Ok(view::plumbline());
    }
    cx.ask(company(cx)).await
}

/// The brand of a company, asked on a host of its own.
pub fn company(cx: &Cx) -> Question<'_, BrandView> {
    Question::of(Entity::find().into_query()).try_map(|rows: Vec<Model>| {
        let saved = rows.into_iter().next();
        let stamp = saved.as_ref().map_or(0, |row| row.updated_at.timestamp_micros());
        let row = saved.map_or_else(|| fresh(&cx.tenant().name, cx.now()), Ok)?;
        Ok(BrandView {
            stamp,
            logo_url: row.logo_hash.as_deref().map(logo_path),
            font: row.font.to_value(),
            name: row.name,
            tagline: row.tagline,
            phone: row.phone,
            hours: row.hours,
            welcome: row.welcome,
            signature: row.signature,
            light: row.palette.light,
            dark: row.palette.dark,
        })
    })
}

/// The same for mails: the logo's address is absolute.
pub async fn mail_brand(cx: &Cx) -> Result<BrandView> {
    let brand = brand(cx).await?;
    let logo_url = brand.logo_url.map(|path| format!("{}{path}", urls::home(cx.caller())));
    Ok(BrandView { logo_url, ..brand })
}

/// The brand as it was saved.
pub async fn get(cx: &Cx) -> Result<BrandingView> {
    Ok(saved(row(cx).await?))
}

/// Saves the whole brand but for the logo.
pub async fn change(cx: &mut Cx, input: BrandingInput) -> Result<BrandingView> {
    cx.require(MAY_CHANGE)?;
    let input = input.clean()?;
    let palette = palette::palette(&input.color).ok_or_else(no_color)?;
    let row = row(cx).await?;
    let changes = input.changes(&row);
    if changes.is_empty() {
        return Ok(saved(row));
    }
    seed(cx, &row.name).await?;
    let next = ActiveModel {
        name: Set(input.name),
        tagline: Set(input.tagline),
        color: Set(palette.input),
        font: Set(input.font),
        phone: Set(input.phone),
        hours: Set(input.hours),
        welcome: Set(input.welcome),
        signature: Set(input.signature),
        palette: Set(StoredPalette { light: palette.light, dark: palette.dark }),
        ..row.into()
    };
    let row = next.update(cx.db()).await?;
    touch(cx).await?;
    record(cx, changes.join(", ")).await?;
    Ok(saved(row))
}

/// Keeps a logo that [`Logo::prepare`] made.
pub async fn set_logo(cx: &mut Cx, logo: Logo) -> Result<BrandingView> {
    write_logo(cx, Some(logo), "logo").await
}

/// Removes the logo; the first letter of the name stands in for it.
pub async fn remove_logo(cx: &mut Cx) -> Result<BrandingView> {
    write_logo(cx, None, "logo removed").await
}

/// The logo's bytes.
pub async fn logo(cx: &Cx) -> Result<Option<LogoFile>> {
    if cx.tenant().is_platform() {
        return Ok(None);
    }
    let sql = "SELECT logo, logo_hash FROM branding WHERE logo IS NOT NULL AND logo_hash IS NOT NULL";
    let row = cx.db().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.map(|row| Ok(LogoFile { png: row.try_get("", "logo")?, hash: row.try_get("", "logo_hash")? })).transpose()
}

/// What a new company starts with: its name and our colour. False, and nothing changed, if that was done before.
pub async fn seed(cx: &Cx, company: &str) -> Result<bool> {
    if Entity::find().one(cx.db()).await?.is_some() {
        return Ok(false);
    }
    ActiveModel::from(fresh(company, cx.now())?).insert(cx.db()).await?;
    Ok(true)
}

/// Gives the brand a new stamp, also for what is no part of the brand and is read with it: the company's own texts. Stamps only grow,
/// whatever the clocks of several processes say.
pub async fn touch(cx: &Cx) -> Result<()> {
    seed(cx, &cx.tenant().name).await?;
    let sql = "UPDATE branding SET updated_at = greatest($1, updated_at + interval '1 microsecond')";
    cx.execute(sql, [cx.now().into()]).await?;
    Ok(())
}

/// What would become of a colour, before anything is saved.
pub fn preview(color: &str) -> Result<PalettePreview> {
    let palette = palette::palette(color).ok_or_else(no_color)?;
    Ok(PalettePreview {
        words: words::words(&palette),
        adjusted: palette.adjusted,
        near_danger: palette.near_danger,
        palette: Palette { light: palette.light, dark: palette.dark },
    })
}

/// The row; what a company starts with where nothing was seeded.
async fn row(cx: &Cx) -> Result<Model> {
    let row = Entity::find().one(cx.db()).await?;
    row.map_or_else(|| fresh(&cx.tenant().name, cx.now()), Ok)
}

fn fresh(company: &str, now: DateTime<Utc>) -> Result<Model> {
    let palette = palette::palette(view::HOUSE_COLOUR).ok_or_else(no_color)?;
    Ok(Model {
        one: true,
        name: company.to_owned(),
        tagline: String::new(),
        color: palette.input,
        font: BrandFont::Figtree,
        phone: String::new(),
        hours: String::new(),
        welcome: String::new(),
        signature: String::new(),
        palette: StoredPalette { light: palette.light, dark: palette.dark },
        logo_hash: None,
        updated_at: now,
    })
}

async fn write_logo(cx: &mut Cx, logo: Option<Logo>, change: &str) -> Result<BrandingView> {
    cx.require(MAY_CHANGE)?;
    let before = row(cx).await?;
    let (png, hash) = logo.map_or((None, None), |logo| (Some(logo.png), Some(logo.hash)));
    if before.logo_hash == hash {
        return Ok(saved(before));
    }
    seed(cx, &before.name).await?;
    cx.execute("UPDATE branding SET logo = $1, logo_hash = $2", [png.into(), hash.clone().into()]).await?;
    touch(cx).await?;
    record(cx, change.to_owned()).await?;
    Ok(saved(Model { logo_hash: hash, ..before }))
}

async fn record(cx: &mut Cx, change: String) -> Result<()> {
    let tenant = cx.tenant().id.0;
    cx.record(&Event::BrandingChanged { tenant, change }).await?;
    Ok(())
}

fn logo_path(hash: &str) -> String {
    format!("/brand/logo?v={hash}")
}

fn saved(row: Model) -> BrandingView {
    BrandingView {
        logo_url: row.logo_hash.as_deref().map(logo_path),
        palette: Palette { light: row.palette.light, dark: row.palette.dark },
        name: row.name,
        tagline: row.tagline,
        color: row.color,
        font: row.font,
        phone: row.phone,
        hours: row.hours,
        welcome: row.welcome,
        signature: row.signature,
    }
}
