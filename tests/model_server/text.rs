//! Plausible values, the same for the same prompt and row: one of some millions of things, persons, sentences.

use serde_json::{Map, Value as Json, json};
use xxhash_rust::xxh3::xxh3_64;

const COLOURS: [&str; 24] = [
    "Amber", "Ash", "Blue", "Bronze", "Cedar", "Cobalt", "Copper", "Coral", "Cream", "Crimson", "Ebony", "Fern", "Golden", "Granite",
    "Indigo", "Ivory", "Jade", "Maroon", "Olive", "Pearl", "Rust", "Silver", "Teal", "Walnut",
];
const PLACES: [&str; 24] = [
    "Aberdeen", "Bergen", "Cadiz", "Dover", "Esbjerg", "Faro", "Galway", "Havre", "Ibiza", "Jena", "Kyoto", "Lucca", "Malmo", "Nantes",
    "Oporto", "Pisa", "Quebec", "Riga", "Salerno", "Tartu", "Utrecht", "Verona", "Windsor", "York",
];
const MANNERS: [&str; 24] = [
    "compact", "folding", "light", "quiet", "sturdy", "slim", "warm", "portable", "everyday", "classic", "handmade", "washable", "soft",
    "wide", "tall", "padded", "brushed", "woven", "ribbed", "glazed", "travel", "garden", "winter", "office",
];
const THINGS: [&str; 32] = [
    "lamp", "kettle", "backpack", "desk", "jacket", "speaker", "notebook", "pan", "chair", "blanket", "mug", "tripod", "scarf", "shelf",
    "clock", "tent", "basket", "router", "pillow", "bench", "helmet", "teapot", "rug", "stool", "camera", "drill", "vase", "mirror",
    "cushion", "ladder", "hammock", "toaster",
];
const FIRST: [&str; 24] = [
    "Ada", "Bruno", "Clara", "Diego", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Luca", "Mira", "Nils", "Olga", "Paolo",
    "Rosa", "Samir", "Tessa", "Umar", "Vera", "Wim", "Yara", "Zoe",
];
const LAST: [&str; 24] = [
    "Abbott",
    "Berg",
    "Castro",
    "Dvorak",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ivanov",
    "Jansen",
    "Keller",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quinn",
    "Rossi",
    "Schmidt",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weber",
    "Zhang",
];
const OPENINGS: [&str; 16] = [
    "Bought it for my sister",
    "Used it every day for a month",
    "It came a day early",
    "My third order here",
    "I hesitated because of the price",
    "The picture does not lie",
    "We needed one for the kitchen",
    "A colleague told me of it",
    "It replaced an old one",
    "I took the larger size",
    "Ordered late in the evening",
    "This was a birthday present",
    "Half the office has one now",
    "It stands by the window",
    "I had my doubts at first",
    "The box was a little dented",
];
const MIDDLES: [&str; 16] = [
    "and the seams are neat",
    "and it holds more than it seems to",
    "and nothing rattles",
    "and the colour is deeper than expected",
    "and it took ten minutes to set up",
    "and the handle feels solid",
    "and cleaning it is easy",
    "and the cat likes it too",
    "and the manual is short but clear",
    "and it fits under the shelf",
    "and the switch is where you expect it",
    "and it is heavier than I thought",
    "and the lid closes well",
    "and it smells of nothing",
    "and support answered within a day",
    "and the edges are smooth",
];
const CLOSINGS: [&str; 16] = [
    "I would take it again.",
    "For that price one cannot complain.",
    "Two friends have ordered it since.",
    "I only miss a longer cable.",
    "It does what it should.",
    "Let us see how it lasts.",
    "A small thing that makes mornings better.",
    "I keep it near the door.",
    "The second one is on its way.",
    "It has earned its place.",
    "No regrets so far.",
    "My neighbour asked where it is from.",
    "It went straight into use.",
    "Better than the one before.",
    "The children approve.",
    "That is all one needs.",
];

/// Rows, or whatever else the schema describes, for a prompt.
pub(super) fn fitting(schema: &Json, prompt: &str) -> Json {
    let lines = lines(prompt);
    let Some(row) = schema.pointer("/properties/rows/items") else { return value(schema, "", &Maker::new(prompt, &Json::Null)) };
    let count = if lines.is_empty() { count(schema, prompt) } else { lines.len() };
    let rows = (0..count).map(|place| {
        let facts = lines.get(place).cloned().unwrap_or_else(|| json!({ "row": place + 1 }));
        value(row, "", &Maker::new(prompt, &facts))
    });
    json!({ "rows": rows.collect::<Vec<Json>>() })
}

/// The lines of a prompt that are JSON objects with a number of their own.
fn lines(prompt: &str) -> Vec<Json> {
    let objects = prompt.lines().filter_map(|line| serde_json::from_str::<Json>(line.trim()).ok());
    objects.filter(|line| line.get("row").is_some_and(Json::is_u64)).collect()
}

/// "exactly 20 rows".
fn count(schema: &Json, prompt: &str) -> usize {
    let described = schema.pointer("/properties/rows/description").and_then(Json::as_str).unwrap_or_default();
    [described, prompt].iter().find_map(|text| number_after(text, "exactly ")).unwrap_or(20)
}

fn number_after(text: &str, word: &str) -> Option<usize> {
    let rest = &text[text.find(word)? + word.len()..];
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Draws for one row.
struct Maker<'a> {
    prompt: u64,
    facts: &'a Json,
}

impl<'a> Maker<'a> {
    fn new(prompt: &str, facts: &'a Json) -> Self {
        Self { prompt: xxh3_64(prompt.as_bytes()), facts }
    }

    fn draw(&self, what: &str, below: usize) -> usize {
        (xxh3_64(format!("{} {} {what}", self.prompt, self.facts).as_bytes()) % below as u64) as usize
    }

    fn pick(&self, words: &[&'static str], what: &str) -> &'static str {
        words[self.draw(what, words.len())]
    }

    /// A name out of 442,368.
    fn thing(&self, what: &str) -> String {
        let word = |words: &[&'static str], part: &str| self.pick(words, &format!("{what} {part}"));
        format!("{} {} {} {}", word(&PLACES, "place"), word(&COLOURS, "colour"), word(&MANNERS, "manner"), word(&THINGS, "thing"))
    }

    fn sentence(&self, what: &str) -> String {
        let word = |words: &[&'static str], part: &str| self.pick(words, &format!("{what} {part}"));
        format!("{} {}. {}", word(&OPENINGS, "opening"), word(&MIDDLES, "middle"), word(&CLOSINGS, "closing"))
    }
}

fn value(schema: &Json, name: &str, maker: &Maker) -> Json {
    if let Some(allowed) = schema.get("enum").and_then(Json::as_array) {
        return allowed[maker.draw(name, allowed.len())].clone();
    }
    if maker.facts.get("leave_empty").and_then(Json::as_array).is_some_and(|empty| empty.iter().any(|column| column == name)) {
        return Json::Null;
    }
    match kind(schema) {
        "object" => Json::Object(object(schema, maker)),
        "array" => list(schema, name, maker),
        "integer" | "number" => integer(schema, name, maker),
        "boolean" => json!(maker.draw(name, 2) == 1),
        _ => json!(shortened(&text(name, maker), schema)),
    }
}

fn kind(schema: &Json) -> &str {
    let kind = schema.get("type").unwrap_or(&Json::Null);
    kind.as_str().or_else(|| kind.get(0)?.as_str()).unwrap_or("string")
}

fn object(schema: &Json, maker: &Maker) -> Map<String, Json> {
    let properties = schema.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
    properties.iter().map(|(name, schema)| (name.clone(), value(schema, name, maker))).collect()
}

/// Lists of a vocabulary: patterns with gaps, words for the gaps.
fn list(schema: &Json, name: &str, maker: &Maker) -> Json {
    let items = schema.get("items").unwrap_or(&Json::Null);
    let of = |place: usize| match name {
        "patterns" => {
            let (first, last) = (maker.sentence(&format!("first {place}")), maker.pick(&CLOSINGS, &format!("last {place}")));
            let (head, tail) = first.split_once(". ").unwrap_or((first.as_str(), ""));
            json!(format!(
                "The {{a}} {{b}}: {}, says {{c}}. With {{a}}, {} Nr {place} of {{b}}: {}",
                head.to_lowercase(),
                tail.to_lowercase(),
                last.to_lowercase()
            ))
        }
        _ if kind(items) == "string" => json!(maker.thing(&format!("{name} {place}"))),
        _ => value(items, &format!("{name} {place}"), maker),
    };
    Json::Array((0..40).map(of).collect())
}

/// The row's own number, an option out of those described, a small number.
fn integer(schema: &Json, name: &str, maker: &Maker) -> Json {
    if let Some(row) = maker.facts.get(name).filter(|_| name == "row") {
        return row.clone();
    }
    if name == "number" {
        return json!(1);
    }
    let described = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let most = number_after(described, "1 to ").unwrap_or(9);
    json!(1 + maker.draw(name, most))
}

fn text(name: &str, maker: &Maker) -> String {
    let is = |words: &[&str]| words.iter().any(|word| name.to_lowercase().contains(word));
    if is(&["first_name", "given_name"]) {
        return maker.pick(&FIRST, name).to_owned();
    }
    if is(&["last_name", "surname", "family_name"]) {
        return maker.pick(&LAST, name).to_owned();
    }
    if is(&["name", "title", "label", "subject"]) {
        return maker.thing(name);
    }
    let about = told(maker.facts).map_or_else(String::new, |thing| format!(" The {thing} it is about."));
    format!("{}{about} {}", maker.sentence(name), maker.sentence(&format!("{name} again")))
}

/// The first text among a row's facts, in whatever depth: a review then names its product.
fn told(facts: &Json) -> Option<String> {
    match facts {
        Json::String(text) if text.len() > 3 => Some(text.clone()),
        Json::Object(fields) => fields.values().find_map(told),
        _ => None,
    }
}

/// As long as the description allows, at a word's end.
fn shortened(text: &str, schema: &Json) -> String {
    let described = schema.get("description").and_then(Json::as_str).unwrap_or_default();
    let Some(most) = number_after(described, "at most ") else { return text.to_owned() };
    let mut kept = String::new();
    for word in text.split(' ') {
        if kept.chars().count() + word.chars().count() + 1 > most {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    if kept.is_empty() { text.chars().take(most).collect() } else { kept }
}
