import { useState } from 'preact/hooks';
import { deviceChoices, type DeviceChoice } from '../protocol.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { ModelDialog } from './model-dialog.js';

const choices: Readonly<Record<DeviceChoice, string>> = {
  auto: 'the best device',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};

export function Header() {
  const model = useStore((state) => state.model);
  const device = useStore((state) => state.device);
  const choice = useStore((state) => state.asked.device);
  const touring = useStore((state) => state.asked.step !== undefined);
  const [choosing, setChoosing] = useState(false);
  return (
    <header class="top">
      <h1>
        vitrine <span>what a vision transformer looks at, and why</span>
      </h1>
      <div class="facts">
        <button
          type="button"
          class="fact"
          onClick={() => {
            setChoosing(true);
          }}
        >
          <span>Model</span> {model?.name ?? '…'}
        </button>
        <div class="fact">
          <label>
            <span>On</span>{' '}
            <select
              aria-label="Device"
              value={choice}
              onChange={({ currentTarget }) => {
                ask({ device: currentTarget.value as DeviceChoice });
              }}
            >
              {deviceChoices.map((one) => (
                <option key={one} value={one}>
                  {choices[one]}
                </option>
              ))}
            </select>
          </label>
          {device && (
            <p id="device" title={`Because ${device.reason}.`}>
              {device.backend === 'webgpu' ? `WebGPU: ${device.adapter}` : device.adapter}
              {device.backend !== 'webgpu' && <span class="unseen"> because {device.reason}</span>}
            </p>
          )}
        </div>
        {model?.hasAttention !== false && (
          <button
            type="button"
            class="main"
            onClick={() => {
              ask({ step: touring ? undefined : 0 });
            }}
          >
            {touring ? 'Leave the tour' : 'Take the tour'}
          </button>
        )}
      </div>
      {choosing && (
        <ModelDialog
          onClose={() => {
            setChoosing(false);
          }}
        />
      )}
    </header>
  );
}
