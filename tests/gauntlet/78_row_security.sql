create schema gauntlet;
set local search_path = gauntlet, public;

create table document (id serial primary key, owner text not null default current_user, title text not null);
alter table document enable row level security;
alter table document force row level security;
create policy own on document using (owner = current_user) with check (owner = current_user or title <> '');
create table version (id serial primary key, document_id int not null references document, number int not null check (number > 0));
