// SPDX-License-Identifier: Apache-2.0
// Lists of made-up companies, and what became of them.
import assert from 'node:assert/strict';
import { assertStatus } from './client.mjs';

const ENVELOPE = ['status', 'exception', 'message', 'data', 'errors'];

export function entry(i, extra = {}) {
  return { companyName: `Company ${i}`, domainName: `www.company-${i}.com`, ...extra };
}

export function entries(count, from = 0) {
  return Array.from({ length: count }, (_, i) => entry(from + i));
}

// The answer to add_list, whose counts are those given and else 0.
export function assertResult(reply, counts) {
  const { json } = assertStatus(reply, 200);
  const data = { added: 0, updated: 0, unchanged: 0, rejected: 0, ...counts };
  const received = data.added + data.updated + data.unchanged + data.rejected;

  assert.deepEqual(Object.keys(json), ENVELOPE);
  assert.equal(json.status, true);
  assert.equal(json.exception, null);
  assert.match(json.message, new RegExp(`^${data.added} accounts? added`));
  assert.deepEqual(json.data, { received, ...data });
  assert.equal(json.errors.length, Math.min(data.rejected, 1000));
  return json;
}

// Campaigns to put lists into.
export class Campaigns {
  constructor(client) {
    this.client = client;
  }

  async open() {
    const { id } = await this.client.createCampaign();
    const add = (list) => this.client.addList(id, list);
    return { id, path: `/campaigns/${id}/accounts`, add };
  }

  async accounts(id) {
    return (await this.client.all(`/campaigns/${id}/accounts`)).items;
  }

  // The counts that the campaign keeps, held against a recount.
  async assertCount(id, wanted) {
    const campaign = await this.client.getCampaign(id);
    const items = await this.accounts(id);
    const kept = items.filter((a) => a.user_defined_status !== 'archived');
    const active = items.filter((a) => a.user_defined_status === 'active');

    assert.equal(campaign.accounts_count ?? 0, wanted);
    assert.equal(kept.length, wanted);
    assert.equal(campaign.turned_on_accounts_count, active.length);
    assert.equal(new Set(items.map((a) => a.domain)).size, items.length);
  }
}
