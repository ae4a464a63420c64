// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertProblems, assertStatus, nextPage } from './support/client.mjs';
import { offsetOf, TIME } from './support/compare.mjs';
import { sleep, startServer } from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();

async function edit(id, campaign) {
  return assertStatus(await client.put(`/campaigns/${id}`, { campaign }), 200).json;
}

test('a create says where the campaign is', async () => {
  const reply = assertStatus(
    await client.post('/campaigns', { campaign: { name: 'x' } }),
    201,
  );
  const where = new URL(reply.headers.get('location'), server.base);

  assert.equal(where.pathname, `/campaigns/${reply.json.id}`);
  assert.equal((await client.get(where.pathname)).text, reply.text);
});

test('every attribute is kept', async () => {
  const attributes = {
    name: 'Every attribute',
    user_defined_status: 'paused',
    destination_url: 'https://example.com/landing?utm=1',
    daily_budget: '20.5',
    start_date: '2030-01-02',
    end_date: '2030-02-03',
    ctc_enabled: true,
    bw_lifetime_budget: '5000.0',
    user_defined_cpm: '12.25',
    bidding_strategy: 'CPC',
    pacing: 'lifetime',
    ecpc_target: '0.5',
    max_bid: '1.75',
    frequency_cap_impressions: 5,
    frequency_cap_duration: 7200,
    user_defined_aggressiveness: 3,
  };
  const created = await client.createCampaign(attributes);
  const shown = await client.getCampaign(created.id);

  for (const [key, value] of Object.entries(attributes)) {
    assert.equal(created[key], value, key);
    assert.equal(shown[key], value, key);
  }
});

// The amount as the request's JSON has it, and as the answer's.
const amounts = [
  ['15', '15.0'],
  ['15.50', '15.5'],
  ['0', '0.0'],
  ['"0"', '0.0'],
  ['0.000001', '0.000001'],
  ['"0.000001"', '0.000001'],
  ['1000000000', '1000000000.0'],
  ['"1000000000.0"', '1000000000.0'],
  ['999999999.999999', '999999999.999999'],
  ['1e3', '1000.0'],
  ['1.5E+2', '150.0'],
  ['25e-1', '2.5'],
  ['0.10', '0.1'],
  ['1.0000000000', '1.0'],
  ['"15.50"', '15.5'],
  ['123456789.012345', '123456789.012345'],
];

for (const [sent, printed] of amounts) {
  test(`money ${sent} is ${printed}`, async () => {
    const reply = await client.call('POST', '/campaigns', {
      body: `{"campaign":{"name":"m","daily_budget":${sent}}}`,
    });
    assert.equal(assertStatus(reply, 201).json.daily_budget, printed);
  });
}

const names = [
  ['blanks around it', '  a  '],
  ['an emoji', '📣 Launch'],
  ['markup', '<b>&amp;"quoted"\\</b>'],
  ['a line separator', 'a\u2028b'],
  ['a decomposed letter', 'Cafe\u0301'],
  ['a newline', 'a\nb'],
  ['255 characters of four bytes', '📣'.repeat(255)],
  ['a single character', 'x'],
  ['right-to-left text', 'שלום'],
  ['every escape', '\b\f\n\r\t\u0001\u001f\u007f/'],
];

for (const [what, name] of names) {
  test(`a name with ${what} is kept byte for byte`, async () => {
    const campaign = await client.createCampaign({ name });
    assert.equal((await client.getCampaign(campaign.id)).name, name);
  });
}

const urls = [
  ['listenloop.com', 'http://listenloop.com'],
  ['example.com:8080/x', 'http://example.com:8080/x'],
  ['https://example.com/landing?utm=1#top', 'https://example.com/landing?utm=1#top'],
  ['HTTP://Example.com/A', 'HTTP://Example.com/A'],
  ['https://münchen.de/straße', 'https://münchen.de/straße'],
  [null, null],
];

for (const [sent, kept] of urls) {
  test(`destination_url ${sent} is ${kept}`, async () => {
    const campaign = await client.createCampaign({ destination_url: sent });
    assert.equal(campaign.destination_url, kept);
  });
}

test('a destination of 2,048 characters is kept, a longer one refused', async () => {
  const long = 'https://example.com/'.padEnd(2048, 'a');
  const campaign = await client.createCampaign({ destination_url: long });

  assert.equal(campaign.destination_url, long);
  assertProblems(
    await client.put(`/campaigns/${campaign.id}`, {
      campaign: { destination_url: `${long}a` },
    }),
    422,
    ['destination_url'],
  );
});

test('null clears what may be empty', async () => {
  const empty = {
    destination_url: null,
    start_date: null,
    end_date: null,
    user_defined_aggressiveness: null,
  };
  const campaign = await client.createCampaign({
    destination_url: 'example.com',
    start_date: '2030-01-02',
    end_date: '2030-01-02',
    user_defined_aggressiveness: 10,
  });
  const edited = await edit(campaign.id, empty);

  for (const key of Object.keys(empty)) assert.equal(edited[key], null, key);
  assert.equal(edited.worthy_of_dsp_description, 'No destination Url');
});

test('an edit changes only what it names', async () => {
  const before = await client.createCampaign({ daily_budget: 3, pacing: 'lifetime' });
  const changed = await edit(before.id, { frequency_cap_impressions: 7 });

  assert.deepEqual(
    { ...changed, updated_at: '' },
    { ...before, updated_at: '', frequency_cap_impressions: 7 },
  );
});

test('an edit moves updated_at, and one that changes nothing does not', async () => {
  const created = await client.createCampaign({ name: 'same' });
  await sleep(5);
  const changed = await edit(created.id, { name: 'other' });
  await sleep(5);
  const same = await edit(created.id, { name: 'other', daily_budget: '15.00' });

  assert.ok(Date.parse(changed.updated_at) > Date.parse(created.updated_at));
  assert.equal(changed.created_at, created.created_at);
  assert.equal(same.updated_at, changed.updated_at);
});

test("times have milliseconds and New York's offset", async () => {
  const { created_at: time } = await client.createCampaign();

  assert.match(time, TIME);
  assert.equal(time.slice(-6), offsetOf(new Date(time), 'America/New_York'));
});

test('targeting_strategy is merged', async () => {
  const campaign = await client.createCampaign({
    targeting_strategy: { ip_addresses: true },
  });
  assert.deepEqual(campaign.targeting_strategy, {
    geo: true,
    industries: true,
    job_titles: true,
    ip_addresses: true,
  });
  const edited = await edit(campaign.id, { targeting_strategy: { geo: false } });
  assert.deepEqual(edited.targeting_strategy, {
    geo: false,
    industries: true,
    job_titles: true,
    ip_addresses: true,
  });
});

test('start_date and end_date may be one day, in either order of edits', async () => {
  const campaign = await client.createCampaign({ start_date: '2030-05-05' });
  assert.equal(
    (await edit(campaign.id, { end_date: '2030-05-05' })).end_date,
    '2030-05-05',
  );
  assertProblems(
    await client.put(`/campaigns/${campaign.id}`, {
      campaign: { start_date: '2030-05-06' },
    }),
    422,
    ['end_date'],
  );
  const moved = await edit(campaign.id, {
    start_date: '2030-05-06',
    end_date: '2030-05-07',
  });
  assert.equal(moved.start_date, '2030-05-06');
});

const worth = [
  ['a destination', { destination_url: 'example.com' }, ''],
  ['nothing', {}, 'No destination Url'],
  [
    'paused',
    { destination_url: 'example.com', user_defined_status: 'paused' },
    'Campaign is paused',
  ],
  [
    'paused and nothing',
    { user_defined_status: 'paused' },
    'No destination Url; Campaign is paused',
  ],
  [
    'archived',
    { destination_url: 'example.com', user_defined_status: 'archived' },
    'Campaign is archived',
  ],
  [
    'ended',
    { destination_url: 'example.com', start_date: '2020-01-01', end_date: '2020-01-31' },
    /^Campaign ended on .*2020/,
  ],
  [
    'everything at once',
    { user_defined_status: 'paused', end_date: '2020-01-31' },
    /^No destination Url; Campaign is paused; Campaign ended on .*2020/,
  ],
  ['an end to come', { destination_url: 'example.com', end_date: '2099-01-31' }, ''],
];

for (const [name, attributes, description] of worth) {
  test(`worthy_of_dsp with ${name}`, async () => {
    const campaign = await client.createCampaign(attributes);
    assert.equal(campaign.worthy_of_dsp, campaign.worthy_of_dsp_description === '');
    if (description instanceof RegExp)
      assert.match(campaign.worthy_of_dsp_description, description);
    else assert.equal(campaign.worthy_of_dsp_description, description);
  });
}

test('pausing, archiving and coming back', async () => {
  const { id } = await client.createCampaign();
  const paused = await edit(id, { user_defined_status: 'paused' });
  assert.match(paused.last_user_stopped_at, TIME);
  assert.equal(paused.archived_at, null);
  const archived = await edit(id, { user_defined_status: 'archived' });
  assert.match(archived.archived_at, TIME);
  assert.equal(archived.last_user_stopped_at, paused.last_user_stopped_at);
  const active = await edit(id, { user_defined_status: 'active' });
  assert.equal(active.archived_at, null);
  assert.equal(active.last_user_stopped_at, paused.last_user_stopped_at);
});

test('DELETE archives, and again changes nothing', async () => {
  const { id } = await client.createCampaign();
  const first = assertStatus(await client.delete(`/campaigns/${id}`), 200);
  await sleep(5);
  const second = assertStatus(await client.delete(`/campaigns/${id}`), 200);

  assert.equal(first.json.user_defined_status, 'archived');
  assert.match(first.json.archived_at, TIME);
  assert.match(first.json.last_user_stopped_at, TIME);
  assert.equal(second.text, first.text);
  assert.equal((await client.get(`/campaigns/${id}`)).text, first.text);
});

test("organization.campaigns has the organization's own ids, ascending", async () => {
  const one = await server.newClient();
  const two = await server.newClient();
  const ids = [];
  for (const who of [one, two, one, one]) ids.push((await who.createCampaign()).id);
  const { organization } = await one.getCampaign(ids[0]);

  assert.deepEqual(organization.campaigns, [ids[0], ids[2], ids[3]]);
  assert.deepEqual((await two.getCampaign(ids[1])).organization.campaigns, [ids[1]]);
});

const WEEK = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
];

test('day_partings replace the days they name', async () => {
  const { id } = await client.createCampaign();
  const edited = await edit(id, {
    day_partings: [
      { day: 'monday', from_hour: 9, to_hour: 12 },
      { day: 'monday', from_hour: 13, to_hour: 24 },
      { day: 'friday', from_hour: 0, to_hour: 1 },
    ],
  });
  const ranges = edited.day_partings.map((d) => `${d.day} ${d.from_hour}-${d.to_hour}`);

  assert.deepEqual(ranges, [
    'sunday 4-20',
    'monday 9-12',
    'monday 13-24',
    'tuesday 4-20',
    'wednesday 4-20',
    'thursday 4-20',
    'friday 0-1',
    'saturday 4-20',
  ]);
  assert.deepEqual((await client.getCampaign(id)).day_partings, edited.day_partings);
  assert.equal(new Set(edited.day_partings.map((d) => d.id)).size, 8);
});

test('day_partings can be given when a campaign is made', async () => {
  const campaign = await client.createCampaign({
    day_partings: [{ day: 'sunday', from_hour: 0, to_hour: 24 }],
  });

  assert.deepEqual(
    campaign.day_partings.map((d) => d.day),
    WEEK,
  );
  assert.equal(campaign.day_partings[0].to_hour, 24);
});

const badPartings = [
  ['an unknown day', [{ day: 'someday', from_hour: 1, to_hour: 2 }]],
  ['from after to', [{ day: 'monday', from_hour: 12, to_hour: 9 }]],
  ['from equal to to', [{ day: 'monday', from_hour: 9, to_hour: 9 }]],
  ['an hour beyond 24', [{ day: 'monday', from_hour: 9, to_hour: 25 }]],
  ['a negative hour', [{ day: 'monday', from_hour: -1, to_hour: 9 }]],
  ['half an hour', [{ day: 'monday', from_hour: 9.5, to_hour: 10 }]],
  ['no hours', [{ day: 'monday' }]],
  ['no day', [{ from_hour: 1, to_hour: 2 }]],
  ['a text', 'monday'],
  ['an array of texts', ['monday']],
  ['an object', { monday: [9, 17] }],
  ['an hour as a word', [{ day: 'monday', from_hour: 'nine', to_hour: 17 }]],
  [
    'a good entry before a bad one',
    [
      { day: 'monday', from_hour: 9, to_hour: 17 },
      { day: 'x', from_hour: 9, to_hour: 17 },
    ],
  ],
];

for (const [name, partings] of badPartings) {
  test(`day_partings with ${name} are refused`, async () => {
    const { id } = await client.createCampaign();
    const before = await client.get(`/campaigns/${id}`);
    const reply = await client.put(`/campaigns/${id}`, {
      campaign: { day_partings: partings },
    });
    assertStatus(reply, 422);
    assert.ok(
      Object.keys(reply.json.errors).every((key) => key.startsWith('day_partings')),
      reply.text,
    );
    assert.equal((await client.get(`/campaigns/${id}`)).text, before.text);
  });
}

test('the collection is a bare array, newest last, and is paged', async () => {
  const own = await server.newClient();
  const ids = [];
  for (let i = 0; i < 7; i++)
    ids.push((await own.createCampaign({ name: `Campaign ${i}` })).id);

  const whole = assertStatus(await own.get('/campaigns'), 200);
  assert.deepEqual(
    whole.json.map((c) => c.id),
    ids,
  );
  assert.equal(whole.headers.get('x-total-count'), '7');
  assert.equal(nextPage(whole, server.base), null);
  assert.deepEqual(whole.json[3], await own.getCampaign(ids[3]));

  for (const [limit, pages] of [
    [1, 7],
    [3, 3],
    [7, 1],
    [1000, 1],
  ]) {
    const read = await own.all('/campaigns', limit);
    assert.deepEqual(
      read.items.map((c) => c.id),
      ids,
      `limit ${limit}`,
    );
    assert.equal(read.pages, pages, `limit ${limit}`);
  }
});

test('an empty collection', async () => {
  const own = await server.newClient();
  const reply = assertStatus(await own.get('/campaigns'), 200);

  assert.deepEqual(reply.json, []);
  assert.equal(reply.headers.get('x-total-count'), '0');
});

const badPages = [
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=abc', 'limit'],
  ['limit=', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=99999999999999999999', 'limit'],
  ['cursor=garbage', 'cursor'],
  ['cursor=%00', 'cursor'],
  ['cursor=-1', 'cursor'],
];

for (const [query, key] of badPages) {
  test(`?${query} is refused`, async () => {
    assertProblems(await client.get(`/campaigns?${query}`), 422, [key]);
  });
}

test('what is added while paging comes once, at the end', async () => {
  const own = await server.newClient();
  const ids = [];
  for (let i = 0; i < 4; i++) ids.push((await own.createCampaign()).id);
  const first = await own.get('/campaigns?limit=2');
  ids.push((await own.createCampaign()).id);
  const rest = await own.get(`${nextPage(first, server.base)}`);
  const last = await own.get(`${nextPage(rest, server.base)}`);

  assert.deepEqual(
    [first, rest, last].flatMap((r) => r.json.map((c) => c.id)),
    ids,
  );
});
