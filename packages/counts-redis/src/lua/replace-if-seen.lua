-- Replaces an event's counts, or removes them, if they are those that were seen.
--
-- KEYS: 1 counts (hash: version, commitId, roles as JSON)
-- ARGV: 1 seen version  2 seen commit id  3 time to live in ms  [4 version  5 commit id  6 roles as JSON]; without 4 to 6 they are removed
-- Returns 1 when it did, else 0.
local seen = redis.call('HMGET', KEYS[1], 'version', 'commitId')
if seen[1] ~= ARGV[1] or seen[2] ~= ARGV[2] then
  return 0
end
redis.call('DEL', KEYS[1])
if ARGV[4] then
  redis.call('HSET', KEYS[1], 'version', ARGV[4], 'commitId', ARGV[5], 'roles', ARGV[6])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
