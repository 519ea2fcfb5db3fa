//! Cuts pieces of a known length out of bytes that arrive in any portions.

/// Keeps the beginning of a piece until the rest of it has arrived. A piece that arrives whole is not copied.
#[derive(Default)]
pub(crate) struct Gather {
    kept: Vec<u8>,
    spent: bool,
}

impl Gather {
    /// The next `len` bytes, as soon as they are there. Until then all of `input` is kept; memory grows with the bytes
    /// that arrive and not with what they announce. Ask for the same `len` until it has come.
    pub(crate) fn take<'a, 'b: 'a>(&'a mut self, input: &mut &'b [u8], len: usize) -> Option<&'a [u8]> {
        if self.spent {
            self.kept.clear();
            self.spent = false;
        }
        if self.kept.is_empty()
            && let Some((piece, rest)) = input.split_at_checked(len)
        {
            *input = rest;
            return Some(piece);
        }
        let (piece, rest) = input.split_at(input.len().min(len - self.kept.len()));
        self.kept.extend_from_slice(piece);
        *input = rest;
        self.spent = self.kept.len() == len;
        self.spent.then_some(&self.kept[..])
    }

    /// What has arrived of a piece that is not whole yet.
    pub(crate) fn rest(&self) -> &[u8] {
        if self.spent { &[] } else { &self.kept }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_same_however_the_bytes_arrive() {
        let bytes: Vec<u8> = (0..=255).collect();
        for portion in 1..=bytes.len() {
            let (mut gather, mut lens) = (Gather::default(), [4, 0, 12, 200, 40].into_iter().peekable());
            let mut found = Vec::new();
            for mut input in bytes.chunks(portion) {
                while let Some(&len) = lens.peek()
                    && let Some(piece) = gather.take(&mut input, len)
                {
                    assert_eq!(piece.len(), len);
                    found.extend_from_slice(piece);
                    lens.next();
                }
            }
            assert_eq!(found, bytes, "portions of {portion}");
        }
    }
}
