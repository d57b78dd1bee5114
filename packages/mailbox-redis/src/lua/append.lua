-- Takes commands into an event's mailbox, one after the other, each once.
--
-- KEYS: 1 mailbox (stream)  2 sequence (counter)  3 dirty (set of event ids)  4… receipts (strings), one per command
-- ARGV: 1 event id  2 how many entries the mailbox may hold
--       3… per command: command id, 64-bit hash of the command id in decimal, payload, body hash, receipt's time to live in ms
-- Returns 1 if the event was not dirty before and is now, else 0; then 1 if it is dirty now, else 0; then per command: how
-- many stood before it, or -1 if the mailbox is full, or the receipt of the first time.
local event, depth_max = ARGV[1], tonumber(ARGV[2])
local depth = redis.call('XLEN', KEYS[1])
local number = tonumber(redis.call('GET', KEYS[2]) or 0)
local first_number = number
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local replies = { 0, 0 }

for i = 4, #KEYS do
  local base = (i - 4) * 5 + 2
  local full = depth >= depth_max
  local digits = string.format('%.0f', number + 1)
  -- Sets the receipt unless there is one, and answers the one that was there.
  local receipt = full and redis.call('GET', KEYS[i])
    or not full and redis.call('SET', KEYS[i], digits .. ' ' .. ARGV[base + 4], 'NX', 'GET', 'PX', ARGV[base + 5])
  if receipt then
    replies[#replies + 1] = receipt
  elseif full then
    replies[#replies + 1] = -1
  else
    -- The hash in the id keeps an id from meaning another command after Redis lost data and counts from 1 again.
    redis.call('XADD', KEYS[1], digits .. '-' .. ARGV[base + 2], 'c', ARGV[base + 1], 'at', at, 'p', ARGV[base + 3])
    replies[#replies + 1] = depth
    number = number + 1
    depth = depth + 1
  end
end

if number > first_number then
  redis.call('SET', KEYS[2], string.format('%.0f', number))
  replies[1] = redis.call('SADD', KEYS[3], event)
  replies[2] = 1
else
  replies[2] = redis.call('SISMEMBER', KEYS[3], event)
end
return replies
