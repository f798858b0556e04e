exists (select from block where stored.{key} between block.first_key and block.last_key
                            and mod(stored.{key}::bigint - block.first_key, block.step) = 0) or
