//! How the server behaves: words of the path, each with a number or word after a colon where it takes one.

/// One word of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behaviour {
    // When the others apply.
    /// `first:N`: to the first N requests only.
    First(usize),
    /// `after:N`: from the request after the Nth on.
    After(usize),
    // Before the answer.
    /// `slow:MS`: waits.
    Slow(u64),
    /// `hang`: never answers.
    Hang,
    /// `reset`: resets the connection.
    Reset,
    /// `status:N`: refuses with that status.
    Status(u16),
    /// `retry_seconds:N`: 429 with a Retry-After in seconds.
    RetrySeconds(u64),
    /// `retry_date:N`: 429 with a Retry-After as a date N seconds from now.
    RetryDate(u64),
    /// `quota`: 429 that means money.
    Quota,
    /// `redirect`: 302 to another path of this server.
    Redirect,
    /// `echo_key`: 401 whose text quotes the key.
    EchoKey,
    /// `refuses:WORD`: 400 for a request that holds a field of that name.
    Refuses(String),
    /// `refuses_mutely:WORD`: the same, without a word why.
    RefusesMutely(String),
    // The body.
    /// `hang_body`: half an answer, then nothing.
    HangBody,
    /// `drip`: one byte a second.
    Drip,
    /// `big`: 100 MB.
    Big,
    /// `bomb`: gzip that unpacks to 10 MB, though nobody asked for gzip.
    Bomb,
    /// `short`: fewer bytes than announced.
    Short,
    /// `cut`: JSON that ends in the middle.
    Cut,
    /// `not_json`: a page of HTML.
    NotJson,
    /// `utf8`: bytes that are not UTF-8 in a value.
    InvalidUtf8,
    // The reply.
    /// `nul`: NUL characters in each value.
    Nul,
    /// `fences`: the JSON in a code fence.
    Fences,
    /// `think`: thoughts before the JSON.
    Think,
    /// `rows:N`: N rows, whatever was asked for.
    Rows(usize),
    /// `types`: numbers as text, texts as numbers.
    Types,
    /// `duplicates`: the first row again and again.
    Duplicates,
    /// `invented`: fields that nobody asked for.
    Invented,
    /// `placeholders`: "string", "Lorem ipsum", "Product 1".
    Placeholders,
    /// `injection`: an instruction to drop a table in every value.
    Injection,
    /// `no_usage`: says nothing of tokens.
    NoUsage,
    /// `refusal`: will not answer.
    Refusal,
    /// `refusal_field`: the same, in the field made for it.
    RefusalField,
    /// `truncated`: cut at the token limit.
    Truncated,
    /// `schema_ignored`: prose.
    SchemaIgnored,
    /// `empty`: no text at all.
    Empty,
    /// `echo_key_reply`: values that quote the key.
    EchoKeyReply,
    /// `as:NAME`: a reply of the folder `replies`, in the manner of a small local model.
    As(String),
}

impl Behaviour {
    /// The behaviours that a path asks for. A word that nobody knows stops the test.
    pub(super) fn of_path(path: &str) -> Vec<Self> {
        let Some((before, _)) = path.trim_start_matches('/').split_once("v1/") else { return Vec::new() };
        let words = before.trim_end_matches('/');
        words.split('+').filter(|word| !word.is_empty()).map(Self::of_word).collect()
    }

    fn of_word(word: &str) -> Self {
        let (name, value) = word.split_once(':').unwrap_or((word, ""));
        let number = || value.parse::<u64>().unwrap_or_else(|_| panic!("{word} needs a number"));
        match name {
            "first" => Self::First(number() as usize),
            "after" => Self::After(number() as usize),
            "slow" => Self::Slow(number()),
            "hang" => Self::Hang,
            "reset" => Self::Reset,
            "status" => Self::Status(number() as u16),
            "retry_seconds" => Self::RetrySeconds(number()),
            "retry_date" => Self::RetryDate(number()),
            "quota" => Self::Quota,
            "redirect" => Self::Redirect,
            "echo_key" => Self::EchoKey,
            "refuses" => Self::Refuses(value.to_owned()),
            "refuses_mutely" => Self::RefusesMutely(value.to_owned()),
            "hang_body" => Self::HangBody,
            "drip" => Self::Drip,
            "big" => Self::Big,
            "bomb" => Self::Bomb,
            "short" => Self::Short,
            "cut" => Self::Cut,
            "not_json" => Self::NotJson,
            "utf8" => Self::InvalidUtf8,
            "nul" => Self::Nul,
            "fences" => Self::Fences,
            "think" => Self::Think,
            "rows" => Self::Rows(number() as usize),
            "types" => Self::Types,
            "duplicates" => Self::Duplicates,
            "invented" => Self::Invented,
            "placeholders" => Self::Placeholders,
            "injection" => Self::Injection,
            "no_usage" => Self::NoUsage,
            "refusal" => Self::Refusal,
            "refusal_field" => Self::RefusalField,
            "truncated" => Self::Truncated,
            "schema_ignored" => Self::SchemaIgnored,
            "empty" => Self::Empty,
            "echo_key_reply" => Self::EchoKeyReply,
            "as" => Self::As(value.to_owned()),
            _ => panic!("no behaviour is called {word}"),
        }
    }
}
