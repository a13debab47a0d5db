import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { machineOf, thisMachine } from '../src/machine.ts';

it('tells machines apart that have the same name, or have begun together', () => {
  expect(thisMachine()).toEqual({ name: hostname(), id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(thisMachine()).toEqual(thisMachine());
  const { id } = machineOf('build7', 'a');
  expect(machineOf('build7', 'b').id).not.toBe(id);
  expect(machineOf('build8', 'a').id).not.toBe(id);
});
