//! Small values sealed under the tenant's key that are kept in a row of the database instead of the bucket.

use super::{Files, FilesError};
use crate::{ObjectRef, Tenant};
use bytes::BytesMut;
use envelope::{FRAME_LEN, Header, Opener, Parsed, Sealer};

impl Files {
    /// Seals a value; the answer is a whole message, to be kept in the row that `object` names.
    pub async fn seal_value(&self, tenant: &Tenant, object: &ObjectRef, value: &[u8]) -> Result<Vec<u8>, FilesError> {
        let context = object.context(tenant);
        let (key, wrapped) = self.keys.data_key(tenant, &context).await?;
        let mut message_id = [0; 32];
        aws_lc_rs::rand::fill(&mut message_id).map_err(|_| FilesError::Store("no randomness".into()))?;
        let (mut sealer, header) = Sealer::new(&key, &context, &[wrapped], FRAME_LEN, message_id).map_err(damaged)?;
        let mut out = BytesMut::from(&header[..]);
        sealer.update(value, &mut out).map_err(damaged)?;
        sealer.finish(&mut out).map_err(damaged)?;
        Ok(out.to_vec())
    }

    /// Opens a value that was sealed for this object.
    pub async fn open_value(&self, tenant: &Tenant, object: &ObjectRef, sealed: &[u8]) -> Result<Vec<u8>, FilesError> {
        let context = object.context(tenant);
        let (header, used) = match Header::parse(sealed).map_err(damaged)? {
            Parsed::Whole { header, used } => (header, used),
            Parsed::Incomplete => return Err(FilesError::Damaged("its header is cut short".into())),
        };
        if header.context() != &context {
            return Err(FilesError::Damaged("it is sealed for another object".into()));
        }
        let key = self.keys.open(tenant, header.data_keys(), &context).await?;
        let mut opener = Opener::new(&header, &key).map_err(damaged)?;
        let mut out = BytesMut::new();
        opener.update(&sealed[used..], &mut out).map_err(damaged)?;
        opener.finish().map_err(damaged)?;
        Ok(out.to_vec())
    }
}

fn damaged(error: envelope::Error) -> FilesError {
    FilesError::Damaged(error.to_string())
}
