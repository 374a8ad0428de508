/*
 * How the files are called that a model lies in: in a folder of timm's or transformers', in a repository of the hub, or among
 * what a person drops on a page.
 */

/** Says what the model of a folder is. */
export const configFile = 'config.json';
/** Says what pictures it wants, where that is not in the configuration. */
export const preprocessorFile = 'preprocessor_config.json';

/** The files that a folder may have its weights in; the first there is counts. */
export const weightsFiles: readonly string[] = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
];

/** Whether it is the list of the files that the weights are in. */
export function isIndex(file: string): boolean {
  return file.endsWith('.index.json');
}

/** What the names of checkpoints end with. */
export const checkpointEndings: readonly string[] = ['.safetensors', '.pt', '.pth', '.bin', '.npz', '.ckpt'];

export function isCheckpointName(name: string): boolean {
  return checkpointEndings.some((ending) => name.toLowerCase().endsWith(ending));
}

/** The files of a folder that its model is made of. */
export interface FolderFiles {
  readonly config: string | undefined;
  readonly preprocessor: string | undefined;
  /** The weights, or the list of the files that they are in. */
  readonly weights: string | undefined;
}

/** Which of some files a model is made of, by their names; weights under a usual name go before other checkpoints. */
export function filesOfModel(names: readonly string[]): FolderFiles {
  const there = (name: string): boolean => names.includes(name);
  return {
    config: [configFile].find(there),
    preprocessor: [preprocessorFile].find(there),
    weights: weightsFiles.find(there) ?? names.find(isCheckpointName),
  };
}
