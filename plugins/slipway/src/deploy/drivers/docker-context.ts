import type { Run } from '../../io/exec';
import type { World } from '../../io/world';

/** What else decides which engine a docker client talks to, and would win over a context. */
const ELSEWHERE = { DOCKER_HOST: undefined, DOCKER_TLS_VERIFY: undefined, DOCKER_CERT_PATH: undefined };

/** Programs run in this world talk to the engine of a Docker context (also over ssh). Without one: to whichever is in force. */
export function onContext(world: World, context: string | undefined): World {
  if (context === undefined) return world;
  const bind =
    (run: Run): Run =>
    (argv, options) =>
      run(argv, { ...options, env: { ...options?.env, ...ELSEWHERE, DOCKER_CONTEXT: context } });
  const { finishing } = world;
  return {
    ...world,
    run: bind(world.run),
    ...(finishing === undefined ? {} : { finishing: { ...finishing, run: bind(finishing.run) } }),
  };
}
