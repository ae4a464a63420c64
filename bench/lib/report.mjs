// SPDX-License-Identifier: Apache-2.0
// The results as Markdown.

import { middle, othersQuantile, problemsOf, ratio, short, whole } from './numbers.mjs';
import { WORKLOADS } from './requests.mjs';
import { targetRows } from './targets.mjs';

const MIB = 2 ** 20;

function table(head, rows) {
	const line = (cells) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function requestSection(workload, rows) {
	const lines = rows.map((row) => {
		const start = [row.connections, row.server];
		const problems = problemsOf(row);
		if (problems.length > 0) return [...start, `ERRORS: ${problems.slice(0, 3).join('; ')}`, '', '', '', '', '', ''];
		const ours = rows.find((one) => one.server === 'listenloop' && one.connections === row.connections);
		const compare = ours && ours !== row && problemsOf(ours).length === 0;
		return [...start, ...[whole(middle(row, (cell) => cell.perSecond)),
			short(middle(row, (cell) => cell.cpuMicroseconds)),
			whole(middle(row, (cell) => cell.perCpuSecond)),
			short(middle(row, (cell) => cell.p50)), short(middle(row, (cell) => cell.p99)),
			whole(Math.max(...row.cells.map((cell) => cell.peak)) / MIB),
			compare ? `${short(ratio(ours.cells, row.cells, (cell) => cell.perSecond))} / `
				+ short(ratio(ours.cells, row.cells, (cell) => cell.perCpuSecond)) : '']];
	});
	return `## ${WORKLOADS[workload].title}\n\n${table(['connections', 'server', 'requests/s', 'CPU us each',
		'requests per CPU second', 'p50 ms', 'p99 ms', 'peak MiB', 'listenloop is (of requests/s / per CPU second)'], lines)}\n`;
}

function addListSection(rows) {
	const lines = rows.map((row) => {
		const start = [whole(row.count), row.server];
		const problems = problemsOf(row);
		if (problems.length > 0) return [...start, `ERRORS: ${problems.slice(0, 3).join('; ')}`, '', '', '', '', ''];
		const seen = row.cells.flatMap((cell) => cell.others.took).length;
		return [...start, short(middle(row, (cell) => cell.seconds)), whole(middle(row, (cell) => cell.perSecond)),
			short(middle(row, (cell) => cell.cpuMicroseconds)), whole(middle(row, (cell) => cell.peak) / MIB),
			seen < 20 ? '-' : short(othersQuantile(row, 0.5)),
			seen < 20 ? '-' : `${short(othersQuantile(row, 0.99))} (${whole(seen)})`];
	});
	const text = `## add_list, and another client's GETs meanwhile\n\n${table(['accounts', 'server', 'seconds',
		'accounts/s', 'CPU us each', 'peak MiB', 'other client p50 ms', 'p99 ms (requests)'], lines)}\n`;
	return text + growth(rows);
}

function growth(rows) {
	const of = (count) => rows.find((row) => row.server === 'listenloop' && row.count === count
		&& problemsOf(row).length === 0);
	const little = of(10_000);
	const much = of(1_000_000);
	if (!little || !much) return '';
	const peak = (row) => middle(row, (cell) => cell.peak);
	return `\nPeak memory of listenloop with 1,000,000 accounts is ${short(peak(much) / peak(little))} times `
		+ 'that with 10,000.\n';
}

function flatnessSection(rows) {
	const lines = rows.map((row) => {
		const problems = problemsOf(row);
		if (problems.length > 0) return [row.title, `ERRORS: ${problems.slice(0, 3).join('; ')}`, '', '', ''];
		return [row.title, whole(row.bytes), whole(middle(row, (cell) => cell.perCpuSecond)),
			short(middle(row, (cell) => cell.cpuMicroseconds)),
			short(ratio(rows[0].cells, row.cells, (cell) => cell.perCpuSecond))];
	});
	return `## GET campaign where there is much (${rows[0].server}, 64 connections)\n\n${table(['what there is',
		'answer bytes', 'requests per CPU second', 'CPU us each', 'times the cost of the fresh one'], lines)}\n`;
}

function headSection(results) {
	const kind = results.quick ? ', quick: a smoke test whose numbers mean little' : '';
	const machine = results.machine.map(([what, which]) => `- ${what}: ${which}`).join('\n');
	return `# Benchmark results, ${results.date}${kind}

${machine}

To repeat: \`${results.command}\`. It took ${Math.round(results.seconds / 60)} minutes. \`bench/README.md\` says how it is
measured. Numbers are medians over rounds in which the servers took turns; ratios are medians of the ratios
within a round. Read the ratios: the machine is what it is. The server has core 0, the load has core 1.
`;
}

export function render(results) {
	const parts = [headSection(results)];
	if (results.failures.length > 0) {
		parts.push(`## Failed\n\n${results.failures.map((why) => `- ${why.trim()}`).join('\n')}\n`);
	}
	for (const workload of Object.keys(WORKLOADS)) {
		const rows = results.requests.filter((row) => row.workload === workload);
		if (rows.length > 0) parts.push(requestSection(workload, rows));
	}
	if (results.addList.length > 0) parts.push(addListSection(results.addList));
	if (results.flatness.length > 0) parts.push(flatnessSection(results.flatness));
	parts.push(`## Targets\n\n${table(['target', 'measured', 'verdict'], targetRows(results))}\n`);
	return parts.join('\n');
}
