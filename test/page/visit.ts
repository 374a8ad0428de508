import { expect } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { parseDocument, type ExplanationDocument } from '../../src/index.js';
import type { Served } from './served.js';

/** What a person sees of the page, and does with it. */
export class Visit {
  private constructor(
    readonly page: Page,
    /** Addresses that were asked for, but for the page's own. */
    readonly elsewhere: readonly string[],
    /** What the browser complained of. */
    readonly complaints: string[],
  ) {}

  /** Opens the page, and waits until it has looked inside its first picture. */
  static async begin(
    browser: Browser,
    { address }: Served,
    hash = '',
    options: BrowserContextOptions = {},
  ): Promise<Visit> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...options });
    const page = await context.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !url.startsWith('blob:')) elsewhere.push(url);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.setDefaultTimeout(60_000);
    const visit = new Visit(page, elsewhere, complaints);
    await page.goto(`${address}${hash}`);
    await page.waitForSelector('main:has(.class) , [role=alert]');
    await visit.settle();
    return visit;
  }

  /** Waits until nothing is under way, and what it led to is drawn. */
  async settle(): Promise<void> {
    await this.page.waitForTimeout(60);
    await this.page.waitForSelector('main[aria-busy=false]');
    await this.page.waitForTimeout(60);
  }

  /** Clicks what has that role and name. */
  async click(role: 'button', name: string | RegExp): Promise<void> {
    await this.page
      .getByRole(role, { name, exact: typeof name === 'string' })
      .first()
      .click();
    await this.settle();
  }

  async choose(label: string, value: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).first().selectOption(value);
    await this.settle();
  }

  /** Gives a picture as a file. */
  async give(name: string, buffer: Buffer, mimeType = 'image/png'): Promise<void> {
    await this.page.getByLabel('A picture of yours').setInputFiles({ name, mimeType, buffer });
    await this.settle();
  }

  /** The document as it is saved. */
  async document(): Promise<ExplanationDocument> {
    return parseDocument((await this.save('Save JSON')).toString('utf8'), 'What the page saved');
  }

  async save(button: string): Promise<Buffer> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: button }).click(),
    ]);
    return readFile(await download.path());
  }

  /** Of a canvas: red, green, blue and opacity of each pixel. */
  async pixels(selector: string): Promise<Buffer> {
    const address = await this.page
      .locator(selector)
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL('image/png'));
    return PNG.sync.read(Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')).data;
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).first().textContent()) ?? '';
  }

  /** What went wrong, as a person is told; it is then closed. */
  async problem(): Promise<string> {
    const alert = this.page.locator('[role=alert] span');
    const words = (await alert.textContent()) ?? '';
    await this.page.locator('[role=alert] button').click();
    return words;
  }

  async end(): Promise<void> {
    expect(this.complaints).toEqual([]);
    await this.page.context().close();
  }
}
