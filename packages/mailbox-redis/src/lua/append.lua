-- Takes a command into an event's mailbox, once.
--
-- KEYS: 1 mailbox (stream)  2 sequence (counter)  3 receipt (string)  4 dirty (set of event ids)
-- ARGV: 1 event id  2 command id  3 64-bit hash of the command id, decimal  4 payload  5 body hash
--       6 receipt's time to live in ms  7 how many entries the mailbox may hold
-- Returns {'repeat', receipt, 1 if the event is dirty}, or {'full'}, or {'new', ahead, 1 if it was not dirty before}.
local receipt = redis.call('GET', KEYS[3])
if receipt then
  return { 'repeat', receipt, redis.call('SISMEMBER', KEYS[4], ARGV[1]) }
end
local ahead = redis.call('XLEN', KEYS[1])
if ahead >= tonumber(ARGV[7]) then
  return { 'full' }
end
local n = redis.call('INCR', KEYS[2])
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
-- The hash in the id keeps an id from meaning another command after Redis lost data and counts from 1 again.
redis.call('XADD', KEYS[1], n .. '-' .. ARGV[3], 'c', ARGV[2], 'at', string.format('%.0f', at), 'p', ARGV[4])
redis.call('SET', KEYS[3], n .. ' ' .. ARGV[5], 'PX', ARGV[6])
return { 'new', ahead, redis.call('SADD', KEYS[4], ARGV[1]) }
