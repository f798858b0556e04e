//! Which meaning a column has: its name against every pattern, homonyms told apart by context.

use super::meaning::{Fields, Meaning, OF_PACK, TypeClass, meanings};
use super::named::possible;
use super::pattern::Pattern;
use super::words::{singular, words};

/// Confidence of a full name that a pattern spells out, before any context.
const EXACT: f64 = 0.88;

/// What is lost where the name fits only without its table's name or common prefix.
const STRIPPED: f64 = 0.02;

/// What a name adds that the table's own words make whole.
const WITH_TABLE: f64 = 0.14;

/// Share of columns that must begin with the same word for it to be a prefix without sense.
const COMMON_PREFIX: f64 = 0.8;

/// Columns that must begin with the same single letter for it to say their type.
const ALIKE_OF_ONE_LETTER: usize = 3;

/// Last words of tables that list kinds of something.
const KINDS: [&str; 3] = ["type", "kind", "category"];

/// What two of the other columns add to the confidence; one adds as little as they do to a bare `name`.
const BESIDE: f64 = 0.12;
const BESIDE_NAMES: f64 = 0.02;

/// What a comment's word adds, less than any name's, and how many of its words may speak.
const BY_COMMENT: f64 = 0.02;
const WORDS_OF_COMMENT: usize = 6;

/// What the table's domain adds: it says little about any one column.
const BY_PACK: f64 = 0.02;

/// Shortest word that is looked for inside a compound of the surroundings.
const SHORTEST_COMPOUND_PART: usize = 5;

/// A column and what surrounds it, all names as the catalog spells them.
#[derive(Debug, Clone, Copy)]
pub struct ColumnContext<'a> {
    /// Name of the table, without its schema.
    pub table_name: &'a str,
    /// Name of the column.
    pub column_name: &'a str,
    /// Class of the column's type.
    pub type_class: TypeClass,
    /// The column's comment.
    pub comment: Option<&'a str>,
    /// Tables that the table's foreign keys refer to.
    pub parent_tables: &'a [&'a str],
    /// Names of the table's other columns.
    pub sibling_columns: &'a [&'a str],
    /// The domain whose words the table speaks, as `data/packs.csv` names it.
    pub pack: Option<&'a str>,
    /// The domains that the table or its schema is certainly of, where that was asked.
    pub fields: Option<&'a [&'a str]>,
}

/// A meaning that was found for a column.
#[derive(Debug, Clone)]
pub struct Match {
    /// The meaning.
    pub meaning: &'static Meaning,
    /// From 0 to 1; below 0.6 it is a guess.
    pub confidence: f64,
    /// What spoke for it, for the plan.
    pub reason: String,
    /// The table's name and the column's in one, or somebody who knows it, said so.
    pub by_table: bool,
}

/// The most likely meaning of a column, if any fits; between equals the registry's first.
pub fn meaning_of(column: &ColumnContext) -> Option<Match> {
    let surroundings = Surroundings::new(column);
    let mut best: Option<Match> = None;
    let named = possible(surroundings.spellings.iter().chain([&surroundings.whole]));
    for meaning in named.into_iter().map(|at| &meanings()[at]).filter(|meaning| meaning.fits(column.type_class)) {
        if let Some(found) = surroundings.judge(meaning)
            && best.as_ref().is_none_or(|best| found.confidence > best.confidence)
        {
            best = Some(found);
        }
    }
    best.map(|found| Match { confidence: found.confidence.clamp(0.01, 0.99), ..found })
}

/// A column's names as singular words.
struct Surroundings {
    /// The column's name, then the same without prefixes that say nothing.
    spellings: Vec<Vec<String>>,
    /// The table's words and the column's.
    whole: Vec<String>,
    table: Vec<String>,
    comment: Vec<String>,
    parents: Vec<String>,
    /// Whole names without blanks: a word of a longer name says little about its neighbours.
    siblings: Vec<String>,
    /// The table's domain, as contexts write it: `@school`.
    pack: Vec<String>,
    /// The domains that are certain, where that was asked, and the one that is likely.
    fields: Option<Fields>,
}

impl Surroundings {
    fn new(column: &ColumnContext) -> Self {
        let table = table_words(column.table_name);
        let siblings: Vec<Vec<String>> = column.sibling_columns.iter().map(|name| singular_words(name)).collect();
        let others = column.sibling_columns.iter().zip(&siblings).filter(|(name, _)| **name != column.column_name);
        let beside = others.map(|(_, words)| words.concat()).collect();
        let spellings = spellings(singular_words(column.column_name), &table, &siblings);
        Self {
            whole: table.iter().chain(&spellings[0]).cloned().collect(),
            spellings,
            comment: column.comment.map(words_of_comment).unwrap_or_default(),
            parents: column.parent_tables.iter().flat_map(|name| table_words(name)).collect(),
            siblings: beside,
            pack: column.pack.map(|pack| format!("{OF_PACK}{pack}")).into_iter().collect(),
            fields: column.fields.map(|certain| Fields {
                certain: certain.iter().map(|&field| field.to_owned()).collect(),
                likely: column.pack.map(str::to_owned),
            }),
            table,
        }
    }

    /// How well a meaning fits, if at all.
    fn judge(&self, meaning: &'static Meaning) -> Option<Match> {
        // A table's words speak against names that need their surroundings to be told apart, not against clear ones.
        let elsewhere = names_against(&self.table, meaning) || names_against(&self.pack, meaning);
        let otherwise = names_against(&self.spellings[0], meaning);
        // What is said in another field holds only where the table's name and the column's in one say so.
        let another = self.fields.as_ref().is_some_and(|fields| meaning.is_of_another(fields, &self.spellings));
        let context = self.context(meaning);
        let (pattern, fit) = meaning
            .names
            .iter()
            .filter(|pattern| !pattern.needs_context || context.is_some() && !elsewhere)
            .filter(|pattern| !another || pattern.of_table && !pattern.needs_context)
            .filter(|pattern| !otherwise || pattern.is_plain())
            .filter_map(|pattern| Some((pattern, self.fit(pattern)?)))
            .fold(None, |best: Option<(&Pattern, f64)>, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })?;
        // Nearly every table has a name: what stands beside it says little about whose name it is.
        let beside = |bonus: f64| if pattern.text == "name" && (bonus - BESIDE).abs() < f64::EPSILON { BESIDE_NAMES } else { bonus };
        let bonus = context.as_ref().map_or(0.0, |(bonus, _)| beside(*bonus));
        let confidence = fit * EXACT + bonus + f64::from(meaning.priority) / 100.0;
        let reason = match context {
            Some((_, word)) => format!("name like {}, near {word}", pattern.text),
            None => format!("name like {}", pattern.text),
        };
        Some(Match { meaning, confidence, reason, by_table: pattern.of_table })
    }

    /// The best fit of a pattern over the column's spellings.
    fn fit(&self, pattern: &Pattern) -> Option<f64> {
        if pattern.of_table {
            let best = [&self.whole, &self.spellings[0]].into_iter().filter_map(|name| pattern.fit(name)).reduce(f64::max)?;
            // A wildcard that finds the table's words has little left to guess.
            return Some(f64::midpoint(best, 1.0) + WITH_TABLE / EXACT);
        }
        self.spellings
            .iter()
            .enumerate()
            .filter(|(at, _)| *at == 0 || !pattern.whole)
            .filter_map(|(at, name)| Some(pattern.fit(name)? - if at == 0 { 0.0 } else { STRIPPED }))
            .fold(None, |best: Option<f64>, next| Some(best.map_or(next, |best| best.max(next))))
    }

    /// The nearest word that speaks for a meaning, and what it adds to the confidence.
    ///
    /// Of the other columns whole names count, and two of them weigh more than the table: a `state` beside `city` and
    /// `zip` is a place, whatever the table is.
    fn context(&self, meaning: &Meaning) -> Option<(f64, String)> {
        let (head, rest) = match self.table.split_last() {
            Some((head, rest)) => (std::slice::from_ref(head), rest),
            None => (&[][..], &[][..]),
        };
        // What has a column of its own says nothing of the others: a `name` beside a `certificate` is whoever holds it.
        let speaks = |name: &&String| meaning.context.iter().any(|near| *name == near) && !meaning.is_called(name);
        let mut beside = self.siblings.iter().filter(speaks);
        let first = beside.next();
        let second = beside.next();
        if let (Some(first), true) = (first, second.is_some()) {
            return Some((BESIDE, first.clone()));
        }
        let (parents, comment, pack) = (self.parents.as_slice(), self.comment.as_slice(), self.pack.as_slice());
        let rings = [(head, 0.10), (rest, 0.06), (parents, 0.03), (comment, BY_COMMENT), (pack, BY_PACK)];
        let named = rings.into_iter().find_map(|(ring, bonus)| {
            let word = ring.iter().find(|word| meaning.context.iter().any(|near| same(word, near)))?;
            Some((bonus, word.clone()))
        });
        named.or_else(|| first.map(|word| (BESIDE_NAMES, word.clone())))
    }
}

/// What a comment says of the thing itself: the first words of its first clause. What follows speaks of who may read it, where
/// it is shown, or what it is not.
fn words_of_comment(comment: &str) -> Vec<String> {
    let clause = comment.split(['.', ';', ':', ',', '(', '\n']).next().unwrap_or_default();
    let mut found = singular_words(clause);
    found.truncate(WORDS_OF_COMMENT);
    found
}

/// Whether any of the words speaks against a meaning.
fn names_against(words: &[String], meaning: &Meaning) -> bool {
    words.iter().any(|word| meaning.not_context.iter().any(|against| same(word, against)))
}

/// Whether a word of the surroundings is the wanted word, or a compound with it.
fn same(word: &str, wanted: &str) -> bool {
    let compound = wanted.len() >= SHORTEST_COMPOUND_PART && !word.starts_with(OF_PACK);
    word == wanted || (compound && (word.starts_with(wanted) || word.ends_with(wanted)))
}

fn singular_words(name: &str) -> Vec<String> {
    words(name).iter().map(|word| singular(word)).collect()
}

/// The words of a table's name without a prefix that only says "table".
fn table_words(name: &str) -> Vec<String> {
    const PREFIXES: [&str; 6] = ["tbl", "tb", "t", "tab", "table", "vw"];
    let mut found = singular_words(name);
    if found.len() > 1 && PREFIXES.contains(&found[0].as_str()) {
        found.remove(0);
    }
    found
}

/// The spellings of a column's name: the whole, and without its table's name.
pub(super) fn spellings_of(table_name: &str, column_name: &str) -> Vec<Vec<String>> {
    spellings(singular_words(column_name), &table_words(table_name), &[])
}

/// The name, and where they differ: without its table's name, without its columns' common prefix, without a prefix that only
/// says what type it is or abbreviates its table.
fn spellings(name: Vec<String>, table: &[String], siblings: &[Vec<String>]) -> Vec<Vec<String>> {
    if names_the_kind(&name, table) {
        return vec![vec!["name".to_owned()]];
    }
    let mut found = vec![name];
    for start in 0..table.len() {
        let owner = &table[start..];
        if let Some(rest) = found[0].strip_prefix(owner)
            && !rest.is_empty()
        {
            let rest = rest.to_vec();
            found.push(rest);
        }
    }
    if let Some(rest) = without_common_prefix(&found[0], siblings).or_else(|| without_short_prefix(&found[0], table, siblings)) {
        found.push(rest);
    }
    found
}

/// Whether a lookup's column repeats what the kinds are of: `link_type.link` holds the kinds' names.
fn names_the_kind(name: &[String], table: &[String]) -> bool {
    table.split_last().is_some_and(|(last, rest)| KINDS.contains(&last.as_str()) && !rest.is_empty() && name == rest)
}

/// The name without its first word where nearly all columns begin with it (`emp_name`, `emp_city`).
fn without_common_prefix(name: &[String], siblings: &[Vec<String>]) -> Option<Vec<String>> {
    let (first, rest) = name.split_first()?;
    let alike = siblings.iter().filter(|sibling| sibling.first() == Some(first)).count();
    let common = siblings.len() >= 3 && alike as f64 >= siblings.len() as f64 * COMMON_PREFIX;
    (common && !rest.is_empty()).then(|| rest.to_vec())
}

/// The name without a first word that is a letter many columns begin with (`s_name`, `s_email`: a type), or the initials of the
/// table's words (`ec_name` of `emp_children`).
fn without_short_prefix(name: &[String], table: &[String], siblings: &[Vec<String>]) -> Option<Vec<String>> {
    let (first, rest) = name.split_first()?;
    let alike = siblings.iter().filter(|sibling| sibling.len() > 1 && sibling[0] == *first).count();
    let of_type = first.len() == 1 && alike >= ALIKE_OF_ONE_LETTER;
    let initials = |words: &[String]| words.iter().filter_map(|word| word.chars().next()).collect::<String>();
    let of_table = (0..table.len().saturating_sub(1)).any(|start| initials(&table[start..]) == *first);
    ((of_type || of_table) && !rest.is_empty()).then(|| rest.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(table_name: &str, column_name: &str, type_class: TypeClass, comment: &str) -> Option<&'static str> {
        let column = ColumnContext {
            table_name,
            column_name,
            type_class,
            comment: Some(comment).filter(|comment| !comment.is_empty()),
            parent_tables: &[],
            sibling_columns: &[],
            pack: None,
            fields: None,
        };
        meaning_of(&column).map(|found| found.meaning.id.as_str())
    }

    #[test]
    fn a_comment_speaks_with_its_first_words_only() {
        let plain = of("entry", "award", TypeClass::Numeric, "");
        assert_eq!(of("entry", "award", TypeClass::Numeric, "Scholarship for one term"), Some("school.grant"));
        for aside in [
            "What was booked. Readable by every role that has GRANT ALL, the scholarship office included",
            "What was booked, never a scholarship or an award",
            "Booked by the clerk who is in charge of it, who also keeps the scholarship list",
        ] {
            assert_eq!(of("entry", "award", TypeClass::Numeric, aside), plain, "{aside}");
        }
    }

    #[test]
    fn a_name_weighs_more_than_a_comment() {
        let alone = of("sensor", "label", TypeClass::Text, "");
        assert_eq!(of("products", "name", TypeClass::Text, "City where it is made"), of("products", "name", TypeClass::Text, ""));
        assert_eq!(of("sensor", "label", TypeClass::Text, "Shown on the film and in the shop"), alone);
    }

    fn beside(table_name: &str, column_name: &str, sibling_columns: &[&str]) -> Option<&'static str> {
        let column = ColumnContext {
            table_name,
            column_name,
            type_class: TypeClass::Text,
            comment: None,
            parent_tables: &[],
            sibling_columns,
            pack: None,
            fields: None,
        };
        meaning_of(&column).map(|found| found.meaning.id.as_str())
    }

    #[test]
    fn a_prefix_that_only_says_a_type_or_abbreviates_the_table_says_nothing_else() {
        let typed = ["i_id", "s_mail", "s_name", "s_site"];
        assert_eq!(beside("t_user", "s_name", &typed), beside("user", "name", &["id", "mail", "site"]));
        assert_ne!(beside("t_user", "s_name", &["id", "mail", "s_name"]), beside("user", "name", &[]));
        assert_eq!(beside("hr_staff_children", "sc_name", &["sc_name"]), beside("hr_staff_children", "name", &[]));
        assert_ne!(beside("hr_staff_children", "xc_name", &["xc_name"]), beside("hr_staff_children", "name", &[]));
    }

    #[test]
    fn a_lookups_column_named_like_its_kinds_holds_their_names() {
        assert_eq!(beside("link_type", "link", &["id", "link"]), beside("link_type", "name", &[]));
        assert_eq!(beside("page", "link", &["id", "link"]), Some("contact.url"));
    }

    #[test]
    fn a_column_with_a_name_of_its_own_says_nothing_of_its_neighbours() {
        assert_eq!(beside("certificates", "name", &["id"]), Some("hr.skill"));
        assert_ne!(beside("welders", "name", &["id", "name", "certification"]), Some("hr.skill"));
        assert_ne!(beside("welders", "name", &["id", "name", "certification", "qualification"]), Some("hr.skill"));
        assert_ne!(beside("arena", "condition", &["id", "condition"]), Some("clinic.diagnosis"));
    }
}
