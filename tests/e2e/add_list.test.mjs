// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { assertResult, Campaigns, entries, entry } from './support/companies.mjs';
import { root, sleep, startServer } from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const campaigns = new Campaigns(client);
const open = () => campaigns.open();
const accounts = (id) => campaigns.accounts(id);
const assertCount = (id, wanted) => campaigns.assertCount(id, wanted);

test('one entry with everything', async () => {
  const { id, add } = await open();
  assertResult(
    await add([
      {
        companyName: ' Example, Inc. ',
        domainName: 'https://WWW.Example.com/x',
        zipCode: '10001',
        wpeText1: 'Hi',
        wpeText2: 'b',
        wpeText3: '<c>',
        wpeText4: '',
        wpeText5: '📣',
      },
    ]),
    { added: 1 },
  );
  const [account] = await accounts(id);

  assert.equal(account.name, ' Example, Inc. ');
  assert.equal(account.domain, 'example.com');
  assert.equal(account.source, 'list');
  assert.equal(account.user_defined_status, 'active');
  assert.equal(account.kick_fire_lookup_status, 'pending');
  assert.deepEqual(account.account_locations, [{ postal_code: '10001' }]);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((n) => account[`wpe_text_${n}`]),
    ['Hi', 'b', '<c>', '', '📣'],
  );
  await assertCount(id, 1);
});

test("a missing name is the domain's first label", async () => {
  const { id, add } = await open();
  assertResult(await add([{ domainName: 'shop.acme.co.uk' }]), { added: 1 });
  assert.equal((await accounts(id))[0].name, 'Acme');
});

test('three with a bad one: the good ones are kept', async () => {
  const { id, add } = await open();
  const json = assertResult(
    await add([entry(1), entry(2), { companyName: 'Bad', domainName: '???' }]),
    { added: 2, rejected: 1 },
  );

  assert.equal(json.message, '2 accounts added');
  assert.deepEqual(json.errors, [
    { index: 2, domainName: '???', error: 'is not a domain' },
  ]);
  await assertCount(id, 2);
});

test('an empty list', async () => {
  const { id, add } = await open();
  assert.equal(assertResult(await add([]), {}).message, '0 accounts added');
  await assertCount(id, 0);
});

const wrongEntries = [
  ['a number', 7, null],
  ['a text', 'example.com', null],
  ['null', null, null],
  ['true', true, null],
  ['an array', [], null],
  ['an empty object', {}, null],
  ['no domain', { companyName: 'X' }, null],
  ['a domain that is a number', { domainName: 7 }, null],
  ['a domain that is null', { domainName: null }, null],
  ['a domain that is an object', { domainName: {} }, null],
  ['an empty domain', { domainName: '' }, ''],
  ['an address', { domainName: '192.0.2.1' }, '192.0.2.1'],
  ['a public suffix', { domainName: 'co.uk' }, 'co.uk'],
  ['a name that is a number', { domainName: 'a.com', companyName: 7 }, 'a.com'],
  ['a name of 256', { domainName: 'a.com', companyName: 'x'.repeat(256) }, 'a.com'],
  ['a name with NUL', { domainName: 'a.com', companyName: 'a\u0000' }, 'a.com'],
  ['a text that is an array', { domainName: 'a.com', wpeText3: [] }, 'a.com'],
  ['a text of 256', { domainName: 'a.com', wpeText5: 'x'.repeat(256) }, 'a.com'],
  ['a zip code that is an object', { domainName: 'a.com', zipCode: {} }, 'a.com'],
  ['a zip code of 256', { domainName: 'a.com', zipCode: '1'.repeat(256) }, 'a.com'],
];

test('entries that are none are named, in their order', async () => {
  const { id, add } = await open();
  const list = wrongEntries.flatMap(([, wrong], i) => [entry(i), wrong]);
  const { errors } = assertResult(await add(list), {
    added: wrongEntries.length,
    rejected: wrongEntries.length,
  });

  wrongEntries.forEach(([name, , domainName], i) => {
    assert.equal(errors[i].index, 2 * i + 1, name);
    assert.equal(errors[i].domainName, domainName, name);
    assert.equal(typeof errors[i].error, 'string', name);
    assert.ok(errors[i].error.length > 0, name);
    assert.deepEqual(Object.keys(errors[i]), ['index', 'domainName', 'error'], name);
  });
  await assertCount(id, wrongEntries.length);
});

test('of very many errors the first 1,000 are told', async () => {
  const { id, add } = await open();
  const list = Array.from({ length: 1500 }, (_, i) => ({ domainName: `bad ${i}` }));
  const { errors } = assertResult(await add(list), { rejected: 1500 });

  assert.deepEqual(
    errors.map((e) => e.index),
    Array.from({ length: 1000 }, (_, i) => i),
  );
  await assertCount(id, 0);
});

test('unknown keys of an entry are ignored', async () => {
  const { id, add } = await open();
  assertResult(
    await add([{ domainName: 'a.com', id: 7, revenue: 1e9, deep: [[[{}]]] }]),
    { added: 1 },
  );
  await assertCount(id, 1);
});

test('a domain that comes twice in a list is there once', async () => {
  const { id, add } = await open();
  assertResult(
    await add([
      { companyName: 'First', domainName: 'example.com' },
      { companyName: 'First', domainName: 'HTTPS://www.Example.COM./' },
      { companyName: 'Last', domainName: 'shop.example.com', wpeText1: 'x' },
    ]),
    { added: 1, unchanged: 1, updated: 1 },
  );
  const [account] = await accounts(id);

  assert.equal(account.name, 'Last');
  assert.equal(account.wpe_text_1, 'x');
  await assertCount(id, 1);
});

test('sending a list again changes nothing', async () => {
  const { id, path, add } = await open();
  const list = [entry(1, { zipCode: '1' }), entry(2, { wpeText1: 'x' }), entry(3)];
  assertResult(await add(list), { added: 3 });
  const before = await client.get(path);
  await sleep(5);
  assertResult(await add(list), { unchanged: 3 });
  assertResult(await add(list.map(({ domainName }) => ({ domainName }))), {
    unchanged: 3,
  });

  assert.equal((await client.get(path)).text, before.text);
});

test('entries that exist are updated with what was given', async () => {
  const { id, path, add } = await open();
  const list = [entry(1, { zipCode: '1', wpeText1: 'one' }), entry(2), entry(3)];
  await add(list);
  const [first] = await accounts(id);
  await client.put(`${path}/${first.id}`, { account: { user_defined_status: 'paused' } });
  assertResult(
    await add([
      { domainName: 'company-1.com', companyName: 'New', wpeText2: 'two' },
      entry(2),
      entry(4),
    ]),
    { added: 1, updated: 1, unchanged: 1 },
  );
  const after = (await client.get(`${path}/${first.id}`)).json;

  assert.equal(after.name, 'New');
  assert.equal(after.wpe_text_1, 'one');
  assert.equal(after.wpe_text_2, 'two');
  assert.deepEqual(after.account_locations, [{ postal_code: '1' }]);
  assert.equal(after.user_defined_status, 'paused');
  await assertCount(id, 4);
});

test('an archived account comes back', async () => {
  const { id, path, add } = await open();
  await add([entry(1), entry(2)]);
  const [first] = await accounts(id);
  await client.delete(`${path}/${first.id}`);
  await assertCount(id, 1);
  assertResult(await add([entry(1), entry(2)]), { updated: 1, unchanged: 1 });

  assert.equal(
    (await client.get(`${path}/${first.id}`)).json.user_defined_status,
    'active',
  );
  await assertCount(id, 2);
});

test('an account that a person made keeps its source', async () => {
  const { id, add } = await open();
  await client.createAccount(id, 'example.com');
  assertResult(await add([{ domainName: 'example.com', wpeText1: 'x' }]), { updated: 1 });
  assert.equal((await accounts(id))[0].source, 'user');
});

const wrongBodies = [
  ['no key', '{}', 400],
  ['another key', '{"accounts": []}', 400],
  ['null', '{"account_list": null}', 422],
  ['an object', '{"account_list": {}}', 422],
  ['a text', '{"account_list": "example.com"}', 422],
  ['a number', '{"account_list": 7}', 422],
  ['an array', '[{"domainName": "a.com"}]', 400],
  ['nothing', '', 400],
  [
    'the key twice',
    '{"account_list": [{"domainName": "a.com"}], "account_list": []}',
    400,
  ],
  [
    'a key twice',
    '{"account_list": [{"domainName": "a.com", "domainName": "b.com"}]}',
    400,
  ],
  ['more after it', '{"account_list": [{"domainName": "a.com"}]} x', 400],
  ['a trailing comma', '{"account_list": [{"domainName": "a.com"},]}', 400],
  [
    'no comma',
    '{"account_list": [{"domainName": "a.com"} {"domainName": "b.com"}]}',
    400,
  ],
  ['an open text', '{"account_list": [{"domainName": "a.com"}, {"domainName": "b', 400],
  ['an open list', '{"account_list": [{"domainName": "a.com"}', 400],
  ['an open document', '{"account_list": [{"domainName": "a.com"}]', 400],
];

for (const [name, body, status] of wrongBodies) {
  test(`a body with ${name} leaves nothing`, async () => {
    const { id, path } = await open();
    const reply = await client.call('POST', `${path}/add_list`, { body });
    assertStatus(reply, status);
    await assertCount(id, 0);
  });
}

test('other members beside the list are ignored', async () => {
  const { id, path } = await open();
  const body =
    '{"version": [1, {"a": null}], "account_list": [{"domainName": "a.com"}],' +
    ' "note": "]}"}';
  assertResult(await client.call('POST', `${path}/add_list`, { body }), { added: 1 });
  await assertCount(id, 1);
});

test('the line of a mistake is told, also far down', async () => {
  const { id, path } = await open();
  const lines = entries(2000).map((e) => JSON.stringify(e));
  lines[1500] = '{"domainName": oops}';
  const body = `{"account_list": [\n${lines.join(',\n')}\n]}`;
  const { json } = assertStatus(
    await client.call('POST', `${path}/add_list`, { body }),
    400,
  );

  assert.match(json.detail, /line 1502\b.*column 16\b/);
  await assertCount(id, 0);
});

for (const [name, type] of [
  ['a form', 'application/x-www-form-urlencoded'],
  ['plain text', 'text/plain'],
]) {
  test(`${name} is 415`, async () => {
    const { id, path } = await open();
    assertStatus(
      await client.call('POST', `${path}/add_list`, {
        body: '{"account_list": [{"domainName": "a.com"}]}',
        headers: { 'Content-Type': type },
      }),
      415,
    );
    await assertCount(id, 0);
  });
}

// The list that comes with the project, and what its README says of it.
test('examples/companies.json', async () => {
  const { id, path } = await open();
  const body = readFileSync(`${root}/examples/companies.json`);
  const said = readFileSync(`${root}/examples/README.md`, 'utf8');
  const [, received, added, again, rejected] =
    /(\d+) entries: (\d+) good, (\d+) duplicates?, (\d+) bad/.exec(said).map(Number);
  const { json } = assertStatus(
    await client.call('POST', `${path}/add_list`, { body }),
    200,
  );

  assert.equal(json.data.received, received);
  assert.equal(json.data.added, added, JSON.stringify(json.errors));
  assert.equal(json.data.updated + json.data.unchanged, again);
  assert.equal(json.data.rejected, rejected);
  await assertCount(id, added);
});
