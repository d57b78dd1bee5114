-- Looks at mailboxes for the sweeper, one after the other; an empty one loses its dirty mark.
--
-- KEYS: 1 dirty (set of event ids)  2… mailboxes (streams)
-- ARGV: event ids, in the order of their mailboxes
-- Returns per mailbox: 0 for an empty one, else {depth, the head's entry id, when the head was accepted in ms, or '' if it does not say}.
local replies = {}

for i, event in ipairs(ARGV) do
  local mailbox = KEYS[i + 1]
  local depth = redis.call('XLEN', mailbox)
  if depth == 0 then
    redis.call('SREM', KEYS[1], event)
    replies[i] = 0
  else
    local head = redis.call('XRANGE', mailbox, '-', '+', 'COUNT', 1)[1]
    local fields, at = head[2], ''
    for f = 1, #fields, 2 do
      if fields[f] == 'at' then
        at = fields[f + 1]
        break
      end
    end
    replies[i] = { depth, head[1], at }
  end
end
return replies
