//! Looks into PDFs with the tools that readers have: qpdf and poppler's. Without them the checks that need them are skipped, and say so.

use std::{fs, path::Path, process::Command};

/// What a tool says of a PDF; none when the tool is not installed.
pub fn ask(program: &str, args: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("paper.pdf");
    fs::write(&file, pdf).expect("the folder takes a file");
    run(program, args, &file)
}

fn run(program: &str, args: &[&str], file: &Path) -> Option<String> {
    let (before, after) = args.split_at(args.iter().position(|&arg| arg == "-").unwrap_or(args.len()));
    let output = match Command::new(program).args(before).arg(file).args(after).output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: {program} cannot be run here ({error})");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program}: {said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

/// Its text, pages apart by form feeds.
pub fn text(pdf: &[u8]) -> Option<String> {
    ask("pdftotext", &["-layout", "-"], pdf)
}

/// The text with single spaces, for phrases that may be broken over lines.
pub fn flow(pdf: &[u8]) -> Option<String> {
    let text = ask("pdftotext", &["-raw", "-"], pdf)?;
    Some(text.replace('\u{200b}', "").split_whitespace().collect::<Vec<_>>().join(" "))
}
