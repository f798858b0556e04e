{column} in (
    with recursive below (key) as (
        select named.{key} from {table} as named where {named}
        union
        select child.{key} from {table} as child join below on child.{parent} = below.key
    )
    select key from below)
