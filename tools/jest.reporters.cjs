const { join } = require('node:path');

/** Jest's own reporters for a person; under `npm test`, which tells what happened at its end, one that keeps quiet and takes notes. */
exports.reporters = process.env.SLIPWAY_TEST_NOTES ? [join(__dirname, 'test/reporter.cjs')] : ['default'];
