import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong on the page as it stands, shadow trees included: WCAG 2.2 A and AA. Empty: nothing. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Through the debugger, so the page's content policy stays as strict as it is.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await run.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
    );
  });
}

/** Collects what the browser complains about: errors of scripts, and anything the content policy had to stop. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to|violates/.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** Requests that left the hub's own origin. */
export function strayRequestsOf(page: Page, origin: string): string[] {
  const stray: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) stray.push(url);
  });
  return stray;
}
