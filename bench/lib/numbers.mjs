// SPDX-License-Identifier: Apache-2.0
// Medians of values and of rows; a row has the `cells` of its rounds.

export function median(values) {
	return quantile(values, 0.5);
}

/** The value below which that share of them lies; NaN of none. */
export function quantile(values, share) {
	if (values.length === 0) return NaN;
	const sorted = [...values].sort((a, b) => a - b);
	const place = share * (sorted.length - 1);
	const low = Math.floor(place);
	const high = Math.ceil(place);
	return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

/** How many times a is b: the median over rounds that were run in turn. */
export function ratio(a, b, pick) {
	const rounds = Math.min(a.length, b.length);
	const each = [];
	for (let round = 0; round < rounds; round += 1) each.push(pick(a[round]) / pick(b[round]));
	return median(each);
}

/** The row's median of what pick takes from a cell. */
export function middle(row, pick) {
	return median(row.cells.map(pick));
}

/** That quantile of all that the other client saw in all rounds of the row. */
export function othersQuantile(row, share) {
	return quantile(row.cells.flatMap((cell) => cell.others.took), share);
}

export function problemsOf(row) {
	return row.cells.flatMap((cell) => cell.problems);
}

export function whole(value) {
	return Math.round(value).toLocaleString('en');
}

/** Three digits that count: 0.123, 1.23, 12.3, 123, 1,234; - for what is no number. */
export function short(value) {
	if (!Number.isFinite(value)) return '-';
	if (value >= 100) return whole(value);
	return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}
