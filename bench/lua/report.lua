-- SPDX-License-Identifier: Apache-2.0
-- Prints what wrk measured, and what the script counted, as one line of JSON.

local thread

function setup(one)
	thread = one
end

function done(summary, latency)
	local errors = summary.errors
	local line = '{"requests":%d,"microseconds":%d,"p50":%.1f,"p99":%.1f,"most":%.1f,'
		.. '"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d,'
		.. '"expected":%d,"unexpected":%d,"sent":%d}\n'
	io.write(line:format(summary.requests, summary.duration,
		latency:percentile(50), latency:percentile(99), latency.max,
		errors.connect, errors.read, errors.write, errors.timeout, errors.status,
		thread:get("expected") or 0, thread:get("unexpected") or 0, thread:get("sent") or 0))
end
