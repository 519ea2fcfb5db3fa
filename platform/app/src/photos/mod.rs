//! Photos of a project: announced, uploaded, looked at and made small; sealed like documents.

kernel::id!(PhotoId, "A photo of a project.");
kernel::id!(ShotId, "A photo that a project needs.");
kernel::id!(PhotoPairId, "The same spot before and after.");
