// SPDX-License-Identifier: Apache-2.0
/*
 * kill -9 at random moments under load, again and again on one directory.  Whatever was
 * answered is there once, whatever was not is there whole or not at all, and the
 * counts agree with a recount.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import {
  createOrganization,
  makeDirectory,
  removeDirectory,
  sleep,
  startServer,
} from './support/server.mjs';

const ROUNDS = Number(process.env.LISTENLOOP_KILLS ?? 20);
const LIST_SIZE = 40;
const SEED = Number(process.env.LISTENLOOP_SEED ?? Date.now() % 1_000_000);

const data = makeDirectory();
after(() => removeDirectory(data));

// A small generator, so that a failure's moments can be had again.
let state = SEED;
function random() {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state / 2 ** 32;
}

/*
 * A writer sends one request after the other until the server is gone.  It remembers
 * what was answered, and the one request that may have been under way.
 */
async function write(log, send) {
  for (let i = 0; ; i++) {
    log.open = i;
    let reply;
    try {
      reply = await send(i);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
    assert.ok(reply.status < 300, `${reply.status} ${reply.text}`);
    log.done = i;
  }
}

const newLog = () => ({ done: -1, open: -1 });

async function load(client, round) {
  const [accounts, edits, titles, lists] = await Promise.all(
    ['accounts', 'edits', 'titles', 'lists'].map((name) =>
      client.createCampaign({ name: `${name} 0-${round}` }),
    ),
  );
  const work = {
    round,
    accounts,
    edits,
    titles,
    lists,
    makers: [newLog(), newLog(), newLog()],
    editor: newLog(),
    titler: newLog(),
    lister: newLog(),
  };
  const writers = [
    ...work.makers.map((log, n) =>
      write(log, (i) =>
        client.post(`/campaigns/${accounts.id}/accounts`, {
          account: { domain: `r${round}-w${n}-${i}.com` },
        }),
      ),
    ),
    write(work.editor, (i) =>
      client.put(`/campaigns/${edits.id}`, {
        campaign: { name: `edits ${i + 1}-${round}`, daily_budget: i + 1 },
      }),
    ),
    write(work.titler, (i) =>
      client.post(`/campaigns/${titles.id}/job_titles/create_bulk`, {
        job_titles_list: [`t${i}a`, `t${i}b`],
      }),
    ),
    write(work.lister, (i) =>
      client.addList(
        lists.id,
        Array.from({ length: LIST_SIZE }, (_, n) => ({
          domainName: `r${round}-l${i}-${n}.com`,
        })),
      ),
    ),
  ];
  return { work, ended: Promise.all(writers) };
}

function once(values, what) {
  const set = new Set(values);
  assert.equal(set.size, values.length, `${what}: something is there twice`);
  return set;
}

// Of the requests that a writer sent: all answered ones, perhaps the open one, no other.
function assertWritten(log, here, parts, nameOf, what) {
  let expected = 0;
  for (let i = 0; i <= log.open; i++) {
    const there = parts.filter((part) => here.has(nameOf(i, part))).length;
    if (i <= log.done)
      assert.equal(there, parts.length, `${what} ${i} was answered and is not there`);
    else
      assert.ok(there === 0 || there === parts.length, `${what} ${i} is there in part`);
    expected += there;
  }
  return expected;
}

async function assertRecount(client, campaign) {
  const { items } = await client.all(`/campaigns/${campaign.id}/accounts`);
  const now = await client.getCampaign(campaign.id);

  assert.equal(now.accounts_count ?? 0, items.length);
  assert.equal(now.turned_on_accounts_count, items.length);
  return once(
    items.map((account) => account.domain),
    `round ${campaign.name}`,
  );
}

const LIST_PARTS = Array.from({ length: LIST_SIZE }, (_, n) => n);

async function verify(client, work) {
  const { round } = work;
  const made = await assertRecount(client, work.accounts);
  let total = 0;
  work.makers.forEach((log, n) => {
    total += assertWritten(log, made, [0], (i) => `r${round}-w${n}-${i}.com`, 'account');
  });
  assert.equal(made.size, total, 'accounts that nobody sent');

  const listed = await assertRecount(client, work.lists);
  assert.equal(
    listed.size,
    assertWritten(
      work.lister,
      listed,
      LIST_PARTS,
      (i, n) => `r${round}-l${i}-${n}.com`,
      'list',
    ),
    'list entries that nobody sent',
  );

  const { items } = await client.all(`/campaigns/${work.titles.id}/job_titles`);
  const titles = once(
    items.map((item) => item.name),
    'job titles',
  );
  assert.equal(
    titles.size,
    assertWritten(
      work.titler,
      titles,
      ['a', 'b'],
      (i, part) => `t${i}${part}`,
      'job titles',
    ),
  );

  const edited = await client.getCampaign(work.edits.id);
  const last = Number(/^edits (\d+)-/.exec(edited.name)[1]) - 1;
  assert.ok(
    last === work.editor.done || last === work.editor.open,
    `edit ${last} is there; ${work.editor.done} was answered, ${work.editor.open} sent`,
  );
  assert.equal(edited.daily_budget, last < 0 ? '15.0' : `${last + 1}.0`);
}

function databaseFile() {
  return readdirSync(data)
    .map((name) => join(data, name))
    .find((path) => {
      const head = Buffer.alloc(15);
      const file = openSync(path, 'r');
      readSync(file, head, 0, 15, 0);
      closeSync(file);
      return head.toString('latin1') === 'SQLite format 3';
    });
}

function assertIntegrity() {
  const path = databaseFile();
  assert.ok(path !== undefined, 'no database file found');
  const said = execFileSync(
    'sqlite3',
    ['-readonly', path, 'PRAGMA integrity_check; PRAGMA foreign_key_check;'],
    { encoding: 'utf8' },
  );
  assert.equal(said.trim(), 'ok');
}

test(`${ROUNDS} kills under load (LISTENLOOP_SEED=${SEED})`, async (t) => {
  const who = await createOrganization(data, 'crash@example.com');
  const rounds = [];

  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer({ data });
    const client = server.client(who);
    if (rounds.length > 0) {
      await verify(client, rounds.at(-1));
      assertIntegrity();
    }
    const { work, ended } = await load(client, round);
    await sleep(50 + random() * 400);
    await server.kill();
    await ended;
    rounds.push(work);
  }

  const server = await startServer({ data });
  const client = server.client(who);
  for (const work of rounds) await verify(client, work);
  assertIntegrity();
  const { organization } = await client.getCampaign(rounds[0].edits.id);
  const { items } = await client.all('/campaigns');
  assert.deepEqual(
    organization.campaigns,
    items.map((campaign) => campaign.id),
  );
  assert.equal(items.length, ROUNDS * 4);
  const answered = rounds.reduce(
    (sum, work) =>
      sum +
      [...work.makers, work.editor, work.titler, work.lister].reduce(
        (n, log) => n + log.done + 1,
        0,
      ),
    0,
  );
  t.diagnostic(`${answered} writes were answered`);
  assert.ok(answered > ROUNDS * 5, `only ${answered} writes were answered`);
  assertStatus(await client.get('/campaigns'), 200);
  await server.stop();
  assertIntegrity();
});
