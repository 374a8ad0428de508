import { copyLink, saveDocument, savePicture } from '../state/save.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { useState } from 'preact/hooks';

/** How strongly the map covers the picture, and what can be taken along. */
export function StageTools() {
  const opacity = useStore((state) => state.asked.opacity);
  const answer = useStore((state) => state.answer);
  const [copied, setCopied] = useState<string | undefined>(undefined);
  if (!answer) return null;
  return (
    <div class="tools">
      <label class="opacity">
        Opacity
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={opacity}
          onInput={({ currentTarget }) => {
            ask({ opacity: Number(currentTarget.value) });
          }}
        />
      </label>
      <span class="row">
        <button type="button" class="plain" onClick={() => void savePicture()}>
          Save PNG
        </button>
        <button type="button" class="plain" onClick={() => void saveDocument()}>
          Save JSON
        </button>
        <button
          type="button"
          class="plain"
          title="Everything but the picture is in the address"
          onClick={() => {
            void copyLink().then(setCopied);
          }}
        >
          {copied === location.href ? 'Copied' : 'Copy link'}
        </button>
      </span>
    </div>
  );
}
