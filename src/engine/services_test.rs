//! Rows of firms that use a service: who invited whom, what is billed, what a log says was changed.

use std::collections::BTreeMap;

use crate::engine::agreement_test::{demand, held, plan};
use crate::engine::fixture::{cells, laid_out};
use crate::engine::value::Value;

#[test]
fn members_are_invited_by_members_of_their_own_firm() {
    let plan = plan(
        "create table workspaces (id bigint primary key, name text not null, created_at timestamptz not null);
         create table members (id bigint primary key, full_name text not null, email text not null, created_at timestamptz not null);
         create table workspace_members (workspace_id bigint not null references workspaces, member_id bigint not null references members,
             invited_by bigint references members, joined_at timestamptz not null, primary key (workspace_id, member_id));",
    );
    let mut rows = laid_out(&plan);
    let made = cells(&plan, &mut rows, "workspace_members", ["workspace_id", "member_id", "invited_by", "joined_at"]);
    let mut invited = 0;
    for [firm, member, by, at] in made.iter().filter(|[_, _, by, _]| !by.is_null()) {
        let host = made.iter().find(|[other, fellow, ..]| other == firm && fellow == by);
        let [_, _, _, since] = host.unwrap_or_else(|| panic!("{by:?}, who invited {member:?}, is no member"));
        assert!(since.compare(at).is_some_and(std::cmp::Ordering::is_le), "{by:?} invited before joining");
        invited += 1;
    }
    assert!(invited * 3 > made.len(), "{invited} of {} were invited", made.len());
}

#[test]
fn nobody_names_what_only_another_firm_has() {
    let plan = plan(
        "create table firms (id bigint primary key, company_name text not null, created_at timestamptz not null);
         create table sites (id bigint primary key, firm_id bigint not null references firms, name text not null, created_at timestamptz not null);
         create table machines (id bigint primary key, site_id bigint not null references sites, serial_number text not null, created_at timestamptz not null);
         create table visits (id bigint primary key, firm_id bigint not null references firms, machine_id bigint references machines, notes text, visited_at timestamptz not null);",
    );
    let mut rows = laid_out(&plan);
    let firm_of: BTreeMap<String, String> =
        cells(&plan, &mut rows, "sites", ["id", "firm_id"]).iter().map(|[id, firm]| (format!("{id:?}"), format!("{firm:?}"))).collect();
    let site_of: BTreeMap<String, String> =
        cells(&plan, &mut rows, "machines", ["id", "site_id"]).iter().map(|[id, site]| (format!("{id:?}"), format!("{site:?}"))).collect();
    let (mut named, mut none) = (0, 0);
    for [firm, machine] in cells(&plan, &mut rows, "visits", ["firm_id", "machine_id"]) {
        if machine.is_null() {
            none += 1;
            continue;
        }
        named += 1;
        assert_eq!(firm_of[&site_of[&format!("{machine:?}")]], format!("{firm:?}"), "{machine:?} is another firm's");
    }
    assert!(named > 10 && none > 0, "{named} machines named, {none} not");
}

#[test]
fn subscriptions_cost_what_their_plan_does_for_their_time() {
    demand(
        "create table plans (id bigint primary key, name text not null, monthly_price_cents int not null, yearly_price_cents int not null, sort_order int not null);
         create table clients (id bigint primary key, company_name text not null);
         create table subscriptions (id bigint primary key, client_id bigint not null references clients, plan_id bigint not null references plans,
             billing_cycle text not null check (billing_cycle in ('monthly', 'yearly')), unit_amount_cents int not null, created_at timestamptz not null);",
        &[
            ("plans", "sort_order = id"),
            ("plans", "yearly_price_cents = monthly_price_cents * 10"),
            ("subscriptions", "unit_amount_cents = case billing_cycle when 'yearly' then plan_id.yearly_price_cents else plan_id.monthly_price_cents end"),
        ],
    );
}

#[test]
fn a_log_tells_what_was_changed() {
    let ddl =
        "create table audit_log (id bigint primary key, action text not null check (action in ('created', 'updated', 'deleted', 'viewed')),
        old_values jsonb, new_values jsonb, occurred_at timestamptz not null);";
    let plan = plan(ddl);
    let mut rows = laid_out(&plan);
    for condition in
        ["(old_values is null) = (action in ('created', 'viewed'))", "(new_values is null) = (action in ('deleted', 'viewed'))"]
    {
        let (holds, fails, _) = held(&plan, &mut rows, "audit_log", condition);
        // A few are not told though there was something to tell.
        assert!(holds > 9 * fails, "{condition}: holds in {holds}, not in {fails}");
    }
    let field = |value: &Value| match value {
        Value::Text(text) => {
            let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).expect("an object");
            object.into_iter().next()
        }
        _ => None,
    };
    let mut both = 0;
    for [old, new] in cells(&plan, &mut rows, "audit_log", ["old_values", "new_values"]) {
        if let (Some(old), Some(new)) = (field(&old), field(&new)) {
            assert!(old.0 == new.0 && old.1 != new.1, "{old:?}, then {new:?}");
            both += 1;
        }
    }
    assert!(both > 10, "{both} changes");
}

#[test]
fn columns_of_a_trade_follow_from_each_other() {
    demand(
        "create table flight (id bigint primary key, flight_number text not null, scheduled_departure timestamptz not null, scheduled_arrival timestamptz not null,
             actual_departure timestamptz, actual_arrival timestamptz, delay_minutes int not null, status text not null check (status in ('arrived', 'departed')));
         create table rechnung (id bigint primary key, nettobetrag numeric(10,2) not null, ust_satz numeric(4,2) not null default 19.00,
             ust_betrag numeric(10,2) not null, bruttobetrag numeric(10,2) not null);
         create table pay_application (id bigint primary key, work_completed numeric(12,2) not null, stored_materials numeric(12,2) not null,
             retainage_held numeric(12,2) not null, less_previous_payments numeric(12,2) not null, net_amount_due numeric(12,2) not null);
         create table daily_log (id bigint primary key, high_temp_f int not null, low_temp_f int not null);",
        &[
            ("flight", "scheduled_arrival > scheduled_departure and scheduled_arrival < scheduled_departure + interval '12 hours'"),
            ("flight", "actual_departure = scheduled_departure + delay_minutes * interval '1 minute'"),
            ("rechnung", "bruttobetrag = nettobetrag + ust_betrag and abs(ust_betrag - nettobetrag * ust_satz / 100) < 0.02"),
            ("pay_application", "net_amount_due = work_completed + stored_materials - retainage_held - less_previous_payments"),
            ("daily_log", "low_temp_f <= high_temp_f"),
        ],
    );
}
