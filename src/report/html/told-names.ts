import type { ExplanationDocument } from '../../pipeline/index.js';

/** A document without the folders of files: a page that is passed on need not tell where its maker keeps them. */
export function withoutFolders(document: ExplanationDocument): ExplanationDocument {
  const { image, model, explanations } = document;
  return {
    ...document,
    image: image.path === undefined ? image : { ...image, path: nameOf(image.path) },
    model: { ...model, weights: nameOf(model.weights) },
    explanations: explanations.map(({ file, ...explanation }) =>
      file === undefined ? explanation : { ...explanation, file: nameOf(file) },
    ),
  };
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
