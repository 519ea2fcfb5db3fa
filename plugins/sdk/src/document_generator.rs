//! The world `document-generator`: makes a document for a project.

#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "document-generator",
        pub_export_macro: true,
        default_bindings_module: "plumbline_plugin::bindings",
        runtime_path: "wit_bindgen::rt",
        generate_all,
    });
}

pub use bindings::exports::plumbline::plugin::documents::{
    Align, Block, Column, Content, Fact, Output as Document, Request, Section, Signature, Table,
};
use bindings::plumbline::plugin::projects::Project;

/// What a document generator does.
pub trait DocumentGenerator {
    /// Makes the document. The error's text is shown to the company's staff.
    fn generate(request: Request, project: &Project) -> Result<Document, String>;
}

/// Exports a type that implements [`DocumentGenerator`].
#[macro_export]
macro_rules! document_generator {
    ($plugin:ty) => {
        const _: () = {
            struct Exported;
            impl $crate::bindings::exports::plumbline::plugin::documents::Guest for Exported {
                fn generate(request: $crate::Request, project: &$crate::Project) -> Result<$crate::Document, String> {
                    <$plugin as $crate::DocumentGenerator>::generate(request, project)
                }
            }
    $crate::bindings::export!(Exported with_types_in $crate::bindings);
        };
    };
}

impl From<Content> for Document {
    fn from(content: Content) -> Self {
        Self::Content(content)
    }
}

impl Fact {
    /// A label and its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

impl Column {
    /// A column of texts.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Start }
    }

    /// A column of numbers.
    pub fn numbers(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::End }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self {
            title: String::new(),
            subtitle: String::new(),
            intro: Vec::new(),
            facts: Vec::new(),
            covered: Vec::new(),
            not_covered: Vec::new(),
            sections: Vec::new(),
            signatures: Vec::new(),
        }
    }
}
