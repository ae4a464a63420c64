// SPDX-License-Identifier: Apache-2.0
// What the numbers were measured on.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { median } from './numbers.mjs';

const SYNCS = 200;

function first(command, args) {
	const { stdout, stderr } = spawnSync(command, args,
		{ encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
	return `${stdout ?? ''}${stderr ?? ''}`.split('\n')[0].trim();
}

/** The median time of writing and syncing 4 KB in this directory, in microseconds. */
function syncTime(directory) {
	const file = openSync(join(directory, 'sync'), 'w');
	const page = Buffer.alloc(4096, 1);
	const times = [];
	for (let count = 0; count < SYNCS; count += 1) {
		const began = performance.now();
		writeSync(file, page);
		fdatasyncSync(file);
		times.push((performance.now() - began) * 1000);
	}
	closeSync(file);
	return Math.round(median(times));
}

function distribution() {
	const found = /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'));
	return found ? found[1] : 'Linux';
}

/** Pairs of what and which, for the head of the results. */
export function describeMachine(directory, binary) {
	const require = createRequire(new URL('../peers/', import.meta.url));
	const packages = ['fastify', 'better-sqlite3', 'tldts']
		.map((name) => `${name} ${require(`./node_modules/${name}/package.json`).version}`);
	const sqlite = new (require('better-sqlite3'))(':memory:').prepare('SELECT sqlite_version()').pluck().get();
	const kind = execFileSync('df', ['--output=fstype', directory], { encoding: 'utf8' }).split('\n')[1].trim();
	return [
		['Processor', `${os.cpus()[0].model}, ${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`],
		['System', `${distribution()}, Linux ${os.release()}`],
		['Disk', `${kind}, 4 KB written and synced in ${syncTime(directory)} us (median)`],
		['listenloop', binary ? `${first(binary, ['version'])}, release build, --workers 1 --rate-limit 0` : 'not measured'],
		['Fastify peer', `Node.js ${process.version}, ${packages.join(', ')} (SQLite ${sqlite}), WAL, synchronous=FULL`],
		['nginx', `${first('nginx', ['-v']).replace('nginx version: ', '')}, one worker`],
		['Load', `${first('wrk', ['-v']).replace(/ Copyright.*/, '')}, one thread`],
		['Load average before', os.loadavg().map((load) => load.toFixed(2)).join(' ')],
	];
}
