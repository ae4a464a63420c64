// SPDX-License-Identifier: Apache-2.0
// One cell: wrk on its core against a server on its own, with what that cost the server.

import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpuSeconds, peakBytes, resetPeak } from './process.mjs';

const run = promisify(execFile);
const LUA = join(dirname(fileURLToPath(import.meta.url)), '../lua');
export const LOAD_CORE = '1';

/**
 * Runs `script` (get, post, put) against a path.  Answers the numbers, and in `problems`
 * every kind of failure that was seen.
 */
export async function load(server, { path, script, connections, seconds, start = 0 }) {
	const headers = Object.entries({ ...server.headers, 'Content-Type': 'application/json' })
		.flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
	resetPeak(server.pid);
	const before = cpuSeconds(server.pid);
	const { stdout } = await run('taskset', ['-c', LOAD_CORE, 'wrk', '-t1', `-c${connections}`,
		`-d${seconds}s`, '--timeout', '5s', '--latency', '-s', join(LUA, `${script}.lua`),
		...(script === 'get' ? headers.slice(0, -2) : headers), server.url + path],
	{ env: { ...process.env, BENCH_LUA: LUA, BENCH_START: String(start) } });
	if (server.ended) throw server.ended;
	const cpu = cpuSeconds(server.pid) - before;
	const told = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')));
	return {
		requests: told.requests,
		sent: told.sent,
		perSecond: told.requests / (told.microseconds / 1e6),
		cpuMicroseconds: (cpu * 1e6) / told.requests,
		perCpuSecond: told.requests / cpu,
		p50: told.p50 / 1000,
		p99: told.p99 / 1000,
		peak: peakBytes(server.pid),
		problems: problems(told, script),
	};
}

function problems(told, script) {
	const found = ['connect', 'read', 'write', 'timeout', 'status']
		.filter((kind) => told[kind] > 0).map((kind) => `${told[kind]} ${kind} errors`);
	if (told.requests === 0) found.push('no answers');
	if (script !== 'get' && (told.unexpected > 0 || told.expected !== told.requests)) {
		found.push(`${told.requests - told.expected} answers with another status`);
	}
	return found;
}
