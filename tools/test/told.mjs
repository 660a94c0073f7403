// What `npm test` says of its parts, in words: pure, from the notes of tools/test/reporter.cjs and the output of programs.

/** Lines that a failed part gets at the end of the log. */
const LINES = 150;
/** Of one test's message, and of the output of a failed task that took no notes. */
const LINES_OF_TEST = 25;
const LINES_OF_TASK = 60;
const SLOWEST = 10;
/** Characters of a test's message in the list of names. */
const LENGTH = 240;

/** @typedef {{ title: string, passed: boolean, seconds: string, output: string, notes: object[], log?: string }} Part */

/** One line for each run of Jest. */
export function runsOf({ notes }) {
  return notes.map(({ task, tests: { passed, failed, skipped }, files, seconds }) =>
    [
      `   ${task}: ${passed} tests passed`,
      ...(failed > 0 ? [`${failed} FAILED`] : []),
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      `${files} files, ${seconds.toFixed(0)} s`,
    ].join(', '),
  );
}

/** How far the runs of Jest that are not over have come. */
export function progressOf(notes) {
  return notes
    .filter(({ over }) => !over)
    .map(
      ({ task, done, files, failures, seconds }) =>
        `   ${task}: ${done.length} of ${files} files, ${failures.length} failures, ${seconds.toFixed(0)} s`,
    );
}

/** The test files that took longest. */
export function slowestOf({ notes }) {
  return notes
    .flatMap(({ done }) => done)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(({ path, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${path}`);
}

/** Test files with failures, each once. @param {Part} part @returns {{ task: string, file: string }[]} */
export function failingFiles({ notes }) {
  return notes.flatMap(({ task, failures }) =>
    [...new Set(failures.map(({ file }) => file))].map((file) => ({ task, file })),
  );
}

/** What failed in a part: first every name, then what was said. @param {Part} part */
export function failuresOf({ title, output, notes, log }) {
  const failures = notes.flatMap(({ failures, task }) => failures.map((failure) => ({ ...failure, task })));
  const told = new Set(failures.map(({ task }) => task));
  const silent = failedTasks(output).filter((task) => !told.has(task));
  const names = failures.flatMap(({ file, name, message }) => [
    `  ✗ ${file}${name === null ? ' could not be run' : ` › ${name}`}`,
    `      ${shortened(message)}`,
  ]);
  const details = [
    ...failures.flatMap(({ file, name, message }) => [
      '',
      `● ${file}${name === null ? '' : ` › ${name}`}`,
      ...first(linesOf(message), LINES_OF_TEST),
    ]),
    ...silent.flatMap((task) => ['', `● ${task}`, ...last(sectionOf(output, task), LINES_OF_TASK)]),
  ];
  if (details.length === 0) details.push('', ...last(linesOf(output), LINES_OF_TASK));
  const body = first([...names, ...silent.map((task) => `  ✗ ${task}`), ...details], LINES);
  return [
    '',
    `── What failed in: ${title}`,
    ...body,
    ...(log === undefined ? [] : ['', `   all of its output: ${log}`]),
  ];
}

/** What a test said, in one line: for logs of which only a part is kept. */
function shortened(message) {
  const lines = linesOf(message).filter((line) => !/^\s*(at |●|[-+] (Expected|Received) +[-+])/.test(line));
  const text = lines.join(' ').replace(/\s+/g, ' ').trim();
  return text.length <= LENGTH ? text : `${text.slice(0, LENGTH - 1)}…`;
}

/** As Nx lists them at its end. */
function failedTasks(output) {
  const lines = linesOf(output);
  const from = lines.findLastIndex((line) => /^\s*Failed tasks:\s*$/.test(line));
  if (from < 0) return [];
  const tasks = [];
  for (const line of lines.slice(from + 1)) {
    const task = /^\s*-\s+(\S+:\S+)\s*$/.exec(line)?.[1];
    if (task !== undefined) tasks.push(task);
    else if (line.trim() !== '') break;
  }
  return tasks;
}

/** What Nx printed of one task. */
function sectionOf(output, task) {
  const lines = linesOf(output);
  const heading = (line) => /^\s*(?:[✔✖]\s+)?> nx run (\S+)/.exec(line)?.[1];
  const from = lines.findIndex((line) => heading(line) === task);
  if (from < 0) return lines;
  const length = lines.slice(from + 1).findIndex((line) => heading(line) !== undefined);
  return lines.slice(from + 1, length < 0 ? undefined : from + 1 + length);
}

/** Without colours, runner's frames and empty ends. */
function linesOf(text) {
  return text
    .replace(/\u001b\[[\d;]*m/g, '')
    .trimEnd()
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:internal)/.test(line));
}

function first(lines, most) {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `  … ${lines.length - most + 1} more lines`];
}

function last(lines, most) {
  return lines.length <= most ? lines : [`  … ${lines.length - most + 1} earlier lines`, ...lines.slice(1 - most)];
}
