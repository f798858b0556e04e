//! Names as words: folding to ASCII, splitting identifiers, singular forms.
//!
//! Only for comparing names with names; nothing that is written to a table passes through here.

/// The text in lower case and ASCII, letters without their marks: `Straße` becomes `strasse`.
///
/// Umlauts lose their dots (`Müller` becomes `muller`), so a list that wants the two-letter
/// spelling to be found as well names it.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match base_letter(letter) {
            Some(base) => folded.push_str(base),
            None => folded.push(letter),
        }
    }
    folded
}

/// The ASCII spelling of a marked Latin letter; combining marks vanish.
fn base_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ā' | 'ă' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' | 'ē' | 'ė' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ľ' | 'ļ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ț' | 'ţ' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        '\u{300}'..='\u{36f}' | '\'' | '’' => "",
        _ => return None,
    })
}

/// The words of an identifier or phrase, folded: `tblOrderItems2` is `tbl order items 2`.
///
/// Splits at everything that is no letter or digit, at lower-to-upper changes, before the last
/// capital of a run (`HTMLBody` is `html body`), and between letters and digits except where a
/// single digit ends a word (`address1` stays one word with its digit apart: `address 1`).
pub fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut found = Vec::new();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            finish(&mut word, &mut found, !matches!(letter, '\'' | '’'));
            continue;
        }
        if at > 0 && starts_word(letters[at - 1], letter, letters.get(at + 1).copied()) {
            finish(&mut word, &mut found, true);
        }
        word.push(letter);
    }
    finish(&mut word, &mut found, true);
    found
}

/// Moves a finished word to the list; an apostrophe joins, so `women's` is one word.
fn finish(word: &mut String, found: &mut Vec<String>, ends: bool) {
    if ends && !word.is_empty() {
        found.push(fold(word));
        word.clear();
    }
}

/// Whether a new word begins at `here`.
fn starts_word(before: char, here: char, after: Option<char>) -> bool {
    if before.is_numeric() != here.is_numeric() {
        return before.is_alphanumeric();
    }
    here.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && after.is_some_and(char::is_lowercase)))
}

/// The singular of an English noun, good enough to compare two spellings of one name.
pub fn singular(word: &str) -> String {
    const KEPT: [&str; 5] = ["ss", "us", "is", "news", "series"];
    if word.len() < 4 || !word.ends_with('s') || KEPT.iter().any(|end| word.ends_with(end)) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for end in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(end) {
            return word[..word.len() - 2].to_owned();
        }
    }
    if let Some(stem) = word.strip_suffix("uses") {
        return format!("{stem}us");
    }
    word[..word.len() - 1].to_owned()
}

/// A phrase in the form in which keys are compared: folded singular words, one blank between.
pub(super) fn phrase(text: &str) -> String {
    phrase_words(text).join(" ")
}

/// The words of [`phrase`]; capitals do not split here, because these are values and not names.
pub fn phrase_words(text: &str) -> Vec<String> {
    fold(text).split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(singular).collect()
}
