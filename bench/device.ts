import { NativeBackend, type Backend } from 'vitrine';
import { openBackend, type DeviceName } from 'vitrine/node';

/**
 * Opens the device to be measured, on that many threads if it is one that has threads.
 * @throws DeviceError if it is not there
 */
export async function openDevice(device: DeviceName, threads: number): Promise<Backend> {
  return (await openBackend(device, device === 'native' ? { threads } : {})).backend;
}

/** The rate of one core with its registers full, in FLOP/s; undefined where the backend cannot tell. */
export function ceilingOf(backend: Backend): number | undefined {
  if (!(backend instanceof NativeBackend)) return undefined;
  // The best of a few: a neighbour on the machine does not disturb all of them.
  return Math.max(...Array.from({ length: 5 }, () => backend.multiplyAddRate(100)));
}
