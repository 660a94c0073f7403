import { dependsOnOthers } from './compose-new-environment';

it.each([
  ['depends_on: { db: { condition: service_healthy } }', true],
  ['depends_on: [db]', true],
  ['depends_on: []', false],
  ['image: api', false],
])('tells whether a service waits for others: %s', (text, expected) =>
  expect(dependsOnOthers(`services:\n  db: { image: db }\n  api:\n    ${text}\n`, 'api')).toBe(expected),
);
