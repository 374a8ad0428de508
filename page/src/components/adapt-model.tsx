import { useState } from 'preact/hooks';
import { adaptModel } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { FileChoice } from './file-choice.js';

/** The model that is there, with an input of another size, or with other names of its classes. */
export function AdaptModel({ onAsk }: { readonly onAsk: () => void }) {
  const model = useStore((state) => state.model);
  const imageSize = useStore((state) => state.asked.size);
  const labels = useStore((state) => state.labels);
  const [typed, setTyped] = useState<string | undefined>(undefined);
  if (!model) return null;
  const size = [...new Set(model.imageSize)].join('x');
  return (
    <form
      class="adapt"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
        void adaptModel({ imageSize: typed ?? imageSize, labels });
      }}
    >
      <h3>{model.name}</h3>
      <label class="row">
        Image size
        <input
          type="text"
          aria-label="Image size"
          value={typed ?? size}
          size={9}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
          }}
        />
        <button type="submit" class="plain">
          Resize its input
        </button>
      </label>
      {model.output === 'classes' && (
        <div class="row">
          <FileChoice
            label="A file with names of classes"
            accept=".txt,.json"
            onChoose={([chosen]) => {
              onAsk();
              void adaptModel({ imageSize, labels: chosen });
            }}
          >
            Names of its classes
          </FileChoice>
          <span class="note">
            {labels ? `from ${labels.name}` : 'from a file: text, one a line, or JSON'}
          </span>
        </div>
      )}
    </form>
  );
}
