//! Settings: the kind of JSON Schema that a form can be made from, and whether what an admin filled in fits it.

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde::Serialize;
use serde_json::{Value, json};

/// How many settings a plugin may have.
const MOST: usize = 40;
/// What a setting may say of itself; `x-secret` is absent on purpose: secrets are no settings.
const WORDS: &[&str] = &[
    "type",
    "title",
    "description",
    "default",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "format",
    "items",
    "maxItems",
    "minItems",
];

/// What is wrong with one setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingError {
    /// The setting's name; empty for all of them.
    pub name: String,
    /// In words.
    pub words: String,
}

/// The schema of a plugin without settings.
pub(crate) fn none() -> Value {
    json!({ "type": "object", "properties": {} })
}

pub(crate) fn is_none(schema: &Value) -> bool {
    *schema == none()
}

/// A flat object whose properties are texts, numbers, yes or no, choices, or lists of texts, each with a title. No references.
pub fn check_schema(schema: &Value) -> Result<(), String> {
    let object = schema.as_object().ok_or("settings is no JSON Schema")?;
    if object.get("type") != Some(&json!("object")) {
        return Err("settings: the type must be object".to_owned());
    }
    if let Some(word) = object.keys().find(|k| !["type", "properties", "required", "title", "description"].contains(&k.as_str())) {
        return Err(format!("settings: {word} is not supported"));
    }
    let properties = object.get("properties").and_then(Value::as_object).ok_or("settings: properties are missing")?;
    if properties.len() > MOST {
        return Err(format!("settings: more than {MOST}"));
    }
    for (name, property) in properties {
        check_property(property).map_err(|why| format!("settings: {name}: {why}"))?;
    }
    let required = object.get("required").map_or(Ok(Vec::new()), |r| serde_json::from_value::<Vec<String>>(r.clone()));
    for name in required.map_err(|_| "settings: required is a list of names")? {
        if !properties.contains_key(&name) {
            return Err(format!("settings: {name} is required and not among the properties"));
        }
    }
    // Whatever else is wrong with it, and whether every default fits; what has none may be missing here.
    let mut optional = schema.clone();
    if let Some(object) = optional.as_object_mut() {
        object.remove("required");
    }
    let validator = jsonschema::validator_for(&optional).map_err(|e| format!("settings: {e}"))?;
    let filled = with_defaults(schema, &json!({}));
    match validator.iter_errors(&filled).next() {
        Some(error) => Err(format!("settings: a default does not fit: {error}")),
        None => Ok(()),
    }
}

fn check_property(property: &Value) -> Result<(), String> {
    let object = property.as_object().ok_or("it is no object")?;
    if let Some(word) = object.keys().find(|k| !WORDS.contains(&k.as_str())) {
        return Err(format!("{word} is not supported"));
    }
    if object.get("title").and_then(Value::as_str).is_none_or(|t| t.trim().is_empty()) {
        return Err("a title is missing".to_owned());
    }
    match object.get("type").and_then(Value::as_str) {
        Some("string" | "integer" | "number" | "boolean") => Ok(()),
        Some("array") if object.get("items").and_then(|i| i.get("type")) == Some(&json!("string")) => Ok(()),
        _ => Err("the type is string, integer, number, boolean, or array with items of the type string".to_owned()),
    }
}

/// The settings with the schema's defaults where something is missing.
pub fn with_defaults(schema: &Value, settings: &Value) -> Value {
    let mut filled = settings.as_object().cloned().unwrap_or_default();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let (None, Some(default)) = (filled.get(name), property.get("default")) {
            filled.insert(name.clone(), default.clone());
        }
    }
    Value::Object(filled)
}

/// Whether these settings, completed by the defaults, fit.
pub fn check_settings(schema: &Value, settings: &Value) -> Result<Value, Vec<SettingError>> {
    let whole = |words: String| vec![SettingError { name: String::new(), words }];
    if !settings.is_object() {
        return Err(whole("The settings are not an object.".to_owned()));
    }
    let known = schema.get("properties").and_then(Value::as_object);
    let filled = with_defaults(schema, settings);
    let mut errors: Vec<SettingError> = filled
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .filter(|name| !known.is_some_and(|k| k.contains_key(*name)))
        .map(|name| SettingError { name: name.clone(), words: "The plugin has no such setting.".to_owned() })
        .collect();
    let validator = jsonschema::validator_for(schema).map_err(|e| whole(e.to_string()))?;
    errors.extend(validator.iter_errors(&filled).map(|error| said(&error)));
    if errors.is_empty() { Ok(filled) } else { Err(errors) }
}

/// What the validator found, at its setting and in words for an office manager.
fn said(error: &ValidationError<'_>) -> SettingError {
    let path = error.instance_path().to_string();
    let name = path.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
    let words = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default().to_owned();
            return SettingError { name, words: "This has to be filled in.".to_owned() };
        }
        ValidationErrorKind::Enum { .. } => "Choose one of the list.".to_owned(),
        ValidationErrorKind::Minimum { limit } => format!("It has to be {limit} or more."),
        ValidationErrorKind::Maximum { limit } => format!("It has to be {limit} or less."),
        ValidationErrorKind::MinLength { limit } => format!("It has to have at least {limit} characters."),
        ValidationErrorKind::MaxLength { limit } => format!("It has to have at most {limit} characters."),
        ValidationErrorKind::MinItems { limit } => format!("It has to have at least {limit} lines."),
        ValidationErrorKind::MaxItems { limit } => format!("It has to have at most {limit} lines."),
        ValidationErrorKind::Type { .. } => "This is of another kind than the plugin takes: a text, a number, or yes or no.".to_owned(),
        _ => error.to_string(),
    };
    SettingError { name, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Value {
        json!({ "type": "object", "required": ["years"], "properties": {
            "years": { "type": "integer", "title": "Years", "minimum": 1, "maximum": 50, "default": 10 },
            "maker": { "type": "string", "title": "Maker", "enum": ["North", "South"] },
            "sender": { "type": "string", "title": "Sender", "maxLength": 11 },
        }})
    }

    #[test]
    fn a_form_can_be_made_of_it_or_it_is_refused() {
        check_schema(&schema()).unwrap();
        check_schema(&none()).unwrap();
        let refused = |path: &str, value: Value| {
            let mut schema = schema();
            *schema.pointer_mut(path).unwrap() = value;
            check_schema(&schema).unwrap_err()
        };
        assert!(refused("/properties/years/type", json!("object")).contains("the type is"));
        assert!(refused("/properties/years/default", json!(99)).contains("default"));
        assert!(refused("/properties/maker", json!({ "$ref": "https://example.com/x" })).contains("$ref"));
        assert!(refused("/required", json!(["month"])).contains("month"));
        assert!(refused("/properties/maker/title", json!("")).contains("title"));
    }

    #[test]
    fn settings_are_completed_and_held_to_the_schema() {
        assert_eq!(check_settings(&schema(), &json!({ "maker": "North" })).unwrap(), json!({ "maker": "North", "years": 10 }));
        let errors = check_settings(&schema(), &json!({ "years": 60, "colour": "red" })).unwrap_err();
        let names: Vec<&str> = errors.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["colour", "years"]);
        assert_eq!(errors[1].words, "It has to be 50 or less.");
        let mut needed = schema();
        needed["required"] = json!(["maker"]);
        let missing = SettingError { name: "maker".to_owned(), words: "This has to be filled in.".to_owned() };
        assert_eq!(check_settings(&needed, &json!({})).unwrap_err(), [missing]);
        assert!(check_settings(&schema(), &json!([])).is_err());
    }
}
