// SPDX-License-Identifier: Apache-2.0
// What the kernel knows of a process and its children: Linux's /proc.

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The process and all its descendants that live. */
function tree(pid) {
	const found = [pid];
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
		for (const child of children.split(' ').filter(Boolean)) found.push(...tree(Number(child)));
	}
	return found;
}

/** User and system seconds that the tree has used, ended children included. */
export function cpuSeconds(pid) {
	let ticks = 0;
	for (const one of tree(pid)) {
		const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
		ticks += fields[11] + fields[12] + fields[13] + fields[14];
	}
	return ticks / TICKS;
}

/** The most memory the tree has held since it began or since resetPeak. */
export function peakBytes(pid) {
	let bytes = 0;
	for (const one of tree(pid)) {
		const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${one}/status`, 'utf8'));
		if (peak) bytes += Number(peak[1]) * 1024;
	}
	return bytes;
}

export function resetPeak(pid) {
	for (const one of tree(pid)) writeFileSync(`/proc/${one}/clear_refs`, '5');
}
