import { z } from 'zod';
import { gates } from './gates/gates';
import { testStack } from './producers';
import { project } from './project-schema';
import { environment } from './deployment/environment';
import { emergency } from './deployment/emergency';
import { image } from './deployment/image';
import { registry } from './deployment/registry';
import { environmentName, workspacePath } from './values';
import { waivers } from './waiver';

/**
 * The one schema of `slipway.json`: types, defaults, errors and the published JSON schema come from it.
 * Descriptions appear in editors; keep them to one line.
 */

/** What git-check-ref-format(1) allows as a branch, tag or remote, and nothing that git could take for an option. */
const GIT_NAME = /^(?![-./])(?!.*(?:\.\.|\/\.|\/\/|@\{|\.lock(?:\/|$)))[^\s\p{Cc}~^:?*[\\]+(?<![./])$/u;
const gitName = z.string().regex(GIT_NAME, 'a name that git takes: no spaces, no leading dash, none of ~ ^ : ? * [ \\');
const versionPattern = z
  .string()
  .regex(/\{version\}/, 'a name that contains {version}')
  .refine(
    (pattern) => GIT_NAME.test(pattern.replace(/\{\w+\}/g, '1')),
    'a name that git takes: no spaces, no leading dash, none of ~ ^ : ? * [ \\',
  );
const versioning = z
  .enum(['fixed', 'independent'])
  .describe('fixed: all members share one version; independent: each has its own.');
/** Part of tags, so it must suit git. */
const groupName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'letters, digits, dashes and underscores, starting with a letter or digit');
const releaseGroup = z.strictObject({
  projects: z.array(z.string().min(1)).min(1).describe('Members of the group: Nx names, folders, or globs of either.'),
  versioning: versioning.default('fixed'),
  tagPattern: versionPattern
    .optional()
    .describe(
      'Default: {releaseGroupName}-v{version}, or {projectName}@{version} where members have versions of their own.',
    ),
});
const bumpLevel = z.enum(['major', 'minor', 'patch', 'none']);

const release = z.strictObject({
  owner: z
    .string()
    .optional()
    .describe(
      'Project that carries the lifecycle targets. Default: the first docker project, else the workspace root project, else the first project.',
    ),
  projects: z
    .array(z.string())
    .optional()
    .describe(
      'Projects released together: Nx names, folders, or globs of either. Default: every project with a version.',
    ),
  versioning: versioning
    .default('fixed')
    .describe('Of members that are in no group. fixed: one version; independent: each its own.'),
  groups: z
    .record(groupName, releaseGroup)
    .default({})
    .describe(
      "Members with versions of their own. Default: nx.json's release.groups. The owner's group names the release.",
    ),
  freeze: z
    .strictObject({
      types: z
        .array(z.string())
        .default(['fix', 'security', 'docs', 'test', 'revert'])
        .describe('Types of commits that may still be added to a release branch after the bump.'),
    })
    .prefault({})
    .describe('Feature freeze on the release branch.'),
  tagPattern: versionPattern
    .default('v{version}')
    .describe(
      "Default: nx.json's release.releaseTag.pattern, else v{version}, or {projectName}@{version} where versions are independent.",
    ),
  branchPattern: versionPattern.default('release/v{version}'),
  main: gitName.default('main').describe('Branch that releases start from and are merged back to.'),
  remote: gitName
    .default('origin')
    .describe('Git remote that holds the ledger and gets the tag. Without such a remote everything stays local.'),
  ledger: z
    .enum(['refs', 'branch'])
    .default('refs')
    .describe('branch: one orphan branch, slipway/ledger, for hosts without custom refs or atomic pushes.'),
});

const commits = z.strictObject({
  types: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a commit type in lower case'), bumpLevel)
    .default({})
    .describe(
      'What a type of commit demands, beyond the defaults: feat minor; fix, perf, security and revert patch; others none.',
    ),
  breakingBelowOne: z
    .enum(['major', 'minor'])
    .default('major')
    .describe('What a breaking change demands while the version is below 1.0.0.'),
  strict: z.boolean().default(false).describe('Whether a commit without a conventional message fails the plan.'),
  ignore: z
    .array(z.string().min(1))
    .default([])
    .describe('Globs, relative to the workspace: a commit that touches nothing else does not count.'),
});

export const slipwaySchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find this schema: ./node_modules/nx-slipway/schema.json.'),
  release: release.prefault({}).describe('What is released together, from which branch, under which names.'),
  commits: commits.prefault({}).describe('How commit messages are read.'),
  gates: gates.prefault({}).describe('Quality gates: for every project, and for the release.'),
  waivers: z
    .union([workspacePath, waivers])
    .default('waivers.json')
    .describe('File of waivers, relative to the workspace; or the waivers themselves.'),
  dossier: z
    .strictObject({
      key: z
        .string()
        .regex(/^(env|file):./, 'env:NAME or file:path')
        .optional()
        .describe('Ed25519 private key (PEM) that signs dossiers: env:NAME or file:path.'),
    })
    .prefault({})
    .describe('The record of a release check, signed where there is a key.'),
  testStack: testStack.optional(),
  projects: z.record(z.string(), project).default({}).describe('What differs for one project, by its Nx name.'),
  images: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9_-]*$/), image)
    .default({})
    .describe('Images of the release, by compose service.'),
  environments: z
    .record(
      environmentName.refine(
        (name) => name !== 'release',
        'another name: the ledger keeps the release itself under "release"',
      ),
      environment,
    )
    .default({})
    .describe('Where releases are deployed, in the order of promotion.'),
  registry: registry.optional(),
  emergency: emergency.prefault({}),
  notes: z
    .strictObject({
      documentation: z.string().optional().describe('Link in the support section of release notes.'),
      issues: z.string().optional().describe('Where readers of release notes report problems.'),
      contact: z.string().optional().describe('Who helps readers of release notes.'),
    })
    .prefault({})
    .describe('The support section of release notes.'),
});

/** The configuration with every default filled in. */
export type SlipwayConfig = z.output<typeof slipwaySchema>;
/** What a person may write. */
export type SlipwayConfigInput = z.input<typeof slipwaySchema>;
export type EnvironmentConfig = SlipwayConfig['environments'][string];
export type DatabaseConfig = NonNullable<EnvironmentConfig['database']>;
export type RegistryConfig = NonNullable<SlipwayConfig['registry']>;
export type ImageConfig = SlipwayConfig['images'][string];
export type ProjectGateConfig = SlipwayConfig['projects'][string];
export type CommitsConfig = SlipwayConfig['commits'];
export type GatesConfig = SlipwayConfig['gates'];
export type Probe = EnvironmentConfig['verify']['probes'][number];
