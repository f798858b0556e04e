//! Text to syntax, by sqlparser, with the two spellings rewritten that it does not read.

use sqlparser::ast::Expr;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Token, Tokenizer, Word};

use super::Unsupported;

/// Longest text that is parsed, in bytes.
const MAX_LENGTH: usize = 65_536;
/// Most tokens: a chain of binary operators is a tree as deep as it is long, and is dropped recursively.
const MAX_TOKENS: usize = 8192;
/// Deepest nesting that is parsed, at 6 kB of stack a level; sqlparser's own 50 refuses ordinary CHECKs.
const MAX_DEPTH: usize = 250;
/// The function that `under` is rewritten to.
pub(super) const UNDER: &str = "under";

/// An expression's syntax, not yet bound to tables.
#[derive(Debug, Clone)]
pub struct Parsed(pub(super) Expr);

/// Parses an expression as PostgreSQL prints it, or as a rule has it.
///
/// Beyond SQL, a rule may say `path under 'name'`.
pub fn parse(text: &str) -> Result<Parsed, Unsupported> {
    if text.len() > MAX_LENGTH {
        return Err(Unsupported::new(format!("expression of {} bytes", text.len())));
    }
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, text).tokenize().map_err(|error| Unsupported::new(error.to_string()))?;
    let tokens = rewrite_under(rewrite_trim(&without_space(tokens)))?;
    if tokens.len() > MAX_TOKENS {
        return Err(Unsupported::new(format!("expression of {} tokens", tokens.len())));
    }
    let mut parser = Parser::new(&dialect).with_recursion_limit(MAX_DEPTH).with_tokens(tokens);
    let syntax = parser.parse_expr().map_err(|error| Unsupported::new(error.to_string()))?;
    match parser.peek_token().token {
        Token::EOF => Ok(Parsed(syntax)),
        token => Err(Unsupported::new(format!("unexpected {token}"))),
    }
}

fn without_space(tokens: Vec<Token>) -> Vec<Token> {
    tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect()
}

fn name(text: &str) -> Token {
    Token::Word(Word { value: text.to_owned(), quote_style: None, keyword: Keyword::NoKeyword })
}

fn is_word(token: Option<&Token>, text: &str) -> bool {
    matches!(token, Some(Token::Word(word)) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

/// `TRIM(BOTH FROM x)`, as PostgreSQL prints it, to `btrim(x)`; LEADING and TRAILING alike.
fn rewrite_trim(tokens: &[Token]) -> Vec<Token> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let rest = &tokens[at..];
        let opens = is_word(rest.first(), "trim") && rest.get(1) == Some(&Token::LParen) && is_word(rest.get(3), "from");
        let function = ["btrim", "ltrim", "rtrim"]
            .into_iter()
            .zip(["both", "leading", "trailing"])
            .find(|(_, side)| opens && is_word(rest.get(2), side))
            .map(|(function, _)| function);
        if let Some(function) = function {
            out.extend([name(function), Token::LParen]);
            at += 4;
        } else {
            out.push(tokens[at].clone());
            at += 1;
        }
    }
    out
}

/// `a.b under 'x'` to `under(a.b, 'x')`.
fn rewrite_under(tokens: Vec<Token>) -> Result<Vec<Token>, Unsupported> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if is_word(Some(&token), UNDER) && matches!(tokens.peek(), Some(Token::SingleQuotedString(_))) {
            let path = path_start(&out).ok_or_else(|| Unsupported::new("under without a path before it"))?;
            let operand = out.split_off(path);
            out.extend([name(UNDER), Token::LParen]);
            out.extend(operand);
            out.push(Token::Comma);
            out.extend(tokens.next());
            out.push(Token::RParen);
        } else {
            out.push(token);
        }
    }
    Ok(out)
}

/// Where the dotted name begins that the tokens end with.
fn path_start(tokens: &[Token]) -> Option<usize> {
    let mut start = tokens.len().checked_sub(1)?;
    matches!(tokens[start], Token::Word(_)).then_some(())?;
    while start >= 2 && tokens[start - 1] == Token::Period && matches!(tokens[start - 2], Token::Word(_)) {
        start -= 2;
    }
    Some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(text: &str) -> String {
        parse(text).unwrap().0.to_string()
    }

    #[test]
    fn trims_become_functions() {
        assert_eq!(print("(length(TRIM(BOTH FROM tx)) > 0)"), "(length(btrim(tx)) > 0)");
        assert_eq!(print("TRIM(BOTH FROM x) = ' TRIM(BOTH FROM y)'"), "btrim(x) = ' TRIM(BOTH FROM y)'");
    }

    #[test]
    fn under_is_an_operator() {
        assert_eq!(print("not a.b under 'X' and c = 1"), "NOT under(a.b, 'X') AND c = 1");
        assert_eq!(print("under = 'X'"), "under = 'X'");
        assert!(parse("1 under 'X'").is_err());
    }

    #[test]
    fn long_and_deep_checks_parse() {
        let long = (0..400).map(|index| format!("(code = '{index}'::text)")).collect::<Vec<_>>().join(" OR ");
        assert!(long.len() > 4000);
        parse(&long).unwrap();
        let deep = format!("{}a{} > 1", "(".repeat(90), " + 1)".repeat(90));
        parse(&deep).unwrap();
    }

    #[test]
    fn the_hostile_is_refused() {
        assert!(parse(&"(".repeat(60_000)).is_err());
        assert!(parse(&"not ".repeat(8000)).is_err());
        assert!(parse(&format!("a{}", "::a".repeat(20_000))).is_err());
        assert!(parse(&format!("a{}", "::a".repeat(4000))).is_ok());
        assert!(parse(&format!("{}a{}", "(".repeat(200), ")".repeat(200))).is_ok());
        assert!(parse(&"x".repeat(70_000)).is_err());
        for text in ["", "a >", "a > 1; drop table x", "a = 'open", "a > 1 b"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
