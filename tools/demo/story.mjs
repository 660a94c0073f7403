import { spawn, execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenInProduction, feature } from './changes.mjs';

const MANAGER = {
  GIT_AUTHOR_NAME: 'Robin Release',
  GIT_AUTHOR_EMAIL: 'robin@helpdesk.example',
  GIT_COMMITTER_NAME: 'Robin Release',
  GIT_COMMITTER_EMAIL: 'robin@helpdesk.example',
};

/** Two others than Dana, as the review asks for. */
const REVIEWERS = ['Sam Senior <sam@helpdesk.example>', 'Kim Colleague <kim@helpdesk.example>'];

/**
 * Plays the story. Each command is one that a person would type; each ends as expected, or the demo fails.
 * @param {import('./stage.mjs').Stage} stage
 */
export async function playStory(stage, narrator) {
  const { workspace, env, ports } = stage;
  /** Runs nx and shows its output; `expected` is whether it succeeds. */
  const nx = (args, expected, extra = {}) =>
    run({ argv: ['npx', 'nx', ...args], workspace, env: { ...env, ...extra }, narrator, expected });
  const commit = ({ message, paths }) => {
    const git = (...args) => execFileSync('git', args, { cwd: workspace, env, stdio: 'ignore' });
    git('add', ...paths);
    git('commit', '--quiet', '--message', message, ...REVIEWERS.map((who) => `--trailer=Reviewed-by: ${who}`));
    narrator.say(`Dana commits, reviewed by Sam and Kim: ${message}`);
  };

  narrator.chapter('A feature is ready: what would its release be?');
  commit(feature(workspace));
  await nx(['release-plan', 'platform', '--dry-run'], 'success');

  narrator.chapter('Release 1.1.0: the whole chain in one command');
  narrator.say(
    'Its gates measure for real: audits, load, and accessibility in a browser, against the composed test stack.',
  );
  narrator.say('Production asks for the sign-off of a release manager, so the chain will stop and say so.');
  await nx(['run', 'platform:release-ship'], 'failure');

  narrator.chapter('Robin, the release manager, looks at staging and signs off');
  await nx(['release-approve', 'platform', '--as=release-manager', '--note=Looked at staging'], 'success', MANAGER);

  narrator.chapter('The same command again: it goes on where it stopped');
  await nx(['run', 'platform:release-ship'], 'success');

  narrator.chapter('A release that is broken in production only');
  narrator.say('It watches a read replica. Staging has none; the one that production names does not answer.');
  commit(brokenInProduction(workspace));
  appendFileSync(join(workspace, 'packages/platform/environments/prod.local.env'), 'HELPDESK_REPLICA=db:5433\n');
  await nx(['run', 'platform:release-ship'], 'failure');
  await nx(['release-approve', 'platform', '--as=release-manager', '--note=Staging is fine'], 'success', MANAGER);
  narrator.say(
    'Signed off, so on to production. Its new container will not turn healthy there; the old one serves on.',
  );
  await nx(['run', 'platform:release-ship'], 'failure');

  narrator.chapter('Back in staging, too, by one command');
  const reason = '--reason=It does not work with a read replica';
  await nx(['release-rollback', 'platform', '--env=staging', '--emergency', reason], 'success');

  narrator.chapter('What is where');
  await nx(['release-status', 'platform'], 'success');
  const log = ['log', '--reverse', '--format=%C(auto)%h %an: %s', 'refs/slipway/ledger/prod'];
  await run({ argv: ['git', ...log], workspace, env, narrator, expected: 'success' });
  narrator.line('');
  narrator.say(
    `Production: http://127.0.0.1:${ports.prod.frontend}/  (API http://127.0.0.1:${ports.prod.frontend}/api/health/)`,
  );
  narrator.say(
    `Staging:    http://127.0.0.1:${ports.staging.frontend}/  (API http://127.0.0.1:${ports.staging.frontend}/api/health/)`,
  );
  narrator.say(`Look around in ${workspace}`);
  narrator.say('Both keep running. Take them away with: npm run demo -- --down');
}

function run({ argv, workspace, env, narrator, expected }) {
  narrator.command(argv);
  const [file, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: workspace, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code) => {
      if ((code === 0) === (expected === 'success')) resolve(code);
      else
        reject(
          new Error(
            `"${argv.join(' ')}" ended with ${code}, where the story expects ${expected}. The clone is in ${workspace}`,
          ),
        );
    });
  });
}
