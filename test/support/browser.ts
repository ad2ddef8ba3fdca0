import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Software rendering, so that WebGL draws the same everywhere; no calls home. */
const FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];

export interface FoundBrowser {
  readonly executablePath: string;
  /** The packaged headless shell has no notifications; tests of those need a full Chromium. */
  readonly full: boolean;
}

/** `CHROMIUM` in the environment, else an installed browser, else the one inside a development dependency. */
export async function findBrowser(): Promise<FoundBrowser> {
  const named = process.env.CHROMIUM;
  if (named) return { executablePath: named, full: true };
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return { executablePath: installed, full: true };
  // Makes the package unpack the system libraries that a bare machine lacks, too.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= `nodejs${process.versions.node.split('.')[0]}.x`;
  const { default: packaged } = await import('@sparticuz/chromium');
  return { executablePath: await packaged.executablePath(), full: false };
}

export async function launchBrowser(): Promise<Browser> {
  const { executablePath } = await findBrowser();
  return await chromium.launch({ executablePath, args: FLAGS });
}

/** A browser profile in a directory: push subscriptions fail in the incognito contexts of {@link launchBrowser}. */
export async function launchProfile(directory: string): Promise<BrowserContext> {
  const { executablePath } = await findBrowser();
  return await chromium.launchPersistentContext(directory, { executablePath, args: FLAGS, headless: true });
}
