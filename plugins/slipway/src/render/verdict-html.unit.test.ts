import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { hostileVerdict } from '../testing/hostile-verdict';
import { aCheck, aVerdict } from '../testing/verdict';
import { verdictHtml } from './verdict-html';

/** Tags with their attributes; texts of reports are escaped, so whatever looks like a tag is one. */
const TAG = /<[a-z!/][^>]*>/gi;
const OWN_TAG =
  /^<(?:!doctype html|\/?[a-z][a-z0-9]*(?: (?:lang|charset|http-equiv|content|name|class|id|href|scope|role|aria-label|aria-labelledby|aria-hidden|tabindex)="[^"<>]*")*)>$/;

describe('a verdict as a page', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ title: `finding ${index}` }));
  const page = verdictHtml(aVerdict([aCheck({ verdict: 'fail', reason: '1,000 <b>findings</b>', findings: many })]));

  it('holds every finding, most of them folded', () => {
    expect(page.match(/<li>/g)).toHaveLength(1000);
    expect(page).toContain('<summary>975 more findings</summary>');
  });

  it('asks for nothing from elsewhere, and its policy allows only its own style', () => {
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const sha256 = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${sha256}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|form)|src=|url\(|@import|style="/);
  });

  it('makes no markup of what a report holds', () => {
    expect(page).toContain('1,000 &lt;b&gt;findings&lt;/b&gt;');
    fc.assert(
      fc.property(hostileVerdict, (verdict) => {
        const html = verdictHtml(verdict);
        const body = html.slice(html.indexOf('</style>') + 8);
        for (const tag of body.match(TAG) ?? []) expect(tag).toMatch(OWN_TAG);
        expect(body.replace(TAG, '')).not.toMatch(/[<>"']|[^\P{Cc}\n\t]|[\p{Cs}\u2028-\u202e\u2066-\u2069]/u);
        for (const href of body.matchAll(/href="([^"]*)"/g)) expect(href[1]).toMatch(/^#check-\d+$/);
      }),
      { numRuns: 100 },
    );
  });
});
