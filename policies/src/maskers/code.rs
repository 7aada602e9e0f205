//! Numbers of a known form, such as ids and account numbers: letters and digits, in groups if somebody wrote them so.

/// The letters and digits, capital, without single spaces and hyphens between them; none if there is anything else.
pub(super) fn compact(text: &str) -> Option<String> {
    let mut code = String::with_capacity(text.len());
    let mut after_sign = false;
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => code.push(c.to_ascii_uppercase()),
            ' ' | '-' if after_sign => {}
            _ => return None,
        }
        after_sign = c.is_ascii_alphanumeric();
    }
    after_sign.then_some(code)
}

/// Writes a number in its own grouping, with so many letters and digits kept at either end.
pub(super) fn push(text: &str, (first, last): (usize, usize), out: &mut String) {
    let count = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    let mut seen = 0;
    out.extend(text.chars().map(|c| {
        if !c.is_ascii_alphanumeric() {
            return c;
        }
        seen += 1;
        if seen <= first || seen + last > count {
            c.to_ascii_uppercase()
        } else {
            '*'
        }
    }));
}
