import { stillUp } from './swarm-stop';

const nodes = 'node1\tReady\nnode2\tDown\n';

it.each([
  ['nothing is left', '', 0],
  ['what runs, and what is on its way up', 'node1\tRunning 2 minutes ago\n\tPending 1 second ago\n', 2],
  ['not what has ended', 'node1\tShutdown 1 second ago\nnode1\tFailed 3 seconds ago\nnode1\tComplete now\n', 0],
  ['not what a node that is down ran when it was last heard of', 'node2\tRunning 2 minutes ago\n', 0],
])('of tasks to stop, counts: %s', (_name, tasks, expected) => expect(stillUp(tasks, nodes)).toBe(expected));
