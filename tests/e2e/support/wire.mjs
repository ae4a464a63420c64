// SPDX-License-Identifier: Apache-2.0
// A bare connection, for what no HTTP client would send.
import { connect } from 'node:net';

// Cuts one answer off the front of the bytes; null while it is not whole.
function cutReply(bytes, toHead) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Headers();
  for (const line of lines)
    headers.append(
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1).trim(),
    );
  const status = Number(statusLine.split(' ')[1]);
  const bodiless = toHead || status < 200 || status === 204 || status === 304;
  const length = bodiless ? 0 : Number(headers.get('content-length') ?? 0);
  if (bytes.length < end + 4 + length) return null;
  const text = bytes.subarray(end + 4, end + 4 + length).toString('utf8');
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return {
    reply: { statusLine, status, headers, text, json },
    rest: bytes.subarray(end + 4 + length),
  };
}

export class Wire {
  constructor(socket) {
    this.socket = socket;
    this.bytes = Buffer.alloc(0);
    this.opened = Date.now();
    this.wake = [];
    this.closed = new Promise((done) => {
      const over = () => {
        this.over = true;
        this.ms = Date.now() - this.opened;
        this.rouse();
        done(this.ms);
      };
      socket.on('end', over);
      socket.on('close', over);
    });
    socket.on('error', (error) => {
      this.error = error;
    });
    socket.on('data', (bytes) => {
      this.bytes = Buffer.concat([this.bytes, bytes]);
      this.rouse();
    });
  }

  static open(port) {
    return new Promise((done, fail) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.off('error', fail);
        done(new Wire(socket));
      });
    });
  }

  rouse() {
    for (const wake of this.wake.splice(0)) wake();
  }

  // Resolves when the bytes are with the system, or cannot be sent any more.
  send(bytes) {
    return new Promise((done) => {
      if (this.socket.destroyed || !this.socket.writable) {
        done(false);
        return;
      }
      this.socket.write(bytes, () => done(true));
    });
  }

  // Sends as much as the other side takes before it answers or goes away.
  async sendUntilAnswered(bytes, piece = 65536) {
    for (
      let at = 0;
      at < bytes.length && !this.over && this.bytes.length === 0;
      at += piece
    ) {
      await this.send(bytes.slice(at, at + piece));
      await new Promise((done) => setImmediate(done));
    }
  }

  // The next answer; null when the connection ended without a whole one.
  async reply({ timeoutMs = 20_000, toHead = false } = {}) {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const cut = cutReply(this.bytes, toHead);
      if (cut !== null) {
        this.bytes = cut.rest;
        return cut.reply;
      }
      if (this.over) return null;
      const left = until - Date.now();
      if (left <= 0) throw new Error(`no answer within ${timeoutMs} ms`);
      await new Promise((done) => {
        const timer = setTimeout(done, left);
        this.wake.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
  }

  // Goes away without a good-bye.
  reset() {
    this.socket.resetAndDestroy?.() ?? this.socket.destroy();
  }

  destroy() {
    this.socket.destroy();
  }
}

// A request's bytes.  Headers that are undefined are left out.
export function request(method, path, who, { headers = {}, body = '' } = {}) {
  const all = {
    Host: 'localhost',
    ...(who === null ? {} : { 'X-User-Token': who.api_key, 'X-User-Email': who.email }),
    ...(body === ''
      ? {}
      : {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        }),
    ...headers,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return `${method} ${path} HTTP/1.1\r\n${lines}\r\n${body}`;
}
