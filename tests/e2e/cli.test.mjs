// SPDX-License-Identifier: Apache-2.0
// The command line, as operators and their scripts use it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertStatus } from './support/client.mjs';
import {
  makeDirectory,
  removeDirectory,
  run,
  runOk,
  sleep,
  startServer,
} from './support/server.mjs';

const server = await startServer();
after(() => server.stop());

const data = ['--data', server.data];

async function freePort() {
  const listener = createServer();
  await new Promise((done) => {
    listener.listen(0, '127.0.0.1', done);
  });
  const { port } = listener.address();
  await new Promise((done) => {
    listener.close(done);
  });
  return port;
}

async function withDirectory(work) {
  const directory = makeDirectory();
  try {
    await work(directory);
  } finally {
    removeDirectory(directory);
  }
}

const commands = [
  ['serve'],
  ['organization', 'create'],
  ['organization', 'list'],
  ['user', 'create'],
  ['user', 'list'],
  ['user', 'password'],
  ['key', 'create'],
  ['key', 'list'],
  ['key', 'revoke'],
  ['openapi'],
  ['version'],
];

for (const command of commands) {
  test(`${command.join(' ')} --help`, async () => {
    const { stdout, stderr } = await runOk([...command, '--help']);
    assert.match(stdout, /usage/i);
    assert.ok(stdout.includes(command.at(-1)), stdout);
    assert.equal(stderr, '');
  });
}

test('--help names every command', async () => {
  const { stdout } = await runOk(['--help']);
  for (const command of commands)
    assert.ok(stdout.includes(command[0]), `${command[0]} is missing in:\n${stdout}`);
});

test('version', async () => {
  const { stdout } = await runOk(['version']);
  assert.match(stdout, /^listenloop \d+\.\d+\.\d+/);
  assert.equal((await runOk(['--version'])).stdout, stdout);
});

test('openapi prints what the server hands out', async () => {
  const { stdout } = await runOk(['openapi']);
  const { json } = await server.client(null).get('/openapi.json');
  assert.deepEqual(JSON.parse(stdout), json);
});

const wrongUsage = [
  ['nothing', []],
  ['an unknown command', ['bogus'], 'bogus'],
  ['an unknown option', ['serve', '--bogus'], 'bogus'],
  ['half a command', ['organization'], 'create'],
  ['an unknown second word', ['organization', 'bogus'], 'bogus'],
  ['no e-mail', ['organization', 'create', ...data], 'email'],
  ['a word too many', ['version', 'extra'], 'too many'],
  ['an address that is none', ['serve', ...data, '--listen', 'nonsense'], 'nonsense'],
  ['a port beyond range', ['serve', ...data, '--listen', '127.0.0.1:65536'], '65536'],
  ['workers that are no number', ['serve', ...data, '--workers', 'many'], 'many'],
  ['a limit that is no number', ['serve', ...data, '--rate-limit', 'lots'], 'lots'],
  ['a negative limit', ['serve', ...data, '--rate-limit', '-1'], '-1'],
  ["no user's e-mail", ['user', 'password', ...data]],
  ['no key to revoke', ['key', 'revoke', ...data]],
  ['a key that is no number', ['key', 'revoke', '1x', ...data]],
  ['no organization', ['user', 'create', 'a@example.com', ...data], 'organization'],
];

for (const [name, args, says] of wrongUsage) {
  test(`wrong usage: ${name}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, `${args.join(' ')}: ${code} ${stderr}`);
    assert.equal(stdout, '');
    assert.ok(stderr.trim().length > 0);
    if (says !== undefined) assert.ok(stderr.includes(says), stderr);
  });
}

test('organization create works while the server runs, and so does its key', async () => {
  const { stdout } = await runOk([
    'organization',
    'create',
    ...data,
    '--email',
    'New.Person@Example.com',
    '--json',
  ]);
  const who = JSON.parse(stdout);

  assert.deepEqual(Object.keys(who), ['organization_id', 'user_id', 'email', 'api_key']);
  assert.equal(who.email.toLowerCase(), 'new.person@example.com');
  assert.ok(who.api_key.length >= 40);
  assertStatus(await server.client(who).get('/campaigns'), 200);
});

test('an e-mail belongs to one user', async () => {
  const args = [
    'organization',
    'create',
    ...data,
    '--email',
    'twice@example.com',
    '--json',
  ];
  const who = JSON.parse((await runOk(args)).stdout);
  const again = await run(args.map((arg) => arg.replace('twice@', 'TWICE@')));

  assert.equal(again.code, 1);
  assert.equal(again.stdout, '');
  assert.ok(again.stderr.includes('@example.com'), again.stderr);
  assertStatus(await server.client(who).get('/campaigns'), 200);
});

for (const email of [
  'nobody',
  '',
  '@example.com',
  'a b@example.com',
  'a@',
  'a@b@c.com',
  'a\n@example.com',
]) {
  test(`${JSON.stringify(email)} is no e-mail address`, async () => {
    const { code, stdout } = await run([
      'organization',
      'create',
      ...data,
      '--email',
      email,
      '--json',
    ]);
    assert.ok([1, 2].includes(code), String(code));
    assert.equal(stdout, '');
  });
}

test('without --json a person can read it', async () => {
  const { stdout } = await runOk([
    'organization',
    'create',
    ...data,
    '--email',
    'reader@example.com',
  ]);
  assert.ok(stdout.includes('reader@example.com'));
  assert.throws(() => JSON.parse(stdout));
});

// A listing's lines, cut at the tabs.
async function list(noun) {
  const { stdout } = await runOk([noun, 'list', ...data]);
  return stdout.split('\n').map((line) => line.split('\t'));
}

test('organization list and user list', async () => {
  const who = await server.organization('listed@example.com');
  await server.client(who).createCampaign();
  await server.client(who).post('/users/sign_in');
  const organization = String(who.organization_id);

  assert.deepEqual(
    (await list('organization')).find(([id]) => id === organization),
    [organization, '1', 'listed@example.com', ''],
  );
  assert.deepEqual(
    (await list('user')).find((line) => line[3] === 'listed@example.com'),
    [String(who.user_id), organization, '1', 'listed@example.com'],
  );
});

test('a second user of an organization sees the same campaigns', async () => {
  const first = await server.organization('first@example.com');
  const campaign = await server.client(first).createCampaign();
  const organization = String(first.organization_id);
  const email = 'Second@example.com';
  await runOk(['user', 'create', email, ...data, '--organization', organization]);
  const { stdout } = await runOk(['key', 'create', email, ...data]);
  const client = server.client({ email, api_key: stdout.trim() });

  assert.equal((await client.getCampaign(campaign.id)).id, campaign.id);
  const { json } = await client.post('/users/sign_in');
  assert.equal(json.creator, false);
  assert.equal(json.email, 'second@example.com');
  assert.equal(json.organization_id, first.organization_id);
  assert.equal(json.organization.users.length, 2);
  assert.equal(json.organization.creator_email, 'first@example.com');
});

test('keys are made, listed and revoked, each at once', async () => {
  const who = await server.organization('keys@example.com');
  const made = await runOk(['key', 'create', who.email, ...data, '--name', 'second key']);
  const key = made.stdout.trim();
  const old = server.client(who);
  const next = server.client({ ...who, api_key: key });
  assertStatus(await old.get('/campaigns'), 200);
  assertStatus(await next.get('/campaigns'), 200);

  const listed = await list('key');
  assert.ok(!listed.flat().includes(key) && !listed.flat().includes(who.api_key));
  const [id, state] = listed.find((line) => line[4] === 'second key');
  assert.equal(state, 'active');
  await runOk(['key', 'revoke', id, ...data]);
  assertStatus(await next.get('/campaigns'), 401);
  assertStatus(await old.get('/campaigns'), 200);
  assert.equal((await list('key')).find((line) => line[0] === id)[1], 'revoked');
  const again = await run(['key', 'revoke', id, ...data]);
  assert.equal(again.code, 1);
  assert.ok(again.stderr.includes(id), again.stderr);
});

test('a password is not too short', async () => {
  const who = await server.organization('short@example.com');
  const { code, stderr } = await run(['user', 'password', who.email, ...data], {
    input: 'short\n',
  });
  assert.equal(code, 1);
  assert.ok(stderr.trim().length > 0);
});

test('a user of no organization', async () => {
  const args = [
    'user',
    'create',
    'lost@example.com',
    ...data,
    '--organization',
    '999999',
  ];
  const { code, stderr } = await run(args);
  assert.equal(code, 1);
  assert.ok(stderr.includes('999999'), stderr);
});

test("a key is for its own user's e-mail only", async () => {
  const who = await server.organization('mismatch-1@example.com');
  const other = await server.organization('mismatch-2@example.com');
  assertStatus(
    await server.client({ ...who, email: other.email }).get('/campaigns'),
    401,
  );
});

for (const command of [
  ['user', 'password'],
  ['key', 'create'],
]) {
  test(`${command.join(' ')} for nobody`, async () => {
    const { code, stderr } = await run([...command, 'nobody@example.com', ...data], {
      input: 'some password\n',
    });
    assert.equal(code, 1);
    assert.ok(stderr.includes('nobody@example.com'), stderr);
  });
}

test('flags go over environment, file and defaults', async () => {
  await withDirectory(async (directory) => {
    const [inFile, inEnv, inFlag] = [
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const file = join(directory, 'listenloop.conf');
    writeFileSync(
      file,
      `[listenloop]\ndata=${join(directory, 'file')}\n` +
        `listen=127.0.0.1:${inFile}\nrate-limit=0\n`,
    );
    const fromFile = ['--config', file];
    const env = {
      LISTENLOOP_DATA: join(directory, 'env'),
      LISTENLOOP_LISTEN: `127.0.0.1:${inEnv}`,
    };
    const flags = ['--data', join(directory, 'flag'), '--listen', `127.0.0.1:${inFlag}`];
    const trials = [
      [{}, fromFile, inFile, 'file'],
      [env, fromFile, inEnv, 'env'],
      [env, [...fromFile, ...flags], inFlag, 'flag'],
      [{ ...env, LISTENLOOP_CONFIG: file }, [], inEnv, 'env'],
    ];

    for (const [environment, args, port, place] of trials) {
      const started = await startServer({
        data: join(directory, place),
        place: false,
        listen: [],
        flags: args,
        env: environment,
      });
      assert.equal(started.port, port);
      const who = await started.organization(`${place}-${args.length}@example.com`);
      assertStatus(await started.client(who).get('/campaigns'), 200);
      await started.stop();
    }
  });
});

const badFiles = [
  ['no file', null],
  ['an unknown key', '[listenloop]\nbogus=1\n'],
  ['no key file', 'just text\n'],
  ['a bad value', '[listenloop]\nworkers=many\n'],
];

for (const [name, text] of badFiles) {
  test(`a configuration with ${name} is refused`, async () => {
    await withDirectory(async (directory) => {
      const file = join(directory, 'listenloop.conf');
      if (text !== null) writeFileSync(file, text);
      const { code, stderr } = await run([
        'serve',
        '--data',
        directory,
        '--listen',
        '127.0.0.1:0',
        '--config',
        file,
      ]);
      assert.ok([1, 2].includes(code), String(code));
      assert.ok(stderr.includes('listenloop.conf') || stderr.includes('workers'), stderr);
    });
  });
}

test('serve says why it cannot start', async () => {
  await withDirectory(async (directory) => {
    const taken = await run([
      'serve',
      '--data',
      directory,
      '--listen',
      `127.0.0.1:${server.port}`,
    ]);
    assert.equal(taken.code, 1);
    assert.ok(taken.stderr.includes(String(server.port)), taken.stderr);
    const file = join(directory, 'file');
    writeFileSync(file, 'x');
    const place = await run(['serve', '--data', file, '--listen', '127.0.0.1:0']);
    assert.equal(place.code, 1);
    assert.ok(place.stderr.includes(file), place.stderr);
    assert.equal(place.stdout, '');
  });
});

test('serve makes its directory, which nobody else can read', async () => {
  await withDirectory(async (directory) => {
    const inside = join(directory, 'new');
    const started = await startServer({ data: inside });
    const { api_key: key } = await started.organization();
    await started.stop();

    for (const name of readdirSync(inside)) {
      const path = join(inside, name);
      assert.equal(statSync(path).mode & 0o077, 0, `${name} can be read by others`);
      assert.ok(!readFileSync(path).includes(key), `${name} holds an API key`);
    }
  });
});

test('organization create on an empty directory, before the first serve', async () => {
  await withDirectory(async (directory) => {
    const where = ['--data', join(directory, 'fresh')];
    const who = JSON.parse(
      (
        await runOk([
          'organization',
          'create',
          ...where,
          '--email',
          'early@example.com',
          '--json',
        ])
      ).stdout,
    );
    const started = await startServer({ data: where[1] });
    assertStatus(await started.client(who).get('/campaigns'), 200);
    await started.stop();
  });
});

test('many organizations made at once all work', async () => {
  const all = await Promise.all(
    Array.from({ length: 6 }, (_, i) => server.organization(`together-${i}@example.com`)),
  );

  assert.equal(new Set(all.map((who) => who.organization_id)).size, 6);
  await sleep(10);
  for (const who of all) assertStatus(await server.client(who).get('/campaigns'), 200);
});
