// SPDX-License-Identifier: Apache-2.0
// Starts and stops the servers that are compared.  Each has a process to itself on the
// server's core and, but for nginx, a fresh database.

import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PEER = join(dirname(fileURLToPath(import.meta.url)), '../peers/fastify-server.mjs');
const EMAIL = 'bench@example.com';
const SERVER_CORE = '0';
const START_MS = 20_000;
const STOP_MS = 20_000;

const running = new Set();

/** Ends whatever still runs: for when something failed. */
export function stopAll() {
	for (const server of running) server.child.kill('SIGKILL');
	running.clear();
}

class Server {
	constructor(name, child, url) {
		this.name = name;
		this.child = child;
		this.pid = child.pid;
		this.url = url;
		this.headers = {};
		this.complaints = '';
		child.stderr?.on('data', (data) => { this.complaints = (this.complaints + data).slice(-2000); });
		running.add(this);
	}

	/** Null while it runs, else how it ended, with the last that it said. */
	get ended() {
		const how = this.child.signalCode ?? this.child.exitCode;
		return how === null ? null : new Error(`${this.name} ended with ${how}: ${this.complaints}`);
	}

	/** A request with the key; the answer's JSON under `json`. */
	async call(method, path, body) {
		const headers = { ...this.headers };
		if (body !== undefined) headers['Content-Type'] = 'application/json';
		const answer = await fetch(this.url + path, { method, headers, body: body && JSON.stringify(body) });
		const text = await answer.text();
		return { status: answer.status, headers: answer.headers, text, json: text ? JSON.parse(text) : null };
	}

	/** As call, for what must be answered with this status. */
	async want(status, method, path, body) {
		const answer = await this.call(method, path, body);
		if (answer.status !== status) {
			throw new Error(`${this.name}: ${method} ${path} said ${answer.status}: ${answer.text.slice(0, 300)}`);
		}
		return answer.json;
	}

	async stop() {
		running.delete(this);
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.child.kill('SIGTERM');
		const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
		await ended;
		clearTimeout(late);
	}
}

function pinned(command, args, options) {
	return spawn('taskset', ['-c', SERVER_CORE, command, ...args], options);
}

/** Resolves with the URL of the line `listening on URL`. */
function listening(name, child) {
	return new Promise((resolve, reject) => {
		let complaints = '';
		child.stderr.on('data', (data) => { complaints = (complaints + data).slice(-2000); });
		const late = setTimeout(() => reject(new Error(`${name} does not start: ${complaints}`)), START_MS);
		child.once('exit', (code) => {
			clearTimeout(late);
			reject(new Error(`${name} ended with ${code}: ${complaints}`));
		});
		createInterface({ input: child.stdout }).on('line', (line) => {
			const found = /listening on (http:\/\/\S+)/.exec(line);
			if (!found) return;
			clearTimeout(late);
			resolve(found[1]);
		});
	});
}

async function startApi(name, program, data, flags) {
	const [command, ...first] = program;
	mkdirSync(data, { recursive: true });
	const child = pinned(command, [...first, 'serve', '--data', data, '--listen', '127.0.0.1:0', ...flags],
		{ stdio: ['ignore', 'pipe', 'pipe'] });
	try {
		const server = new Server(name, child, await listening(name, child));
		const made = await createOrganization(program, data, EMAIL);
		server.headers = { 'X-User-Token': made.api_key, 'X-User-Email': made.email };
		return server;
	} catch (error) {
		child.kill('SIGKILL');
		throw error;
	}
}

/** Makes an organization through the command line; answers what the command printed. */
async function createOrganization(program, data, email) {
	const [command, ...first] = program;
	const { stdout } = await run(command,
		[...first, 'organization', 'create', '--data', data, '--email', email, '--json']);
	return JSON.parse(stdout);
}

/** Adds `count` organizations, two at a time. */
export async function addOrganizations(program, data, count) {
	let next = 0;
	const work = async () => {
		while (next < count) {
			next += 1;
			await createOrganization(program, data, `other-${next}@example.com`);
		}
	};
	await Promise.all([work(), work()]);
}

export const peerProgram = [process.execPath, PEER];

export const startListenloop = (binary, data) =>
	startApi('listenloop', [binary], data, ['--workers', '1', '--rate-limit', '0']);

export const startFastify = (data) => startApi('fastify', peerProgram, data, []);

export const startFastifyGrouped = (data) =>
	startApi('fastify-grouped', peerProgram, data, ['--group-commit']);

function freePort() {
	return new Promise((resolve, reject) => {
		const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
			const { port } = probe.address();
			probe.close(() => resolve(port));
		});
	});
}

function nginxConfig(directory, port, sendfile) {
	const user = process.getuid() === 0 ? 'user root;' : '';
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((kind) => `${kind}_temp_path ${directory}/tmp;`).join(' ');
	return `${user}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
worker_rlimit_nofile 8192;
events { worker_connections 4096; multi_accept on; }
http {
	access_log off;
	${sendfile ? 'sendfile on; tcp_nopush on;' : 'sendfile off;'}
	open_file_cache max=100 inactive=1h;
	open_file_cache_valid 1h;
	keepalive_requests 1000000000;
	default_type "application/json; charset=utf-8";
	${temporary}
	server {
		listen 127.0.0.1:${port} backlog=4096;
		root ${directory}/root;
	}
}
`;
}

/** nginx with these bytes at this path, sent with sendfile (nginx) or not (nginx-read). */
export async function startNginx(name, directory, path, bytes) {
	const file = join(directory, 'root', path);
	mkdirSync(dirname(file), { recursive: true });
	mkdirSync(join(directory, 'tmp'));
	const sendfile = name === 'nginx';
	writeFileSync(file, bytes);
	const port = await freePort();
	writeFileSync(join(directory, 'nginx.conf'), nginxConfig(directory, port, sendfile));
	const child = pinned('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')],
		{ stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
	const server = new Server(name, child, `http://127.0.0.1:${port}`);
	for (let tries = 0; tries < 100; tries += 1) {
		const answer = await server.call('GET', path).catch(() => null);
		if (answer?.text === bytes) return server;
		await sleep(50);
	}
	throw new Error(`${name} does not start`);
}
