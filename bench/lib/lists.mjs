// SPDX-License-Identifier: Apache-2.0
// Lists of accounts as a marketing department exports them, the same ones each time.

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

const FIRST = ['Northern', 'United', 'Global', 'Blue', 'Silver', 'Pacific', 'Atlantic', 'Summit', 'Pioneer',
	'Bright', 'Golden', 'Iron', 'Central', 'Crystal', 'Delta', 'Evergreen', 'Falcon', 'Granite', 'Harbor',
	'Keystone', 'Liberty', 'Maple', 'Nova', 'Orchid', 'Prime', 'Quantum', 'River', 'Sierra', 'Titan', 'Vertex'];
const SECOND = ['Health', 'Software', 'Logistics', 'Foods', 'Energy', 'Capital', 'Systems', 'Media', 'Motors',
	'Networks', 'Partners', 'Pharma', 'Plastics', 'Robotics', 'Security', 'Solutions', 'Steel', 'Textiles',
	'Travel', 'Analytics', 'Aerospace', 'Insurance', 'Materials', 'Dental', 'Brewing', 'Consulting'];
const FORM = ['Inc.', 'LLC', 'Corp.', 'GmbH', 'Ltd', 'S.A.', 'Group', 'Co.', '& Sons', 'Müller KG'];
const SUFFIX = ['com', 'com', 'com', 'com', 'com', 'com', 'net', 'org', 'io', 'de', 'co.uk', 'fr'];
const CONSONANTS = 'bcdfghklmnprstvz';
const VOWELS = 'aeiou';

/** Random numbers from 0 to `below`, the same for the same seed (mulberry32). */
function randomFrom(seed) {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

/** A number below 2^24 as four syllables: as odd as a brand, and no two alike. */
function syllables(number) {
	let text = '';
	let rest = number;
	for (let place = 0; place < 4; place += 1) {
		text += CONSONANTS[rest % 16] + VOWELS[Math.floor(rest / 16) % 5];
		rest = Math.floor(rest / 80);
	}
	return text;
}

/** Entry `index`.  The product with an odd number permutes the numbers below 2^24. */
function entry(index, random) {
	const first = FIRST[random(FIRST.length)];
	const second = SECOND[random(SECOND.length)];
	const brand = syllables(Math.imul(index, 0x9e3779b1) & 0xffffff);
	const host = `${brand}${second.toLowerCase()}.${SUFFIX[random(SUFFIX.length)]}`;
	const shape = random(20);
	const made = {
		companyName: `${first} ${brand[0].toUpperCase()}${brand.slice(1)} ${second} ${FORM[random(FORM.length)]}`,
		domainName: shape < 4 ? `www.${host}` : shape === 4 ? `https://www.${host}/` : host,
	};
	if (random(10) === 0) {
		made.zipCode = String(10_000 + random(89_999));
		made.wpeText1 = `Welcome, ${first} team`;
		made.wpeText2 = `See what ${second} companies save with us`;
	}
	return made;
}

/** Writes {"account_list": [...]} with `count` entries, no domain twice. */
export async function writeList(file, count) {
	const random = randomFrom(count);
	const out = createWriteStream(file, { highWaterMark: 1 << 20 });
	let part = '{"account_list":[';
	for (let index = 0; index < count; index += 1) {
		part += (index > 0 ? ',' : '') + JSON.stringify(entry(index, random));
		if (part.length < 1 << 18) continue;
		if (!out.write(part)) await once(out, 'drain');
		part = '';
	}
	out.end(`${part}]}`);
	await once(out, 'close');
}
