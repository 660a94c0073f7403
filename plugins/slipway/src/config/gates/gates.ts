import { z } from 'zod';
import { ownSettings } from '../own-settings';
import { acceptance } from './acceptance';
import { accessibility } from './accessibility';
import { coverage } from './coverage';
import { documentation } from './documentation';
import { images } from './images';
import { migrations } from './migrations';
import { performance } from './performance';
import { review } from './review';
import { security } from './security';
import { tests } from './tests';

const notApplicable = z
  .strictObject({ notApplicable: z.string().min(1).describe('Why this check can not apply.') })
  .describe('Switches the check off, with the reason.');

/** Checks that are judged for each project, from its reports and files alone. */
const perProject = { tests, coverage, security, performance, accessibility, documentation, migrations };
/** Checks of a release: of its commit, its people and its images. */
export type ReleaseCheckId = 'review' | 'images' | 'acceptance';

export const gates = z.strictObject({
  tests: tests.prefault({}),
  coverage: coverage.prefault({}),
  security: security.prefault({}),
  performance: performance.prefault({}),
  accessibility: accessibility.prefault({}),
  documentation: documentation.prefault({}),
  migrations: migrations.prefault({}),
  review: z.union([review, notApplicable]).prefault({}),
  images: z.union([images, notApplicable]).prefault({}),
  acceptance: z.union([acceptance, notApplicable]).prefault({}),
});

export const ownGates = z.strictObject({
  tests: z.union([ownSettings(tests), notApplicable]).optional(),
  coverage: z.union([ownSettings(coverage), notApplicable]).optional(),
  security: z.union([ownSettings(security), notApplicable]).optional(),
  performance: z.union([ownSettings(performance), notApplicable]).optional(),
  accessibility: z.union([ownSettings(accessibility), notApplicable]).optional(),
  documentation: z.union([ownSettings(documentation), notApplicable]).optional(),
  migrations: z.union([ownSettings(migrations), notApplicable]).optional(),
});

export type ProjectCheckId = keyof typeof perProject;
export const PROJECT_CHECKS = Object.keys(perProject) as readonly ProjectCheckId[];
/** What a person may write under "gates", of the workspace or of a project. */
export type GatesConfigInput = {
  readonly [K in keyof typeof gates.shape]?: z.input<(typeof gates.shape)[K]> | { readonly notApplicable: string };
};
