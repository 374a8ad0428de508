import { useStore } from '../state/state.js';
import { ClassList } from './class-list.js';
import { Comparison } from './comparison.js';
import { HeadGrid } from './head-grid.js';
import { Header } from './header.js';
import { MethodBar } from './method-bar.js';
import { Notice } from './notice.js';
import { OptionsPanel } from './options-panel.js';
import { PatchPanel } from './patch-panel.js';
import { PicturePanel } from './picture-panel.js';
import { Section } from './section.js';
import { Stage } from './stage.js';
import { StageTools } from './stage-tools.js';
import { Tour } from '../tour/tour.js';
import { ViewSheet } from './view-sheet.js';

export function App() {
  const touring = useStore((state) => state.asked.step !== undefined);
  const hasAttention = useStore((state) => state.model?.hasAttention !== false);
  const busy = useStore((state) => state.busy !== undefined);
  return (
    <>
      <Header />
      <main class={touring ? 'touring' : ''} aria-busy={busy}>
        <div class="left">
          <Section title="Picture">
            <PicturePanel />
          </Section>
          <Section title="What it sees">
            <ClassList />
          </Section>
        </div>
        {touring ? (
          <Tour />
        ) : (
          <>
            <div class="centre">
              <MethodBar />
              <Map />
              <StageTools />
            </div>
            <div class="right">
              <Section title="How it looks">
                <OptionsPanel />
              </Section>
              {hasAttention && (
                <Section title="One patch">
                  <PatchPanel />
                </Section>
              )}
            </div>
            {hasAttention && (
              <div class="below">
                <Section title="Heads">
                  <HeadGrid />
                </Section>
              </div>
            )}
          </>
        )}
      </main>
      <Notice />
      <footer>
        Everything is computed here, on this machine: the picture is sent to nobody. Cartoon objects: Fluent
        Emoji, Microsoft, MIT licence. Chelsea: Stefan van der Walt, CC0.
      </footer>
    </>
  );
}

function Map() {
  const picture = useStore((state) => state.picture);
  const answer = useStore((state) => state.answer);
  const beside = useStore((state) => state.beside);
  if (!picture || !answer) return <div class="stages empty" />;
  const { map } = answer;
  if (map.captions) return <ViewSheet map={map} picture={picture} />;
  if (beside && !beside.map.captions) return <Comparison first={map} second={beside.map} picture={picture} />;
  return (
    <div class="stages">
      <Stage id="map" map={map} picture={picture} />
    </div>
  );
}
