//! Currencies follow countries: of a list of currencies, the one that goes with the country which a row names, or in which
//! the row at the head of its owners is at home.

use std::collections::BTreeMap;

use crate::engine::catalog::{ForeignKeyId, TableId};
use crate::engine::plan::build::Builder;
use crate::engine::plan::home::COUNTRY;
use crate::engine::plan::{FactTarget, Fill, Kin, Native, OwnerKind, Pick, RowIndex};
use crate::engine::value::Value;
use crate::engine::vocabulary::vocabulary;

/// Lets each free key to a list of currencies follow a country.
pub(super) fn currencies_by_country(builder: &mut Builder, table: TableId) {
    if builder.tables[table].fill != Fill::Make {
        return;
    }
    for key in 0..builder.tables[table].picks.len() {
        let pick = &builder.tables[table].picks[key];
        if !matches!(pick.pick, Pick::Free { .. }) || pick.kin.is_some() {
            continue;
        }
        let follows = pick.follows.is_some();
        match builder.country_named(table).filter(|(by, _)| !follows && *by != key) {
            Some((by, list)) => {
                let alone = |(country, currency)| (country, vec![(currency, 1.0)]);
                let rows: BTreeMap<_, _> = builder.currencies(table, key, list).into_iter().map(alone).collect();
                builder.tables[table].picks[key].kin = (!rows.is_empty()).then_some(Kin { by, rows });
            }
            None => builder.tables[table].picks[key].native = builder.native(table, key),
        }
    }
}

impl Builder {
    /// The row's own key to a stored list of countries.
    fn country_named(&self, table: TableId) -> Option<(ForeignKeyId, TableId)> {
        let keys = self.inputs.catalog.tables[table].foreign_keys.iter().enumerate();
        let free = |key: &ForeignKeyId| matches!(self.tables[table].picks[*key].pick, Pick::Free { .. });
        keys.filter(|(key, _)| free(key))
            .map(|(key, to)| (key, to.referenced_table))
            .find(|(_, list)| self.country_of_rows(*list).is_some())
    }

    fn native(&self, table: TableId, key: ForeignKeyId) -> Option<Native> {
        let (mut head, mut up) = (table, Vec::new());
        while let Some(owner) = &self.tables[head].owner {
            let OwnerKind::ForeignKey(key) = owner.kind else { return None };
            up.push(key);
            head = owner.table;
        }
        let at_home = |fact: &crate::engine::plan::Fact| match fact.target {
            FactTarget::Home(list, _) if fact.hops.is_empty() => Some(list),
            _ => None,
        };
        let list = self.tables[head].facts.iter().filter_map(at_home).find(|&list| self.country_of_rows(list).is_some())?;
        let rows = self.currencies(table, key, list);
        (!rows.is_empty()).then_some(Native { up, list, rows })
    }

    /// The column by which a stored list says which country each of its rows is, with the meaning of that column.
    fn country_of_rows(&self, list: TableId) -> Option<(usize, &'static str)> {
        if !self.is_small_list(list) {
            return None;
        }
        COUNTRY.iter().find_map(|id| Some((self.meanings.ids_of(list).position(|found| found == Some(*id))?, *id)))
    }

    /// The row of the currencies that a key names for each row of a list of countries, where both lists have it.
    fn currencies(&self, table: TableId, key: ForeignKeyId, list: TableId) -> BTreeMap<RowIndex, RowIndex> {
        let target = self.inputs.catalog.tables[table].foreign_keys[key].referenced_table;
        if !self.is_small_list(target) {
            return BTreeMap::new();
        }
        let found = || {
            let code = self.meanings.ids_of(target).position(|found| found == Some("money.currency_code"))?;
            let (column, meaning) = self.country_of_rows(list)?;
            let countries = vocabulary("countries")?;
            let currencies = &self.inputs.states[target].stored;
            let currency_of = |row: &Vec<Value>| {
                let Value::Text(name) = &row[column] else { return None };
                let wanted = countries.lines().find(|line| line.cell(meaning) == Some(&**name))?.cell("place.currency_code")?;
                let is_wanted = |value: &Value| matches!(value, Value::Text(code) if **code == *wanted);
                let place = currencies.rows.iter().position(|row| is_wanted(&row[code]))?;
                (currencies.weights[place] > 0.0).then_some(place as RowIndex)
            };
            let countries = self.inputs.states[list].stored.rows.iter().enumerate();
            Some(countries.filter_map(|(at, row)| Some((at as RowIndex, currency_of(row)?))).collect())
        };
        found().unwrap_or_default()
    }
}
