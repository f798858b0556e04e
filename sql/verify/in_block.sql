exists (select from block where t.{key} between block.first_key and block.last_key
                            and mod(t.{key}::bigint - block.first_key, block.step) = 0) or
