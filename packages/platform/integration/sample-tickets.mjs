// Fills a Helpdesk with tickets such as people write, so that there is something to look at:
//   node packages/platform/integration/sample-tickets.mjs http://127.0.0.1:8000
const [base] = process.argv.slice(2);
if (!base) {
  console.error('Name the address of the API, e.g. http://127.0.0.1:8000');
  process.exit(2);
}

const titles = [
  'Printer on the second floor prints blank pages',
  'Can’t sign in since this morning',
  'Please order a second screen for the new colleague',
  'Shared calendar shows meetings an hour late',
  'Slow network in meeting room 4',
  'A message says that my password expires, is it real?',
];
const priorities = ['low', 'normal', 'high', 'urgent'];
/** More than one page of them. */
const count = 60;

async function post(path, body) {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answers ${response.status}: ${await response.text()}`);
  return response.json();
}

for (let index = 0; index < count; index += 1) {
  const ticket = await post('/api/tickets/', {
    title: titles[index % titles.length],
    description: index % 3 === 0 ? '' : 'It worked last week.\n\nI have tried it twice, and so has my colleague.',
    requester: `person-${index}@example.com`,
    priority: priorities[index % priorities.length],
  });
  if (index % 5 === 0) await post(`/api/tickets/${ticket.id}/close/`, {});
}
