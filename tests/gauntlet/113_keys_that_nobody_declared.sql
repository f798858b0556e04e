create schema gauntlet;
set local search_path = gauntlet, public;

-- As many applications keep them: which row a number names, only they know.
create table clients (id bigserial primary key, full_name text not null);
create table addresses (id bigserial primary key, client_id bigint not null, street text not null, city text not null);
create table articles (article_no int primary key, title text not null, unit_price numeric(8,2) not null);
create table purchases (id bigserial primary key, client_id bigint not null, billing_address_id bigint, placed_at timestamptz not null, total numeric(10,2) not null);
create table purchase_lines (purchase_id bigint not null, line_no int not null, article_no int not null, quantity int not null, unit_price numeric(8,2) not null, primary key (purchase_id, line_no));
create table sections (id int primary key, parent_id int, name text not null);
create table client_profiles (client_id bigint primary key, bio text);
-- What is no key of a table here: of something else, or of one of several things.
create table remarks (id bigserial primary key, client_id int, client_type text not null, external_id bigint not null, text text not null);
