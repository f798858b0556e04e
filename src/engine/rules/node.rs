//! A JSON value and the pointer that leads to it, read with every fault noted.

use serde_json::{Map, Value as Json};

use crate::engine::rules::problem::Problems;

/// A JSON value of the document.
pub(super) struct Node<'a> {
    /// The value.
    pub(super) json: &'a Json,
    /// The JSON pointer that leads to it.
    pub(super) path: String,
}

/// A JSON object of the document.
pub(super) struct Object<'a> {
    map: &'a Map<String, Json>,
    /// The JSON pointer that leads to it.
    pub(super) path: String,
}

impl<'a> Node<'a> {
    /// The document itself.
    pub(super) fn root(json: &'a Json) -> Self {
        Self { json, path: String::new() }
    }

    /// As an object, or a problem.
    pub(super) fn object(&self, problems: &mut Problems) -> Option<Object<'a>> {
        let map = self.json.as_object();
        if map.is_none() {
            self.wrong(problems, "an object");
        }
        map.map(|map| Object { map, path: self.path.clone() })
    }

    /// The elements of an array, or a problem and none.
    pub(super) fn elements(&self, problems: &mut Problems) -> Vec<Node<'a>> {
        let Some(array) = self.json.as_array() else {
            self.wrong(problems, "an array");
            return Vec::new();
        };
        array.iter().enumerate().map(|(index, json)| Node { json, path: format!("{}/{index}", self.path) }).collect()
    }

    /// As text that is not blank, or a problem.
    pub(super) fn text(&self, problems: &mut Problems) -> Option<String> {
        let text = self.json.as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.wrong(problems, "a text");
        }
        text.map(str::to_owned)
    }

    /// As a finite number, or a problem.
    pub(super) fn number(&self, problems: &mut Problems) -> Option<f64> {
        let number = self.json.as_f64().filter(|number| number.is_finite());
        if number.is_none() {
            self.wrong(problems, "a number");
        }
        number
    }

    /// As a number that is not negative and has no fraction, or a problem.
    pub(super) fn count(&self, problems: &mut Problems) -> Option<u64> {
        let count = self.json.as_u64();
        if count.is_none() {
            self.wrong(problems, "a whole number from 0");
        }
        count
    }

    /// As true or false, or a problem.
    pub(super) fn boolean(&self, problems: &mut Problems) -> Option<bool> {
        if self.json.as_bool().is_none() {
            self.wrong(problems, "true or false");
        }
        self.json.as_bool()
    }

    /// Text, number or boolean as text, or a problem.
    pub(super) fn scalar(&self, problems: &mut Problems) -> Option<String> {
        match self.json {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(yes) => Some(yes.to_string()),
            _ => {
                self.wrong(problems, "a text, a number, true or false");
                None
            }
        }
    }

    /// Notes that something else was expected here.
    pub(super) fn wrong(&self, problems: &mut Problems, expected: &str) {
        let found = match self.json {
            Json::Null => "null".to_owned(),
            Json::Array(_) => "an array".to_owned(),
            Json::Object(_) => "an object".to_owned(),
            scalar => scalar.to_string(),
        };
        problems.error(&self.path, format!("{expected} is expected, not {found}"));
    }
}

impl<'a> Object<'a> {
    /// The member of a key.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.map.get(key).map(|json| Node { json, path: self.pointer(key) })
    }

    /// The member of a key, or a problem that it is missing.
    pub(super) fn required(&self, key: &str, problems: &mut Problems) -> Option<Node<'a>> {
        let member = self.get(key);
        if member.is_none() {
            problems.error(&self.path, format!("\"{key}\" is missing"));
        }
        member
    }

    /// All keys in document order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.map.keys().map(String::as_str)
    }

    /// All members in document order.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        self.map.iter().map(|(key, json)| (key.as_str(), Node { json, path: self.pointer(key) }))
    }

    /// The JSON pointer of a member (RFC 6901).
    pub(super) fn pointer(&self, key: &str) -> String {
        format!("{}/{}", self.path, key.replace('~', "~0").replace('/', "~1"))
    }

    /// Notes every key that is neither known nor planned; the known ones are the hint.
    pub(super) fn known(&self, known: &[&[&str]], later: &[&str], problems: &mut Problems) {
        let known: Vec<&str> = known.iter().copied().flatten().copied().collect();
        for key in self.keys().filter(|key| !known.contains(key)) {
            let path = self.pointer(key);
            if later.contains(&key) {
                problems.unsupported(&path, format!("\"{key}\" is not supported yet")).hint(format!("Known here: {}.", known.join(", ")));
            } else {
                problems.error(&path, format!("unknown key \"{key}\"")).hint(format!("Known here: {}.", known.join(", ")));
            }
        }
    }
}
