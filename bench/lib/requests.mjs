// SPDX-License-Identifier: Apache-2.0
// Single requests: the same workload on each server in turn, several rounds.

import { join } from 'node:path';
import { load } from './load.mjs';
import { startFastify, startFastifyGrouped, startListenloop, startNginx } from './servers.mjs';

const NUMBERS_A_CELL = 2_000_000;
const FIRST_BUDGET = 100_000_000;
const APIS = ['listenloop', 'fastify'];
const NGINX = ['nginx', 'nginx-read'];
const WRITERS = [...APIS, 'fastify-grouped'];

export const WORKLOADS = {
	'get-campaign': { title: 'GET campaign', script: 'get', servers: [...APIS, ...NGINX], check: sameAnswer },
	'get-account': { title: 'GET account', script: 'get', servers: APIS, check: sameAnswer },
	'post-account': { title: 'POST account', script: 'post', servers: WRITERS, check: countedAll },
	'put-campaign': { title: 'PUT campaign', script: 'put', servers: WRITERS, check: lastBudget },
};

/** Starts the named API server with a campaign and an account in it. */
export async function startApi(name, directory, binary) {
	const data = join(directory, name);
	const server = await {
		listenloop: () => startListenloop(binary, data),
		fastify: () => startFastify(data),
		'fastify-grouped': () => startFastifyGrouped(data),
	}[name]();
	const campaign = await server.want(201, 'POST', '/campaigns', { campaign: { name: 'My Awesome Campaign' } });
	server.campaign = `/campaigns/${campaign.id}`;
	const account = await server.want(201, 'POST', `${server.campaign}/accounts`,
		{ account: { name: 'Example', domain: 'example.com' } });
	server.account = `${server.campaign}/accounts/${account.id}`;
	return server;
}

async function startServers(names, directory, binary) {
	const servers = [];
	for (const name of names.filter((one) => !NGINX.includes(one))) {
		servers.push(await startApi(name, directory, binary));
	}
	const files = names.filter((one) => NGINX.includes(one));
	if (files.length === 0) return servers;
	const { campaign, text } = await documentOf(servers[0], directory, binary);
	for (const name of files) {
		const nginx = await startNginx(name, join(directory, name), campaign, text);
		nginx.campaign = campaign;
		servers.push(nginx);
	}
	return servers;
}

/** The campaign document that nginx is to serve, from a passing server if there is none. */
async function documentOf(server, directory, binary) {
	const from = server ?? await startApi(binary ? 'listenloop' : 'fastify', directory, binary);
	const { text } = await from.call('GET', from.campaign);
	if (server === undefined) await from.stop();
	return { campaign: from.campaign, text };
}

function pathOf(workload, server) {
	if (workload === 'get-account') return server.account;
	return workload === 'post-account' ? `${server.campaign}/accounts` : server.campaign;
}

/**
 * Runs one workload.  `plan` is a list of { connections, rounds, seconds }.  Answers rows
 * of { workload, connections, server, cells }.
 */
export async function runWorkload(workload, names, plan, { directory, binary, log }) {
	const { script, check, servers: all } = WORKLOADS[workload];
	const servers = await startServers(all.filter((name) => names.includes(name)),
		join(directory, workload), binary);
	const rows = [];
	let cells = 0;
	const measure = async (server, connections, seconds) => {
		cells += 1;
		const start = cells * NUMBERS_A_CELL + (script === 'put' ? FIRST_BUDGET : 0);
		const path = pathOf(workload, server);
		const before = await server.want(200, 'GET', script === 'get' ? path : server.campaign);
		const cell = await load(server, { path, script, connections, seconds, start });
		const after = await server.want(200, 'GET', script === 'get' ? path : server.campaign);
		const problem = check({ before, after, cell, start });
		if (problem) cell.problems.push(problem);
		return cell;
	};
	for (const server of servers) await measure(server, 64, 1);
	for (const { connections, rounds, seconds } of plan) {
		const group = servers.map((server) => ({ workload, connections, server: server.name, cells: [] }));
		for (let round = 0; round < rounds; round += 1) {
			for (const [index, server] of servers.entries()) {
				const cell = await measure(server, connections, seconds);
				group[index].cells.push(cell);
				log(`${workload} at ${connections}, round ${round + 1}: ${server.name} `
					+ `${Math.round(cell.perSecond)}/s, ${cell.cpuMicroseconds.toFixed(1)} us `
					+ cell.problems.join(', '));
			}
		}
		rows.push(...group);
	}
	for (const server of servers) await server.stop();
	return rows;
}

function sameAnswer({ before, after }) {
	const same = after.id === before.id && JSON.stringify(after) === JSON.stringify(before);
	return same ? null : 'another answer after than before';
}

/** What was answered is counted; what was still under way when wrk stopped may be. */
function countedAll({ before, after, cell }) {
	const added = after.accounts_count - before.accounts_count;
	if (added < cell.requests || added > cell.sent) {
		return `${cell.requests} answered but accounts_count rose by ${added}`;
	}
	return after.turned_on_accounts_count === after.accounts_count ? null : 'turned_on_accounts_count is wrong';
}

/** A request that waited to be accepted may come last however early it was made. */
function lastBudget({ before, after, cell, start }) {
	const number = Number(after.daily_budget) - 0.5 - start;
	const ours = Number.isInteger(number) && number > 0 && number <= cell.sent;
	if (!ours) return `daily_budget is ${after.daily_budget} after ${cell.sent} from ${start}`;
	return after.updated_at > before.updated_at ? null : 'updated_at did not move';
}
