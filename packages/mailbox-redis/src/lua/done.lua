-- Publishes what was decided, removes exactly the entries that were read, and clears the dirty mark of an empty mailbox.
--
-- KEYS: 1 mailbox (stream)  2 dirty (set of event ids)
-- ARGV: 1 event id  2 channel  3 message, '' for none  4… entry ids
-- Returns how many entries are left.
if ARGV[3] ~= '' then
  redis.call('PUBLISH', ARGV[2], ARGV[3])
end
if #ARGV > 3 then
  redis.call('XDEL', KEYS[1], unpack(ARGV, 4))
end
local left = redis.call('XLEN', KEYS[1])
if left == 0 then
  redis.call('SREM', KEYS[2], ARGV[1])
end
return left
