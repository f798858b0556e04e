//! A rule's `when` as SQL over the row (`subject`) and the parents it is joined with.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Value, VisitMut, VisitorMut};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use super::bind::letters;
use super::document::{Case, Rule, Wanted};
use super::path;
use crate::verify::objects::{ForeignKey, Objects, Table};
use crate::verify::template::{fill, literal};

/// Stands for `path under 'name'` while the expression is parsed: both arguments are strings.
const UNDER: &str = "synthgen_under";
/// Longest condition that is parsed, in bytes.
const MAX_LENGTH: usize = 65_536;

/// The row of a table and the parents that conditions ask for.
pub(super) struct Scope<'a> {
    objects: &'a Objects,
    table: &'a Table,
    joins: Vec<Join<'a>>,
}

/// A parent joined to the row: at most one for each row, so no row appears twice.
struct Join<'a> {
    /// Alias of the row that refers.
    from: String,
    key: &'a ForeignKey,
    alias: String,
}

impl<'a> Scope<'a> {
    /// The bare row.
    pub(super) fn new(objects: &'a Objects, table: &'a Table) -> Self {
        Self { objects, table, joins: Vec::new() }
    }

    /// What stands after FROM, once all conditions are known.
    pub(super) fn rows(&self) -> String {
        let joins = self.joins.iter().map(|join| {
            let equal: Vec<String> = join
                .key
                .pairs
                .iter()
                .map(|pair| format!("{}.{} {} {}.{}", join.alias, pair.parent, pair.operator, join.from, pair.child))
                .collect();
            format!("left join {} as {} on {}", join.key.referenced, join.alias, equal.join(" and "))
        });
        std::iter::once(format!("{} as subject", self.table.source)).chain(joins).collect::<Vec<_>>().join(" ")
    }

    /// A condition as SQL.
    pub(super) fn condition(&mut self, text: &str) -> Result<String, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!("a condition of {} bytes is too long", text.len()));
        }
        let mut expression = parse(&call_under(text)?)?;
        let mut translation = Translation { scope: self, depth: 0 };
        match expression.visit(&mut translation) {
            ControlFlow::Continue(()) => Ok(expression.to_string()),
            ControlFlow::Break(reason) => Err(reason),
        }
    }

    /// Whether an optional condition holds, as SQL that is never NULL.
    pub(super) fn holds(&mut self, when: Option<&str>) -> Result<String, String> {
        when.map_or_else(|| Ok("true".into()), |text| Ok(format!("(({}) is true)", self.condition(text)?)))
    }

    /// Whether a rule decides the row, as SQL that is never NULL.
    pub(super) fn taken(&mut self, rule: &Rule) -> Result<String, String> {
        let when = self.holds(rule.when.as_deref())?;
        let Wanted::Cases(cases) = &rule.wanted else { return Ok(when) };
        let any: Result<Vec<String>, String> = cases.iter().map(|Case { when, .. }| self.holds(when.as_deref())).collect();
        Ok(format!("{when} and ({})", any?.join(" or ")))
    }

    /// The alias under which the row at the end of a path of references stands, and its table.
    fn follow(&mut self, segments: &[String]) -> Result<(String, &'a Table), String> {
        let mut at = ("subject".to_owned(), self.table);
        for segment in segments {
            let key = path::reference(self.objects, at.1, segment)?;
            let table = path::referenced(self.objects, key).ok_or_else(|| format!("\"{segment}\" leads out of the target"))?;
            at = (self.join(at.0, key), table);
        }
        Ok(at)
    }

    fn join(&mut self, from: String, key: &'a ForeignKey) -> String {
        if let Some(join) = self.joins.iter().find(|join| join.from == from && join.key.name == key.name) {
            return join.alias.clone();
        }
        let alias = format!("reference_{}", self.joins.len() + 1);
        self.joins.push(Join { from, key, alias: alias.clone() });
        alias
    }

    /// A dotted name as a column of a joined row.
    fn column(&mut self, name: &[String]) -> Result<Expr, String> {
        let (last, before) = name.split_last().ok_or("an empty name")?;
        let (alias, table) = self.follow(self.without_own_name(before))?;
        let column = path::column(table, last)?;
        Ok(Expr::CompoundIdentifier(vec![Ident::new(alias), Ident::with_quote('"', &column.name)]))
    }

    /// A path without the table's own name at its head, unless a reference has that name.
    fn without_own_name<'s>(&self, segments: &'s [String]) -> &'s [String] {
        match segments {
            [first, rest @ ..]
                if path::reference(self.objects, self.table, first).is_err() && letters(first) == letters(&self.table.name) =>
            {
                rest
            }
            _ => segments,
        }
    }

    /// `path under 'name'`: the referenced row of a tree is the named one or below it.
    fn under(&mut self, path: &str, name: &str) -> Result<Expr, String> {
        let segments = super::bind::split(path);
        let (last, before) = segments.split_last().ok_or("an empty path")?;
        let (alias, table) = self.follow(self.without_own_name(before))?;
        let key = path::reference(self.objects, table, last)?;
        let tree = path::referenced(self.objects, key).ok_or_else(|| format!("\"{last}\" leads out of the target"))?;
        let above = tree.foreign_keys.iter().find(|up| up.referenced_oid == tree.oid && up.pairs.len() == 1);
        let ([pair], Some([up])) = (&key.pairs[..], above.map(|up| &up.pairs[..])) else {
            return Err(format!("{} is no tree: it has no single-column reference to itself", tree.qualified));
        };
        let sql = fill(
            include_str!("../../../sql/verify/rule_under.sql"),
            &[
                ("column", &format!("{alias}.{}", pair.child)),
                ("key", &pair.parent),
                ("table", &tree.qualified),
                ("named", &named(tree, &pair.parent, name)),
                ("parent", &up.child),
            ],
        );
        parse(&sql)
    }
}

/// The rows of a tree that a name means: by key, by a unique text, else by its first text column.
fn named(tree: &Table, key: &str, name: &str) -> String {
    let unique = |quoted: &str| tree.keys.iter().any(|key| matches!(&key.parts[..], [part] if part.expression == quoted));
    let textual = || tree.columns.iter().filter(|column| column.category == "S");
    let mut columns: Vec<&str> = textual().map(|column| column.quoted.as_str()).filter(|quoted| unique(quoted)).collect();
    if columns.is_empty() {
        columns.extend(textual().take(1).map(|column| column.quoted.as_str()));
    }
    columns.push(key);
    let same: Vec<String> = columns.iter().map(|column| format!("named.{column}::text = {}", literal(name))).collect();
    same.join(" or ")
}

/// Rewrites `a.b under 'name'` as a call, which SQL can parse.
fn call_under(text: &str) -> Result<String, String> {
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize().map_err(|error| error.to_string())?;
    let mut rewritten: Vec<String> = Vec::new();
    let mut place = 0;
    while let Some(token) = tokens.get(place) {
        let named = is_under(token).then(|| name_after(&tokens, place + 1)).flatten();
        if let Some((next, name)) = named {
            let path = path_before(&mut rewritten);
            rewritten.push(format!("{UNDER}({}, {})", literal(&path), literal(&name)));
            place = next;
        } else {
            rewritten.push(token.to_string());
            place += 1;
        }
    }
    Ok(rewritten.concat())
}

fn is_under(token: &Token) -> bool {
    matches!(token, Token::Word(Word { value, quote_style: None, .. }) if value.eq_ignore_ascii_case("under"))
}

fn name_after(tokens: &[Token], start: usize) -> Option<(usize, String)> {
    let place = (start..tokens.len()).find(|&place| !matches!(tokens[place], Token::Whitespace(_)))?;
    match &tokens[place] {
        Token::SingleQuotedString(name) | Token::Number(name, _) => Some((place + 1, name.clone())),
        _ => None,
    }
}

/// Takes the dotted name at the end of what was written so far.
fn path_before(written: &mut Vec<String>) -> String {
    let mut path = Vec::new();
    while let Some(piece) = written.pop() {
        let is_name = piece == "." || piece.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_' || letter == '"');
        if piece.trim().is_empty() && path.is_empty() {
            continue;
        }
        if !is_name {
            written.push(piece);
            break;
        }
        path.insert(0, piece);
    }
    path.concat()
}

fn parse(text: &str) -> Result<Expr, String> {
    let unreadable = |error: sqlparser::parser::ParserError| format!("the condition cannot be read: {error}");
    let dialect = PostgreSqlDialect {};
    let mut parser = Parser::new(&dialect).with_recursion_limit(500).try_with_sql(text).map_err(unreadable)?;
    let expression = parser.parse_expr().map_err(unreadable)?;
    match parser.peek_token().token {
        Token::EOF => Ok(expression),
        rest => Err(format!("the condition cannot be read from {rest} on")),
    }
}

/// Puts columns of joined rows in the place of names, after what is inside an expression was visited.
struct Translation<'s, 'a> {
    scope: &'s mut Scope<'a>,
    depth: u32,
}

impl VisitorMut for Translation<'_, '_> {
    type Break = String;

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<String> {
        self.depth += 1;
        match expression {
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => ControlFlow::Break("a condition holds no subquery".into()),
            _ => ControlFlow::Continue(()),
        }
    }

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<String> {
        self.depth -= 1;
        let translated = match expression {
            Expr::Identifier(name) => Some(self.scope.column(std::slice::from_ref(&name.value))),
            Expr::CompoundIdentifier(names) => {
                let names: Vec<String> = names.iter().map(|name| name.value.clone()).collect();
                Some(self.scope.column(&names))
            }
            Expr::Function(call) if call.name.to_string() == UNDER => {
                under_arguments(&call.args).map(|(path, name)| self.scope.under(&path, &name))
            }
            _ => None,
        };
        match translated {
            None => ControlFlow::Continue(()),
            Some(Ok(replacement)) => {
                *expression = replacement;
                ControlFlow::Continue(())
            }
            Some(Err(reason)) => ControlFlow::Break(reason),
        }
    }
}

fn under_arguments(arguments: &FunctionArguments) -> Option<(String, String)> {
    let FunctionArguments::List(list) = arguments else { return None };
    let text = |place: usize| match list.args.get(place)? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => match &value.value {
            Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    };
    Some((text(0)?, text(1)?))
}
