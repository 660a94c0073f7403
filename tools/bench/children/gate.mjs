// One measured part of the gate, in a process of its own: `node gate.mjs <request as JSON>` prints `{ milliseconds, … }`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const request = JSON.parse(process.argv[2]);
const parts = { infer, evaluate };
process.stdout.write(`\n${JSON.stringify(await parts[request.part](request))}\n`);

/** Inference as Nx calls it. The clock runs from loading the plugin's main entry; Nx's own search for files is not in it. */
async function infer({ root, files }) {
  const require = createRequire(join(root, 'package.json'));
  const nxJsonConfiguration = JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8'));
  const entry = require.resolve('nx-slipway');
  const start = performance.now();
  const { createNodes } = require(entry);
  const nodes = await createNodes[1](files, undefined, { workspaceRoot: root, nxJsonConfiguration });
  return { milliseconds: performance.now() - start, nodes: nodes.length };
}

/** The batch executor as Nx calls it. The clock runs from loading it to its last result; making the project graph is not in it. */
async function evaluate({ root }) {
  process.chdir(root);
  const require = createRequire(join(root, 'package.json'));
  const { createProjectGraphAsync, readProjectsConfigurationFromProjectGraph } = require('@nx/devkit');
  const projectGraph = await createProjectGraphAsync();
  const target = 'release-gate';
  const names = Object.keys(projectGraph.nodes).filter((name) => projectGraph.nodes[name].data.targets?.[target]);
  const tasks = Object.fromEntries(
    names.map((project) => [`${project}:${target}`, { id: `${project}:${target}`, target: { project, target } }]),
  );
  const context = {
    root,
    cwd: root,
    isVerbose: false,
    nxJsonConfiguration: JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8')),
    projectsConfigurations: readProjectsConfigurationFromProjectGraph(projectGraph),
    projectGraph,
  };
  const entry = require.resolve('nx-slipway/dist/executors/gate/gate-batch');
  const start = performance.now();
  const { default: gateBatch } = require(entry);
  let judged = 0;
  const failed = [];
  for await (const { task, result } of gateBatch({ tasks }, {}, {}, context)) {
    judged += 1;
    if (!result.success) failed.push(`${task}: ${result.terminalOutput}`);
  }
  return { milliseconds: performance.now() - start, judged, failed: failed.slice(0, 3) };
}
