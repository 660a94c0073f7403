import { startPrometheus, type PrometheusFixture } from '../../src/testing/prometheus';
import type { Configuration } from '../support/files';
import { readState } from './end-state';
import { attempt, runCase, type CaseResult } from './run-case';
import { DEPLOY, mustStep, VERIFY } from './scenario';
import type { Scene, Stage } from './stage';

/** Errors of a hundred requests, from one instance: what a probe can judge. */
const GOOD = 'shop_errors{instance_of="a"} 1\nshop_requests{instance_of="a"} 100\n';
const QUERY = 'shop_errors / shop_requests';

interface Loss {
  readonly name: string;
  /** Takes the answer away, and tells when the server's data show it. */
  readonly take: (prometheus: PrometheusFixture) => Promise<void>;
  readonly giveBack: (prometheus: PrometheusFixture) => Promise<void>;
}

const recorded = (name: string, metrics: string, shows: string): Loss => ({
  name,
  take: async (prometheus) => {
    prometheus.setMetrics(metrics);
    await prometheus.waitFor(shows);
  },
  giveBack: async (prometheus) => {
    prometheus.setMetrics(GOOD);
    await prometheus.waitFor(`count(${QUERY}) == 1 and on() ${QUERY} < 1`);
  },
});

const LOSSES: readonly Loss[] = [
  recorded('has nothing recorded', 'shop_other 1\n', `shop_other unless on() (${QUERY})`),
  recorded(
    'divides nothing by nothing',
    'shop_errors{instance_of="a"} 0\nshop_requests{instance_of="a"} 0\n',
    'shop_requests == 0',
  ),
  recorded('gives two series', `${GOOD}${GOOD.replaceAll('"a"', '"b"')}`, `count(${QUERY}) == 2`),
  {
    name: 'hangs',
    take: async (prometheus) => prometheus.signal('SIGSTOP'),
    giveBack: async (prometheus) => {
      prometheus.signal('SIGCONT');
      await prometheus.waitFor(QUERY);
    },
  },
  {
    name: 'is down',
    take: (prometheus) => prometheus.stop(),
    giveBack: async (prometheus) => {
      await prometheus.start();
      await prometheus.waitFor(QUERY);
    },
  },
];

export const LOST_METRICS = LOSSES.map(({ name }) => nameOf(name));

function nameOf(loss: string): string {
  return `verify: Prometheus ${loss} after the deployment`;
}

/** For `slipway.json`: staging also judges what Prometheus measures, and rolls back what is unhealthy. */
export function configureMetrics(configuration: Configuration, { url }: PrometheusFixture): void {
  const { verify } = configuration.environments.staging;
  verify.probes.push({ name: 'errors', prometheus: { url, query: QUERY }, max: 0.05, timeout: '1s' });
}

export async function startMetrics(): Promise<PrometheusFixture> {
  const prometheus = await startPrometheus();
  prometheus.setMetrics(GOOD);
  await prometheus.waitFor(QUERY);
  return prometheus;
}

/** The next release serves, and nobody has verified it yet. */
export async function unverified(stage: Stage): Promise<Scene> {
  await stage.reset(stage.ready);
  await mustStep(stage, DEPLOY);
  return stage.save('unverified', stage.after);
}

/** What can't be measured is unknown: it is neither a success nor a reason to roll back, and is made up for by measuring again. */
export function lostMetrics(
  stage: Stage,
  scene: Scene,
  prometheus: PrometheusFixture,
): readonly { readonly name: string; readonly run: () => Promise<CaseResult> }[] {
  return LOSSES.map((loss) => {
    const name = nameOf(loss.name);
    const run = () =>
      runCase(stage, scene, { name, at: null }, async (said) => {
        await loss.take(prometheus);
        let problems: string[];
        try {
          problems = await attempt(stage, 'verify', VERIFY, said);
        } finally {
          await loss.giveBack(prometheus);
        }
        if (!/^Unknown/.test(said['verify'] ?? '')) problems.push(`it said: ${said['verify'] ?? 'nothing'}`);
        const { state } = await readState(stage);
        if (state.current?.version !== stage.after.version)
          problems.push(`it went back to ${state.current?.version ?? 'nothing'}`);
        problems.push(...(await attempt(stage, 'verify again', VERIFY, said)));
        if (!/^Done/.test(said['verify again'] ?? ''))
          problems.push(`then it said: ${said['verify again'] ?? 'nothing'}`);
        return problems;
      });
    return { name, run };
  });
}
