//! Paths over references: which foreign key, which column a segment means.

use super::bind::{closest, letters};
use crate::verify::objects::{Column, ForeignKey, Objects, Table};

/// The foreign key that a segment of a path means: named after its column, the table it leads to, or the
/// beginning of its column's name; the first of these that only one foreign key satisfies.
pub(super) fn reference<'a>(objects: &Objects, table: &'a Table, segment: &str) -> Result<&'a ForeignKey, String> {
    let wanted = letters(segment);
    let columns = |key: &ForeignKey| key.pairs.iter().map(|pair| letters(&pair.child)).collect::<Vec<_>>();
    let leads_to = |key: &ForeignKey| referenced(objects, key).map(|table| letters(&table.name)).unwrap_or_default();
    let rankings: [&dyn Fn(&ForeignKey) -> bool; 6] = [
        &|key| columns(key) == [wanted.clone()],
        &|key| key.pairs.len() == 1 && columns(key)[0] == format!("{wanted}{}", letters(&key.pairs[0].parent)),
        &|key| leads_to(key) == wanted,
        &|key| columns(key).iter().any(|column| column.starts_with(&wanted)),
        &|key| leads_to(key).ends_with(&wanted),
        &|key| columns(key).iter().any(|column| column.contains(&wanted)),
    ];
    for ranking in rankings {
        let mut meant: Vec<&ForeignKey> = table.foreign_keys.iter().filter(|key| ranking(key)).collect();
        meant.dedup_by_key(|key| (key.referenced_oid, key.pairs.first().map(|pair| pair.child.clone())));
        if let [key] = meant[..] {
            return Ok(key);
        }
    }
    Err(format!("{} has no reference that \"{segment}\" means", table.qualified))
}

/// The column that the end of a path means: its name, its name without the table's, or the one that ends with it.
pub(super) fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, String> {
    if let Some(column) = closest(&table.columns, name, |column| &column.name) {
        return Ok(column);
    }
    let wanted = letters(name);
    let prefixed = format!("{}{wanted}", letters(&table.name));
    let meant =
        |same: &dyn Fn(&str) -> bool| -> Vec<&Column> { table.columns.iter().filter(|column| same(&letters(&column.name))).collect() };
    for found in [meant(&|column| column == prefixed), meant(&|column| column.ends_with(&wanted))] {
        if let [column] = found[..] {
            return Ok(column);
        }
    }
    Err(format!("{} has no column that \"{name}\" means", table.qualified))
}

/// The table a foreign key leads to, where it lies in the target.
pub(super) fn referenced<'a>(objects: &'a Objects, key: &ForeignKey) -> Option<&'a Table> {
    objects.tables.iter().find(|table| table.oid == key.referenced_oid)
}
