// SPDX-License-Identifier: Apache-2.0
// The other client: a process of its own that GETs a URL at a steady rate, whether or not
// earlier answers have come, until its input ends.  Then it prints [began, took] of each
// request in milliseconds, began since the epoch, took null after a failure.
//   paced.mjs URL RATE   with the headers as JSON in PACED_HEADERS

import http from 'node:http';
import { performance } from 'node:perf_hooks';

const [url, rate] = process.argv.slice(2);
const headers = JSON.parse(process.env.PACED_HEADERS);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const samples = [];
const started = performance.now();
let sent = 0;
let open = 0;
let ended = false;

function report() {
	if (!ended || open > 0) return;
	process.stdout.write(`${JSON.stringify(samples)}\n`, () => process.exit());
}

function ask() {
	const began = performance.now();
	const finish = (took) => {
		samples.push([performance.timeOrigin + began, took]);
		open -= 1;
		report();
	};
	open += 1;
	http.get(url, { agent, headers }, (answer) => {
		answer.resume();
		answer.once('end', () => finish(answer.statusCode === 200 ? performance.now() - began : null));
	}).once('error', () => finish(null));
}

function pace() {
	while (!ended && started + (sent * 1000) / rate <= performance.now()) {
		sent += 1;
		ask();
	}
	if (!ended) setTimeout(pace, Math.max(0, started + (sent * 1000) / rate - performance.now()));
}

process.stdin.resume().once('end', () => {
	ended = true;
	report();
});
pace();
