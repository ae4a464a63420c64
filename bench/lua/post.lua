-- SPDX-License-Identifier: Apache-2.0
-- POSTs accounts whose domains never come twice: BENCH_START is where this run's numbers
-- begin.  Multiplying by a constant below a prime maps each number to another in no
-- visible order, as domains come, so that no index has it easier than in life.

dofile(os.getenv("BENCH_LUA") .. "/write.lua")

local PRIME = 2147483647
local FACTOR = 1640531
local number = tonumber(os.getenv("BENCH_START"))
local body = '{"account":{"name":"Company %08x","domain":"%08x-benchmark.com"}}'

function init()
	begin("POST", 201, body:format(0, 0))
end

function request()
	number = number + 1
	local scrambled = (number * FACTOR) % PRIME
	return send(body:format(number, scrambled))
end
