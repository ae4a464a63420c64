// SPDX-License-Identifier: Apache-2.0
// Does a read cost the same when there is much?  A fresh server against full ones, in turn.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addList } from './addlist.mjs';
import { load } from './load.mjs';
import { cpuSeconds } from './process.mjs';
import { startApi } from './requests.mjs';
import { addOrganizations, peerProgram } from './servers.mjs';

const CONNECTIONS = 64;
const IDLE_STEP_MS = 300;
const IDLE_STEPS = 100;

/** Waits until the server has finished what it does in the background. */
async function idle(server) {
	for (let step = 0; step < IDLE_STEPS; step += 1) {
		const before = cpuSeconds(server.pid);
		await sleep(IDLE_STEP_MS);
		if (cpuSeconds(server.pid) - before <= 0.01) return;
	}
	throw new Error(`${server.name} does not come to rest`);
}

async function addCampaigns(server, total) {
	for (let number = 2; number <= total; number += 1) {
		await server.want(201, 'POST', '/campaigns', { campaign: { name: `Campaign ${number}` } });
	}
}

/** The variants: what is filled, and how. */
function variantsOf(sizes, name, { files, directory, binary }) {
	const program = name === 'listenloop' ? [binary] : peerProgram;
	return [
		{ title: 'fresh: 1 campaign, 1 account', fill: async () => {} },
		{
			title: `${sizes.accounts.toLocaleString('en')} accounts in the campaign`,
			fill: async (server) => {
				const { problems } = await addList(server, files.get(sizes.accounts), sizes.accounts);
				if (problems.length > 0) throw new Error(problems.join(', '));
			},
		},
		{
			title: `${sizes.organizations.toLocaleString('en')} organizations in the database`,
			fill: (server, place) => addOrganizations(program, join(place, name), sizes.organizations - 1),
		},
		...sizes.campaigns.map((total) => ({
			title: `${total.toLocaleString('en')} campaigns in the organization`,
			fill: (server) => addCampaigns(server, total),
		})),
	].map((variant, index) => ({ ...variant, place: join(directory, `flatness-${index}`) }));
}

/** Rows of { title, server, bytes, cells }; the first is the fresh one. */
export async function runFlatness(name, sizes, { rounds, seconds }, context) {
	const { binary, log } = context;
	const rows = [];
	const servers = [];
	for (const { title, fill, place } of variantsOf(sizes, name, context)) {
		const server = await startApi(name, place, binary);
		await fill(server, place);
		await idle(server);
		const { text } = await server.call('GET', server.campaign);
		servers.push(server);
		rows.push({ title, server: name, bytes: Buffer.byteLength(text), cells: [] });
		await load(server, { path: server.campaign, script: 'get', connections: CONNECTIONS, seconds: 1 });
	}
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, server] of servers.entries()) {
			const cell = await load(server,
				{ path: server.campaign, script: 'get', connections: CONNECTIONS, seconds });
			rows[index].cells.push(cell);
			log(`flatness, round ${round + 1}: ${rows[index].title}: ${cell.cpuMicroseconds.toFixed(1)} us `
				+ cell.problems.join(', '));
		}
	}
	for (const server of servers) await server.stop();
	return rows;
}
