import { useRef } from 'preact/hooks';
import { examples, openExample, openPicture } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { startCamera, stopCamera } from '../state/camera.js';

/** Where the picture comes from: an example, a file, or the camera. */
export function PicturePanel() {
  const current = useStore((state) => state.asked.picture);
  const camera = useStore((state) => state.camera);
  const note = useStore((state) => state.picture?.note);
  const file = useRef<HTMLInputElement>(null);
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
        <button type="button" class="plain" onClick={() => file.current?.click()}>
          Choose a picture
        </button>
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
        <input
          ref={file}
          class="unseen"
          type="file"
          accept="image/*"
          tabIndex={-1}
          aria-label="A picture of yours"
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            currentTarget.value = currentTarget.value && '';
            if (chosen as File | undefined) {
              void stopCamera();
              void openPicture(chosen, chosen.name);
            }
          }}
        />
      </div>
      <p class="note">{note ?? 'Or drop or paste one. It never leaves this machine.'}</p>
    </>
  );
}
