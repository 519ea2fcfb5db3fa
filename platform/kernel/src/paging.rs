//! Lists by cursor: newest first, a page at a time, stable while rows come and go.

use crate::problem::{Problem, Result};
use data_encoding::BASE64URL_NOPAD;
use poem_openapi::{
    Object,
    types::{ParseFromJSON, ToJSON, Type},
};
use serde::Serialize;
use uuid::Uuid;

/// The most rows of one page.
pub const MAX_LIMIT: u64 = 100;

/// Which page is asked for.
#[derive(Clone, Debug)]
pub struct Paging {
    /// Rows after this one.
    pub after: Option<Uuid>,
    /// How many.
    pub limit: u64,
}

impl Paging {
    /// From the query's `cursor` and `limit`.
    pub fn parse(cursor: Option<&str>, limit: Option<u64>) -> Result<Self> {
        let after = cursor.map(decode).transpose()?;
        Ok(Self { after, limit: limit.unwrap_or(50).clamp(1, MAX_LIMIT) })
    }
}

/// One page of a list.
#[derive(Clone, Debug, Object, Serialize)]
pub struct Page<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    /// The rows.
    pub items: Vec<T>,
    /// What to send as `cursor` for the page after this one; null at the end.
    pub next: Option<String>,
}

impl<T: Type + ParseFromJSON + ToJSON + Send + Sync> Page<T> {
    /// From up to `limit + 1` rows; the one too many says that there is a next page.
    pub fn new<R>(mut rows: Vec<R>, paging: &Paging, id: impl Fn(&R) -> Uuid, view: impl FnMut(R) -> T) -> Self {
        let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| encode(id(last)));
        Self { items: rows.into_iter().map(view).collect(), next }
    }
}

fn encode(id: Uuid) -> String {
    BASE64URL_NOPAD.encode(id.as_bytes())
}

fn decode(cursor: &str) -> Result<Uuid> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok();
    let id = bytes.and_then(|b| Uuid::from_slice(&b).ok());
    id.ok_or_else(|| Problem::invalid("cursor", "cursor_unknown", "This page cursor is not one of ours. Start again without it."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_too_many_becomes_the_cursor() {
        let paging = Paging { after: None, limit: 2 };
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        let page = Page::new(ids.clone(), &paging, |id| *id, |id| id.to_string());
        assert_eq!(page.items.len(), 2);
        let next = Paging::parse(page.next.as_deref(), None).unwrap();
        assert_eq!(next.after, Some(ids[1]));
        assert!(Page::new(ids[..2].to_vec(), &paging, |id| *id, |id| id.to_string()).next.is_none());
        assert_eq!(Paging::parse(Some("…"), None).unwrap_err().code(), "cursor_unknown");
    }
}
