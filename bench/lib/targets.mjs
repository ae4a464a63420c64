// SPDX-License-Identifier: Apache-2.0
// What listenloop is to reach, and whether it did.

import { middle, othersQuantile, problemsOf, ratio, short } from './numbers.mjs';

const CONNECTIONS = 64;

/** A target on two clean rows, one or none of which may be there. */
function judge(title, rows, measure, reached, text) {
	if (rows.some((row) => row === undefined)) return [title, '', 'not measured'];
	if (rows.some((row) => problemsOf(row).length > 0)) return [title, 'errors', '**missed**'];
	const value = measure(...rows);
	return [title, text(value), reached(value) ? 'met' : '**missed**'];
}

function requestTargets({ requests }) {
	const of = (workload, server) => requests.find((row) => row.workload === workload
		&& row.server === server && row.connections === CONNECTIONS);
	const targets = [judge('GET campaign, requests per CPU second: at least 0.6 of nginx',
		[of('get-campaign', 'listenloop'), of('get-campaign', 'nginx')],
		(ours, nginx) => ratio(ours.cells, nginx.cells, (cell) => cell.perCpuSecond),
		(value) => value >= 0.6, short)];
	for (const [workload, title] of [['post-account', 'POST account'], ['put-campaign', 'PUT campaign']]) {
		const ours = of(workload, 'listenloop');
		targets.push(judge(`${title}, requests/s: at least 7 times Fastify`, [ours, of(workload, 'fastify')],
			(mine, peer) => ratio(mine.cells, peer.cells, (cell) => cell.perSecond),
			(value) => value >= 7, short));
		targets.push(judge(`${title}, p99: under 10 ms`, [ours], (mine) => middle(mine, (cell) => cell.p99),
			(value) => value < 10, (value) => `${short(value)} ms`));
	}
	return targets;
}

function addListTargets({ addList }) {
	const targets = [];
	for (const count of [100_000, 1_000_000]) {
		const of = (server) => addList.find((row) => row.server === server && row.count === count);
		const title = `add_list of ${count.toLocaleString('en')}`;
		const both = [of('listenloop'), of('fastify')];
		targets.push(judge(`${title}, accounts/s: at least 3 times Fastify`, both,
			(ours, peer) => ratio(ours.cells, peer.cells, (cell) => cell.perSecond),
			(value) => value >= 3, short));
		targets.push(judge(`${title}, peak memory: at most a quarter of Fastify`, both,
			(ours, peer) => ratio(ours.cells, peer.cells, (cell) => cell.peak),
			(value) => value <= 0.25, short));
		targets.push(judge(`${title}, the other client's p99: under 20 ms`, [both[0]],
			(ours) => othersQuantile(ours, 0.99), (value) => value < 20, (value) => `${short(value)} ms`));
	}
	return targets;
}

function errorTarget({ requests, failures }) {
	const title = 'no errors at 1, 64, 256 and 1,000 connections';
	if (failures.length > 0) return [title, failures.length, '**missed**'];
	const ours = requests.filter((row) => row.server === 'listenloop');
	const counts = new Set(ours.map((row) => row.connections));
	if (![1, 64, 256, 1000].every((count) => counts.has(count))) return [title, '', 'not measured'];
	const bad = ours.filter((row) => problemsOf(row).length > 0);
	return [title, bad.length === 0 ? `none in ${ours.length} rows` : `errors in ${bad.length} of ${ours.length} rows`,
		bad.length === 0 ? 'met' : '**missed**'];
}

function flatnessTargets({ flatness }) {
	const [fresh, ...full] = flatness.filter((row) => row.server === 'listenloop');
	if (!fresh) return [['a read costs at most 1.2 times where there is much', '', 'not measured']];
	return full.map((row) => judge(`a read with ${row.title}: at most 1.2 times the cost`, [fresh, row],
		(little, much) => ratio(little.cells, much.cells, (cell) => cell.perCpuSecond),
		(value) => value <= 1.2, short));
}

/** Rows of target, what was measured, verdict. */
export function targetRows(results) {
	return [...requestTargets(results), ...addListTargets(results), errorTarget(results),
		...flatnessTargets(results)];
}
