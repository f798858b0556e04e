//! What the values of a meaning must look like, checked without knowing how they were made.

use std::net::IpAddr;
use std::str::FromStr;

/// A check on one value as text.
#[derive(Debug, Clone, PartialEq)]
pub enum Validator {
    /// Anything that is not empty.
    Any,
    /// So many characters, from and to.
    Length(usize, usize),
    /// A number, from and to.
    Number(f64, f64),
    /// `A` capital letter, `a` small letter, `#` digit, `X` capital or digit, `*` the rest.
    Shape(String),
    /// One of these words.
    OneOf(Vec<String>),
    /// local@domain, the domain with a dot.
    Mail,
    /// E.164 or a national spelling: 7 to 15 digits.
    Phone,
    /// A web address with a host.
    Url,
    /// Small letters, digits and single hyphens.
    Slug,
    /// RFC 9562, 8-4-4-4-12.
    Uuid,
    /// IPv4 or IPv6.
    Ip,
    /// Six hexadecimal pairs.
    Mac,
    /// ISO 13616, checked mod 97.
    Iban,
    /// EAN-13 with its check digit.
    Ean,
    /// Major.minor.patch.
    Version,
    /// A name of the time-zone database.
    Zone,
    /// A civil date.
    Date,
    /// An instant or civil time.
    Stamp,
    /// JSON text.
    Json,
}

impl FromStr for Validator {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, detail) = text.split_once(':').unwrap_or((text, ""));
        Ok(match kind {
            "" | "any" => Self::Any,
            "length" => {
                let (from, to) = bounds(detail)?;
                Self::Length(from, to)
            }
            "number" => {
                let (from, to) = bounds(detail)?;
                Self::Number(from, to)
            }
            "shape" => Self::Shape(detail.to_owned()),
            "one_of" => Self::OneOf(detail.split('/').map(str::to_owned).collect()),
            "mail" => Self::Mail,
            "tel" => Self::Phone,
            "web" => Self::Url,
            "kebab" => Self::Slug,
            "rfc9562" => Self::Uuid,
            "internet" => Self::Ip,
            "eui48" => Self::Mac,
            "iso13616" => Self::Iban,
            "ean13" => Self::Ean,
            "semver" => Self::Version,
            "tzdb" => Self::Zone,
            "civil_date" => Self::Date,
            "civil_time" => Self::Stamp,
            "json" => Self::Json,
            _ => return Err(()),
        })
    }
}

impl Validator {
    /// Whether a value is what its meaning promises.
    pub fn accepts(&self, value: &str) -> bool {
        match self {
            Self::Any => !value.trim().is_empty(),
            Self::Length(from, to) => (*from..=*to).contains(&value.chars().count()),
            Self::Number(from, to) => value.parse::<f64>().is_ok_and(|number| number >= *from && number <= *to),
            Self::Shape(shape) => has_shape(shape, value),
            Self::OneOf(words) => words.iter().any(|word| word == value),
            Self::Mail => is_mail(value),
            Self::Phone => is_phone(value),
            Self::Url => is_url(value),
            Self::Slug => is_slug(value),
            Self::Uuid => is_uuid(value),
            Self::Ip => value.split('/').next().is_some_and(|host| host.parse::<IpAddr>().is_ok()),
            Self::Mac => is_mac(value),
            Self::Iban => is_iban(value),
            Self::Ean => is_ean(value),
            Self::Version => is_version(value),
            Self::Zone => jiff::tz::TimeZone::get(value).is_ok(),
            Self::Date => value.parse::<jiff::civil::Date>().is_ok(),
            Self::Stamp => is_stamp(value),
            Self::Json => serde_json::from_str::<serde_json::Value>(value).is_ok(),
        }
    }
}

/// The two ends of `from..to`.
fn bounds<T: FromStr>(detail: &str) -> Result<(T, T), ()> {
    let (from, to) = detail.split_once("..").ok_or(())?;
    Ok((from.parse().map_err(|_| ())?, to.parse().map_err(|_| ())?))
}

fn has_shape(shape: &str, value: &str) -> bool {
    let mut letters = value.chars();
    for expected in shape.chars() {
        if expected == '*' {
            return true;
        }
        let Some(letter) = letters.next() else { return false };
        let fits = match expected {
            'A' => letter.is_ascii_uppercase(),
            'a' => letter.is_ascii_lowercase(),
            '#' => letter.is_ascii_digit(),
            'X' => letter.is_ascii_uppercase() || letter.is_ascii_digit(),
            literal => letter == literal,
        };
        if !fits {
            return false;
        }
    }
    letters.next().is_none()
}

fn is_mail(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._%+-".contains(letter);
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && is_host(domain)
}

fn is_host(domain: &str) -> bool {
    let label = |part: &str| {
        !part.is_empty()
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

fn is_phone(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let spelled = value.chars().all(|letter| letter.is_ascii_digit() || "+()-./ ".contains(letter));
    spelled && (7..=15).contains(&digits)
}

fn is_url(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(is_host) && !value.contains(char::is_whitespace)
}

fn is_slug(value: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    value.split('-').all(part)
}

fn is_uuid(value: &str) -> bool {
    let lengths: Vec<usize> = value.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && value.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
}

fn is_mac(value: &str) -> bool {
    let pair = |pair: &str| pair.len() == 2 && pair.chars().all(|letter| letter.is_ascii_hexdigit());
    value.split(':').count() == 6 && value.split(':').all(pair)
}

/// ISO 13616: country and check digits to the end, letters as 10..35, the whole 1 modulo 97.
fn is_iban(value: &str) -> bool {
    let code: String = value.chars().filter(|letter| *letter != ' ').collect();
    if !(15..=34).contains(&code.len()) || !has_shape("AA##*", &code) {
        return false;
    }
    let remainder = code[4..].chars().chain(code[..4].chars()).try_fold(0_u32, |rest, letter| {
        let digit = letter.to_digit(36)?;
        Some((rest * if digit < 10 { 10 } else { 100 } + digit) % 97)
    });
    remainder == Some(1)
}

/// EAN-13: weights 1 and 3 by turns, the sum a multiple of ten.
fn is_ean(value: &str) -> bool {
    let digits: Option<Vec<u32>> = value.chars().map(|letter| letter.to_digit(10)).collect();
    digits.is_some_and(|digits| {
        let sum: u32 = digits.iter().enumerate().map(|(at, digit)| digit * if at % 2 == 0 { 1 } else { 3 }).sum();
        digits.len() == 13 && sum.is_multiple_of(10)
    })
}

fn is_version(value: &str) -> bool {
    let core = value.strip_prefix('v').unwrap_or(value);
    let core = core.split(['-', '+']).next().unwrap_or(core);
    core.split('.').count() == 3 && core.split('.').all(|part| part.parse::<u32>().is_ok())
}

fn is_stamp(value: &str) -> bool {
    value.parse::<jiff::Timestamp>().is_ok() || value.parse::<jiff::civil::DateTime>().is_ok()
}
