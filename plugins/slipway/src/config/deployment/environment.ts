import { z } from 'zod';
import { duration, environmentName, workspacePath } from '../values';
import { database } from './database';
import { freezeWindows } from './freeze-windows';
import { verification } from './verification';

const role = environmentName;

/** Where releases are deployed, and what must hold before. */
export const environment = z.strictObject({
  driver: z
    .enum(['compose', 'swarm'])
    .default('compose')
    .describe('What deploys: Docker Compose on one engine, or Docker Swarm on a cluster.'),
  context: z
    .string()
    .regex(/^[A-Za-z0-9][\w.+-]*$/, 'the name of a Docker context (docker context ls)')
    .optional()
    .describe('Docker context of the engine, also over ssh. Default: the one in force.'),
  strategy: z
    .enum(['recreate', 'rolling'])
    .default('recreate')
    .describe('rolling: the new container is healthy before the old one goes; for services without a fixed host port.'),
  drain: duration
    .default('5s')
    .describe('rolling: how long old and new serve side by side before the old one is told to stop.'),
  compose: workspacePath.describe('Compose file, relative to the workspace; taken from the released commit.'),
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/)
    .describe('Compose project name; keeps environments on one engine apart.'),
  envFiles: z
    .array(z.strictObject({ path: workspacePath, required: z.boolean().default(true) }))
    .default([])
    .describe('Files of variables, later ones win. Their content never enters the ledger.'),
  services: z.array(z.string()).optional().describe('Images deployed here. Default: all images.'),
  healthTimeout: duration.default('120s').describe('How long services may take to turn healthy.'),
  database: database.optional(),
  freezes: freezeWindows,
  requires: z
    .strictObject({
      verifiedIn: environmentName.optional().describe('Environment that must have verified these very digests first.'),
      tag: z.boolean().default(false).describe('Whether the release must be tagged first.'),
      approvals: z.array(role).default([]).describe('Roles that must have signed off this release.'),
      rehearsed: duration
        .optional()
        .describe(
          'How long ago a rollback from these very digests, in verifiedIn, may have been rehearsed. Default: not asked for.',
        ),
      backup: z
        .strictObject({
          report: z
            .string()
            .min(1)
            .optional()
            .describe(
              'File that a backup job leaves (slipwayBackup), relative to the workspace or absolute. Default: the newest backup that Slipway took and restored, by the ledger.',
            ),
          maxAge: duration.default('24h').describe('How old the latest backup may be.'),
        })
        .optional()
        .describe('A recent backup that was restored must be shown. Default: not asked for.'),
    })
    .prefault({}),
  verify: verification.prefault({}),
  trustRemoteCache: z
    .boolean()
    .default(true)
    .describe('false: refuses verdicts that came out of a cache which others can write.'),
  url: z
    .string()
    .optional()
    .describe('Where people find it; shown by release-status. Takes ${NAME:-default} like probes.'),
});
