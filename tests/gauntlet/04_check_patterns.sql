create schema gauntlet;
set local search_path = gauntlet, public;

create table part (
    id bigserial primary key,
    sku text not null unique check (sku ~ '^[A-Z]{3}-[0-9]{4}$'),
    slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    colour text check (colour ~* '^#[0-9a-f]{6}$'),
    label text not null check (label like 'P-%'),
    batch text not null check (batch similar to '[A-F][0-9]+'));
