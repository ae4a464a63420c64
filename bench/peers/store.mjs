// SPDX-License-Identifier: Apache-2.0
// The peer's database: every statement is prepared once, every counter is kept.

import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { LISTS, TABLES } from './schema.mjs';
import { moneyParse, moneyText, registrableDomain, timeText } from './values.mjs';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONEY = ['daily_budget', 'bw_lifetime_budget', 'user_defined_cpm', 'ecpc_target', 'max_bid'];
const EDITABLE = ['name', 'user_defined_status', 'destination_url', 'bidding_strategy', 'pacing',
	'frequency_cap_impressions', 'frequency_cap_duration', ...MONEY];
const MOST_ERRORS = 1000;

/** What a client did wrong, with the status to answer. */
export class Refused extends Error {
	constructor(status, message, errors) {
		super(message);
		this.statusCode = status;
		this.errors = errors;
	}
}

export class Store {
	constructor(file) {
		const db = new Database(file);
		db.pragma('journal_mode = WAL');
		db.pragma('synchronous = FULL');
		db.pragma('busy_timeout = 5000');
		db.pragma('cache_size = -65536');
		db.pragma('temp_store = MEMORY');
		db.exec(TABLES);
		this.db = db;
		this.keys = new Map();
		this.targeting = new Map();
		this.#prepare();
		this.read = db.transaction((work) => work());
		const write = db.transaction((work) => work());
		this.write = write.immediate;
	}

	#prepare() {
		const of = (sql) => this.db.prepare(sql);
		this.sql = {
			key: of(`SELECT organization_id AS organization, email, time_zone AS zone
				FROM api_keys JOIN organizations ON organizations.id = organization_id
				WHERE key_hash = ?`),
			campaign: of('SELECT * FROM campaigns WHERE id = ? AND organization_id = ?'),
			campaignKnown: of('SELECT 1 FROM campaigns WHERE id = ? AND organization_id = ?').pluck(),
			campaignIds: of('SELECT id FROM campaigns WHERE organization_id = ? ORDER BY id').pluck(),
			dayPartings: of(`SELECT id, day, from_hour, to_hour FROM day_partings
				WHERE campaign_id = ? ORDER BY id`),
			items: of('SELECT list, id, name FROM campaign_items WHERE campaign_id = ? ORDER BY id'),
			campaignAdd: of(`INSERT INTO campaigns (organization_id, name, created_at, updated_at)
				VALUES (?, ?, ?, ?)`),
			dayPartingAdd: of(`INSERT INTO day_partings (campaign_id, day, from_hour, to_hour)
				VALUES (?, ?, 4, 20)`),
			campaignEdit: of(`UPDATE campaigns SET updated_at = @updated_at,
				${EDITABLE.map((name) => `${name} = @${name}`).join(', ')} WHERE id = @id`),
			campaignCount: of(`UPDATE campaigns SET accounts_count = coalesce(accounts_count, 0) + ?,
				turned_on_accounts_count = turned_on_accounts_count + ? WHERE id = ?`),
			account: of(`SELECT ca.*, a.domain, a.ip_addresses_count, a.kick_fire_lookup_status,
				a.last_kick_fire_looked_up_at, a.logo_url
				FROM campaign_accounts ca JOIN accounts a ON a.id = ca.account_id
				WHERE ca.id = ? AND ca.campaign_id = ? AND a.organization_id = ?`),
			accountAdd: of(`INSERT INTO accounts (organization_id, domain) VALUES (?, ?)
				ON CONFLICT DO NOTHING`),
			accountId: of('SELECT id FROM accounts WHERE organization_id = ? AND domain = ?').pluck(),
			entry: of('SELECT id FROM campaign_accounts WHERE campaign_id = ? AND account_id = ?').pluck(),
			entryAdd: of(`INSERT INTO campaign_accounts (campaign_id, account_id, name, source,
				user_defined_status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`),
			listAdd: of(`INSERT INTO campaign_accounts (campaign_id, account_id, name, source,
				postal_code, wpe_text_1, wpe_text_2, wpe_text_3, wpe_text_4, wpe_text_5,
				created_at, updated_at) VALUES (?, ?, ?, 'list', ?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT DO NOTHING`),
			listEdit: of(`UPDATE campaign_accounts SET name = ?, postal_code = ?, wpe_text_1 = ?,
				wpe_text_2 = ?, wpe_text_3 = ?, wpe_text_4 = ?, wpe_text_5 = ?, updated_at = ?
				WHERE campaign_id = ? AND account_id = ?`),
			organizationAdd: of('INSERT INTO organizations (created_at) VALUES (?)'),
			keyAdd: of('INSERT INTO api_keys (organization_id, email, key_hash) VALUES (?, ?, ?)'),
		};
	}

	organizationCreate(email, key) {
		return this.write(() => {
			const id = Number(this.sql.organizationAdd.run(Date.now()).lastInsertRowid);
			this.sql.keyAdd.run(id, email, hash('sha256', key));
			return id;
		});
	}

	/** Who holds this key, or undefined.  What the table said is remembered by the key's hash. */
	authenticate(email, key) {
		if (!email || !key) return undefined;
		const digest = hash('sha256', key);
		let who = this.keys.get(digest);
		if (who === undefined) {
			who = this.sql.key.get(digest);
			if (who === undefined) return undefined;
			this.keys.set(digest, who);
		}
		return who.email === email || who.email === email.toLowerCase() ? who : undefined;
	}

	campaignGet(who, id) {
		return this.read(() => this.#campaign(who, id));
	}

	campaignCreate(who, given) {
		const now = Date.now();
		const added = this.sql.campaignAdd.run(who.organization, given.name, now, now);
		const id = Number(added.lastInsertRowid);
		for (const day of DAYS) this.sql.dayPartingAdd.run(id, day);
		return this.#campaign(who, id);
	}

	campaignEdit(who, id, given) {
		const row = this.sql.campaign.get(id, who.organization);
		if (row === undefined) throw new Refused(404, 'not found');
		for (const name of EDITABLE) if (given[name] !== undefined) row[name] = given[name];
		for (const name of MONEY) {
			if (given[name] === undefined) continue;
			row[name] = moneyParse(given[name]);
			if (row[name] === undefined) throw new Refused(422, `${name} is not an amount`);
		}
		row.updated_at = Date.now();
		this.sql.campaignEdit.run(row);
		return this.#campaignDocument(who, row);
	}

	accountGet(who, campaign, id) {
		const row = this.sql.account.get(id, campaign, who.organization);
		if (row === undefined) throw new Refused(404, 'not found');
		return accountDocument(row, who.zone);
	}

	accountCreate(who, campaign, given) {
		const { sql } = this;
		const domain = registrableDomain(given.domain);
		if (domain === null) throw new Refused(422, 'domain is not a domain');
		if (!sql.campaignKnown.get(campaign, who.organization)) throw new Refused(404, 'not found');
		const account = this.#accountKeep(who.organization, domain);
		const status = given.user_defined_status ?? 'active';
		const now = Date.now();
		const existing = account.isNew ? undefined : sql.entry.get(campaign, account.id);
		if (existing !== undefined) throw new Refused(409, 'domain is taken', { id: [existing] });
		const name = given.name ?? nameOf(domain);
		const added = sql.entryAdd.run(campaign, account.id, name, 'user', status, now, now);
		sql.campaignCount.run(status === 'archived' ? 0 : 1, status === 'active' ? 1 : 0, campaign);
		return this.accountGet(who, campaign, Number(added.lastInsertRowid));
	}

	/** Adds a whole list.  Sorting it first by domain was tried: it costs more here than it saves. */
	accountAddList(who, campaign, list) {
		if (!this.sql.campaignKnown.get(campaign, who.organization)) throw new Refused(404, 'not found');
		const { entries, errors, rejected } = readList(list);
		const now = Date.now();
		let added = 0;
		for (const entry of entries) {
			const account = this.#accountKeep(who.organization, entry.domainName);
			if (this.#entryKeep(campaign, account.id, entry, now)) added += 1;
		}
		this.sql.campaignCount.run(added, added, campaign);
		const data = { received: list.length, added, updated: entries.length - added, unchanged: 0, rejected };
		return { status: true, exception: null, message: `${added} accounts added`, data, errors };
	}

	#entryKeep(campaign, account, entry, now) {
		const name = entry.companyName ?? nameOf(entry.domainName);
		const zip = entry.zipCode ?? null;
		const one = entry.wpeText1 ?? null;
		const two = entry.wpeText2 ?? null;
		const three = entry.wpeText3 ?? null;
		const four = entry.wpeText4 ?? null;
		const five = entry.wpeText5 ?? null;
		const { changes } = this.sql.listAdd.run(campaign, account, name, zip, one, two, three, four, five,
			now, now);
		if (changes === 0) {
			this.sql.listEdit.run(name, zip, one, two, three, four, five, now, campaign, account);
		}
		return changes === 1;
	}

	#accountKeep(organization, domain) {
		const added = this.sql.accountAdd.run(organization, domain);
		if (added.changes === 1) return { id: Number(added.lastInsertRowid), isNew: true };
		return { id: this.sql.accountId.get(organization, domain), isNew: false };
	}

	#campaign(who, id) {
		const row = this.sql.campaign.get(id, who.organization);
		if (row === undefined) throw new Refused(404, 'not found');
		return this.#campaignDocument(who, row);
	}

	/** Turns the row into the document in place: the keys are the same. */
	#campaignDocument(who, row) {
		const { sql } = this;
		const reasons = [];
		if (!row.destination_url) reasons.push('No destination Url');
		if (row.user_defined_status !== 'active') reasons.push(`Campaign is ${row.user_defined_status}`);
		row.worthy_of_dsp = reasons.length === 0;
		row.worthy_of_dsp_description = reasons.join('; ');
		row.billing_type = 'monthly_recurring';
		row.worthy_of_wpe = false;
		row.worthy_of_wpe_description = null;
		row.wizard_type = null;
		row.ctc_enabled = row.ctc_enabled === 1;
		row.targeting_strategy = this.#strategy(row.targeting_strategy);
		row.ctr = rate(row.clicks_count, row.impressions_count);
		row.conversion_rate = rate(row.conversion_c_page_views_count, row.page_views_count);
		row.archived_at = timeText(row.archived_at, who.zone);
		row.last_user_stopped_at = timeText(row.last_user_stopped_at, who.zone);
		row.created_at = timeText(row.created_at, who.zone);
		row.updated_at = timeText(row.updated_at, who.zone);
		for (const name of MONEY) row[name] = moneyText(row[name]);
		for (const name of LISTS) row[name] = [];
		for (const item of sql.items.all(row.id)) row[item.list].push(item);
		row.day_partings = sql.dayPartings.all(row.id);
		row.organization = { id: row.organization_id, campaigns: sql.campaignIds.all(row.organization_id) };
		return row;
	}

	/** There are sixteen different ones at most. */
	#strategy(text) {
		let found = this.targeting.get(text);
		if (found === undefined) {
			found = JSON.parse(text);
			this.targeting.set(text, found);
		}
		return found;
	}
}

/** The good entries, their domains made registrable in place. */
function readList(list) {
	const entries = [];
	const errors = [];
	let rejected = 0;
	for (let index = 0; index < list.length; index += 1) {
		const entry = list[index];
		const domain = typeof entry?.domainName === 'string' ? registrableDomain(entry.domainName) : null;
		if (domain !== null) {
			entry.domainName = domain;
			entries.push(entry);
			continue;
		}
		rejected += 1;
		if (errors.length < MOST_ERRORS) {
			errors.push({ index, domainName: entry?.domainName ?? null, error: 'is not a domain' });
		}
	}
	return { entries, errors, rejected };
}

function nameOf(domain) {
	const label = domain.slice(0, domain.indexOf('.'));
	return label[0].toUpperCase() + label.slice(1);
}

function rate(part, whole) {
	return part === null || !whole ? null : (part / whole).toFixed(4);
}

function accountDocument(row, zone) {
	row.worthy_of_dsp = false;
	row.worthy_of_dsp_description = null;
	row.targeting_update_needed = false;
	row.setup_third_party_last_ran_at = null;
	row.created_at = timeText(row.created_at, zone);
	row.updated_at = timeText(row.updated_at, zone);
	row.last_user_paused_at = timeText(row.last_user_paused_at, zone);
	row.last_kick_fire_looked_up_at = timeText(row.last_kick_fire_looked_up_at, zone);
	row.account_locations = row.postal_code === null ? [] : [{ postal_code: row.postal_code }];
	row.account_industries = [];
	row.campaign = { id: row.campaign_id };
	row.beeswax_line_item = null;
	return row;
}
