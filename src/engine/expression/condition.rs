//! A rule's `when`: its text travels as JSON, its bound form beside it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{BindError, Binding, Expression, parse};
use crate::engine::catalog::{Catalog, TableId};

/// A condition of a rule, as written and (once bound) as evaluated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Condition {
    /// The text as the user wrote it.
    pub text: String,
    /// What it means on the rule's table, once bound.
    #[serde(skip)]
    pub bound: Option<Arc<Expression>>,
}

impl Condition {
    /// A condition not yet bound.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), bound: None }
    }

    /// Binds it to a table, by names.
    pub fn bind(&mut self, catalog: &Catalog, table: TableId) -> Result<Arc<Expression>, BindError> {
        let parsed = parse(&self.text).map_err(|reason| BindError::Syntax(reason.0))?;
        let bound = Arc::new(Binding::rule(catalog, table).condition(&parsed)?);
        self.bound = Some(Arc::clone(&bound));
        Ok(bound)
    }
}
