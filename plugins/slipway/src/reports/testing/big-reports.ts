/** Large files: what real tools could write, and what nobody should. In pieces, so that making one takes no memory. */
export interface BigReport {
  readonly name: string;
  /** Whether a tool could have written it. Such a one is read, or refused as too large. */
  readonly valid: boolean;
  readonly pieces: (bytes: number) => Iterable<string>;
}

/** So many times the same kind of piece, until it is large enough. */
type Piece = (index: number) => string;

function big(
  name: string,
  valid: boolean,
  head: string,
  piece: Piece,
  tail: string | ((count: number) => string) = '',
): BigReport {
  return {
    name,
    valid,
    *pieces(bytes) {
      yield head;
      let written = head.length;
      let count = 0;
      while (written < bytes - 1_000) {
        const text = piece(count);
        yield text;
        written += text.length;
        count += 1;
      }
      yield typeof tail === 'string' ? tail : tail(count);
    },
  };
}

const valid = (name: string, head: string, piece: Piece, tail: string | ((count: number) => string) = ''): BigReport =>
  big(name, true, head, piece, tail);
const hostile = (
  name: string,
  head: string,
  piece: Piece,
  tail: string | ((count: number) => string) = '',
): BigReport => big(name, false, head, piece, tail);

const comma = (index: number): string => (index === 0 ? '' : ',');
const TRACE = '    at Object.<anonymous> (/w/packages/web/src/list.test.tsx:21:7)\\n'.repeat(20);

const LCOV_FILE = 100;
const lcovRecord = (index: number): string =>
  `TN:\nSF:src/module${index}/list.ts\nFN:1,load\nFNDA:3,load\n${Array.from({ length: LCOV_FILE }, (_, line) => `DA:${line + 1},${line % 7}\nBRDA:${line + 1},0,0,${line % 3}\n`).join('')}LF:${LCOV_FILE}\nLH:85\nend_of_record\n`;
const coberturaClass = (index: number): string =>
  `<class name="m${index}.py" filename="desk/m${index}.py" line-rate="0.85"><methods/><lines>${Array.from({ length: 100 }, (_, line) => `\n<line number="${line + 1}" hits="${line % 7 === 0 ? 0 : 1}"/>`).join('')}</lines></class>`;
const jacocoFile = (index: number): string =>
  `<sourcefile name="M${index}.java">${Array.from({ length: 100 }, (_, line) => `<line nr="${line + 1}" mi="0" ci="3" mb="0" cb="2"/>`).join('')}<counter type="LINE" missed="0" covered="100"/></sourcefile>`;
const istanbulFile = (index: number): string => {
  const all = Array.from({ length: 50 }, (_, line) => line);
  const map = all.map(
    (line) => `"${line}":{"start":{"line":${line + 1},"column":2},"end":{"line":${line + 1},"column":40}}`,
  );
  return `${comma(index)}"/w/src/m${index}.ts":{"path":"/w/src/m${index}.ts","statementMap":{${map.join(',')}},"fnMap":{},"branchMap":{},"s":{${all.map((line) => `"${line}":3`).join(',')}},"f":{},"b":{}}`;
};
const jestTest = (index: number): string =>
  `${comma(index)}{"ancestorTitles":["tickets"],"duration":4,"failureMessages":["Error: no row\\n${TRACE}"],"fullName":"tickets lists ${index}","invocations":1,"location":null,"numPassingAsserts":1,"status":"failed","title":"lists ${index}"}`;
const pytestTest = (index: number): string =>
  `${comma(index)}{"nodeid":"tickets/test_api.py::test_${index}","lineno":10,"outcome":"failed","keywords":["test_${index}"],"setup":{"duration":0.001,"outcome":"passed"},"call":{"duration":0.001,"outcome":"failed","crash":{"path":"/w/a.py","lineno":3,"message":"assert 0"},"longrepr":"${'E   assert 500 == 200\\n'.repeat(40)}tickets/test_api.py:12: AssertionError"},"teardown":{"duration":0.001,"outcome":"passed"}}`;

export const BIG_REPORTS: readonly BigReport[] = [
  valid(
    'junit',
    '<testsuites>',
    (index) =>
      `<testsuite name="s${index}" tests="2" failures="1"><testcase classname="tickets.api" name="lists ${index}" time="0.01"/><testcase classname="tickets.api" name="opens ${index}" time="0.01"><failure message="expected 200">at tickets/api.py:7: AssertionError</failure></testcase></testsuite>\n`,
    '</testsuites>',
  ),
  valid('lcov', '', lcovRecord),
  valid('lcov in other letters', '# 測試 ✓\n', lcovRecord),
  valid(
    'cobertura',
    '<coverage version="7"><packages><package name="p"><classes>',
    coberturaClass,
    '</classes></package></packages></coverage>',
  ),
  valid(
    'jacoco',
    '<report name="desk"><sessioninfo id="a" start="1" dump="1793000000000"/><package name="acme">',
    jacocoFile,
    (count) =>
      `</package><counter type="BRANCH" missed="0" covered="${200 * count}"/><counter type="LINE" missed="0" covered="${100 * count}"/></report>`,
  ),
  valid('istanbul', '{', istanbulFile, '}'),
  valid(
    'jest-json',
    '{"testResults":[{"name":"/w/a.test.ts","status":"failed","message":"","assertionResults":[',
    jestTest,
    (count) =>
      `]}],"success":false,"numTotalTests":${count},"numPassedTests":0,"numFailedTests":${count},"numPendingTests":0,"numTodoTests":0}`,
  ),
  valid(
    'pytest-json',
    '{"created":1793000000,"exitcode":1,"tests":[',
    pytestTest,
    (count) => `],"summary":{"failed":${count},"total":${count},"collected":${count}}}`,
  ),
  valid(
    'ctrf',
    '{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"vitest"},"tests":[',
    (index) =>
      `${comma(index)}{"name":"lists ${index}","status":"failed","duration":12,"suite":["tickets"],"message":"expected 200","trace":"${TRACE}"}`,
    (count) =>
      `],"summary":{"tests":${count},"passed":0,"failed":${count},"pending":0,"skipped":0,"other":0,"start":1,"stop":2}}}`,
  ),
  valid(
    'sarif',
    '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"lint","rules":[]}},"results":[',
    (index) =>
      `${comma(index)}{"ruleId":"r${index % 50}","level":"warning","message":{"text":"something is odd in line ${index}"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/m${index % 999}.ts"},"region":{"startLine":${(index % 900) + 1}}}}]}`,
    ']}]}',
  ),
  valid(
    'axe',
    '[',
    (index) =>
      `${comma(index)}{"testEngine":{"name":"axe-core","version":"4.11.0"},"timestamp":"2026-11-01T10:00:00.000Z","url":"http://localhost:3000/${index}","passes":[],"incomplete":[],"inapplicable":[],"violations":[{"id":"image-alt","impact":"critical","tags":["wcag2a","wcag111"],"help":"Images must have alternate text","helpUrl":"https://example.org","nodes":[{"target":["img"],"html":"<img>","failureSummary":"Fix it"}]}]}`,
    ']',
  ),
  valid(
    'jmeter-csv',
    'timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n',
    (index) =>
      `${1_793_000_000_000 + index},${10 + (index % 90)},list,200,OK,Thread 1-1,text,true,,812,120,1,1,http://localhost/list,9,0,1\n`,
  ),

  hostile('nested lists', '', () => '['.repeat(1_000)),
  hostile('nested objects', '', () => '{"a":'.repeat(200)),
  hostile('one text in JSON', '{"testResults":[],"numTotalTests":"', () => 'a'.repeat(1_000), '"}'),
  hostile('backslashes in JSON', '{"testResults":[],"numTotalTests":"', () => '\\\\'.repeat(500), '"}'),
  hostile('quotes in JSON', '{"testResults":[],"numTotalTests":"', () => '\\"'.repeat(500), '"}'),
  hostile('empty lists', '{"testResults":[[]', () => ',[]'.repeat(300), ']}'),
  hostile('empty objects', '[{}', () => ',{}'.repeat(300), ']'),
  hostile('numbers', '{"tests":[1', () => ',1.5'.repeat(250), ']}'),
  hostile('keys', '{"a":1', (index) => Array.from({ length: 100 }, (_, key) => `,"k${index}-${key}":1`).join('')),
  hostile(
    'keys of a whole object',
    '{"a":1',
    (index) => Array.from({ length: 100 }, (_, key) => `,"k${index}-${key}":1`).join(''),
    '}',
  ),
  hostile('objects of no common shape', '[{}', (index) => `,{"k${index}":1}`, ']'),
  hostile('blanks', '{"testResults":[', () => ' \n'.repeat(500), ']}'),
  hostile('lines of JSON', '', (index) => `{"type":"auditAdvisory","data":${index}}\n`),
  hostile(
    'istanbul of small files',
    '{',
    (index) => `${comma(index)}"f${index}":{"path":"f${index}","statementMap":{},"s":{},"b":{}}`,
    '}',
  ),
  hostile('nested elements', '<testsuites>', () => '<testsuite>'.repeat(90)),
  hostile(
    'attributes',
    '<testsuite ',
    (index) => Array.from({ length: 100 }, (_, key) => `a${index}-${key}="1" `).join(''),
    '/>',
  ),
  hostile('one attribute', '<testsuite name="', () => 'a'.repeat(1_000), '"/>'),
  hostile(
    'one text in XML',
    '<testsuite><testcase><failure>',
    () => 'a '.repeat(500),
    '</failure></testcase></testsuite>',
  ),
  hostile(
    'references',
    '<testsuite><testcase><failure>',
    () => '&amp;'.repeat(200),
    '</failure></testcase></testsuite>',
  ),
  hostile(
    'one CDATA section',
    '<testsuite><testcase><failure><![CDATA[',
    () => ']]'.repeat(500),
    ']]></failure></testcase></testsuite>',
  ),
  hostile('an open comment', '<testsuite><!--', () => '-x'.repeat(500)),
  hostile('comments before the root', '', () => '<!---->'.repeat(140)),
  hostile('an open name', '<testsuite', () => 'a'.repeat(1_000)),
  hostile('an open DTD', '<!DOCTYPE coverage ', () => '"a" '.repeat(250)),
  hostile('empty elements', '<testsuite>', () => '<testcase/>'.repeat(90), '</testsuite>'),
  hostile('empty suites', '<testsuites>', () => '<testsuite/>'.repeat(80), '</testsuites>'),
  hostile(
    'cobertura of small files',
    '<coverage version="7"><packages><package><classes>',
    (index) => `<class filename="f${index}"/>`,
    '</classes></package></packages></coverage>',
  ),
  hostile(
    'cobertura that goes backwards',
    '<coverage version="7"><packages><package><classes><class filename="f"><lines>',
    (index) => `<line number="${9_000_000 - index}" hits="1" branch="true" condition-coverage="50% (1/2)"/>`,
    '</lines></class></classes></package></packages></coverage>',
  ),
  hostile('lcov of small files', '', (index) => `SF:f${index}\nDA:1,1\nend_of_record\n`),
  hostile('lcov of one file', 'SF:f\n', (index) => `DA:${(index % 9_999_999) + 1},1\n`, 'end_of_record\n'),
  hostile(
    'lcov that goes backwards',
    'SF:f\n',
    (index) => `DA:${9_999_999 - (index % 9_999_999)},1\n`,
    'end_of_record\n',
  ),
  hostile('branches of lcov', 'SF:f\n', (index) => `BRDA:1,${index},0,1\n`, 'end_of_record\n'),
  hostile('one line of lcov', 'SF:', () => 'a'.repeat(1_000)),
  hostile('line ends', 'TN:', () => '\n'.repeat(1_000)),
  hostile('one row', 'timeStamp,elapsed,label,success\n', () => 'a,'.repeat(500)),
  hostile('an open quote', 'timeStamp,elapsed,label,responseCode,success\n', () => '"a""'.repeat(250)),
  hostile('nothing', '', () => ' '.repeat(1_000)),
  hostile('zeros', '', () => '\0'.repeat(1_000)),
];
