-- An invariant of a plan counts its own rows.
select stated.checked, stated.violations, false, null, null
from ({statement}) as stated (checked, violations)
