//! Floating point numbers as Go writes them.

use std::fmt::Write as _;

/// The shortest decimal digits that read back as a number, and where the point lies: `0.d1d2... * 10^point`.
struct Digits {
    negative: bool,
    digits: String,
    point: i32,
}

fn digits(value: f64, single: bool) -> Digits {
    // Rust's `{:e}` gives the shortest digits that round-trip, as Go's precision -1 does.
    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if digits.bytes().all(|digit| digit == b'0') {
        return Digits { negative, digits: "0".to_owned(), point: 1 };
    }
    Digits { negative, digits, point: exponent + 1 }
}

impl Digits {
    /// `d.ddde+dd`, with `width` digits of the exponent at least.
    fn scientific(&self, width: usize) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        text.push_str(&self.digits[..1]);
        if self.digits.len() > 1 {
            text.push('.');
            text.push_str(&self.digits[1..]);
        }
        let exponent = self.point - 1;
        let _ = write!(text, "e{}{:0width$}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
        text
    }

    /// `ddd.ddd`.
    fn fixed(&self) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        if self.point <= 0 {
            text.push_str("0.");
            text.extend(std::iter::repeat_n('0', self.point.unsigned_abs() as usize));
            text.push_str(&self.digits);
            return text;
        }
        let whole = self.point as usize;
        if whole >= self.digits.len() {
            text.push_str(&self.digits);
            text.extend(std::iter::repeat_n('0', whole - self.digits.len()));
        } else {
            text.push_str(&self.digits[..whole]);
            text.push('.');
            text.push_str(&self.digits[whole..]);
        }
        text
    }
}

/// `strconv.FormatFloat(value, 'g', -1, 64)`, which is what `%v` prints: `1e+06`, `8333`, `0.5`, `+Inf`.
pub fn general(value: f64) -> String {
    general_of(value, false)
}

/// The same of a 32-bit number, as sigs.k8s.io/yaml writes keys that are numbers.
pub fn general_single(value: f64) -> String {
    general_of(value, true)
}

fn general_of(value: f64, single: bool) -> String {
    if let Some(word) = special(value) {
        return word.to_owned();
    }
    let digits = digits(value, single);
    // For the shortest form Go decides as if the precision were 6.
    let exponent = digits.point - 1;
    if !(-4..6).contains(&exponent) { digits.scientific(2) } else { digits.fixed() }
}

fn special(value: f64) -> Option<&'static str> {
    match value {
        v if v.is_nan() => Some("NaN"),
        v if v == f64::INFINITY => Some("+Inf"),
        v if v == f64::NEG_INFINITY => Some("-Inf"),
        _ => None,
    }
}

/// A number as `encoding/json` writes it; `None` for those that JSON cannot hold.
pub fn json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    let digits = digits(value, false);
    // Written out between 1e-6 and 1e21, as browsers do.
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        return Some(digits.scientific(1));
    }
    Some(digits.fixed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_go_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (8333.0, "8333"),
            (100_000.0, "100000"),
            (1_000_000.0, "1e+06"),
            (123_456_789.0, "1.23456789e+08"),
            (0.5, "0.5"),
            (-1.25, "-1.25"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(general(value), text);
        }
        assert_eq!(general_single(0.1), "0.1");
    }

    #[test]
    fn json_writes_them_out() {
        for (value, text) in [
            (1_000_000.0, "1000000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (1.5, "1.5"),
        ] {
            assert_eq!(json(value).as_deref(), Some(text));
        }
        assert_eq!(json(f64::NAN), None);
    }
}
