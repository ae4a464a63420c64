// SPDX-License-Identifier: Apache-2.0
// Times, money and domains between how the peer keeps them and how it answers them.

import { domainToASCII } from 'node:url';
import { getDomain } from 'tldts';

const HOUR = 3_600_000;
const offsets = new Map();

/** The zone's offset at an instant.  Intl is slow and offsets change on whole hours. */
function offsetAt(zone, at) {
	const hour = Math.floor(at / HOUR);
	const key = `${zone} ${hour}`;
	let found = offsets.get(key);
	if (found === undefined) {
		const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
			.formatToParts(hour * HOUR).find((part) => part.type === 'timeZoneName').value;
		const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name);
		const size = sign ? (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
		found = { shift: sign === '-' ? -size : size, text: sign ? `${sign}${hours}:${minutes}` : '+00:00' };
		offsets.set(key, found);
	}
	return found;
}

/** 2018-06-20T06:57:50.906-04:00, or null. */
export function timeText(at, zone) {
	if (at === null) return null;
	const offset = offsetAt(zone, at);
	return new Date(at + offset.shift).toISOString().slice(0, 23) + offset.text;
}

/** Millionths as the fewest digits with at least one decimal: 15000000 is "15.0". */
export function moneyText(millionths) {
	const rest = millionths % 1_000_000;
	if (rest === 0) return `${millionths / 1_000_000}.0`;
	const whole = (millionths - rest) / 1_000_000;
	return `${whole}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}

/** The other way; undefined if it is no amount of at most 1,000,000,000. */
export function moneyParse(given) {
	const parts = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(String(given));
	if (!parts) return undefined;
	const millionths = Number(parts[1]) * 1_000_000 + Number((parts[2] ?? '').padEnd(6, '0'));
	return millionths <= 1e15 ? millionths : undefined;
}

const PLAIN = /^[\x21-\x7e]*$/;
const SUFFIXES = { allowIcannDomains: true, allowPrivateDomains: false };

/** The registrable domain of whatever a person pasted, or null. */
export function registrableDomain(given) {
	let host = given.trim();
	if (!PLAIN.test(host)) host = domainToASCII(host.replace(/^[a-z]+:\/\//i, '').replace(/[/?#:].*$/, ''));
	return getDomain(host, SUFFIXES);
}
