import { expect, it } from 'vitest';
import type { Reading } from '../series-tracker.ts';
import { createHostSource } from './host-source.ts';
import { parseDiskstats, parseNetDev, parsePressure, parseStat } from './proc.ts';
import { createRapl, POWERCAP } from './rapl.ts';

const brief = (all: Reading[]): unknown[] =>
  all.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value]);

it('reads /proc as node_exporter names it', () => {
  expect(
    brief(parseStat('cpu  1 2 3 4\ncpu0 100 0 50 800 50 0 0 0 0 0\nintr 5\n')).slice(0, 2),
  ).toEqual([
    ['node_cpu_seconds_total', { cpu: '0', mode: 'user' }, 1],
    ['node_cpu_seconds_total', { cpu: '0', mode: 'nice' }, 0],
  ]);
  expect(brief(parseDiskstats('   8       0 sda 10 0 200 5 20 0 400 6 0 1500 11\n'))).toEqual([
    ['node_disk_read_bytes_total', { device: 'sda' }, 102_400],
    ['node_disk_written_bytes_total', { device: 'sda' }, 204_800],
    ['node_disk_io_time_seconds_total', { device: 'sda' }, 1.5],
  ]);
  const net = 'Inter-|   Receive\n face |bytes\n  eth0: 1234 1 0 0 0 0 0 0 5678 1 0 0 0 0 0 0\n';
  expect(brief(parseNetDev(net))).toEqual([
    ['node_network_receive_bytes_total', { device: 'eth0' }, 1234],
    ['node_network_transmit_bytes_total', { device: 'eth0' }, 5678],
  ]);
  const pressure =
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 total=1\n';
  expect(brief(parsePressure('io', pressure))).toEqual([
    ['node_pressure_io_waiting_seconds_total', {}, 2.5],
  ]);
});

it('passes over what is not as described', () => {
  expect(parseStat('cpu0\n')).toEqual([]);
  expect(parseDiskstats('x y\n8 0 sda a b c d e f g h i j k\n')).toEqual([]);
  expect(parseNetDev('eth0: 1 2\n')).toEqual([]);
});

it('adds RAPL counters up over their wrap', () => {
  const files = new Map([
    [`${POWERCAP}/intel-rapl:0/name`, 'package-0\n'],
    [`${POWERCAP}/intel-rapl:0/max_energy_range_uj`, '1000000000\n'],
    [`${POWERCAP}/intel-rapl:0:0/name`, 'core\n'],
    [`${POWERCAP}/intel-rapl:0:0/energy_uj`, '5\n'],
  ]);
  const rapl = createRapl({
    read: (path) => files.get(path) ?? null,
    list: () => ['intel-rapl:0', 'intel-rapl:0:0'],
  });
  const totals = [900_000_000, 990_000_000, 40_000_000].map((energyUj) => {
    files.set(`${POWERCAP}/intel-rapl:0/energy_uj`, `${energyUj}\n`);
    const [only, ...others] = rapl();
    expect(others).toEqual([]);
    return only?.value;
  });
  expect(totals).toEqual([0, 90, 140]);
  // Not readable: no readings, so the power is unknown.
  files.delete(`${POWERCAP}/intel-rapl:0/energy_uj`);
  expect(rapl()).toEqual([]);
});

it('says where it does not work', async () => {
  const files = { read: () => null, list: () => [] };
  const source = createHostSource({ source: 'h', node: 'n', intervalMs: 1000, files });
  expect(await source.read()).toMatchObject({ error: { code: 'TR_UPSTREAM_CONNECT' } });
});
