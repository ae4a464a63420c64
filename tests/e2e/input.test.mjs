// SPDX-License-Identifier: Apache-2.0
// What people send that is not right: bodies that cannot be read, values that do not fit.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblems, assertStatus } from './support/client.mjs';
import { startServer } from './support/server.mjs';
import { request } from './support/wire.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const campaign = await client.createCampaign({ destination_url: 'example.com' });
const account = await client.createAccount(campaign.id, 'example.com');
const base = `/campaigns/${campaign.id}`;

// All that a refused request might have changed.
async function everything() {
  const replies = [await client.get('/campaigns'), await client.get(`${base}/accounts`)];
  return replies.map((reply) => reply.text).join('\n');
}

// Where a document cannot be read, and why it cannot.
const unreadable = [
  ['{\n  "campaign": {,}\n}', 2, 16],
  ['{"campaign": {"name": "x",}}', 1, null],
  ['{"campaign": {"name": \'x\'}}', 1, 23],
  ['{"campaign": {"name": NaN}}', 1, 23],
  ['{"campaign": {"name": "x"}', 1, null],
  ['{"campaign": {"name": "x"}} x', 1, 29],
  ['{"campaign":\n\n {"daily_budget": 01}}', 3, null],
  ['{"campaign": {"daily_budget": .5}}', 1, 31],
  ['{"campaign": {"daily_budget": +5}}', 1, 31],
  ['{"campaign": {"daily_budget": Infinity}}', 1, 31],
  ['{"campaign": /* c */ {"name": "x"}}', 1, 14],
  ['{"campaign": {"name": "x", "name": "y"}}', 1, null],
  ['{"campaign": {"name": "x"}, "campaign": {"name": "y"}}', 1, null],
  ['{"campaign": {"na\\u006de": "x", "name": "y"}}', 1, null],
  ['{"campaign": {"name": "a\tb"}}', 1, null],
  ['{"campaign": {"name": "\\ud800"}}', 1, null],
  ['{"campaign": {"name": "\\x41"}}', 1, null],
  ['\ufeff{"campaign": {"name": "x"}}', 1, null],
  ['', null, null],
  ['   \n ', null, null],
  [`{"campaign": ${'['.repeat(40)}${']'.repeat(40)}}`, 1, null],
  ['"é", ,', 1, null],
];

for (const [body, line, column] of unreadable) {
  test(`unreadable: ${JSON.stringify(body).slice(0, 50)}`, async () => {
    for (const [method, path] of [
      ['POST', '/campaigns'],
      ['PUT', base],
    ]) {
      const { json } = assertStatus(await client.call(method, path, { body }), 400);
      if (line !== null) assert.match(json.detail, new RegExp(`line ${line}\\b`));
      if (column !== null) assert.match(json.detail, new RegExp(`column ${column}\\b`));
    }
  });
}

const badBytes = [
  ['a lone continuation', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['a cut sequence', [0xe2, 0x82]],
  ['0xff', [0xff]],
  ['a raw NUL', [0]],
];

for (const [name, bytes] of badBytes) {
  test(`invalid UTF-8: ${name}`, async () => {
    const body = Buffer.concat([
      Buffer.from('{"campaign": {"name": "'),
      Buffer.from(bytes),
      Buffer.from('"}}'),
    ]);
    const { json } = assertStatus(await client.call('POST', '/campaigns', { body }), 400);
    assert.match(json.detail, /line 1\b.*column 2\d\b/);
  });
}

const noRoot = [{}, { account: { name: 'x' } }, { campaigns: {} }];
const wrongRoot = [
  { campaign: null },
  { campaign: 'x' },
  { campaign: [] },
  { campaign: 7 },
  [],
  'x',
  7,
  null,
  true,
];

test('a body without its root key is 400', async () => {
  for (const json of noRoot) {
    assertStatus(await client.post('/campaigns', json), 400);
    assertStatus(await client.put(base, json), 400);
  }
  assertStatus(
    await client.post(`${base}/accounts`, { campaign: { domain: 'x.com' } }),
    400,
  );
  assertStatus(await client.put(`${base}/accounts/${account.id}`, {}), 400);
});

test('a root that is no object is refused', async () => {
  const before = await everything();
  for (const json of wrongRoot) {
    for (const [method, path] of [
      ['POST', '/campaigns'],
      ['PUT', base],
    ]) {
      const reply = await client.call(method, path, { json });
      assert.ok([400, 422].includes(reply.status), `${reply.sent}: ${reply.status}`);
    }
  }
  assert.equal(await everything(), before);
});

const MONEY = [
  'lots',
  -1,
  -0.000001,
  true,
  [],
  {},
  '',
  ' 1',
  '1 ',
  '1,5',
  '$1',
  '.5',
  '5.',
  '+5',
  'NaN',
  'Infinity',
  '0x10',
  0.0000001,
  '1.0000001',
  1000000001,
  '1000000000.000001',
  '1e40',
];
const DATES = [
  7,
  true,
  [],
  {},
  '',
  'tomorrow',
  '2030-13-01',
  '2030-02-30',
  '2030-1-2',
  '01/02/2030',
  '2030-01-02T00:00:00Z',
  '0000-01-01',
  '2030-00-10',
  '+2030-01-02',
  ' 2030-01-02',
];
const badAttributes = {
  name: [7, true, null, [], {}, '', 'x'.repeat(256), 'a\u0000b'],
  user_defined_status: ['running', 'Active', '', 7, null, true, [], {}],
  destination_url: [
    7,
    true,
    [],
    {},
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com',
    'http://user:pw@example.com',
    'http://',
    'http:///x',
    '//example.com',
    'http://localhost',
    'http://10.0.0.1',
    'http://[::1]/',
    'http://2130706433',
    'http://co.uk',
    'http://exa mple.com',
    'http://example.com/a\nb',
    'http://example.com\\x',
    'http://example.com/\u0000',
    'http://example.com:0/',
    'http://example.com:65536/',
  ],
  daily_budget: MONEY,
  bw_lifetime_budget: MONEY,
  user_defined_cpm: MONEY,
  ecpc_target: MONEY,
  max_bid: MONEY,
  start_date: DATES,
  end_date: DATES,
  ctc_enabled: ['maybe', 7, [], {}, ''],
  bidding_strategy: ['CPX', 'cpm', '', 7, null, [], {}],
  pacing: ['hourly', '', 7, null, [], {}],
  frequency_cap_impressions: [0, 1001, -1, 1.5, 'many', true, [], {}, 1e30, null],
  frequency_cap_duration: [59, 2592001, -1, 60.5, 'long', true, [], {}, 1e30, null],
  user_defined_aggressiveness: [0, 11, -1, 1.5, 'very', true, [], {}, 1e30],
  targeting_strategy: [
    7,
    'geo',
    true,
    [],
    { age: true },
    { geo: 'yes' },
    { geo: 1 },
    { geo: {} },
    { geo: true, age: false },
  ],
};

for (const [attribute, values] of Object.entries(badAttributes)) {
  test(`bad values of ${attribute} are refused and change nothing`, async () => {
    const before = await everything();
    for (const value of values) {
      assertProblems(
        await client.put(base, { campaign: { max_bid: 7, [attribute]: value } }),
        422,
        [attribute],
      );
      assertProblems(
        await client.post('/campaigns', { campaign: { name: 'x', [attribute]: value } }),
        422,
        [attribute],
      );
    }
    assert.equal(await everything(), before);
  });
}

// What JSON.stringify cannot write.
for (const number of [
  '1e400',
  '-1e400',
  '123456789012345678901234567890',
  '1e-400',
  '9'.repeat(5000),
  '9223372036854775808',
  '-9223372036854775809',
  '1.5e9223372036854775808',
]) {
  test(`the number ${number.slice(0, 32)} is out of range`, async () => {
    const before = await everything();
    for (const attribute of [
      'daily_budget',
      'frequency_cap_impressions',
      'user_defined_aggressiveness',
    ])
      assertProblems(
        await client.call('PUT', base, {
          body: `{"campaign":{"${attribute}":${number}}}`,
        }),
        422,
        [attribute],
      );
    assert.equal(await everything(), before);
  });
}

test('all problems are told at once', async () => {
  const before = await everything();
  const attributes = Object.fromEntries(
    Object.entries(badAttributes).map(([name, values]) => [name, values[0]]),
  );

  for (const [method, path] of [
    ['POST', '/campaigns'],
    ['PUT', base],
  ]) {
    const reply = await client.call(method, path, { json: { campaign: attributes } });
    assertProblems(reply, 422, Object.keys(attributes));
    assert.equal(reply.json.title, 'Unprocessable Content');
  }
  assert.equal(await everything(), before);
});

test('a message reads on from its attribute', async () => {
  const { json } = await client.put(base, { campaign: { daily_budget: -1 } });

  assert.deepEqual(json.errors, { daily_budget: ['must be at least 0'] });
  assert.equal(json.error, 'daily_budget must be at least 0');
  assert.equal(json.detail, json.error);
});

test('a name is required', async () => {
  assertProblems(await client.post('/campaigns', { campaign: { max_bid: 1 } }), 422, [
    'name',
  ]);
});

test('end before start is a problem with the end', async () => {
  assertProblems(
    await client.put(base, {
      campaign: { start_date: '2030-02-02', end_date: '2030-02-01' },
    }),
    422,
    ['end_date'],
  );
});

test('unknown and read-only attributes are ignored and named', async () => {
  const reply = assertStatus(
    await client.put(base, {
      campaign: {
        id: 99,
        organization_id: 99,
        accounts_count: 5,
        created_at: 'x',
        worthy_of_dsp: false,
        favourite_colour: 'blue',
        name: 'Ignoring',
      },
    }),
    200,
  );
  const ignored = reply.headers.get('x-ignored-attributes').split(/,\s*/).sort();

  assert.deepEqual(ignored, [
    'accounts_count',
    'created_at',
    'favourite_colour',
    'id',
    'organization_id',
    'worthy_of_dsp',
  ]);
  assert.equal(reply.json.id, campaign.id);
  assert.equal(reply.json.name, 'Ignoring');
  const plain = await client.put(base, { campaign: { name: 'Plain' } });
  assert.equal(plain.headers.get('x-ignored-attributes'), null);
});

test("an attribute's name cannot forge a header", async () => {
  const names = {
    'a\r\nX-Evil: 1': 1,
    'ü, b': 1,
    '': 1,
    ['x'.repeat(3000)]: 1,
    'a\u0000b': 1,
  };
  const reply = await client.put(base, { campaign: { name: 'Forged', ...names } });

  assertStatus(reply, 200);
  assert.equal(reply.headers.get('x-evil'), null);
});

test('many unknown attributes do no harm', async () => {
  const names = Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => [`unknown_${i}`, i]),
  );
  assertStatus(await client.put(base, { campaign: { name: 'Many', ...names } }), 200);
});

test('a document of depth 32 is read, of depth 33 not', async () => {
  const body = (depth) =>
    `{"campaign":{"name":"deep","x":${'['.repeat(depth - 2)}` +
    `${']'.repeat(depth - 2)}}}`;

  assertStatus(await client.call('PUT', base, { body: body(32) }), 200);
  assertStatus(await client.call('PUT', base, { body: body(33) }), 400);
});

test('brackets without end are refused', async () => {
  assertStatus(
    await client.call('POST', '/campaigns', { body: '['.repeat(1_000_000) }),
    400,
  );
  assertStatus(
    await client.call('POST', '/campaigns', { body: '{"a":'.repeat(200_000) }),
    400,
  );
  for (const head of ['', '{"account_list":[', '{"x":']) {
    const wire = await server.wire();
    const body = head + '['.repeat(10_000_000);
    const bytes = request('POST', `${base}/accounts/add_list`, client.who, { body });
    await wire.sendUntilAnswered(bytes);
    const reply = await wire.reply();
    assert.equal(reply?.status, 400, head);
    assert.match(reply.json.detail, /line 1\b.*column \d+/);
    wire.destroy();
  }
  assertStatus(await client.get(base), 200);
});
