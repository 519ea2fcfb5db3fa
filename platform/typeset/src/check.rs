//! What an order may be: every text and list has its limit, so that a paper has one, too.

mod kinds;
mod pictures;

use crate::{
    Failure, Order,
    tones::{Tones, tones},
};
use chrono::{Datelike, NaiveDate};

/// How long a text may be, in characters.
const LINE: usize = 200;
const SENTENCES: usize = 1_000;
const PROSE: usize = 10_000;

type Checked = Result<(), Failure>;

/// Whether an order can be carried out; the tones of its brand.
pub(crate) fn order(order: &Order) -> Result<Tones, Failure> {
    let brand = &order.brand;
    line("number", &order.number, 40, true)?;
    year("issued", order.issued)?;
    line("brand.company", &brand.company, 120, true)?;
    let tones = tones(&brand.color).ok_or_else(|| Failure::order("brand.color", "A color is # and six digits, as #1f5b3f."))?;
    list("brand.address_lines", &brand.address_lines, 4, |field, text| line(field, text, 80, true))?;
    line("brand.phone", &brand.phone, 40, false)?;
    line("brand.email", &brand.email, 120, false)?;
    line("brand.website", &brand.website, 120, false)?;
    line("brand.footer", &brand.footer, LINE, false)?;
    if let Some(logo) = &brand.logo_png {
        pictures::logo("brand.logo_png", logo)?;
    }
    if order.currency.len() != 3 || !order.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Failure::order("currency", "A currency has three capital letters, as USD."));
    }
    address("verify_url", &order.verify_url, true)?;
    kinds::content(&order.content)?;
    Ok(tones)
}

/// One line.
fn line(field: &str, text: &str, most: usize, needed: bool) -> Checked {
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(Failure::order(field, "It must be one line, without control characters."));
    }
    prose(field, text, most, needed)
}

/// Any number of lines.
fn prose(field: &str, text: &str, most: usize, needed: bool) -> Checked {
    if needed && text.trim().is_empty() {
        return Err(Failure::order(field, "It is missing."));
    }
    let length = text.chars().count();
    if length > most {
        return Err(Failure::order(field, format!("It has {length} characters; at most {most} have room.")));
    }
    Ok(())
}

/// At most so many things, each checked.
fn list<T>(field: &str, items: &[T], most: usize, check: impl Fn(&str, &T) -> Checked) -> Checked {
    if items.len() > most {
        return Err(Failure::order(field, format!("It has {} entries; at most {most} have room.", items.len())));
    }
    items.iter().enumerate().try_for_each(|(at, item)| check(&format!("{field}[{at}]"), item))
}

/// An address that a reader can follow.
fn address(field: &str, url: &str, needed: bool) -> Checked {
    line(field, url, 300, needed)?;
    if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(Failure::order(field, "An address begins with https://."));
    }
    Ok(())
}

/// Four digits, as a PDF and a reader expect.
fn year(field: &str, date: NaiveDate) -> Checked {
    if (1900..=2999).contains(&date.year()) {
        return Ok(());
    }
    Err(Failure::order(field, format!("The year {} cannot be meant.", date.year())))
}

fn years(field: &str, dates: impl IntoIterator<Item = Option<NaiveDate>>) -> Checked {
    dates.into_iter().flatten().try_for_each(|date| year(field, date))
}

/// First and last day in their order.
fn period(field: &str, from: Option<NaiveDate>, until: Option<NaiveDate>) -> Checked {
    years(field, [from, until])?;
    match (from, until) {
        (Some(from), Some(until)) if until < from => Err(Failure::order(field, "It ends before it begins.")),
        _ => Ok(()),
    }
}
