import { UsageError } from '../../errors.js';
import type { HubRevision } from '../hub/download.js';

/** How a model of the hub that is not registered is named: `hf:OWNER/NAME`, or `hf:OWNER/NAME@REVISION`. */
const prefix = 'hf:';

export function isHubReference(name: string): boolean {
  return name.startsWith(prefix);
}

/** @throws UsageError if it is no reference */
export function parseHubReference(name: string): Required<HubRevision> {
  const [repo, revision = 'main', ...rest] = name.slice(prefix.length).split('@');
  // Both become parts of paths.
  const isRepo = /^[\w.-]+\/[\w.-]+$/.test(repo) && !repo.split('/').some(isRelative);
  const isRevision = /^[\w./-]+$/.test(revision) && !revision.split('/').some(isRelative);
  if (isRepo && isRevision && rest.length === 0) return { repo, revision };
  throw new UsageError(
    `"${name}" names no repository of the hub; give hf:OWNER/NAME, or hf:OWNER/NAME@REVISION for a branch, a tag or a commit.`,
  );
}

/** Parts of a path that lead elsewhere, or nowhere. */
function isRelative(part: string): boolean {
  return part === '' || part === '.' || part === '..';
}
