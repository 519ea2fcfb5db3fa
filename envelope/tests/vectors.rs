//! Messages that AWS's own command-line tool (aws-encryption-sdk-cli 4.3.0) wrote, with the data keys they were made
//! with: opened here, and written again to the same bytes.

mod common;

use bytes::BytesMut;
use common::{header, plain};
use data_encoding::HEXLOWER;
use envelope::{DataKey, Opener, Sealer};

#[test]
fn stock_messages_are_opened_and_reproduced() {
    for (len, message, key) in [
        (0, &include_bytes!("vectors/stock-0.message")[..], "421568896dffe345d99b6ee1147440346ea1babe2702c27ffa56965059694a36"),
        (256, include_bytes!("vectors/stock-256.message"), "205b34b85eba78adc12283293a709ea1c6e019bbd237eb2ae14914c0c2f4b842"),
        (300, include_bytes!("vectors/stock-300.message"), "d2abb498c42ab8e6bb708174d9948a8a189b226abddb57e39019f2e0ef2f498c"),
    ] {
        let key = DataKey::try_from(&HEXLOWER.decode(key.as_bytes()).unwrap()[..]).unwrap();
        let header = header(message).unwrap();
        assert_eq!(header.context()["purpose"], "document");
        assert_eq!(header.frame_len(), 128);

        let mut opener = Opener::new(&header, &key).unwrap();
        let mut opened = BytesMut::new();
        opener.update(&message[header.bytes().len()..], &mut opened).unwrap();
        opener.finish().unwrap();
        assert_eq!(opened, plain(len));

        let (mut sealer, head) = Sealer::new(&key, header.context(), header.data_keys(), header.frame_len(), *header.message_id()).unwrap();
        let mut sealed = BytesMut::from(&head[..]);
        sealer.update(&opened, &mut sealed).unwrap();
        sealer.finish(&mut sealed).unwrap();
        assert_eq!(sealed, message, "{len} bytes are written differently");
    }
}
