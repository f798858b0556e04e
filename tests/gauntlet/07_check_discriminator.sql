create schema gauntlet;
set local search_path = gauntlet, public;

create table payment (
    id int generated always as identity primary key,
    kind int not null check (kind in (1, 2, 3, 4)),
    iban text, card text, cash_desk int, voucher text,
    check (kind <> 1 or (iban is not null and card is null and cash_desk is null and voucher is null)),
    check (kind <> 2 or (card is not null and iban is null and cash_desk is null and voucher is null)),
    check (kind <> 3 or (cash_desk is not null and iban is null and card is null and voucher is null)),
    check (kind <> 4 or (voucher is not null and iban is null and card is null and cash_desk is null)));
