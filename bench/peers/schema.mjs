// SPDX-License-Identifier: Apache-2.0
// The peer's tables and the shapes of its answers.

export const TABLES = `
CREATE TABLE IF NOT EXISTS organizations (
	id INTEGER PRIMARY KEY,
	time_zone TEXT NOT NULL DEFAULT 'America/New_York',
	created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS api_keys (
	id INTEGER PRIMARY KEY,
	organization_id INTEGER NOT NULL REFERENCES organizations (id),
	email TEXT NOT NULL,
	key_hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE IF NOT EXISTS campaigns (
	id INTEGER PRIMARY KEY,
	organization_id INTEGER NOT NULL REFERENCES organizations (id),
	name TEXT NOT NULL,
	user_defined_status TEXT NOT NULL DEFAULT 'active',
	archived_at INTEGER,
	destination_url TEXT,
	accounts_count INTEGER,
	accounts_with_impression_count INTEGER,
	last_user_stopped_at INTEGER,
	start_date TEXT,
	end_date TEXT,
	daily_budget INTEGER NOT NULL DEFAULT 15000000,
	bw_lifetime_budget INTEGER NOT NULL DEFAULT 10000000000,
	user_defined_aggressiveness INTEGER,
	user_defined_cpm INTEGER NOT NULL DEFAULT 25000000,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	frequency_cap_impressions INTEGER NOT NULL DEFAULT 20,
	frequency_cap_duration INTEGER NOT NULL DEFAULT 3600,
	ctc_enabled INTEGER NOT NULL DEFAULT 0,
	targeting_strategy TEXT NOT NULL
		DEFAULT '{"geo":true,"industries":true,"job_titles":true}',
	bidding_strategy TEXT NOT NULL DEFAULT 'CPM',
	pacing TEXT NOT NULL DEFAULT 'daily',
	ecpc_target INTEGER NOT NULL DEFAULT 20000,
	max_bid INTEGER NOT NULL DEFAULT 20000,
	clicks_count INTEGER,
	impressions_count INTEGER,
	turned_on_accounts_count INTEGER NOT NULL DEFAULT 0,
	page_views_count INTEGER,
	personalization_c_page_views_count INTEGER,
	conversion_c_page_views_count INTEGER,
	targetable_accounts_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS campaigns_organization ON campaigns (organization_id);
CREATE TABLE IF NOT EXISTS day_partings (
	id INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
	day TEXT NOT NULL,
	from_hour INTEGER NOT NULL,
	to_hour INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS day_partings_campaign ON day_partings (campaign_id);
CREATE TABLE IF NOT EXISTS campaign_items (
	id INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
	list TEXT NOT NULL,
	name TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS campaign_items_campaign ON campaign_items (campaign_id);
CREATE TABLE IF NOT EXISTS accounts (
	id INTEGER PRIMARY KEY,
	organization_id INTEGER NOT NULL REFERENCES organizations (id),
	domain TEXT NOT NULL,
	ip_addresses_count INTEGER NOT NULL DEFAULT 0,
	kick_fire_lookup_status TEXT NOT NULL DEFAULT 'pending',
	last_kick_fire_looked_up_at INTEGER,
	logo_url TEXT,
	UNIQUE (organization_id, domain)
) STRICT;
CREATE TABLE IF NOT EXISTS campaign_accounts (
	id INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
	account_id INTEGER NOT NULL REFERENCES accounts (id),
	name TEXT NOT NULL,
	source TEXT NOT NULL,
	user_defined_status TEXT NOT NULL DEFAULT 'active',
	postal_code TEXT,
	wpe_text_1 TEXT,
	wpe_text_2 TEXT,
	wpe_text_3 TEXT,
	wpe_text_4 TEXT,
	wpe_text_5 TEXT,
	last_user_paused_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	UNIQUE (campaign_id, account_id)
) STRICT;
`;

export const LISTS = ['salesforce_lists', 'job_titles', 'personalization_criteria',
	'conversion_criteria', 'inventories', 'geo_optimizations', 'device_types', 'carriers'];

const integer = { type: 'integer' };
const flag = { type: 'boolean' };
const string = { type: 'string' };
const maybe = (type) => ({ type: type.type, nullable: true });
const object = (properties) => ({ type: 'object', properties });
const list = (items) => ({ type: 'array', items });
const items = list(object({ id: integer, name: string }));

export const CAMPAIGN = object({
	id: integer,
	name: string,
	organization_id: integer,
	user_defined_status: string,
	archived_at: maybe(string),
	worthy_of_dsp: flag,
	worthy_of_dsp_description: string,
	destination_url: maybe(string),
	accounts_count: maybe(integer),
	accounts_with_impression_count: maybe(integer),
	last_user_stopped_at: maybe(string),
	start_date: maybe(string),
	end_date: maybe(string),
	daily_budget: string,
	bw_lifetime_budget: string,
	user_defined_aggressiveness: maybe(integer),
	user_defined_cpm: string,
	created_at: string,
	updated_at: string,
	frequency_cap_impressions: integer,
	frequency_cap_duration: integer,
	billing_type: string,
	worthy_of_wpe: flag,
	worthy_of_wpe_description: maybe(string),
	wizard_type: maybe(string),
	ctc_enabled: flag,
	targeting_strategy: object({ geo: flag, industries: flag, ip_addresses: flag, job_titles: flag }),
	bidding_strategy: string,
	pacing: string,
	ecpc_target: string,
	max_bid: string,
	clicks_count: maybe(integer),
	impressions_count: maybe(integer),
	turned_on_accounts_count: integer,
	ctr: maybe(string),
	page_views_count: maybe(integer),
	personalization_c_page_views_count: maybe(integer),
	conversion_c_page_views_count: maybe(integer),
	conversion_rate: maybe(string),
	salesforce_lists: items,
	organization: object({ id: integer, campaigns: list(integer) }),
	job_titles: items,
	personalization_criteria: items,
	conversion_criteria: items,
	inventories: items,
	geo_optimizations: items,
	day_partings: list(object({ id: integer, day: string, from_hour: integer, to_hour: integer })),
	device_types: items,
	carriers: items,
	targetable_accounts_count: integer,
});

export const ACCOUNT = object({
	id: integer,
	account_id: integer,
	name: string,
	domain: string,
	source: string,
	created_at: string,
	updated_at: string,
	user_defined_status: string,
	worthy_of_dsp: flag,
	worthy_of_dsp_description: maybe(string),
	targeting_update_needed: flag,
	last_user_paused_at: maybe(string),
	setup_third_party_last_ran_at: maybe(string),
	campaign_id: integer,
	wpe_text_1: maybe(string),
	wpe_text_2: maybe(string),
	wpe_text_3: maybe(string),
	wpe_text_4: maybe(string),
	wpe_text_5: maybe(string),
	ip_addresses_count: integer,
	kick_fire_lookup_status: string,
	last_kick_fire_looked_up_at: maybe(string),
	logo_url: maybe(string),
	account_locations: list(object({ postal_code: string })),
	account_industries: list(string),
	campaign: object({ id: integer }),
	beeswax_line_item: maybe(integer),
});

export const CAMPAIGN_BODY = {
	type: 'object',
	required: ['campaign'],
	properties: {
		campaign: {
			type: 'object',
			properties: {
				name: { type: 'string', minLength: 1, maxLength: 255 },
				user_defined_status: { enum: ['active', 'paused', 'archived'] },
				destination_url: { type: 'string', nullable: true, maxLength: 2048 },
				daily_budget: { type: ['string', 'number'] },
				bw_lifetime_budget: { type: ['string', 'number'] },
				user_defined_cpm: { type: ['string', 'number'] },
				bidding_strategy: { enum: ['CPM', 'CPM_PACED', 'CPM_OPTIMIZED', 'CPC'] },
				pacing: { enum: ['daily', 'lifetime'] },
				ecpc_target: { type: ['string', 'number'] },
				max_bid: { type: ['string', 'number'] },
				frequency_cap_impressions: { type: 'integer', minimum: 1, maximum: 1000 },
				frequency_cap_duration: { type: 'integer', minimum: 60, maximum: 2592000 },
			},
		},
	},
};

export const ACCOUNT_BODY = {
	type: 'object',
	required: ['account'],
	properties: {
		account: {
			type: 'object',
			required: ['domain'],
			properties: {
				name: { type: 'string', minLength: 1, maxLength: 255 },
				domain: { type: 'string', maxLength: 2048 },
				user_defined_status: { enum: ['active', 'paused', 'archived'] },
			},
		},
	},
};
