create schema gauntlet;
set local search_path = gauntlet, public;

create table message (
    id serial primary key,
    body jsonb not null check (jsonb_typeof(body) = 'object' and body ->> 'kind' in ('mail', 'chat')),
    items jsonb check (jsonb_typeof(items) = 'array' and jsonb_array_length(items) > 0),
    settings jsonb not null default '{}' check (settings is not null and not settings ? 'secret'),
    size int not null check (size >= 0));
