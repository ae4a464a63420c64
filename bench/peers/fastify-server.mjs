// SPDX-License-Identifier: Apache-2.0
// The measured part of the API as a Node.js developer would write it for speed, on
// Fastify and better-sqlite3.  It takes the two commands that the benchmark gives to
// listenloop:
//   fastify-server.mjs serve --data DIR --listen HOST:PORT [--group-commit]
//   fastify-server.mjs organization create --data DIR --email EMAIL --json

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { ACCOUNT, ACCOUNT_BODY, CAMPAIGN, CAMPAIGN_BODY } from './schema.mjs';
import { Refused, Store } from './store.mjs';

const LIST_LIMIT = 512 * 1024 * 1024;

/**
 * Takes the writes of one turn of the event loop into one transaction and answers them
 * when it is on disk.  What a write refuses is refused before it changes anything, so
 * only an unexpected error undoes its companions, and then they are told.
 */
class GroupCommit {
	#waiting = [];

	constructor(store) {
		this.store = store;
	}

	write = (work) => new Promise((resolve, reject) => {
		if (this.#waiting.length === 0) setImmediate(this.#run);
		this.#waiting.push({ work, resolve, reject });
	});

	#run = () => {
		const group = this.#waiting;
		this.#waiting = [];
		try {
			this.store.write(() => {
				for (const one of group) one.outcome = attempt(one.work);
			});
			for (const { outcome, resolve, reject } of group) {
				if (outcome.refused) reject(outcome.refused);
				else resolve(outcome.value);
			}
		} catch (error) {
			for (const { reject } of group) reject(error);
		}
	};
}

function attempt(work) {
	try {
		return { value: work() };
	} catch (error) {
		if (error instanceof Refused) return { refused: error };
		throw error;
	}
}

function id(text) {
	if (!/^\d{1,15}$/.test(text)) throw new Refused(404, 'not found');
	return Number(text);
}

function build(store, write) {
	const app = Fastify({
		logger: false,
		onProtoPoisoning: 'ignore',
		onConstructorPoisoning: 'ignore',
		ajv: { customOptions: { allowUnionTypes: true } },
	});
	app.decorateRequest('who', null);
	app.addHook('onRequest', (request, reply, next) => {
		const { headers } = request;
		request.who = store.authenticate(headers['x-user-email'], headers['x-user-token']);
		if (request.who === undefined) {
			next(new Refused(401, 'You need to sign in or sign up before continuing.'));
			return;
		}
		reply.headers({
			'x-request-id': request.id,
			'x-content-type-options': 'nosniff',
			'cache-control': 'private, must-revalidate',
		});
		next();
	});
	app.setErrorHandler((error, request, reply) => {
		const status = error.statusCode ?? 500;
		const message = status < 500 ? error.message : 'Internal Server Error';
		reply.code(status).send({ status, error: message, errors: error.errors ?? {}, request_id: request.id });
	});
	campaignRoutes(app, store, write);
	accountRoutes(app, store, write);
	return app;
}

function campaignRoutes(app, store, write) {
	const answer = { 200: CAMPAIGN, 201: CAMPAIGN };
	app.post('/campaigns', { schema: { body: CAMPAIGN_BODY, response: answer } }, async (request, reply) => {
		const { who, body } = request;
		const campaign = await write(() => store.campaignCreate(who, body.campaign));
		reply.code(201).header('location', `/campaigns/${campaign.id}`);
		return campaign;
	});
	app.get('/campaigns/:id', { schema: { response: answer } }, (request, reply) => {
		reply.send(store.campaignGet(request.who, id(request.params.id)));
	});
	app.put('/campaigns/:id', { schema: { body: CAMPAIGN_BODY, response: answer } }, (request) => {
		const { who, body, params } = request;
		return write(() => store.campaignEdit(who, id(params.id), body.campaign));
	});
}

function accountRoutes(app, store, write) {
	const answer = { 200: ACCOUNT, 201: ACCOUNT };
	app.get('/campaigns/:campaign/accounts/:id', { schema: { response: answer } }, (request, reply) => {
		const { campaign, id: account } = request.params;
		reply.send(store.accountGet(request.who, id(campaign), id(account)));
	});
	app.post('/campaigns/:campaign/accounts', { schema: { body: ACCOUNT_BODY, response: answer } },
		async (request, reply) => {
			const { who, body, params } = request;
			const account = await write(() => store.accountCreate(who, id(params.campaign), body.account));
			reply.code(201).header('location', `/campaigns/${params.campaign}/accounts/${account.id}`);
			return account;
		});
	app.post('/campaigns/:campaign/accounts/add_list', { bodyLimit: LIST_LIMIT }, (request) => {
		const { who, body, params } = request;
		if (!Array.isArray(body?.account_list)) throw new Refused(400, 'account_list is missing');
		return write(() => store.accountAddList(who, id(params.campaign), body.account_list));
	});
}

async function serve(values, store) {
	const group = new GroupCommit(store);
	const plain = async (work) => store.write(work);
	const app = build(store, values['group-commit'] ? group.write : plain);
	const [host, port] = values.listen.split(':');
	const address = await app.listen({ host, port: Number(port), backlog: 4096 });
	console.log(`listening on ${address}`);
	process.once('SIGTERM', async () => {
		await app.close();
		store.db.close();
	});
}

function organizationCreate(values, store) {
	const key = randomBytes(24).toString('base64url');
	const email = values.email.toLowerCase();
	const organization = store.organizationCreate(email, key);
	store.db.close();
	console.log(JSON.stringify({ organization_id: organization, user_id: organization, email, api_key: key }));
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		data: { type: 'string' },
		listen: { type: 'string', default: '127.0.0.1:0' },
		'group-commit': { type: 'boolean', default: false },
		email: { type: 'string' },
		json: { type: 'boolean', default: true },
	},
});
mkdirSync(values.data, { recursive: true });
const store = new Store(join(values.data, 'peer.db'));
if (positionals.join(' ') === 'organization create') organizationCreate(values, store);
else await serve(values, store);
