// SPDX-License-Identifier: Apache-2.0
// Compares an answer with a documented one.
import { readFileSync } from 'node:fs';

export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

export function golden(name) {
  return JSON.parse(
    readFileSync(new URL(`../../golden/${name}.json`, import.meta.url), 'utf8'),
  );
}

function kind(value) {
  if (value === null || Array.isArray(value)) return value === null ? 'null' : 'array';
  return typeof value;
}

function compareFree(path, got, want) {
  if (got === undefined) return [`${path} is missing`];
  if (got === null || want === null) return [];
  if (TIME.test(want))
    return TIME.test(got) ? [] : [`${path} is no time: ${JSON.stringify(got)}`];
  return kind(got) === kind(want)
    ? []
    : [`${path} is of kind ${kind(got)}, not ${kind(want)}`];
}

function compareObjects(path, got, want, free) {
  const extra = Object.keys(got).filter((key) => !(key in want));
  return [
    ...extra.map((key) => `${path}.${key} is not documented`),
    ...Object.keys(want).flatMap((key) =>
      differences(path === '' ? key : `${path}.${key}`, got[key], want[key], free),
    ),
  ];
}

/*
 * How an answer differs from a documented one: a list of sentences.  Keys, kinds and
 * values must be the same, but for the paths in `free` ("organization.users[].id"), whose
 * value depends on the occasion: these must only be there, and of the same kind where
 * both are known.
 */
export function differences(path, got, want, free) {
  if (free.has(path)) return compareFree(path, got, want);
  if (kind(got) !== kind(want))
    return [`${path} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`];
  if (kind(want) === 'object') return compareObjects(path, got, want, free);
  if (kind(want) !== 'array')
    return Object.is(got, want)
      ? []
      : [`${path} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`];
  if (got.length !== want.length)
    return [`${path} has ${got.length} entries, not ${want.length}`];
  return want.flatMap((entry, i) => differences(`${path}[]`, got[i], entry, free));
}

// The offset from UTC ("-04:00") that a zone has at an instant.
export function offsetOf(instant, zone) {
  const name = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  })
    .formatToParts(instant)
    .find((part) => part.type === 'timeZoneName').value;
  return name === 'GMT' ? '+00:00' : name.slice(3);
}
