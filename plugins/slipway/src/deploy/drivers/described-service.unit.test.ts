import { fixedPorts, readProject, replicasOf, serviceNames } from './described-service';
import { parsePublished } from './host-ports';
import { surplus } from './kept-images';

it('reads what has to be there already, and which variables content comes from', () => {
  const text = JSON.stringify({
    services: { web: { image: 'x', command: null, environment: { A: '$$b' } } },
    networks: { edge: { name: 'shared_edge', external: true }, own: { name: 'p_own' } },
    volumes: { data: { external: true } },
    secrets: { token: { name: 'p_token', environment: 'TOKEN' }, file: { file: '/x' } },
  });
  expect(readProject(text)).toMatchObject({
    external: { networks: ['shared_edge'], volumes: ['data'] },
    contentVariables: ['TOKEN'],
  });
});

it('names the services of a compose file that was not rendered', () => {
  expect(serviceNames('services: { web: { image: "${WEB:?}" }, db: }')).toEqual(['web', 'db']);
  expect(['services: [', 'services: x', ''].map(serviceNames)).toEqual([null, null, null]);
});

it('takes ranges of ports apart, and passes over those that the engine chooses', () => {
  const ports = [
    { published: '80-81', host_ip: '127.0.0.1', protocol: 'tcp' },
    { published: '53', protocol: 'udp' },
    {},
  ];
  expect(fixedPorts({ services: { web: { ports } } })).toEqual([
    { service: 'web', port: 80, address: '127.0.0.1', protocol: 'tcp' },
    { service: 'web', port: 81, address: '127.0.0.1', protocol: 'tcp' },
    { service: 'web', port: 53, address: '', protocol: 'udp' },
  ]);
});

it('counts containers by replicas, then by scale', () => {
  expect([{}, { scale: 2 }, { scale: 2, deploy: { replicas: 3 } }].map(replicasOf)).toEqual([1, 2, 3]);
});

it('reads the ports that docker ps tells of', () => {
  const line = 'web-1\tshop\t127.0.0.1:80->80/tcp, :::90-91->90-91/tcp, 0.0.0.0:53->53/udp, 9000/tcp\n';
  expect(parsePublished(line).map(({ address, port, protocol }) => `${address} ${port}/${protocol}`)).toEqual([
    '127.0.0.1 80/tcp',
    ':: 90/tcp',
    ':: 91/tcp',
    '0.0.0.0 53/udp',
  ]);
  expect(parsePublished('\nweb-1\tshop\t\n')).toEqual([]);
});

it('lets go of the oldest images of a service beyond ten, and of none that is needed', () => {
  const keepers = Array.from({ length: 13 }, (_, index) => ({
    id: `c${index}`,
    name: '',
    service: 'web',
    image: `sha256:${index}`,
  }));
  const other = { id: 'x', name: '', service: 'db', image: 'sha256:0' };
  const needed = [{ service: 'web', image: 'sha256:12' }];
  expect(surplus([...keepers, other], needed).map(({ id }) => id)).toEqual(['c10', 'c11']);
});
