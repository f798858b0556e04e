create schema gauntlet;
set local search_path = gauntlet, public;

create table log (id serial, kind text not null, day date not null, line text not null) partition by list (kind);
create table log_web partition of log for values in ('web') partition by range (day);
create table log_web_old partition of log_web for values from ('2018-01-01') to ('2019-01-01');
create table log_web_new partition of log_web for values from ('2019-01-01') to ('2020-01-01');
create table log_mail partition of log for values in ('mail');
