import { EventEmitter } from 'node:events';
import { createStop, type StoppableProcess } from './stop';
import { StoppedError } from './world';

class FakeProcess extends EventEmitter {
  readonly exits: (number | string | null | undefined)[] = [];
  connected = true;
  send: unknown = undefined;
  exit(code?: number | string | null): never {
    this.exits.push(code);
    return undefined as never;
  }
}

function setUp(forked = false, connected = true) {
  const target = new FakeProcess();
  target.send = forked ? () => true : undefined;
  target.connected = connected;
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  return { target, lines, ...createStop({ log, process: target as unknown as StoppableProcess }) };
}

describe('createStop', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('asks for nothing until a signal comes', () => {
    const { stop } = setUp();
    expect([stop.requested, stop.reason, stop.signal.aborted]).toEqual([false, null, false]);
    expect(() => stop.check()).not.toThrow();
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])('stops once on %s, and exits hard before three seconds are over', (signal, code) => {
    const { target, stop, lines } = setUp();
    target.emit(signal);
    target.emit('SIGTERM');
    expect([stop.requested, stop.reason, stop.signal.aborted]).toEqual([true, signal, true]);
    expect(() => stop.check()).toThrow(StoppedError);
    expect(lines).toHaveLength(1);
    jest.advanceTimersByTime(2_799);
    expect(target.exits).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(target.exits).toEqual([code]);
  });

  it('stops when the parent of a forked child is lost, also when it was lost before', () => {
    const late = setUp(true);
    late.target.emit('disconnect');
    expect(late.stop.requested).toBe(true);
    expect(setUp(true, false).stop.requested).toBe(true);
  });

  it('takes no notice of parents where it has no channel to one', () => {
    const { target, stop } = setUp(false, false);
    target.emit('disconnect');
    expect(stop.requested).toBe(false);
  });

  it('gives everything back on dispose, the pending exit too', () => {
    const { target, dispose, stop } = setUp(true);
    target.emit('SIGTERM');
    dispose();
    jest.advanceTimersByTime(10_000);
    expect(target.exits).toEqual([]);
    expect(target.eventNames()).toEqual([]);
    expect(stop.requested).toBe(true);
  });
});
