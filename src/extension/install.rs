//! The order in which the install script is put together from sql/.

use pgrx::prelude::*;

extension_sql_file!("../../sql/install/begin.sql", name = "begin", bootstrap);
extension_sql_file!("../../sql/ledger/tables.sql", name = "ledger_tables", requires = ["begin"]);
extension_sql_file!("../../sql/ledger/views.sql", name = "ledger_views", requires = ["ledger_tables"]);
extension_sql_file!("../../sql/ledger/model_tables.sql", name = "model_tables", requires = ["ledger_tables"]);
extension_sql_file!("../../sql/ledger/model_prices.sql", name = "model_prices", requires = ["model_tables"]);
extension_sql_file!("../../sql/ledger/model_views.sql", name = "model_views", requires = ["model_tables"]);
extension_sql_file!("../../sql/ledger/prompt_templates.sql", name = "prompt_templates", requires = ["model_prices"]);
extension_sql_file!("../../sql/ledger/dumped.sql", name = "ledger_dumped", requires = ["prompt_templates"]);
extension_sql_file!("../../sql/install/rules.sql", name = "rules", requires = ["ledger_views"]);
extension_sql_file!("../../sql/install/documents.sql", name = "documents", requires = ["rules"]);
extension_sql_file!("../../sql/install/verify.sql", name = "verify", requires = ["documents"]);
extension_sql_file!("../../sql/install/generate.sql", name = "generate", requires = ["verify"]);
extension_sql_file!("../../sql/install/model.sql", name = "model", requires = ["model_views", "generate"]);
