/** Programs of the fixture's workspace, as text: what stands in for a test runner, and what its containers run. */

/** Leaves the reports that `suite.json` describes: Jest JSON with LCOV, or JUnit with Cobertura. */
export const PACKAGE_TESTS = `const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const [root, format] = process.argv.slice(2);
const suite = JSON.parse(readFileSync(root + '/suite.json', 'utf8'));
const names = Array.from({ length: suite.passing }, (_, index) => 'works ' + (index + 1));
const lines = Array.from({ length: 10 }, (_, index) => ({ number: index + 1, hits: index < suite.coveredLines ? 1 : 0 }));
rmSync(root + '/reports/unit', { recursive: true, force: true });
mkdirSync(root + '/reports/unit', { recursive: true });
const write = (name, text) => suite.reports && writeFileSync(root + '/reports/unit/' + name, text);

if (format === 'jest') {
  const assertionResults = [
    ...names.map((fullName) => ({ fullName, status: 'passed', failureMessages: [] })),
    ...suite.failing.map((fullName) => ({ fullName, status: 'failed', failureMessages: ['Error: ' + fullName + ' is broken'] })),
  ];
  const failed = suite.failing.length;
  write('jest.json', JSON.stringify({
    success: failed === 0, numTotalTests: names.length + failed, numPassedTests: names.length, numFailedTests: failed, numPendingTests: 0,
    testResults: [{ name: 'index.test.js', status: failed === 0 ? 'passed' : 'failed', message: '', assertionResults }],
  }));
  write('lcov.info', ['SF:index.js', ...lines.map(({ number, hits }) => 'DA:' + number + ',' + hits), 'LF:10', 'LH:' + suite.coveredLines, 'end_of_record', ''].join('\\n'));
} else {
  const cases = [
    ...names.map((name) => '<testcase classname="tests" name="' + name + '" time="0.01"/>'),
    ...suite.failing.map((name) => '<testcase classname="tests" name="' + name + '" time="0.01"><failure message="' + name + ' is broken">AssertionError</failure></testcase>'),
  ];
  write('junit.xml', '<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="0" failures="' + suite.failing.length + '" skipped="0" tests="' + cases.length + '">' + cases.join('') + '</testsuite></testsuites>');
  const rate = suite.coveredLines / 10;
  write('coverage.xml', '<?xml version="1.0"?><coverage lines-valid="10" lines-covered="' + suite.coveredLines + '" line-rate="' + rate + '" branches-valid="0" branches-covered="0" branch-rate="0" version="7" timestamp="1"><packages><package name="acme" line-rate="' + rate + '"><classes><class name="acme" filename="acme/__init__.py" line-rate="' + rate + '"><methods/><lines>'
    + lines.map(({ number, hits }) => '<line number="' + number + '" hits="' + hits + '"/>').join('') + '</lines></class></classes></package></packages></coverage>');
}
console.log(root + ': ' + suite.passing + ' passed, ' + suite.failing.length + ' failed');
process.exitCode = suite.exit;
`;

/** Leaves the report of an audit that found nothing, as npm or pip-audit would, without asking anybody. */
export const PACKAGE_AUDIT = `const { mkdirSync, writeFileSync } = require('node:fs');
const [root, tool] = process.argv.slice(2);
const none = { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0 };
const report = tool === 'npm'
  ? { auditReportVersion: 2, vulnerabilities: {}, metadata: { vulnerabilities: none, dependencies: { prod: 1, dev: 0, optional: 0, peer: 0, peerOptional: 0, total: 1 } } }
  : { dependencies: [{ name: 'acme', version: '1.0.0', vulns: [] }], fixes: [] };
mkdirSync(root + '/reports/audit', { recursive: true });
writeFileSync(root + '/reports/audit/' + tool + '.json', JSON.stringify({ ...report, slipway: { measuredAt: new Date().toISOString(), tool } }));
`;

/** Answers every request with the version and commit it was deployed as; behaves as the file \`behaviour\` in its image says. */
export const SERVER = `use IO::Socket::INET;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };
$SIG{CHLD} = 'IGNORE';
$| = 1;
open(my $file, '<', '/srv/behaviour') or die;
chomp(my $line = <$file>);
my ($behaviour, $where) = split /@/, $line;
$behaviour = 'healthy' if defined $where and $where ne $ENV{ACME_ENVIRONMENT};
print "this service is $behaviour\\n";
# As careless ones do.
print "connecting to $ENV{DATABASE_URL} with $ENV{ACME_TOKEN}\\n" if $ENV{ACME_TOKEN};
my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 5, ReuseAddr => 1) or die "can't listen: $!";
sub well { open(my $ok, '>', '/tmp/healthy') or die; }
if ($behaviour =~ /^slow/) { if (fork() == 0) { sleep 5; well(); exit 0 } }
elsif ($behaviour ne 'sick') { well(); }
while (1) {
  my $client = $server->accept() or next;
  while (my $header = <$client>) { last if $header =~ /^\\s*$/ }
  my $status = $behaviour =~ /liar$/ ? '503 Service Unavailable' : '200 OK';
  my $body = qq({"status":"ok","version":"$ENV{HELPDESK_VERSION}","commit":"$ENV{HELPDESK_COMMIT}"});
  print $client "HTTP/1.1 $status\\r\\nContent-Type: application/json\\r\\nContent-Length: " . length($body) . "\\r\\nConnection: close\\r\\n\\r\\n$body";
  close $client;
}
`;
