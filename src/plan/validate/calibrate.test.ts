import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrate, seenByCalibration } from './calibrate.ts';

const fixture = 'test/fixtures/planning/aiconfigurator/silicon_sample.csv';
const [header = '', ...lines] = readFileSync(fixture, 'utf8').split(/\r?\n/);
const dir = mkdtempSync(join(tmpdir(), 'calibrate-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('calibrate', () => {
  it('lists every row it saw, in a file that validate reads back', () => {
    const some = lines.filter((line) => /,vllm,.*,gpt-oss|,vllm,.*openai\/gpt-oss/.test(line));
    mkdirSync(join(dir, 'aiconfigurator'));
    writeFileSync(
      join(dir, 'aiconfigurator/silicon_sample.csv'),
      [header, ...some.slice(0, 30)].join('\n'),
    );
    const file = calibrate(dir);
    expect(file.seen['aiconfigurator']).toEqual(
      some.slice(0, 30).map((line) => line.slice(0, line.indexOf(','))),
    );
    expect(Object.keys(file.closedLoop?.fits ?? {})).toEqual(['vllm']);
    const path = join(dir, 'calibration.json');
    writeFileSync(path, JSON.stringify(file));
    expect([...seenByCalibration(path)]).toEqual(file.seen['aiconfigurator']);
  });

  it('says what is wrong with a folder or a file', () => {
    expect(() => calibrate(join(dir, 'nowhere'))).toThrow(/holds no folder of aiconfigurator/);
    const path = join(dir, 'other.json');
    writeFileSync(path, '{"format":"other"}');
    expect(() => seenByCalibration(path)).toThrow(/not a calibration: format/);
    writeFileSync(path, '{');
    expect(() => seenByCalibration(path)).toThrow(/cannot be read as JSON/);
  });
});
