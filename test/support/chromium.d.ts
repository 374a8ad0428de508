import type { Browser } from 'playwright-core';

/** See chromium.js, which scripts outside the tests use, too. */
export function openChromium(options?: { readonly flags?: readonly string[] }): Promise<Browser>;
