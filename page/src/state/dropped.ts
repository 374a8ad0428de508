import { isCheckpointName } from 'vitrine';
import { openModel, openPicture } from './actions.js';
import { stopCamera } from './camera.js';
import { store } from './state.js';

/** Takes what is dropped anywhere on the page, or pasted: a picture, a checkpoint, or a model's folder. */
export function listenForFiles(): void {
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    // What is dropped can be asked for only now, before anything is awaited.
    const items = [...(event.dataTransfer?.items ?? [])];
    const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const loose = [...(event.dataTransfer?.files ?? [])];
    void Promise.all(entries.map(filesOf)).then((found) => {
      take(found.length > 0 ? found.flat() : loose);
    });
  });
  document.addEventListener('paste', (event) => {
    take([...(event.clipboardData?.files ?? [])]);
  });
}

function take(files: readonly File[]): void {
  if (files.length === 0) return;
  void stopCamera();
  const isModel = files.length > 1 || isCheckpointName(files[0].name) || files[0].name.endsWith('.json');
  if (isModel) void openModel({ from: 'files', files });
  else void openPicture(files[0], files[0].name || 'pasted');
}

async function filesOf(entry: FileSystemEntry): Promise<readonly File[]> {
  try {
    if (entry.isFile)
      return [
        await new Promise<File>((...told) => {
          (entry as FileSystemFileEntry).file(...told);
        }),
      ];
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const entries = await new Promise<FileSystemEntry[]>((...told) => {
      reader.readEntries(...told);
    });
    return (await Promise.all(entries.filter(({ isFile }) => isFile).map(filesOf))).flat();
  } catch (error) {
    store.set({ problem: `"${entry.name}" cannot be read: ${(error as Error).message}.` });
    return [];
  }
}
