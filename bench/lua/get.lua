-- SPDX-License-Identifier: Apache-2.0
-- GETs the one URL.  No `request` and no `response` here: with either wrk itself slows down.

dofile(os.getenv("BENCH_LUA") .. "/report.lua")
