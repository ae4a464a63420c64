// SPDX-License-Identifier: Apache-2.0
/*
 * A small client.  It checks every answer it gets: the headers that all answers carry,
 * the form of every error, and the schema that the server's own OpenAPI document gives
 * for that operation and status.
 */
import assert from 'node:assert/strict';

const ERROR_KEYS = ['type', 'title', 'status', 'detail', 'error', 'request_id'];

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeReply(reply) {
  return (
    `${reply.method} ${reply.path} ${reply.sent.slice(0, 300)}\n` +
    `answered ${reply.status} ${reply.text.slice(0, 1000)}`
  );
}

// The one body that every error has.
export function assertErrorBody(reply) {
  const body = reply.json;
  const where = describeReply(reply);

  assert.match(
    reply.headers.get('content-type') ?? '',
    /^application\/(problem\+)?json(; charset=utf-8)?$/,
    where,
  );
  assert.ok(body !== null && typeof body === 'object', `not an error document: ${where}`);
  const keys = Object.keys(body).filter((key) => key !== 'errors');
  assert.deepEqual(keys.sort(), [...ERROR_KEYS].sort(), where);
  assert.equal(body.type, 'about:blank', where);
  assert.equal(body.status, reply.status, where);
  assert.ok(
    body.title.length > 0 && body.error.length > 0 && body.detail.length > 0,
    where,
  );
  assert.equal(body.request_id, reply.headers.get('x-request-id'), where);
  if (!('errors' in body)) return;
  for (const messages of Object.values(body.errors))
    assert.ok(Array.isArray(messages) && messages.length > 0, where);
}

function assertEveryAnswer(reply) {
  const where = describeReply(reply);

  assert.match(reply.headers.get('x-request-id') ?? '', /^[\x21-\x7e]{8,64}$/, where);
  assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', where);
  if (reply.status >= 400 && reply.method !== 'HEAD') {
    assertErrorBody(reply);
  } else if (reply.text.length > 0) {
    assert.equal(reply.type, 'application/json; charset=utf-8', where);
    assert.notEqual(reply.json, undefined, `not JSON: ${where}`);
  }
  if (reply.status < 400 && reply.authenticated && reply.text.length > 0)
    assert.match(
      reply.headers.get('cache-control') ?? '',
      /no-store|private, must-revalidate/,
      where,
    );
}

export function assertStatus(reply, status) {
  assert.equal(reply.status, status, describeReply(reply));
  return reply;
}

// An error of that status that has problems with just these attributes.
export function assertProblems(reply, status, attributes) {
  assertStatus(reply, status);
  assert.deepEqual(
    Object.keys(reply.json.errors ?? {}).sort(),
    [...attributes].sort(),
    describeReply(reply),
  );
  for (const messages of Object.values(reply.json.errors))
    for (const message of messages)
      assert.equal(typeof message, 'string', describeReply(reply));
  return reply;
}

export class Client {
  constructor(server, who = null) {
    this.server = server;
    this.who = who;
  }

  /*
   * options.json is sent as JSON, options.body (string or bytes) as it is.  A header
   * that is undefined is not sent.
   */
  async call(method, path, { json, body, headers = {} } = {}) {
    const sent = json === undefined ? body : JSON.stringify(json);
    const all = {
      Accept: 'application/json',
      ...(this.who === null
        ? {}
        : { 'X-User-Token': this.who.api_key, 'X-User-Email': this.who.email }),
      ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    };
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    const answer = await fetch(this.server.base + path, {
      method,
      headers: all,
      body: sent,
      redirect: 'manual',
    });
    const text = await answer.text();
    const reply = {
      method,
      path,
      sent: String(sent ?? ''),
      status: answer.status,
      headers: answer.headers,
      type: answer.headers.get('content-type') ?? '',
      text,
      json: parse(text),
      authenticated: this.who !== null,
    };
    assertEveryAnswer(reply);
    const problems = (await this.server.schema()).check(reply);
    assert.deepEqual(problems, [], `not as documented: ${describeReply(reply)}`);
    return reply;
  }

  get(path, headers) {
    return this.call('GET', path, { headers });
  }

  post(path, json, headers) {
    return this.call('POST', path, { json, headers });
  }

  put(path, json, headers) {
    return this.call('PUT', path, { json, headers });
  }

  patch(path, json, headers) {
    return this.call('PATCH', path, { json, headers });
  }

  delete(path, headers) {
    return this.call('DELETE', path, { headers });
  }

  async createCampaign(attributes = {}) {
    const reply = await this.post('/campaigns', {
      campaign: { name: 'A campaign', ...attributes },
    });
    return assertStatus(reply, 201).json;
  }

  async createAccount(campaign, domain, attributes = {}) {
    const reply = await this.post(`/campaigns/${campaign}/accounts`, {
      account: { domain, ...attributes },
    });
    return assertStatus(reply, 201).json;
  }

  async getCampaign(id) {
    return assertStatus(await this.get(`/campaigns/${id}`), 200).json;
  }

  addList(campaign, list, headers) {
    return this.post(
      `/campaigns/${campaign}/accounts/add_list`,
      { account_list: list },
      headers,
    );
  }

  // Everything of a collection, page by page, and how many pages it took.
  async all(path, limit = 1000) {
    const items = [];
    let pages = 0;
    let next = `${path}?limit=${limit}`;
    while (next !== null) {
      const reply = assertStatus(await this.get(next), 200);
      items.push(...reply.json);
      pages++;
      next = nextPage(reply, this.server.base);
    }
    return { items, pages };
  }
}

// Where the page after this one is, or null.
export function nextPage(reply, base) {
  const link = reply.headers.get('link');
  if (link === null) return null;
  const found = /^<([^>]+)>;\s*rel="?next"?$/.exec(link);
  assert.ok(found !== null, `Link: ${link}`);
  const url = new URL(found[1], base + reply.path);
  return url.pathname + url.search;
}
