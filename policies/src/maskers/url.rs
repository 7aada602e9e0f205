//! `url`: `https://alice:secret@example.com/reset/4477?token=abc` -> `https://example.com/reset/***?token=***`.

use std::sync::Arc;

use url::{Host, Url};

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The schemes of addresses that have a host and a path; what others mean is not known here.
const SCHEMES: &[&str] = &["http", "https", "ftp", "ws", "wss"];
/// The most steps of a path and the most parameters that are looked at.
const MOST: usize = 16;
/// A longer step of a path or name of a parameter is no word.
const LONGEST_WORD: usize = 32;
const HIDDEN: &str = "***";

pub(super) const DECLARATION: Declaration = Declaration {
    name: "url",
    summary: "shows where a web address leads without user, values and fragment",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "scheme, the name of the host (which alone names the owner of a personal one) and port; steps of the path and names of parameters that are words of ASCII letters; never user, password, values, fragment or an IP address",
    budget: Budget::Web,
    params: &[Parameter {
        name: "path",
        meaning: "`keep` shows the words of the path, `hide` none; `keep` when left out",
    }],
    examples: &["", "path = \"hide\""],
    build,
};

#[derive(Debug)]
struct WebAddress {
    show_path: bool,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let show_path = params.choice("path", &[("keep", true), ("hide", false)], Some(true))?;
    Ok(Arc::new(WebAddress { show_path }))
}

impl Masker for WebAddress {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let url = tidy_compatible(text)
            .and_then(|text| Url::parse(&text).ok())
            .filter(|url| SCHEMES.contains(&url.scheme()));
        match url.and_then(|url| self.write(&url, out)) {
            Some(()) => Masked::Text,
            None => hide(out),
        }
    }
}

impl WebAddress {
    fn write(&self, url: &Url, out: &mut String) -> Option<()> {
        out.push_str(url.scheme());
        out.push_str("://");
        out.push_str(match url.host()? {
            Host::Domain(name) => name,
            // of a person's machine, as like as not
            Host::Ipv4(_) | Host::Ipv6(_) => HIDDEN,
        });
        if let Some(port) = url.port() {
            out.push_str(&format!(":{port}"));
        }
        self.write_path(url, out);
        write_query(url, out);
        Some(())
    }

    fn write_path(&self, url: &Url, out: &mut String) {
        if url.path() == "/" {
            out.push('/');
        } else if self.show_path {
            for step in url.path_segments().into_iter().flatten().take(MOST) {
                out.push('/');
                out.push_str(if step.is_empty() { "" } else { shown(step) });
            }
        } else {
            out.push('/');
            out.push_str(HIDDEN);
        }
    }
}

fn write_query(url: &Url, out: &mut String) {
    let pairs = url.query().into_iter().flat_map(|query| query.split('&'));
    for (i, pair) in pairs.take(MOST).enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        // what has no name may be a value
        match pair.split_once('=') {
            Some((name, _)) if shown(name) == name => {
                out.push_str(name);
                out.push('=');
                out.push_str(HIDDEN);
            }
            _ => out.push_str(HIDDEN),
        }
    }
}

/// A word of letters as it is, and nothing of all else: numbers, tokens, addresses, names in other scripts.
fn shown(text: &str) -> &str {
    let is_word = !text.is_empty()
        && text.len() <= LONGEST_WORD
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'));
    if is_word { text } else { HIDDEN }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn the_way_is_shown_without_what_is_personal() {
        assert_table(
            "url",
            "",
            &[
                (
                    "https://alice:secret@example.com/reset/4477?token=abc#top",
                    "https://example.com/reset/***?token=***",
                ),
                ("https://example.com", "https://example.com/"),
                (
                    "HTTP://EXAMPLE.com:8080/a/b/",
                    "http://example.com:8080/a/b/",
                ),
                ("https://alice@example.com/", "https://example.com/"),
                (
                    "https://example.com/users/alice%40b.com/orders",
                    "https://example.com/users/***/orders",
                ),
                (
                    "https://example.com/?alice@b.com&q=1&13812341234=&id=7&",
                    "https://example.com/?***&q=***&***&id=***&***",
                ),
                ("https://example.com/#13812341234", "https://example.com/"),
                (
                    "https://example.com/用户/张三",
                    "https://example.com/***/***",
                ),
                ("https://例子.中国/", "https://xn--fsqu00a.xn--fiqs8s/"),
                (
                    "https://exa\u{200B}mple.com/\u{202E}a",
                    "https://example.com/a",
                ),
                ("https:\\\\example.com\\a", "https://example.com/a"),
            ],
        );
        assert_table(
            "url",
            "path = \"hide\"",
            &[
                ("https://example.com/", "https://example.com/"),
                (
                    "https://example.com/a/b?c=d",
                    "https://example.com/***?c=***",
                ),
            ],
        );
    }

    #[test]
    fn an_address_of_a_machine_is_no_name() {
        assert_table(
            "url",
            "",
            &[
                ("http://203.0.113.9/a", "http://***/a"),
                ("http://0xcb.0x00.0x71.0x09/a", "http://***/a"),
                ("http://3405803785:81/", "http://***:81/"),
                ("http://[2001:db8::1]:81/", "http://***:81/"),
            ],
        );
    }

    #[test]
    fn what_is_no_web_address_is_hidden_whole() {
        assert_hidden(
            "url",
            "",
            &[
                "",
                "example.com/a",
                "//example.com/a",
                "/a/b?c=d",
                "https://",
                "https://exa mple.com/",
                "mailto:alice@b.com",
                "tel:+8613812341234",
                "data:text/plain,alice",
                "javascript:alert(1)",
                "file:///home/alice",
                "ssh://alice@example.com/",
                "see https://example.com/",
            ],
        );
    }
}
