import { examples, openExample, openPicture } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { startCamera, stopCamera } from '../state/camera.js';
import { FileChoice } from './file-choice.js';

/** Where the picture comes from: an example, a file, or the camera. */
export function PicturePanel() {
  const current = useStore((state) => state.asked.picture);
  const camera = useStore((state) => state.camera);
  const note = useStore((state) => state.picture?.note);
  return (
    <>
      <div class="examples">
        {Object.entries(examples).map(([name, words]) => (
          <button
            key={name}
            type="button"
            aria-pressed={current === name}
            aria-label={`Example: ${words}`}
            title={words}
            onClick={() => {
              void stopCamera();
              void openExample(name);
            }}
          >
            <img src={`./examples/${name}.png`} alt="" width="72" height="72" />
          </button>
        ))}
      </div>
      <div class="row">
        <FileChoice
          label="A picture of yours"
          accept="image/*"
          onChoose={([chosen]) => {
            void stopCamera();
            void openPicture(chosen, chosen.name);
          }}
        >
          Choose a picture
        </FileChoice>
        <button
          type="button"
          class="plain"
          aria-pressed={camera !== undefined}
          onClick={() => {
            if (camera === undefined) void startCamera();
            else void stopCamera();
          }}
        >
          {camera === undefined ? 'Camera' : `Stop (${camera.toFixed(1)}/s)`}
        </button>
      </div>
      <p class="note">{note ?? 'Or drop or paste one. It never leaves this machine.'}</p>
    </>
  );
}
