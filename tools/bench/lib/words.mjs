// What the synthetic commits say: plausible subjects, bodies and footers, no two alike.
const VERBS = [
  'add',
  'allow',
  'drop',
  'keep',
  'limit',
  'log',
  'move',
  'read',
  'retry',
  'show',
  'split',
  'store',
  'trim',
  'use',
  'wait for',
];
const THINGS = [
  'cache',
  'cursor',
  'deadline',
  'email',
  'filter',
  'header',
  'index',
  'invoice',
  'label',
  'locale',
  'mailbox',
  'page',
  'queue',
  'quota',
  'report',
  'session',
  'ticket',
  'token',
  'webhook',
  'worker',
];
const QUALITIES = [
  'broken',
  'cached',
  'empty',
  'expired',
  'large',
  'late',
  'missing',
  'nested',
  'old',
  'open',
  'signed',
  'slow',
  'stale',
  'unused',
];
const REASONS = [
  'it was read twice',
  'customers asked for it',
  'the queue grew without end',
  'two writers raced',
  'the old one timed out',
  'nobody could find it',
  'a proxy dropped it',
  'it broke on Windows',
];
const TYPES = [
  'feat',
  'feat',
  'feat',
  'fix',
  'fix',
  'fix',
  'fix',
  'perf',
  'refactor',
  'docs',
  'test',
  'chore',
  'build',
  'ci',
  'style',
];

/** @param {ReturnType<import('./random.mjs').createRandom>} random */
const subject = (random) => `${random.pick(VERBS)} the ${random.pick(QUALITIES)} ${random.pick(THINGS)}`;

/** @param {ReturnType<import('./random.mjs').createRandom>} random */
function sentence(random) {
  return `The ${random.pick(QUALITIES)} ${random.pick(THINGS)} had to ${random.pick(VERBS)} a ${random.pick(THINGS)}, because ${random.pick(REASONS)}.`;
}

/**
 * The message of an ordinary commit.
 * @param {ReturnType<import('./random.mjs').createRandom>} random
 * @param {string} scope
 * @param {number} number of the commit
 */
export function message(random, scope, number) {
  if (random.chance(0.06)) return `${subject(random)}\n`;
  const breaks = random.chance(0.01);
  const header = `${random.pick(TYPES)}${random.chance(0.85) ? `(${scope})` : ''}${breaks && random.chance(0.5) ? '!' : ''}: ${subject(random)}`;
  const paragraphs = [];
  if (random.chance(0.6)) {
    for (let left = random.between(1, 3); left > 0; left -= 1) {
      paragraphs.push(Array.from({ length: random.between(1, 4) }, () => sentence(random)).join('\n'));
    }
  }
  if (random.chance(0.03)) {
    const listed = Array.from(
      { length: random.between(2, 4) },
      () => `* ${random.pick(TYPES)}(${scope}): ${subject(random)}`,
    );
    paragraphs.push(listed.join('\n\n'));
  }
  const footers = [];
  if (breaks) footers.push(`BREAKING CHANGE: ${sentence(random)}`);
  if (random.chance(0.3)) footers.push(`${random.pick(['Refs', 'Closes', 'Fixes'])}: #${number}`);
  if (random.chance(0.2)) footers.push(`Reviewed-by: Robin Reviewer ${random.between(1, 30)} <robin@acme.example>`);
  if (footers.length > 0) paragraphs.push(footers.join('\n'));
  return `${[header, ...paragraphs].join('\n\n')}\n`;
}
