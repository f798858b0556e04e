select reply, truncated
from synthgen.llm_reply_stored
where key = $1
