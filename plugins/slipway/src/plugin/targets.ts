import type { TargetConfiguration, TargetDependencyConfig } from '@nx/devkit';
import { chainOf, type ChainStep } from '../lifecycle/chain';
import type { SlipwayConfig } from '../config/schema';

type Targets = Record<string, TargetConfiguration>;

/** What a project's gate waits for and looks at. */
export interface GateOptions {
  /** Nx name of the project. */
  readonly project: string;
  /** Targets of the project that leave its reports. */
  readonly producers: readonly string[];
  /** Whether `slipway.json` exists and so is an input. */
  readonly configured: boolean;
  /** The file of waivers, relative to the workspace; null where `slipway.json` holds them. */
  readonly waivers?: string | null;
}

/**
 * `release-gate`: pure judgement of the reports that the producers left, so it is cached. `release-judge`: the same of what lies there
 * already, for questions: it runs nothing before and writes nothing.
 */
export function gateTarget({ project, producers, configured, waivers = null }: GateOptions): Targets {
  return {
    'release-gate': {
      executor: 'nx-slipway:gate',
      dependsOn: [...producers],
      inputs: [
        'default',
        ...(configured ? ['{workspaceRoot}/slipway.json'] : []),
        ...(waivers === null ? [] : [`{workspaceRoot}/${waivers}`]),
        // Variables may be explained there for the whole workspace.
        '{workspaceRoot}/.env.example',
        { dependentTasksOutputFiles: '**/*' },
      ],
      outputs: ['{workspaceRoot}/.slipway/gates/{projectName}'],
      cache: true,
      metadata: describe(
        `${project}:release-gate`,
        "Judges the project's reports against the release policy and writes a verdict.",
        {},
      ),
    },
    'release-judge': {
      executor: 'nx-slipway:gate',
      dependsOn: [],
      inputs: [],
      outputs: [],
      cache: false,
      options: { dryRun: true },
      metadata: describe(
        `${project}:release-judge`,
        'Judges the reports that are there and writes nothing: --explain=<check>, --as-of=<date>, --policy=<file>.',
        { options: { explain: 'coverage' } },
      ),
    },
  };
}

/** The lifecycle targets of the release's owner: the chain, and the parametric targets for people. */
export function ownerTargets(owner: string, members: readonly string[], config: SlipwayConfig): Targets {
  const targets: Targets = {};
  const gates: TargetDependencyConfig = { projects: [...members], target: 'release-gate' };
  let previous: ChainStep | null = null;
  for (const step of chainOf(config)) {
    const dependsOn: TargetDependencyConfig[] = [];
    // A mutating step reached by an edge that does not forward would run for real under --dry-run.
    if (previous) dependsOn.push({ target: previous.target, params: 'forward' });
    // A gate that is forwarded parameters would miss its cache, so these edges never do.
    if (step.step === 'bump' || step.step === 'check') dependsOn.push(gates);
    targets[step.target] = {
      executor: `nx-slipway:${CHAIN_EXECUTORS[step.step]}`,
      dependsOn,
      inputs: [],
      outputs: [],
      cache: false,
      parallelism: false,
      metadata: describe(`${owner}:${step.target}`, descriptionOf(step), { options: { dryRun: true } }),
    };
    previous = step;
  }
  const roles = Object.values(config.environments).flatMap(({ requires }) => requires.approvals);
  return { ...targets, ...parametricTargets(owner, Object.keys(config.environments), roles) };
}

const CHAIN_EXECUTORS: Record<ChainStep['step'], string> = {
  plan: 'plan',
  bump: 'bump',
  check: 'check',
  image: 'image',
  deploy: 'deploy-atomised',
  verify: 'verify-atomised',
  tag: 'tag',
  ship: 'ship',
};

function descriptionOf({ step, environment }: ChainStep): string {
  switch (step) {
    case 'plan':
      return 'Decides the next version from the commits since the last release, with the reasons.';
    case 'bump':
      return 'Writes every manifest, the changelog and the release record in one commit on the release branch.';
    case 'check':
      return "Judges the release commit and its images, by the members' verdicts, reviews and sign-offs, and writes the dossier.";
    case 'image':
      return 'Builds the images of the services that changed; the others keep theirs.';
    case 'deploy':
      return `Deploys the release to ${environment} by digest and waits until it is healthy.`;
    case 'verify':
      return `Verifies the release in ${environment}; an unhealthy one is rolled back.`;
    case 'tag':
      return 'Tags the release and merges it to the main branch, in one atomic push.';
    case 'ship':
      return 'The whole release, from plan to production: resumes where it stopped.';
  }
}

function parametricTargets(owner: string, environments: readonly string[], roles: readonly string[]): Targets {
  const target = (
    name: string,
    description: string,
    example: Record<string, unknown>,
    extra: Partial<TargetConfiguration> = {},
  ): Targets => ({
    [`release-${name}`]: {
      executor: `nx-slipway:${name}`,
      dependsOn: [],
      inputs: [],
      outputs: [],
      cache: false,
      parallelism: false,
      ...extra,
      metadata: describe(`${owner}:release-${name}`, description, { options: example }),
    },
  });
  const always = {
    ...target('status', 'Shows what is where, since when, by whom, and what blocks the next step.', {
      json: '.slipway/status.json',
    }),
    ...target('abandon', 'Gives up the open release, so that another can be planned.', { reason: 'superseded' }),
    ...target('approve', 'Records your sign-off of the release in the ledger.', { as: roles[0] ?? 'release-manager' }),
    ...target(
      'doctor',
      'Checks what deployments rely on: git, remote, locks, Docker, disk, clock and files; or a dossier.',
      {
        dossier: '.slipway/dossier/1.2.0.json',
        key: 'release.pub.pem',
      },
    ),
  };
  const first = environments[0];
  if (first === undefined) return always;
  // No default environment: with an unknown configuration Nx runs the target's own options, which then hold none.
  const configurations = Object.fromEntries(environments.map((env) => [env, { env }]));
  return {
    ...always,
    ...target(
      'deploy',
      `Deploys the release of this commit: --env=${environments.join('|')}.`,
      { env: first },
      { configurations },
    ),
    ...target(
      'verify',
      `Measures what serves in an environment: --env=${environments.join('|')}.`,
      { env: first },
      { configurations },
    ),
    ...target(
      'rollback',
      `Goes back to the last verified release of an environment: --env=${environments.join('|')}.`,
      { env: first },
      { configurations },
    ),
    ...target(
      'bypass',
      `The emergency lane of two people: --env=${environments.join('|')} --reason="…"; or --settle=<debt> --note="…".`,
      { env: environments.at(-1) ?? first, reason: 'customers can not log in' },
      { configurations },
    ),
  };
}

function describe(
  command: string,
  description: string,
  example: { options?: Record<string, unknown> },
): NonNullable<TargetConfiguration['metadata']> {
  return {
    technologies: ['slipway'],
    description,
    help: { command: `npx nx run ${command} --help`, example },
  };
}
