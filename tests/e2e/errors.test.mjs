// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { startServer } from './support/server.mjs';
import { request } from './support/wire.mjs';

const SIGN_IN = 'You need to sign in or sign up before continuing.';
const LISTS = [
  'job_titles',
  'inventories',
  'geo_optimizations',
  'device_types',
  'carriers',
  'personalization_criteria',
  'conversion_criteria',
  'salesforce_lists',
];

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const stranger = await server.newClient();
const campaign = await client.createCampaign({ destination_url: 'example.com' });
const account = await client.createAccount(campaign.id, 'example.com');
const [title] = (
  await client.post(`/campaigns/${campaign.id}/job_titles/create_bulk?return=all`, {
    job_titles_list: ['CIO'],
  })
).json;
const base = `/campaigns/${campaign.id}`;

// An error without what differs from one request to the next.
function essence(reply) {
  const headers = Object.fromEntries(reply.headers);
  for (const name of [
    'date',
    'x-request-id',
    'content-length',
    'keep-alive',
    'connection',
  ])
    delete headers[name];
  return { status: reply.status, headers, body: { ...reply.json, request_id: '' } };
}

async function everything() {
  return [
    await client.get('/campaigns'),
    await client.get(`${base}/accounts`),
    await client.get(`${base}/job_titles`),
  ]
    .map((reply) => reply.text)
    .join('\n');
}

const { api_key: key, email } = client.who;
const strangers = [
  ['neither header', {}],
  ['no token', { 'X-User-Email': email }],
  ['no e-mail', { 'X-User-Token': key }],
  ['an empty token', { 'X-User-Email': email, 'X-User-Token': '' }],
  ['a longer token', { 'X-User-Email': email, 'X-User-Token': `${key}x` }],
  ['a shorter token', { 'X-User-Email': email, 'X-User-Token': key.slice(0, -1) }],
  [
    'a token in another case',
    { 'X-User-Email': email, 'X-User-Token': key.toUpperCase() },
  ],
  ['an unknown e-mail', { 'X-User-Email': 'nobody@example.com', 'X-User-Token': key }],
  ["another user's e-mail", { 'X-User-Email': stranger.who.email, 'X-User-Token': key }],
  [
    "another user's token",
    { 'X-User-Email': email, 'X-User-Token': stranger.who.api_key },
  ],
  ['SQL', { 'X-User-Email': "' OR 1=1 --", 'X-User-Token': "' OR 1=1 --" }],
  ['a very long token', { 'X-User-Email': email, 'X-User-Token': 'x'.repeat(8000) }],
  ['Accept: text/html', { Accept: 'text/html' }],
  ['Accept: */*', { Accept: '*/*' }],
];

for (const [name, headers] of strangers) {
  test(`401 for ${name} is the same as for any other reason`, async () => {
    const nobody = server.client(null);
    const wanted = essence(assertStatus(await nobody.get(base), 401));
    assert.equal(wanted.body.error, SIGN_IN);
    assert.deepEqual(essence(assertStatus(await nobody.get(base, headers), 401)), wanted);
    assertStatus(
      await nobody.post('/campaigns', { campaign: { name: 'x' } }, headers),
      401,
    );
  });
}

test('a stranger learns nothing of what exists', async () => {
  const nobody = server.client(null);
  const there = essence(assertStatus(await nobody.get(base), 401));
  assert.deepEqual(
    essence(assertStatus(await nobody.get('/campaigns/999999'), 401)),
    there,
  );
});

const hidden = [
  ['GET', ''],
  ['PUT', '', { campaign: { name: 'x' } }],
  ['PATCH', '', { campaign: { name: 'x' } }],
  ['DELETE', ''],
  ['GET', '/accounts'],
  ['POST', '/accounts', { account: { domain: 'example.net' } }],
  ['POST', '/accounts/add_list', { account_list: [{ domainName: 'example.net' }] }],
  ['GET', `/accounts/${account.id}`],
  ['DELETE', `/accounts/${account.id}`],
  ['PUT', `/accounts/${account.id}`, { account: { name: 'x' } }],
  ...LISTS.flatMap((list) => [
    ['GET', `/${list}`],
    ['POST', `/${list}/create_bulk`, { [`${list}_list`]: ['x'] }],
    ['DELETE', `/${list}/${title.id}`],
  ]),
];

for (const [method, path, json] of hidden) {
  test(`${method} /campaigns/ID${path} of somebody else is as if missing`, async () => {
    const before = await everything();
    const foreign = await stranger.call(method, base + path, { json });
    const missing = await stranger.call(method, `/campaigns/999999999${path}`, { json });

    assertStatus(missing, 404);
    assert.deepEqual(essence(foreign), essence(missing));
    assert.equal(await everything(), before);
  });
}

test('an account is not found in another campaign', async () => {
  const other = await client.createCampaign();
  assertStatus(await client.get(`/campaigns/${other.id}/accounts/${account.id}`), 404);
  assertStatus(await client.delete(`/campaigns/${other.id}/accounts/${account.id}`), 404);
});

const badIds = [
  '0',
  '1abc',
  'abc',
  '1e3',
  '-1',
  '+1',
  '1.0',
  '0x1',
  '9223372036854775808',
  '18446744073709551617',
  '9'.repeat(400),
  '1%20',
  '1%00',
  '%20',
  "1'--",
  '*',
  '%D9%A1',
];

for (const id of badIds) {
  test(`the id ${id.slice(0, 24)} is not found`, async () => {
    assertStatus(await client.get(`/campaigns/${id}`), 404);
    assertStatus(
      await client.put(`${base}/accounts/${id}`, { account: { name: 'x' } }),
      404,
    );
  });
}

test('an id with leading zeros is another text', async () => {
  assertStatus(await client.get(`/campaigns/00${campaign.id}`), 404);
});

const nowhere = [
  '/',
  '/campaigns/',
  `${base}/`,
  '//campaigns',
  `${base}/accounts/`,
  `${base}/accounts/${account.id}/`,
  '/Campaigns',
  '/campaigns.json.bak',
  '/nowhere',
  `${base}/accounts/add_list/`,
  '/users',
  '/users/sign_in/',
  `${base}/job_titles/`,
];

for (const path of nowhere) {
  test(`${path} is not found`, async () => {
    const wire = await server.wire();
    await wire.send(request('GET', path, client.who));
    assert.equal((await wire.reply()).status, 404);
    wire.destroy();
  });
}

const methods = [
  ['/campaigns', ['GET', 'POST']],
  [base, ['GET', 'PUT', 'PATCH', 'DELETE']],
  [`${base}/accounts`, ['GET', 'POST']],
  [`${base}/accounts/${account.id}`, ['GET', 'PUT', 'PATCH', 'DELETE']],
  [`${base}/accounts/add_list`, ['POST']],
  ['/users/sign_in', ['POST']],
  [`${base}/job_titles`, ['GET']],
  [`${base}/job_titles/create_bulk`, ['POST']],
  [`${base}/job_titles/${title.id}`, ['DELETE']],
  ['/openapi.json', ['GET']],
];

function allowed(reply) {
  return reply.headers.get('allow').split(/,\s*/).sort();
}

for (const [path, list] of methods) {
  const allow = [...list, 'OPTIONS', ...(list.includes('GET') ? ['HEAD'] : [])].sort();

  test(`${path} tells what it allows`, async () => {
    const reply = await client.call('OPTIONS', path);
    assert.ok([200, 204].includes(reply.status), String(reply.status));
    assert.deepEqual(allowed(reply), allow);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (list.includes(method)) continue;
      const refused = assertStatus(await client.call(method, path), 405);
      assert.deepEqual(allowed(refused), allow);
    }
  });
}

for (const method of ['TRACE', 'PROPFIND', 'CONNECT', 'LOCK']) {
  test(`${method} is refused`, async () => {
    const wire = await server.wire();
    await wire.send(request(method, base, client.who));
    const reply = await wire.reply();
    assert.ok([400, 405, 501].includes(reply?.status), reply?.statusLine);
    wire.destroy();
  });
}

for (const path of [base, '/campaigns', '/openapi.json']) {
  test(`HEAD ${path} is GET without the body`, async () => {
    const get = await client.get(path);
    const head = await client.call('HEAD', path);
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(get.text)));
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
  });
}

test('an error is problem+json for those who accept it', async () => {
  const types = [
    ['application/problem+json', /^application\/problem\+json/],
    ['application/json, application/problem+json', /^application\/problem\+json/],
    ['application/json', /^application\/json/],
    ['*/*', /^application\/json/],
    [undefined, /^application\/json/],
    ['text/html', /^application\/json/],
  ];

  for (const [accept, type] of types)
    for (const path of ['/campaigns/999999999', '/nowhere'])
      assert.match(
        assertStatus(await client.get(path, { Accept: accept }), 404).type,
        type,
      );
});

const contentTypes = [
  ['application/x-www-form-urlencoded', 'campaign[name]=x', 415],
  ['multipart/form-data; boundary=x', '--x--', 415],
  ['text/plain', '{"campaign":{"name":"x"}}', 415],
  ['text/html', '<p>', 415],
  ['application/xml', '<campaign/>', 415],
  ['application/jsonp', '{"campaign":{"name":"x"}}', 415],
  ['application/json', '{"campaign":{"name":"x"}}', 201],
  ['application/json; charset=utf-8', '{"campaign":{"name":"x"}}', 201],
  ['Application/JSON;charset="UTF-8"', '{"campaign":{"name":"x"}}', 201],
];

for (const [type, body, status] of contentTypes) {
  test(`a body of type ${type} is answered ${status}`, async () => {
    const options = { body, headers: { 'Content-Type': type } };
    assertStatus(await client.call('POST', '/campaigns', options), status);
    if (status === 415) assertStatus(await client.call('PUT', base, options), status);
  });
}
test('a body over 1 MiB is 413, whether or not it says so first', async () => {
  const big = `{"campaign":{"name":"${'x'.repeat(1 << 20)}"}}`;
  const chunk = `${(65536).toString(16)}\r\n${'x'.repeat(65536)}\r\n`;
  const announced = await server.wire();
  announced.send(request('POST', '/campaigns', client.who, { body: big }));
  assert.equal((await announced.reply())?.status, 413);
  announced.destroy();

  const chunked = await server.wire();
  chunked.send(
    request('POST', '/campaigns', client.who, {
      headers: {
        'Content-Type': 'application/json',
        'Transfer-Encoding': 'chunked',
      },
    }) + chunk.repeat(20),
  );
  const reply = await chunked.reply();
  assert.equal(reply?.status, 413);
  assert.equal(reply.json.status, 413);
  chunked.destroy();
});

test('a body of just 1 MiB is read', async () => {
  const frame = '{"campaign":{"name":"big","x":""}}';
  const body = frame.replace('""', `"${'x'.repeat((1 << 20) - frame.length)}"`);
  assert.equal(body.length, 1 << 20);
  assertStatus(await client.call('PUT', base, { body }), 200);
});

test('a refusal by the HTTP layer has the same body', async () => {
  const raw = [
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nbad\r\n\r\n', 400],
    [
      'two lengths',
      'POST /campaigns HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n' +
        'Content-Length: 2\r\n\r\nxx',
      400,
    ],
    ['no host', 'GET /campaigns HTTP/1.1\r\n\r\n', 400],
    [
      'headers too long',
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20000)}\r\n\r\n`,
      431,
    ],
    ['a target too long', `GET /${'x'.repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ];

  for (const [name, bytes, status] of raw) {
    const wire = await server.wire();
    wire.send(bytes);
    const reply = await wire.reply();
    assert.equal(reply?.status, status, name);
    assert.equal(reply.json.status, status, name);
    assert.equal(reply.json.request_id, reply.headers.get('x-request-id'), name);
    await wire.closed;
    wire.destroy();
  }
});
