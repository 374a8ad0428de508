const pending = new Set<() => void>();

/**
 * Calls `tidy` if the process ends before it is forgotten: at `process.exit`, not when it is killed.
 * @param tidy has no time to wait for anything; what it throws is ignored
 * @returns forgets it
 */
export function atExit(tidy: () => void): () => void {
  // Before whoever has the process killed then.
  if (pending.size === 0) process.prependListener('exit', tidyAll);
  pending.add(tidy);
  return () => {
    if (pending.delete(tidy) && pending.size === 0) process.off('exit', tidyAll);
  };
}

function tidyAll(): void {
  for (const tidy of pending) {
    try {
      tidy();
    } catch {
      // The next run does it.
    }
  }
}
