// SPDX-License-Identifier: Apache-2.0
// Holds answers to the OpenAPI document that the server itself hands out.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { default: Ajv } = require('ajv/dist/2020.js');
const { default: addFormats } = require('ajv-formats');

const ROOT = 'openapi:';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

function escapePointer(name) {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function segmentsMatch(template, path) {
  return (
    template.length === path.length &&
    template.every((segment, i) =>
      segment.startsWith('{') ? path[i].length > 0 : segment === path[i],
    )
  );
}

export class Schema {
  constructor(document) {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });

    addFormats(ajv);
    ajv.addFormat('decimal', /^-?\d+\.\d{1,6}$/);
    ajv.addSchema({ $id: ROOT, ...document }, ROOT);
    this.ajv = ajv;
    this.document = document;
    this.validators = new Map();
    // A literal segment wins over a parameter.
    this.templates = Object.keys(document.paths ?? {})
      .map((path) => ({ path, segments: path.split('/') }))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  static async read(base) {
    const answer = await fetch(`${base}/openapi.json`);
    if (answer.status !== 200)
      throw new Error(`GET /openapi.json answered ${answer.status}`);
    return new Schema(await answer.json());
  }

  // Every operation: { path, method, operation }.
  operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => ({
        path,
        method,
        operation: item[method],
      })),
    );
  }

  validator(pointer) {
    if (!this.validators.has(pointer))
      this.validators.set(pointer, this.ajv.compile({ $ref: `${ROOT}#${pointer}` }));
    return this.validators.get(pointer);
  }

  // Follows a $ref within the document: { value, pointer }.
  follow(value, pointer) {
    while (value !== undefined && typeof value.$ref === 'string') {
      pointer = value.$ref.slice(1);
      value = pointer
        .split('/')
        .slice(1)
        .reduce(
          (at, name) => at?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
          this.document,
        );
    }
    return { value, pointer };
  }

  findPath(path) {
    const segments = path.split('?')[0].split('/');
    return this.templates.find((t) => segmentsMatch(t.segments, segments))?.path;
  }

  // What of an answer is not as documented: a list of sentences.
  check(reply) {
    const path = this.findPath(reply.path);
    const method = reply.method === 'HEAD' ? 'get' : reply.method.toLowerCase();
    const operation = this.document.paths?.[path]?.[method];
    if (operation === undefined)
      return reply.status < 400 && method !== 'options'
        ? [`${reply.method} ${reply.path} is not in the document`]
        : [];
    const responses = operation.responses ?? {};
    const status = [String(reply.status), `${String(reply.status)[0]}XX`, 'default'].find(
      (key) => key in responses,
    );
    if (status === undefined)
      return [`status ${reply.status} is not documented for ${method} ${path}`];
    const at = `/paths/${escapePointer(path)}/${method}/responses/${status}`;
    return this.checkBody(reply, this.follow(responses[status], at));
  }

  checkBody(reply, response) {
    if (reply.text.length === 0) return [];
    const type = reply.headers.get('content-type').split(';')[0];
    if (response.value?.content?.[type] === undefined)
      return [`${type} is not documented for status ${reply.status}`];
    const pointer = `${response.pointer}/content/${escapePointer(type)}/schema`;
    const validate = this.validator(encodePointer(pointer));
    if (validate(reply.json)) return [];
    return validate.errors.map(
      (e) => `${e.instancePath} ${e.message} ` + JSON.stringify(e.params),
    );
  }
}

// A pointer as a URI fragment.
function encodePointer(pointer) {
  return pointer
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}
