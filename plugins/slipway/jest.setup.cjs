// A build machine must say the same of the same commit each time; new random cases are tried on developers' machines,
// and what they find becomes an example in the test.
if (process.env.CI) require('fast-check').configureGlobal({ seed: 20_261_122 });
