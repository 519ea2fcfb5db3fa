//! The files that layouts read: the order, its texts made fit for paper, and all that a layout cannot work out.

use crate::{
    Content, Failure, Order, Paper, Picture, fonts,
    text::{breakable, clean},
    tones::Tones,
};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::mem::take;

/// What is in the files, and the pictures that stand in them by their place only.
pub(crate) struct Data {
    /// `company.json`: the same for all papers that a company writes in one language and on one kind of paper.
    pub company: Vec<u8>,
    /// `data.json`: what is this paper's own.
    pub json: Vec<u8>,
    pub photos: Vec<Picture>,
}

pub(crate) fn data(order: &Order, tones: &Tones) -> Result<Data, Failure> {
    let mut content = order.content.clone();
    let photos = match &mut content {
        Content::ProgressReport(report) => report.photos.iter_mut().map(|photo| take(&mut photo.picture)).collect(),
        _ => Vec::new(),
    };
    let brand = &order.brand;
    let (lang, region) = order.locale.parts();
    let mut days = Map::new();
    days.insert(order.issued.to_string(), day(order, order.issued));
    let mut missing = String::new();
    let mut texts = json!({
        "content": content,
        "number": order.number,
        "verify_url": order.verify_url,
        "brand": {
            "company": brand.company, "address_lines": brand.address_lines, "phone": brand.phone, "email": brand.email,
            "website": brand.website, "footer": brand.footer, "initials": initials(&brand.company),
        },
    });
    for_paper(&mut texts, &mut |text| {
        if let Ok(date) = text.parse::<NaiveDate>() {
            days.insert(text.clone(), day(order, date));
        }
        *text = breakable(&clean(text));
        missing.push_str(text);
    });
    let missing = fonts::missing(&missing);
    if !missing.is_empty() {
        return Err(Failure::MissingGlyph(missing));
    }
    let mut brand_texts = texts["brand"].take();
    brand_texts["logo"] = json!(brand.logo_png.is_some());
    let company = json!({
        "brand": brand_texts,
        "lang": lang,
        "region": region,
        "paper": match order.paper {
            Paper::A4 => "a4",
            Paper::Letter => "us-letter",
        },
        "fonts": { "head": brand.font.for_headings(), "text": brand.font.for_text() },
        "tones": tones,
    });
    texts["issued"] = json!(order.issued);
    texts["fingerprint"] = json!(order.short_fingerprint());
    texts["days"] = Value::Object(days);
    Ok(Data { company: bytes(&company)?, json: bytes(&texts)?, photos })
}

fn bytes(value: &Value) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::Layout(error.to_string()))
}

/// A day in the ways a paper writes it.
fn day(order: &Order, date: NaiveDate) -> Value {
    let locale = order.locale;
    json!({ "day": locale.day(date), "weekday": locale.weekday(date), "short": locale.short_day(date, order.issued) })
}

/// For the plate of a company without a logo.
fn initials(company: &str) -> String {
    let words = company.split_whitespace().filter(|word| word.starts_with(char::is_alphanumeric));
    let letters: String = words.filter_map(|word| word.chars().next()).take(2).collect();
    letters.to_uppercase()
}

/// Every text in a value, wherever it is.
fn for_paper(value: &mut Value, work: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => work(text),
        Value::Array(values) => values.iter_mut().for_each(|value| for_paper(value, work)),
        Value::Object(values) => values.values_mut().for_each(|value| for_paper(value, work)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tones;

    fn order(number: &str, title: &str, issued: &str) -> Order {
        let order = json!({
            "content": {
                "kind": "custom", "title": title, "lead": "", "project": "New roof", "address": "", "customers": ["Margaret Ellery"], "intro": [],
                "facts": [], "covered": [], "not_covered": [], "sections": [], "signatures": [],
            },
            "number": number, "issued": issued, "locale": "en-US", "paper": "a4", "currency": "USD",
            "verify_url": format!("https://larkrise.example/check/{number}"),
            "brand": {
                "company": "Larkrise Roofing", "color": "#1f5b3f", "font": "archivo", "logo_png": null, "address_lines": ["22 Rafter Road"],
                "phone": "", "email": "hello@larkrise.example", "website": "", "footer": "",
            },
        });
        serde_json::from_value(order).unwrap()
    }

    #[test]
    fn what_is_the_companys_is_the_same_for_all_its_papers() {
        let of = |order: &Order| data(order, &tones::tones(&order.brand.color).unwrap()).unwrap();
        let one = of(&order("LR-D-0001", "Roof warranty", "2026-06-17"));
        let other = of(&order("LR-D-0002", "Lien waiver", "2026-11-28"));
        assert_eq!(String::from_utf8(one.company).unwrap(), String::from_utf8(other.company).unwrap());
        assert_ne!(one.json, other.json);
    }
}
