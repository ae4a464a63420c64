// SPDX-License-Identifier: Apache-2.0
// Long lists, and lists that come in pieces or not to their end.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { assertResult, Campaigns, entries, entry } from './support/companies.mjs';
import { sleep, startServer } from './support/server.mjs';
import { request } from './support/wire.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const campaigns = new Campaigns(client);
const open = () => campaigns.open();
const accounts = (id) => campaigns.accounts(id);
const assertCount = (id, wanted) => campaigns.assertCount(id, wanted);

for (const count of [10_000, 10_001]) {
  test(`${count} entries, and again`, async () => {
    const { id, add } = await open();
    const list = entries(count);
    assertResult(await add(list), { added: count });
    assertResult(await add(list), { unchanged: count });
    await assertCount(id, count);
  });
}

async function sendHalf(path, body) {
  const wire = await server.wire();
  const bytes = request('POST', `${path}/add_list`, client.who, { body });
  await wire.send(bytes.slice(0, Math.floor(bytes.length * 0.9)));
  await sleep(100);
  return wire;
}

test('a client that leaves in the middle of 10,000 entries leaves nothing', async () => {
  const { id, path, add } = await open();
  for (const leave of ['destroy', 'reset']) {
    const wire = await sendHalf(path, JSON.stringify({ account_list: entries(10_000) }));
    wire[leave]();
  }
  await sleep(200);
  await assertCount(id, 0);
  assertResult(await add(entries(100)), { added: 100 });
});

test('what is left of a longer list does no harm to the next try', async () => {
  const { id, path, add } = await open();
  const list = entries(25_000);
  const wire = await sendHalf(path, JSON.stringify({ account_list: list }));
  wire.destroy();
  await sleep(500);
  const left = (await client.getCampaign(id)).accounts_count ?? 0;
  await assertCount(id, left);
  assertResult(await add(list), { added: 25_000 - left, unchanged: left });
  await assertCount(id, 25_000);
});

test('two lists of the same companies at once', async () => {
  const { id, add } = await open();
  const replies = await Promise.all([add(entries(15_000)), add(entries(15_000, 5_000))]);
  const sum = (key) =>
    replies.reduce((n, reply) => n + assertStatus(reply, 200).json.data[key], 0);

  assert.equal(sum('added'), 20_000);
  assert.equal(sum('updated') + sum('unchanged'), 10_000);
  await assertCount(id, 20_000);
});

test('a body cut off by its JSON after 10,000 entries is refused', async () => {
  const { id, path, add } = await open();
  const list = entries(10_000);
  const body = JSON.stringify({ account_list: list }).slice(0, -2);
  assertStatus(await client.call('POST', `${path}/add_list`, { body }), 400);
  await assertCount(id, 0);
  assertResult(await add(list), { added: 10_000 });
});

test('a chunked body in tiny pieces', async () => {
  const { id, path } = await open();
  const body = Buffer.from(
    JSON.stringify(
      {
        account_list: [
          entry(1, { companyName: 'Ünï 📣' }),
          entry(2),
          { domainName: 'bad one' },
          entry(3),
        ],
      },
      null,
      '\t',
    ),
  );
  const wire = await server.wire();
  await wire.send(
    request('POST', `${path}/add_list`, client.who, {
      headers: {
        'Content-Type': 'application/json',
        'Transfer-Encoding': 'chunked',
      },
    }),
  );
  for (let at = 0; at < body.length; at += 3) {
    const piece = body.subarray(at, at + 3);
    await wire.send(
      Buffer.concat([
        Buffer.from(`${piece.length.toString(16)}\r\n`),
        piece,
        Buffer.from('\r\n'),
      ]),
    );
  }
  await wire.send('0\r\n\r\n');
  const reply = await wire.reply();

  assert.equal(reply?.status, 200);
  assert.deepEqual(reply.json.data, {
    received: 4,
    added: 3,
    updated: 0,
    unchanged: 0,
    rejected: 1,
  });
  assert.ok((await accounts(id)).some((a) => a.name === 'Ünï 📣'));
  wire.destroy();
});

test('the connection is good for more requests after a list', async () => {
  const { path } = await open();
  const wire = await server.wire();
  const body = JSON.stringify({ account_list: entries(50) });
  const bytes =
    request('POST', `${path}/add_list`, client.who, { body }) +
    request('GET', path, client.who);
  await wire.send(bytes);

  assert.equal((await wire.reply())?.json.data.added, 50);
  assert.equal((await wire.reply())?.json.length, 50);
  wire.destroy();
});

test('100,000 entries, while others get their answers', async () => {
  const { id, add } = await open();
  const other = await server.newClient();
  const own = await other.createCampaign();
  let over = false;
  const longest = { GET: 0, POST: 0 };
  let answered = 0;

  async function timed(method, work) {
    const begin = performance.now();
    await work();
    longest[method] = Math.max(longest[method], performance.now() - begin);
    answered++;
  }
  async function others() {
    for (let i = 0; !over; i++) {
      await timed('GET', () => other.getCampaign(own.id));
      await timed('POST', () => other.createAccount(own.id, `busy-${i}.com`));
      await sleep(2);
    }
  }

  const busy = others();
  const reply = await add(entries(100_000));
  over = true;
  await busy;
  assertResult(reply, { added: 100_000 });
  assert.ok(answered >= 20, `${answered} answers meanwhile`);
  assert.ok(longest.GET < 2000 && longest.POST < 2000, JSON.stringify(longest));
  const campaign = await client.getCampaign(id);
  assert.deepEqual(
    [campaign.accounts_count, campaign.turned_on_accounts_count],
    [100_000, 100_000],
  );
  const last = await client.get(`/campaigns/${id}/accounts?limit=1`);
  assert.equal(last.headers.get('x-total-count'), '100000');
});
