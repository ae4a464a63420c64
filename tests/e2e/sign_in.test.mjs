// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { offsetOf, TIME } from './support/compare.mjs';
import { runOk, startServer } from './support/server.mjs';

const ZONE = 'America/New_York';
const LOOPBACK = { family: 2, addr: 2130706433, mask_addr: 4294967295 };
const PASSWORD = 'correct horse ü battery';

const server = await startServer();
after(() => server.stop());

const signIn = (client) => client.post('/users/sign_in');

test('every sign-in moves the counter, the times and the addresses', async () => {
  const client = await server.newClient();
  const first = assertStatus(await signIn(client), 200).json;
  const second = assertStatus(await signIn(client), 200).json;

  assert.equal(first.sign_in_count, 1);
  assert.equal(second.sign_in_count, 2);
  assert.equal(second.last_sign_in_at, first.current_sign_in_at);
  assert.ok(second.current_sign_in_at >= second.last_sign_in_at);
  assert.deepEqual(second.current_sign_in_ip, LOOPBACK);
  assert.deepEqual(second.last_sign_in_ip, LOOPBACK);
});

test('nothing else moves them', async () => {
  const client = await server.newClient();
  assertStatus(await signIn(client), 200);
  await client.createCampaign();
  assertStatus(await client.get('/campaigns'), 200);
  const stranger = server.client({ ...client.who, api_key: `${client.who.api_key}x` });
  assertStatus(await signIn(stranger), 401);

  assert.equal((await signIn(client)).json.sign_in_count, 2);
});

test('the document knows its user and organization', async () => {
  const client = await server.newClient('Some.One@Example.com');
  const { json } = await signIn(client);

  assert.equal(json.id, client.who.user_id);
  assert.equal(json.organization_id, client.who.organization_id);
  assert.equal(json.organization.id, client.who.organization_id);
  assert.equal(json.email.toLowerCase(), 'some.one@example.com');
  assert.equal(json.organization.creator_email, json.email);
  assert.deepEqual(
    json.organization.users.map((u) => [u.id, u.email, u.creator]),
    [[json.id, json.email, true]],
  );
  assert.equal(json.authentication_token, client.who.api_key);
  assert.match(json.organization.public_key, /^[A-Za-z0-9_-]{16,}$/);
});

test("the document names the organization's campaigns", async () => {
  const client = await server.newClient();
  const campaign = await client.createCampaign();
  const { organization } = (await signIn(client)).json;

  assert.equal(organization.campaigns.length, 1);
  assert.ok(JSON.stringify(organization.campaigns).includes(String(campaign.id)));
  assert.equal(organization.campaigns_count, 1);
});

test("times have milliseconds and the offset of the organization's zone", async () => {
  const client = await server.newClient();
  const { json } = await signIn(client);
  const times = [
    json.created_at,
    json.updated_at,
    json.current_sign_in_at,
    json.organization.created_at,
    json.organization.updated_at,
  ];

  for (const time of times) {
    assert.match(time, TIME);
    assert.equal(time.slice(-6), offsetOf(new Date(time), ZONE));
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 120_000, time);
  }
});

test('the first charge comes at midnight after the trial', async () => {
  const client = await server.newClient();
  const { organization } = (await signIn(client)).json;
  const charge = organization.next_charge_date;
  const day = (time) => Date.parse(`${time.slice(0, 10)}T00:00:00Z`) / 86_400_000;

  assert.match(charge, /T00:00:00\.000[+-]\d\d:\d\d$/);
  assert.equal(charge.slice(-6), offsetOf(new Date(charge), ZONE));
  assert.equal(day(charge) - day(organization.created_at), organization.trial_days);
});

test('with e-mail and password', async () => {
  const client = await server.newClient('pass@example.com');
  await runOk(['user', 'password', 'pass@example.com', '--data', server.data], {
    input: `${PASSWORD}\n`,
  });
  const nobody = server.client(null);
  const signInAs = (email, password) =>
    nobody.post('/users/sign_in', { user: { email, password } });

  const good = assertStatus(await signInAs('PASS@example.com', PASSWORD), 200).json;
  assert.equal(good.id, client.who.user_id);
  assert.equal(good.sign_in_count, 1);
  const wrong = assertStatus(
    await signInAs('pass@example.com', `${PASSWORD} `),
    401,
  ).json;
  const unknown = assertStatus(await signInAs('nobody@example.com', PASSWORD), 401).json;
  assert.equal(wrong.error, 'Invalid Email or password.');
  assert.deepEqual({ ...unknown, request_id: '' }, { ...wrong, request_id: '' });
  assert.equal((await signIn(client)).json.sign_in_count, 2, 'a failure counts nothing');
});

const badBodies = [
  ['no user', {}, [400, 401]],
  ['a user that is no object', { user: 'me' }, [400, 401, 422]],
  ['no password', { user: { email: 'pass@example.com' } }, [400, 401, 422]],
  [
    'a password that is no text',
    { user: { email: 'pass@example.com', password: 7 } },
    [400, 401, 422],
  ],
  [
    'a user without a password set',
    { user: { email: 'owner-1@example.com', password: '' } },
    [400, 401, 422],
  ],
];

for (const [name, body, statuses] of badBodies) {
  test(`is refused for ${name}`, async () => {
    const reply = await server.client(null).post('/users/sign_in', body);
    assert.ok(statuses.includes(reply.status), `${reply.status} ${reply.text}`);
  });
}

test('is 401 without anything', async () => {
  const reply = assertStatus(await signIn(server.client(null)), 401);
  assert.equal(reply.json.error, 'You need to sign in or sign up before continuing.');
});
