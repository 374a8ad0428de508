import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { WeightsError } from '../../src/errors.js';
import { findWeights } from '../../src/node/models/weights.js';
import { file, MockHub, repo } from './mock-hub.js';
import type { Certificate } from './certificate.js';

/** A hub on this machine, and an empty cache. */
export class DownloadSetting {
  private constructor(
    readonly folder: string,
    readonly hub: MockHub,
    readonly hubUrl: string,
  ) {}

  static async open(certificate?: Certificate): Promise<DownloadSetting> {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-download-'));
    const hub = new MockHub(contents, certificate);
    return new DownloadSetting(folder, hub, await hub.start());
  }

  async close(): Promise<void> {
    await this.hub.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Environment variables of the person, beside these. */
  env(more: Record<string, string> = {}): Record<string, string> {
    return { HF_HOME: join(this.folder, 'hf'), HF_ENDPOINT: this.hubUrl, ...more };
  }

  /** Looks for the weights, and returns where they came from. */
  async download(more: Record<string, string> = {}): Promise<string> {
    const found = await findWeights({
      model: 'tiny',
      hub: { repo, file },
      weightsFolder: join(this.folder, 'weights'),
      env: this.env(more),
      onProgress: () => undefined,
    });
    return found.origin;
  }

  /** The one sentence of a download that fails. */
  async refusal(more: Record<string, string> = {}): Promise<string> {
    const error: unknown = await this.download(more).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WeightsError);
    const { message } = error as Error;
    expect(message).toMatch(/^There are no weights for tiny here and .*: give a file .*\.$/);
    expect(message).not.toMatch(/\. [A-Z]|\n/);
    return message;
  }
}

// Large enough for several pieces on the wire.
const contents = Buffer.alloc(400_000, 'weights');
