//! Typst's world: the layouts, the paper's data and pictures, our fonts, and the day on the paper. There is nothing else in it.

use crate::{Failure, Kind, fonts::FONTS};
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
static LAYOUTS: [(&str, &str); 7] = [
    ("shared", include_str!("../layouts/shared.typ")),
    ("words", include_str!("../layouts/words.typ")),
    ("steps", include_str!("../layouts/steps.typ")),
    ("welcome_packet", include_str!("../layouts/welcome_packet.typ")),
    ("progress_report", include_str!("../layouts/progress_report.typ")),
    ("completion_certificate", include_str!("../layouts/completion_certificate.typ")),
    ("warranty", include_str!("../layouts/warranty.typ")),
];

/// Parsed once a process.
static SOURCES: LazyLock<HashMap<FileId, Source>> = LazyLock::new(|| {
    let source = |&(name, text): &(&str, &str)| {
        let id = file_id(&format!("{name}.typ")).expect("names of layouts are paths");
        (id, Source::new(id, text.to_owned()))
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
    pub(crate) fn new(kind: Kind, today: NaiveDate) -> Result<Self, Failure> {
        Ok(Self { main: file_id(&format!("{}.typ", kind.name()))?, files: HashMap::new(), today })
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
        SOURCES.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.faces.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        datetime(self.today)
    }
}

/// The first moment of a day, as Typst has it.
pub(crate) fn datetime(date: NaiveDate) -> Option<Datetime> {
    Datetime::from_ymd_hms(date.year(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?, 0, 0, 0)
}
