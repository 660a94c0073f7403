import { RELEASE_STREAM, type EventOf } from '../../ledger/events';
import { buildImages } from '../../image/build-images';
import { pushImages, registryTag } from '../../image/push-images';
import { imageFacts } from '../../image/image-facts';
import { result, type Step, type StepResult } from '../context';
import { readManifests } from '../manifests';
import { forDryRun, refusalOf, unmetOf } from '../preconditions';
import { releaseCommit } from '../release-commit';
import { readSituation } from '../situation';
import { STEPS } from '../steps';
import type { ChainOptions } from './plan';

/** Makes sure that every service has an image of this commit's files; a service that did not change keeps its image. */
export const image: Step<ChainOptions> = async (context, options) => {
  const { world, config } = context;
  const situation = await readSituation(context);
  const problems = unmetOf(STEPS.image.preconditions, { context, situation, environment: null });
  const { after, real } = context.dryRun ? forDryRun(problems, context.target, config) : { after: [], real: problems };
  if (real.length > 0) return result(refusalOf(real));
  const services = Object.keys(config.images);
  const wouldBuild = (when: string, push = ''): StepResult =>
    result({ kind: 'wouldDo', summary: `build what changed of ${services.join(', ')}${when}${push}` });
  if (after.length > 0) return wouldBuild(`, after ${after.join(' and ')}`);
  const found = await releaseCommit(context, situation, options.type);
  if ('refusal' in found && context.dryRun && found.refusal.id === 'bumped') return wouldBuild(', after release-bump');
  if ('refusal' in found) return result({ kind: 'refused', refusals: [found.refusal] });
  const { commit, record } = found;
  const { version } = found.release;
  const { registry } = config;
  if (context.dryRun) {
    const tags = registry && Object.values(config.images).map((own) => registryTag(registry, own, version));
    return wouldBuild(
      ` from ${commit.slice(0, 8)}`,
      tags && `, and push what the registry lacks of ${tags.join(', ')}`,
    );
  }

  const { blank } = await readManifests(context);
  const made = await buildImages(world, { commit, images: config.images, blank, version });
  const digests = Object.fromEntries(Object.entries(made).map(([name, { image: id }]) => [name, id]));
  const pushed = registry && (await pushImages(world, { registry, images: config.images, services: digests, version }));
  const event: EventOf<'images'> = {
    kind: 'images',
    version,
    commit,
    services: digests,
    ...(pushed && { references: pushed.references }),
    contexts: Object.fromEntries(Object.entries(made).map(([name, { context: digest }]) => [name, digest])),
    built: Object.entries(made).flatMap(([name, { built }]) => (built ? [name] : [])),
    facts: await imageFacts(world, digests),
  };
  const recorded = record.images;
  const same =
    recorded?.commit === commit &&
    services.every(
      (name) =>
        recorded.services[name] === event.services[name] &&
        recorded.references?.[name] === event.references?.[name] &&
        recorded.facts?.[name] !== undefined,
    );
  const kept = services.length - event.built.length;
  const summary = `images of ${version}: ${event.built.length > 0 ? `built ${event.built.join(', ')}` : 'nothing to build'}${kept > 0 ? `, ${kept} unchanged` : ''}${pushed && pushed.pushed.length > 0 ? `; pushed ${pushed.pushed.join(', ')}` : ''}`;
  if (same && event.built.length === 0) return result({ kind: 'alreadyDone', summary }, { images: event });
  world.stop.check();
  await context.ledger.append(RELEASE_STREAM, event);
  return result({ kind: 'done', summary }, { images: event });
};
