import { slipwaySchema } from '../../config/schema';
import { createTestWorld } from '../../testing/test-world';
import { createDriver } from './create-driver';

it.each([
  [
    'compose' as const,
    "docker --context production compose .*-p acme -f '/srv/a b/description' .*up --detach --wait --remove-orphans",
  ],
  ['swarm' as const, "docker --context production stack deploy .*--compose-file '/srv/a b/description' acme"],
])('%s names the command that brings a description back, for any shell and on the right engine', (driver, command) => {
  const { environments } = slipwaySchema.parse({
    environments: { prod: { compose: 'c.yml', project: 'acme', context: 'production', driver } },
  });
  const [[environment, config] = []] = Object.entries(environments);
  if (environment === undefined || config === undefined) throw new Error('there is no environment');
  const made = createDriver({ world: createTestWorld(), environment, config, images: {} });
  expect(made.name).toBe(driver);
  expect(made.byHand?.('/srv/a b/description')).toMatch(new RegExp(`^${command}$`));
});
