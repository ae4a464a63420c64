// SPDX-License-Identifier: Apache-2.0
// The server's description of itself: valid, and what the server really does.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { assertStatus } from './support/client.mjs';
import { golden } from './support/compare.mjs';
import { startServer } from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const schema = await server.schema();
const { document } = schema;
const operations = schema.operations();
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

// Whether an operation asks for no key at all.
const isOpen = (operation) =>
  operation.security?.every((need) => Object.keys(need).length === 0) ?? false;

const concrete = (path) => path.replace(/\{[^}]+\}/g, '1');

test('it is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));

  assert.match(document.openapi, /^3\.1\.\d+$/);
  assert.equal(
    result.valid,
    true,
    JSON.stringify(result.errors, null, 1)?.slice(0, 3000),
  );
  assert.equal(validator.version, '3.1');
});

test('it needs no key, and is the same for everybody', async () => {
  const open = assertStatus(await server.client(null).get('/openapi.json'), 200);
  assert.equal((await client.get('/openapi.json')).text, open.text);
});

test('it has every documented request', () => {
  const wanted = [
    'post /users/sign_in',
    'post /campaigns',
    'put /campaigns/1',
    'get /campaigns/1',
    'post /campaigns/1/accounts/add_list',
    'post /campaigns/1/accounts',
    'put /campaigns/1/accounts/1',
    'get /campaigns/1/accounts/1',
    'get /campaigns',
    'get /campaigns/1/accounts',
    'delete /campaigns/1',
    'delete /campaigns/1/accounts/1',
    ...[
      'job_titles',
      'inventories',
      'geo_optimizations',
      'device_types',
      'carriers',
      'personalization_criteria',
      'conversion_criteria',
      'salesforce_lists',
    ].flatMap((list) => [
      `get /campaigns/1/${list}`,
      `post /campaigns/1/${list}/create_bulk`,
      `delete /campaigns/1/${list}/1`,
    ]),
  ];

  for (const line of wanted) {
    const [method, path] = line.split(' ');
    const template = schema.findPath(path);
    assert.ok(document.paths[template]?.[method] !== undefined, `${line} is missing`);
  }
});

test('operations have ids of their own, summaries and parameters', () => {
  const ids = operations.map(({ operation }) => operation.operationId);

  assert.equal(new Set(ids).size, ids.length);
  for (const { path, method, operation } of operations) {
    const where = `${method} ${path}`;
    assert.ok(operation.operationId?.length > 0, where);
    assert.ok(operation.summary?.length > 0, where);
    const named = [
      ...(document.paths[path].parameters ?? []),
      ...(operation.parameters ?? []),
    ]
      .map((parameter) => schema.follow(parameter, '').value)
      .filter((parameter) => parameter.in === 'path')
      .map((parameter) => parameter.name);
    const used = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
    assert.deepEqual(named.sort(), used.sort(), where);
  }
});

for (const { path, method, operation } of operations) {
  const open = isOpen(operation);

  test(`${method} ${path} ${open ? 'is open' : 'answers a stranger 401'}`, async () => {
    const json = METHODS.slice(1, 4).includes(method) ? {} : undefined;
    const reply = await server
      .client(null)
      .call(method.toUpperCase(), concrete(path), { json });
    if (open) assert.notEqual(reply.status, 401);
    else assertStatus(reply, 401);
  });
}

test('only the document, probes and signing in are open', () => {
  const open = operations
    .filter(({ operation }) => isOpen(operation))
    .map(({ path }) => path);
  const may = [
    '/openapi.json',
    '/livez',
    '/readyz',
    '/metrics',
    '/users/sign_in',
    '/version',
  ];

  assert.deepEqual(
    open.filter((path) => !may.includes(path)),
    [],
  );
  assert.ok(
    (document.security ?? []).length > 0 ||
      operations.every(({ operation }) => operation.security !== undefined),
  );
});

for (const path of Object.keys(document.paths)) {
  const documented = METHODS.filter((method) => method in document.paths[path]);

  test(`${path} answers a wrong method 405`, async () => {
    for (const method of METHODS) {
      if (
        documented.includes(method) ||
        (method === 'patch' && documented.includes('put'))
      )
        continue;
      const reply = assertStatus(
        await client.call(method.toUpperCase(), concrete(path)),
        405,
      );
      const allow = reply.headers.get('allow').split(/,\s*/);
      for (const wanted of documented)
        assert.ok(allow.includes(wanted.toUpperCase()), `Allow: ${allow}`);
      const known = [
        ...documented,
        'head',
        'options',
        ...(documented.includes('put') ? ['patch'] : []),
      ];
      assert.deepEqual(
        allow.filter((m) => !known.includes(m.toLowerCase())),
        [],
      );
    }
  });
}

// The schema of the body that an operation answers with.
function answerSchema(method, path, status) {
  const template = schema.findPath(path);
  const response = schema.follow(
    document.paths[template][method].responses[status],
    '',
  ).value;
  return schema.follow(response.content['application/json'].schema, '').value;
}

// The published answers.
const published = [
  ['post', '/users/sign_in', '200', 'sign_in'],
  ['post', '/campaigns', '201', 'campaign_create'],
  ['put', '/campaigns/1', '200', 'campaign_edit'],
  ['get', '/campaigns/1', '200', 'campaign_show'],
  ['post', '/campaigns/1/accounts', '201', 'account_create'],
  ['put', '/campaigns/1/accounts/1', '200', 'account_edit'],
  ['get', '/campaigns/1/accounts/1', '200', 'account_show'],
];

for (const [method, path, status, name] of published) {
  test(`the schema of ${method} ${path} is that of ${name}.json`, () => {
    const wanted = golden(name);
    const reply = {
      method: method.toUpperCase(),
      path,
      status: Number(status),
      text: 'x',
      headers: new Headers({ 'content-type': 'application/json' }),
      json: wanted,
    };
    assert.deepEqual(schema.check(reply), []);
    const { properties, required } = answerSchema(method, path, status);
    assert.deepEqual(
      Object.keys(wanted).filter((key) => !(key in properties)),
      [],
    );
    assert.deepEqual(
      Object.keys(wanted).filter((key) => !required.includes(key)),
      [],
    );
    // A schema that lets anything through would prove nothing.
    for (const key of ['id', 'created_at'])
      assert.notDeepEqual(schema.check({ ...reply, json: { ...wanted, [key]: {} } }), []);
  });
}

test('its examples keep to their schemas', () => {
  let checked = 0;
  for (const [name, { examples = [] }] of Object.entries(document.components.schemas)) {
    const validate = schema.validator(`/components/schemas/${name}`);
    for (const example of examples) {
      checked++;
      assert.ok(validate(example), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  }
  assert.ok(checked >= 3, `${checked} examples`);
});

test('its examples are those of the published reference', () => {
  for (const [method, path, status, name] of published) {
    if (method !== 'post') continue;
    assert.deepEqual(answerSchema(method, path, status).examples[0], golden(name), name);
  }
});

test('the bodies it describes are what the server takes', async () => {
  const template = schema.findPath('/campaigns');
  const body = schema.follow(document.paths[template].post.requestBody, '').value;
  const outer = schema.follow(body.content['application/json'].schema, '').value;
  const { properties } = schema.follow(outer.properties.campaign, '').value;
  const documented = [
    'name',
    'user_defined_status',
    'destination_url',
    'daily_budget',
    'start_date',
    'end_date',
    'ctc_enabled',
    'bw_lifetime_budget',
    'user_defined_cpm',
    'bidding_strategy',
    'pacing',
    'ecpc_target',
    'max_bid',
    'frequency_cap_impressions',
    'frequency_cap_duration',
    'user_defined_aggressiveness',
    'targeting_strategy',
  ];

  assert.deepEqual(
    documented.filter((key) => !(key in properties)),
    [],
  );
  const { id } = await client.createCampaign();
  const attributes = Object.fromEntries(Object.keys(properties).map((key) => [key, {}]));
  const reply = await client.put(`/campaigns/${id}`, { campaign: attributes });
  assert.equal(
    reply.headers.get('x-ignored-attributes'),
    null,
    'an attribute in the document is not taken',
  );
});
