import { failureInWords } from '../files/failure-in-words.js';
import { errorCode } from '../files/write.js';

/** What loaders say of a library, by system, and what it means to a person: the end of "the native backend ...". */
const meanings: readonly [said: RegExp, means: (found: string) => string][] = [
  // Node's own words for an addon by whether it registers itself under its version or for any.
  [/NODE_MODULE_VERSION|did not self-register/, () => `was built for another version of Node than this, ${process.version}`],
  [/(?:GLIBCXX|CXXABI)_[\w.]*\w/, (version) => `needs a newer C++ library than libstdc++ here, one with ${version}`],
  [/GLIBC_[\w.]*\w/, (version) => `needs a newer C library than the one here, one with ${version}`],
  [/[^\s/:]+(?=: cannot open shared object file)/, (library) => `needs the library ${library}, which is not here`],
  [/(?<=Error loading shared library )[^\s:]+/, (library) => `needs the library ${library}, which is not here`],
  [/(?<=Library not loaded: )\S+/, (library) => `needs the library ${library}, which is not here`],
  [/specified module could not be found/, () => 'needs a library that is not here'],
  [/Error relocating|undefined symbol|symbol not found/i, () => 'was built for another system than this'],
  [
    /incompatible architecture|wrong architecture|not a mach-o|no suitable image|not a valid Win32|invalid ELF|wrong ELF|ELF file|file too short/i,
    () => `is damaged, or was built for another system or processor than ${process.platform} ${process.arch}`,
  ],
]; // prettier-ignore

/** Why an addon could not be loaded, as the end of a sentence. */
export function addonFailure(error: unknown): string {
  const code = errorCode(error) ?? '';
  if (code === 'ENOENT' || code === 'MODULE_NOT_FOUND') return 'was not built';
  if (!code.startsWith('ERR_')) return `cannot be read: ${failureInWords(error)}`;
  const { message } = error as Error;
  for (const [said, means] of meanings) {
    const found = said.exec(message);
    if (found) return means(found[0]);
  }
  return `does not load (${failureInWords(error)})`;
}
