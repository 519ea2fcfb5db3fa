//! Mails that plugins of a company write, and the one about a plugin that does not run.

use kernel::pages::Mail;
use serde::Serialize;

/// To somebody of a household or of the team, in a plugin's words.
#[derive(Debug, Serialize)]
pub struct PluginMail {
    /// How the reader is called.
    pub first_name: String,
    /// The plugin's.
    pub subject: String,
    /// The plugin's.
    pub paragraphs: Vec<String>,
    /// The project, or the company's own pages.
    pub link: String,
}

impl Mail for PluginMail {
    const NAME: &'static str = "plugin";
    fn samples() -> Vec<PluginMail> {
        vec![PluginMail {
            first_name: "Margaret".to_owned(),
            subject: "Your roof is tight".to_owned(),
            paragraphs: vec!["Shingles and ridge are done.".to_owned(), "Tomorrow the gutters follow.".to_owned()],
            link: "https://larkrise.plumbline.example/projects/01985b2e".to_owned(),
        }]
    }
}

/// To a manager: a plugin kept failing.
#[derive(Debug, Serialize)]
pub struct PluginOffMail {
    /// How the reader is called.
    pub first_name: String,
    /// The plugin's title.
    pub plugin: String,
    /// Why, in words.
    pub reason: String,
    /// Where it is seen.
    pub link: String,
}

impl Mail for PluginOffMail {
    const NAME: &'static str = "plugin_off";
    fn samples() -> Vec<PluginOffMail> {
        vec![PluginOffMail {
            first_name: "Dana".to_owned(),
            plugin: "Text messages".to_owned(),
            reason: "Turned off: it failed 5 times in a row. It is tried again every five minutes.".to_owned(),
            link: "https://larkrise.plumbline.example/console/plugins/01985b2e".to_owned(),
        }]
    }
}
