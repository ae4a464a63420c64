// SPDX-License-Identifier: Apache-2.0
// The documented requests, in the document's order, against the documented answers.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { differences, golden } from './support/compare.mjs';
import { startServer } from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient('email@example.com');

// What depends on the occasion and not on the document.
const free = {
  user: new Set([
    'id',
    'email',
    'authentication_token',
    'first_name',
    'last_name',
    'organization_id',
    'sign_in_count',
    'current_sign_in_at',
    'last_sign_in_at',
    'created_at',
    'updated_at',
    'organization.id',
    'organization.name',
    'organization.created_at',
    'organization.updated_at',
    'organization.public_key',
    'organization.next_charge_date',
    'organization.creator_email',
    'organization.users[].id',
    'organization.users[].email',
    'organization.users[].last_sign_in_at',
  ]),
  campaign: new Set([
    'id',
    'organization_id',
    'created_at',
    'updated_at',
    'organization.id',
    'organization.campaigns',
    'day_partings[].id',
  ]),
  account: new Set([
    'id',
    'account_id',
    'campaign_id',
    'campaign.id',
    'created_at',
    'updated_at',
  ]),
};

function assertLike(got, name, occasion) {
  assert.deepEqual(differences('', got, golden(name), occasion), []);
}

let campaign;
let account;

test('sign in', async () => {
  const first = assertStatus(await client.post('/users/sign_in'), 200).json;
  const second = assertStatus(await client.post('/users/sign_in'), 200).json;

  assertLike(second, 'sign_in', free.user);
  assert.equal(second.sign_in_count, first.sign_in_count + 1);
  assert.equal(second.sign_in_count, 2);
  assert.equal(second.authentication_token, client.who.api_key);
});

test('create a campaign', async () => {
  campaign = assertStatus(
    await client.post('/campaigns', { campaign: { name: 'My Awesome Campaign' } }),
    201,
  ).json;
  assertLike(campaign, 'campaign_create', free.campaign);
  assert.deepEqual(campaign.organization, {
    id: client.who.organization_id,
    campaigns: [campaign.id],
  });
  assert.equal(campaign.organization_id, client.who.organization_id);
});

test('edit a campaign', async () => {
  const edited = assertStatus(
    await client.put(`/campaigns/${campaign.id}`, {
      campaign: { destination_url: 'listenloop.com', name: 'API_CAMPAIGN' },
    }),
    200,
  ).json;

  assertLike(edited, 'campaign_edit', free.campaign);
  assert.equal(edited.created_at, campaign.created_at);
  assert.deepEqual(edited.day_partings, campaign.day_partings);
});

test('show a campaign', async () => {
  const shown = assertStatus(await client.get(`/campaigns/${campaign.id}`), 200).json;

  assertLike(shown, 'campaign_show', free.campaign);
});

test('add a list of accounts', async () => {
  const { json } = assertStatus(
    await client.addList(campaign.id, [
      { companyName: 'Example Org', domainName: 'www.example.org' },
    ]),
    200,
  );

  assert.equal(json.status, true);
  assert.equal(json.exception, null);
  assert.deepEqual(json.data, {
    received: 1,
    added: 1,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  });
  assert.deepEqual(json.errors, []);
});

test('create an account', async () => {
  account = assertStatus(
    await client.post(`/campaigns/${campaign.id}/accounts`, {
      account: { name: 'Example', domain: 'example.com' },
    }),
    201,
  ).json;
  assertLike(account, 'account_create', free.account);
  assert.equal(account.campaign_id, campaign.id);
  assert.deepEqual(account.campaign, { id: campaign.id });
  assert.deepEqual(Object.keys(account), Object.keys(golden('account_create')));
});

test('edit an account', async () => {
  const edited = assertStatus(
    await client.put(`/campaigns/${campaign.id}/accounts/${account.id}`, {
      account: { user_defined_status: 'paused' },
    }),
    200,
  ).json;

  assertLike(edited, 'account_edit', new Set([...free.account, 'last_user_paused_at']));
  assert.equal(edited.id, account.id);
});

test('show an account', async () => {
  const shown = assertStatus(
    await client.get(`/campaigns/${campaign.id}/accounts/${account.id}`),
    200,
  ).json;

  assertLike(shown, 'account_show', new Set([...free.account, 'last_user_paused_at']));
});

test('header names and the e-mail are taken in any case', async () => {
  const reply = await client.call('GET', `/campaigns/${campaign.id}`, {
    headers: {
      'X-User-Token': undefined,
      'X-User-Email': undefined,
      'x-uSER-tOKEN': client.who.api_key,
      'x-uSER-eMAIL': 'EMAIL@Example.COM',
    },
  });

  assertStatus(reply, 200);
});

test('PATCH is the same as PUT', async () => {
  const path = `/campaigns/${campaign.id}`;
  const patched = assertStatus(
    await client.patch(path, { campaign: { name: 'Patched' } }),
    200,
  );

  assert.equal(patched.json.name, 'Patched');
  assertStatus(
    await client.patch(`${path}/accounts/${account.id}`, {
      account: { name: 'Patched too' },
    }),
    200,
  );
});
