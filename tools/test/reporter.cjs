// A Jest reporter that prints what fails and one line at the end, and keeps notes for `npm test` in SLIPWAY_TEST_NOTES.
const { mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

/**
 * What one run of Jest left: `<task>.json`, written anew after each test file.
 * @typedef {object} Notes
 * @property {string} task Nx's id of the task, or the name of Jest's project.
 * @property {boolean} over
 * @property {number} files Test files of the run.
 * @property {{ passed: number, failed: number, skipped: number }} tests
 * @property {{ path: string, seconds: number }[]} done Test files that ended.
 * @property {{ file: string, name: string | null, message: string }[]} failures Without a name: the file could not be run.
 * @property {number} seconds
 */

module.exports = class {
  constructor({ rootDir }) {
    const { NX_TASK_TARGET_PROJECT: project, NX_TASK_TARGET_TARGET: target } = process.env;
    this.rootDir = rootDir;
    this.start = Date.now();
    const task = project && target ? `${project}:${target}` : relative(join(__dirname, '../..'), rootDir);
    /** @type {Notes} */
    this.notes = {
      task,
      over: false,
      files: 0,
      tests: { passed: 0, failed: 0, skipped: 0 },
      done: [],
      failures: [],
      seconds: 0,
    };
  }

  onRunStart({ numTotalTestSuites }) {
    this.notes.files = numTotalTestSuites;
    this.keep();
  }

  onTestResult(test, result, { numPassedTests, numFailedTests, numPendingTests, numTodoTests }) {
    const file = relative(this.rootDir, test.path);
    const { start, end } = result.perfStats;
    this.notes.done.push({ path: file, seconds: (end - start) / 1000 });
    this.notes.tests = { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
    if (result.testExecError) this.notes.failures.push({ file, name: null, message: result.failureMessage ?? '' });
    for (const { status, fullName, failureMessages } of result.testResults)
      if (status === 'failed') this.notes.failures.push({ file, name: fullName, message: failureMessages.join('\n') });
    if (result.failureMessage) process.stderr.write(`FAIL ${file}\n${result.failureMessage}\n`);
    this.keep();
  }

  onRunComplete(_, { numTotalTestSuites, numTotalTests, numFailedTests, numRuntimeErrorTestSuites }) {
    this.notes.over = true;
    this.keep();
    const failed = numFailedTests + numRuntimeErrorTestSuites > 0;
    const ended = failed ? `failed: ${numFailedTests} tests, ${numRuntimeErrorTestSuites} files not run` : 'passed';
    const size = `${numTotalTests} tests in ${numTotalTestSuites} files`;
    process.stderr.write(`${this.notes.task}: ${size} ${ended}, ${this.notes.seconds.toFixed(0)} s\n`);
  }

  /** Read while it grows, so written beside and renamed. */
  keep() {
    this.notes.seconds = (Date.now() - this.start) / 1000;
    const folder = process.env.SLIPWAY_TEST_NOTES;
    const file = join(folder, `${this.notes.task.replace(/[^\w-]+/g, '.')}.json`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${file}.tmp`, JSON.stringify(this.notes));
    renameSync(`${file}.tmp`, file);
  }
};
