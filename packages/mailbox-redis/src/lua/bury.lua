-- Copies an entry that can't be decided to the dead letters. It leaves its mailbox with the batch that it was read with.
--
-- KEYS: 1 mailbox (stream)  2 dead letters (stream)
-- ARGV: 1 event id  2 entry id  3 how many dead letters are kept
-- Returns 1, or 0 when the entry is gone.
local entry = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
if not entry then
  return 0
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[1], 'entry', ARGV[2], unpack(entry[2]))
return 1
