import type { Backend } from '../compiler/backend.js';
import { compile } from '../compiler/compile.js';
import type { Module } from '../nn/index.js';

/**
 * Gives every parameter of a module the numbers that training made of it on a device: what is compiled, copied or written
 * from then on has them. Programs that are there go on with their own.
 * @param backend that a program was compiled on which changes them, and is not disposed of yet
 * @throws DeviceError if the device lost them
 */
export async function readBack(module: Module, backend: Backend): Promise<void> {
  const parameters = [...module.namedParameters()];
  const program = await compile(Object.fromEntries(parameters), backend);
  try {
    const values = await program.run();
    for (const [name, parameter] of parameters) parameter.assign(values[name]);
  } finally {
    program.dispose();
  }
}
