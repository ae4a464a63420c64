#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
//
// Writes docs/API.md out of the API document that the program itself prints:
//   tools/api-doc.mjs [PROGRAM]           writes it
//   tools/api-doc.mjs --check [PROGRAM]   fails when it is out of date
// PROGRAM is build/listenloop if it is not given.  Tables, statuses and the examples of
// campaigns, accounts and sessions come from the document; the prose and what requests send
// are here, and are checked against it: a new operation without an example fails.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const output = `${root}docs/API.md`;

const head = `# API

<!-- Made by tools/api-doc.mjs from the tables that serve the requests: do not edit. -->

The ListenLoop API, as this server speaks it. The same in a form for machines is at
\`GET /openapi.json\` (OpenAPI 3.1), and \`listenloop openapi\` prints it.

## Authentication

Every request carries two headers, the API key and the e-mail of the user whose key it is:

    X-User-Token: YOUR_API_KEY
    X-User-Email: YOUR_EMAIL

The names of headers and the e-mail may be in any case. A missing or wrong key, a missing or wrong
e-mail, or a key of somebody else all give the same answer: 401. Only \`/openapi.json\` needs no
key. \`POST /users/sign_in\` also takes a password in its body. What belongs to another organization
is answered as if it did not exist: 404.

An operator makes keys with \`listenloop organization create\` and \`listenloop key create\`, and ends
them with \`listenloop key revoke\`, which works at once in a running server.

## Conventions

**Requests.** Bodies are JSON in UTF-8. \`Content-Type\` is \`application/json\` (\`text/json\` and
\`...+json\` too) or is not sent; anything else is 415. Attributes stand under a root key:
\`{"campaign": {...}}\`. An edit changes the attributes that it holds and leaves the others. PATCH is
the same as PUT, and HEAD works wherever GET does. A path with a slash at its end is another path:
404. Attributes that are unknown or read-only are ignored, and a success names the first of them in
the header \`X-Ignored-Attributes\`. Texts are kept as they are sent, byte for byte; a domain is
brought into its registrable form, and a URL without a scheme gets \`http://\`.

**JSON that is not accepted** (400, with line and column): anything that RFC 8259 does not allow, a
byte-order mark, invalid UTF-8, a key twice in one object, arrays and objects nested more than 32
deep. A NUL character in a text is 422.

**Answers** are \`application/json; charset=utf-8\`. Each has an \`X-Request-Id\`; please quote it
when you report a problem. A create is 201 with the new path in \`Location\`. A 2xx answer to a change
means that the change is on disk.

**Errors** all have one form. All problems are told at once, and a refused request changes nothing:

\`\`\`json
{
  "type": "about:blank",
  "title": "Unprocessable Content",
  "status": 422,
  "detail": "daily_budget must be at least 0; pacing must be one of daily, lifetime",
  "error": "daily_budget must be at least 0; pacing must be one of daily, lifetime",
  "errors": {
    "daily_budget": ["must be at least 0"],
    "pacing": ["must be one of daily, lifetime"]
  },
  "request_id": "50e9da15fd7ad3de27a7e1b98b13195b"
}
\`\`\`

A client that sends \`Accept: application/problem+json\` gets that type. \`errors\` is an empty object
where no attribute is to blame. Statuses that any request may get:

| status | when |
| --- | --- |
| 400 | the request or its body cannot be read |
| 401 | the key and the e-mail are not those of one user |
| 404 | there is no such path, or nothing there that is yours |
| 405 | the path has no such method; \`Allow\` tells which it has (as does OPTIONS, with 204) |
| 408 | the request took too long to arrive |
| 413, 414, 431 | the body, the request line or the headers are too large |
| 417, 501, 505 | an expectation, transfer encoding or HTTP version that is not supported |
| 429 | too many requests; \`Retry-After\` tells in how many seconds to go on |
| 500 | something is wrong on the server; its log knows more |
| 503 | not now: the disk is full, or another process holds the database; see \`Retry-After\` |

**Times** are printed with milliseconds and the offset of the organization's time zone:
\`2018-06-20T06:57:50.906-04:00\`. **Dates** are \`2030-01-02\`, in that time zone too.

**Amounts** (budgets, bids, targets) are dollars. Answers hold them as texts with the fewest digits
and at least one decimal: \`"15.0"\`, \`"0.02"\`. Input may be a text or a number, is read exactly
and never rounded: from 0 to 1,000,000,000 with at most six decimals, else 422.

**Lists** of campaigns and of accounts are arrays, oldest first, and come in pages: \`?limit=\`
(1 to 1,000, 100 if it is not given). While there is more, a \`Link\` header with \`rel="next"\` holds
the path of the next page; its cursor is not to be made up. \`X-Total-Count\` is how many there are
on all pages, archived ones too.

**Limits.** 1,000 requests a second for each key, 2,000 at once, unless the operator set another limit.
All limits are in [LIMITS.md](LIMITS.md).
`;

const listProse = "A campaign has eight lists: LISTS. They have the same three operations; put the " +
	"list's name for `LIST`. A name is in a list once, and adding it again leaves it as it is. Only " +
	"entries of `personalization_criteria` and `conversion_criteria` may have `match` and `url`; with " +
	"`url` alone, `match` becomes `exact`, and the `url` of `regex` must be a regular expression. A " +
	"list has at most 1,000 entries.";

const item = (id, name, ids) => ({
	id, name, campaign_id: 1, match: null, url: null,
	created_at: "2018-06-20T06:57:50.906-04:00", updated_at: "2018-06-20T06:57:50.906-04:00",
	campaign: { id: 1, job_titles: ids },
});

// What each operation's example sends and answers.  `keys`: of the answer's schema, those that
// the example shows; `change`: what they hold after the request; `answer`: all of it.
const examples = {
	signIn: { keys: ["id", "email", "organization_id", "sign_in_count"],
		note: "Moves `sign_in_count` and the four fields of the current and the last sign-in. " +
			"With a password instead of the two headers, send the body below; " +
			"`authentication_token` is then one of the user's own keys, or null if there is " +
			"none. A wrong password is 401, `Invalid Email or password.`. After 20 failures in a " +
			"minute from one address, signing in from there is 429." },
	listCampaigns: { query: "?limit=2", keys: ["id", "name", "user_defined_status"] },
	createCampaign: { root: "campaign",
		body: { name: "My Awesome Campaign", daily_budget: "50.0" },
		keys: ["id", "name", "daily_budget", "worthy_of_dsp", "worthy_of_dsp_description"],
		change: { daily_budget: "50.0" },
		note: "`name` is required. Seven day-partings are made with the campaign, 4 to 20 o'clock " +
			"each day; `day_partings` replaces those of the days that it names." },
	showCampaign: { keys: ["id", "name", "accounts_count", "turned_on_accounts_count"],
		note: "The whole answer is under [Campaign](#campaign)." },
	editCampaign: { root: "campaign",
		body: { user_defined_status: "paused",
			day_partings: [{ day: "monday", from_hour: 9, to_hour: 17 }] },
		keys: ["id", "user_defined_status", "worthy_of_dsp_description"],
		change: { user_defined_status: "paused",
			worthy_of_dsp_description: "No destination Url; Campaign is paused" },
		note: "What is not given stays as it is: the defaults are a new campaign's. " +
			"`day_partings` replaces the ranges of the days that it names and leaves the other " +
			"days. `targeting_strategy` is merged key by key." },
	archiveCampaign: { keys: ["id", "user_defined_status"],
		change: { user_defined_status: "archived" },
		note: "Nothing is deleted: `user_defined_status` becomes `archived`, and an edit brings " +
			"the campaign back." },
	listAccounts: { query: "?limit=2", keys: ["id", "account_id", "name", "domain"] },
	createAccount: { root: "account", body: { domain: "https://www.example.com/about" },
		keys: ["id", "account_id", "name", "domain", "source", "kick_fire_lookup_status"],
		note: "`domain` is required; the registrable domain in it is stored. `name` is the " +
			"domain's first label if it is not given. A campaign holds a domain once: 409, with the " +
			"account's number in `errors.id`. One that is archived there is restored instead, with " +
			"what is given, and answered with 200." },
	addAccounts: { body: { account_list: [
		{ companyName: "Example", domainName: "www.example.com", zipCode: "10001" },
		{ companyName: "Nobody", domainName: "???" }] },
		answer: { status: true, exception: null, message: "1 account added",
			data: { received: 2, added: 1, updated: 0, unchanged: 0, rejected: 1 },
			errors: [{ index: 1, domainName: "???", error: "is not a domain" }] },
		note: "The body may have up to 256 MiB and is read as it arrives. Good entries are kept " +
			"when others are bad; `errors` names the first 1,000 bad ones, by their place in the " +
			"list from 0. An entry whose domain the campaign has already updates it with what the " +
			"entry holds, and restores it if it was archived. A list of up to 10,000 good entries is " +
			"stored whole or not at all. A longer one is stored in pieces; if it fails on the way, " +
			"sending it again is harmless." },
	showAccount: { keys: ["id", "account_id", "name", "domain", "user_defined_status"],
		note: "The whole answer is under [Account](#account)." },
	editAccount: { root: "account", body: { user_defined_status: "paused" },
		keys: ["id", "domain", "user_defined_status", "last_user_paused_at"],
		change: { user_defined_status: "paused",
			last_user_paused_at: "2018-06-20T09:53:36.885-04:00" },
		note: "What is not given stays as it is. `name` and `postal_code` belong to the " +
			"organization's account and so change in all its campaigns. A new `domain` moves the " +
			"entry to the account of that domain; 409 if the campaign holds it already." },
	archiveAccount: { keys: ["id", "user_defined_status"],
		change: { user_defined_status: "archived" },
		note: "Nothing is deleted: creating the account again, or an edit, brings it back." },
	showOpenapi: { keys: null },
	list: { answer: [item(1, "CIO", [1])] },
	create: { body: { job_titles_list: ["CIO", { name: "CTO" }] }, answer: [item(1, "CIO", [1])],
		note: "An entry is a name, or an object. The answer holds the entries that were there " +
			"before; with `?return=all` it is the list as it is afterwards." },
	destroy: {},
};

const check = process.argv[2] === "--check";
const program = process.argv[check ? 3 : 2] ?? `${root}build/listenloop`;
const api = JSON.parse(execFileSync(program, ["openapi"], { maxBuffer: 1 << 26 }));
const schemas = api.components.schemas;

function fail(message) {
	console.error(`api-doc: ${message}`);
	process.exit(1);
}

const name_of = (schema) => schema.$ref?.replace("#/components/schemas/", "");
const resolve = (schema) => (schema.$ref ? schemas[name_of(schema)] : schema);
const link = (name) => `[${name}](#${name.toLowerCase()})`;
const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const code = (value) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
const number = (value) => value.toLocaleString("en-US");
const table = (header, rows) => [header, header.map(() => "---"), ...rows]
	.map((row) => `| ${row.map(cell).join(" | ")} |\n`).join("");
const json = (value) => "```json\n" + JSON.stringify(value, null, 2) + "\n```\n";

function type_of(schema) {
	if (schema.$ref)
		return link(name_of(schema));
	const types = [schema.type ?? (schema.enum ? "string" : "any")].flat();
	const named = types.map((type) => ({
		array: schema.items?.$ref ? `array of ${link(name_of(schema.items))}` : "array",
		string: { "date-time": "time", date: "date", decimal: "amount" }[schema.format] ?? "string",
	}[type] ?? type));
	if (named.join() === "string,number")
		return "amount";
	return named.join(" or ");
}

function limits_of(schema) {
	const { minLength: short, maxLength: long, minimum: low, maximum: high } = schema;

	if (schema.enum)
		return schema.enum.filter((choice) => choice !== null).map(code).join(", ");
	if (long !== undefined)
		return short === undefined ? `at most ${number(long)} characters`
			: `${number(short)} to ${number(long)} characters`;
	if (low !== undefined && high !== undefined)
		return `${number(low)} to ${number(high)}`;
	if (schema.type === "object" && schema.properties)
		return Object.keys(schema.properties).map(code).join(", ");
	return "";
}

const input_table = (schema) => table(["name", "type", "default", "limits or choices", "description"],
	Object.entries(schema.properties).map(([key, of]) => [code(key), type_of(of),
		of.default === undefined ? (schema.required?.includes(key) ? "required" : "")
			: code(of.default),
		limits_of(of), of.description ?? ""]));

const answer_table = (schema) => table(["name", "type", "choices or members", "description"],
	Object.entries(schema.properties).map(([key, of]) => [code(key), type_of(of),
		of.enum || of.properties ? limits_of(of) : "", of.description ?? ""]));

// An example's members must be those of its schema.
function conform(value, schema, where) {
	const to = resolve(schema);

	if (Array.isArray(value)) {
		value.forEach((element) => conform(element, to.items ?? {}, where));
		return value;
	}
	if (value === null || typeof value !== "object" || !to.properties)
		return value;
	for (const key of Object.keys(value)) {
		if (!to.properties[key])
			fail(`the example of ${where} has "${key}", which its schema has not`);
		conform(value[key], to.properties[key], where);
	}
	return value;
}

function show_body(operation) {
	const content = operation.requestBody?.content["application/json"];

	if (!content)
		return "";
	const whole = resolve(content.schema);
	const roots = Object.keys(whole.properties);
	const inner = whole.properties[roots[0]];
	const key = operation.operationId.startsWith("create_") ? "LIST_list" : roots[0];
	let text = `Body: \`{"${key}": ${inner.type === "array" ? "[...]" : "{...}"}}\``;
	let schema = inner;

	if (inner.type === "array") {
		const element = inner.items.$ref ? inner.items : inner.items.oneOf?.find((one) => one.$ref);
		text += inner.items.$ref ? ", of objects with" : ", of names or of objects with";
		schema = resolve(element);
	} else {
		text += ", with";
	}
	return `${text}\n\n${input_table(schema)}\n`;
}

function show_parameters(operation) {
	if (operation.parameters.length === 0)
		return "";
	return table(["parameter", "in", "type", "description"], operation.parameters.map((parameter) =>
		[code(parameter.name), parameter.in, parameter.schema.type, parameter.description])) + "\n";
}

// The schema of the answer that a success has, or null.
function answer_schema(operation) {
	const success = Object.keys(operation.responses).filter((status) => status.startsWith("2")).pop();

	return operation.responses[success].content?.["application/json"].schema ?? null;
}

function show_statuses(operation) {
	const schema = answer_schema(operation);
	const rows = Object.entries(operation.responses).filter(([status]) => status !== "default")
		.map(([status, response]) => {
			const headers = Object.keys(response.headers ?? {}).map(code);
			if (!status.startsWith("2"))
				return [status, response.description];
			let what = schema === null ? "no body" : schema.type === "array"
				? `array of ${link(name_of(schema.items))}` : link(name_of(schema));
			if (name_of(schema ?? {}) === "Document")
				what = "the OpenAPI document";
			return [status, what + (headers.length ? `, with ${headers.join(", ")}` : "")];
		});

	return table(["status", "answer"], rows) + "\n";
}

function show_request(method, path, open, example) {
	const lines = [`curl "http://127.0.0.1:8080${path}${example.query ?? ""}"`];
	const body = example.root ? { [example.root]: example.body } : example.body;

	if (method !== "GET" && !(method === "POST" && body))
		lines.push(`-X ${method}`);
	if (!open)
		lines.push('-H "X-User-Token: YOUR_API_KEY"', '-H "X-User-Email: YOUR_EMAIL"');
	if (body)
		lines.push('-H "Content-Type: application/json"', `-d '${JSON.stringify(body)}'`);
	return "```sh\n" + lines.join(" \\\n  ") + "\n```\n";
}

// Of the schema's own example the members in `keys`, and what was changed.
function show_answer(schema, example, where) {
	if (schema === null || example.keys === null)
		return "";
	if (example.answer)
		return "\n" + json(conform(example.answer, schema, where));
	const whole = resolve(schema.items ?? schema).examples?.[0];
	if (!whole)
		fail(`${where} has no example answer`);
	const some = Object.fromEntries(example.keys.map((key) => {
		if (!(key in whole))
			fail(`the example of ${where} shows "${key}", which the answer has not`);
		return [key, { ...whole, ...example.change }[key]];
	}));
	return "\nOf the answer:\n\n" + json(schema.items ? [some] : some);
}

function show_operation(methods, path, operation, example, where) {
	const schema = answer_schema(operation);
	const body = example.root ? { [example.root]: example.body } : example.body;
	const sample = path.replace(/\{\w+\}/g, "1").replace("LIST", "job_titles");

	if (body)
		conform(body, operation.requestBody.content["application/json"].schema, where);
	return `### ${operation.summary}\n\n\`${methods.join("` or `")} ${path}\`\n\n` +
		(example.note ? `${wrap(example.note)}\n\n` : "") +
		show_parameters(operation) + show_body(operation) + show_statuses(operation) +
		show_request(methods[0], sample, operation.security.length === 1 &&
			Object.keys(operation.security[0]).length === 0, example) +
		show_answer(schema, example, where) + "\n";
}

function wrap(text) {
	return text.split(" ").reduce((lines, word) => {
		const last = lines[lines.length - 1];
		if (last.length + word.length >= 100)
			return [...lines, word];
		return [...lines.slice(0, -1), last === "" ? word : `${last} ${word}`];
	}, [""]).join("\n");
}

// Every operation once: PATCH with PUT, and those of the eight lists together.
function collect() {
	const found = new Map();
	const lists = new Set();

	for (const [path, operations] of Object.entries(api.paths)) {
		for (const [method, operation] of Object.entries(operations)) {
			const patch = operation.operationId.endsWith("ByPatch");
			const [id, list] = operation.operationId.replace("ByPatch", "").split(/_(.*)/);
			const general = JSON.stringify({ ...operation, operationId: "" })
				.replaceAll(list ?? "\0", "LIST");
			const known = found.get(id);

			if (list)
				lists.add(list);
			if (known && known.general !== general)
				fail(`${operation.operationId} differs from its likes: it needs words of its own`);
			if (known && patch)
				known.methods.push("PATCH");
			else if (!known)
				found.set(id, { methods: [method.toUpperCase()], operation, general, list,
					path: list ? path.replace(list, "LIST") : path });
		}
	}
	return [found, lists];
}

function show_schema(name) {
	const schema = schemas[name];
	const example = schema.examples?.[0];

	return `### ${name}\n\n${schema.description ? `${schema.description}\n\n` : ""}` +
		answer_table(schema) + (example ? `\n${json(example)}` : "") + "\n";
}

function document() {
	const [found, lists] = collect();
	const groups = { "Sign in": [], Campaigns: [], Accounts: [], Lists: [], "API document": [] };

	for (const [id, entry] of found) {
		const group = entry.list ? "Lists" : id === "signIn" ? "Sign in"
			: entry.path.includes("/accounts") ? "Accounts"
				: entry.path.startsWith("/campaigns") ? "Campaigns" : "API document";
		if (!examples[id])
			fail(`${id} has no example: add one to tools/api-doc.mjs`);
		groups[group].push(show_operation(entry.methods, entry.path, entry.operation,
			examples[id], id));
	}
	const intro = wrap(listProse.replace("LISTS", [...lists].map(code).join(", ")));
	const parts = Object.entries(groups).map(([title, texts]) => title === "Lists"
		? `## Lists inside a campaign\n\n${intro}\n\n${texts.join("")}`
		: `## ${title}\n\n${texts.join("")}`);
	const answers = ["Session", "Organization", "Campaign", "Account", "CampaignItem", "DayParting",
		"AccountListAnswer", "Error"].map(show_schema).join("");

	return `${head}\n${parts.join("")}## Answers\n\nEvery member is always there, in this order.\n\n` +
		answers.trimEnd() + "\n";
}

const text = document();
if (!check) {
	writeFileSync(output, text);
} else if (readFileSync(output, "utf8") !== text) {
	fail("docs/API.md is out of date: run tools/api-doc.mjs");
}
