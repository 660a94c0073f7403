// Draws the release's task graph as Nx itself has it, to docs/release-graph.svg: node tools/graph-picture.mjs
// The chain runs in rows, a new one for each environment; what it waits for besides stands above it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const last = 'platform:release-ship';
const picture = 'docs/release-graph.svg';

// In pixels of the picture.
const box = { width: 190, height: 46 };
const gap = { x: 26, y: 40 };
const margin = 20;
/** Height of each further target in a box that holds several. */
const more = 18;

writeFileSync(join(root, picture), draw(readGraph()));
console.log(`Drew ${last} to ${picture}.`);

/**
 * The task graph of {@link last}, by Nx.
 * @returns {{ tasks: Record<string, { cache: boolean }>, dependencies: Record<string, string[]> }}
 */
function readGraph() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-graph-'));
  try {
    const file = join(folder, 'graph.json');
    execFileSync(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run', last, `--graph=${file}`], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NX_DAEMON: 'false', NX_CACHE_DIRECTORY: folder, NX_WORKSPACE_DATA_DIRECTORY: folder },
    });
    return JSON.parse(readFileSync(file, 'utf8')).tasks;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function draw({ tasks, dependencies }) {
  const chain = chainTo(last, { tasks, dependencies });
  const gates = [...new Set(chain.flatMap((id) => dependencies[id]).filter((id) => !chain.includes(id)))];
  const groups = gates.map((gate) => producersOf(gate, { tasks, dependencies }, gates));
  const rows = rowsOf(chain);
  const columns = Math.max(...rows.map((row) => row.length));
  const width = 2 * margin + columns * box.width + (columns - 1) * gap.x;

  const places = new Map();
  const put = (row, top, available) => {
    const taken = row.length * box.width + (row.length - 1) * gap.x;
    row.forEach((id, at) => places.set(id, { x: margin + (available - taken) / 2 + at * (box.width + gap.x), y: top }));
  };
  let y = margin;
  const tallest = Math.max(0, ...groups.map(({ length }) => length));
  const drawnGroups = [];
  if (tallest > 0) {
    const bottom = y + box.height + (tallest - 1) * more;
    put(gates, bottom + gap.y, width - 2 * margin);
    gates.forEach((gate, at) => {
      if (groups[at].length === 0) return;
      const height = box.height + (groups[at].length - 1) * more;
      drawnGroups.push({ ids: groups[at], gate, place: { x: places.get(gate).x, y: bottom - height }, height });
    });
    y = bottom + gap.y;
  } else put(gates, y, width - 2 * margin);
  y += box.height + gap.y;
  const bus = y - gap.y / 2;
  for (const row of rows) {
    put(row, y, row.length * box.width + (row.length - 1) * gap.x);
    y += box.height + gap.y;
  }
  const height = y - gap.y + 40 + margin;

  const edges = [
    ...rows.flatMap((row) => row.slice(1).map((id, at) => right(places.get(row[at]), places.get(id)))),
    ...rows.slice(1).map((row, at) => around(places.get(rows[at].at(-1)), places.get(row[0]))),
    ...drawnGroups.map(({ gate, place, height: tall }) =>
      down({ x: place.x, y: place.y + tall - box.height }, places.get(gate)),
    ),
    ...gateEdges(gates, chain, dependencies, places, bus),
  ];
  const drawn = [
    ...drawnGroups.map(({ ids, place, height: tall }) => node(ids, true, place, tall)),
    ...[...places].map(([id, place]) => node([id], tasks[id].cache, place)),
  ];
  return svg({
    width,
    height,
    edges,
    drawn,
    legend: legend(height - margin - 8),
    names: [...groups.flat(), ...places.keys()],
  });
}

/** From the first step to the last: each waits for one other step, and for whatever can be cached. */
function chainTo(id, graph) {
  const before = graph.dependencies[id].filter((other) => !graph.tasks[other].cache);
  if (before.length > 1) throw new Error(`${id} waits for several steps, ${before.join(', ')}: that is no chain.`);
  return before.length === 0 ? [id] : [...chainTo(before[0], graph), id];
}

/** What a gate waits for: targets of its own project that can be cached, and that nothing else waits for. */
function producersOf(gate, { tasks, dependencies }, gates) {
  const [project] = gate.split(':');
  for (const id of dependencies[gate]) {
    const others = gates.filter((other) => other !== gate && dependencies[other].includes(id));
    if (!id.startsWith(`${project}:`) || !tasks[id].cache || others.length > 0 || dependencies[id].length > 0)
      throw new Error(`${id} is not ${gate}'s alone: a box above it would lie.`);
  }
  return dependencies[gate];
}

function rowsOf(chain) {
  const rows = [[]];
  for (const id of chain) {
    if (id.includes(':release-deploy--')) rows.push([]);
    rows.at(-1).push(id);
  }
  return rows;
}

/** From the gates to the chain through one line, since each of them leads to the same steps. */
function gateEdges(gates, chain, dependencies, places, bus) {
  if (gates.length === 0) return [];
  const edges = [];
  const steps = chain.filter((id) => dependencies[id].some((other) => gates.includes(other)));
  for (const step of steps) {
    const missing = gates.filter((gate) => !dependencies[step].includes(gate));
    if (missing.length > 0)
      throw new Error(`${step} does not wait for ${missing.join(', ')}: one line for all would lie.`);
  }
  const middle = (id) => places.get(id).x + box.width / 2;
  const ends = [...gates, ...steps].map(middle);
  for (const gate of gates) edges.push(line(`M${middle(gate)} ${places.get(gate).y + box.height}V${bus}`, false));
  edges.push(line(`M${Math.min(...ends)} ${bus}H${Math.max(...ends)}`, false));
  for (const step of steps) edges.push(line(`M${middle(step)} ${bus}V${places.get(step).y - 2}`));
  return edges;
}

function right(from, to) {
  return line(`M${from.x + box.width} ${from.y + box.height / 2}H${to.x - 2}`);
}

function down(from, to) {
  return line(`M${from.x + box.width / 2} ${from.y + box.height}V${to.y - 2}`);
}

/** From the end of a row to the beginning of the next. */
function around(from, to) {
  const [x1, x2] = [from.x + box.width / 2, to.x + box.width / 2];
  const [y1, y2] = [from.y + box.height, to.y - 2];
  const y = (y1 + y2) / 2;
  const r = 8;
  return line(`M${x1} ${y1}V${y - r}Q${x1} ${y} ${x1 - r} ${y}H${x2 + r}Q${x2} ${y} ${x2} ${y + r}V${y2}`);
}

function line(path, arrow = true) {
  return `<path d="${path}"${arrow ? ' marker-end="url(#arrow)"' : ''}/>`;
}

/** Tasks of one project: its name, and under it a line for each target. */
function node(ids, cached, { x, y }, height = box.height) {
  const [project] = ids[0].split(':');
  const targets = ids.map(
    (id, at) => `<text class="target" x="${x + 11}" y="${y + 35 + at * more}">${id.slice(project.length + 1)}</text>`,
  );
  return `<g class="${cached ? 'pure' : 'step'}"><rect x="${x}" y="${y}" width="${box.width}" height="${height}" rx="7"/><text class="project" x="${x + 11}" y="${y + 17}">${project}</text>${targets.join('')}</g>`;
}

function legend(y) {
  const entry = (x, kind, text) =>
    `<g class="${kind}"><rect x="${x}" y="${y - 11}" width="20" height="14" rx="4"/><text class="project" x="${x + 28}" y="${y}">${text}</text></g>`;
  return (
    entry(margin, 'pure', 'depends on its inputs alone: cached by Nx') +
    entry(margin + 310, 'step', 'acts, once: the ledger in git knows whether it is done')
  );
}

function svg({ width, height, edges, drawn, legend: key, names }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">The task graph of ${last}</title>
<desc id="description">${names.join(', ')}. Drawn from Nx's own task graph by tools/graph-picture.mjs.</desc>
<style>
  .ground { fill: #ffffff; stroke: #d8dee6; }
  .lines path { fill: none; stroke: #64748b; stroke-width: 1.4; }
  #arrow path { fill: #64748b; }
  text { font-family: ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; }
  .project { font-size: 12px; fill: #516072; }
  .target { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 12.5px; font-weight: 600; fill: #0f2338; }
  .step rect { fill: #eaf2fb; stroke: #2b6cb0; stroke-width: 1.3; }
  .pure rect { fill: #f4f5f7; stroke: #7b8794; stroke-width: 1.2; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #10161e; stroke: #2a3542; }
    .lines path { stroke: #8ea0b5; }
    #arrow path { fill: #8ea0b5; }
    .project { fill: #a6b4c4; }
    .target { fill: #eef4fb; }
    .step rect { fill: #15304b; stroke: #63a4e6; }
    .pure rect { fill: #1b232d; stroke: #8592a1; }
  }
</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker></defs>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
<g class="lines">
${edges.join('\n')}
</g>
${drawn.join('\n')}
${key}
</svg>
`;
}
