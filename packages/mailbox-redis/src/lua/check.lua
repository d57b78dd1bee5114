-- Looks at a mailbox for the sweeper; an empty one loses its dirty mark.
--
-- KEYS: 1 mailbox (stream)  2 dirty (set of event ids)
-- ARGV: 1 event id
-- Returns false for an empty mailbox, else {depth, head entry as XRANGE gives it}.
local depth = redis.call('XLEN', KEYS[1])
if depth == 0 then
  redis.call('SREM', KEYS[2], ARGV[1])
  return false
end
return { depth, redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1] }
