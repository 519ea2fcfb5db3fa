//! What a template is given, field by field: the names and meanings from the page's own types, the examples from its samples.

use super::{ops::TemplateField, published::Published};
use serde_json::{Map, Value};

/// How deep a field is told of.
const DEPTH: usize = 6;
/// The longest example.
const EXAMPLE: usize = 60;

/// What every page and mail is framed with.
const FRAME: &[(&str, &str, &str)] = &[
    ("frame.brand.name", "text", "The company's name."),
    ("frame.brand.tagline", "text", "One line under the name; may be empty."),
    ("frame.brand.phone", "text", "As people write it; may be empty."),
    ("frame.brand.hours", "text", "Opening hours in words; may be empty."),
    ("frame.brand.welcome", "text", "The greeting for the invitation; may be empty."),
    ("frame.brand.signature", "text", "How mails are signed; may be empty."),
    ("frame.now", "moment", "The time at which it is read or written."),
];

/// All fields, in the order of the types.
pub fn of(published: &Published) -> Vec<TemplateField> {
    let root: Value = (published.schema)().to_value();
    let samples = (published.samples)();
    let none = Map::new();
    let shared = root.get("$defs").and_then(Value::as_object).unwrap_or(&none);
    let mut fields = Vec::new();
    walk(&root, shared, "page", &samples, DEPTH, &mut fields);
    fields.extend(FRAME.iter().map(|(path, kind, words)| field(path, kind, words, String::new())));
    fields
}

fn field(path: &str, kind: &str, words: &str, example: String) -> TemplateField {
    TemplateField { path: path.to_owned(), kind: kind.to_owned(), words: words.to_owned(), example }
}

/// Adds the fields of an object, and what is inside of them. `samples`: what the samples have at this place.
fn walk(schema: &Value, shared: &Map<String, Value>, at: &str, samples: &[Value], depth: usize, fields: &mut Vec<TemplateField>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).filter(|_| depth > 0) else { return };
    for (name, property) in properties {
        let path = format!("{at}.{name}");
        let words = property.get("description").and_then(Value::as_str).unwrap_or_default();
        let (inner, optional) = plain(property, shared);
        let items = inner.get("items").map(|items| plain(items, shared).0);
        let kind = kind(inner, items);
        let kind = if optional { format!("{kind}, or none") } else { kind };
        let values: Vec<Value> = samples.iter().filter_map(|sample| sample.get(name)).filter(|v| !v.is_null()).cloned().collect();
        fields.push(field(&path, &kind, words, example(&values)));
        match items {
            Some(items) => {
                let values: Vec<Value> = values.iter().filter_map(Value::as_array).flatten().cloned().collect();
                walk(items, shared, &format!("{path}[]"), &values, depth - 1, fields);
            }
            None => walk(inner, shared, &path, &values, depth - 1, fields),
        }
    }
}

/// The type itself: behind a reference, and without "or null".
fn plain<'a>(schema: &'a Value, shared: &'a Map<String, Value>) -> (&'a Value, bool) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/")) {
        return (shared.get(name).unwrap_or(schema), false);
    }
    let Some(choices) = schema.get("anyOf").and_then(Value::as_array) else {
        let optional = schema.get("type").and_then(Value::as_array).is_some_and(|types| types.iter().any(|t| t == "null"));
        return (schema, optional);
    };
    let optional = choices.iter().any(|choice| choice.get("type").is_some_and(|t| t == "null"));
    let other = choices.iter().find(|choice| choice.get("type").is_none_or(|t| t != "null"));
    (other.map_or(schema, |other| plain(other, shared).0), optional)
}

fn kind(schema: &Value, items: Option<&Value>) -> String {
    let name = match schema.get("type") {
        Some(Value::String(name)) => name.as_str(),
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or_default(),
        _ => "",
    };
    let choices: Vec<&str> = schema
        .get("oneOf")
        .or(schema.get("enum"))
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|choice| choice.get("const").unwrap_or(choice).as_str())
        .collect();
    if !choices.is_empty() {
        return format!("one of {}", choices.join(", "));
    }
    match (name, schema.get("format").and_then(Value::as_str)) {
        ("string", Some("date")) => "day",
        ("string", Some("date-time")) => "moment",
        ("string", _) => "text",
        ("integer" | "number", _) => "number",
        ("boolean", _) => "yes or no",
        ("array", _) if items.is_some_and(|items| items.get("properties").is_some()) => "list of groups",
        ("array", _) => "list",
        _ => "group",
    }
    .to_owned()
}

fn example(values: &[Value]) -> String {
    let text = values.iter().find_map(|value| match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(items) if !items.is_empty() => Some(format!("{} of them", items.len())),
        _ => None,
    });
    text.unwrap_or_default().chars().take(EXAMPLE).collect()
}
