// SPDX-License-Identifier: Apache-2.0
// A whole list in one request, while another client goes on asking for the campaign.

import { spawn } from 'node:child_process';
import { createReadStream, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LOAD_CORE } from './load.mjs';
import { cpuSeconds, peakBytes, resetPeak } from './process.mjs';
import { startApi } from './requests.mjs';

const PACED = join(dirname(fileURLToPath(import.meta.url)), 'paced.mjs');
const RATE = 200;
const SETTLE_MS = 1000;
const MOST_MS = 300_000;

/** Starts the other client; end() answers what it saw from one instant to another. */
function startPaced(server) {
	const child = spawn('taskset', ['-c', LOAD_CORE, process.execPath, PACED,
		server.url + server.campaign, String(RATE)],
	{ stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PACED_HEADERS: JSON.stringify(server.headers) } });
	let output = '';
	child.stdout.on('data', (data) => { output += data; });
	return {
		async end(from, to) {
			const closed = new Promise((resolve) => child.once('close', resolve));
			child.stdin.end();
			await closed;
			const samples = JSON.parse(output).filter(([began]) => began >= from && began <= to);
			return {
				took: samples.map(([, took]) => took).filter((took) => took !== null),
				failed: samples.filter(([, took]) => took === null).length,
			};
		},
	};
}

/** Streams the file; answers the status, the headers and the JSON. */
function upload(server, file) {
	return new Promise((resolve, reject) => {
		const request = http.request(`${server.url}${server.campaign}/accounts/add_list`, {
			method: 'POST',
			headers: {
				...server.headers,
				'Content-Type': 'application/json',
				'Content-Length': statSync(file).size,
			},
		});
		request.once('error', reject);
		request.once('response', (answer) => {
			let text = '';
			answer.setEncoding('utf8').on('data', (data) => { text += data; });
			answer.once('error', reject);
			answer.once('end', () => resolve({ status: answer.statusCode, location: answer.headers.location, text }));
		});
		createReadStream(file, { highWaterMark: 1 << 18 }).once('error', reject).pipe(request);
	});
}

/** A list over 10,000 may be answered 202 with a job to follow. */
async function finish(server, answer) {
	if (answer.status === 200) return;
	if (answer.status !== 202) throw new Error(`add_list said ${answer.status}: ${answer.text.slice(0, 300)}`);
	const path = new URL(answer.location, server.url).pathname;
	const began = Date.now();
	while (Date.now() - began < MOST_MS) {
		const job = await server.want(200, 'GET', path);
		const state = job.status ?? job.state;
		if (['failed', 'cancelled', 'canceled'].includes(state)) throw new Error(`job ${state}: ${JSON.stringify(job)}`);
		if (['done', 'finished', 'complete', 'completed', 'succeeded'].includes(state)) return;
		await sleep(Date.now() - began < 1000 ? 10 : 50);
	}
	throw new Error('the job does not end');
}

/** Adds the list to the server's campaign, with the other client meanwhile. */
export async function addList(server, file, count) {
	const paced = startPaced(server);
	await sleep(SETTLE_MS);
	const before = await server.want(200, 'GET', server.campaign);
	resetPeak(server.pid);
	const cpu = cpuSeconds(server.pid);
	const began = performance.timeOrigin + performance.now();
	const problems = [];
	try {
		await finish(server, await upload(server, file));
	} catch (error) {
		problems.push(error.message);
	}
	const ended = performance.timeOrigin + performance.now();
	const used = cpuSeconds(server.pid) - cpu;
	const peak = peakBytes(server.pid);
	const others = await paced.end(began, ended);
	const after = await server.want(200, 'GET', server.campaign);
	const added = after.accounts_count - (before.accounts_count ?? 0);
	if (added !== count) problems.push(`${added} of ${count} accounts were added`);
	if (others.failed > 0) problems.push(`${others.failed} requests of the other client failed`);
	const seconds = (ended - began) / 1000;
	return { seconds, perSecond: count / seconds, cpu: used, cpuMicroseconds: (used * 1e6) / count, peak, others, problems };
}

/** Rows of { count, server, cells } for { count, rounds, servers } of the plan. */
export async function runAddList(names, plan, files, { directory, binary, log }) {
	const rows = [];
	for (const { count, rounds, servers } of plan) {
		const group = servers.filter((name) => names.includes(name))
			.map((name) => ({ count, server: name, cells: [] }));
		for (let round = 0; round < rounds; round += 1) {
			for (const row of group) {
				const place = join(directory, `add-list-${count}-${round}`);
				const server = await startApi(row.server, place, binary);
				const cell = await addList(server, files.get(count), count);
				await server.stop();
				rmSync(place, { recursive: true });
				row.cells.push(cell);
				log(`add_list of ${count}, round ${round + 1}: ${row.server} ${cell.seconds.toFixed(2)} s, `
					+ `${(cell.peak / 2 ** 20).toFixed(0)} MiB ${cell.problems.join(', ')}`);
			}
		}
		rows.push(...group);
	}
	return rows;
}
