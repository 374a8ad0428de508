/** Files that the browser keeps for a page, by their addresses: until a person or the browser throws them away. */
export class KeptFiles {
  /** @param name of the page's own store */
  constructor(private readonly name: string) {}

  /** A file that was kept, read by ranges; undefined if it is not there, or nothing is kept here. */
  async find(address: string): Promise<Blob | undefined> {
    const response = await (await this.open())?.match(address);
    return response?.blob();
  }

  /** Addresses of all. */
  async list(): Promise<readonly string[]> {
    const requests = (await (await this.open())?.keys()) ?? [];
    return requests.map(({ url }) => url);
  }

  /** Keeps a file. @returns whether there was room */
  async keep(address: string, file: Blob): Promise<boolean> {
    try {
      const cache = await this.open();
      await cache?.put(address, new Response(file));
      return cache !== undefined;
    } catch {
      // What has no room is downloaded again next time.
      return false;
    }
  }

  async forget(address: string): Promise<void> {
    await (await this.open())?.delete(address);
  }

  /** Browsers keep nothing for pages without encryption, nor where a person forbids it. */
  private async open(): Promise<Cache | undefined> {
    return (globalThis as Partial<WindowOrWorkerGlobalScope>).caches?.open(this.name).catch(() => undefined);
  }
}
