//! `ip`: `203.0.113.9` -> `203.0.113.0/24`; `2001:db8:1:2::3` -> `2001:db8:1::/48`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "ip",
    summary: "shows the network that an IP address is in",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "24 bits of an IPv4 address (of one inside an IPv6 address as well), 48 of an IPv6 address; no port; nothing of what is no address",
    budget: Budget::Network {
        v4: MOST_V4,
        v6: MOST_V6,
    },
    params: &[
        Parameter {
            name: "v4",
            meaning: "how many bits of an IPv4 address are shown, 8 to 24; 24 when left out",
        },
        Parameter {
            name: "v6",
            meaning: "how many bits of an IPv6 address are shown, 16 to 48; 48 when left out",
        },
    ],
    examples: &["", "v4 = 8\nv6 = 16"],
    build,
};

const MOST_V4: u8 = 24;
const MOST_V6: u8 = 48;

#[derive(Debug)]
struct Ip {
    v4: u32,
    v6: u32,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let bits = |parameter, least: i64, most: u8| {
        let most = i64::from(most);
        params
            .integer(parameter, least..=most, Some(most))
            .map(|bits| u32::try_from(bits).unwrap_or(0))
    };
    Ok(Arc::new(Ip {
        v4: bits("v4", 8, MOST_V4)?,
        v6: bits("v6", 16, MOST_V6)?,
    }))
}

impl Masker for Ip {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        let address = text
            .parse::<IpAddr>()
            .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
        let shown = match address {
            Ok(IpAddr::V4(address)) => self.v4_network(address),
            Ok(IpAddr::V6(address)) => match embedded(address) {
                Some(address) => self.v4_network(address),
                None => self.v6_network(address),
            },
            Err(_) => return hide(out),
        };
        out.push_str(&shown);
        Masked::Text
    }
}

impl Ip {
    fn v4_network(&self, address: Ipv4Addr) -> String {
        let mask = u32::MAX.checked_shl(32 - self.v4).unwrap_or(0);
        format!("{}/{}", Ipv4Addr::from(u32::from(address) & mask), self.v4)
    }

    fn v6_network(&self, address: Ipv6Addr) -> String {
        let mask = u128::MAX.checked_shl(128 - self.v6).unwrap_or(0);
        format!("{}/{}", Ipv6Addr::from(u128::from(address) & mask), self.v6)
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, or behind a 6to4 router, where it lies in the bits that are shown.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    address
        .to_ipv4_mapped()
        .or_else(|| match address.segments() {
            [0x2002, high, low, ..] => {
                Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
            }
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    #[test]
    fn the_network_is_shown() {
        assert_table(
            "ip",
            "",
            &[
                ("203.0.113.9", "203.0.113.0/24"),
                ("255.255.255.255", "255.255.255.0/24"),
                ("2001:db8:1:2::3", "2001:db8:1::/48"),
                ("2001:0DB8:0001:0002:0000:0000:0000:0003", "2001:db8:1::/48"),
                ("::1", "::/48"),
                ("203.0.113.9:8080", "203.0.113.0/24"),
                ("[2001:db8:1:2::3]:443", "2001:db8:1::/48"),
                (" 203.0.113\u{200B}.9 ", "203.0.113.0/24"),
                ("２０３．０．１１３．９", "203.0.113.0/24"),
            ],
        );
        assert_table(
            "ip",
            "v4 = 8\nv6 = 33",
            &[
                ("203.0.113.9", "203.0.0.0/8"),
                ("2001:db8:ffff::1", "2001:db8:8000::/33"),
            ],
        );
    }

    #[test]
    fn an_address_within_an_address_is_masked_as_such() {
        assert_table(
            "ip",
            "",
            &[
                ("::ffff:203.0.113.9", "203.0.113.0/24"),
                ("::ffff:cb00:7109", "203.0.113.0/24"),
                // 6to4: all of it lies in the first 48 bits
                ("2002:cb00:7109::1", "203.0.113.0/24"),
                ("64:ff9b::203.0.113.9", "64:ff9b::/48"),
            ],
        );
    }

    #[test]
    fn what_is_no_address_is_hidden_whole() {
        assert_hidden(
            "ip",
            "",
            &[
                "",
                "203.0.113",
                "203.0.113.256",
                "0203.0.113.9",
                "203.0.113.9/24",
                "203.0.113.9, 198.51.100.7",
                "fe80::1%eth0",
                "2001:db8::1::2",
                "localhost",
                "0xcb007109",
                "3405803785",
            ],
        );
        assert_eq!(
            error_of("ip", "v4 = 25"),
            "parameter `v4` of masker `ip` must be a whole number from 8 up to 24"
        );
        assert_eq!(
            error_of("ip", "v6 = 64"),
            "parameter `v6` of masker `ip` must be a whole number from 16 up to 48"
        );
    }
}
