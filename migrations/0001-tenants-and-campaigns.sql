-- Times are milliseconds since 1970 (UTC), dates days since 1970, money millionths of a
-- dollar.  Every table of a tenant carries organization_id, so that it can be spread by it.

CREATE TABLE settings (
	name TEXT NOT NULL PRIMARY KEY,
	value {bigint} NOT NULL
){strict};

-- Moves with every change to who may sign in, so that what is cached of it can be checked.
INSERT INTO settings (name, value) VALUES ('identities', 1);

CREATE TABLE organizations (
	id {key},
	user_defined_status TEXT NOT NULL,
	last_paused_at {bigint},
	credits {bigint} NOT NULL,
	campaigns_count {bigint},
	team_members_count {bigint},
	created_at {bigint} NOT NULL,
	updated_at {bigint} NOT NULL,
	last_archived_at {bigint},
	public_key TEXT NOT NULL UNIQUE,
	ip_lookup_credits_allotted {bigint} NOT NULL,
	ip_lookup_credits_used {bigint} NOT NULL,
	trial_days {bigint} NOT NULL,
	ctc_enabled {bigint} NOT NULL,
	loop_js_added {bigint} NOT NULL,
	page_views_a_minute {bigint} NOT NULL,
	min_charge_amount {bigint} NOT NULL,
	creator_email TEXT NOT NULL,
	logo_url TEXT,
	name TEXT,
	domain TEXT,
	time_zone TEXT NOT NULL,
	version {bigint} NOT NULL
){strict};

CREATE TABLE users (
	id {key},
	organization_id {bigint} NOT NULL REFERENCES organizations (id),
	email TEXT NOT NULL UNIQUE,
	password_hash TEXT,
	first_name TEXT NOT NULL,
	last_name TEXT NOT NULL,
	creator {bigint} NOT NULL,
	sign_in_count {bigint} NOT NULL,
	current_sign_in_at {bigint},
	last_sign_in_at {bigint},
	current_sign_in_ip TEXT,
	last_sign_in_ip TEXT,
	created_at {bigint} NOT NULL,
	updated_at {bigint} NOT NULL
){strict};

CREATE INDEX users_by_organization ON users (organization_id, id);

-- A token is found by its keyed hash; the sealed copy is for showing it to its owner.
CREATE TABLE api_keys (
	id {key},
	organization_id {bigint} NOT NULL REFERENCES organizations (id),
	user_id {bigint} NOT NULL REFERENCES users (id),
	name TEXT NOT NULL,
	token_hash TEXT NOT NULL UNIQUE,
	token_sealed TEXT NOT NULL,
	created_at {bigint} NOT NULL,
	revoked_at {bigint}
){strict};

CREATE INDEX api_keys_by_user ON api_keys (user_id, id);

-- version moves with every change to what the campaign's answer shows.
CREATE TABLE campaigns (
	id {key},
	organization_id {bigint} NOT NULL REFERENCES organizations (id),
	name TEXT NOT NULL,
	user_defined_status TEXT NOT NULL,
	archived_at {bigint},
	destination_url TEXT,
	accounts_count {bigint},
	last_user_stopped_at {bigint},
	start_date {bigint},
	end_date {bigint},
	daily_budget {bigint} NOT NULL,
	bw_lifetime_budget {bigint} NOT NULL,
	user_defined_aggressiveness {bigint},
	user_defined_cpm {bigint} NOT NULL,
	created_at {bigint} NOT NULL,
	updated_at {bigint} NOT NULL,
	frequency_cap_impressions {bigint} NOT NULL,
	frequency_cap_duration {bigint} NOT NULL,
	ctc_enabled {bigint} NOT NULL,
	targeting_strategy {bigint} NOT NULL,
	bidding_strategy TEXT NOT NULL,
	pacing TEXT NOT NULL,
	ecpc_target {bigint} NOT NULL,
	max_bid {bigint} NOT NULL,
	turned_on_accounts_count {bigint} NOT NULL,
	archived_accounts_count {bigint} NOT NULL,
	version {bigint} NOT NULL
){strict};

CREATE INDEX campaigns_by_organization
	ON campaigns (organization_id, id, user_defined_status);

CREATE TABLE day_partings (
	id {key},
	organization_id {bigint} NOT NULL REFERENCES organizations (id),
	campaign_id {bigint} NOT NULL REFERENCES campaigns (id),
	day {bigint} NOT NULL CHECK (day BETWEEN 0 AND 6),
	from_hour {bigint} NOT NULL CHECK (from_hour >= 0),
	to_hour {bigint} NOT NULL CHECK (to_hour > from_hour AND to_hour <= 24)
){strict};

CREATE INDEX day_partings_by_campaign ON day_partings (campaign_id, day, from_hour);

-- The lists inside a campaign: job titles, carriers, criteria ...
CREATE TABLE campaign_items (
	id {key},
	organization_id {bigint} NOT NULL REFERENCES organizations (id),
	campaign_id {bigint} NOT NULL REFERENCES campaigns (id),
	list TEXT NOT NULL,
	name TEXT NOT NULL,
	match TEXT,
	url TEXT,
	created_at {bigint} NOT NULL,
	updated_at {bigint} NOT NULL,
	UNIQUE (campaign_id, list, name)
){strict};

-- The companies an organization wants to reach.  No foreign keys here and below: they make
-- loading a list a third dearer, and rows are never deleted, which is also why their ids
-- need no AUTOINCREMENT.
CREATE TABLE accounts (
	id {serial},
	organization_id {bigint} NOT NULL,
	domain TEXT NOT NULL,
	name TEXT NOT NULL,
	postal_code TEXT,
	kick_fire_lookup_status TEXT NOT NULL,
	created_at {bigint} NOT NULL
){strict};

CREATE UNIQUE INDEX accounts_by_domain ON accounts (organization_id, domain);

CREATE TABLE campaign_accounts (
	id {serial},
	organization_id {bigint} NOT NULL,
	campaign_id {bigint} NOT NULL,
	account_id {bigint} NOT NULL,
	source TEXT NOT NULL,
	user_defined_status TEXT NOT NULL,
	last_user_paused_at {bigint},
	wpe_text_1 TEXT,
	wpe_text_2 TEXT,
	wpe_text_3 TEXT,
	wpe_text_4 TEXT,
	wpe_text_5 TEXT,
	created_at {bigint} NOT NULL,
	updated_at {bigint} NOT NULL
){strict};

CREATE UNIQUE INDEX campaign_accounts_by_account
	ON campaign_accounts (campaign_id, account_id);
CREATE INDEX campaign_accounts_by_campaign ON campaign_accounts (campaign_id, id);
