import { describeGit } from './remote-git';

it.each<[string, string, string]>([
  [
    'a hook that declines, once for all refs',
    [
      'To /srv/shop.git',
      '!\t0123abc:refs/slipway/ledger/prod\t[remote rejected] (pre-receive hook declined)',
      '!\t4567def:refs/slipway/lock/prod\t[remote rejected] (pre-receive hook declined)',
      'Done',
      'remote: no releases on Fridays.',
      "error: failed to push some refs to '/srv/shop.git'",
    ].join('\n'),
    "remote rejected: pre-receive hook declined; no releases on Fridays; failed to push some refs to '/srv/shop.git'",
  ],
  [
    'a ref that went through beside one that did not',
    '*\t0123abc:refs/slipway/ledger/prod\t[new reference]\n!\t4567def:refs/slipway/lock/prod\t[rejected] (stale info)',
    'new reference; rejected: stale info',
  ],
  [
    'a connection that failed',
    'fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
    'Could not read from remote repository',
  ],
  ['nothing', '\n', 'git gave no reason'],
])('what git says of %s becomes part of a sentence', (_what, text, told) => {
  expect(describeGit(text)).toBe(told);
});
