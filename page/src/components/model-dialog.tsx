import { useEffect, useState } from 'preact/hooks';
import { checkpointEndings } from 'vitrine';
import { megabytes } from '../draw/words.js';
import type { HubModel } from '../protocol.js';
import { openModel, openShipped } from '../state/actions.js';
import { usual } from '../state/state.js';
import { engine } from '../state/worker.js';
import { AdaptModel } from './adapt-model.js';
import { Dialog } from './dialog.js';
import { FileChoice } from './file-choice.js';

/** As many as fit a list that is read. */
const mostListed = 40;

/** Other models: of the hub by a click, or dropped as files. */
export function ModelDialog({ onClose }: { readonly onClose: () => void }) {
  const [models, setModels] = useState<readonly HubModel[]>([]);
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<HubModel | undefined>(undefined);
  useEffect(() => {
    void engine.call('models', undefined).then(setModels);
  }, []);
  const fitting = models
    .filter(({ name }) => name.includes(words.trim().toLowerCase()))
    .sort((a, b) => weight(b) - weight(a));
  const open = (files: readonly File[]): void => {
    onClose();
    void openModel({ from: 'files', files });
  };
  return (
    <Dialog title="Models" onClose={onClose}>
      <p class="note">
        The small one is part of the page. The others are fetched from the Hugging Face hub when you say so,
        once, compared with the hub's checksum, and kept in this browser.
      </p>
      <ul class="models">
        <li>
          <button
            type="button"
            onClick={() => {
              onClose();
              void openShipped();
            }}
          >
            {usual.model}
            <span>drawn scenes, 16 classes, here already</span>
          </button>
        </li>
      </ul>
      <input
        type="search"
        placeholder="Search: dinov2, clip…"
        aria-label="Search models"
        value={words}
        onInput={({ currentTarget }) => {
          setWords(currentTarget.value);
        }}
      />
      <ul class="models" aria-label="Models of the hub">
        {fitting.slice(0, mostListed).map((model) => (
          <li key={model.name}>
            <button
              type="button"
              aria-expanded={chosen?.name === model.name}
              onClick={() => {
                setChosen(model);
              }}
            >
              {model.name}
              <span>
                {model.licence}
                {model.kept && ', kept here'}
              </span>
            </button>
            {chosen?.name === model.name && <Fetch model={model} onOpen={onClose} />}
          </li>
        ))}
      </ul>
      {fitting.length > mostListed && <p class="note">And {fitting.length - mostListed} more: search.</p>}
      <div class="row">
        <FileChoice label="A checkpoint" accept={checkpointEndings.join(',')} onChoose={open}>
          Open a checkpoint
        </FileChoice>
        <FileChoice label="A folder with config.json and weights" isFolder onChoose={open}>
          Open a folder
        </FileChoice>
      </div>
      <AdaptModel onAsk={onClose} />
    </Dialog>
  );
}

/** Those that are here first, and the one that most mean. */
function weight({ name, kept }: HubModel): number {
  return 2 * Number(kept) + Number(name === 'deit_tiny_patch16_224');
}

/** How large it is, before anything is fetched. */
function Fetch({ model, onOpen }: { readonly model: HubModel; readonly onOpen: () => void }) {
  const [size, setSize] = useState<number | undefined>(undefined);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    engine.call('size', { name: model.name }, { signal: controller.signal }).then(
      ({ bytes }) => {
        setSize(bytes);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setProblem((error as Error).message);
      },
    );
    return () => {
      controller.abort();
    };
  }, []);
  if (problem !== undefined)
    return (
      <p class="problem" role="alert">
        {problem}
      </p>
    );
  if (size === undefined) return <p class="note">Asking how large it is…</p>;
  return (
    <button
      type="button"
      class="main"
      onClick={() => {
        onOpen();
        void openModel({ from: 'hub', name: model.name });
      }}
    >
      {model.kept ? `Open (${megabytes(size)}, kept here)` : `Fetch ${megabytes(size)} and open`}
    </button>
  );
}
