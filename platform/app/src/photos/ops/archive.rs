//! All photos of a project as one file, made while it is sent: one photo at a time is in memory, however many there are.

use super::read::{Original, OriginalRow, is_customer};
use crate::{
    events::Event,
    intake::clean_file_name,
    photos::workshop::{self, Room},
    projects::{self, ProjectId},
};
use async_zip::{Compression, ZipDateTimeBuilder, ZipEntryBuilder, tokio::write::ZipFileWriter};
use bytes::Bytes;
use chrono::{Datelike, NaiveDateTime, Timelike};
use futures::{StreamExt, stream, stream::BoxStream};
use kernel::{Caller, Cx, Problem, Result};
use sea_orm::FromQueryResult;
use std::{io, time::Duration};
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio_util::task::AbortOnDropHandle;

/// The most photos of one archive; a house has hundreds.
const MOST: i64 = 10_000;
/// What lies between the making and the sending.
const PIPE: usize = 64 << 10;
/// A reader that takes longer for one photo has gone to sleep, and others wait for the memory.
const PATIENCE: Duration = Duration::from_secs(600);

struct Entry {
    name: String,
    taken_at: NaiveDateTime,
    original: Original,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    original: OriginalRow,
    room: String,
    caption: String,
    taken: NaiveDateTime,
}

/// The archive's name and its bytes, oldest photo first. Staff get the originals as they came; a household gets those it may see, with
/// nothing beside the pictures. That they are read is on record before this answers. An archive that cannot be finished ends in an
/// error, so that nobody takes half of it for all.
pub async fn archive(caller: &Caller, project: ProjectId) -> Result<(String, BoxStream<'static, io::Result<Bytes>>)> {
    let mut cx = caller.begin().await?;
    let (_, name) = projects::ops::names(&cx, [project]).await?.remove(&project).ok_or_else(|| Problem::not_found("project"))?;
    let entries = entries(&cx, project).await?;
    if entries.is_empty() {
        return Err(Problem::conflict("no_photos", "There are no photos yet."));
    }
    cx.record(&Event::PhotosDownloaded { project, count: entries.len() }).await?;
    let plain = is_customer(&cx);
    cx.commit().await?;
    // The first one is opened before the answer begins: what is wrong with key or store can still be said.
    let first = open(caller, &entries[0], plain).await?;
    let (reader, writer) = tokio::io::duplex(PIPE);
    let making = tokio::spawn(write(caller.clone(), entries, first, plain, writer));
    let name = clean_file_name(&format!("{name}, photos.zip")).unwrap_or_else(|_| "photos.zip".to_owned());
    Ok((name, sent(reader, AbortOnDropHandle::new(making)).boxed()))
}

async fn entries(cx: &Cx, project: ProjectId) -> Result<Vec<Entry>> {
    let sql = "SELECT p.file_name, p.media_type, p.bytes, p.sha256, p.sealed_header, p.object_id, p.project_id, p.room, p.caption, \
               coalesce(p.taken_at, p.created_at AT TIME ZONE $4) AS taken FROM photos p \
               WHERE p.project_id = $1 AND p.state = 'ready' AND p.withdrawn_at IS NULL AND (p.visibility = 'client' OR NOT $2) \
               ORDER BY taken, p.id LIMIT $3";
    let zone = cx.tenant().time_zone.name();
    let rows = cx.rows::<Row>(sql, [project.into(), is_customer(cx).into(), MOST.into(), zone.into()]).await?;
    let digits = rows.len().to_string().len().max(2);
    let entry = |(n, row): (usize, Row)| {
        let original = Original::try_from(row.original)?;
        let name = entry_name(&format!("{:0digits$}", n + 1), &row.room, &row.caption, &original.media_type);
        Ok(Entry { name, taken_at: row.taken, original })
    };
    rows.into_iter().enumerate().map(entry).collect()
}

/// `07-Kitchen-New tiles.jpg`: its number makes it unlike all others.
fn entry_name(number: &str, room: &str, caption: &str, media_type: &str) -> String {
    let extension = match media_type {
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        _ => "jpg",
    };
    let part = |text: &str, most: usize| -> String {
        let kept = text.chars().map(|c| if c.is_alphanumeric() || c == ' ' || c == '_' { c } else { ' ' });
        kept.take(most).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let parts = [number.to_owned(), part(room, 40), part(caption, 80)];
    let parts: Vec<_> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    format!("{}.{extension}", parts.join("-"))
}

async fn open(caller: &Caller, entry: &Entry, plain: bool) -> Result<(Vec<u8>, Room)> {
    let room = workshop::room(entry.original.bytes).await?;
    let bytes = if plain { entry.original.picture(caller).await? } else { entry.original.whole(caller).await? };
    Ok((bytes, room))
}

async fn write(
    caller: Caller,
    entries: Vec<Entry>,
    first: (Vec<u8>, Room),
    plain: bool,
    writer: DuplexStream,
) -> Result<(), anyhow::Error> {
    let (mut zip, mut first) = (ZipFileWriter::with_tokio(writer), Some(first));
    for entry in entries {
        let (bytes, _room) = match first.take() {
            Some(opened) => opened,
            None => open(&caller, &entry, plain).await?,
        };
        let at = entry.taken_at;
        let date = ZipDateTimeBuilder::new().year(at.year()).month(at.month()).day(at.day());
        let date = date.hour(at.hour()).minute(at.minute()).second(at.second()).build();
        // Photos are compressed as they are.
        let head = ZipEntryBuilder::new(entry.name.into(), Compression::Stored).last_modification_date(date).unix_permissions(0o644);
        tokio::time::timeout(PATIENCE, zip.write_entry_whole(head, &bytes)).await??;
    }
    tokio::time::timeout(PATIENCE, zip.close()).await??;
    Ok(())
}

/// What comes out of the pipe; where the making has failed it ends in an error and not like a whole file.
fn sent(
    reader: DuplexStream,
    making: AbortOnDropHandle<Result<(), anyhow::Error>>,
) -> impl futures::Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((reader, making), |(mut reader, mut making)| async move {
        let mut chunk = Vec::with_capacity(PIPE);
        if reader.read_buf(&mut chunk).await? > 0 {
            return Ok(Some((Bytes::from(chunk), (reader, making))));
        }
        match (&mut making).await {
            Ok(Ok(())) => Ok(None),
            Ok(Err(error)) => {
                tracing::error!(%error, "an archive of photos broke off");
                Err(io::Error::other(error))
            }
            Err(error) => Err(io::Error::other(error)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(entry_name("07", "Kitchen", "New tiles, by the sink", "image/jpeg"), "07-Kitchen-New tiles by the sink.jpg");
        assert_eq!(entry_name("1", "", "", "image/png"), "1.png");
        assert_eq!(entry_name("1", "../..", "a/b\\c\u{202e}\0", "image/jpeg"), "1-a b c.jpg");
        assert_eq!(entry_name("1", "Küche", "Übergabe", "image/webp"), "1-Küche-Übergabe.webp");
    }
}
