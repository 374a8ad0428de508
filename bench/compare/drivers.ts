import { readFile } from 'node:fs/promises';

/** Files of Vulkan drivers among those that this process has mapped; none where the system does not tell. */
export async function loadedDrivers(): Promise<string[]> {
  try {
    return driversIn(await readFile('/proc/self/maps', 'utf8'));
  } catch {
    return [];
  }
}

/** Mesa and SwiftShader name theirs after Vulkan; NVIDIA's and AMD's own are part of their GL. */
const driver = /\/.*\/lib(?:vk_|vulkan_|GLX_nvidia|nvidia-vulkan|amdvlk)[^/]*$/;

/** @param maps what Linux writes to /proc/self/maps */
export function driversIn(maps: string): string[] {
  const files = maps.split('\n').flatMap((line) => driver.exec(line)?.[0] ?? []);
  return [...new Set(files)].sort();
}
