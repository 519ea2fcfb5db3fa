//! Kinds of values: a secret that no log shows, a rate, a network.

use serde::{Deserialize, Deserializer, de};
use std::{fmt, net::IpAddr, num::NonZeroU32, str::FromStr, time::Duration};

/// A text that is never printed. In the configuration either the text or `{ file = "/path" }`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes in a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for where it is used.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text, or nothing if it is empty.
    pub fn get(&self) -> Option<&str> {
        Some(self.expose()).filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(not set)" } else { "(secret)" })
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a text or { file = \"/path\" }")]
        enum Source {
            Text(String),
            File(InFile),
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct InFile {
            file: std::path::PathBuf,
        }
        match Source::deserialize(deserializer)? {
            Source::Text(text) => Ok(Self(text)),
            Source::File(InFile { file }) => match std::fs::read_to_string(&file) {
                Ok(text) => Ok(Self(text.trim_end_matches(['\r', '\n']).to_owned())),
                Err(error) => Err(de::Error::custom(format!("the file {} cannot be read: {error}", file.display()))),
            },
        }
    }
}

/// So many at once, refilled evenly over a period: `10/5m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub count: NonZeroU32,
    /// How long until all of them are there again.
    pub period: Duration,
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is no rate; write 10/5m for ten at once, refilled over five minutes");
        let (count, period) = text.split_once('/').ok_or_else(bad)?;
        let unit = period.chars().next_back().ok_or_else(bad)?;
        let number: u64 = period.strip_suffix(unit).and_then(|n| n.parse().ok()).filter(|n| (1..=1000).contains(n)).ok_or_else(bad)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(bad()),
        };
        Ok(Self { count: count.parse().map_err(|_| bad())?, period: Duration::from_secs(number * seconds) })
    }
}

/// A network: an address, or an address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    address: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Whether the address is in the network. An IPv4 address in IPv6 clothes is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same_prefix(u128::from(u32::from(a)) << 96, u128::from(u32::from(b)) << 96, self.bits),
            (IpAddr::V6(a), IpAddr::V6(b)) => same_prefix(a.into(), b.into(), self.bits),
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, bits: u8) -> bool {
    bits == 0 || (a ^ b) >> (128 - u32::from(bits)) == 0
}

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| bad())?;
        if bits > most { Err(bad()) } else { Ok(Self { address, bits }) }
    }
}

macro_rules! from_text {
    ($type:ty) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}
from_text!(Rate);
from_text!(Cidr);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        let rate: Rate = "10/5m".parse().expect("a rate");
        assert_eq!((rate.count.get(), rate.period), (10, Duration::from_secs(300)));
        for bad in ["", "10", "0/5m", "10/", "10/m", "10/5", "10/0m", "-1/5m", "10/5w", "10/5é", "a/b", "10/99999999999999999999d"] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn networks() {
        let inside = |net: &str, ip: &str| net.parse::<Cidr>().expect("a network").contains(ip.parse().expect("an address"));
        assert!(inside("10.0.0.0/8", "10.255.1.2") && !inside("10.0.0.0/8", "11.0.0.1"));
        assert!(inside("10.0.0.0/8", "::ffff:10.1.1.1"));
        assert!(inside("127.0.0.1", "127.0.0.1") && !inside("127.0.0.1", "127.0.0.2"));
        assert!(inside("0.0.0.0/0", "8.8.8.8") && !inside("0.0.0.0/0", "::1"));
        assert!(inside("2001:db8::/32", "2001:db8:1::1") && !inside("2001:db8::/32", "2001:db9::1"));
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "x", "10.0.0.0/"] {
            assert!(bad.parse::<Cidr>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "(secret)");
        assert_eq!(Secret::default().get(), None);
    }
}
