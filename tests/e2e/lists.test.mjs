// SPDX-License-Identifier: Apache-2.0
// The eight lists inside a campaign, all of one shape.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertStatus, nextPage } from './support/client.mjs';
import { TIME } from './support/compare.mjs';
import { startServer } from './support/server.mjs';

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

async function open(list) {
  const { id } = await client.createCampaign();
  const path = `/campaigns/${id}/${list}`;
  return {
    id,
    path,
    create: (names, query = '') =>
      client.post(`${path}/create_bulk${query}`, { [`${list}_list`]: names }),
  };
}

const namesOf = (reply) => assertStatus(reply, 200).json.map((item) => item.name);

for (const list of LISTS) {
  test(`${list}: create_bulk answers with what was there before`, async () => {
    const { path, create } = await open(list);

    assert.deepEqual(namesOf(await client.get(path)), []);
    assert.deepEqual(namesOf(await create(['CIO', 'CTO'])), []);
    assert.deepEqual(namesOf(await create(['CFO'])), ['CIO', 'CTO']);
    assert.deepEqual(namesOf(await client.get(path)), ['CIO', 'CTO', 'CFO']);
    assert.deepEqual(namesOf(await create(['CEO'], '?return=all')), [
      'CIO',
      'CTO',
      'CFO',
      'CEO',
    ]);
  });

  test(`${list}: a name is there once`, async () => {
    const { path, create } = await open(list);
    await create(['CIO', 'CIO', 'CTO']);
    await create(['CTO', 'CMO', 'CIO']);

    assert.deepEqual(namesOf(await client.get(path)), ['CIO', 'CTO', 'CMO']);
  });

  test(`${list}: an entry has the published shape`, async () => {
    const { id, path, create } = await open(list);
    const { json } = assertStatus(await create(['One', 'Two'], '?return=all'), 200);
    const ids = json.map((item) => item.id);

    for (const item of json) {
      for (const key of [
        'id',
        'name',
        'campaign_id',
        'created_at',
        'updated_at',
        'campaign',
      ])
        assert.ok(key in item, key);
      assert.equal(item.campaign_id, id);
      assert.match(item.created_at, TIME);
      assert.match(item.updated_at, TIME);
      assert.deepEqual(item.campaign, { id, [list]: ids });
    }
    assert.deepEqual((await client.get(path)).json, json);
    const inCampaign = (await client.getCampaign(id))[list];
    assert.deepEqual(
      inCampaign.map((item) => [item.id, item.name]),
      [
        [ids[0], 'One'],
        [ids[1], 'Two'],
      ],
    );
  });

  test(`${list}: DELETE takes one away`, async () => {
    const { id, path, create } = await open(list);
    const { json } = await create(['One', 'Two', 'Three'], '?return=all');
    const reply = assertStatus(await client.delete(`${path}/${json[1].id}`), 204);

    assert.equal(reply.text, '');
    assert.deepEqual(namesOf(await client.get(path)), ['One', 'Three']);
    assert.equal((await client.getCampaign(id))[list].length, 2);
    assertStatus(await client.delete(`${path}/${json[1].id}`), 404);
    assertStatus(await client.delete(`${path}/1x`), 404);
    await create(['Two']);
    assert.deepEqual(namesOf(await client.get(path)), ['One', 'Three', 'Two']);
  });

  test(`${list}: what cannot be read changes nothing`, async () => {
    const { path, create } = await open(list);
    await create(['One']);
    for (const names of [
      ['Good', 7],
      ['Good', ''],
      ['Good', 'x'.repeat(256)],
      ['Good', null],
      ['Good', ['nested']],
      'CIO',
      { name: 'CIO' },
      7,
      ['Good', 'a\u0000b'],
    ])
      assertStatus(await create(names), 422);
    assertStatus(await client.post(`${path}/create_bulk`, {}), 400);
    assertStatus(await client.post(`${path}/create_bulk`, { other_list: ['x'] }), 400);
    assertStatus(await client.call('POST', `${path}/create_bulk`, { body: '[' }), 400);
    assert.deepEqual(namesOf(await client.get(path)), ['One']);
  });

  test(`${list}: another organization sees nothing of it`, async () => {
    const { path, create } = await open(list);
    const { json } = await create(['Secret'], '?return=all');

    assertStatus(await stranger.get(path), 404);
    assertStatus(
      await stranger.post(`${path}/create_bulk`, { [`${list}_list`]: ['Mine'] }),
      404,
    );
    assertStatus(await stranger.delete(`${path}/${json[0].id}`), 404);
    const own = await stranger.createCampaign();
    assertStatus(
      await stranger.delete(`/campaigns/${own.id}/${list}/${json[0].id}`),
      404,
    );
    assert.deepEqual(namesOf(await client.get(path)), ['Secret']);
  });
}

test('an empty list adds nothing', async () => {
  const { create } = await open('job_titles');
  assert.deepEqual(namesOf(await create([])), []);
});

test('names are kept byte for byte, and differ by case', async () => {
  const names = [' CIO ', 'CIO', 'cio', 'Cafe\u0301', 'Café', 'x'.repeat(255), '📣'];
  const { path, create } = await open('job_titles');
  await create(names);

  assert.deepEqual(namesOf(await client.get(path)), names);
});

test('an entry of another list or campaign is not found', async () => {
  const one = await open('job_titles');
  const two = await open('job_titles');
  const [item] = (await one.create(['CIO'], '?return=all')).json;

  assertStatus(await client.delete(`${two.path}/${item.id}`), 404);
  assertStatus(await client.delete(`/campaigns/${one.id}/carriers/${item.id}`), 404);
  assert.deepEqual(namesOf(await client.get(one.path)), ['CIO']);
});

test('a list is paged', async () => {
  const { path, create } = await open('job_titles');
  const names = Array.from({ length: 7 }, (_, i) => `Title ${i}`);
  await create(names);
  const first = await client.get(`${path}?limit=3`);

  assert.equal(first.headers.get('x-total-count'), '7');
  assert.deepEqual(namesOf(first), names.slice(0, 3));
  assert.notEqual(nextPage(first, server.base), null);
  const read = await client.all(path, 3);
  assert.deepEqual(
    read.items.map((item) => item.name),
    names,
  );
  assert.equal(read.pages, 3);
  assertStatus(await client.get(`${path}?limit=0`), 422);
});

test('a list that there is not', async () => {
  const { id } = await client.createCampaign();
  assertStatus(await client.get(`/campaigns/${id}/horoscopes`), 404);
  assertStatus(
    await client.post(`/campaigns/${id}/horoscopes/create_bulk`, {
      horoscopes_list: ['x'],
    }),
    404,
  );
});
