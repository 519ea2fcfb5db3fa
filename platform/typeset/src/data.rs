//! The file `data.json` that a layout reads: the order, its texts made fit for paper, and all that a layout cannot work out.

use crate::{
    Content, Failure, Order, Paper, Picture, fonts,
    text::{breakable, clean},
    tones::Tones,
};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};
use std::mem::take;

/// `data.json`, and the pictures that stand in it by their place only.
pub(crate) struct Data {
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
    texts["issued"] = json!(order.issued);
    texts["brand"]["logo"] = json!(brand.logo_png.is_some());
    texts["lang"] = json!(lang);
    texts["region"] = json!(region);
    texts["paper"] = json!(match order.paper {
        Paper::A4 => "a4",
        Paper::Letter => "us-letter",
    });
    texts["fonts"] = json!({ "head": brand.font.for_headings(), "text": brand.font.for_text() });
    texts["tones"] = json!(tones);
    texts["fingerprint"] = json!(order.short_fingerprint());
    texts["days"] = Value::Object(days);
    let json = serde_json::to_vec(&texts).map_err(|error| Failure::Layout(error.to_string()))?;
    Ok(Data { json, photos })
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
