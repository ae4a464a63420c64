-- SPDX-License-Identifier: Apache-2.0
-- PUTs a budget that is another one each time, counting from BENCH_START.

dofile(os.getenv("BENCH_LUA") .. "/write.lua")

local number = tonumber(os.getenv("BENCH_START"))
local body = '{"campaign":{"daily_budget":"%d.5"}}'

function init()
	begin("PUT", 200, body:format(number))
end

function request()
	number = number + 1
	return send(body:format(number))
end
