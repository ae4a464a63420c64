// SPDX-License-Identifier: Apache-2.0
// Starts and stops the real program for a test file, each time on a directory of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { Schema } from './schema.mjs';
import { Wire } from './wire.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const binary = process.env.LISTENLOOP_BIN
  ? resolve(process.env.LISTENLOOP_BIN)
  : join(root, 'build', 'listenloop');

const SANITIZER =
  /(Address|Leak|Memory|Thread|UndefinedBehavior)Sanitizer|runtime error:/;
const START_MS = 20_000;
const STOP_MS = 30_000;
const RUN_MS = 20_000;

const alive = new Set();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export function makeDirectory() {
  return mkdtempSync(join(tmpdir(), 'listenloop-e2e-'));
}

export function removeDirectory(path) {
  rmSync(path, { recursive: true, force: true });
}

// What LISTENLOOP_* the developer's shell has set must not reach the program under test.
function cleanEnvironment(extra = {}) {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (name.startsWith('LISTENLOOP_')) delete env[name];
  return { ...env, ...extra };
}

export function assertNoSanitizer(stderr) {
  const at = stderr.search(SANITIZER);
  assert.ok(
    at < 0,
    `a sanitizer complained:\n${stderr.slice(Math.max(0, at - 200), at + 4000)}`,
  );
}

// Runs a subcommand to its end.
export function run(args, { env, input = '', cwd } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, { env: cleanEnvironment(env), cwd });
    const result = { code: null, signal: null, stdout: '', stderr: '' };
    const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
    alive.add(child);
    child.stdout.setEncoding('utf8').on('data', (s) => {
      result.stdout += s;
    });
    child.stderr.setEncoding('utf8').on('data', (s) => {
      result.stderr += s;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      alive.delete(child);
      try {
        assertNoSanitizer(result.stderr);
        done({ ...result, code, signal });
      } catch (error) {
        fail(error);
      }
    });
  });
}

// Runs a subcommand that must succeed.
export async function runOk(args, options) {
  const result = await run(args, options);
  assert.equal(
    result.code,
    0,
    `listenloop ${args.join(' ')}: exit ${result.code ?? result.signal}\n${result.stderr}`,
  );
  return result;
}

export async function createOrganization(data, email) {
  const { stdout } = await runOk([
    'organization',
    'create',
    '--data',
    data,
    '--email',
    email,
    '--json',
  ]);
  return JSON.parse(stdout);
}

export class Server {
  constructor(child, data, ownsData) {
    this.child = child;
    this.data = data;
    this.ownsData = ownsData;
    this.stdout = '';
    this.stderr = '';
    this.port = 0;
    this.organizations = 0;
    this.secrets = [];
    this.exited = new Promise((done) => {
      child.on('close', (code, signal) => {
        alive.delete(child);
        this.exit = { code, signal };
        done(this.exit);
      });
    });
  }

  get base() {
    return `http://127.0.0.1:${this.port}`;
  }

  // The server's own description of its answers, read once.
  schema() {
    this.schemaRead ??= Schema.read(this.base);
    return this.schemaRead;
  }

  // A new organization with one user, made by the command line while the server runs.
  async organization(email) {
    this.organizations++;
    const who = await createOrganization(
      this.data,
      email ?? `owner-${this.organizations}@example.com`,
    );
    this.secrets.push(who.api_key);
    return who;
  }

  client(who) {
    return new Client(this, who);
  }

  async newClient(email) {
    return this.client(await this.organization(email));
  }

  wire() {
    return Wire.open(this.port);
  }

  signal(name) {
    this.child.kill(name);
  }

  // Ends the server as an operator would, and holds it to a clean end.
  async stop() {
    if (this.exit === undefined) this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    const { code, signal } = await this.exited;
    clearTimeout(timer);
    if (this.ownsData) removeDirectory(this.data);
    assertNoSanitizer(this.stderr);
    for (const secret of this.secrets)
      assert.ok(!(this.stdout + this.stderr).includes(secret), 'an API key was logged');
    assert.equal(signal, null, `ended by ${signal}\n${this.stderr.slice(-2000)}`);
    assert.equal(code, 0, `exit status ${code}\n${this.stderr.slice(-2000)}`);
  }

  async kill() {
    this.signal('SIGKILL');
    await this.exited;
    assertNoSanitizer(this.stderr);
  }
}

/*
 * Starts `listenloop serve` on a free port and resolves when it answers.  The limit on
 * requests a second is off unless a test wants it: options.flags replaces it.
 * options.data: a directory to serve instead of a new one, which is then not removed.
 */
export async function startServer({
  flags = ['--rate-limit', '0'],
  data,
  env,
  listen = ['--listen', '127.0.0.1:0'],
  place = true,
} = {}) {
  const directory = data ?? makeDirectory();
  const where = place ? ['--data', directory] : [];
  const child = spawn(binary, ['serve', ...where, ...listen, ...flags], {
    env: cleanEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = new Server(child, directory, data === undefined);

  alive.add(child);
  await new Promise((done, fail) => {
    const say = (what) =>
      fail(new Error(`${binary} serve: ${what}\n${server.stdout}${server.stderr}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      say('did not listen in time');
    }, START_MS);
    child.on('error', (error) => {
      clearTimeout(timer);
      say(error.message);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      say(`ended with ${code ?? signal}`);
    });
    child.stderr.setEncoding('utf8').on('data', (s) => {
      server.stderr += s;
    });
    child.stdout.setEncoding('utf8').on('data', (s) => {
      server.stdout += s;
      const found = /^listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(server.stdout);
      if (found === null || server.port !== 0) return;
      server.port = Number(found[1]);
      clearTimeout(timer);
      done();
    });
  });
  return server;
}

export function sleep(ms) {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
