//! Titles of sections: `[schema.table]`, with a mapping by hand where names do not say it:
//! `[dbo.Country -> ecommerce.country; CountryName -> country_name; Iso3 -> -]`.

/// A section's title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    /// The table's name as written.
    pub(super) name: String,
    /// The table it is mapped to by hand.
    pub(super) table: Option<String>,
    /// Headers mapped by hand; `None` leaves a header out.
    pub(super) headers: Vec<(String, Option<String>)>,
}

/// Why a line is no title.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TitleError {
    #[error("the section's title is not closed by ]")]
    Unclosed,
    #[error("the section's title is empty")]
    Empty,
    #[error("\"{0}\" in the section's title is not of the form Header -> column")]
    Mapping(String),
}

/// Reads what follows the `#`, from `[` to `]`.
pub(super) fn read(text: &str) -> Result<Title, TitleError> {
    let inner = text.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or(TitleError::Unclosed)?;
    let mut parts = inner.split(';').map(str::trim);
    let first = parts.next().unwrap_or_default();
    let (name, table) = match arrow(first) {
        Some((name, table)) => (name, Some(table)),
        None => (first.to_owned(), None),
    };
    if name.is_empty() || table.as_ref().is_some_and(String::is_empty) {
        return Err(TitleError::Empty);
    }
    let headers = parts.filter(|part| !part.is_empty()).map(|part| {
        let (header, column) = arrow(part).ok_or_else(|| TitleError::Mapping(part.to_owned()))?;
        if header.is_empty() || column.is_empty() {
            return Err(TitleError::Mapping(part.to_owned()));
        }
        Ok((header, (column != "-").then_some(column)))
    });
    Ok(Title { name, table, headers: headers.collect::<Result<_, _>>()? })
}

fn arrow(text: &str) -> Option<(String, String)> {
    let (left, right) = text.split_once("->")?;
    Some((left.trim().to_owned(), right.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_maps_by_hand() {
        let title = read("[a.B -> c.d; E -> f; G -> -;]").expect("a title");
        assert_eq!((title.name.as_str(), title.table.as_deref()), ("a.B", Some("c.d")));
        assert_eq!(title.headers, [("E".into(), Some("f".into())), ("G".into(), None)]);
        assert_eq!(read("[a]").map(|title| title.table), Ok(None));
    }

    #[test]
    fn what_is_no_title_says_why() {
        assert_eq!(read("[a"), Err(TitleError::Unclosed));
        assert_eq!(read("[ ]"), Err(TitleError::Empty));
        assert_eq!(read("[a -> ]"), Err(TitleError::Empty));
        assert_eq!(read("[a; b]"), Err(TitleError::Mapping("b".into())));
    }
}
