// SPDX-License-Identifier: Apache-2.0
// Runs the benchmark and writes its results.  bench/run calls this with all set up.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runAddList } from './lib/addlist.mjs';
import { runFlatness } from './lib/flatness.mjs';
import { writeList } from './lib/lists.mjs';
import { describeMachine } from './lib/machine.mjs';
import { render } from './lib/report.mjs';
import { WORKLOADS, runWorkload } from './lib/requests.mjs';
import { stopAll } from './lib/servers.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const SERVERS = ['listenloop', 'fastify', 'fastify-grouped', 'nginx', 'nginx-read'];
const PARTS = [...Object.keys(WORKLOADS), 'add-list', 'flatness'];

const HELP = `bench/run [--quick] [--only NAMES] [--server FILE] [--data DIR] [--output FILE]

  --quick        short cells and small lists: a smoke test of under two minutes
  --only NAMES   only these, separated by commas; servers: ${SERVERS.join(', ')},
                 peers (all but listenloop); parts: ${PARTS.join(', ')}
  --server FILE  measure this listenloop instead of a release build in build-bench/
  --data DIR     where the databases are: on a disk, not in memory (default /var/tmp)
  --output FILE  write the results here; a whole run writes bench/RESULTS.md, a quick or
                 partial one only prints them
`;

const both = ['listenloop', 'fastify'];

const FULL = {
	requests: [
		{ connections: 1, rounds: 3, seconds: 1 },
		{ connections: 64, rounds: 5, seconds: 2 },
		{ connections: 256, rounds: 3, seconds: 2 },
		{ connections: 1000, rounds: 3, seconds: 2 },
	],
	addList: [
		{ count: 1000, rounds: 3, servers: both },
		{ count: 10_000, rounds: 2, servers: both },
		{ count: 100_000, rounds: 3, servers: both },
		{ count: 1_000_000, rounds: 2, servers: both },
	],
	flatSizes: { accounts: 1_000_000, organizations: 1000, campaigns: [100, 1000] },
	flatness: { rounds: 5, seconds: 1 },
};

const QUICK = {
	requests: [1, 64, 256, 1000].map((connections) => ({ connections, rounds: 1, seconds: 1 })),
	addList: [
		{ count: 1000, rounds: 1, servers: both },
		{ count: 10_000, rounds: 1, servers: both },
		{ count: 100_000, rounds: 1, servers: both },
	],
	flatSizes: { accounts: 100_000, organizations: 20, campaigns: [100] },
	flatness: { rounds: 1, seconds: 1 },
};

function readOptions() {
	const { values } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			only: { type: 'string' },
			server: { type: 'string' },
			data: { type: 'string', default: '/var/tmp' },
			output: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	return { ...values, ...readNames(values.only) };
}

/** Naming servers leaves the parts alone, and the other way round. */
function readNames(only) {
	const names = (only ?? '').split(',').filter(Boolean)
		.flatMap((name) => (name === 'peers' ? SERVERS.slice(1) : [name]));
	const unknown = names.find((name) => !SERVERS.includes(name) && !PARTS.includes(name));
	if (unknown) throw new Error(`--only: there is no ${unknown}`);
	const pick = (all) => (names.some((name) => all.includes(name)) ? all.filter((name) => names.includes(name)) : all);
	return { servers: pick(SERVERS), parts: pick(PARTS) };
}

/** A release build, with all cores, whatever core this process was put on. */
function build() {
	const step = (...words) => {
		const { status } = spawnSync('taskset', ['-c', `0-${os.cpus().length - 1}`, ...words],
			{ cwd: ROOT, stdio: ['ignore', 2, 2] });
		if (status !== 0) throw new Error(`${words.join(' ')} failed`);
	};
	if (!existsSync(join(ROOT, 'build-bench/build.ninja'))) step('meson', 'setup', 'build-bench', '--buildtype=release');
	step('ninja', '-C', 'build-bench');
	return join(ROOT, 'build-bench/listenloop');
}

function log(line) {
	process.stderr.write(`${line}\n`);
}

async function makeLists(directory, counts) {
	const files = new Map();
	for (const count of new Set(counts)) {
		const file = join(directory, `list-${count}.json`);
		await writeList(file, count);
		files.set(count, file);
	}
	return files;
}

/** What the part answers; if it fails, an empty list, and why is kept. */
async function attempt(results, part, work) {
	try {
		return await work();
	} catch (error) {
		log(`${part}: ${error.stack}`);
		results.failures.push(`${part}: ${error.message}`);
		stopAll();
		return [];
	}
}

async function measure(options, directory) {
	const plan = options.quick ? QUICK : FULL;
	const { servers, parts } = options;
	const binary = servers.includes('listenloop') ? resolve(options.server ?? build()) : null;
	const results = { quick: options.quick, requests: [], failures: [] };
	results.machine = describeMachine(directory, binary);
	const context = { directory, binary, log };
	for (const part of parts.filter((one) => one in WORKLOADS)) {
		results.requests.push(...await attempt(results, part,
			() => runWorkload(part, servers, plan.requests, context)));
	}
	const lists = parts.includes('add-list') ? plan.addList : [];
	const flat = parts.includes('flatness') ? both.filter((name) => servers.includes(name)).slice(0, 1) : [];
	context.files = await makeLists(directory,
		[...lists.map(({ count }) => count), ...flat.map(() => plan.flatSizes.accounts)]);
	results.addList = await attempt(results, 'add-list', () => runAddList(servers, lists, context.files, context));
	results.flatness = [];
	for (const name of flat) {
		results.flatness = await attempt(results, 'flatness',
			() => runFlatness(name, plan.flatSizes, plan.flatness, context));
	}
	return results;
}

async function main(options) {
	if (os.cpus().length < 2) throw new Error('two cores are needed: one for the server, one for the load');
	mkdirSync(options.data, { recursive: true });
	const directory = mkdtempSync(join(resolve(options.data), 'listenloop-bench-'));
	const clean = () => {
		stopAll();
		rmSync(directory, { recursive: true, force: true });
	};
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { clean(); process.exit(1); });
	const began = Date.now();
	try {
		const results = await measure(options, directory);
		results.date = new Date(began).toISOString().slice(0, 10);
		results.seconds = (Date.now() - began) / 1000;
		results.command = ['bench/run', ...process.argv.slice(2)].join(' ');
		const text = render(results);
		process.stdout.write(text);
		const output = options.output ?? (options.quick || options.only ? null : join(ROOT, 'bench/RESULTS.md'));
		if (output) writeFileSync(output, text);
	} finally {
		clean();
	}
}

try {
	const options = readOptions();
	if (options.help) process.stdout.write(HELP);
	else await main(options);
} catch (error) {
	log(`bench: ${error.message}`);
	process.exitCode = 1;
}
