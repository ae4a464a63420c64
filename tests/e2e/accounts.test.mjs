// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblems, assertStatus, nextPage } from './support/client.mjs';
import { TIME } from './support/compare.mjs';
import { sleep, startServer } from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();

async function counts(campaign, who = client) {
  const c = await who.getCampaign(campaign);
  return [c.accounts_count, c.turned_on_accounts_count, c.targetable_accounts_count];
}

async function edit(campaign, id, account, who = client) {
  const path = `/campaigns/${campaign}/accounts/${id}`;
  return assertStatus(await who.put(path, { account }), 200).json;
}

test('a create says where the account is', async () => {
  const { id } = await client.createCampaign();
  const reply = assertStatus(
    await client.post(`/campaigns/${id}/accounts`, {
      account: { domain: 'example.com' },
    }),
    201,
  );
  const where = new URL(reply.headers.get('location'), server.base);

  assert.equal(where.pathname, `/campaigns/${id}/accounts/${reply.json.id}`);
  assert.equal((await client.get(where.pathname)).text, reply.text);
});

test('every attribute is kept', async () => {
  const { id } = await client.createCampaign();
  const texts = {
    wpe_text_1: ' one ',
    wpe_text_2: '<b>',
    wpe_text_3: '',
    wpe_text_4: '📣',
    wpe_text_5: 'x'.repeat(255),
  };
  const created = await client.createAccount(id, 'example.com', {
    name: 'Exämple',
    user_defined_status: 'paused',
    postal_code: '10001',
    ...texts,
  });

  assert.equal(created.name, 'Exämple');
  assert.equal(created.user_defined_status, 'paused');
  assert.deepEqual(created.account_locations, [{ postal_code: '10001' }]);
  for (const [key, value] of Object.entries(texts))
    assert.equal(created[key], value, key);
  const cleared = await edit(id, created.id, { wpe_text_1: null, postal_code: null });
  assert.equal(cleared.wpe_text_1, null);
  assert.deepEqual(cleared.account_locations, []);
  assert.equal(cleared.wpe_text_2, '<b>');
});

// What a person pastes, the registrable domain, and the name that a missing one becomes.
const domains = [
  ['WWW.Example.COM.', 'example.com', 'Example'],
  ['https://shop.example.net/a?b#c', 'example.net', 'Example'],
  ['http://user:pw@www.example.co.uk:8080/x', 'example.co.uk', 'Example'],
  ['foo.co.uk:443', 'foo.co.uk', 'Foo'],
  ['  spaced.example.org \t', 'example.org', 'Example'],
  ['münchen.de', 'xn--mnchen-3ya.de', null],
  ['WWW.MÜNCHEN.DE', 'xn--mnchen-3ya.de', null],
  ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de', null],
  ['a.b.c.d.kyoto.jp', 'd.kyoto.jp', 'D'],
  ['//example.info/x', 'example.info', 'Example'],
  ['joe@example.biz', 'example.biz', 'Example'],
  ['www.ck', 'www.ck', null],
];

for (const [pasted, domain, name] of domains) {
  test(`the domain ${JSON.stringify(pasted)} is ${domain}`, async () => {
    const own = await server.newClient();
    const { id } = await own.createCampaign();
    const account = await own.createAccount(id, pasted);
    assert.equal(account.domain, domain);
    if (name !== null) assert.equal(account.name, name);
  });
}

const badDomains = [
  '',
  ' ',
  'not a domain',
  'localhost',
  'co.uk',
  'com',
  '192.0.2.1',
  'http://192.0.2.1/',
  '[2001:db8::1]',
  '2001:db8::1',
  '127.1',
  '0x7f.1',
  'a..b',
  '-a.com',
  'a-.com',
  `${'a'.repeat(64)}.com`,
  `${'abcdefgh.'.repeat(29)}com`,
  'exa mple.com',
  'exa\u0000mple.com',
  'exa\nmple.com',
  'http://',
  'n/a',
  '???',
  'xn--a.com',
  '.com',
  '.',
];

for (const domain of badDomains) {
  test(`the domain ${JSON.stringify(domain).slice(0, 40)} is refused`, async () => {
    const { id } = await client.createCampaign();
    assertProblems(
      await client.post(`/campaigns/${id}/accounts`, { account: { domain } }),
      422,
      ['domain'],
    );
    assert.deepEqual(await counts(id), [null, 0, 0]);
  });
}

test('a domain is required', async () => {
  const { id } = await client.createCampaign();
  assertProblems(
    await client.post(`/campaigns/${id}/accounts`, { account: { name: 'x' } }),
    422,
    ['domain'],
  );
});

test('the same domain in two campaigns is one account of the organization', async () => {
  const one = await client.createCampaign();
  const two = await client.createCampaign();
  const a = await client.createAccount(one.id, 'shared.example.net');
  const b = await client.createAccount(two.id, 'example.net');
  const other = await server.newClient();
  const c = await other.createAccount((await other.createCampaign()).id, 'example.net');

  assert.notEqual(a.id, b.id);
  assert.equal(a.account_id, b.account_id);
  assert.notEqual(c.account_id, a.account_id);
});

test('a domain that is in the campaign is refused with the id it has there', async () => {
  const { id } = await client.createCampaign();
  const account = await client.createAccount(id, 'example.com');
  const before = await client.get(`/campaigns/${id}/accounts/${account.id}`);
  const reply = assertStatus(
    await client.post(`/campaigns/${id}/accounts`, {
      account: { domain: 'www.EXAMPLE.com', name: 'Other' },
    }),
    409,
  );

  assert.deepEqual(reply.json.errors, {
    domain: ['is already in this campaign'],
    id: [account.id],
  });
  assert.deepEqual(await counts(id), [1, 1, 0]);
  assert.equal(
    (await client.get(`/campaigns/${id}/accounts/${account.id}`)).text,
    before.text,
  );
});

test('of many who create one domain at once, one does', async () => {
  const { id } = await client.createCampaign();
  const replies = await Promise.all(
    Array.from({ length: 20 }, () =>
      client.post(`/campaigns/${id}/accounts`, { account: { domain: 'race.com' } }),
    ),
  );
  const made = replies.filter((reply) => reply.status === 201);

  assert.equal(made.length, 1);
  for (const reply of replies.filter((other) => other !== made[0])) {
    assertStatus(reply, 409);
    assert.deepEqual(reply.json.errors.id, [made[0].json.id]);
  }
  assert.deepEqual(await counts(id), [1, 1, 0]);
});

test('creating an archived one again restores it with what was given', async () => {
  const { id } = await client.createCampaign();
  const account = await client.createAccount(id, 'example.com', { wpe_text_1: 'old' });
  assertStatus(await client.delete(`/campaigns/${id}/accounts/${account.id}`), 200);
  const restored = assertStatus(
    await client.post(`/campaigns/${id}/accounts`, {
      account: { domain: 'example.com', name: 'Again', wpe_text_1: 'new' },
    }),
    200,
  ).json;

  assert.equal(restored.id, account.id);
  assert.equal(restored.user_defined_status, 'active');
  assert.equal(restored.name, 'Again');
  assert.equal(restored.wpe_text_1, 'new');
  assert.deepEqual(await counts(id), [1, 1, 0]);
});

test('moving onto a domain that is in the campaign is refused', async () => {
  const { id } = await client.createCampaign();
  const first = await client.createAccount(id, 'example.com');
  const second = await client.createAccount(id, 'example.net');
  const reply = await client.put(`/campaigns/${id}/accounts/${second.id}`, {
    account: { domain: 'example.com' },
  });

  assertStatus(reply, 409);
  assert.deepEqual(reply.json.errors.id, [first.id]);
  const moved = await edit(id, second.id, { domain: 'https://www.example.org/' });
  assert.equal(moved.domain, 'example.org');
  assert.equal(moved.id, second.id);
});

test('the counters follow every change of status', async () => {
  const { id } = await client.createCampaign();
  assert.deepEqual(await counts(id), [null, 0, 0]);
  const a = await client.createAccount(id, 'one.com');
  assert.deepEqual(await counts(id), [1, 1, 0]);
  await client.createAccount(id, 'two.com', { user_defined_status: 'paused' });
  assert.deepEqual(await counts(id), [2, 1, 0]);
  await client.createAccount(id, 'three.com', { user_defined_status: 'archived' });
  assert.deepEqual(await counts(id), [2, 1, 0]);
  for (const [status, total, on] of [
    ['paused', 2, 0],
    ['paused', 2, 0],
    ['archived', 1, 0],
    ['active', 2, 1],
    ['archived', 1, 0],
    ['paused', 2, 0],
    ['active', 2, 1],
  ]) {
    await edit(id, a.id, { user_defined_status: status });
    assert.deepEqual(await counts(id), [total, on, 0], status);
  }
});

test('DELETE archives, and again changes nothing', async () => {
  const { id } = await client.createCampaign();
  const account = await client.createAccount(id, 'example.com');
  const path = `/campaigns/${id}/accounts/${account.id}`;
  const first = assertStatus(await client.delete(path), 200);
  await sleep(5);
  const second = assertStatus(await client.delete(path), 200);

  assert.equal(first.json.user_defined_status, 'archived');
  assert.equal(second.text, first.text);
  assert.equal((await client.get(path)).text, first.text);
  assert.deepEqual(await counts(id), [0, 0, 0]);
});

test('an edit moves updated_at, and one that changes nothing does not', async () => {
  const { id } = await client.createCampaign();
  const created = await client.createAccount(id, 'example.com');
  await sleep(5);
  const changed = await edit(id, created.id, { name: 'Other' });
  await sleep(5);
  const same = await edit(id, created.id, { name: 'Other', domain: 'WWW.example.com' });

  assert.match(created.updated_at, TIME);
  assert.ok(Date.parse(changed.updated_at) > Date.parse(created.updated_at));
  assert.equal(same.updated_at, changed.updated_at);
});

const badAttributes = [
  ['name', [7, true, [], {}, 'x'.repeat(256), 'a\u0000b']],
  ['domain', [7, true, null, [], {}]],
  ['user_defined_status', ['off', 'ACTIVE', '', 7, null, true, [], {}]],
  ...[1, 2, 3, 4, 5].map((n) => [
    `wpe_text_${n}`,
    [7, false, [], {}, 'x'.repeat(256), 'a\u0000b'],
  ]),
  ['postal_code', [false, [], {}, '1'.repeat(256)]],
];

for (const [key, values] of badAttributes) {
  test(`bad values of ${key} are refused and change nothing`, async () => {
    const { id } = await client.createCampaign();
    const path = `/campaigns/${id}/accounts`;
    const account = await client.createAccount(id, 'example.com');
    const before = await client.get(`${path}/${account.id}`);
    for (const value of values) {
      assertProblems(
        await client.put(`${path}/${account.id}`, {
          account: { wpe_text_1: 'changed', [key]: value },
        }),
        422,
        [key],
      );
      assertProblems(
        await client.post(path, { account: { domain: 'other.com', [key]: value } }),
        422,
        [key],
      );
    }
    assert.equal((await client.get(`${path}/${account.id}`)).text, before.text);
    assert.deepEqual(await counts(id), [1, 1, 0]);
  });
}

test('all problems are told at once', async () => {
  const { id } = await client.createCampaign();
  assertProblems(
    await client.post(`/campaigns/${id}/accounts`, {
      account: {
        name: 7,
        domain: 'n/a',
        user_defined_status: 'off',
        wpe_text_2: [],
        postal_code: {},
      },
    }),
    422,
    ['name', 'domain', 'user_defined_status', 'wpe_text_2', 'postal_code'],
  );
});

test('unknown and read-only attributes are ignored and named', async () => {
  const { id } = await client.createCampaign();
  const reply = assertStatus(
    await client.post(`/campaigns/${id}/accounts`, {
      account: {
        domain: 'example.com',
        id: 7,
        campaign_id: 99,
        account_id: 3,
        source: 'api',
        worthy: 1,
        ip_addresses_count: 5,
        created_at: 'never',
      },
    }),
    201,
  );
  const ignored = reply.headers.get('x-ignored-attributes').split(/,\s*/).sort();

  assert.deepEqual(ignored, [
    'account_id',
    'campaign_id',
    'created_at',
    'id',
    'ip_addresses_count',
    'source',
    'worthy',
  ]);
  assert.equal(reply.json.campaign_id, id);
  assert.equal(reply.json.source, 'user');
  assert.equal(reply.json.ip_addresses_count, 0);
});

test('the collection is a bare array, newest last, and is paged', async () => {
  const { id } = await client.createCampaign();
  const path = `/campaigns/${id}/accounts`;
  const ids = [];
  for (let i = 0; i < 7; i++)
    ids.push((await client.createAccount(id, `company-${i}.com`)).id);

  const whole = assertStatus(await client.get(path), 200);
  assert.deepEqual(
    whole.json.map((a) => a.id),
    ids,
  );
  assert.equal(whole.headers.get('x-total-count'), '7');
  assert.equal(nextPage(whole, server.base), null);
  assert.deepEqual(whole.json[3], (await client.get(`${path}/${ids[3]}`)).json);
  for (const [limit, pages] of [
    [1, 7],
    [3, 3],
    [7, 1],
  ]) {
    const read = await client.all(path, limit);
    assert.deepEqual(
      read.items.map((a) => a.id),
      ids,
      `limit ${limit}`,
    );
    assert.equal(read.pages, pages, `limit ${limit}`);
  }
  for (const [query, key] of [
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=nonsense', 'cursor'],
  ])
    assertProblems(await client.get(`${path}?${query}`), 422, [key]);
});

test('a page has 100 entries when nothing is said', async () => {
  const { id } = await client.createCampaign();
  const list = Array.from({ length: 150 }, (_, i) => ({ domainName: `page-${i}.com` }));
  assertStatus(await client.addList(id, list), 200);
  const first = await client.get(`/campaigns/${id}/accounts`);

  assert.equal(first.json.length, 100);
  assert.equal(first.headers.get('x-total-count'), '150');
  const second = await client.get(nextPage(first, server.base));
  assert.equal(second.json.length, 50);
  assert.equal(new Set([...first.json, ...second.json].map((a) => a.domain)).size, 150);
});
