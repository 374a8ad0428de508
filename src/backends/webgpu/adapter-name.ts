/** A name that a person recognises; a driver that computes on the CPU is never passed off as a GPU. */
export function nameOf({
  vendor,
  architecture,
  device,
  description,
  isFallbackAdapter,
}: GPUAdapterInfo): string {
  const name =
    [device || architecture || vendor, description].filter(Boolean).join(', ') || 'unnamed adapter';
  return isFallbackAdapter ? `${name} (software, on the CPU)` : name;
}
