//! Media types: what the client can read, and what it sent.

use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use mime::{Mime, MimeIter};

use crate::answer::ErrorCode;

use super::refusal::Refusal;

/// The two media types of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: a well-formed request is answered with 200, errors or not.
    Json,
    /// `application/graphql-response+json`: the status says whether there is data.
    GraphqlResponse,
}

impl Media {
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    fn subtype(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Json => ("json", None),
            Self::GraphqlResponse => ("graphql-response", Some("json")),
        }
    }
}

/// The media type that the client likes best, of those that `offers` has. A client that does not say gets
/// `application/json`, as does one that takes everything: that is what clients older than the newer type expect.
pub(super) fn negotiate(headers: &HeaderMap, offers: &[Media]) -> Result<Media, Refusal> {
    if !headers.contains_key(ACCEPT) {
        return Ok(Media::Json);
    }
    let mut accept = Vec::new();
    for value in headers.get_all(ACCEPT) {
        accept.push(value.to_str().map_err(|_| not_acceptable())?);
    }
    let accept = accept.join(",");
    if accept.trim().is_empty() {
        return Ok(Media::Json);
    }
    let ranges: Vec<Mime> = MimeIter::new(&accept).filter_map(Result::ok).collect();
    offers
        .iter()
        .filter_map(|media| Some((preference(*media, &ranges)?, *media)))
        .max_by_key(|(preference, _)| *preference)
        .map(|(_, media)| media)
        .ok_or_else(not_acceptable)
}

/// How much the client wants `media`: by weight, then by how exactly it was named, then the newer type if it was named
/// and the older one if it was not. `None` if it does not want it at all.
fn preference(media: Media, ranges: &[Mime]) -> Option<(u32, u8, bool)> {
    let (exactness, weight) = ranges
        .iter()
        .filter_map(|range| Some((exactness(media, range)?, weight(range))))
        .max()?;
    let named = exactness == EXACT;
    (weight > 0).then_some((
        weight,
        exactness,
        (media == Media::GraphqlResponse) == named,
    ))
}

const EXACT: u8 = 2;

fn exactness(media: Media, range: &Mime) -> Option<u8> {
    let is_utf8 = range
        .get_param(mime::CHARSET)
        .is_none_or(|charset| charset == mime::UTF_8);
    let (subtype, suffix) = media.subtype();
    let suffix_fits = range.suffix().map(|name| name.as_str()) == suffix;
    match (range.type_().as_str(), range.subtype().as_str()) {
        _ if !is_utf8 => None,
        ("*", "*") => Some(0),
        ("application", "*") => Some(1),
        ("application", name) if name == subtype && suffix_fits => Some(EXACT),
        _ => None,
    }
}

/// The `q` of a range in thousandths; one that is no number counts as 1.
fn weight(range: &Mime) -> u32 {
    let q = range
        .get_param("q")
        .and_then(|q| q.as_str().parse::<f32>().ok())
        .unwrap_or(1.0);
    // INVARIANT: the clamp keeps the cast in range; NaN casts to 0, which refuses.
    (q.clamp(0.0, 1.0) * 1_000.0).ceil() as u32
}

fn not_acceptable() -> Refusal {
    let message = "`Accept` leaves no media type to answer in; \
        this server speaks `application/graphql-response+json` and `application/json`";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message)
}

/// Refuses a body that is not JSON in UTF-8. Forms and plain text are what other sites can make a browser send, so they
/// are not read even if JSON is inside.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut content_types = headers.get_all(CONTENT_TYPE).iter();
    let content_type = content_types.next();
    if content_types.next().is_some() {
        return Err(unsupported(
            "there must be one `Content-Type`: it is `application/json`",
        ));
    }
    // What nearly all clients send needs no reading.
    if content_type.is_none_or(|content_type| content_type != "application/json") {
        require_json_type(content_type)?;
    }
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported(
            "the body must not be compressed: leave `Content-Encoding` out",
        ));
    }
    Ok(())
}

fn require_json_type(content_type: Option<&HeaderValue>) -> Result<(), Refusal> {
    let text = content_type.and_then(|value| value.to_str().ok());
    let content_type = text.and_then(|text| text.parse::<Mime>().ok());
    let Some(json) = content_type.filter(|mime| mime.essence_str() == "application/json") else {
        return Err(unsupported(
            "the body must be sent as `Content-Type: application/json`",
        ));
    };
    let charset = json.get_param(mime::CHARSET);
    if charset.is_some_and(|charset| charset != mime::UTF_8) {
        return Err(unsupported(
            "the body must be in UTF-8, as `Content-Type: application/json` says already",
        ));
    }
    Ok(())
}

fn unsupported(message: &str) -> Refusal {
    Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::BadUserInput,
        message,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Media; 2] = [Media::GraphqlResponse, Media::Json];

    fn accept(text: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, text.parse().unwrap());
        negotiate(&headers, &BOTH).ok()
    }

    #[test]
    fn the_client_gets_the_media_type_that_it_likes_best() {
        use Media::{GraphqlResponse, Json};
        let cases = [
            ("application/graphql-response+json", Some(GraphqlResponse)),
            (
                "application/graphql-response+json; charset=utf-8",
                Some(GraphqlResponse),
            ),
            ("application/json", Some(Json)),
            ("APPLICATION/JSON", Some(Json)),
            ("application/json; charset=UTF-8", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            (
                "application/graphql-response+json, application/json",
                Some(GraphqlResponse),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json;q=0.5, application/json",
                Some(Json),
            ),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(GraphqlResponse),
            ),
            (
                "application/graphql-response+json, */*",
                Some(GraphqlResponse),
            ),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("text/html, application/xml;q=0.9, */*;q=0.8", Some(Json)),
            ("text/html, nonsense, application/json;q=0.1", Some(Json)),
            ("text/event-stream", None),
            ("application/json;q=0", None),
            ("application/json; charset=utf-16", None),
            ("application/graphql+json", None),
            ("nonsense", None),
            ("", Some(Json)),
        ];
        for (text, expected) in cases {
            assert_eq!(accept(text), expected, "Accept: {text}");
        }
        assert_eq!(negotiate(&HeaderMap::new(), &BOTH), Ok(Json));
    }

    #[test]
    fn several_accept_headers_count_as_one() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, "text/html".parse().unwrap());
        headers.append(ACCEPT, "application/json".parse().unwrap());
        assert_eq!(negotiate(&headers, &BOTH), Ok(Media::Json));
    }

    #[test]
    fn only_json_bodies_are_read() {
        let check = |name: &'static str, text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
            headers.insert(name, text.parse().unwrap());
            require_json(&headers).is_ok()
        };
        for text in [
            "application/json",
            "application/json; charset=UTF-8",
            "Application/JSON",
        ] {
            assert!(check("content-type", text), "{text}");
        }
        for text in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json; charset=latin1",
            "application/jsonp",
            "",
        ] {
            assert!(!check("content-type", text), "{text}");
        }
        assert!(!check("content-encoding", "gzip"));
        assert!(require_json(&HeaderMap::new()).is_err());
    }
}
