//! Typst's world: the layouts, the paper's data and pictures, our fonts, and the day on the paper. There is nothing else in it.

use crate::{Failure, fonts::FONTS};
use chrono::{Datelike, NaiveDate};
use std::{collections::HashMap, sync::LazyLock};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

/// Each kind's layout, and what they share.
static LAYOUTS: &[(&str, &str)] = &[
    ("shared", include_str!("../layouts/shared.typ")),
    ("paper", include_str!("../layouts/paper.typ")),
    ("words", include_str!("../layouts/words.typ")),
    ("steps", include_str!("../layouts/steps.typ")),
    ("welcome_packet", include_str!("../layouts/welcome_packet.typ")),
    ("progress_report", include_str!("../layouts/progress_report.typ")),
    ("completion_certificate", include_str!("../layouts/completion_certificate.typ")),
    ("warranty", include_str!("../layouts/warranty.typ")),
    ("custom", include_str!("../layouts/custom.typ")),
    #[cfg(test)]
    ("nonesuch", "#set text(font: \"Nonesuch\")\nHello"),
    #[cfg(test)]
    ("reads", "#read(\"/etc/passwd\")"),
    #[cfg(test)]
    ("imports", "#import \"@preview/cetz:0.3.4\""),
    #[cfg(test)]
    ("today", "#assert.eq(datetime.today().display(), \"2026-06-17\")\nHello"),
];

type Parsed = LazyLock<Source, Box<dyn FnOnce() -> Source + Send>>;

/// Parsed once a process, and only what is asked for: a child makes one paper.
static SOURCES: LazyLock<HashMap<FileId, Parsed>> = LazyLock::new(|| {
    let source = |&(name, text): &(&str, &'static str)| {
        let id = file_id(&format!("{name}.typ")).expect("names of layouts are paths");
        (id, Parsed::new(Box::new(move || Source::new(id, text.to_owned()))))
    };
    LAYOUTS.iter().map(source).collect()
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// What a layout may see.
pub(crate) struct Desk {
    main: FileId,
    files: HashMap<FileId, Bytes>,
    today: NaiveDate,
}

impl Desk {
    /// An empty one for this layout.
    pub(crate) fn new(layout: &str, today: NaiveDate) -> Result<Self, Failure> {
        Ok(Self { main: file_id(&format!("{layout}.typ"))?, files: HashMap::new(), today })
    }

    /// Lays a file on it: `/name` for the layout.
    pub(crate) fn put(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        self.files.insert(file_id(name)?, Bytes::new(bytes));
        Ok(())
    }
}

fn file_id(name: &str) -> Result<FileId, Failure> {
    let path = VirtualPath::new(name).map_err(|error| Failure::Layout(format!("{name}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.get(&id).map(|source| Source::clone(source)).ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let (year, month, day) = parts(self.today)?;
        Datetime::from_ymd(year, month, day)
    }
}

/// The first moment of a day, as Typst has it.
pub(crate) fn datetime(date: NaiveDate) -> Option<Datetime> {
    let (year, month, day) = parts(date)?;
    Datetime::from_ymd_hms(year, month, day, 0, 0, 0)
}

fn parts(date: NaiveDate) -> Option<(i32, u8, u8)> {
    Some((date.year(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst_layout::PagedDocument;

    /// What Typst says to a layout: its errors, or its warnings.
    fn said(layout: &str) -> Vec<String> {
        let desk = Desk::new(layout, NaiveDate::from_ymd_opt(2026, 6, 17).unwrap()).unwrap();
        let compiled = typst::compile::<PagedDocument>(&desk);
        let errors = compiled.output.err().unwrap_or_default();
        errors.iter().chain(&compiled.warnings).map(|diagnostic| diagnostic.message.to_string()).collect()
    }

    #[test]
    fn there_is_no_disk_and_no_package() {
        for layout in ["reads", "imports", "not_a_layout"] {
            let said = said(layout);
            assert!(said.len() == 1 && said[0].contains("access denied"), "{layout}: {said:?}");
        }
    }

    #[test]
    fn today_is_the_day_on_the_paper() {
        assert_eq!(said("today"), Vec::<String>::new());
    }

    #[test]
    fn a_font_that_is_not_there_is_told() {
        assert_eq!(said("nonesuch"), ["unknown font family: nonesuch"]);
    }
}
