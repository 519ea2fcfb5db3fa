//! The brand over HTTP, for staff.

use super::{
    BrandingInput, Logo, MAX_UPLOAD,
    logo::too_large,
    ops::{self, BrandingView, PalettePreview},
};
use crate::{callers::Staff, routes::Tag};
use kernel::Result;
use poem::{Body, error::ReadBodyError};
use poem_openapi::{
    Object, OpenApi,
    payload::{Binary, Json},
};

/// The branding endpoints.
pub struct BrandingApi;

/// A colour to try.
#[derive(Object)]
struct PaletteInput {
    /// `#rrggbb`.
    color: String,
}

#[OpenApi(tag = "Tag::Branding")]
impl BrandingApi {
    /// The brand.
    #[oai(path = "/branding", method = "get", operation_id = "get_branding")]
    async fn get(&self, Staff(me): Staff) -> Result<Json<BrandingView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::get(&cx).await?))
    }

    /// Saves the whole brand but for the logo.
    #[oai(path = "/branding", method = "put", operation_id = "change_branding")]
    async fn change(&self, Staff(me): Staff, input: Json<BrandingInput>) -> Result<Json<BrandingView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, input.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Uploads the logo: PNG, JPEG, WebP or GIF, at most 2 MB.
    #[oai(path = "/branding/logo", method = "put", operation_id = "set_logo")]
    async fn set_logo(&self, Staff(me): Staff, upload: Binary<Body>) -> Result<Json<BrandingView>> {
        // Before the bytes are read and worked on.
        me.begin().await?.require(ops::MAY_CHANGE)?;
        let bytes = upload.0.into_bytes_limit(MAX_UPLOAD).await.map_err(|error| match error {
            ReadBodyError::PayloadTooLarge => too_large(),
            error => {
                kernel::Problem::malformed("upload_broken", "The upload broke off before the end. Send the file again.").caused_by(error)
            }
        })?;
        let logo = Logo::prepare(bytes).await?;
        let mut cx = me.begin().await?;
        let view = ops::set_logo(&mut cx, logo).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Removes the logo.
    #[oai(path = "/branding/logo", method = "delete", operation_id = "remove_logo")]
    async fn remove_logo(&self, Staff(me): Staff) -> Result<Json<BrandingView>> {
        let mut cx = me.begin().await?;
        let view = ops::remove_logo(&mut cx).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// What would become of a colour. Nothing is saved.
    #[oai(path = "/branding/palette", method = "post", operation_id = "preview_palette")]
    async fn palette(&self, _me: Staff, input: Json<PaletteInput>) -> Result<Json<PalettePreview>> {
        Ok(Json(ops::preview(&input.0.color)?))
    }
}
