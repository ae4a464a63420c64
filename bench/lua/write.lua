-- SPDX-License-Identifier: Apache-2.0
-- What post.lua and put.lua share: requests whose body changes but keeps its length, so
-- that everything before it is put together once; and a count of the answers' statuses.

dofile(os.getenv("BENCH_LUA") .. "/report.lua")

sent = 0
expected = 0
unexpected = 0

local head
local good

-- `status` is the answer to expect; all bodies have the length of this one.
function begin(method, status, body)
	local whole = wrk.format(method, nil, nil, body)
	head = whole:sub(1, #whole - #body)
	good = status
end

function send(body)
	sent = sent + 1
	return head .. body
end

function response(status)
	if status == good then
		expected = expected + 1
	else
		unexpected = unexpected + 1
	end
end
