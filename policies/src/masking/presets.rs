//! Ready-made masks that `masking.toml` can name: `preset = "eu-support"`.

/// The presets, as `masking.toml` names them.
pub(super) const NAMES: [&str; 4] = ["cn-display", "eu-support", "partner", "demo"];

/// The masks of a preset, written as in `masking.toml`; what `masking.toml` says itself goes before it.
pub(super) fn text(name: &str) -> Option<&'static str> {
    match name {
        "cn-display" => Some(include_str!("../../presets/cn-display.toml")),
        "eu-support" => Some(include_str!("../../presets/eu-support.toml")),
        "partner" => Some(include_str!("../../presets/partner.toml")),
        "demo" => Some(include_str!("../../presets/demo.toml")),
        _ => None,
    }
}
