// Examines in a real browser what no accessibility rule can test: the part of accessibility.json that can be done by machine.
// Nothing is changed on the server.
//   node packages/frontend/tools/examine.mjs http://127.0.0.1:3000
// The browser is CHROMIUM, or /usr/bin/chromium.
import { chromium } from 'playwright-core';

const url = process.argv[2];
if (!url) {
  console.error('Give the address of a Helpdesk with some tickets: node packages/frontend/tools/examine.mjs <url>');
  process.exit(1);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
let problems = 0;

function tell(criterion, what, found) {
  if (found.length > 0) problems += 1;
  console.log(
    `${found.length === 0 ? 'fine   ' : 'PROBLEM'} ${criterion} ${what}${found.map((one) => `\n          ${one}`).join('')}`,
  );
}

/** Opens the page anew and hands it over; `form` opens the form and sends it empty. */
async function withPage(options, examine, { form = false } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector('article');
  if (form) {
    await page.click('#new-ticket-button');
    await page.click('#new-ticket button[type=submit]');
    await page.waitForSelector('[aria-invalid=true]');
  }
  await examine(page);
  await context.close();
}

/** What scrolls sideways, stands outside of the window, or is cut off. */
function misplaced(page) {
  return page.evaluate(() => {
    const seen = [...document.querySelectorAll('body *')].filter((e) => !e.closest('.visually-hidden, .skip-link'));
    const name = (e) => `${e.tagName.toLowerCase()}.${e.className}`;
    const outside = seen.filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1);
    const cut = seen.filter((e) => {
      const hides =
        getComputedStyle(e).overflowX !== 'visible' || e.matches('button, .badge, .segment span, .segments-row');
      const field = e.matches('input, textarea, select');
      return hides && !field && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
    });
    const scrolls = document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : [];
    return [...scrolls, ...outside.map((e) => `outside: ${name(e)}`), ...cut.map((e) => `cut off: ${name(e)}`)];
  });
}

/** Tabs through the whole page. Gives the stops without a ring or out of the window, and whether Tab left the page again. */
async function tabThrough(page) {
  const found = [];
  for (let stop = 1; stop <= 500; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === null || e === document.body) return null;
      // Radio buttons are drawn by the text beside them.
      const { outlineStyle, outlineWidth } = getComputedStyle(e.type === 'radio' ? e.nextElementSibling : e);
      const { top, bottom } = e.getBoundingClientRect();
      const ring = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
      return { name: e.outerHTML.slice(0, 80), ring, inView: bottom > 0 && top < window.innerHeight };
    });
    if (at === null) return { stops: stop - 1, found };
    if (!at.ring) found.push(`no ring: ${at.name}`);
    if (!at.inView) found.push(`out of the window: ${at.name}`);
  }
  return { stops: 500, found: [...found, 'Tab never left the page'] };
}

const body = (page) => page.evaluate(() => document.body.innerHTML);

await withPage({}, async (page) => {
  const media = await page.evaluate(
    () => document.querySelectorAll('audio, video, object, embed, iframe, canvas').length,
  );
  tell('1.2.1-1.2.5, 1.4.2', 'no audio or video', media === 0 ? [] : [`${media} elements`]);
  const before = await body(page);
  const { stops, found } = await tabThrough(page);
  tell('2.1.2, 2.4.7', `${stops} stops of Tab, each in view with a ring, and a way out`, found);
  tell('3.2.1', 'the focus changes nothing', before === (await body(page)) ? [] : ['the page changed']);
});
await withPage({}, async (page) => {
  const before = await body(page);
  for (const key of 'abcdefghijklmnopqrstuvwxyz0123456789/?') await page.keyboard.press(key);
  tell('2.1.4', 'single keys do nothing', before === (await body(page)) ? [] : ['the page changed']);
  const { x, y } = await page.locator('#new-ticket-button').boundingBox();
  await page.mouse.move(x + 9, y + 9);
  await page.mouse.down();
  await page.mouse.move(5, 700);
  await page.mouse.up();
  tell('2.5.2', 'a press is taken back by moving away', (await page.$('#new-ticket')) ? ['the form opened'] : []);
});
await withPage(
  {},
  (page) =>
    page
      .evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id))
      .then((ids) => {
        tell(
          '4.1.1',
          'no id stands twice',
          ids.filter((id, index) => ids.indexOf(id) !== index),
        );
      }),
  { form: true },
);
await withPage(
  {},
  async (page) => {
    const faults = await page.evaluate(() =>
      [...document.querySelectorAll('[aria-invalid=true]')]
        .filter(
          (e) =>
            !(e.getAttribute('aria-describedby') ?? '').split(' ').some((id) => document.getElementById(id)?.innerText),
        )
        .map((e) => `no words for ${e.outerHTML.slice(0, 80)}`),
    );
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    tell('3.3.1, 2.4.3', 'errors are words at their field, and the first has the focus', [
      ...faults,
      ...(focused ? [] : ['the focus is elsewhere']),
    ]);
  },
  { form: true },
);

for (const [criterion, what, width, height] of [
  ['1.4.10', 'reflow at 320 x 256', 320, 256],
  ['1.4.4', 'zoom of 200 %', 640, 400],
  ['1.3.4', 'portrait', 768, 1024],
  ['1.3.4', 'landscape', 1024, 768],
]) {
  await withPage({ viewport: { width, height } }, async (page) => tell(criterion, what, await misplaced(page)), {
    form: true,
  });
}
const SPACING =
  '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }';
for (const [criterion, what, width, content] of [
  ['1.4.12', 'text spacing', 1280, SPACING],
  ['1.4.12', 'text spacing', 320, SPACING],
  ['1.4.4', 'text of double size', 1280, 'html { font-size: 200% !important }'],
  ['1.4.4', 'text of double size', 640, 'html { font-size: 200% !important }'],
]) {
  const examine = async (page) => {
    await page.addStyleTag({ content });
    tell(criterion, `${what}, ${width} wide`, await misplaced(page));
  };
  await withPage({ viewport: { width, height: 800 } }, examine, { form: true });
}

await browser.close();
console.log(problems === 0 ? 'No problem found.' : `${problems} problems found.`);
process.exitCode = problems === 0 ? 0 : 1;
