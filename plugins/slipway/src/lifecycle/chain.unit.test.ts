import { chainOf, environmentOfTarget, environmentsBeforeTag } from './chain';

const image = { backend: {} as never };

describe('chainOf', () => {
  it('puts the tag right before the first environment that requires it', () => {
    const config = { images: image, environments: { staging: {}, prod: { requires: { tag: true } } } };
    expect(chainOf(config).map(({ target }) => target)).toEqual([
      'release-plan',
      'release-bump',
      'release-image',
      'release-check',
      'release-deploy--staging',
      'release-verify--staging',
      'release-tag',
      'release-deploy--prod',
      'release-verify--prod',
      'release-ship',
    ]);
    expect(environmentsBeforeTag(config)).toEqual(['staging']);
  });

  it('tags last where no environment requires a tag', () => {
    const targets = chainOf({ images: image, environments: { qa: {} } }).map(({ target }) => target);
    expect(targets.slice(-3)).toEqual(['release-verify--qa', 'release-tag', 'release-ship']);
  });

  it('is plan, bump, check, tag and ship without a configuration', () => {
    expect(chainOf({ images: {}, environments: {} }).map(({ step }) => step)).toEqual([
      'plan',
      'bump',
      'check',
      'tag',
      'ship',
    ]);
  });
});

describe('environmentOfTarget', () => {
  it.each([
    ['release-deploy--staging', 'staging'],
    ['release-verify--eu-west', 'eu-west'],
    ['release-deploy', null],
    ['release-tag--prod', null],
  ])('%s → %s', (target, environment) => expect(environmentOfTarget(target)).toBe(environment));
});
