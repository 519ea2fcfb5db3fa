//! The photos of a story: announced, uploaded, paired and marked up as staff do it.

use super::{
    drawings,
    rows::ALL,
    stories::{Marked, Picture, Story},
    tell::{Days, update_of},
};
use crate::{
    photos::{
        self, Markup, NewPhoto, NewPhotos, PhotoChange, PhotoId, PhotoState, Shape, ShapeColor, ShapeKind,
        ops::{NewPhotoPair, PhotoFilter, PhotoView},
    },
    projects::ProjectId,
    schedule,
    visibility::Visibility,
};
use anyhow::{Context, Result};
use futures::stream;
use kernel::{Caller, Problem};
use poem_openapi::types::MaybeUndefined;
use std::collections::HashMap;

/// Adds what is missing, the oldest first.
pub(super) async fn fill(manager: &Caller, story: &Story, project: ProjectId, days: &Days) -> Result<()> {
    let mut known = known(manager, project).await?;
    for picture in story.pictures {
        let day = days.day(-picture.back);
        let (hour, minute) = picture.at;
        let bytes = drawings::taken(picture.file, day.and_hms_opt(hour, minute, 0).context("a time of day")?)?;
        let photo = match known.get(picture.file) {
            Some(photo) => photo.clone(),
            None => announce(manager, project, picture, bytes.len(), day).await?,
        };
        if photo.state == PhotoState::Uploading {
            let length = bytes.len() as u64;
            photos::ops::upload(manager, photo.id, Some(length), stream::iter([Ok(bytes.into())])).await?;
        }
        known.insert(picture.file.to_owned(), photo);
    }
    let id = |file: &str| known.get(file).map(|photo| photo.id).with_context(|| format!("there is no photo {file}"));
    let mut cx = manager.begin().await?;
    if let Some(pair) = &story.pair
        && photos::ops::pairs(&cx, project).await?.is_empty()
    {
        let new = NewPhotoPair { before_id: id(pair.before)?, after_id: id(pair.after)?, title: pair.title.into() };
        photos::ops::pair(&mut cx, project, new).await?;
    }
    if let Some(marked) = &story.marked {
        photos::ops::mark_up(&mut cx, id(marked.file)?, markup(marked)).await?;
    }
    cx.commit().await?;
    Ok(())
}

/// The project's photos by the names of their drawings.
async fn known(manager: &Caller, project: ProjectId) -> Result<HashMap<String, PhotoView>, Problem> {
    let cx = manager.begin().await?;
    let all = photos::ops::list(&cx, project, &PhotoFilter::default(), &ALL).await?.items;
    Ok(all.into_iter().map(|photo| (photo.file_name.trim_end_matches(".jpg").to_owned(), photo)).collect())
}

async fn announce(
    manager: &Caller,
    project: ProjectId,
    picture: &Picture,
    bytes: usize,
    day: chrono::NaiveDate,
) -> Result<PhotoView, Problem> {
    let mut cx = manager.begin().await?;
    let phases = schedule::ops::phase_names(&cx, project).await?;
    let shots = photos::ops::shots(&cx, project).await?;
    let file = NewPhoto { file_name: format!("{}.jpg", picture.file), media_type: "image/jpeg".into(), bytes: bytes as u64 };
    let client = picture.visibility == Visibility::Client;
    let new = NewPhotos {
        photos: vec![file],
        visibility: picture.visibility,
        phase_id: phases.get(picture.phase as usize).map(|(id, _)| *id),
        room: picture.room.into(),
        update_id: if client { update_of(&cx, project, day).await? } else { None },
        shot_id: shots.iter().find(|shot| Some(shot.name.as_str()) == picture.shot).map(|shot| shot.id),
    };
    let made = photos::ops::announce(&mut cx, project, new).await?;
    let id: PhotoId = made.items.first().map(|photo| photo.id).ok_or_else(|| Problem::not_found("photo"))?;
    let change = PhotoChange {
        visibility: None,
        phase_id: MaybeUndefined::Undefined,
        room: None,
        caption: Some(picture.caption.into()),
        shot_id: MaybeUndefined::Undefined,
        update_id: MaybeUndefined::Undefined,
    };
    let photo = photos::ops::change(&mut cx, id, change).await?;
    cx.commit().await?;
    Ok(photo)
}

fn markup(marked: &Marked) -> Markup {
    let shape = |kind, [x1, y1, x2, y2]: [f64; 4], text: &str, color| Shape { kind, x1, y1, x2, y2, text: text.into(), color };
    let circle = shape(ShapeKind::Circle, marked.circle, "", ShapeColor::Yellow);
    Markup { shapes: vec![circle, shape(ShapeKind::Arrow, marked.arrow, marked.words, ShapeColor::Red)] }
}
