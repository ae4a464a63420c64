// SPDX-License-Identifier: Apache-2.0
// Limits, time-outs and the end of a server.  The slow tests run beside each other.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import { sleep, startServer } from './support/server.mjs';
import { request, Wire } from './support/wire.mjs';

const server = await startServer();
after(() => server.stop());

const client = await server.newClient();
const campaign = await client.createCampaign();

// Sends a piece every so often until the other side has had enough; when that was, in ms.
async function drip(wire, piece, everyMs) {
  while (!wire.over) {
    await wire.send(piece);
    await Promise.race([sleep(everyMs), wire.closed]);
  }
  return wire.closed;
}

describe('slow clients', { concurrency: true }, () => {
  test('headers that drip are cut after 10 seconds', async () => {
    const wire = await server.wire();
    await wire.send('GET /campaigns HTTP/1.1\r\nHost: x\r\n');
    const ms = await drip(wire, 'a: b\r\n', 300);
    const reply = await wire.reply();

    assert.ok(ms > 8_500 && ms < 13_500, `after ${ms} ms`);
    assert.equal(reply?.status, 408);
    assert.equal(reply.json.status, 408);
  });

  test('a request line that never comes to its end is cut as well', async () => {
    const wire = await server.wire();
    await wire.send('GET /');
    const ms = await drip(wire, 'a', 1_000);
    assert.ok(ms > 8_500 && ms < 13_500, `after ${ms} ms`);
  });

  test('a body that drips is cut after 30 seconds', async () => {
    const wire = await server.wire();
    await wire.send(
      request('POST', '/campaigns', client.who, {
        headers: { 'Content-Type': 'application/json', 'Content-Length': 1000 },
      }),
    );
    const ms = await drip(wire, ' ', 500);
    const reply = await wire.reply();

    assert.ok(ms > 28_000 && ms < 35_000, `after ${ms} ms`);
    assert.equal(reply?.status, 408);
  });

  test('many idle connections do not keep others out', async () => {
    const idle = await Promise.all(Array.from({ length: 500 }, () => server.wire()));
    for (let i = 0; i < 20; i++) {
      const begin = performance.now();
      assertStatus(await client.get(`/campaigns/${campaign.id}`), 200);
      const ms = performance.now() - begin;
      assert.ok(ms < 2_000, `${ms} ms`);
    }
    for (const wire of idle) wire.destroy();
  });
});

test('requests one behind the other are answered in their order', async () => {
  const wire = await server.wire();
  const path = `/campaigns/${campaign.id}`;
  let bytes = '';
  for (let i = 0; i < 50; i++)
    bytes += request('PUT', path, client.who, {
      body: JSON.stringify({ campaign: { name: `Number ${i}` } }),
    });
  await wire.send(bytes);
  for (let i = 0; i < 50; i++)
    assert.equal((await wire.reply())?.json.name, `Number ${i}`);
  wire.destroy();
});

test('Expect: 100-continue', async () => {
  const wire = await server.wire();
  const body = '{"campaign":{"name":"Expected"}}';
  await wire.send(
    request('POST', '/campaigns', client.who, {
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        Expect: '100-continue',
      },
    }),
  );
  assert.equal((await wire.reply())?.status, 100);
  await wire.send(body);
  assert.equal((await wire.reply())?.status, 201);
  wire.destroy();
});

test('a request in single bytes', async () => {
  const wire = await server.wire();
  const bytes = Buffer.from(
    request('POST', '/campaigns', client.who, {
      body: '{"campaign":{"name":"Bytes ü"}}',
    }),
  );
  for (const byte of bytes) await wire.send(Buffer.from([byte]));
  assert.equal((await wire.reply())?.json.name, 'Bytes ü');
  wire.destroy();
});

test('a key that asks too much is told when to come again', async () => {
  const limited = await startServer({ flags: ['--rate-limit', '5'] });
  try {
    const busy = await limited.newClient();
    const calm = await limited.newClient();
    await limited.schema();
    const replies = [];
    for (let i = 0; i < 60; i++) replies.push(await busy.get('/campaigns'));
    const refused = replies.filter((reply) => reply.status === 429);

    assert.equal(replies[0].status, 200);
    assert.ok(refused.length >= 20, `${refused.length} were refused`);
    const wait = refused.at(-1).headers.get('retry-after');
    assert.match(wait, /^[1-9]\d*$/);
    assertStatus(await calm.get('/campaigns'), 200);
    await sleep(Number(wait) * 1000 + 100);
    assertStatus(await busy.get('/campaigns'), 200);
  } finally {
    await limited.stop();
  }
});

test('who fails to sign in too often is told when to come again', async () => {
  const limited = await startServer();
  try {
    const known = await limited.newClient();
    const nobody = limited.client(null);
    const statuses = [];
    let wait;
    for (let i = 0; i < 30; i++) {
      const reply = await nobody.post('/users/sign_in', {
        user: { email: known.who.email, password: `guess ${i}` },
      });
      statuses.push(reply.status);
      wait = reply.headers.get('retry-after') ?? wait;
    }
    assert.deepEqual(statuses.slice(0, 15), Array(15).fill(401));
    assert.equal(statuses.at(-1), 429, statuses.join(' '));
    assert.match(wait, /^[1-9]\d*$/);
    assertStatus(await known.get('/campaigns'), 200);
  } finally {
    await limited.stop();
  }
});

async function refusesConnections(port) {
  for (let i = 0; i < 100; i++) {
    try {
      const wire = await Wire.open(port);
      wire.destroy();
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}

for (const name of ['SIGTERM', 'SIGINT']) {
  test(`${name} drains: what is under way is answered, nothing is begun`, async () => {
    const ending = await startServer();
    const { who } = await ending.newClient();
    const body = '{"campaign":{"name":"Under way"}}';
    const bytes = request('POST', '/campaigns', who, { body });
    const underWay = await ending.wire();
    const idle = await ending.wire();
    await underWay.send(bytes.slice(0, -10));
    await sleep(100);
    ending.signal(name);

    assert.ok(await refusesConnections(ending.port), 'new connections were taken');
    await idle.closed;
    await underWay.send(bytes.slice(-10));
    const reply = await underWay.reply();
    assert.equal(reply?.status, 201);
    assert.equal(reply.headers.get('connection')?.toLowerCase(), 'close');
    await underWay.closed;
    const begin = Date.now();
    await ending.stop();
    assert.ok(Date.now() - begin < 5_000);
  });
}

test('what was answered before the end is there after it', async () => {
  const first = await startServer();
  const who = await first.organization();
  const made = await first.client(who).createCampaign({ name: 'Kept' });
  first.ownsData = false;
  await first.stop();

  const second = await startServer({ data: first.data });
  second.ownsData = true;
  assert.deepEqual(await second.client(who).getCampaign(made.id), made);
  await second.stop();
});

test('an idle server ends at once', async () => {
  const idle = await startServer();
  const begin = Date.now();
  await idle.stop();
  assert.ok(Date.now() - begin < 3_000);
});
