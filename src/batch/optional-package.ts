import { UsageError } from '../errors.js';
import { errorCode } from '../node/files/write.js';

/**
 * Loads a package that is installed by those alone who want what it is for.
 * @param packages what must be installed for it
 * @param what it is for, at the beginning of a sentence
 * @throws UsageError that says what to install
 */
export async function optionalPackage<Package>(
  load: () => Promise<Package>,
  packages: readonly string[],
  what: string,
): Promise<Package> {
  try {
    return await load();
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    const names = packages.length === 1 ? 'the package' : 'the packages';
    throw new UsageError(
      `${what} takes ${names} ${packages.join(' and ')}, which vitrine does not bring: npm install ${packages.join(' ')}.`,
      { cause: error },
    );
  }
}
