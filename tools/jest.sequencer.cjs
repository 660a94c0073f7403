const { sep } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * End-to-end tests first: they take longest, so that no worker ends alone with one. On a fresh clone Jest knows no durations and goes by
 * the size of files, which says nothing of them.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const endToEnd = ({ path }) => path.includes(`${sep}e2e${sep}`);
    const sorted = super.sort(tests);
    return [...sorted.filter(endToEnd), ...sorted.filter((test) => !endToEnd(test))];
  }
};
