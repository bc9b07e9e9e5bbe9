//! Plain scalars as Helm's YAML library (go-yaml 2, YAML 1.1) reads them.

/// What a scalar means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar {
    /// `~`, `null`, nothing.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool(bool),
    /// `1`, `0x1f`, `0644`, `1_000`.
    Int(i64),
    /// An integer above the largest `i64`.
    Uint(u64),
    /// `1.5`, `1e3`, `.inf`.
    Float(f64),
    /// Everything else.
    Str,
}

/// What a plain scalar without a tag means.
pub(crate) fn resolve(text: &str) -> Scalar {
    let Some(first) = text.bytes().next() else { return Scalar::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'.' => match special(text) {
            Some(value) => Scalar::Float(value),
            None => float(text),
        },
        b'+' | b'-' | b'0'..=b'9' => match special(text) {
            Some(value) => Scalar::Float(value),
            None => number(text),
        },
        _ => Scalar::Str,
    }
}

fn word(text: &str) -> Scalar {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => Scalar::Str,
    }
}

fn special(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn number(text: &str) -> Scalar {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.as_bytes().first() {
        Some(b'-') => (true, &plain[1..]),
        Some(b'+') => (false, &plain[1..]),
        _ => (false, plain.as_str()),
    };
    if let Some(value) = integer(digits) {
        if negative {
            if value <= 1 << 63 {
                return Scalar::Int((value as i64).wrapping_neg());
            }
        } else if let Ok(value) = i64::try_from(value) {
            return Scalar::Int(value);
        } else if plain.as_bytes().first() != Some(&b'+') {
            // Go's ParseUint takes no sign.
            return Scalar::Uint(value);
        }
    }
    float(&plain)
}

/// Digits with Go's prefixes: `0x`, `0b`, `0o`, and `0` for octal.
fn integer(digits: &str) -> Option<u64> {
    let bytes = digits.as_bytes();
    let (radix, rest) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // from_str_radix would take a sign of its own.
    if !rest.bytes().next()?.is_ascii_alphanumeric() {
        return None;
    }
    u64::from_str_radix(rest, radix).ok()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn float(text: &str) -> Scalar {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_good = match mantissa.split_once('.') {
        Some((whole, part)) => all_digits(whole) && all_digits(part) && !(whole.is_empty() && part.is_empty()),
        None => !mantissa.is_empty() && all_digits(mantissa),
    };
    let exponent_good = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    if !mantissa_good || !exponent_good {
        return Scalar::Str;
    }
    // What is out of range stays a word.
    text.parse::<f64>().ok().filter(|value| value.is_finite()).map_or(Scalar::Str, Scalar::Float)
}

/// Whether a word needs quotes so that go-yaml reads it back as a word.
pub(crate) fn needs_quotes(text: &str) -> bool {
    resolve(text) != Scalar::Str || is_timestamp(text) || is_base60(text)
}

/// `1:30`, which YAML 1.1 took for a number.
fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or("");
    if !first.starts_with(|c: char| c.is_ascii_digit()) || !first.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        return false;
    }
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else { return false };
    let sixty = |part: &str| matches!(part.as_bytes(), [b'0'..=b'5', b'0'..=b'9'] | [b'0'..=b'9']);
    let (last, fraction) = match last.split_once('.') {
        Some((last, fraction)) => (last, fraction),
        None => (*last, ""),
    };
    middle.iter().all(|part| sixty(part)) && sixty(last) && fraction.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

/// The four forms of a date that go-yaml knows: `2006-1-2`, with a time behind `T`, `t` or a space.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((bytes[at], &text[at + 1..]))),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let short = |part: Option<&str>, most: u32| -> Option<u32> {
        let part = part.filter(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse().ok().filter(|number| *number <= most)
    };
    let (Some(year), Some(month), Some(day)) =
        (year.and_then(|y| y.parse::<u32>().ok()), short(month, 12), short(day, 31))
    else {
        return false;
    };
    if parts.next().is_some() || month == 0 || day == 0 || day > days(year, month) {
        return false;
    }
    match time {
        None => true,
        Some((b' ', time)) => clock(time) == Some(""),
        Some((_, time)) => clock(time).is_some_and(zone),
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// `15:4:5` with a fraction; returns what is left.
fn clock(text: &str) -> Option<&str> {
    let mut rest = text;
    for (index, most) in [23, 59, 59].into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(':')?;
        }
        let end = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
        if end == 0 || rest[..end].parse::<u32>().ok()? > most {
            return None;
        }
        rest = &rest[end..];
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let end = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if end == 0 {
            return None;
        }
        rest = &fraction[end..];
    }
    Some(rest)
}

/// `Z` or `+07:00`.
fn zone(text: &str) -> bool {
    let hours = |h: &[u8]| h.iter().all(u8::is_ascii_digit);
    text == "Z"
        || matches!(text.as_bytes(), [b'+' | b'-', h1, h2, b':', m1, m2] if hours(&[*h1, *h2]) && hours(&[*m1, *m2])
            && (h1 - b'0') * 10 + (h2 - b'0') <= 24 && (m1 - b'0') * 10 + (m2 - b'0') < 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_mean_what_helm_reads() {
        for (text, scalar) in [
            ("", Scalar::Null),
            ("~", Scalar::Null),
            ("on", Scalar::Bool(true)),
            ("n", Scalar::Bool(false)),
            ("yEs", Scalar::Str),
            ("0644", Scalar::Int(420)),
            ("-012", Scalar::Int(-10)),
            ("08", Scalar::Float(8.0)),
            ("0o17", Scalar::Int(15)),
            ("0b101", Scalar::Int(5)),
            ("1_000", Scalar::Int(1000)),
            ("0_7", Scalar::Int(7)),
            ("1__0", Scalar::Int(10)),
            ("685_230.15", Scalar::Float(685_230.15)),
            ("1e3", Scalar::Float(1000.0)),
            ("1e400", Scalar::Str),
            ("12e", Scalar::Str),
            ("1:30", Scalar::Str),
            ("2001-01-01", Scalar::Str),
            (".5", Scalar::Float(0.5)),
            (".", Scalar::Str),
            ("+.inf", Scalar::Float(f64::INFINITY)),
            ("9223372036854775808", Scalar::Uint(1 << 63)),
            ("-9223372036854775808", Scalar::Int(i64::MIN)),
            ("0x", Scalar::Str),
            ("-", Scalar::Str),
            ("=", Scalar::Str),
        ] {
            assert_eq!(resolve(text), scalar, "{text:?}");
        }
    }

    #[test]
    fn what_reads_as_something_else_is_quoted() {
        for text in ["1:30", "-1:30:59.5", "2001-1-1", "2001-12-14t21:59:43.10Z", "2001-12-14 21:59:43", "y", "08"] {
            assert!(needs_quotes(text), "{text}");
        }
        for text in ["1:60", "2001-13-01", "2001-02-30", "2001-1-1-1", "a:30", "1:a", "2001-12-14 21:59:43Z", "v1"] {
            assert!(!needs_quotes(text), "{text}");
        }
    }
}
