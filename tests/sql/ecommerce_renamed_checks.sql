-- Plain SQL over the filled, renamed shop (tests/sql/ecommerce_renamed.sql).
-- One statement: rows of (check_name, violations); all are 0 where all is well.
-- It shares nothing with the engine. Nothing may be later than checks.as_of, or now() where it is not set:
--   PGOPTIONS='-c checks.as_of=2026-01-01T00:00:00Z' psql -f tests/sql/ecommerce_renamed_checks.sql
-- The first word of a name says the kind: rows, foreign key, primary key, unique, check, same,
-- time, future.

-- every table has rows --------------------------------------------------------
select 'rows: land' as check_name, case when exists (select from laden.land) then 0 else 1 end as violations
union all select 'rows: bundesland', case when exists (select from laden.bundesland) then 0 else 1 end
union all select 'rows: waehrung', case when exists (select from laden.waehrung) then 0 else 1 end
union all select 'rows: zahlungsart', case when exists (select from laden.zahlungsart) then 0 else 1 end
union all select 'rows: versandart', case when exists (select from laden.versandart) then 0 else 1 end
union all select 'rows: tbl_order_state', case when exists (select from laden.tbl_order_state) then 0 else 1 end
union all select 'rows: tbl_client_state', case when exists (select from laden.tbl_client_state) then 0 else 1 end
union all select 'rows: tbl_client_role', case when exists (select from laden.tbl_client_role) then 0 else 1 end
union all select 'rows: tbl_item_group', case when exists (select from laden.tbl_item_group) then 0 else 1 end
union all select 'rows: tbl_maker', case when exists (select from laden.tbl_maker) then 0 else 1 end
union all select 'rows: Client', case when exists (select from laden."Client") then 0 else 1 end
union all select 'rows: ClientAddress', case when exists (select from laden."ClientAddress") then 0 else 1 end
union all select 'rows: ClientPayMeans', case when exists (select from laden."ClientPayMeans") then 0 else 1 end
union all select 'rows: tbl_item', case when exists (select from laden.tbl_item) then 0 else 1 end
union all select 'rows: tbl_item_version', case when exists (select from laden.tbl_item_version) then 0 else 1 end
union all select 'rows: tbl_item_picture', case when exists (select from laden.tbl_item_picture) then 0 else 1 end
union all select 'rows: tbl_item_opinion', case when exists (select from laden.tbl_item_opinion) then 0 else 1 end
union all select 'rows: tbl_item_link', case when exists (select from laden.tbl_item_link) then 0 else 1 end
union all select 'rows: aktion', case when exists (select from laden.aktion) then 0 else 1 end
union all select 'rows: aktion_artikel', case when exists (select from laden.aktion_artikel) then 0 else 1 end
union all select 'rows: aktion_warengruppe', case when exists (select from laden.aktion_warengruppe) then 0 else 1 end
union all select 'rows: rundbrief', case when exists (select from laden.rundbrief) then 0 else 1 end
union all select 'rows: warenkorb', case when exists (select from laden.warenkorb) then 0 else 1 end
union all select 'rows: warenkorb_position', case when exists (select from laden.warenkorb_position) then 0 else 1 end
union all select 'rows: SalesOrder', case when exists (select from laden."SalesOrder") then 0 else 1 end
union all select 'rows: SalesOrderLine', case when exists (select from laden."SalesOrderLine") then 0 else 1 end
union all select 'rows: SalesOrderLog', case when exists (select from laden."SalesOrderLog") then 0 else 1 end
union all select 'rows: SalesOrderCoupon', case when exists (select from laden."SalesOrderCoupon") then 0 else 1 end
union all select 'rows: ParcelEvent', case when exists (select from laden."ParcelEvent") then 0 else 1 end
union all select 'rows: wunschzettel', case when exists (select from laden.wunschzettel) then 0 else 1 end
union all select 'rows: wunschzettel_position', case when exists (select from laden.wunschzettel_position) then 0 else 1 end
union all select 'rows: tbl_item_visit', case when exists (select from laden.tbl_item_visit) then 0 else 1 end
union all select 'rows: tbl_client_query', case when exists (select from laden.tbl_client_query) then 0 else 1 end

-- no foreign key dangles -----------------------------------------------------
union all select 'foreign key: bundesland.land_nr', count(*)
  from laden.bundesland c
  where c.land_nr is not null and not exists (select from laden.land p where p.land_nr = c.land_nr)
union all select 'foreign key: tbl_item_group.grp_parent_id', count(*)
  from laden.tbl_item_group c
  where c.grp_parent_id is not null and not exists (select from laden.tbl_item_group p where p.grp_id = c.grp_parent_id)
union all select 'foreign key: Client.CurrencyRef', count(*)
  from laden."Client" c
  where c."CurrencyRef" is not null and not exists (select from laden.waehrung p where p.waehrung_nr = c."CurrencyRef")
union all select 'foreign key: Client.RoleId', count(*)
  from laden."Client" c
  where c."RoleId" is not null and not exists (select from laden.tbl_client_role p where p.crl_id = c."RoleId")
union all select 'foreign key: Client.StateId', count(*)
  from laden."Client" c
  where c."StateId" is not null and not exists (select from laden.tbl_client_state p where p.cst_id = c."StateId")
union all select 'foreign key: ClientAddress.ClientId', count(*)
  from laden."ClientAddress" c
  where c."ClientId" is not null and not exists (select from laden."Client" p where p."ClientId" = c."ClientId")
union all select 'foreign key: ClientAddress.CountryId', count(*)
  from laden."ClientAddress" c
  where c."CountryId" is not null and not exists (select from laden.land p where p.land_nr = c."CountryId")
union all select 'foreign key: ClientAddress.ProvinceId', count(*)
  from laden."ClientAddress" c
  where c."ProvinceId" is not null and not exists (select from laden.bundesland p where p.bundesland_nr = c."ProvinceId")
union all select 'foreign key: ClientPayMeans.ClientId', count(*)
  from laden."ClientPayMeans" c
  where c."ClientId" is not null and not exists (select from laden."Client" p where p."ClientId" = c."ClientId")
union all select 'foreign key: ClientPayMeans.InvoiceAddressId', count(*)
  from laden."ClientPayMeans" c
  where c."InvoiceAddressId" is not null and not exists (select from laden."ClientAddress" p where p."ClientAddressId" = c."InvoiceAddressId")
union all select 'foreign key: ClientPayMeans.PayMeansId', count(*)
  from laden."ClientPayMeans" c
  where c."PayMeansId" is not null and not exists (select from laden.zahlungsart p where p.zahlungsart_nr = c."PayMeansId")
union all select 'foreign key: tbl_item.itm_grp_id', count(*)
  from laden.tbl_item c
  where c.itm_grp_id is not null and not exists (select from laden.tbl_item_group p where p.grp_id = c.itm_grp_id)
union all select 'foreign key: tbl_item.itm_mkr_id', count(*)
  from laden.tbl_item c
  where c.itm_mkr_id is not null and not exists (select from laden.tbl_maker p where p.mkr_id = c.itm_mkr_id)
union all select 'foreign key: tbl_item_version.ver_itm_id', count(*)
  from laden.tbl_item_version c
  where c.ver_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.ver_itm_id)
union all select 'foreign key: tbl_item_picture.pic_itm_id', count(*)
  from laden.tbl_item_picture c
  where c.pic_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.pic_itm_id)
union all select 'foreign key: tbl_item_opinion.opn_client_id', count(*)
  from laden.tbl_item_opinion c
  where c.opn_client_id is not null and not exists (select from laden."Client" p where p."ClientId" = c.opn_client_id)
union all select 'foreign key: tbl_item_opinion.opn_itm_id', count(*)
  from laden.tbl_item_opinion c
  where c.opn_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.opn_itm_id)
union all select 'foreign key: tbl_item_link.lnk_itm_id', count(*)
  from laden.tbl_item_link c
  where c.lnk_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.lnk_itm_id)
union all select 'foreign key: tbl_item_link.lnk_other_itm_id', count(*)
  from laden.tbl_item_link c
  where c.lnk_other_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.lnk_other_itm_id)
union all select 'foreign key: aktion_artikel.aktion_nr', count(*)
  from laden.aktion_artikel c
  where c.aktion_nr is not null and not exists (select from laden.aktion p where p.aktion_nr = c.aktion_nr)
union all select 'foreign key: aktion_artikel.artikel_nr', count(*)
  from laden.aktion_artikel c
  where c.artikel_nr is not null and not exists (select from laden.tbl_item p where p.itm_id = c.artikel_nr)
union all select 'foreign key: aktion_warengruppe.aktion_nr', count(*)
  from laden.aktion_warengruppe c
  where c.aktion_nr is not null and not exists (select from laden.aktion p where p.aktion_nr = c.aktion_nr)
union all select 'foreign key: aktion_warengruppe.warengruppe_nr', count(*)
  from laden.aktion_warengruppe c
  where c.warengruppe_nr is not null and not exists (select from laden.tbl_item_group p where p.grp_id = c.warengruppe_nr)
union all select 'foreign key: warenkorb.kunde_nr', count(*)
  from laden.warenkorb c
  where c.kunde_nr is not null and not exists (select from laden."Client" p where p."ClientId" = c.kunde_nr)
union all select 'foreign key: warenkorb_position.ausfuehrung_nr', count(*)
  from laden.warenkorb_position c
  where c.ausfuehrung_nr is not null and not exists (select from laden.tbl_item_version p where p.ver_id = c.ausfuehrung_nr)
union all select 'foreign key: warenkorb_position.warenkorb_nr', count(*)
  from laden.warenkorb_position c
  where c.warenkorb_nr is not null and not exists (select from laden.warenkorb p where p.warenkorb_nr = c.warenkorb_nr)
union all select 'foreign key: SalesOrder.CarrierServiceId', count(*)
  from laden."SalesOrder" c
  where c."CarrierServiceId" is not null and not exists (select from laden.versandart p where p.versandart_nr = c."CarrierServiceId")
union all select 'foreign key: SalesOrder.ClientId', count(*)
  from laden."SalesOrder" c
  where c."ClientId" is not null and not exists (select from laden."Client" p where p."ClientId" = c."ClientId")
union all select 'foreign key: SalesOrder.ClientPayMeansId', count(*)
  from laden."SalesOrder" c
  where c."ClientPayMeansId" is not null and not exists (select from laden."ClientPayMeans" p where p."ClientPayMeansId" = c."ClientPayMeansId")
union all select 'foreign key: SalesOrder.CurrencyId', count(*)
  from laden."SalesOrder" c
  where c."CurrencyId" is not null and not exists (select from laden.waehrung p where p.waehrung_nr = c."CurrencyId")
union all select 'foreign key: SalesOrder.DeliveryAddressId', count(*)
  from laden."SalesOrder" c
  where c."DeliveryAddressId" is not null and not exists (select from laden."ClientAddress" p where p."ClientAddressId" = c."DeliveryAddressId")
union all select 'foreign key: SalesOrder.InvoiceAddressId', count(*)
  from laden."SalesOrder" c
  where c."InvoiceAddressId" is not null and not exists (select from laden."ClientAddress" p where p."ClientAddressId" = c."InvoiceAddressId")
union all select 'foreign key: SalesOrder.StateId', count(*)
  from laden."SalesOrder" c
  where c."StateId" is not null and not exists (select from laden.tbl_order_state p where p.ost_id = c."StateId")
union all select 'foreign key: SalesOrderLine.ItemId', count(*)
  from laden."SalesOrderLine" c
  where c."ItemId" is not null and not exists (select from laden.tbl_item p where p.itm_id = c."ItemId")
union all select 'foreign key: SalesOrderLine.ItemVersionId', count(*)
  from laden."SalesOrderLine" c
  where c."ItemVersionId" is not null and not exists (select from laden.tbl_item_version p where p.ver_id = c."ItemVersionId")
union all select 'foreign key: SalesOrderLine.SalesOrderId', count(*)
  from laden."SalesOrderLine" c
  where c."SalesOrderId" is not null and not exists (select from laden."SalesOrder" p where p."SalesOrderId" = c."SalesOrderId")
union all select 'foreign key: SalesOrderLog.SalesOrderId', count(*)
  from laden."SalesOrderLog" c
  where c."SalesOrderId" is not null and not exists (select from laden."SalesOrder" p where p."SalesOrderId" = c."SalesOrderId")
union all select 'foreign key: SalesOrderLog.StateId', count(*)
  from laden."SalesOrderLog" c
  where c."StateId" is not null and not exists (select from laden.tbl_order_state p where p.ost_id = c."StateId")
union all select 'foreign key: SalesOrderCoupon.CampaignId', count(*)
  from laden."SalesOrderCoupon" c
  where c."CampaignId" is not null and not exists (select from laden.aktion p where p.aktion_nr = c."CampaignId")
union all select 'foreign key: SalesOrderCoupon.SalesOrderId', count(*)
  from laden."SalesOrderCoupon" c
  where c."SalesOrderId" is not null and not exists (select from laden."SalesOrder" p where p."SalesOrderId" = c."SalesOrderId")
union all select 'foreign key: ParcelEvent.SalesOrderId', count(*)
  from laden."ParcelEvent" c
  where c."SalesOrderId" is not null and not exists (select from laden."SalesOrder" p where p."SalesOrderId" = c."SalesOrderId")
union all select 'foreign key: wunschzettel.kunde_nr', count(*)
  from laden.wunschzettel c
  where c.kunde_nr is not null and not exists (select from laden."Client" p where p."ClientId" = c.kunde_nr)
union all select 'foreign key: wunschzettel_position.artikel_nr', count(*)
  from laden.wunschzettel_position c
  where c.artikel_nr is not null and not exists (select from laden.tbl_item p where p.itm_id = c.artikel_nr)
union all select 'foreign key: wunschzettel_position.ausfuehrung_nr', count(*)
  from laden.wunschzettel_position c
  where c.ausfuehrung_nr is not null and not exists (select from laden.tbl_item_version p where p.ver_id = c.ausfuehrung_nr)
union all select 'foreign key: wunschzettel_position.wunschzettel_nr', count(*)
  from laden.wunschzettel_position c
  where c.wunschzettel_nr is not null and not exists (select from laden.wunschzettel p where p.wunschzettel_nr = c.wunschzettel_nr)
union all select 'foreign key: tbl_item_visit.vis_client_id', count(*)
  from laden.tbl_item_visit c
  where c.vis_client_id is not null and not exists (select from laden."Client" p where p."ClientId" = c.vis_client_id)
union all select 'foreign key: tbl_item_visit.vis_itm_id', count(*)
  from laden.tbl_item_visit c
  where c.vis_itm_id is not null and not exists (select from laden.tbl_item p where p.itm_id = c.vis_itm_id)
union all select 'foreign key: tbl_client_query.qry_client_id', count(*)
  from laden.tbl_client_query c
  where c.qry_client_id is not null and not exists (select from laden."Client" p where p."ClientId" = c.qry_client_id)

-- no key and no unique value stands twice; counted are the rows beyond the first 
union all select 'primary key: land (land_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.land where (land_nr) is not null group by land_nr) g
union all select 'unique: land (bezeichnung)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.land where (bezeichnung) is not null group by bezeichnung) g
union all select 'unique: land (land_kz)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.land where (land_kz) is not null group by land_kz) g
union all select 'primary key: bundesland (bundesland_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.bundesland where (bundesland_nr) is not null group by bundesland_nr) g
union all select 'unique: bundesland (land_nr, kuerzel)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.bundesland where (land_nr, kuerzel) is not null group by land_nr, kuerzel) g
union all select 'primary key: waehrung (waehrung_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.waehrung where (waehrung_nr) is not null group by waehrung_nr) g
union all select 'unique: waehrung (bezeichnung)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.waehrung where (bezeichnung) is not null group by bezeichnung) g
union all select 'unique: waehrung (iso_kz)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.waehrung where (iso_kz) is not null group by iso_kz) g
union all select 'primary key: zahlungsart (zahlungsart_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.zahlungsart where (zahlungsart_nr) is not null group by zahlungsart_nr) g
union all select 'unique: zahlungsart (bezeichnung)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.zahlungsart where (bezeichnung) is not null group by bezeichnung) g
union all select 'primary key: versandart (versandart_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.versandart where (versandart_nr) is not null group by versandart_nr) g
union all select 'unique: versandart (bezeichnung)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.versandart where (bezeichnung) is not null group by bezeichnung) g
union all select 'primary key: tbl_order_state (ost_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_order_state where (ost_id) is not null group by ost_id) g
union all select 'unique: tbl_order_state (ost_label)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_order_state where (ost_label) is not null group by ost_label) g
union all select 'primary key: tbl_client_state (cst_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_client_state where (cst_id) is not null group by cst_id) g
union all select 'unique: tbl_client_state (cst_label)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_client_state where (cst_label) is not null group by cst_label) g
union all select 'primary key: tbl_client_role (crl_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_client_role where (crl_id) is not null group by crl_id) g
union all select 'unique: tbl_client_role (crl_label)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_client_role where (crl_label) is not null group by crl_label) g
union all select 'primary key: tbl_item_group (grp_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_group where (grp_id) is not null group by grp_id) g
union all select 'unique: tbl_item_group (grp_label)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_group where (grp_label) is not null group by grp_label) g
union all select 'primary key: tbl_maker (mkr_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_maker where (mkr_id) is not null group by mkr_id) g
union all select 'unique: tbl_maker (mkr_label)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_maker where (mkr_label) is not null group by mkr_label) g
union all select 'primary key: Client (ClientId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."Client" where ("ClientId") is not null group by "ClientId") g
union all select 'unique: Client (Mail)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."Client" where ("Mail") is not null group by "Mail") g
union all select 'primary key: ClientAddress (ClientAddressId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."ClientAddress" where ("ClientAddressId") is not null group by "ClientAddressId") g
union all select 'primary key: ClientPayMeans (ClientPayMeansId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."ClientPayMeans" where ("ClientPayMeansId") is not null group by "ClientPayMeansId") g
union all select 'primary key: tbl_item (itm_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item where (itm_id) is not null group by itm_id) g
union all select 'unique: tbl_item (itm_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item where (itm_number) is not null group by itm_number) g
union all select 'primary key: tbl_item_version (ver_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_version where (ver_id) is not null group by ver_id) g
union all select 'unique: tbl_item_version (ver_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_version where (ver_number) is not null group by ver_number) g
union all select 'primary key: tbl_item_picture (pic_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_picture where (pic_id) is not null group by pic_id) g
union all select 'primary key: tbl_item_opinion (opn_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_opinion where (opn_id) is not null group by opn_id) g
union all select 'primary key: tbl_item_link (lnk_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_link where (lnk_id) is not null group by lnk_id) g
union all select 'unique: tbl_item_link (lnk_itm_id, lnk_other_itm_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_link where (lnk_itm_id, lnk_other_itm_id) is not null group by lnk_itm_id, lnk_other_itm_id) g
union all select 'primary key: aktion (aktion_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion where (aktion_nr) is not null group by aktion_nr) g
union all select 'unique: aktion (gutscheincode)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion where (gutscheincode) is not null group by gutscheincode) g
union all select 'primary key: aktion_artikel (aktion_artikel_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion_artikel where (aktion_artikel_nr) is not null group by aktion_artikel_nr) g
union all select 'unique: aktion_artikel (aktion_nr, artikel_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion_artikel where (aktion_nr, artikel_nr) is not null group by aktion_nr, artikel_nr) g
union all select 'primary key: aktion_warengruppe (aktion_warengruppe_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion_warengruppe where (aktion_warengruppe_nr) is not null group by aktion_warengruppe_nr) g
union all select 'unique: aktion_warengruppe (aktion_nr, warengruppe_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.aktion_warengruppe where (aktion_nr, warengruppe_nr) is not null group by aktion_nr, warengruppe_nr) g
union all select 'primary key: rundbrief (rundbrief_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.rundbrief where (rundbrief_nr) is not null group by rundbrief_nr) g
union all select 'unique: rundbrief (adresse)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.rundbrief where (adresse) is not null group by adresse) g
union all select 'primary key: warenkorb (warenkorb_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.warenkorb where (warenkorb_nr) is not null group by warenkorb_nr) g
union all select 'primary key: warenkorb_position (position_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.warenkorb_position where (position_nr) is not null group by position_nr) g
union all select 'unique: warenkorb_position (warenkorb_nr, ausfuehrung_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.warenkorb_position where (warenkorb_nr, ausfuehrung_nr) is not null group by warenkorb_nr, ausfuehrung_nr) g
union all select 'primary key: SalesOrder (SalesOrderId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrder" where ("SalesOrderId") is not null group by "SalesOrderId") g
union all select 'unique: SalesOrder (OrderNo)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrder" where ("OrderNo") is not null group by "OrderNo") g
union all select 'primary key: SalesOrderLine (LineId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrderLine" where ("LineId") is not null group by "LineId") g
union all select 'primary key: SalesOrderLog (LogId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrderLog" where ("LogId") is not null group by "LogId") g
union all select 'primary key: SalesOrderCoupon (CouponId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrderCoupon" where ("CouponId") is not null group by "CouponId") g
union all select 'unique: SalesOrderCoupon (SalesOrderId, CampaignId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."SalesOrderCoupon" where ("SalesOrderId", "CampaignId") is not null group by "SalesOrderId", "CampaignId") g
union all select 'primary key: ParcelEvent (ParcelEventId)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden."ParcelEvent" where ("ParcelEventId") is not null group by "ParcelEventId") g
union all select 'primary key: wunschzettel (wunschzettel_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.wunschzettel where (wunschzettel_nr) is not null group by wunschzettel_nr) g
union all select 'primary key: wunschzettel_position (position_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.wunschzettel_position where (position_nr) is not null group by position_nr) g
union all select 'unique: wunschzettel_position (wunschzettel_nr, artikel_nr, ausfuehrung_nr)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.wunschzettel_position where (wunschzettel_nr, artikel_nr, ausfuehrung_nr) is not null group by wunschzettel_nr, artikel_nr, ausfuehrung_nr) g
union all select 'primary key: tbl_item_visit (vis_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_item_visit where (vis_id) is not null group by vis_id) g
union all select 'primary key: tbl_client_query (qry_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from laden.tbl_client_query where (qry_id) is not null group by qry_id) g

-- every CHECK once more, in its own words ------------------------------------
union all select 'check: land: rang >= 0', count(*) from laden.land where (rang >= 0) is false
union all select 'check: bundesland: rang >= 0', count(*) from laden.bundesland where (rang >= 0) is false
union all select 'check: waehrung: kurs > 0', count(*) from laden.waehrung where (kurs > 0) is false
union all select 'check: waehrung: rang >= 0', count(*) from laden.waehrung where (rang >= 0) is false
union all select 'check: zahlungsart: rang >= 0', count(*) from laden.zahlungsart where (rang >= 0) is false
union all select 'check: versandart: grundpreis >= 0', count(*) from laden.versandart where (grundpreis >= 0) is false
union all select 'check: versandart: tage_von >= 0', count(*) from laden.versandart where (tage_von >= 0) is false
union all select 'check: versandart: rang >= 0', count(*) from laden.versandart where (rang >= 0) is false
union all select 'check: versandart: tage_von <= tage_bis', count(*) from laden.versandart where (tage_von <= tage_bis) is false
union all select 'check: tbl_order_state: ost_pos >= 0', count(*) from laden.tbl_order_state where (ost_pos >= 0) is false
union all select 'check: tbl_client_state: cst_pos >= 0', count(*) from laden.tbl_client_state where (cst_pos >= 0) is false
union all select 'check: tbl_client_role: crl_pos >= 0', count(*) from laden.tbl_client_role where (crl_pos >= 0) is false
union all select 'check: tbl_item_group: grp_pos >= 0', count(*) from laden.tbl_item_group where (grp_pos >= 0) is false
union all select 'check: tbl_maker: mkr_pos >= 0', count(*) from laden.tbl_maker where (mkr_pos >= 0) is false
union all select 'check: Client: DateOfBirth >= ''1900-01-01''', count(*) from laden."Client" where ("DateOfBirth" >= '1900-01-01') is false
union all select 'check: Client: LastSeenOn is null or RegisteredOn <= LastSeenOn', count(*)
  from laden."Client" where ("LastSeenOn" is null or "RegisteredOn" <= "LastSeenOn") is false
union all select 'check: Client: InsertedOn <= ModifiedOn', count(*) from laden."Client" where ("InsertedOn" <= "ModifiedOn") is false
union all select 'check: ClientAddress: InsertedOn <= ModifiedOn', count(*) from laden."ClientAddress" where ("InsertedOn" <= "ModifiedOn") is false
union all select 'check: tbl_item: itm_list_price >= 0', count(*) from laden.tbl_item where (itm_list_price >= 0) is false
union all select 'check: tbl_item: itm_rebate_pct between 0 and 100', count(*) from laden.tbl_item where (itm_rebate_pct between 0 and 100) is false
union all select 'check: tbl_item: itm_stock >= 0', count(*) from laden.tbl_item where (itm_stock >= 0) is false
union all select 'check: tbl_item: itm_weight > 0', count(*) from laden.tbl_item where (itm_weight > 0) is false
union all select 'check: tbl_item: itm_created <= itm_changed', count(*) from laden.tbl_item where (itm_created <= itm_changed) is false
union all select 'check: tbl_item_version: ver_price >= 0', count(*) from laden.tbl_item_version where (ver_price >= 0) is false
union all select 'check: tbl_item_version: ver_stock >= 0', count(*) from laden.tbl_item_version where (ver_stock >= 0) is false
union all select 'check: tbl_item_picture: pic_pos >= 1', count(*) from laden.tbl_item_picture where (pic_pos >= 1) is false
union all select 'check: tbl_item_opinion: opn_stars between 1 and 5', count(*) from laden.tbl_item_opinion where (opn_stars between 1 and 5) is false
union all select 'check: tbl_item_opinion: opn_votes >= 0', count(*) from laden.tbl_item_opinion where (opn_votes >= 0) is false
union all select 'check: tbl_item_link: lnk_pos >= 1', count(*) from laden.tbl_item_link where (lnk_pos >= 1) is false
union all select 'check: tbl_item_link: lnk_itm_id <> lnk_other_itm_id', count(*)
  from laden.tbl_item_link where (lnk_itm_id <> lnk_other_itm_id) is false
union all select 'check: aktion: rabattwert >= 0', count(*) from laden.aktion where (rabattwert >= 0) is false
union all select 'check: aktion: mindestwert >= 0', count(*) from laden.aktion where (mindestwert >= 0) is false
union all select 'check: aktion: hoechstzahl > 0', count(*) from laden.aktion where (hoechstzahl > 0) is false
union all select 'check: aktion: gueltig_bis is null or gueltig_von <= gueltig_bis', count(*)
  from laden.aktion where (gueltig_bis is null or gueltig_von <= gueltig_bis) is false
union all select 'check: rundbrief: herkunft in (''Seitenfuss'', ''Kasse'', ''Fenster'', ''Konto'')', count(*)
  from laden.rundbrief where (herkunft in ('Seitenfuss', 'Kasse', 'Fenster', 'Konto')) is false
union all select 'check: rundbrief: abbestellt_am is null or bestellt_am <= abbestellt_am', count(*)
  from laden.rundbrief where (abbestellt_am is null or bestellt_am <= abbestellt_am) is false
union all select 'check: warenkorb: angelegt_am <= geaendert_am', count(*) from laden.warenkorb where (angelegt_am <= geaendert_am) is false
union all select 'check: warenkorb_position: menge > 0', count(*) from laden.warenkorb_position where (menge > 0) is false
union all select 'check: SalesOrder: GoodsValue >= 0', count(*) from laden."SalesOrder" where ("GoodsValue" >= 0) is false
union all select 'check: SalesOrder: Freight >= 0', count(*) from laden."SalesOrder" where ("Freight" >= 0) is false
union all select 'check: SalesOrder: Vat >= 0', count(*) from laden."SalesOrder" where ("Vat" >= 0) is false
union all select 'check: SalesOrder: Rebate >= 0', count(*) from laden."SalesOrder" where ("Rebate" >= 0) is false
union all select 'check: SalesOrder: GrandTotal >= 0', count(*) from laden."SalesOrder" where ("GrandTotal" >= 0) is false
union all select 'check: SalesOrder: CompletedOn is null or OrderedOn <= CompletedOn', count(*)
  from laden."SalesOrder" where ("CompletedOn" is null or "OrderedOn" <= "CompletedOn") is false
union all select 'check: SalesOrder: CancelledOn is null or OrderedOn <= CancelledOn', count(*)
  from laden."SalesOrder" where ("CancelledOn" is null or "OrderedOn" <= "CancelledOn") is false
union all select 'check: SalesOrder: InsertedOn <= ModifiedOn', count(*) from laden."SalesOrder" where ("InsertedOn" <= "ModifiedOn") is false
union all select 'check: SalesOrderLine: Qty > 0', count(*) from laden."SalesOrderLine" where ("Qty" > 0) is false
union all select 'check: SalesOrderLine: PricePerUnit >= 0', count(*) from laden."SalesOrderLine" where ("PricePerUnit" >= 0) is false
union all select 'check: SalesOrderLine: LineAmount >= 0', count(*) from laden."SalesOrderLine" where ("LineAmount" >= 0) is false
union all select 'check: SalesOrderLine: LineState in (''OPEN'', ''SENT'', ''RECEIVED'', ''VOID'')', count(*)
  from laden."SalesOrderLine" where ("LineState" in ('OPEN', 'SENT', 'RECEIVED', 'VOID')) is false
union all select 'check: SalesOrderCoupon: Rebate >= 0', count(*) from laden."SalesOrderCoupon" where ("Rebate" >= 0) is false
union all select 'check: ParcelEvent: Kind in (''LABEL'', ''COLLECTED'', ''MOVING'', ''AT_DOOR'', ''HANDED_OVER'')', count(*)
  from laden."ParcelEvent" where ("Kind" in ('LABEL', 'COLLECTED', 'MOVING', 'AT_DOOR', 'HANDED_OVER')) is false
union all select 'check: tbl_item_visit: vis_device in (''desktop'', ''mobile'', ''tablet'')', count(*)
  from laden.tbl_item_visit where (vis_device in ('desktop', 'mobile', 'tablet')) is false
union all select 'check: tbl_client_query: qry_hits >= 0', count(*) from laden.tbl_client_query where (qry_hits >= 0) is false

-- what belongs to one belongs to the same one --------------------------------
union all select 'same: SalesOrder.DeliveryAddressId has the ClientId of its row', count(*)
  from laden."SalesOrder" c join laden."ClientAddress" p on p."ClientAddressId" = c."DeliveryAddressId"
  where p."ClientId" <> c."ClientId"
union all select 'same: SalesOrder.InvoiceAddressId has the ClientId of its row', count(*)
  from laden."SalesOrder" c join laden."ClientAddress" p on p."ClientAddressId" = c."InvoiceAddressId"
  where p."ClientId" <> c."ClientId"
union all select 'same: SalesOrder.ClientPayMeansId has the ClientId of its row', count(*)
  from laden."SalesOrder" c join laden."ClientPayMeans" p on p."ClientPayMeansId" = c."ClientPayMeansId"
  where p."ClientId" <> c."ClientId"
union all select 'same: ClientPayMeans.InvoiceAddressId has the ClientId of its row', count(*)
  from laden."ClientPayMeans" c join laden."ClientAddress" p on p."ClientAddressId" = c."InvoiceAddressId"
  where p."ClientId" <> c."ClientId"
union all select 'same: ClientAddress.ProvinceId has the CountryId of its row', count(*)
  from laden."ClientAddress" c join laden.bundesland p on p.bundesland_nr = c."ProvinceId"
  where p.land_nr <> c."CountryId"
union all select 'same: SalesOrderLine.ItemVersionId has the ItemId of its row', count(*)
  from laden."SalesOrderLine" c join laden.tbl_item_version p on p.ver_id = c."ItemVersionId"
  where p.ver_itm_id <> c."ItemId"
union all select 'same: wunschzettel_position.ausfuehrung_nr has the artikel_nr of its row', count(*)
  from laden.wunschzettel_position c join laden.tbl_item_version p on p.ver_id = c.ausfuehrung_nr
  where p.ver_itm_id <> c.artikel_nr

-- no child is older than its parent ------------------------------------------
union all select 'time: ClientAddress.InsertedOn >= Client.RegisteredOn by ClientId', count(*)
  from laden."ClientAddress" c join laden."Client" p on p."ClientId" = c."ClientId"
  where c."InsertedOn" < p."RegisteredOn"
union all select 'time: ClientAddress.InsertedOn >= Client.InsertedOn by ClientId', count(*)
  from laden."ClientAddress" c join laden."Client" p on p."ClientId" = c."ClientId"
  where c."InsertedOn" < p."InsertedOn"
union all select 'time: ClientPayMeans.InsertedOn >= Client.RegisteredOn by ClientId', count(*)
  from laden."ClientPayMeans" c join laden."Client" p on p."ClientId" = c."ClientId"
  where c."InsertedOn" < p."RegisteredOn"
union all select 'time: ClientPayMeans.InsertedOn >= ClientAddress.InsertedOn by InvoiceAddressId', count(*)
  from laden."ClientPayMeans" c join laden."ClientAddress" p on p."ClientAddressId" = c."InvoiceAddressId"
  where c."InsertedOn" < p."InsertedOn"
union all select 'time: tbl_item_version.ver_created >= tbl_item.itm_created by ver_itm_id', count(*)
  from laden.tbl_item_version c join laden.tbl_item p on p.itm_id = c.ver_itm_id
  where c.ver_created < p.itm_created
union all select 'time: tbl_item_picture.pic_created >= tbl_item.itm_created by pic_itm_id', count(*)
  from laden.tbl_item_picture c join laden.tbl_item p on p.itm_id = c.pic_itm_id
  where c.pic_created < p.itm_created
union all select 'time: tbl_item_opinion.opn_created >= tbl_item.itm_created by opn_itm_id', count(*)
  from laden.tbl_item_opinion c join laden.tbl_item p on p.itm_id = c.opn_itm_id
  where c.opn_created < p.itm_created
union all select 'time: tbl_item_opinion.opn_created >= Client.RegisteredOn by opn_client_id', count(*)
  from laden.tbl_item_opinion c join laden."Client" p on p."ClientId" = c.opn_client_id
  where c.opn_created < p."RegisteredOn"
union all select 'time: warenkorb.angelegt_am >= Client.RegisteredOn by kunde_nr', count(*)
  from laden.warenkorb c join laden."Client" p on p."ClientId" = c.kunde_nr
  where c.angelegt_am < p."RegisteredOn"
union all select 'time: warenkorb_position.hinzugefuegt_am >= warenkorb.angelegt_am by warenkorb_nr', count(*)
  from laden.warenkorb_position c join laden.warenkorb p on p.warenkorb_nr = c.warenkorb_nr
  where c.hinzugefuegt_am < p.angelegt_am
union all select 'time: warenkorb_position.hinzugefuegt_am >= tbl_item_version.ver_created by ausfuehrung_nr', count(*)
  from laden.warenkorb_position c join laden.tbl_item_version p on p.ver_id = c.ausfuehrung_nr
  where c.hinzugefuegt_am < p.ver_created
union all select 'time: SalesOrder.OrderedOn >= Client.RegisteredOn by ClientId', count(*)
  from laden."SalesOrder" c join laden."Client" p on p."ClientId" = c."ClientId"
  where c."OrderedOn" < p."RegisteredOn"
union all select 'time: SalesOrder.InsertedOn >= Client.InsertedOn by ClientId', count(*)
  from laden."SalesOrder" c join laden."Client" p on p."ClientId" = c."ClientId"
  where c."InsertedOn" < p."InsertedOn"
union all select 'time: SalesOrder.OrderedOn >= ClientAddress.InsertedOn by DeliveryAddressId', count(*)
  from laden."SalesOrder" c join laden."ClientAddress" p on p."ClientAddressId" = c."DeliveryAddressId"
  where c."OrderedOn" < p."InsertedOn"
union all select 'time: SalesOrder.OrderedOn >= ClientAddress.InsertedOn by InvoiceAddressId', count(*)
  from laden."SalesOrder" c join laden."ClientAddress" p on p."ClientAddressId" = c."InvoiceAddressId"
  where c."OrderedOn" < p."InsertedOn"
union all select 'time: SalesOrder.OrderedOn >= ClientPayMeans.InsertedOn by ClientPayMeansId', count(*)
  from laden."SalesOrder" c join laden."ClientPayMeans" p on p."ClientPayMeansId" = c."ClientPayMeansId"
  where c."OrderedOn" < p."InsertedOn"
union all select 'time: SalesOrderLog.LoggedOn >= SalesOrder.OrderedOn by SalesOrderId', count(*)
  from laden."SalesOrderLog" c join laden."SalesOrder" p on p."SalesOrderId" = c."SalesOrderId"
  where c."LoggedOn" < p."OrderedOn"
union all select 'time: ParcelEvent.HappenedOn >= SalesOrder.OrderedOn by SalesOrderId', count(*)
  from laden."ParcelEvent" c join laden."SalesOrder" p on p."SalesOrderId" = c."SalesOrderId"
  where c."HappenedOn" < p."OrderedOn"
union all select 'time: wunschzettel.angelegt_am >= Client.RegisteredOn by kunde_nr', count(*)
  from laden.wunschzettel c join laden."Client" p on p."ClientId" = c.kunde_nr
  where c.angelegt_am < p."RegisteredOn"
union all select 'time: wunschzettel_position.hinzugefuegt_am >= wunschzettel.angelegt_am by wunschzettel_nr', count(*)
  from laden.wunschzettel_position c join laden.wunschzettel p on p.wunschzettel_nr = c.wunschzettel_nr
  where c.hinzugefuegt_am < p.angelegt_am
union all select 'time: wunschzettel_position.hinzugefuegt_am >= tbl_item.itm_created by artikel_nr', count(*)
  from laden.wunschzettel_position c join laden.tbl_item p on p.itm_id = c.artikel_nr
  where c.hinzugefuegt_am < p.itm_created
union all select 'time: wunschzettel_position.hinzugefuegt_am >= tbl_item_version.ver_created by ausfuehrung_nr', count(*)
  from laden.wunschzettel_position c join laden.tbl_item_version p on p.ver_id = c.ausfuehrung_nr
  where c.hinzugefuegt_am < p.ver_created
union all select 'time: tbl_item_visit.vis_when >= tbl_item.itm_created by vis_itm_id', count(*)
  from laden.tbl_item_visit c join laden.tbl_item p on p.itm_id = c.vis_itm_id
  where c.vis_when < p.itm_created
union all select 'time: tbl_item_visit.vis_when >= Client.RegisteredOn by vis_client_id', count(*)
  from laden.tbl_item_visit c join laden."Client" p on p."ClientId" = c.vis_client_id
  where c.vis_when < p."RegisteredOn"
union all select 'time: tbl_client_query.qry_when >= Client.RegisteredOn by qry_client_id', count(*)
  from laden.tbl_client_query c join laden."Client" p on p."ClientId" = c.qry_client_id
  where c.qry_when < p."RegisteredOn"
union all select 'time: SalesOrder.OrderedOn >= tbl_item.itm_created by SalesOrderLine.ItemId', count(*)
  from laden."SalesOrderLine" c join laden.tbl_item p on p.itm_id = c."ItemId"
  join laden."SalesOrder" o on o."SalesOrderId" = c."SalesOrderId"
  where o."OrderedOn" < p.itm_created
union all select 'time: SalesOrder.OrderedOn >= tbl_item_version.ver_created by SalesOrderLine.ItemVersionId', count(*)
  from laden."SalesOrderLine" c join laden.tbl_item_version p on p.ver_id = c."ItemVersionId"
  join laden."SalesOrder" o on o."SalesOrderId" = c."SalesOrderId"
  where o."OrderedOn" < p.ver_created

-- nothing lies in the future -------------------------------------------------
union all select 'future: Client.RegisteredOn', count(*)
  from laden."Client" where "RegisteredOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: Client.LastSeenOn', count(*)
  from laden."Client" where "LastSeenOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: Client.InsertedOn', count(*)
  from laden."Client" where "InsertedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: Client.ModifiedOn', count(*)
  from laden."Client" where "ModifiedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: ClientAddress.InsertedOn', count(*)
  from laden."ClientAddress" where "InsertedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: ClientAddress.ModifiedOn', count(*)
  from laden."ClientAddress" where "ModifiedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: ClientPayMeans.InsertedOn', count(*)
  from laden."ClientPayMeans" where "InsertedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item.itm_created', count(*)
  from laden.tbl_item where itm_created > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item.itm_changed', count(*)
  from laden.tbl_item where itm_changed > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item_version.ver_created', count(*)
  from laden.tbl_item_version where ver_created > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item_picture.pic_created', count(*)
  from laden.tbl_item_picture where pic_created > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item_opinion.opn_created', count(*)
  from laden.tbl_item_opinion where opn_created > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: aktion.angelegt_am', count(*)
  from laden.aktion where angelegt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: rundbrief.bestellt_am', count(*)
  from laden.rundbrief where bestellt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: rundbrief.abbestellt_am', count(*)
  from laden.rundbrief where abbestellt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: warenkorb.angelegt_am', count(*)
  from laden.warenkorb where angelegt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: warenkorb.geaendert_am', count(*)
  from laden.warenkorb where geaendert_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: warenkorb_position.hinzugefuegt_am', count(*)
  from laden.warenkorb_position where hinzugefuegt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrder.OrderedOn', count(*)
  from laden."SalesOrder" where "OrderedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrder.CompletedOn', count(*)
  from laden."SalesOrder" where "CompletedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrder.CancelledOn', count(*)
  from laden."SalesOrder" where "CancelledOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrder.InsertedOn', count(*)
  from laden."SalesOrder" where "InsertedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrder.ModifiedOn', count(*)
  from laden."SalesOrder" where "ModifiedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: SalesOrderLog.LoggedOn', count(*)
  from laden."SalesOrderLog" where "LoggedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: ParcelEvent.HappenedOn', count(*)
  from laden."ParcelEvent" where "HappenedOn" > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: wunschzettel.angelegt_am', count(*)
  from laden.wunschzettel where angelegt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: wunschzettel_position.hinzugefuegt_am', count(*)
  from laden.wunschzettel_position where hinzugefuegt_am > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_item_visit.vis_when', count(*)
  from laden.tbl_item_visit where vis_when > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: tbl_client_query.qry_when', count(*)
  from laden.tbl_client_query where qry_when > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
;
